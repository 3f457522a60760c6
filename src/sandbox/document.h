/*
 * document - what a tenant has put: bodies by collection and key, each with a version that its ETag is made of.
 *
 * Versions come from one counter of the database, so a row that is taken away and made again never has an old ETag.
 */
#ifndef SANDBOX_DOCUMENT_H
#define SANDBOX_DOCUMENT_H

#include "call.h"

/* The body, yours; NULL if there is none (*version is -1 then). `version` may be NULL. */
struct value *document_read(struct call *call, const char *collection, const char *key, int64_t *version);
int64_t document_write(struct call *call, const char *collection, const char *key, const struct value *body);
void document_drop(struct call *call, const char *collection, const char *key);
/* All of a collection, ordered by key: a list of {key, version, body}, `body` being a value again; yours. */
struct value *document_rows(struct call *call, const char *collection);

/* The document as it was put, or as it is from the start, when its version is 0; `start` is JSON. Yours. */
struct value *document_read_or_start(struct call *call, const char *collection, const char *key, const char *start,
                                     int64_t *version);

#endif
