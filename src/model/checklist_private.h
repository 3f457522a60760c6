/*
 * checklist_private - what the files of checklist share.
 */
#ifndef MODEL_CHECKLIST_PRIVATE_H
#define MODEL_CHECKLIST_PRIVATE_H

#include "model/checklist.h"
#include "read.h"

/* Reads `fields` or `columns` of a map. `sets` are the choices that the checklist itself lists. */
void fields_read(struct reader *reader, const struct value *map, const char *name, const struct value *sets,
                 struct field **fields, size_t *count);
void fields_free(struct field *fields, size_t count);
/* Whether it is a list of values, or a map of values and labels. */
bool is_set(const struct value *set);
/* A fixed set as choices, yours; NULL if there is none of that name. */
struct choices *set_choices(const struct value *sets, const char *name);

/* Whether the checklist's own answer or a set is what `each` goes through. */
const struct field *field_of_each(const struct checklist *checklist, const struct field *field);

/* Where a word of a field stands; where the field does, if it has no such word. */
struct mark field_mark(const struct field *field, const char *word);

/* Calls `visit` for every field of every step, in order. */
void checklist_visit(const struct checklist *checklist,
                     void (*visit)(void *user, const struct step *step, const struct field *field), void *user);

#endif
