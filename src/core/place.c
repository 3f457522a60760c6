/* Where the administrator is: which screen, which step, which field; how one gets there and back. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

const struct step *place_next_step(const struct wizard *wizard, const struct step *after)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = after ? wizard_step_index(wizard, after) + 1 : 0; i < checklist->step_count; i++)
        if (checklist->steps[i].kind != STEP_ACTIONS && step_applies(wizard, &checklist->steps[i]))
            return &checklist->steps[i];
    return NULL;
}

void place_enter(struct wizard *wizard, enum screen screen, const struct step *step, const char *focus)
{
    char *copy = mem_copy(focus);
    wizard->screen = screen;
    wizard->step = step;
    free(wizard->focus);
    wizard->focus = copy;
    wizard->entered++;
    wizard->finding = false;
    free(wizard->notice);
    wizard->notice = NULL;
    value_put_text(wizard->place, "step", step ? step->id : NULL);
    value_put_text(wizard->place, "field", copy);
    value_put_text(wizard->place, "table", screen == SCREEN_ROW ? wizard->table : NULL);
    value_put_text(wizard->place, "row", screen == SCREEN_ROW ? wizard->row : NULL);
    effects_add(wizard->effects, EFFECT_SAVE_SOON);
}

void place_open(struct wizard *wizard, const struct step *step, const char *focus)
{
    switch (step->kind) {
    case STEP_CHECKS:
        place_enter(wizard, SCREEN_CHECKS, step, focus);
        break;
    case STEP_SIGN_IN:
        place_enter(wizard, step->field_count && !wizard_signed_in(wizard) ? SCREEN_FORM : SCREEN_SIGN_IN, step, focus);
        sign_in_entered(wizard);
        break;
    case STEP_SIGN_OUT:
    case STEP_ACTIONS:
    case STEP_FORM:
        place_enter(wizard, SCREEN_FORM, step, focus);
        break;
    }
    wizard_retry_sets(wizard);      /* opening it again is trying again */
    if ((step->kind == STEP_FORM || step->kind == STEP_ACTIONS) && wizard->job.step != step)
        load_step(wizard, step);
    if (step->kind == STEP_ACTIONS)
        maintain_entered(wizard);
}

bool place_signs_in(const struct wizard *wizard)
{
    return wizard->step && wizard->step->kind == STEP_SIGN_IN && 
           (wizard->screen == SCREEN_SIGN_IN || wizard->screen == SCREEN_FORM || wizard->screen == SCREEN_TOKEN);
}

static void go_home(struct wizard *wizard)
{
    const char *from = wizard->step ? wizard->step->id : NULL;
    place_enter(wizard, SCREEN_HOME, NULL, from);
}

void place_back(struct wizard *wizard)
{
    switch (wizard->screen) {
    case SCREEN_HOME:
    case SCREEN_END:
        confirm_ask(wizard, QUESTION_LEAVE, NULL);
        break;
    case SCREEN_ROW:
        place_enter(wizard, SCREEN_FORM, wizard->step, wizard->table);
        break;
    case SCREEN_PLAN:
    case SCREEN_PROBLEMS:
        if (wizard->step)
            place_resume(wizard);
        else
            go_home(wizard);
        break;
    case SCREEN_CONFIRM:
        confirm_answer(wizard, false, NULL);
        break;
    case SCREEN_TOKEN:
    case SCREEN_ADDRESS:
    case SCREEN_DRIFT:
        place_open(wizard, wizard->step, NULL);
        break;
    case SCREEN_FORM:
    case SCREEN_CHECKS:
    case SCREEN_SIGN_IN:
        go_home(wizard);
        break;
    }
}

/*
 * A step that has nothing but its button, such as "Sign out": an Enter typed to wake a connection must not press it. The next
 * start comes back to its line in the list of steps.
 */
static bool acts_at_once(const struct wizard *wizard, const struct step *step)
{
    bool button = step->kind == STEP_FORM && !step->field_count && step_state(wizard, step) != STATE_WAITING;
    return wizard->screen == SCREEN_HOME && (step->kind == STEP_SIGN_OUT || button);
}

void place_resume(struct wizard *wizard)
{
    const char *id = value_member_text(wizard->place, "step"), *table = value_member_text(wizard->place, "table");
    const struct step *step = id ? checklist_step(wizard->options.checklist, id) : NULL;
    if (!step || !step_applies(wizard, step))
        return;
    if (acts_at_once(wizard, step)) {
        place_enter(wizard, SCREEN_HOME, NULL, step->id);
        return;
    }
    char *focus = mem_copy(value_member_text(wizard->place, "field")), *name = mem_copy(table);
    char *row = mem_copy(value_member_text(wizard->place, "row"));
    wizard->resuming = true;
    place_open(wizard, step, focus);
    wizard->resuming = false;
    if (name)
        answers_open_row(wizard, name, row, focus);
    free(focus);
    free(name);
    free(row);
}

/* A screen beside the way: the place stays where one comes back to. */
static void enter_aside(struct wizard *wizard, enum screen screen)
{
    struct value *place = value_copy(wizard->place);
    place_enter(wizard, screen, wizard->step, NULL);
    value_merge(wizard->place, place);
    value_free(place);
}

void place_plan(struct wizard *wizard, const char *id)
{
    const struct checklist *checklist = wizard->options.checklist;
    wizard->plan_step = id ? checklist_step(checklist, id) : NULL;
    enter_aside(wizard, SCREEN_PLAN);
    wizard_retry_sets(wizard);
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        if (step->kind == STEP_FORM && step_applies(wizard, step) && (!wizard->plan_step || wizard->plan_step == step)) {
            wizard->loadings[i].fresh = false;
            load_step(wizard, step);
        }
    }
}

void place_problems(struct wizard *wizard)
{
    problems_gather(wizard);
    enter_aside(wizard, SCREEN_PROBLEMS);
}
