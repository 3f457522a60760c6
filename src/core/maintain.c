/*
 * Actions of a step: asked about, run on the service, then what the program itself does: a page of the web site to open,
 * what was changed elsewhere to compare, new tokens, the sign-out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

void action_begin(struct wizard *wizard, const struct action *action)
{
    if (action->run)
        job_start(wizard, wizard->step, action, false);
    else
        action_go_on(wizard, action);
}

void action_do(struct wizard *wizard, const struct action *action)
{
    if (!wizard_signed_in(wizard)) {
        wizard_failed(wizard, NULL, PROBLEM_SIGN_IN);
        wizard_notice(wizard, true, "Sign in first.");
    } else if (action->confirm || action->type)
        confirm_ask(wizard, QUESTION_ACTION, action);
    else
        action_begin(wizard, action);
}

/*
 * Whether the end of its operations proves what the action was for: the state is read afterwards, nothing was changed, or the
 * response itself was examined (`refuse`).
 */
static bool is_proven(const struct wizard *wizard, const struct action *action)
{
    bool proven = true;
    for (size_t i = 0; i < value_count(action->run) && !action->done_when; i++) {
        const struct operation *operation = step_operation(wizard, action->run, i);
        proven = proven && (text_same(operation->method, "GET") || operation->refuse);
    }
    return proven;
}

void action_done(struct wizard *wizard)
{
    const struct action *action = wizard->job.action;
    const char *said = wizard->job.say;
    if (!is_proven(wizard, action))
        wizard_notice(wizard, false, "The service accepted the request \"%s\".%s%s", action->label, said ? " " : "", said ? said : "");
    else
        wizard_notice(wizard, false, "%s", action->done ? action->done : said ? said : "Done.");
    job_end(wizard);
    action_go_on(wizard, action);
}

/* The first name of a condition that has another value, and that value. */
static const char *unmet(const struct wizard *wizard, const struct value *when, const char **found)
{
    struct scope scope = wizard_scope_of(wizard, wizard->answers);
    for (size_t i = 0; i < value_count(when); i++) {
        struct value *one = value_new_map();
        value_put(one, value_name(when, i), value_copy(value_item(when, i)));
        bool holds = condition_holds(one, &scope);
        value_free(one);
        if (holds)
            continue;
        *found = value_text(wizard->facts, value_name(when, i));
        return value_name(when, i);
    }
    return NULL;
}

/* An action that clears the account ends its sign-ins too: a service that no longer accepts this one has done it. */
static bool ended_its_sign_in(struct wizard *wizard, const struct action *action)
{
    if (action->kind != ACTION_SIGN_OUT || !action->forget || wizard_signed_in(wizard))
        return false;
    wizard->return_step = NULL;
    if (wizard->failure == PROBLEM_SIGN_IN)
        wizard->failure = PROBLEM_NONE;
    return true;
}

void action_read_back(struct wizard *wizard, bool fresh)
{
    const struct step *step = wizard->job.step;
    const struct action *action = wizard->job.action;
    const char *found = NULL, *name = fresh ? unmet(wizard, action->done_when, &found) : NULL;
    if (fresh ? !name : ended_its_sign_in(wizard, action)) {
        action_done(wizard);
        return;
    }
    wizard_failed(wizard, step, PROBLEM_SERVICE);
    if (fresh) {
        wizard_notice(wizard, true, "The service accepted the request \"%s\", but did not carry it out: %s is \"%s\". Check the account on the "
                      "service, then try again.", action->label, name, found ? found : "");
    } else {
        char *why = mem_copy(wizard->notice);
        wizard_notice(wizard, true, "The service accepted the request \"%s\", but the result could not be read: %s", action->label, why ? why : "");
        free(why);
    }
    job_end(wizard);
}

static void open_page(struct wizard *wizard, const struct action *action)
{
    wizard->shown_action = action;
    value_put(wizard->place, "online", value_new_scalar(SCALAR_YESNO, "yes"));      /* coming back compares, also after a drop */
    place_enter(wizard, SCREEN_ADDRESS, wizard->step, NULL);
    wizard_save(wizard);
}

