/*
 * batch - the unattended run: answers come from a file, the checklist is gone through step by step.
 */
#ifndef BATCH_BATCH_H
#define BATCH_BATCH_H

#include <stdio.h>

#include "core/ui.h"

struct batch_options {
    const struct value *answers;    /* checked before (checklist_check_answers), secrets resolved; borrowed */
    const char *file;               /* where they come from: named in problems; NULL: not known */
    FILE *out;                      /* one line a step; NULL: silent */
    int settle;                     /* where the service was changed: 0 report it, 1 keep theirs, -1 keep mine */
    bool wait;                      /* wait for long operations to end */
    bool signs_in;                  /* may ask for an approval when nobody is signed in, and wait for it */
    bool sign_out;                  /* also do sign-out steps; they are left out otherwise */
    bool plan;                      /* give the answers, submit nothing, and end on the plan screen */
};

struct ui *batch_new(const struct batch_options *options);

/* Answers of the file that were rejected: their steps were not submitted. Borrowed until close. */
const struct problems *batch_rejected(const struct ui *ui);

#endif
