/*
 * digest - SHA-256 and base64 (libsodium), and random identifiers (getrandom).
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#include "base/text.h"

void digest_sha256(const void *bytes, size_t size, char hex[65]);   /* 64 lower-case digits and a NUL */
void digest_random(char *hex, size_t digits);                       /* `digits` random hex digits and a NUL */

void digest_base64(const void *bytes, size_t size, struct text *out);       /* RFC 4648, 4: with padding; added to `out` */
/* RFC 4648, 5, without padding, as in a JWT (RFC 7515): added to `out`; nothing when it is none. */
void digest_unbase64(const char *from, size_t size, struct text *out);

#endif
