/*
 * What the files of the core share. The state is one value; the pointers below lead to its members.
 */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include "base/choices.h"
#include "core/wizard.h"
#include "model/condition.h"

/* Choices by name: fixed in the checklist, or asked from the service when a field first needs them. */
struct set {
    char *name;
    struct choices *choices;
    bool asked;                 /* a request is on its way */
    char *failed;               /* why it could not be asked; NULL */
    enum problem_kind failed_kind;
    bool retry;                 /* it may be asked again although it failed */
    const struct field *table;  /* its choices are the rows of this table; NULL */
    struct value *rows;         /* as they were when the choices were made of them */
};

/* The run through the `load` operations of a step. */
struct loading {
    int pending;                /* requests on their way */
    bool fresh;                 /* loaded since this start, and nothing has made it stale */
    struct problem failed;      /* of the last read; PROBLEM_NONE: it did not fail */
    struct value *values;       /* what the responses said */
    struct value *settled;      /* names of the fields that were compared with it; NULL: not read yet */
};

enum question { QUESTION_LEAVE, QUESTION_ACCOUNT, QUESTION_ACTION, QUESTION_REVOKE, QUESTION_LOCAL };

enum why_asked { ASKED_LOAD, ASKED_SET, ASKED_JOB };

struct pending {
    unsigned number;
    enum why_asked why;
    const struct step *step;            /* ASKED_LOAD, ASKED_JOB */
    const struct operation *operation;
    struct value *row;                  /* the row or what is bound; owned */
    char *set;                          /* ASKED_SET */
    char *path;                         /* for etags */
    struct value *visited;              /* pages of a list read before this one; NULL: this is the first */
    struct value *told;                 /* ASKED_JOB: what those pages said */
    char *intent;                       /* name of its idempotency key; NULL: none */
    bool gone;
    enum form form;                     /* when it was sent: creating changes the names that the form depends on */
};

enum job_phase { JOB_NONE, JOB_LOADING, JOB_SENDING, JOB_AGAIN, JOB_READING_BACK };

/* What the screen waits for: the saving of a step, or one of its actions. */
struct job {
    enum job_phase phase;
    const struct step *step;
    const struct value *operations;     /* names, borrowed from the checklist */
    const struct action *action;        /* NULL: the step's `save` */
    size_t at;                          /* operation under way */
    struct rows rows;                   /* its rows */
    bool rows_made;
    size_t row;
    unsigned number;                    /* request or timer awaited; 0: none */
    bool wrote;
    int stale;                          /* how often in a row what was read was not the newest */
    bool all;                           /* go on with the next step that is saved */
    bool watching;                      /* of a step that the service was working on already */
    bool interrupts;                    /* such a watch: it goes on afterwards */
    int percent;
    char *say;
    int64_t since, until;
    int64_t again_since;                /* when the first poll was made */
    int missed;                         /* polls in a row that the service did not answer */
};

struct wizard {
    struct wizard_options options;
    struct value *state;
    struct value *answers, *sent, *theirs, *facts, *drafts, *rows, *accepted, *refused, *checks, *intents, *unread, *altered, *place;
    struct value *secrets;              /* {secrets: nested, about: {name: {set, sent}}} */
    struct value *login;                /* the same of the sign-in's own fields: never saved, gone with the next answer */
    struct value *order;                /* of answers: order_of() */
    struct value *held;                 /* what the service holds, as last read */
    struct value *etags;
    struct set *sets;
    size_t set_count;
    struct loading *loadings;           /* one for each step */
    struct problems *problems;          /* one for each step: found by us at submit */
    const struct step *settling;        /* whose load is being compared */
    struct pending *pending;
    size_t pending_count;
    struct job job;
    unsigned last_number;
    int64_t now;

