/*
 * json/doc - JSON documents to and from values, by jansson, and RFC 6901 pointers into them.
 *
 * Depth 32 is checked before parsing; a NUL byte and bad UTF-8 are problems. What RFC 8259 allows is read, though it may be of no
 * use: numbers keep their digits, of two members with one name the last counts, \u0000 and half of a surrogate pair become U+FFFD
 * in a scalar that is marked as damaged, a byte order mark is skipped. true and false come out as "yes" and "no", null as
 * SCALAR_NOTHING.
 */
#ifndef JSON_DOC_H
#define JSON_DOC_H

#include <stddef.h>

#include "base/text.h"
#include "base/value.h"

struct value *json_read(const char *bytes, size_t size, const char *name, struct problem *why);     /* yours; PROBLEM_SERVICE */
/* Compact, members in their order. Characters that a terminal must not get come out as \uXXXX: clean_is_unsafe(). */
void json_write(const struct value *value, struct text *out);
void json_write_page(const struct value *value, struct text *out);  /* indented, newline at the end: for --json */

/* What a pointer ("/address/zip", "" is all) leads to, or NULL; borrowed. */
struct value *json_at(const struct value *root, const char *pointer);

#endif
