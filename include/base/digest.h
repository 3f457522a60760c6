/*
 * digest - SHA-256 (libsodium) and random identifiers (getrandom).
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

void digest_sha256(const void *bytes, size_t size, char hex[65]);   /* 64 lower-case digits and a NUL */
void digest_random(char *hex, size_t digits);                       /* `digits` random hex digits and a NUL */

#endif
