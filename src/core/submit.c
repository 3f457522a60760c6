/* What the administrator asks for on a screen: its main action, one of a step's actions, or to stop waiting. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

/* Conditions may ask for it: what is maintained was set up before. */
static void accept(struct wizard *wizard, const struct step *step)
{
    char *fact = text_format("steps.%s.submitted", step->id);
    value_put(wizard->accepted, step->id, value_new_scalar(SCALAR_YESNO, "yes"));
    value_set_value(wizard->facts, fact, value_new_scalar(SCALAR_YESNO, "yes"));
    free(fact);
}

/* Whether the answers of the step are good; what is wrong with them is told. */
bool submit_is_good(struct wizard *wizard)
{
    const struct step *step = wizard->step;
    struct problems *problems = &wizard->problems[wizard_step_index(wizard, step)];
    if (answers_check_step(wizard, step, problems))
        return true;
    problems_name(wizard, step, problems);
    wizard_failed(wizard, step, PROBLEM_ANSWER);
    char *first = mem_copy(problems->items[0].field);
    place_enter(wizard, SCREEN_FORM, step, first);
    wizard_notice(wizard, true, "%zu problem%s to mend first: %s.", problems->count, problems->count == 1 ? "" : "s",
                  problems->items[0].text);
    free(first);
    return false;
}

static void submit_form(struct wizard *wizard)
{
    const struct step *step = wizard->step;
    if (!submit_is_good(wizard))
        return;
    char *why = step_why_not(wizard, step);
    if (step->field_count || !why)
        accept(wizard, step);
    if (!wizard->loadings[wizard_step_index(wizard, step)].fresh)
        value_put(wizard->unread, step->id, value_new_scalar(SCALAR_YESNO, "yes"));
    wizard_save(wizard);
    if (why || !wizard_signed_in(wizard)) {
        const struct step *next = step->field_count ? place_next_step(wizard, step) : NULL;
        if (!wizard_signed_in(wizard) && wizard->failure == PROBLEM_NONE)
            wizard_failed(wizard, NULL, PROBLEM_SIGN_IN);
        if (next)
            place_open(wizard, next, NULL);
        if (step->field_count)
            wizard_notice_saved(wizard, false, "%s is not sent yet. %s", step->title, why ? why : "Sign in, and it can be sent.");
        else
            wizard_notice(wizard, true, "%s cannot be done yet. %s", step->title, why ? why : "Sign in first.");
    } else {
        job_start(wizard, step, NULL, false);
    }
    free(why);
}

void submit_action(struct wizard *wizard, const char *id)
{
    if (wizard->screen == SCREEN_CONFIRM) {
        confirm_do(wizard, id);
        return;
    }
    if (text_same(id, ACTION_TOKEN) && wizard->screen == SCREEN_SIGN_IN && !wizard_signed_in(wizard))
        place_enter(wizard, SCREEN_TOKEN, wizard->step, NULL);
    if (text_same(id, ACTION_RELOAD) && wizard->step) {
        wizard->loadings[wizard_step_index(wizard, wizard->step)].fresh = false;
        wizard_retry_sets(wizard);
        load_step(wizard, wizard->step);
    }
    if (text_same(id, ACTION_SEND_ALL))
        send_all(wizard);
    for (size_t i = 0; wizard->step && i < wizard->step->action_count; i++) {
        const struct action *action = &wizard->step->actions[i];
        struct scope scope = wizard_scope_of(wizard, wizard->answers);
        if (!text_same(action->id, id) || !condition_holds(action->when, &scope))
            continue;
        if (job_may_start(wizard))
            action_do(wizard, action);
        else
            wizard_notice(wizard, true, JOB_BUSY);
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
    } else if (wizard->screen == SCREEN_TOKEN) {
        sign_in_token_submit(wizard);
    } else if (place_signs_in(wizard)) {
        sign_in_submit(wizard);
    } else if (wizard->screen == SCREEN_ADDRESS) {
        place_back(wizard);     /* coming back compares */
    } else if (wizard->screen == SCREEN_FORM && step->kind == STEP_SIGN_OUT) {
        sign_out(wizard, SIGN_OUT_REVOKE);
    } else if (wizard->screen == SCREEN_FORM && job_may_start(wizard)) {
        submit_form(wizard);
    } else if (wizard->screen == SCREEN_FORM) {
        wizard_notice(wizard, true, JOB_BUSY);
    } else if (wizard->screen == SCREEN_HOME || wizard->screen == SCREEN_END) {
        submit_action(wizard, ACTION_SEND_ALL);
    }
}

void submit_cancel(struct wizard *wizard)
{
    if (wizard->checking) {
        wizard->checking = false;
        effects_add(wizard->effects, EFFECT_CHECK_STOP);
    } else if (wizard->comparing) {
        wizard->comparing = false;
        wizard_notice(wizard, false, "Stopped comparing. What was changed elsewhere is seen at its step.");
    } else if (!sign_in_cancel(wizard) && wizard->job.phase != JOB_NONE) {
        job_cancel(wizard);
    }
}
