/*
 * view - what is to be shown at this moment, as plain data: the same for every front end.
 *
 * Texts are as they came: a front end passes them through base/clean.h. A secret's text is never in a view. All pointers
 * are borrowed from the view, or from the wizard until its next update.
 */
#ifndef CORE_VIEW_H
#define CORE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/choices.h"
#include "base/problem.h"
#include "base/value.h"
#include "core/event.h"
#include "model/checklist.h"

enum screen {
    SCREEN_HOME,        /* `steps` */
    SCREEN_FORM,        /* `controls`: the fields of a step; none: only guide, wait and actions (activation). `changes`: its conflicts */
    SCREEN_ROW,         /* `controls`: the columns of one row of a table; submit accepts it */
    SCREEN_CHECKS,      /* `checks` */
    SCREEN_SIGN_IN,     /* `sign_in` */
    SCREEN_TOKEN,       /* `controls`: a token instead of a code */
    SCREEN_PLAN,        /* `changes`: what would be sent; `left_out`, `not_compared` */
    SCREEN_ADDRESS,     /* `address`: a page of the service's web site; submit comes back and compares */
    SCREEN_DRIFT,       /* `changes`: conflicts with changes on the service; EVENT_TAKE for each field */
    SCREEN_PROBLEMS,    /* `problems`: EVENT_OPEN with step and field goes to one */
    SCREEN_CONFIRM,     /* `question`: EVENT_CONFIRM; Enter and Esc mean no. `controls`: what must be typed first, if anything */
    SCREEN_END,         /* `after`, and `steps` */
};

enum step_state {
    STATE_TODO, STATE_PROGRESS, STATE_SAVED, STATE_SENT, STATE_WAITING, STATE_REFUSED, STATE_CHANGED, STATE_NOT_APPLICABLE,
    STATE_ANY_TIME,     /* a step of actions: there is nothing to be done with it once and for all */
};

struct step_view {
    const char *id, *section, *title;
    enum step_kind kind;
    enum step_state state;
    const char *words;          /* the state in words: "saved, not sent", "refused: 2 problems", "2 chosen" */
    const char *why_not;        /* a step that cannot be sent yet says why; NULL */
    size_t problem_count;
};

struct control_view {
    enum control control;
    const char *name;           /* full field name: what events speak of */
    const char *label;
    const char *group;          /* heading above this and the following of the same group; NULL */
    const char *help;           /* NULL */
    const char *expects;        /* what is allowed, in words */
    bool required;
    const char *text;           /* the answer as text: the label of a choice, "3 rows", "2 chosen: PayPal, Stripe"; "" if none */
    const char *draft;          /* half-typed text to go on with; NULL. Never of a secret */
    const char *origin;         /* where the answer comes from, in words; NULL when there is none */
    const char *note;           /* "set on 2026-11-20, leave empty to keep" (secret), "default", "1 unfinished row" (table); NULL */
    bool new_row;               /* of a table: a new row was not accepted yet; EVENT_REMOVE without a row discards it */
    const struct value *value;  /* the answer itself; NULL if none, and always for a secret */
    const struct field *field;  /* columns, keys, bounds; never NULL */
    const struct choices *choices;      /* of one, many, tree, map (right side); NULL while not known */
    const struct choices *left;         /* of a map; NULL while not known */
    const struct value *among;          /* only these values of `choices` are allowed; NULL: all */
    const char *choices_note;   /* why choices is NULL or short: "asking the service", "choose payment providers first"; NULL */
    const char *theirs;         /* what the service holds after a change elsewhere; NULL */
    const struct problem *problem;      /* the first at this control; NULL */
    size_t problem_count;
};

struct check_view {
    const char *id, *label, *text, *remedy;     /* text, remedy may be NULL */
    enum check_result result;
    bool ran;                   /* false: not yet */
    bool child;                 /* a line of the check above it */
    int took_ms;
};

struct change_view {
    const char *step, *step_title, *field, *label;
    const char *row, *row_label;        /* key of a row, and its words; NULL */
    const char *place;          /* label and row: "Shipping methods, GROUND" */
    char sign;                  /* '+' new, '~' changed, '-' taken away, '!' changed elsewhere, '>' done by the service (activate) */
    const char *from, *to;      /* on the service, the answer; "" for nothing; secrets: "(secret)" */
};

