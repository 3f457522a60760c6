/* A long operation of the service: it is polled until it has ended, also while the service does not answer. */
#include <stdlib.h>

#include "private.h"

static void poll_later(struct wizard *wizard, const struct operation *operation, int wanted_s)
{
    struct job *job = &wizard->job;
    if (!job->again_since)
        job->again_since = wizard->now;
    int wait = again_wait_s(&operation->again, wizard->now - job->again_since, wanted_s);
    job->phase = JOB_AGAIN;
    job->until = wizard->now + wait;
    job->number = ++wizard->last_number;
    struct effect *effect = effects_add(wizard->effects, EFFECT_TIMER);
    effect->number = job->number;
    effect->seconds = wait;
    wizard_save(wizard);
}

bool poll_again(struct wizard *wizard, const struct pending *pending, const struct response *response)
{
    struct job *job = &wizard->job;
    char *say = NULL;
    int percent = -1;
    bool again = operation_again(pending->operation, response, &percent, &say);
    if (say) {
        free(job->say);
        job->say = say;
    }
    job->percent = percent;
    if (!again)
        return false;
    if (job->missed) {
        wizard_mended(wizard, job->step);
        wizard_notice(wizard, false, "The service answers again.");
    }
    job->missed = 0;
    poll_later(wizard, pending->operation, response->retry_after_s);
    return true;
}

/* How often the pause is doubled for a service that does not answer, and its end: it may be down for the night. */
enum { MISSED_MOST = 6, PAUSE_MOST_S = 600 };

/* Whether it is an answer that says nothing about the work: none at all, or that of a service that is down or busy. */
static bool tells_nothing(const struct response *response)
{
    if (response->problem.kind != PROBLEM_NONE)
        return response->problem.kind == PROBLEM_UNREACHABLE || response->problem.kind == PROBLEM_LATER;
    return response->status >= 500 || response->status == 408 || response->status == 425 || response->status == 429;
}

/*
 * What the service works on goes on while it cannot be asked: it is asked again, with pauses that grow. An unattended run
 * ends after a while, about 20 minutes for `every: 10`, since nobody is there who would; the next one goes on.
 */
bool poll_missed(struct wizard *wizard, const struct pending *pending, const struct response *response)
{
    struct job *job = &wizard->job;
    const struct again *again = &pending->operation->again;
    if (!again->every_s || !tells_nothing(response) || (!wizard->options.attended && job->missed == MISSED_MOST))
        return false;
    if (job->missed < MISSED_MOST)
        job->missed++;
    int pause = again->every_s << job->missed;
    pause = pause < PAUSE_MOST_S ? pause : PAUSE_MOST_S;
    poll_later(wizard, pending->operation, response->retry_after_s > pause ? response->retry_after_s : pause);
    bool busy = response->status == 429 || response->status == 503 || response->problem.kind == PROBLEM_LATER;
    wizard_failed(wizard, job->step, busy ? PROBLEM_LATER : PROBLEM_UNREACHABLE);
    wizard_notice_saved(wizard, true, "%s.",
                  response->problem.kind != PROBLEM_NONE ? response->problem.text : "The service does not answer at the moment");
    return true;
}
