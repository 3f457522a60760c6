/* What the administrator asks for on a screen: its main action, one of a step's actions, or to stop waiting. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

/* Whether the answers of the step are good; what is wrong with them is told. */
static bool is_good(struct wizard *wizard)
{
    const struct step *step = wizard->step;
    struct problems *problems = &wizard->problems[wizard_step_index(wizard, step)];
    if (answers_check_step(wizard, step, problems))
        return true;
    wizard_failed(wizard, step, PROBLEM_ANSWER);
    char *first = mem_copy(problems->items[0].field);
    place_enter(wizard, SCREEN_FORM, step, first);
    wizard_notice(wizard, true, "%zu problem%s to mend first: %s.", problems->count, problems->count == 1 ? "" : "s",
                  problems->items[0].text);
    free(first);
    return false;
}

static void sign_in(struct wizard *wizard)
{
    struct problem why = {0};
    struct scope scope = wizard_scope(wizard);
    if (wizard->screen == SCREEN_SIGN_IN && wizard->step->field_count) {
        place_open(wizard, wizard->step, NULL);     /* the sign-in has ended meanwhile: its fields are asked again */
        return;
    }
    if (wizard->phase == SIGN_IN_STARTING || !is_good(wizard))
        return;
    wizard->phase = SIGN_IN_STARTING;
    struct effect *effect = effects_add(wizard->effects, EFFECT_SIGN_IN);
    scope.secrets = value_member(wizard->login, "secrets");
    if (wizard->options.service->enter &&
        !operation_request(wizard->options.service, wizard->options.service->enter, &scope, false, NULL, &effect->request, &why))
        wizard_notice(wizard, true, "%s", why.text);
    problem_clear(&why);
}

static void submit_form(struct wizard *wizard)
{
    const struct step *step = wizard->step;
    if (!is_good(wizard))
        return;
    char *why = step_why_not(wizard, step);
    if (step->field_count || !why)
        value_put(wizard->accepted, step->id, value_new_scalar(SCALAR_YESNO, "yes"));
    if (!wizard->loadings[wizard_step_index(wizard, step)].fresh)
        value_put(wizard->unread, step->id, value_new_scalar(SCALAR_YESNO, "yes"));
    wizard_save(wizard);
    if (why || !wizard_signed_in(wizard)) {
        const struct step *next = step->field_count ? place_next_step(wizard, step) : NULL;
        if (!wizard_signed_in(wizard) && wizard->failure == PROBLEM_NONE)
            wizard_failed(wizard, NULL, PROBLEM_SIGN_IN);
        if (next)
            place_open(wizard, next, NULL);
        wizard_notice(wizard, !step->field_count, "%s%s. %s", step->title, step->field_count ? ": saved, not sent yet" : " cannot be done yet",
                      why ? why : "Sign in, and it can be sent.");
    } else {
        job_start(wizard, step, NULL, false);
    }
    free(why);
}

void submit_action(struct wizard *wizard, const char *id)
{
    if (text_same(id, ACTION_RELOAD) && wizard->step) {
        wizard->loadings[wizard_step_index(wizard, wizard->step)].fresh = false;
        load_step(wizard, wizard->step);
    }
    if (text_same(id, ACTION_SEND_ALL) && wizard_signed_in(wizard) && job_may_start(wizard))
        job_send_saved(wizard);
    for (size_t i = 0; wizard->step && i < wizard->step->action_count; i++)
        if (text_same(wizard->step->actions[i].id, id) && job_may_start(wizard)) {
            if (wizard_signed_in(wizard))
                job_start(wizard, wizard->step, &wizard->step->actions[i], false);
            else
                wizard_notice(wizard, true, "Sign in first.");
        }
}

void submit_screen(struct wizard *wizard)
{
    const struct step *step = wizard->step;
    if (wizard->screen == SCREEN_ROW) {
        if (answers_accept_row(wizard)) {
            place_enter(wizard, SCREEN_FORM, step, wizard->table);
            return;
        }
        place_enter(wizard, SCREEN_ROW, step, wizard->row_problems.items[0].field);
        wizard_notice(wizard, true, "%s.", wizard->row_problems.items[0].text);
    } else if (wizard->screen == SCREEN_CHECKS) {
        value_free(wizard->running);
        wizard->running = value_new_map();
        wizard->checking = true;
        struct effect *effect = effects_add(wizard->effects, EFFECT_CHECK);
        effect->checks = step->checks;
        effect->check_count = step->check_count;
    } else if (place_signs_in(wizard) && !wizard_signed_in(wizard)) {
        sign_in(wizard);
    } else if (wizard->screen == SCREEN_SIGN_IN) {
        const struct step *next = place_next_step(wizard, step);
        if (next)
            place_open(wizard, next, NULL);
    } else if (wizard->screen == SCREEN_FORM && step->kind == STEP_SIGN_OUT) {
        effects_add(wizard->effects, EFFECT_SIGN_OUT);
    } else if (wizard->screen == SCREEN_FORM && job_may_start(wizard)) {
        submit_form(wizard);
    } else if (wizard->screen == SCREEN_HOME || wizard->screen == SCREEN_END) {
        submit_action(wizard, ACTION_SEND_ALL);
    }
}

void submit_cancel(struct wizard *wizard)
{
    if (wizard->checking) {
        wizard->checking = false;
        effects_add(wizard->effects, EFFECT_CHECK_STOP);
    } else if (place_signs_in(wizard) && (wizard->phase == SIGN_IN_STARTING || wizard->phase == SIGN_IN_CODE)) {
        wizard->phase = SIGN_IN_NONE;
        effects_add(wizard->effects, EFFECT_SIGN_IN_STOP);
    } else if (wizard->job.phase != JOB_NONE) {
        job_cancel(wizard);
    }
}
