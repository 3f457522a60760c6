/*
 * wizard - the state machine: events in, effects and a view out. Pure: no input, no output, no clock.
 *
 *      struct wizard *wizard = wizard_new(&options);
 *      wizard_update(wizard, &(struct event){EVENT_START, .now = time(NULL)}, &effects);
 *      ... do the effects ...
 *      wizard_view(wizard, &view);
 *
 * What is kept is what was said: answers, drafts, what was sent, facts. Where a step stands is derived from these.
 */
#ifndef CORE_WIZARD_H
#define CORE_WIZARD_H

#include <stdbool.h>

#include "core/effect.h"
#include "core/event.h"
#include "core/view.h"
#include "model/checklist.h"
#include "model/operation.h"

struct wizard;

struct wizard_options {
    const struct checklist *checklist;      /* borrowed for the wizard's life */
    const struct service *service;          /* borrowed */
    const struct value *config;             /* borrowed */
    const struct value *state;              /* as loaded; NULL: a first start */
    const struct value *secrets;            /* as loaded; NULL: none */
    const char *host;                       /* this server's name */
    const char *address;                    /* of the service: pages of its web site lie below it; NULL */
    const char *seed;                       /* random hex digits: idempotency keys grow from it */
    bool attended;                          /* somebody sits at it: questions may be asked */
    bool read_only;                         /* nothing is saved, sent, checked or signed in: status, export */
    bool watches;                           /* read_only, because another administrator has the checklist open; GET only */
};

/* False (PROBLEM_CONFIG, exit 78) when the checklist is not available under this configuration: ax2012-r3. */
bool wizard_available(const struct checklist *checklist, const struct value *config, struct problem *why);

struct wizard *wizard_new(const struct wizard_options *options);
void wizard_free(struct wizard *wizard);
void wizard_update(struct wizard *wizard, const struct event *event, struct effects *effects);
void wizard_view(const struct wizard *wizard, struct view *view);       /* clear it with view_clear() */
void wizard_drift(const struct wizard *wizard, struct view *view);      /* adds the conflicts of all steps to `changes` */

/* What is to be written; borrowed until the next update. No secret is in the state. */
const struct value *wizard_state(const struct wizard *wizard);
const struct value *wizard_secrets(const struct wizard *wizard);
/* The answers as an answers file has them (no secrets; `secrets` of the answers name them as {file: ...}); yours. */
struct value *wizard_export(const struct wizard *wizard);

/* True while a request, a check or a timer is on its way that the screen waits for: the unattended run waits then. */
bool wizard_busy(const struct wizard *wizard);
/* True when all that is left is to poll a long operation again later, which may take hours. */
bool wizard_settled(const struct wizard *wizard);
/*
 * Why the last save failed, or NULL if it succeeded; borrowed until the next update. Every claim that something is saved, and
 * every exit status, depends on it.
 */
const struct problem *wizard_unsaved(const struct wizard *wizard);
/* Why the last sign-in of this run failed or ended, or NULL if it did not; borrowed until the next update. */
const struct problem *wizard_sign_in_failed(const struct wizard *wizard);
/* What failed first and was not mended since; PROBLEM_NONE: nothing. */
enum problem_kind wizard_failure(const struct wizard *wizard);
/* 0 all done, 74 not saved, 3 something is left, 65, 69, 75, 76, 77 after what happened last: for the end of a run. */
int wizard_exit_status(const struct wizard *wizard);

#endif
