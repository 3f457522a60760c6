/*
 * event - all that can happen to the wizard: intents of a front end, facts of the world.
 *
 *      struct event event = {EVENT_ANSWER, .field = "account.state", .value = washington};
 *      wizard_update(wizard, &event, &effects);
 *
 * Everything in an event is borrowed for the time of the call. `now` is wall time in seconds and must be in every event.
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "base/value.h"
#include "model/operation.h"

enum event_kind {
    /* Intents. */
    EVENT_OPEN,         /* step; field may name where to go in it, and alone it is enough */
    EVENT_FOCUS,        /* field: where the cursor is, so that the next start comes back to it */
    EVENT_DRAFT,        /* field, text: typed, not yet accepted; NULL text forgets it */
    EVENT_ANSWER,       /* field, value: accept it. value NULL clears. In a map: row is the left side, value its right side.
                           On a row screen: field is the column's full name. Whole tables and maps may be given without row. */
    EVENT_ROW,          /* field, row: open that row of a table as a screen; row NULL or "" is a new one */
    EVENT_REMOVE,       /* field, row: take the row away */
    EVENT_TAKE,         /* field (on SCREEN_DRIFT NULL: all of them), yes: take theirs (true) or keep mine (false) where it was changed elsewhere */
    EVENT_SUBMIT,       /* the way on of the screen: save and send the step; accept the row; run the checks; sign in; sign out */
    EVENT_DO,           /* action: an action of the step; action_* below are always known */
    EVENT_PLAN,         /* step: what would change; NULL: all steps. Only GETs */
    EVENT_PROBLEMS,     /* the list of all problems */
    EVENT_FIND,         /* yes: the view is to carry `places` until another screen is entered; no: not any more */
    EVENT_CONFIRM,      /* yes: the answer to the question of SCREEN_CONFIRM; text: what had to be typed, if it was not an answer */
    EVENT_BACK,         /* to where one came from; keeps everything; at home asks to leave */
    EVENT_CANCEL,       /* stop waiting */
    EVENT_QUIT,         /* save and exit; asks first if the last save failed, unless yes */
    /* Facts. */
    EVENT_START,        /* the first event */
    EVENT_RESPONSE,     /* request, response */
    EVENT_TIMER,        /* request: the number given with EFFECT_TIMER */
    EVENT_CHECK,        /* check */
    EVENT_SIGN_IN,      /* sign_in */
    EVENT_SAVED,        /* problem: NULL when it is on disk */
    EVENT_HANGUP,       /* the terminal is gone, or a signal says so */
};

/* Actions that need no description. */
#define ACTION_SEND_ALL "send-all"      /* send everything that is saved */
#define ACTION_RELOAD "reload"          /* ask the service again for what this step shows */
#define ACTION_TOKEN "token"            /* on the sign-in screen: sign in with a token, SCREEN_TOKEN */
#define ACTION_OUT "sign-out"           /* on SCREEN_CONFIRM about another account: sign out of it */
#define ACTION_OUT_LOCAL "local"        /* on SCREEN_CONFIRM about a given token: delete it here without revoking it */

enum check_result { CHECK_RUNNING, CHECK_PASS, CHECK_WARN, CHECK_FAIL };

/* One line of a check: "service.tls" belongs to the check "service". */
struct check_fact {
    const char *id;
    const char *label;
    enum check_result result;
    const char *text;       /* what was found; NULL */
    const char *remedy;     /* what to do; NULL */
    int took_ms;
    bool last;              /* the check this line belongs to is over */
};

enum sign_in_phase {
    SIGN_IN_NONE, SIGN_IN_STARTING, SIGN_IN_CODE, SIGN_IN_DONE, SIGN_IN_REFUSED, SIGN_IN_EXPIRED, SIGN_IN_FAILED, SIGN_IN_OUT,
    SIGN_IN_RENEWED,    /* the renewed token is proven and in use */
    SIGN_IN_KEPT,       /* no renewed token could be proven: the old one stays in use; problem */
    SIGN_IN_NOT_REVOKED,    /* not signed out: the tokens are not revoked and stay stored; problem */
};

/* What a sign-out does with the tokens. */
enum sign_out {
    SIGN_OUT_REVOKE,    /* revoke those that this program obtained; a given one is SIGN_IN_NOT_REVOKED */
    SIGN_OUT_GIVEN,     /* the administrator chose to revoke a given token */
    SIGN_OUT_LOCAL,     /* the administrator chose to delete them on this server without revoking them */
    SIGN_OUT_NOTHING,   /* only in a fact: there was no valid token */
};

struct sign_in_fact {
    enum sign_in_phase phase;
    const char *address;            /* SIGN_IN_CODE: verification_uri */
    const char *address_complete;   /* verification_uri_complete; NULL */
    const char *code;               /* user_code */
    int64_t expires;                /* wall time, seconds */
    int64_t asked;                  /* SIGN_IN_CODE: when the service was last asked whether it is approved; 0: not yet */
    bool resumed;                   /* SIGN_IN_CODE: that of an earlier start; _DONE, _REFUSED, _EXPIRED: while nobody waited */
    const char *user, *account;     /* SIGN_IN_DONE, _RENEWED */
    const char *note;               /* SIGN_IN_DONE: what it falls short of, a sentence; NULL */
    bool given;                     /* SIGN_IN_NOT_REVOKED: because the administrator provided the token */
    enum sign_out how;              /* SIGN_IN_OUT: what was done */
    const struct problem *problem;  /* SIGN_IN_REFUSED, _EXPIRED, _FAILED, _KEPT, _NOT_REVOKED; SIGN_IN_OUT when the tokens could not be deleted */
};

struct event {
    enum event_kind kind;
    int64_t now;                    /* wall time, seconds */
    const char *step, *field, *row, *action, *text;
    const struct value *value;
    bool yes;
    unsigned request;
    const struct response *response;
    const struct check_fact *check;
    const struct sign_in_fact *sign_in;
    const struct problem *problem;
};

#endif
