/*
 * command - one file for each command, command_<name>.c, and here what they share.
 *
 * A command is a function of the options and of what the configuration names; it gives the exit status.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "base/clean.h"
#include "options.h"
#include "run.h"
#include "setup.h"

/* Before anything is read, while there is little to share with the guardian of the terminal. False: there is no terminal. */
bool command_open_begin(const struct options *options, struct problem *why);
int command_open(const struct options *options, const struct setup *setup);
int command_apply(const struct options *options, const struct setup *setup);
int command_plan(const struct options *options, const struct setup *setup);
int command_status(const struct options *options, const struct setup *setup);
int command_check(const struct options *options, const struct setup *setup);
int command_export(const struct options *options, const struct setup *setup);
int command_questions(const struct options *options, const struct setup *setup);
int command_prepare(const struct options *options, const struct setup *setup);
int command_sign_in(const struct options *options, const struct setup *setup);
int command_sign_out(const struct options *options, const struct setup *setup);
int command_do(const struct options *options, const struct setup *setup);
int command_lint(const struct options *options);

/* Prints problems to standard error, as JSON one line each; gives the exit status of the first. */
int tell(const struct problems *problems, bool json);
int tell_one(struct problem *problem, bool json);

/* Close standard output. Return status, or 74 with a message if not all of it could be written. The last thing a command does. */
int finish_output(int status);

/* To standard output: text of others, a document (JSON or YAML), where every step stands. */
void print_clean(const char *text, enum clean how);
void print_value(const struct value *value, bool json);
void print_steps(const struct run *run, bool json, bool changes);

/* The changes of a view that are conflicts with the service: both values, and how to decide. For JSON as a list; yours. */
void print_conflicts(const struct view *view);
struct value *conflicts_value(const struct view *view);

/* Without a front end: turns the loop until the kept or given sign-in is over; until nothing is on its way. */
void command_start(struct run *run, struct problem *why);
void command_settle(struct run *run);
/* Tells *why if it is one, closes the run. The exit status. */
int command_finish(struct run *run, struct problem *why);

/* The first step of a kind; NULL if the checklist has none. */
const struct step *command_step(const struct setup *setup, enum step_kind kind);

/* The answers file of the options, checked; NULL and *status once its faults are told. */
struct value *command_answers(const struct options *options, const struct setup *setup, int *status);

#endif
