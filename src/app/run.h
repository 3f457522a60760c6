/*
 * run - the wizard in the world: carries its effects out and brings back what came of them.
 */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "core/ui.h"
#include "core/wizard.h"
#include "loop/loop.h"
#include "options.h"
#include "service/service.h"
#include "setup.h"
#include "store/store.h"

/* What is done about a code for signing in that an earlier start left waiting. */
enum patience { PATIENCE_ONCE, PATIENCE_WAIT, PATIENCE_NONE };      /* asked about once, waited for, only known of */

struct run {
    const struct options *options;
    const struct setup *setup;
    struct loop *loop;
    struct store *store;
    struct wizard *wizard;
    struct net *net;            /* made when it is first needed: the first screen does not wait for it */
    struct ui *ui;
    struct view view;
    char *address;              /* of the service: configured, or the sandbox's */
    char *host, *seed;          /* borrowed by the wizard */
    char *ca_file;              /* the sandbox's; NULL: as configured */
    int sandbox_pid;            /* 0: none */
    int sandbox_stdin;          /* closing it ends the sandbox */
    enum patience patience;
    struct sign_in_fact sign_in;        /* the last one; phase, resumed, user and account are kept */
    enum problem_kind sign_in_problem;  /* and what was wrong with it */
    char *sign_in_told;                 /* and the notice of it; NULL: none */
    int tokens_lock;            /* while tokens are renewed */
    unsigned save_timer;
    unsigned timer, timer_number;   /* what the wizard waits for: the loop's number of it, and its own */
    bool watches;               /* another administrator has the lock: nothing is saved, sent or signed in */
    bool ended;
    int status;                 /* exit status once ended */
    int signal;                 /* the signal that ended it; 0 */
};

/* Opens the store, loads, makes the wizard. False and *why; run_close() in any case. */
bool run_open(struct run *run, const struct options *options, const struct setup *setup, struct problem *why);
void run_close(struct run *run);

/* Signs in with the token given by an option, or the kept ones; goes on with a code that waits, as patience says. */
void run_start(struct run *run, struct problem *why);
/* Handles one event, shows the view, takes what the front end has. */
void run_event(struct run *run, struct event event);
/* Save what is due. Return false if not everything is on disk: wizard_unsaved() says why. */
bool run_save(struct run *run);
/* Turns the loop until the wizard has ended. */
void run_loop(struct run *run);

/* sandbox.c: starts commerce-sandbox, which lies beside this program, and waits for its address. */
bool sandbox_start(struct run *run, const char *folder, struct problem *why);
void sandbox_stop(struct run *run);

#endif
