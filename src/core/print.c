/* A view as text, one fact a line: what tests compare; and the answers as an answers file has them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "private.h"

static void line(struct text *out, const char *what, const char *text)
{
    if (text && *text)
        text_addf(out, "%s: %s\n", what, text);
}

static void print_control(const struct control_view *control, struct text *out)
{
    text_addf(out, "  %s%s = %s%s%s", control->label, control->required ? "*" : "", control->text, control->draft ? " | typed: " : "",
              control->draft ? control->draft : "");
    if (control->note)
        text_addf(out, " (%s)", control->note);
    if (control->theirs)
        text_addf(out, " <> theirs: %s", control->theirs);
    if (control->problem)
        text_addf(out, " ! %s", control->problem->text);
    text_add(out, "\n");
}

void view_print(const struct view *view, struct text *out)
{
    static const char *const screens[] = {"home", "form", "row", "checks", "sign-in", "token", "plan", "address", "drift", "problems", "confirm", "end"};
    static const char *const results[] = {"running", "pass", "warn", "fail"};

    text_addf(out, "%s: %s\n", screens[view->screen], view->title);
    line(out, view->notice_is_bad ? "bad" : "notice", view->notice);
    line(out, "question", view->question);
    line(out, "wait", view->wait.on ? view->wait.what : NULL);
    char *again = wait_again_words(&view->wait, view->wait.since);      /* tests have no other clock */
    line(out, "again", again);
    free(again);
    line(out, "code", view->screen == SCREEN_SIGN_IN && view->sign_in.phase == SIGN_IN_CODE ? view->sign_in.code : NULL);
    line(out, "address", view->address);
    line(out, "row", view->row);
    if (view->screen == SCREEN_HOME || view->screen == SCREEN_END)
        for (size_t i = 0; i < view->steps_count; i++)
            text_addf(out, "  %s: %s\n", view->steps[i].title, view->steps[i].words);
    for (size_t i = 0; i < view->control_count; i++)
        print_control(&view->controls[i], out);
    for (size_t i = 0; i < view->check_count; i++)
        text_addf(out, "  %s: %s %s\n", view->checks[i].label, view->checks[i].ran ? results[view->checks[i].result] : "not run",
                  view->checks[i].text ? view->checks[i].text : "");
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        text_addf(out, "  %c %s: %s: %s -> %s\n", change->sign, change->step_title, change->place, change->from, change->to);
    }
    for (size_t i = 0; i < view->left_out_count; i++)
        text_addf(out, "  not yet: %s: %s\n", view->left_out[i].step_title, view->left_out[i].why);
    line(out, "plan", view->screen == SCREEN_PLAN ? view->not_compared : NULL);
    for (size_t i = 0; view->screen == SCREEN_PROBLEMS && i < view->problems->count; i++)
        text_addf(out, "  %s ! %s\n", view->problems->items[i].label, view->problems->items[i].text);
    for (size_t i = 0; view->screen == SCREEN_CONFIRM && i < view->action_count; i++)
        line(out, "action", view->actions[i].label);
    line(out, "submit", view->submit);
}

static void export_secret(struct value *out, const char *name)
{
    struct value *reference = value_new_map();
    char *path = text_format("secrets/%s", name);
    value_put_text(reference, "file", path);
    value_set_value(out, name, reference);
    free(path);
}

/* Those that are known, and those of the sign-in, which are asked each time. */
static void export_secrets(const struct wizard *wizard, struct value *out)
{
    const struct value *about = value_member(wizard->secrets, "about");
    for (size_t i = 0; i < value_count(about); i++)
        export_secret(out, value_name(about, i));
    for (size_t i = 0; i < wizard->options.checklist->step_count; i++) {
        const struct step *step = &wizard->options.checklist->steps[i];
        for (size_t j = 0; j < step->field_count && step->kind == STEP_SIGN_IN; j++)
            if (step->fields[j].kind == KIND_SECRET)
                export_secret(out, step->fields[j].name);
    }
}

struct value *wizard_export(const struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    struct value *all = value_copy(wizard->answers), *out = value_new_map();
    export_secrets(wizard, all);
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t j = 0; j < checklist->steps[i].field_count; j++) {
            const struct field *field = &checklist->steps[i].fields[j];
            const struct value *value = value_at(all, field->name);
            if (value)
                value_set_value(out, field->name, value_copy(value));
        }
    order_like(out, wizard->order);
    value_free(all);
    return out;
}
