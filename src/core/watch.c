/* A wizard that is read-only: it reads and shows, and nothing else leaves it, whatever event led to it. */
#include "base/mem.h"
#include "private.h"

#define WATCHING "You are watching: nothing can be changed or sent here."

static struct pending *pending_of(const struct wizard *wizard, unsigned number)
{
    for (size_t i = 0; i < wizard->pending_count; i++)
        if (wizard->pending[i].number == number)
            return &wizard->pending[i];
    return NULL;
}

/* A session that watches sends GET only. `status --refresh` also reads where a service wants a POST for it. */
static bool reads(const struct wizard *wizard, const struct effect *effect)
{
    const struct pending *pending = pending_of(wizard, effect->number);
    return text_same(effect->request.method, "GET") || (!wizard->options.watches && pending && pending->why != ASKED_JOB);
}

static bool is_allowed(const struct wizard *wizard, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_REQUEST:
        return reads(wizard, effect);
    case EFFECT_CANCEL:
    case EFFECT_TIMER:
    case EFFECT_END:
        return true;
    case EFFECT_SAVE:
    case EFFECT_SAVE_SOON:
    case EFFECT_CHECK:
    case EFFECT_CHECK_STOP:
    case EFFECT_SIGN_IN:
    case EFFECT_SIGN_IN_STOP:
    case EFFECT_RENEW:
    case EFFECT_TOKEN:
    case EFFECT_SIGN_OUT:
        break;
    }
    return false;
}

static void not_asked(struct wizard *wizard, unsigned number)
{
    struct pending *pending = pending_of(wizard, number);
    if (!pending)
        return;
    if (pending->why == ASKED_LOAD) {
        struct loading *loading = &wizard->loadings[wizard_step_index(wizard, pending->step)];
        loading->pending--;
        problem_set(&loading->failed, PROBLEM_LATER, "%s", WATCHING);
    } else if (pending->why == ASKED_SET) {
        wizard_set(wizard, pending->set, true)->asked = false;
    }
    bool job = pending->why == ASKED_JOB;
    pending_drop(wizard, (size_t)(pending - wizard->pending));
    if (job)
        job_end(wizard);
}

/* Stop waiting for what was not done. Return true if the administrator asked for it: the reason is then shown. */
static bool undo(struct wizard *wizard, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_SAVE:
    case EFFECT_SAVE_SOON:
        return false;       /* where one is and what is typed is lost with the session */
    case EFFECT_REQUEST:
        not_asked(wizard, effect->number);
        break;
    case EFFECT_CHECK:
        wizard->checking = false;
        break;
    case EFFECT_SIGN_IN:
    case EFFECT_TOKEN:
        wizard->phase = SIGN_IN_NONE;
        break;
    case EFFECT_RENEW:
    case EFFECT_SIGN_OUT:
        wizard->signing = false;
        wizard->after_action = NULL;
        break;
    case EFFECT_CANCEL: case EFFECT_TIMER: case EFFECT_END: case EFFECT_CHECK_STOP: case EFFECT_SIGN_IN_STOP:
        break;
    }
    return true;
}

void watch_tell(struct wizard *wizard, bool bad)
{
    if (wizard->options.watches)
        wizard_notice(wizard, bad, "%s", WATCHING);
}

void watch_filter(struct wizard *wizard, struct effects *effects)
{
    bool told = false;
    for (size_t i = 0; wizard->options.read_only && i < effects->count;) {
        if (is_allowed(wizard, &effects->items[i])) {
            i++;
            continue;
        }
        told = undo(wizard, &effects->items[i]) || told;
        effects_drop(effects, i);
    }
    if (told)
        watch_tell(wizard, true);
}
