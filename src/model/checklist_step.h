/*
 * checklist_step - reading and freeing steps with their checks and actions.
 */
#ifndef MODEL_CHECKLIST_STEP_H
#define MODEL_CHECKLIST_STEP_H

#include "checklist_private.h"

void steps_read(struct reader *reader, const struct value *root, struct checklist *checklist);
void steps_free(struct step *steps, size_t count);

#endif
