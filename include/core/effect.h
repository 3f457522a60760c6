/*
 * effect - what the wizard wants done. The app does it, in order, and tells what came of it by events.
 */
#ifndef CORE_EFFECT_H
#define CORE_EFFECT_H

#include <stddef.h>

#include "core/event.h"
#include "model/checklist.h"
#include "model/operation.h"

enum effect_kind {
    EFFECT_SAVE,            /* state and secrets, now, before anything that follows in the list; EVENT_SAVED */
    EFFECT_SAVE_SOON,       /* within a second: drafts and places */
    EFFECT_REQUEST,         /* number, request; EVENT_RESPONSE */
    EFFECT_CANCEL,          /* number: nobody waits for it any more */
    EFFECT_TIMER,           /* number, seconds; EVENT_TIMER. It takes the place of the one before */
    EFFECT_CHECK,           /* checks[0..check_count) to be run; EVENT_CHECK for each line */
    EFFECT_CHECK_STOP,
    EFFECT_SIGN_IN,         /* start the sign-in, by `request` where the service takes a password (method not NULL); EVENT_SIGN_IN */
    EFFECT_SIGN_IN_STOP,
    EFFECT_RENEW,           /* new tokens, proven before the old are given up; EVENT_SIGN_IN with SIGN_IN_RENEWED or _KEPT */
    EFFECT_TOKEN,           /* sign in with the token `secret`, or the one in the file `path`; EVENT_SIGN_IN */
    EFFECT_SIGN_OUT,        /* sign_out: what to do with the tokens; EVENT_SIGN_IN with SIGN_IN_OUT or _NOT_REVOKED */
    EFFECT_END,             /* status: leave with this exit status; what is shown last is the view of that moment */
};

struct effect {
    enum effect_kind kind;
    unsigned number;
    struct request request;         /* of EFFECT_REQUEST and EFFECT_SIGN_IN; owned */
    int seconds;
    const struct check *checks;     /* borrowed from the checklist */
    size_t check_count;
    int status;
    enum sign_out sign_out;
    char *secret, *path;            /* of EFFECT_TOKEN, one of them; owned */
};

struct effects {
    struct effect *items;
    size_t count;
};

struct effect *effects_add(struct effects *effects, enum effect_kind kind);
void effects_drop(struct effects *effects, size_t at);
void effects_clear(struct effects *effects);

#endif
