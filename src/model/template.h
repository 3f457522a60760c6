/*
 * template - bodies and paths with their $names replaced, and the rows of an answer as maps of names for a scope.
 */
#ifndef MODEL_TEMPLATE_H
#define MODEL_TEMPLATE_H

#include <stdbool.h>

#include "base/problem.h"
#include "model/scope.h"

/* Row `i`: the columns; or {AS: text}; or {AS: left, value: right}. `as` may be NULL. Yours. */
struct value *row_of(const struct value *answer, size_t i, const char *as);
/* What tells it apart: the text at `key` (NULL: the first column), the text itself, the left side. Yours; "" if there is none. */
char *row_key(const struct value *answer, size_t i, const char *key);

/* The template with its names replaced; yours; NULL when nothing is left of it. */
struct value *template_fill(const struct value *template, const struct scope *scope);
/* A path with its $names replaced, percent-encoded; yours. NULL: `why` (may be NULL) tells which of them has no value. */
char *template_path(const char *path, const struct scope *scope, struct problem *why);
/* Whether a template is {each: name, row: template}: rows turned into objects. */
bool template_is_rows(const struct value *template);
/* Whether it is {take: $name, ...}: a value in another form than its own. */
bool template_is_take(const struct value *template);

#endif
