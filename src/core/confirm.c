/* Questions that are answered with yes or no; no, Enter and Esc change nothing. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

void confirm_ask(struct wizard *wizard, enum question question, const struct action *action)
{
    if (wizard->screen != SCREEN_CONFIRM)
        wizard->return_screen = wizard->screen;
    wizard->question = question;
    wizard->asked_action = action;
    free(wizard->typed);
    wizard->typed = NULL;
    wizard->mistyped = false;
    place_enter(wizard, SCREEN_CONFIRM, wizard->step, NULL);
}

/* The save is tried again: the question then says whether it succeeded. */
void confirm_unsaved(struct wizard *wizard)
{
    confirm_ask(wizard, QUESTION_LEAVE, NULL);
    wizard_save(wizard);
}

void confirm_typed(struct wizard *wizard, const struct value *value)
{
    free(wizard->typed);
    wizard->typed = mem_copy(value ? value->text : NULL);
    wizard->mistyped = false;
}

/* What must be typed; NULL: nothing. */
static const char *wanted(const struct wizard *wizard)
{
    const struct action *action = wizard->question == QUESTION_ACTION ? wizard->asked_action : NULL;
    const char *text = action && action->type ? value_text(wizard->answers, action->type) : NULL;
    return action && action->type ? text ? text : "" : NULL;
}

void confirm_answer(struct wizard *wizard, bool yes, const char *typed)
{
    if (wizard->screen != SCREEN_CONFIRM)
        return;
    if (wizard->question == QUESTION_LEAVE && yes) {
        wizard_end(wizard);
        return;
    }
    if (!typed)
        typed = wizard->typed ? wizard->typed : "";
    if (yes && wanted(wizard) && !text_same(typed, wanted(wizard))) {
        wizard->mistyped = true;
        wizard_failed(wizard, NULL, PROBLEM_ANSWER);
        wizard_notice(wizard, true, "That is not what must be typed. Nothing was done.");
        return;
    }
    place_enter(wizard, wizard->return_screen, wizard->step, NULL);
    switch (wizard->question) {
    case QUESTION_LEAVE:
        break;
    case QUESTION_ACTION:
        if (yes)
            action_begin(wizard, wizard->asked_action);
        break;
    case QUESTION_ACCOUNT:
        if (yes) {
            sign_in_accept(wizard);
        } else {
            value_free(wizard->candidate);
            wizard->candidate = NULL;
            effects_add(wizard->effects, EFFECT_SIGN_OUT);
        }
        break;
    }
}

static void action_view(const struct wizard *wizard, struct view *view)
{
    const struct action *action = wizard->asked_action;
    const struct field *field = action->type ? checklist_field(wizard->options.checklist, action->type, NULL) : NULL;
    view->title = action->label;
    view->question = action->confirm ? action->confirm : action->help;
    view->yes = action->label;
    view->no = "Change nothing";
    if (!field)
        return;
    static const struct problem mistyped = {.kind = PROBLEM_ANSWER, .text = (char *)"That is something else",
                                            .advice = (char *)"Type it as it is in the question, or change nothing"};
    const char *text = wanted(wizard);
    view->question = view_own(view, text_format("%s%sType %s to go on: %s", view->question ? view->question : "", view->question ? "\n" : "",
                                                field->label, *text ? text : "(it is empty)"));
    struct control_view *control = view_add_control(view, field, "confirm.text", field->label);
    control->text = wizard->typed ? wizard->typed : "";
    control->required = false;
    if (wizard->mistyped) {
        control->problem = &mistyped;
        control->problem_count = 1;
    }
}

void confirm_view(const struct wizard *wizard, struct view *view)
{
    switch (wizard->question) {
    case QUESTION_LEAVE:
        view->question = view_own(view, text_format("%s Exit?", view->saved));
        view->yes = "Exit";
        view->no = "Stay";
        break;
    case QUESTION_ACTION:
        action_view(wizard, view);
        break;
    case QUESTION_ACCOUNT:
        view->title = "Another account";
        view->question = view_own(view, sign_in_question(wizard));
        view->yes = "Go on with this account";
        view->no = "Sign out again";
        break;
    }
}
