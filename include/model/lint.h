/*
 * lint - warnings about descriptions that can be used but are probably wrong.
 *
 * They are problems with `is_warning` set, each with file, line and column.
 */
#ifndef MODEL_LINT_H
#define MODEL_LINT_H

#include "model/checklist.h"
#include "model/operation.h"

/*
 * Add the warnings about a checklist and its service.
 *
 * checklist    NULL: the service alone, without what only the two together show; path is NULL then
 */
void lint_descriptions(const struct checklist *checklist, const char *path, const struct service *service, const char *service_path,
                       struct problems *warnings);

#endif
