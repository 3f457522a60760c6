#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/doc.h"
#include "yaml/doc.h"

static void put_number(struct value *map, const char *name, int number)
{
    char *text = text_format("%d", number);
    value_put(map, name, value_new_scalar(SCALAR_NUMBER, text));
    free(text);
}

/* Its parts, for programs: one line of JSON. */
static void tell_json(const struct problem *problem)
{
    struct value *line = value_new_map();
    struct text out = {0};
    put_number(line, "status", problem->is_warning ? 0 : problem_exit_status(problem->kind));
    value_put_text(line, "severity", problem->is_warning ? "warning" : "error");
    value_put_text(line, "field", problem->field);
    value_put_text(line, "row", problem->row);
    value_put_text(line, "file", problem->file);
    if (problem->mark.line) {
        put_number(line, "line", problem->mark.line);
        put_number(line, "column", problem->mark.column);
    }
    value_put_text(line, "problem", problem->text);
    value_put_text(line, "advice", problem->advice);
    json_write(line, &out);
    fprintf(stderr, "%s\n", text_bytes(&out));
    text_clear(&out);
    value_free(line);
}

static void tell_page(const struct problem *problem)
{
    struct text out = {0};
    problem_page(problem, &out);
    fprintf(stderr, "%s%s", text_bytes(&out), out.size && out.bytes[out.size - 1] != '\n' ? "\n" : "");
    text_clear(&out);
}

int tell(const struct problems *problems, bool json)
{
    for (size_t i = 0; i < problems->count; i++)
        if (json)
            tell_json(&problems->items[i]);
        else
            tell_page(&problems->items[i]);
    return problems->count ? problem_exit_status(problems->items[0].kind) : 0;
}

int tell_one(struct problem *problem, bool json)
{
    struct problems all = {0};
    problems_add(&all, problem);
    int status = tell(&all, json);
    problems_clear(&all);
    return status;
}

int finish_output(int status)
{
    struct problem why = {0};
    bool failed = ferror(stdout);
    if (failed) {               /* an earlier write failed: the next one fails for the same reason */
        clearerr(stdout);
        putchar('\n');
    }
    int error = fclose(stdout) == 0 ? 0 : errno;
    if (!error && !failed)
        return status;
    if (error == EPIPE)                 /* the reader, such as head, has what it asked for */
        return problem_exit_status(PROBLEM_FILE);
    problem_set(&why, PROBLEM_FILE, "Cannot write the output%s%s", error ? ": " : "", error ? strerror(error) : "");
    return tell_one(&why, false);
}

void print_clean(const char *text, enum clean how)
{
    char *clean = clean_copy(text, how);
    fputs(clean, stdout);
    free(clean);
}

void print_value(const struct value *value, bool json)
{
    struct text out = {0};
    if (json)
        json_write_page(value, &out);
    else
        yaml_write(value, &out);
    fputs(text_bytes(&out), stdout);
    text_clear(&out);
}

static const char *state_id(enum step_state state)
{
    static const char *const ids[] = {"todo", "in-progress", "saved", "sent", "waiting", "refused", "changed-elsewhere", "not-applicable",
                                      "any-time"};
    return ids[state];
}

static void print_step(const struct step_view *step)
{
    char *title = clean_cut(step->title, 32, CLEAN_PROSE, true), *words = clean_copy(step->words, CLEAN_PROSE);
    printf("  %-32s  %s\n", title, words);
    free(title);
    free(words);
}

static void print_side(const char *side, const char *text)
{
    printf("  %s: ", side);
    print_clean(*text ? text : "(nothing)", CLEAN_NAME);
    putchar('\n');
}

void print_conflicts(const struct view *view)
{
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        bool same = text_same(change->step_title, change->label);
        char *place = text_format("%s%s%s", same ? "" : change->step_title, same ? "" : ", ", change->place);
        print_clean(place, CLEAN_NAME);
        putchar('\n');
        print_side(SIDE_ANSWER, change->to);
        print_side(SIDE_SERVICE, change->from);
        free(place);
    }
    if (view->change_count)
        puts("Decide with --keep mine (your answers) or --keep theirs (the service), "
             "options of apply and do.");
}

