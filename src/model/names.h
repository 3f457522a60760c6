/*
 * names - how a description writes the name of an answer: $account.zip, payment.credentials.{provider}.
 */
#ifndef MODEL_NAMES_H
#define MODEL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

/* How many bytes at the start of `text` are a name: letters, digits and _.-{}; a "." or "-" at its end is not part. */
size_t names_size(const char *text);
/* Whether the text is one $name and nothing else. */
bool names_alone(const char *text);
/* The next "$name" from *at on: its name without the $, yours; *at moves behind it, *from is where the $ stands. NULL: none. */
char *names_next(const char *text, size_t *at, size_t *from);
/* The names in braces, each once; list of texts, yours. */
struct value *names_in_braces(const char *text);
bool names_has_braces(const char *text);
/* A segment of a path as the name it stands for: %2E is a dot, %25 a percent sign; yours. */
char *names_segment_read(const char *segment, size_t size);

#endif
