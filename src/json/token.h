/*
 * token - numbers and strings of a JSON text, rewritten so that the parser loses nothing of them.
 *
 * jansson reads numbers as long long or double, and rejects the whole text for one \u0000 or half of a surrogate pair. RFC 8259 allows
 * all of these (sections 6, 7 and 8.2). So each number becomes a string, and each string gets a first character that says what it was.
 */
#ifndef JSON_TOKEN_H
#define JSON_TOKEN_H

#include <stddef.h>

#include "base/text.h"

#define TOKEN_STRING "s"
#define TOKEN_NUMBER "n"
#define TOKEN_DAMAGED "d"       /* a string in which U+FFFD replaces what is not a character */

/*
 * Rewrite the bytes until `out` has `limit` bytes, which finds the place in them that a place in `out` comes from. *read: bytes
 * used. What is not JSON stays as it is: the parser reports it.
 */
void token_quote(const char *bytes, size_t size, size_t limit, struct text *out, size_t *read);

/* The size of the number that the text starts with, RFC 8259, section 6; 0 if there is none. */
size_t token_number(const char *text, size_t size);

#endif
