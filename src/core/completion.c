/* How far the whole checklist is. Every claim that it is complete, or how much is left, comes from here. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

/* The plan screen and an unattended run read the service: without a sign-in they cannot, whatever was read before. */
static void sign_in_obstacle(const struct wizard *wizard, struct problem *why)
{
    bool failed = wizard_sign_in_failed(wizard) != NULL;
    if (wizard_signed_in(wizard))
        return;
    if (failed && (wizard->screen == SCREEN_PLAN || !wizard->options.attended)) {
        *why = problem_copy(&wizard->sign_in_failed);
    } else if (wizard->screen == SCREEN_PLAN) {
        problem_set(why, PROBLEM_SIGN_IN, "Nobody is signed in");
        problem_advise(why, "Sign in, then compare again");
    }
}

static bool is_read(const struct wizard *wizard, const struct step *step)
{
    return step->kind == STEP_FORM && step_applies(wizard, step);
}

/* A step that was not read though no request failed: only where there is no better reason. */
static void unread_obstacle(const struct wizard *wizard, const struct step *step, struct problem *why)
{
    bool planned = wizard->screen == SCREEN_PLAN && (!wizard->plan_step || wizard->plan_step == step);
    if (planned && !wizard->loadings[wizard_step_index(wizard, step)].fresh && !wizard->pending_count)
        problem_set(why, PROBLEM_SERVICE, "%s could not be read completely", step->title);
}

/* Why what is known of the service may be out of date: the last read of a step, or of its choices, failed. */
static void read_obstacle(const struct wizard *wizard, struct problem *why)
{
    const struct checklist *checklist = wizard->options.checklist;
    sign_in_obstacle(wizard, why);
    for (size_t i = 0; i < checklist->step_count && why->kind == PROBLEM_NONE; i++)
        if (is_read(wizard, &checklist->steps[i]) && wizard->loadings[i].failed.kind != PROBLEM_NONE)
            *why = problem_copy(&wizard->loadings[i].failed);
    for (size_t i = 0; i < wizard->set_count && why->kind == PROBLEM_NONE; i++)
        if (wizard->sets[i].failed)
            problem_set(why, wizard->sets[i].failed_kind, "%s", wizard->sets[i].failed);
    for (size_t i = 0; i < checklist->step_count && why->kind == PROBLEM_NONE; i++)
        if (is_read(wizard, &checklist->steps[i]))
            unread_obstacle(wizard, &checklist->steps[i], why);
}

static enum problem_kind obstacle_of(const struct wizard *wizard, const struct step *step, enum step_state state)
{
    struct problems altered = {0};
    switch (state) {
    case STATE_REFUSED:
        if (step->kind == STEP_FORM && altered_report(wizard, step, &altered)) {
            problems_clear(&altered);
            return PROBLEM_SERVICE;
        }
        return step->kind == STEP_CHECKS ? PROBLEM_CHECK : PROBLEM_ANSWER;
    case STATE_CHANGED:
        return PROBLEM_CHANGED;
    case STATE_WAITING:
        return PROBLEM_LATER;
    case STATE_TODO: case STATE_PROGRESS: case STATE_SAVED: case STATE_SENT: case STATE_NOT_APPLICABLE: case STATE_ANY_TIME:
        break;
    }
    return PROBLEM_NONE;
}

void progress_read(const struct wizard *wizard, struct progress *progress)
{
    const struct checklist *checklist = wizard->options.checklist;
    *progress = (struct progress){.states = mem_new(checklist->step_count * sizeof *progress->states)};
    read_obstacle(wizard, &progress->not_compared);
    progress->obstacle = wizard_unsaved(wizard) ? PROBLEM_FILE : wizard->candidate ? PROBLEM_SIGN_IN : progress->not_compared.kind;
    if (progress->obstacle == PROBLEM_NONE)
        progress->obstacle = wizard->failure;
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        enum step_state state = progress->states[i] = step_state(wizard, step);
        if (progress->obstacle == PROBLEM_NONE)
            progress->obstacle = obstacle_of(wizard, step, state);
        /* The account is complete without a sign-out, and there is always an action left. */
        if (state == STATE_NOT_APPLICABLE || step->kind == STEP_ACTIONS || step->kind == STEP_SIGN_OUT)
            continue;
        progress->needed++;
        progress->done += state == STATE_SENT;
        if (!progress->next && state != STATE_SENT && state != STATE_WAITING)
            progress->next = step;
    }
    progress->complete = progress->needed > 0 && progress->done == progress->needed && !wizard->candidate && !wizard_unsaved(wizard) &&
                         progress->not_compared.kind == PROBLEM_NONE;
}

void progress_clear(struct progress *progress)
{
    free(progress->states);
    problem_clear(&progress->not_compared);
    *progress = (struct progress){0};
}

char *progress_why_not(const struct wizard *wizard, const struct progress *progress, const struct step *step)
{
    struct text missing = {0};
    for (size_t i = 0; i < value_count(step->needs); i++) {
        const struct step *needed = checklist_step(wizard->options.checklist, value_item(step->needs, i)->text);
        if (needed && !state_is_done(progress->states[wizard_step_index(wizard, needed)]))
            text_addf(&missing, "%s%s", missing.size ? ", " : "", needed->title);
    }
    if (!missing.size)
        return NULL;
    char *why = text_format("To be done first: %s.", missing.bytes);
    text_clear(&missing);
    return why;
}

char *step_why_not(const struct wizard *wizard, const struct step *step)
{
    struct progress progress;
    progress_read(wizard, &progress);
    char *why = progress_why_not(wizard, &progress, step);
    progress_clear(&progress);
    return why;
}

bool wizard_complete(const struct wizard *wizard)
{
    struct progress progress;
    progress_read(wizard, &progress);
    bool complete = progress.complete;
    progress_clear(&progress);
    return complete;
}

int wizard_exit_status(const struct wizard *wizard)
{
    struct progress progress;
    progress_read(wizard, &progress);
    int status = progress.complete ? 0 : progress.obstacle == PROBLEM_NONE ? 3 : problem_exit_status(progress.obstacle);
    progress_clear(&progress);
    return status;
}
