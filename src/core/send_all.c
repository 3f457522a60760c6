/* Sending every saved step, one after the other: what was sent and what was not is reported at the end. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static bool is_ready(const struct wizard *wizard, const struct step *step)
{
    char *why = step_why_not(wizard, step);
    bool ready = !why && step->field_count && step_state(wizard, step) == STATE_SAVED;
    free(why);
    return ready;
}

static bool start_next(struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = 0; i < checklist->step_count; i++)
        if (is_ready(wizard, &checklist->steps[i])) {
            job_start(wizard, &checklist->steps[i], NULL, true);
            return true;
        }
    return false;
}

/* Why a step with answers to send was not sent, one sentence; NULL if it has none. Yours. */
static char *reason(const struct wizard *wizard, const struct step *step)
{
    switch (step_state(wizard, step)) {
    case STATE_SAVED:
        return step_why_not(wizard, step);
    case STATE_REFUSED:
        return step->field_count ? mem_copy("The service rejected it: open the step and fix its problems.") : NULL;
    case STATE_CHANGED:
        return mem_copy("It was changed on the service: open the step and choose.");
    case STATE_TODO: case STATE_PROGRESS: case STATE_SENT: case STATE_WAITING: case STATE_NOT_APPLICABLE: case STATE_ANY_TIME:
        break;
    }
    return NULL;
}

static void report(struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    struct text text = {0};
    bool bad = false;
    if (wizard->sent_titles)
        text_addf(&text, "Sent: %s.", wizard->sent_titles);
    for (size_t i = 0; i < checklist->step_count && !bad; i++) {
        char *why = reason(wizard, &checklist->steps[i]);
        bad = why != NULL;
        if (bad)
            text_addf(&text, "%sNot sent: %s. %s", text.size ? " " : "", checklist->steps[i].title, why);
        free(why);
    }
    if (!text.size)
        text_add(&text, wizard_complete(wizard) ? "Nothing to send: every step is done." : "Nothing to send: no step is saved and not sent yet.");
    wizard_notice(wizard, bad, "%s", text.bytes);
    text_clear(&text);
}

void send_all(struct wizard *wizard)
{
    free(wizard->sent_titles);
    wizard->sent_titles = NULL;
    if (!wizard_signed_in(wizard)) {
        wizard_failed(wizard, NULL, PROBLEM_SIGN_IN);
        wizard_notice(wizard, true, "Nothing was sent: sign in first.");
    } else if (!job_may_start(wizard))
        wizard_notice(wizard, true, JOB_BUSY);
    else if (!start_next(wizard))
        report(wizard);
}

void send_all_next(struct wizard *wizard, const struct step *sent)
{
    const char *before = wizard->sent_titles;
    char *titles = text_format("%s%s%s", before ? before : "", before ? ", " : "", sent->title);
    free(wizard->sent_titles);
    wizard->sent_titles = titles;
    if (!start_next(wizard))
        report(wizard);
}
