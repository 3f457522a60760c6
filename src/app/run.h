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

struct run {
    const struct options *options;
    const struct setup *setup;
    struct loop *loop;
    struct store *store;
    struct wizard *wizard;
    struct net *net;            /* made when it is first needed: the first screen does not wait for it */
    struct net_events events;
    struct ui *ui;
    struct view view;
    char *address;              /* of the service: configured, or the sandbox's */
    char *host, *seed;          /* borrowed by the wizard */
    char *ca_file;              /* the sandbox's; NULL: as configured */
    int sandbox_pid;            /* 0: none */
    int sandbox_stdin;          /* closing it ends the sandbox */
    int tokens_lock;            /* while tokens are renewed */
    unsigned save_timer;
    bool ended;
    int status;                 /* exit status once ended */
    int signal;                 /* the signal that ended it; 0 */
};

/* Opens the store, loads, makes the wizard. False and *why; run_close() in any case. */
bool run_open(struct run *run, const struct options *options, const struct setup *setup, struct problem *why);
void run_close(struct run *run);

/* Signs in with the kept tokens or the token given by an option. */
void run_start(struct run *run, struct problem *why);
/* Tells the wizard of kept tokens, without asking anybody. */
void run_known_sign_in(struct run *run, struct problem *why);
/* Handles one event, shows the view, takes what the front end has. */
void run_event(struct run *run, struct event event);
/* Turns the loop until the wizard has ended. */
void run_loop(struct run *run);

/* sandbox.c: starts commerce-sandbox, which lies beside this program, and waits for its address. */
bool sandbox_start(struct run *run, const char *folder, struct problem *why);
void sandbox_stop(struct run *run);

#endif
