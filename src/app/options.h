/*
 * options - the command line. No option takes a secret's value.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>

#include "base/problem.h"

enum command {
    COMMAND_OPEN, COMMAND_APPLY, COMMAND_PLAN, COMMAND_STATUS, COMMAND_CHECK, COMMAND_EXPORT, COMMAND_LINT, COMMAND_SIGN_IN,
    COMMAND_SIGN_OUT, COMMAND_QUESTIONS, COMMAND_PREPARE, COMMAND_DO, COMMAND_HELP, COMMAND_VERSION,
};

struct options {
    enum command command;
    const char *file;           /* of apply, plan, lint; of do the action; NULL */
    const char *confirm;        /* of do: the answer to its question; NULL */
    const char *config, *state_dir, *checklist, *token_file;
    int token_fd;               /* -1: none */
    bool line, ascii, json, sandbox, refresh, wait, take_over;
    bool begin, complete, no_wait;      /* of sign-in */
    bool local;                 /* of sign-out */
    bool strict;                /* of lint: warnings change the exit status */
    int color;                  /* -1 never, 0 auto, 1 always */
    int settle;                 /* where changed elsewhere: 1 theirs, -1 mine, 0 tell */
};

/* PROBLEM_USAGE on failure. Texts are borrowed from argv. */
bool options_read(int argc, char **argv, struct options *options, struct problem *why);
/* Whether the command has its use before there is a configuration: it only tells what will be asked. */
bool options_before_config(const struct options *options);
const char *options_help(void);

#endif