struct left_out_view {
    const char *step, *step_title, *why;
};

/* What the sides of a change are called, on every screen. */
#define SIDE_ANSWER "Your answer"
#define SIDE_SERVICE "On the service"

struct action_view {
    const char *id, *label, *help;
};

struct wait_view {
    bool on;
    const char *what;           /* "Asking the service for the account" */
    const char *say;            /* the service's own words; NULL */
    int percent;                /* -1: not known */
    int64_t since;              /* wall time, seconds */
    int64_t until;              /* when a service that does not answer is asked again; 0: it answers */
    bool may_leave;             /* may take hours: the administrator may go */
    bool blocks;                /* the screen waits for it; otherwise it is in the background */
};

struct sign_in_view {
    enum sign_in_phase phase;
    const char *address, *address_complete, *code, *user, *account, *host;      /* NULL where not known; host: this server's name */
    int64_t expires, asked;     /* wall time, seconds; asked 0: not yet */
    const struct problem *failed;       /* why the last sign-in of this run failed; NULL: it did not */
};

struct view {
    enum screen screen;
    const char *title, *heading;        /* "Account information"; "Contoso · USMF · test environment" */
    const char *guide;                  /* NULL */
    const char *step;                   /* id; NULL at home */
    int step_number, step_count;        /* "step 3 of 10"; 0 at home */
    int sent_count, applicable_count;   /* "4 of 10 steps sent": of those that complete needs */
    const char *submit;                 /* label of the way on; NULL: there is none now */
    const char *why_not;                /* why the way on is closed; NULL */
    const char *notice;                 /* one sentence of what just happened; NULL */
    bool notice_is_bad;
    const char *saved;                  /* whether the changes are on disk, a sentence; never NULL */
    unsigned save_failures;             /* grows with each save that failed: `notice` says why, and is to be reported again */
    const char *focus;                  /* control or step to be on when the screen is entered; NULL */
    unsigned entered;                   /* changes whenever a screen is entered anew: focus is to be obeyed then */
    const char *row;                    /* SCREEN_ROW: its key, "" for a new one; else NULL */
    const char *next;                   /* home: what to do next, in words; NULL */
    const char *question;
    const char *address;                /* SCREEN_ADDRESS */
    const char *yes, *no;               /* labels for SCREEN_CONFIRM */
    bool complete;                      /* every needed step that applies is done: the only time "complete" may be said */
    const char *not_compared;           /* "Could not compare with the service: ...": nothing may be said of the service; NULL */
    bool loading;                       /* something of this screen is still to come */
    struct wait_view wait;
    struct sign_in_view sign_in;
    const struct problems *problems;    /* all of this screen; for SCREEN_PROBLEMS of all steps */
    struct problems refusals;           /* all that the service refused in this step, in the order of its form */
    const struct value *after;          /* list of sentences */
    struct choices *places;             /* everything there is to go to, after EVENT_FIND: "step", or "step\nfield"; else NULL */

    struct step_view *steps;
    size_t steps_count;
    struct control_view *controls;
    size_t control_count;
    struct check_view *checks;
    size_t check_count;
    struct change_view *changes;
    size_t change_count;
    struct left_out_view *left_out;     /* SCREEN_PLAN: steps that have something to send, and cannot send it yet */
    size_t left_out_count;
    struct action_view *actions;
    size_t action_count;

    char **owned;               /* texts made for this view */
    size_t owned_count;
};

void view_clear(struct view *view);
char *wait_again_words(const struct wait_view *wait, int64_t now);      /* "asked again in 40 s"; yours; NULL: it answers, or is being asked */
const char *step_state_words(enum step_state state);
/* Whether a value of control->choices may be taken now; `left` for maps, else NULL. */
bool view_allows(const struct control_view *control, const char *left, const char *value);
const struct control_view *view_control(const struct view *view, const char *name);
/* A cell of a table by its labels: "Washington", "Yes", "UPS + FedEx"; "" for nothing. Yours. */
char *cell_words(const struct field *column, const struct value *cell);
/* The whole view as text, one fact a line: what tests compare. */
struct text;
void view_print(const struct view *view, struct text *out);

#endif