    enum screen screen;
    const struct step *step;
    char *table, *row;                  /* SCREEN_ROW: field name and key ("" new) */
    struct problems row_problems;
    struct problems all;                /* SCREEN_PROBLEMS: of all steps, gathered when it is opened */
    enum screen return_screen;          /* SCREEN_PLAN, _PROBLEMS, _CONFIRM go back there */
    char *focus;
    unsigned entered;
    char *notice;
    char *sent_titles;                  /* of the steps that send_all() has sent so far; NULL: none */
    bool notice_is_bad;
    bool notice_adds_saved;             /* the view adds whether the changes are saved: known only when it is shown */
    struct problem unsaved;             /* why the last save failed; PROBLEM_NONE: it did not */
    unsigned save_failures;
    enum question question;             /* SCREEN_CONFIRM */
    const struct action *asked_action;  /* QUESTION_ACTION */
    char *typed;                        /* what was typed for it; NULL */
    bool mistyped;
    char *not_revoked;                  /* QUESTION_LOCAL: why the tokens were not revoked */
    const struct action *shown_action;  /* SCREEN_ADDRESS */
    const struct action *after_action;  /* signs out as its last part; NULL */
    bool comparing;                     /* all steps are loaded to see what was changed elsewhere */
    bool signing;                       /* tokens are being renewed or revoked */
    const struct step *return_step;     /* where to go after a sign-in that was needed again, */
    char *return_field;                 /* and the field of it; NULL: its first */
    const struct step *plan_step;
    bool finding;
    bool checking;
    struct value *running;              /* check lines of the run under way */
    enum sign_in_phase phase;
    bool proving;                       /* SIGN_IN_STARTING: a token that was given, not a new code */
    struct value *sign_in;              /* address, complete, code, expires */
    struct value *candidate;            /* who signed in, as long as that is another account and not agreed to; NULL */
    struct value *token;                /* SCREEN_TOKEN: its answers */
    int64_t asked;                      /* when the service was last asked whether the code is approved */
    bool resuming;                      /* the place of the last time is being opened: nothing is begun by that */
    struct problem sign_in_failed;      /* why the last sign-in of this run failed or ended; PROBLEM_NONE: it did not */
    bool renewed;                       /* an expired code was followed by another already */
    enum problem_kind failure;          /* what failed first, and was not mended since */
    const struct step *failed;          /* the step where; NULL: none in particular */
    bool leaving;
    struct effects *effects;            /* of the update under way */
};

