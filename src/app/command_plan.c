/* plan: what would be sent. It asks the service and changes nothing, there or here. */
#include <stdio.h>
#include <stdlib.h>

#include "batch/batch.h"
#include "command.h"

static void print_change(const struct change_view *change)
{
    printf("  %c ", change->sign);
    print_clean(change->place, CLEAN_NAME);
    fputs(": ", stdout);
    if (*change->from) {
        print_clean(change->from, CLEAN_NAME);
        fputs(" -> ", stdout);
    }
    print_clean(*change->to ? change->to : "(nothing)", CLEAN_NAME);
    puts(change->sign == '!' ? " (changed on the service)" : "");
}

static void print_changes_json(const struct view *view)
{
    struct value *all = value_new_list();
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        char sign[2] = {change->sign, '\0'};
        struct value *one = value_append(all, value_new_map());
        value_put_text(one, "step", change->step);
        value_put_text(one, "field", change->field);
        value_put_text(one, "label", change->place);
        value_put_text(one, "row", change->row);
        value_put_text(one, "sign", sign);
        value_put_text(one, "from", change->from);
        value_put_text(one, "to", change->to);
    }
    print_value(all, true);
    value_free(all);
}

static void print_changes(const struct view *view, bool json)
{
    if (json) {
        print_changes_json(view);
        return;
    }
    const char *step = NULL;
    if (view->change_count)
        puts(SIDE_SERVICE " -> " SIDE_ANSWER ":");
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        if (!text_same(step, change->step_title)) {
            print_clean(change->step_title, CLEAN_PROSE);
            putchar('\n');
        }
        step = change->step_title;
        print_change(change);
    }
    if (!view->change_count && !view->not_compared)
        puts(view->left_out_count ? "No changes can be sent yet." : "No changes. The service matches your answers.");
}

static void report(const char *title, const char *text)
{
    char *clean_title = clean_copy(title, CLEAN_PROSE), *clean_text = clean_copy(text, CLEAN_PROSE);
    fprintf(stderr, "%s%s%s\n", clean_title, *clean_title ? ": " : "", clean_text);
    free(clean_title);
    free(clean_text);
}

/* What is not in the list, and what the list cannot say, on standard error. */
static void report_limits(const struct view *view)
{
    if (view->not_compared)
        report("", view->not_compared);
    if (view->not_compared && view->change_count)
        report("", "The changes are those since the service was last read.");
    if (view->left_out_count)
        report("", "Cannot be sent yet:");
    for (size_t i = 0; i < view->left_out_count; i++) {
        char *title = text_format("  %s", view->left_out[i].step_title);
        report(title, view->left_out[i].why);
        free(title);
    }
}

/* 0 only when apply would send nothing now. */
static int status_of(const struct run *run, const struct problems *rejected)
{
    struct view drift = {0};
    wizard_drift(run->wizard, &drift);
    bool conflict = drift.change_count > 0;
    view_clear(&drift);
    if (run->view.not_compared)
        return wizard_exit_status(run->wizard);
    if (conflict)
        fputs("Some values were changed on the service (!). apply sends nothing of their steps without --keep mine or --keep theirs.\n", stderr);
    if (rejected->count)
        return problem_exit_status(PROBLEM_ANSWER);
    return conflict ? problem_exit_status(PROBLEM_CHANGED) : run->view.change_count ? 2 : run->view.left_out_count ? 3 : 0;
}

int command_plan(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    int status = 0;
    struct value *answers = options->file ? command_answers(options, setup, &status) : value_new_map();

    if (!answers)
        return status;
    if (run_open(&run, options, setup, &why)) {
        command_start(&run, &why);
        if (why.kind == PROBLEM_NONE) {
            const struct batch_options batch = {.answers = answers, .file = options->file, .settle = options->settle, .plan = true};
            run.ui = batch_new(&batch);
            run_event(&run, (struct event){.kind = EVENT_FIND});
            command_settle(&run);
            report_limits(&run.view);
            print_changes(&run.view, options->json);
            tell(batch_rejected(run.ui), options->json);
            run.status = run.signal ? run.status : status_of(&run, batch_rejected(run.ui));
        }
    }
    status = command_finish(&run, &why);
    value_free(answers);
    return status;
}
