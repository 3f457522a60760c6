/*
 * condition - `when: {account.country: [US, CA], sales_tax.by: table}`: every name has one of its values.
 *
 * A name that has no value matches only if "" is listed. A list (a many-of answer) matches if it holds one of them.
 */
#ifndef MODEL_CONDITION_H
#define MODEL_CONDITION_H

#include <stdbool.h>

#include "model/scope.h"

/* `when` is the map as it stands in the description (model keeps it as a value); NULL or empty is always true. */
bool condition_holds(const struct value *when, const struct scope *scope);

#endif
