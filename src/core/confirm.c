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
        wizard_notice(wizard, true, "The text does not match. Nothing was done.");
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
        if (yes)
            sign_in_accept(wizard);
        else
            sign_in_declined(wizard);
        break;
    case QUESTION_REVOKE:
        if (yes)
            sign_out(wizard, SIGN_OUT_GIVEN);
        break;
    case QUESTION_LOCAL:
        if (yes)
            sign_out(wizard, SIGN_OUT_LOCAL);
        break;
    }
}

/* What a question offers beside yes and no; label NULL: nothing. */
static struct action_view offered(const struct wizard *wizard)
{
    switch (wizard->question) {
    case QUESTION_ACCOUNT:
        return (struct action_view){.id = ACTION_OUT, .label = "Sign out of this account", .help = "Revokes this sign-in."};
    case QUESTION_REVOKE:
        return (struct action_view){.id = ACTION_OUT_LOCAL, .label = "Sign out on this server only", .help = "The token stays valid."};
    case QUESTION_LEAVE: case QUESTION_ACTION: case QUESTION_LOCAL:
        break;
    }
    return (struct action_view){0};
}

void confirm_answered(struct wizard *wizard)
{
    bool about_tokens = wizard->question == QUESTION_ACCOUNT || wizard->question == QUESTION_REVOKE || wizard->question == QUESTION_LOCAL;
    if (wizard->screen == SCREEN_CONFIRM && about_tokens)
        place_enter(wizard, wizard->return_screen, wizard->step, NULL);
}

void confirm_do(struct wizard *wizard, const char *id)
{
    const char *offers = offered(wizard).id;
    if (!offers || !text_same(offers, id))
        return;
    enum sign_out how = wizard->question == QUESTION_REVOKE ? SIGN_OUT_LOCAL : SIGN_OUT_REVOKE;
    place_enter(wizard, wizard->return_screen, wizard->step, NULL);
    sign_out(wizard, how);
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
        view->no = "Change nothing";
        break;
    case QUESTION_REVOKE:
        view->title = "Revoke a given token";
        view->question = "This access token was given to the program (--token-file, --token-fd, a credential or typed). Revoke it? Every other "
                         "program that uses it loses access.";
        view->yes = "Revoke the token";
        view->no = "Change nothing";
        break;
    case QUESTION_LOCAL:
        view->title = "Not signed out";
        view->question = view_own(view, text_format("%s. The tokens are still stored here. Sign out on this server only? The tokens are then deleted "
                                                    "here, but stay valid on the service until they expire.", wizard->not_revoked));
        view->yes = "Sign out on this server only";
        view->no = "Change nothing";
        break;
    }
    if (offered(wizard).id) {
        view->actions = mem_new(sizeof *view->actions);
        view->actions[view->action_count++] = offered(wizard);
    }
}
