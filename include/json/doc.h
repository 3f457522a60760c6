/*
 * json/doc - JSON documents to and from values, by jansson, and RFC 6901 pointers into them.
 *
 * Read strictly: depth 32 is checked before parsing, duplicate members, NUL and bad UTF-8 are problems; true and false
 * come out as "yes" and "no", null as SCALAR_NOTHING, numbers as the shortest text that means the same.
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
