/* What the world tells: results of checks, answers of the service to whoever waits for them. */
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

void fact_response(struct wizard *wizard, const struct event *event)
{
    for (size_t i = 0; i < wizard->pending_count; i++) {
        if (wizard->pending[i].number != event->request)
            continue;
        struct pending pending = wizard->pending[i];
        wizard->pending[i] = (struct pending){0};       /* all of it is ours now */
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
        pending_clear(&pending);
        return;     /* none other waits for this number; a late answer to a cancelled request finds nobody */
    }
}
