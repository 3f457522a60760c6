/*
 * commands - one function for each command; each gives the exit status.
 */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "options.h"
#include "setup.h"

int command_open(const struct options *options, const struct setup *setup);
int command_apply(const struct options *options, const struct setup *setup);
int command_plan(const struct options *options, const struct setup *setup);
int command_status(const struct options *options, const struct setup *setup);
int command_check(const struct options *options, const struct setup *setup);
int command_export(const struct options *options, const struct setup *setup);
int command_questions(const struct options *options, const struct setup *setup);
int command_sign_in(const struct options *options, const struct setup *setup);
int command_sign_out(const struct options *options, const struct setup *setup);
int command_lint(const struct options *options);

/* Prints problems to standard error; gives the exit status of the first. */
int tell(const struct problems *problems);
int tell_one(struct problem *problem);

#endif
