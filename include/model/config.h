/*
 * config - the names of the configuration and their shapes: config.example.yaml is the model.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include <stdbool.h>

#include "base/problem.h"
#include "base/value.h"

/*
 * Checks a configuration as it was read. `name` is the file's name. All problems (PROBLEM_CONFIG) with their marks: unknown
 * names with the nearest right one, wrong shapes, addresses that are neither https nor http to a loopback literal. Nothing is
 * required here: what is missing is told by whoever needs it.
 */
bool config_check(const struct value *config, const char *name, struct problems *problems);
/* Adds all its names to a map: for the nearest right one. */
void config_names(struct value *names);
/* Whether the configuration may hold this dotted name: for descriptions that refer to it. */
bool config_knows(const char *name);

#endif
