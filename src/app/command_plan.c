/* plan: what would be sent. It asks the service and changes nothing, there or here. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"

/* Answers as apply would keep them: columns left out get their default, choices their value. They are good: checked before. */
static void normalise(const struct checklist *checklist, struct value *answers)
{
    struct problems none = {0};
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t j = 0; j < checklist->steps[i].field_count; j++) {
            const struct field *field = &checklist->steps[i].fields[j];
            const struct value *given = field->each ? NULL : value_at(answers, field->name);
            struct value *value = given ? value_copy(given) : NULL;
            if (value && kind_check(field, field->name, &value, field->fixed, NULL, &none))
                value_set_value(answers, field->name, value);
            else
                value_free(value);
        }
    problems_clear(&none);
}

static void put_answers(struct run *run, const struct value *answers)
{
    struct value *state = value_copy(wizard_state(run->wizard));
    struct value *known = value_at(state, "answers");
    value_merge(known, answers);
    normalise(run->setup->checklist, known);
    wizard_free(run->wizard);
    run->wizard = wizard_new(&(struct wizard_options){.checklist = run->setup->checklist, .service = run->setup->service,
                                                      .config = run->setup->config, .state = state, .host = run->host,
                                                      .seed = run->seed, .read_only = true});
    value_free(state);
}

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
    if (!view->change_count)
        puts("Nothing to do: the service holds what is wanted.");
}

/* What kept it from comparing, on standard error; the exit status is the reason's. */
static void tell_not_compared(struct run *run)
{
    char *notice = clean_copy(run->view.notice, CLEAN_PROSE);
    run->status = wizard_exit_status(run->wizard);
    fprintf(stderr, "Not compared with the service: %s\n", notice);
    free(notice);
}

/* A conflict keeps apply from sending: it is to be decided first. */
static int status_of(const struct run *run)
{
    struct view drift = {0};
    wizard_drift(run->wizard, &drift);
    bool conflict = drift.change_count > 0;
    view_clear(&drift);
    if (conflict)
        fputs("Some values were changed on the service (!). apply sends nothing of their steps without --keep mine or --keep theirs.\n", stderr);
    return conflict ? problem_exit_status(PROBLEM_CHANGED) : run->view.change_count ? 2 : 0;
}

int command_plan(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    int status = 0;
    struct value *answers = options->file ? command_answers(options, setup, &status) : NULL;

    if (options->file && !answers)
        return status;
    if (run_open(&run, options, setup, &why)) {
        if (answers)
            put_answers(&run, answers);
        command_start(&run, &why);
        command_settle(&run);
        bool signs_in = !(run.view.notice_is_bad && run.view.notice);
        if (!signs_in)
            tell_not_compared(&run);
        else if (!net_signed_in(run.net))
            fputs("Not compared with the service: nobody is signed in. This is what it held when it was last read.\n", stderr);
        run_event(&run, (struct event){.kind = EVENT_PLAN});
        command_settle(&run);
        if (signs_in && run.view.notice_is_bad && run.view.notice)
            tell_not_compared(&run);
        print_changes(&run.view, options->json);
        if (run.status == 0)
            run.status = status_of(&run);
    }
    value_free(answers);
    return command_finish(&run, &why);
}