void action_go_on(struct wizard *wizard, const struct action *action)
{
    if (action->forget)
        wizard_forget_service(wizard);
    wizard_mended(wizard, wizard->step);
    wizard_save(wizard);
    switch (action->kind) {
    case ACTION_PLAIN:
        if (action->done)
            wizard_notice(wizard, false, "%s", action->done);
        break;
    case ACTION_COMPARE:
        maintain_compare(wizard);
        break;
    case ACTION_RENEW:
        wizard->signing = true;
        effects_add(wizard->effects, EFFECT_RENEW);
        break;
    case ACTION_SIGN_OUT:
        wizard->after_action = action;
        sign_out(wizard, SIGN_OUT_REVOKE);
        break;
    }
    if (action->open)
        open_page(wizard, action);
}

static bool loads(const struct wizard *wizard, const struct step *step)
{
    return step->kind == STEP_FORM && value_count(step->load) && step_applies(wizard, step);
}

void maintain_compare(struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    value_drop(wizard->place, "online");
    wizard->comparing = true;
    wizard_retry_sets(wizard);
    for (size_t i = 0; i < checklist->step_count; i++)
        if (loads(wizard, &checklist->steps[i])) {
            wizard->loadings[i].fresh = false;
            load_step(wizard, &checklist->steps[i]);
        }
    maintain_heard(wizard);
}

void maintain_entered(struct wizard *wizard)
{
    if (value_yes(wizard->place, "online") && wizard_signed_in(wizard))
        maintain_compare(wizard);
}

/* Whether every step that reads something was read completely. */
static bool read_all(const struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    bool all = true;
    for (size_t i = 0; i < checklist->step_count; i++)
        all = all && (!loads(wizard, &checklist->steps[i]) || wizard->loadings[i].fresh);
    return all;
}

void maintain_heard(struct wizard *wizard)
{
    if (!wizard->comparing || wizard->pending_count)
        return;
    wizard->comparing = false;
    bool all = read_all(wizard);
    size_t count = drift_count(wizard);
    char *why = all ? NULL : mem_copy(wizard->notice);
    if (!all)
        wizard_failed(wizard, wizard->step, PROBLEM_SERVICE);       /* unless the reason is known already */
    if (count) {
        place_enter(wizard, SCREEN_DRIFT, wizard->step, NULL);
        wizard_failed(wizard, wizard->step, PROBLEM_CHANGED);
        wizard_notice(wizard, !all, "%zu value%s changed on the service. Nothing was overwritten. Choose for each.%s%s", count,
                      count == 1 ? " was" : "s were", all ? "" : " Some steps could not be compared: ", why ? why : "");
    } else if (!all) {
        wizard_notice(wizard, true, "Not compared with the service: %s", why ? why : "some steps could not be read.");
    } else {
        wizard_mended(wizard, wizard->step);
        wizard_notice(wizard, false, "Compared with the service: no changes were found.");
    }
    free(why);
}

void maintain_settled(struct wizard *wizard)
{
    if (wizard->screen != SCREEN_DRIFT || drift_count(wizard))
        return;
    place_back(wizard);
    wizard_mended(wizard, wizard->step);
    bool kept = false;
    for (size_t i = 0; i < wizard->options.checklist->step_count; i++) {
        const struct step *step = &wizard->options.checklist->steps[i];
        kept = kept || (step_applies(wizard, step) && step->field_count && step_needs_sending(wizard, step, wizard->held));
    }
    wizard_notice(wizard, false, kept ? "Every value is chosen. Your values will be sent when you choose \"Send everything that is saved\"."
                                      : "Every value is chosen. Your answers now match the service.");
}

void maintain_view(const struct wizard *wizard, struct view *view)
{
    const struct action *action = wizard->shown_action;
    const char *address = wizard->options.address;
    size_t size = address ? strlen(address) : 0;
    while (size && address[size - 1] == '/')
        size--;
    view->title = action->label;
    view->guide = action->help;
    view->address = view_own(view, text_format("%.*s%s", (int)size, address ? address : "", action->open));
    view->submit = "I am done there: compare";
}
