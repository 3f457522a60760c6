/* What the world tells: results of checks, how a sign-in goes, answers of the service to whoever waits for them. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

void fact_check(struct wizard *wizard, const struct check_fact *fact)
{
    static const char *const words[] = {"running", "pass", "warn", "fail"};
    struct value *line = value_put(wizard->running, fact->id, value_new_map());
    value_put_text(line, "label", fact->label);
    value_put_text(line, "result", words[fact->result]);
    value_put_text(line, "text", fact->text);
    value_put_text(line, "remedy", fact->remedy);
    char *took = text_format("%d", fact->took_ms);
    value_put(line, "took", value_new_scalar(SCALAR_NUMBER, took));
    free(took);
    if (!fact->last)
        return;
    value_put(wizard->checks, fact->id, value_copy(line));
    value_drop(value_member(wizard->checks, fact->id), "took");
    char *ok = text_format("checks.%s.ok", fact->id), *result = text_format("checks.%s.result", fact->id);
    value_set_value(wizard->facts, ok, value_new_scalar(SCALAR_YESNO, fact->result == CHECK_FAIL ? "no" : "yes"));
    value_set(wizard->facts, result, words[fact->result]);
    free(ok);
    free(result);
    const struct step *step = wizard->step;
    bool over = true;
    for (size_t i = 0; step && i < step->check_count; i++)
        over = over && value_text(wizard->running, step->checks[i].id) == NULL && value_member(wizard->running, step->checks[i].id) &&
               !text_same(value_member_text(value_member(wizard->running, step->checks[i].id), "result"), "running");
    if (over) {
        wizard->checking = false;
        if (step && step_state(wizard, step) == STATE_REFUSED)
            wizard_failed(wizard, step, PROBLEM_CHECK);
        else if (step)
            wizard_mended(wizard, step);
    }
    wizard_save(wizard);
}

/* A password is asked for again each time: what was typed serves one try. */
static void forget_login(struct wizard *wizard)
{
    value_put(wizard->login, "secrets", value_new_map());
    value_put(wizard->login, "about", value_new_map());
}

/* The field that was typed for one try, and is typed first for the next. */
static const char *first_secret(const struct step *step)
{
    for (size_t i = 0; i < step->field_count; i++)
        if (step->fields[i].kind == KIND_SECRET)
            return step->fields[i].name;
    return NULL;
}

void fact_sign_in(struct wizard *wizard, const struct sign_in_fact *fact)
{
    wizard->phase = fact->phase;
    if (fact->phase != SIGN_IN_CODE)
        forget_login(wizard);
    switch (fact->phase) {
    case SIGN_IN_NONE:
    case SIGN_IN_STARTING:
        break;
    case SIGN_IN_CODE:
        value_put_text(wizard->sign_in, "address", fact->address);
        value_put_text(wizard->sign_in, "complete", fact->address_complete);
        value_put_text(wizard->sign_in, "code", fact->code);
        char *expires = text_format("%lld", (long long)fact->expires);
        value_put_text(wizard->sign_in, "expires", expires);
        free(expires);
        break;
    case SIGN_IN_DONE: {
        const char *before = value_text(wizard->facts, "sign_in.account");
        bool other = before && fact->account && !text_same(before, fact->account);
        value_set_value(wizard->facts, "sign_in.state", value_new_scalar(SCALAR_YESNO, "yes"));
        value_unset(wizard->facts, "sign_in.out");
        value_set(wizard->facts, "sign_in.user", fact->user);
        value_set(wizard->facts, "sign_in.account", fact->account);
        if (wizard->failure == PROBLEM_SIGN_IN)
            wizard->failure = PROBLEM_NONE;
        wizard_mended(wizard, NULL);
        wizard_save(wizard);
        if (place_signs_in(wizard)) {
            const struct step *next = wizard->return_step ? wizard->return_step : place_next_step(wizard, wizard->step);
            char *field = wizard->return_field;
            wizard->return_step = NULL;
            wizard->return_field = NULL;
            if (next)
                place_open(wizard, next, field);
            free(field);
        } else if (wizard->step) {
            load_step(wizard, wizard->step);
        }
        wizard_notice(wizard, other || fact->note, "%sSigned in as %s%s%s%s%s%s%s", fact->resumed ? "Approved while you were away. " : "",
                      fact->user ? fact->user : "(unknown)", fact->account ? " (account " : "", fact->account ? fact->account : "",
                      fact->account ? ")" : "", other ? ": another account than last time." : ".", fact->note ? " " : "",
                      fact->note ? fact->note : "");
        job_resume(wizard);
        break;
    }
    case SIGN_IN_REFUSED:
    case SIGN_IN_EXPIRED:
    case SIGN_IN_FAILED:
        value_unset(wizard->facts, "sign_in.state");
        if (wizard->screen == SCREEN_FORM && place_signs_in(wizard))
            place_enter(wizard, SCREEN_FORM, wizard->step, first_secret(wizard->step));
        wizard_failed(wizard, NULL, fact->problem && fact->problem->kind != PROBLEM_NONE ? fact->problem->kind : PROBLEM_SIGN_IN);
        wizard_notice(wizard, true, "%s", fact->problem && fact->problem->text ? fact->problem->text
                                          : fact->phase == SIGN_IN_EXPIRED    ? "The code has expired. Ask for a new one."
                                                                              : "The sign-in was refused.");
        break;
    case SIGN_IN_RENEWED:
        value_set(wizard->facts, "sign_in.user", fact->user);
        value_set(wizard->facts, "sign_in.account", fact->account);
        wizard_notice(wizard, false, "The token is renewed, and proven: the old one is given up.");
        wizard_save(wizard);
        break;
    case SIGN_IN_KEPT:
        wizard_notice(wizard, true, "%s. The old token stays in use.", fact->problem && fact->problem->text ? fact->problem->text
                                                                                                            : "The token was not renewed");
        break;
    case SIGN_IN_OUT:
        value_unset(wizard->facts, "sign_in.state");
        value_set_value(wizard->facts, "sign_in.out", value_new_scalar(SCALAR_YESNO, "yes"));
        wizard_notice(wizard, fact->problem != NULL, "%s", fact->problem ? fact->problem->text : "Signed out; the tokens are revoked.");
        wizard_save(wizard);
        break;
    }
}

void fact_response(struct wizard *wizard, const struct event *event)
{
    for (size_t i = 0; i < wizard->pending_count; i++) {
        if (wizard->pending[i].number != event->request)
            continue;
        struct pending pending = wizard->pending[i];
        wizard->pending[i].row = NULL;
        wizard->pending[i].set = wizard->pending[i].path = NULL;
        pending_drop(wizard, i);
        switch (pending.why) {
        case ASKED_LOAD:
            load_response(wizard, &pending, event->response);
            break;
        case ASKED_SET:
            set_response(wizard, &pending, event->response);
            job_loaded(wizard, pending.step);
            break;
        case ASKED_JOB:
            job_response(wizard, &pending, event->response);
            break;
        }
        value_free(pending.row);
        free(pending.set);
        free(pending.path);
        return;     /* none other waits for this number; a late answer to a cancelled request finds nobody */
    }
}