/* wizard.c */
void wizard_notice(struct wizard *wizard, bool bad, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Like wizard_notice; the view adds a sentence that says whether the changes are saved. */
void wizard_notice_saved(struct wizard *wizard, bool bad, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Something failed at a step (NULL: at none in particular); went well there. */
void wizard_failed(struct wizard *wizard, const struct step *step, enum problem_kind kind);
void wizard_mended(struct wizard *wizard, const struct step *step);
void wizard_save(struct wizard *wizard);
void wizard_end(struct wizard *wizard);
void wizard_forget_service(struct wizard *wizard);      /* what was sent, and what the service told: all is to be sent anew */
struct scope wizard_scope(const struct wizard *wizard);             /* what is wanted, secrets too */
struct scope wizard_scope_of(const struct wizard *wizard, const struct value *answers);    /* no secrets */
size_t wizard_step_index(const struct wizard *wizard, const struct step *step);
bool wizard_signed_in(const struct wizard *wizard);

/* altered.c */
/* Whether this is known to be stored differently from what was sent: it then counts as agreed, and nothing is sent. */
bool altered_known(struct wizard *wizard, const struct field_use *use, const struct value *theirs);
void altered_note(struct wizard *wizard, const struct step *step);          /* what was read back and still differs */
void altered_forget(struct wizard *wizard, const char *name);               /* if the answer is another one now: it may be sent */
bool altered_report(const struct wizard *wizard, const struct step *step, struct problems *problems);  /* false: there is nothing */

/* saved.c */
void saved_result(struct wizard *wizard, const struct problem *problem);     /* of a save; NULL or PROBLEM_NONE: it is on disk */
const char *saved_words(const struct wizard *wizard);                          /* whether the changes are on disk, a sentence */
void saved_view(const struct wizard *wizard, struct view *view);             /* completes view->notice; last part of the view */

/* place.c */
void place_enter(struct wizard *wizard, enum screen screen, const struct step *step, const char *focus);
void place_open(struct wizard *wizard, const struct step *step, const char *focus);
const struct step *place_next_step(const struct wizard *wizard, const struct step *after);
bool place_signs_in(const struct wizard *wizard);      /* the sign-in is on the screen: its code, or the form with its fields */
void place_back(struct wizard *wizard);
void place_resume(struct wizard *wizard);      /* where the administrator was, told by the state */
void place_plan(struct wizard *wizard, const char *step);
void place_problems(struct wizard *wizard);

/* find.c */
struct choices *find_places(const struct wizard *wizard);       /* yours */

/* problems.c */
void problems_name(const struct wizard *wizard, const struct step *step, struct problems *problems);   /* gives labels, and sorts */
void problems_refused(const struct wizard *wizard, const struct step *step, struct problems *problems);    /* adds what the service refused */
size_t problems_refused_count(const struct wizard *wizard, const struct step *step);
void problems_gather(struct wizard *wizard);        /* wizard->all, anew */

/* submit.c */
void submit_screen(struct wizard *wizard);
void submit_action(struct wizard *wizard, const char *id);
void submit_cancel(struct wizard *wizard);
bool submit_is_good(struct wizard *wizard);     /* the answers of the step are; what is wrong with them is told */

/* fact.c */
void fact_check(struct wizard *wizard, const struct check_fact *fact);
void fact_response(struct wizard *wizard, const struct event *event);

/* sign_in.c */
void sign_in_clear(struct wizard *wizard);
void sign_in_entered(struct wizard *wizard);        /* its screen: a code is asked for at once if nobody is signed in */
void sign_in_submit(struct wizard *wizard);
bool sign_in_cancel(struct wizard *wizard);         /* false: it is not what is waited for */
void sign_in_fact(struct wizard *wizard, const struct sign_in_fact *fact);
void sign_in_accept(struct wizard *wizard);         /* the candidate is who is signed in from here on */
void sign_out(struct wizard *wizard, enum sign_out how);
void sign_in_declined(struct wizard *wizard);       /* the candidate's account is not meant, or not now */
/* The service rejected the token; reported: why and what to do, used if it has advice; may be NULL. */
void sign_in_needed(struct wizard *wizard, const struct step *back_to, const struct problem *reported);
char *sign_in_question(const struct wizard *wizard);    /* whether the candidate's account is meant; yours */
void sign_in_token_answer(struct wizard *wizard, const char *field, const struct value *value);
void sign_in_token_submit(struct wizard *wizard);
void sign_in_view(const struct wizard *wizard, struct view *view);      /* where it stands, whatever the screen */
void sign_in_submit_view(const struct wizard *wizard, struct view *view);
void sign_in_token_view(const struct wizard *wizard, struct view *view);

/* confirm.c */
void confirm_ask(struct wizard *wizard, enum question question, const struct action *action);
void confirm_answer(struct wizard *wizard, bool yes, const char *typed);
void confirm_unsaved(struct wizard *wizard);         /* whether to exit without saving */
void confirm_answered(struct wizard *wizard);      /* signed out: a question about the tokens has no meaning any more */
void confirm_do(struct wizard *wizard, const char *id);     /* an action of the question on the screen */
void confirm_typed(struct wizard *wizard, const struct value *value);
void confirm_view(const struct wizard *wizard, struct view *view);

/* watch.c */
void watch_filter(struct wizard *wizard, struct effects *effects);     /* read-only: drops what would change anything */
void watch_tell(struct wizard *wizard, bool bad);      /* that nothing can be changed here, if this session watches */

/* maintain.c */
void action_do(struct wizard *wizard, const struct action *action);         /* asks first, if it is to be asked about */
void action_begin(struct wizard *wizard, const struct action *action);
void action_go_on(struct wizard *wizard, const struct action *action);      /* its operations are over, and were good */
void action_done(struct wizard *wizard);            /* the job's action: the service accepted all of it */
void action_read_back(struct wizard *wizard, bool fresh);   /* the step of the job's action was read again; fresh: completely */
void maintain_compare(struct wizard *wizard);       /* reads all anew, and shows what was changed elsewhere */
void maintain_entered(struct wizard *wizard);       /* does so when the web site was opened before */
void maintain_heard(struct wizard *wizard);         /* an answer came */
void maintain_settled(struct wizard *wizard);       /* a choice was made */
void maintain_view(const struct wizard *wizard, struct view *view);

/* sets.c */
const struct choices *wizard_lend(void *wizard, const char *set);
struct set *wizard_set(struct wizard *wizard, const char *name, bool make);
void wizard_ask_sets(struct wizard *wizard, const struct step *step);
void wizard_retry_sets(struct wizard *wizard);      /* those that failed may be asked again; they count as failed until they are */
bool set_begin(struct set *set);            /* true when it is to be asked now; it counts as asked from then on */
void wizard_uses(const struct wizard *wizard, const struct step *step, struct field_uses *uses);

/* answers.c */
void answers_accept(struct wizard *wizard, const struct event *event);
void answers_draft(struct wizard *wizard, const struct event *event);
/* row NULL or "": a new one; focus: the full name of the column to be on, NULL for the first. */
void answers_open_row(struct wizard *wizard, const char *field, const char *row, const char *focus);
bool answers_accept_row(struct wizard *wizard);
void answers_remove_row(struct wizard *wizard, const char *field, const char *row);     /* NULL or "": the new row that is not accepted */
void answers_take(struct wizard *wizard, const char *field, bool theirs);
bool answers_check_step(struct wizard *wizard, const struct step *step, struct problems *problems);
/* The answers that a submit of the step would change, by their names, defaults and half-typed text among them; yours. Adds what is wrong. */
struct value *answers_submitted(const struct wizard *wizard, const struct step *step, struct problems *problems);
bool answers_are_unfinished(const struct wizard *wizard, const struct field_use *use);     /* something typed is not accepted yet */
/* Rows of a table that were changed or added and not accepted; `added`, if not NULL: whether one of them is a new row. */
size_t answers_unfinished_rows(const struct wizard *wizard, const struct field_use *use, bool *added);
bool answers_within(const char *name, const char *field);  /* a problem at `name` is one of `field` */
bool answers_is_secret(const struct field_use *use);
const struct value *answers_secret_about(const struct wizard *wizard, const char *name);

/* progress.c */
bool step_applies(const struct wizard *wizard, const struct step *step);
bool step_is_valid(const struct wizard *wizard, const struct step *step);      /* as a submit would find it, and nothing is unfinished */
enum step_state step_state(const struct wizard *wizard, const struct step *step);
char *step_words(const struct wizard *wizard, const struct step *step, enum step_state state);     /* yours */
bool state_is_done(enum step_state state);
bool step_is_done(const struct wizard *wizard, const struct step *step);
bool row_needed(const struct wizard *wizard, const struct operation *operation, const struct row *row, const struct value *base);
void operation_rows_of(const struct wizard *wizard, const struct operation *operation, const struct value *base, struct rows *rows);
bool step_needs_sending(const struct wizard *wizard, const struct step *step, const struct value *base);

/* completion.c */
/*
 * How far the whole checklist is, from the states of its steps. The title, the advice, `status`, "Complete" and the exit
 * status all read this, and nothing derives any of it a second time.
 */
struct progress {
    enum step_state *states;        /* one for each step of the checklist */
    int needed, done;               /* steps that "complete" needs, and those of them that are done */
    const struct step *next;        /* the first needed step that is neither done nor waiting; NULL */
    struct problem not_compared;    /* why the service could not be read; PROBLEM_NONE: nothing to report */
    enum problem_kind obstacle;     /* what a person or the service has to change first; PROBLEM_NONE: nothing */
    bool complete;
};
void progress_read(const struct wizard *wizard, struct progress *progress);     /* clear it with progress_clear() */
void progress_clear(struct progress *progress);
/* What must be done before the step is sent; yours; NULL: nothing. */
char *progress_why_not(const struct wizard *wizard, const struct progress *progress, const struct step *step);
char *step_why_not(const struct wizard *wizard, const struct step *step);      /* the same where nothing else of it is needed */
bool wizard_complete(const struct wizard *wizard);

/* load.c */
void load_step(struct wizard *wizard, const struct step *step);
void load_settle_new(struct wizard *wizard, const struct step *step);      /* compares fields that came to apply since the step was read */
void load_response(struct wizard *wizard, struct pending *pending, const struct response *response);
void set_response(struct wizard *wizard, struct pending *pending, const struct response *response);
void load_retry(struct wizard *wizard);     /* forgets what failed: another sign-in may read it */
bool step_is_loading(const struct wizard *wizard, const struct step *step);
void ask(struct wizard *wizard, enum why_asked why, const struct step *step, const struct operation *operation,
         const struct value *row, bool gone, const char *set, const char *next);
void pending_drop(struct wizard *wizard, size_t at);
void pending_clear(struct pending *pending);
/* Requests the next page if there is one: *more. False: what was read is not complete, and the notice says why. */
bool ask_next_page(struct wizard *wizard, struct pending *pending, const struct response *response, bool *more, struct problem *why);
void add_page(struct value *under, const struct value *page);

void load_facts(struct wizard *wizard, const struct value *values, const char *prefix);     /* keeps what is no field; prefix "" */

/* agree.c */
/* What the service holds in our words: rows and chosen values in our order, 7.5 as the 7.50 that we gave. Yours. */
struct value *agree_words(const struct field *field, const struct value *theirs, const struct value *mine);
/* Whether two values of a field are the same answer, in whatever spelling. */
bool agree_same(const struct field *field, const struct value *a, const struct value *b);
/* What the service holds as an answer: in a spelling that the question accepts. Yours; NULL for NULL. */
struct value *agree_adopt(const struct field *field, const struct value *theirs);
/* Whether theirs holds something that is neither wanted nor what was sent last. */
bool agree_is_elsewhere(const struct field *field, const struct value *theirs, const struct value *mine, const struct value *base);

/* job.c */
/* Whether one may start: none is under way, or one that only waits to ask again. */
bool job_may_start(const struct wizard *wizard);
#define JOB_BUSY "Nothing was sent: another request is in progress. Wait until it has ended, or stop waiting for it."
void job_start(struct wizard *wizard, const struct step *step, const struct action *action, bool all);
void job_end(struct wizard *wizard);
void job_response(struct wizard *wizard, struct pending *pending, const struct response *response);
void job_loaded(struct wizard *wizard, const struct step *step);
void job_timer(struct wizard *wizard, unsigned number);
void job_cancel(struct wizard *wizard);
void job_resume(struct wizard *wizard);
const struct operation *step_operation(const struct wizard *wizard, const struct value *names, size_t at);

/* send_all.c */
void send_all(struct wizard *wizard);
void send_all_next(struct wizard *wizard, const struct step *sent);     /* after `sent` */

/* poll.c */
/* After a response that is good: true if the operation is still running, and is polled again later. */
bool poll_again(struct wizard *wizard, const struct pending *pending, const struct response *response);
/* After any other: true if it says nothing about the operation, which is then polled again later. */
bool poll_missed(struct wizard *wizard, const struct pending *pending, const struct response *response);

/* intents.c */
char *intent_name(const struct operation *operation, const struct row *row);                /* row NULL: none; yours */
/* The key of a request of the job: that of an earlier attempt with the same body, or a new one; yours. */
char *intent_key(struct wizard *wizard, const char *name, const struct request *request, const struct scope *scope);
char *intent_key_of_read(struct wizard *wizard, const struct operation *operation);        /* a read by POST is never a retry; yours */
void intent_answered(struct wizard *wizard, const char *name, const struct response *response);
/* After a read: end the keys whose outcome it shows, or that no request of the step needs any more. Return true if one ended. */
bool intents_read(struct wizard *wizard);
bool intents_not_needed(struct wizard *wizard, const struct step *step);

/* sent.c */
/* The labels of secrets that only the request that creates something contains, given after that; yours; NULL: none. */
char *sent_too_late(struct wizard *wizard, const struct step *step);
void sent_note(struct wizard *wizard, const struct step *step, const struct pending *pending, const struct row *row);

/* order.c */
struct value *order_of(const struct checklist *checklist);          /* what order_like goes by; yours */
void order_like(struct value *value, const struct value *like);     /* like NULL: maps by name, all the way down */
void order_state(struct wizard *wizard);

/* plan.c */
void plan_changes(const struct wizard *wizard, struct view *view);      /* what apply would send now, and what it could not */

/* changes.c */
/* The two sides of a field, and the value both agreed on last; elsewhere: mark what the service changed since with '!'. */
struct sides {
    const struct value *from, *to;      /* on the service, the answer */
    const struct value *base;
    bool elsewhere;
};
struct change_view *change_add(struct view *view, const struct step *step, const char *field, const char *label, char sign);
void changes_add(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use,
                 const struct sides *sides);     /* what differs of a field, row by row; nothing if they are equal */
void drift_of(const struct wizard *wizard, struct view *view, const struct step *step);     /* the undecided conflicts of a step */
char *drift_labels(const struct wizard *wizard, const struct step *step);  /* "Organization, Phone"; yours */
size_t drift_count(const struct wizard *wizard);    /* fields in conflict */

/* view.c */
struct control_view *view_add_control(struct view *view, const struct field *field, const char *name, const char *label);
const char *view_own(struct view *view, char *text);        /* the view frees it */
char *answer_words(const struct field *field, const struct value *value, const struct choices *choices);   /* yours */

#endif
