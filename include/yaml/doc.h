/*
 * yaml/doc - YAML documents to and from values, by libyaml's events.
 *
 * Read strictly: one document, UTF-8, at most 256 KiB (states: YAML_STATE_LIMIT), depth 32; anchors, aliases, tags, duplicate
 * names and NUL are problems with file, line, column and the line at fault. A byte order mark in front is skipped.
 * Plain scalars follow the YAML 1.2 core schema, and yes and no are booleans, too. Only their type is derived: the text stays as
 * written, so that NO is a country where a text is expected. "Null" and "NULL" are text.
 * Written so that it comes back equal: every string double-quoted, numbers and booleans plain, ends with "...".
 */
#ifndef YAML_DOC_H
#define YAML_DOC_H

#include <stddef.h>

#include "base/text.h"
#include "base/value.h"

#define YAML_LIMIT (256u * 1024)
#define YAML_STATE_LIMIT (16u * 1024 * 1024)    /* 10 000 mapped attributes are about 1 MiB */

/* `name` is what problems call the file. The value is yours; NULL on failure (PROBLEM_CONFIG). An empty document is an empty map. */
struct value *yaml_read(const char *bytes, size_t size, const char *name, struct problem *why);
/* Reads a file of at most `limit` bytes. */
struct value *yaml_read_file(const char *path, size_t limit, struct problem *why);
void yaml_write(const struct value *value, struct text *out);

#endif