struct value *conflicts_value(const struct view *view)
{
    struct value *all = value_new_list();
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        struct value *one = value_append(all, value_new_map());
        value_put_text(one, "step", change->step);
        value_put_text(one, "field", change->field);
        value_put_text(one, "label", change->place);
        value_put_text(one, "row", change->row);
        value_put_text(one, "mine", change->to);
        value_put_text(one, "theirs", change->from);
        value_put_text(one, "decide", "--keep mine or --keep theirs");
    }
    return all;
}

static void print_steps_json(const struct view *view, const struct view *drift)
{
    struct value *page = value_new_map();
    value_put(page, "complete", value_new_scalar(SCALAR_YESNO, view->complete ? "yes" : "no"));
    struct value *all = value_put(page, "steps", value_new_list());
    for (size_t i = 0; i < view->steps_count; i++) {
        const struct step_view *step = &view->steps[i];
        struct value *one = value_append(all, value_new_map());
        value_put_text(one, "step", step->id);
        value_put_text(one, "title", step->title);
        value_put_text(one, "state", state_id(step->state));
        value_put_text(one, "words", step->words);
        value_put_text(one, "why_not", step->why_not);
    }
    value_put_text(page, "not_compared", view->not_compared);
    value_put(page, "conflicts", conflicts_value(drift));
    print_value(page, true);
    value_free(page);
}

/* changes  some may have been saved: `status` does not know whether an earlier run saved its changes */
static void print_steps_text(const struct view *view, const struct view *drift, bool changes)
{
    for (size_t i = 0; i < view->steps_count; i++)
        print_step(&view->steps[i]);
    print_conflicts(drift);
    if (view->not_compared) {
        print_clean(view->not_compared, CLEAN_PROSE);
        putchar('\n');
    }
    if (view->complete)
        puts("Complete: every step is done.");
    else
        printf("Setup is not complete.%s%s\n", changes ? " " : "", changes ? view->saved : "");
}

void print_steps(const struct run *run, bool json, bool changes)
{
    const struct view *view = &run->view;
    struct view drift = {0};
    wizard_drift(run->wizard, &drift);
    if (json)
        print_steps_json(view, &drift);
    else
        print_steps_text(view, &drift, changes);
    view_clear(&drift);
}

void command_settle(struct run *run)
{
    while (!run->ended && !wizard_settled(run->wizard) && loop_turn(run->loop, -1))
        continue;
}

void command_start(struct run *run, struct problem *why)
{
    run_start(run, why);
    while (why->kind == PROBLEM_NONE && !run->ended && net_signing_in(run->net) && loop_turn(run->loop, -1))
        continue;
}

int command_finish(struct run *run, struct problem *why)
{
    fflush(stdout);     /* before what is printed to standard error */
    int status = why->kind != PROBLEM_NONE ? tell_one(why, run->options->json) : run->status;
    if (!run_save(run)) {
        const struct problem *cause = wizard_unsaved(run->wizard);
        struct problem unsaved = {0};
        problem_set(&unsaved, PROBLEM_FILE, "Your changes are not saved: %s", cause->text);
        if (cause->advice)
            problem_advise(&unsaved, "%s", cause->advice);
        tell_one(&unsaved, run->options->json);
        status = problem_exit_status(PROBLEM_FILE);
    }
    run_close(run);
    return status;
}

const struct step *command_step(const struct setup *setup, enum step_kind kind)
{
    for (size_t i = 0; i < setup->checklist->step_count; i++)
        if (setup->checklist->steps[i].kind == kind)
            return &setup->checklist->steps[i];
    return NULL;
}

struct value *command_answers(const struct options *options, const struct setup *setup, int *status)
{
    struct problems problems = {0};
    struct value *answers = setup_answers(setup, options->file, !setup_gives_token(options), &problems);
    problems_sort(&problems);
    if (!answers)
        *status = tell(&problems, options->json);
    problems_clear(&problems);
    return answers;
}
