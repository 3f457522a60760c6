/*
 * keep - what is kept of an answer: pointers and shapes, `find`, `by`, `of`. operation_keep() is in model/operation.h.
 */
#ifndef MODEL_KEEP_H
#define MODEL_KEEP_H

#include "model/operation.h"

/* Where a pointer that stands in `pointers` under `name` leads to; NULL if there is none, or nothing is there. */
const struct value *keep_at(const struct value *root, const struct value *pointers, const char *name);
/* The text a pointer leads to; NULL for nothing, lists and maps. */
const char *keep_text_at(const struct value *root, const char *pointer);
/* The same as a scalar: its type is known, and a boolean is no text. NULL: there is none. */
const struct value *keep_scalar_at(const struct value *root, const char *pointer);
/* The list that an operation goes through in an answer: of its offer, its `find`, or the first shape it keeps; NULL. */
const struct value *keep_list(const struct operation *operation, const struct value *body);

#endif
