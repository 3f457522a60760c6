/*
 * once - Idempotency-Key: a POST that is sent twice is done once.
 *
 * Answers that did something (2xx) are kept with the change itself, in one transaction, for a day. A refusal did
 * nothing, so it is not kept: the same key may be tried again when what was refused has been put right.
 * Source: draft-ietf-httpapi-idempotency-key-header-06.
 */
#ifndef SANDBOX_ONCE_H
#define SANDBOX_ONCE_H

#include "call.h"

/* False when the reply is written already: 400 without a key, 422 for another body, or the answer given before. */
bool once_begin(struct call *call);
void once_keep(struct call *call);

#endif
