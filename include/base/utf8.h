/*
 * utf8 - one character at a time, from bytes that may be anything.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* The well-formed character that `bytes` starts with (RFC 3629): its size, 1 to 4; 0 when there is none. */
size_t utf8_read(const char *bytes, size_t size, uint32_t *character);
/* Adds it to the text; what is no character (a surrogate, beyond U+10FFFF) is added as U+FFFD. */
void utf8_add(struct text *out, uint32_t character);

/* Whether the character is a control character: C0, DEL or C1, which some terminals obey even in UTF-8. */
bool utf8_is_control(uint32_t character);

/* The size of the byte order mark that the bytes start with, which some editors put in front of UTF-8: 3, or 0 without one. */
size_t utf8_bom(const char *bytes, size_t size);

#endif
