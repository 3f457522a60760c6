#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"
#include "batch/batch.h"
#include "guard.h"
#include "json/doc.h"
#include "line/line.h"
#include "run.h"
#include "tui/tui.h"
#include "yaml/doc.h"

int tell(const struct problems *problems)
{
    struct text out = {0};
    for (size_t i = 0; i < problems->count; i++) {
        problem_page(&problems->items[i], &out);
        if (out.size && out.bytes[out.size - 1] != '\n')
            text_add(&out, "\n");
    }
    fputs(text_bytes(&out), stderr);
    text_clear(&out);
    return problems->count ? problem_exit_status(problems->items[0].kind) : 0;
}

int tell_one(struct problem *problem)
{
    struct problems all = {0};
    problems_add(&all, problem);
    int status = tell(&all);
    problems_clear(&all);
    return status;
}

static void print_clean(const char *text, enum clean how)
{
    char *clean = clean_copy(text, how);
    fputs(clean, stdout);
    free(clean);
}

static void print_value(const struct value *value, bool json)
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
    static const char *const ids[] = {"todo", "in-progress", "saved", "sent", "waiting", "refused", "changed-elsewhere", "not-applicable"};
    return ids[state];
}

static void print_steps(const struct run *run, bool json)
{
    struct value *all = value_new_list();
    for (size_t i = 0; i < run->view.steps_count; i++) {
        const struct step_view *step = &run->view.steps[i];
        struct value *one = value_append(all, value_new_map());
        value_put_text(one, "step", step->id);
        value_put_text(one, "title", step->title);
        value_put_text(one, "state", state_id(step->state));
        value_put_text(one, "words", step->words);
        if (!json) {
            char *title = clean_cut(step->title, 32, CLEAN_PROSE, true), *words = clean_copy(step->words, CLEAN_PROSE);
            printf("  %-32s  %s\n", title, words);
            free(title);
            free(words);
        }
    }
    if (json) {
        struct value *page = value_new_map();
        value_put(page, "complete", value_new_scalar(SCALAR_YESNO, run->view.complete ? "yes" : "no"));
        value_put(page, "steps", all);
        print_value(page, true);
        value_free(page);
        return;
    }
    value_free(all);
    puts(run->view.complete ? "Complete: every step is done." : "Not complete yet; everything so far is saved.");
}

/* Loops without a front end until nothing is on its way any more. */
static void settle(struct run *run)
{
    while (!run->ended && wizard_busy(run->wizard) && loop_turn(run->loop, -1))
        continue;
}

/* Waits for a sign-in with kept tokens or a given one to be over. */
static void start(struct run *run, struct problem *why)
{
    run_start(run, why);
    while (why->kind == PROBLEM_NONE && !run->ended && net_signing_in(run->net) && loop_turn(run->loop, -1))
        continue;
}

static int finish(struct run *run, struct problem *why)
{
    int status = why->kind != PROBLEM_NONE ? tell_one(why) : run->status;
    run_close(run);
    return status;
}

static bool wants_line(const struct options *options)
{
    const char *accessible = getenv("ACCESSIBLE");
    return options->line || (accessible && *accessible && strcmp(accessible, "0") != 0) || !tui_capable();
}

int command_open(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    bool line = options->line || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && wants_line(options));

    if (!line && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))) {
        problem_set(&why, PROBLEM_USAGE, "this is no terminal");
        problem_advise(&why, "Run it in one, or use apply, plan, status, or --line");
        return tell_one(&why);
    }
    if (!line)
        guard_start(tui_restore);
    if (!run_open(&run, options, setup, &why))
        return finish(&run, &why);
    const struct tui_options look = {.ascii = options->ascii, .color = options->color};
    run.ui = line ? line_new(STDIN_FILENO, STDOUT_FILENO) : tui_new(&look, &why);
    if (!run.ui)
        return finish(&run, &why);
    run_start(&run, &why);
    run_loop(&run);
    if (run.signal != 1) {  /* after a hang-up nobody reads it */
        run.ui->close(run.ui);
        run.ui = NULL;
        print_steps(&run, false);
    }
    /* Leaving by hand is no failure of the last request: 0 when all is done, else 3. */
    if (!run.signal)
        run.status = run.view.complete ? 0 : 3;
    return finish(&run, &why);
}

int command_apply(const struct options *options, const struct setup *setup)
{
    struct problems problems = {0};
    struct problem why = {0};
    struct run run;
    struct value *answers = setup_answers(setup, options->file, &problems);

    if (!answers) {
        int status = tell(&problems);
        problems_clear(&problems);
        return status ? status : 65;
    }
    if (run_open(&run, options, setup, &why)) {
        start(&run, &why);
        if (why.kind == PROBLEM_NONE) {
            const struct batch_options batch = {.answers = answers, .out = options->json ? NULL : stdout, .settle = options->settle,
                                                .wait = options->wait};
            run.ui = batch_new(&batch);
            run_event(&run, (struct event){.kind = EVENT_BACK});
            run_loop(&run);
            if (options->json)
                print_steps(&run, true);
            run.status = run.signal ? run.status : wizard_exit_status(run.wizard);
        }
    }
    int status = finish(&run, &why);
    value_free(answers);
    return status;
}

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
    print_clean(change->label, CLEAN_PROSE);
    if (change->row) {
        fputs(" / ", stdout);
        print_clean(change->row, CLEAN_NAME);
    }
    fputs(": ", stdout);
    if (*change->from) {
        print_clean(change->from, CLEAN_NAME);
        fputs(" -> ", stdout);
    }
    print_clean(*change->to ? change->to : "(nothing)", CLEAN_NAME);
    putchar('\n');
}

static void print_changes(const struct view *view, bool json)
{
    struct value *all = value_new_list();
    const char *step = NULL;
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        char sign[2] = {change->sign, '\0'};
        struct value *one = value_append(all, value_new_map());
        value_put_text(one, "step", change->step);
        value_put_text(one, "field", change->field);
        value_put_text(one, "row", change->row);
        value_put_text(one, "sign", sign);
        value_put_text(one, "from", change->from);
        value_put_text(one, "to", change->to);
        if (!json && !text_same(step, change->step_title)) {
            print_clean(change->step_title, CLEAN_PROSE);
            putchar('\n');
        }
        step = change->step_title;
        if (!json)
            print_change(change);
    }
    if (json)
        print_value(all, true);
    else if (!view->change_count)
        puts("Nothing to do: the service holds what is wanted.");
    value_free(all);
}

int command_plan(const struct options *options, const struct setup *setup)
{
    struct problems problems = {0};
    struct problem why = {0};
    struct run run;
    struct value *answers = options->file ? setup_answers(setup, options->file, &problems) : NULL;

    if (options->file && !answers) {
        int status = tell(&problems);
        problems_clear(&problems);
        return status ? status : 65;
    }
    if (run_open(&run, options, setup, &why)) {
        if (answers)
            put_answers(&run, answers);
        start(&run, &why);
        settle(&run);
        run_event(&run, (struct event){.kind = EVENT_PLAN});
        settle(&run);
        if (run.view.notice_is_bad && run.view.notice) {
            run.status = wizard_exit_status(run.wizard);
            fputs("Not compared with the service: ", stderr);
            char *notice = clean_copy(run.view.notice, CLEAN_PROSE);
            fprintf(stderr, "%s\n", notice);
            free(notice);
        }
        print_changes(&run.view, options->json);
        if (run.status == 0 && run.view.change_count)
            run.status = 2;
    }
    value_free(answers);
    return finish(&run, &why);
}

int command_status(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    if (run_open(&run, options, setup, &why)) {
        if (options->refresh) {
            start(&run, &why);
            settle(&run);
            run_event(&run, (struct event){.kind = EVENT_PLAN});
            settle(&run);
        } else {
            run_known_sign_in(&run, &why);
        }
        print_steps(&run, options->json);
        run.status = run.view.complete ? 0 : wizard_exit_status(run.wizard);
    }
    return finish(&run, &why);
}

int command_check(const struct options *options, const struct setup *setup)
{
    static const char *const marks[] = {"...", "pass", "warn", "FAIL"};
    struct problem why = {0};
    struct run run;
    const struct step *step = NULL;
    for (size_t i = 0; i < setup->checklist->step_count && !step; i++)
        if (setup->checklist->steps[i].kind == STEP_CHECKS)
            step = &setup->checklist->steps[i];
    if (!step)
        return 0;
    if (run_open(&run, options, setup, &why)) {
        bool failed = false;
        run_event(&run, (struct event){.kind = EVENT_OPEN, .step = step->id});
        run_event(&run, (struct event){.kind = EVENT_SUBMIT});
        settle(&run);
        struct value *all = value_new_list();
        for (size_t i = 0; i < run.view.check_count; i++) {
            const struct check_view *check = &run.view.checks[i];
            struct value *one = value_append(all, value_new_map());
            char *took = text_format("%d", check->took_ms);
            value_put_text(one, "check", check->id);
            value_put_text(one, "result", check->ran ? marks[check->result] : "not run");
            value_put_text(one, "text", check->text);
            value_put_text(one, "remedy", check->result > CHECK_PASS ? check->remedy : NULL);
            value_put(one, "milliseconds", value_new_scalar(SCALAR_NUMBER, took));
            free(took);
            failed = failed || (check->ran && check->result == CHECK_FAIL);
            if (options->json)
                continue;
            printf("%s%-4s ", check->child ? "     " : "", check->ran ? marks[check->result] : "-");
            print_clean(check->label ? check->label : check->id, CLEAN_PROSE);
            if (check->text) {
                fputs(": ", stdout);
                print_clean(check->text, CLEAN_PROSE);
            }
            printf(" (%d ms)\n", check->took_ms);
            if (check->remedy && check->result > CHECK_PASS) {
                print_clean(check->remedy, CLEAN_PAGE);
                putchar('\n');
            }
        }
        if (options->json)
            print_value(all, true);
        value_free(all);
        run.status = failed ? problem_exit_status(PROBLEM_CHECK) : 0;
    }
    return finish(&run, &why);
}

int command_export(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    if (run_open(&run, options, setup, &why)) {
        struct value *answers = wizard_export(run.wizard);
        print_value(answers, options->json);
        value_free(answers);
    }
    return finish(&run, &why);
}

int command_questions(const struct options *options, const struct setup *setup)
{
    struct value *all = value_new_list();
    (void)options;
    for (size_t i = 0; i < setup->checklist->step_count; i++) {
        const struct step *step = &setup->checklist->steps[i];
        for (size_t j = 0; j < step->field_count; j++) {
            const struct field *field = &step->fields[j];
            struct value *one = value_append(all, value_new_map());
            value_put_text(one, "name", field->name);
            value_put_text(one, "step", step->id);
            value_put_text(one, "label", field->label);
            value_put_text(one, "kind", kind_word(field->kind));
            value_put(one, "required", value_new_scalar(SCALAR_YESNO, field->required ? "yes" : "no"));
            if (field->initial)
                value_put(one, "default", value_copy(field->initial));
            if (field->when)
                value_put(one, "when", value_copy(field->when));
            value_put_text(one, "help", field->help);
        }
    }
    print_value(all, options->json);
    value_free(all);
    return 0;
}

static const struct step *step_of_kind(const struct setup *setup, enum step_kind kind)
{
    for (size_t i = 0; i < setup->checklist->step_count; i++)
        if (setup->checklist->steps[i].kind == kind)
            return &setup->checklist->steps[i];
    return NULL;
}

int command_sign_in(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    const struct step *step = step_of_kind(setup, STEP_SIGN_IN);
    if (run_open(&run, options, setup, &why) && step) {
        bool told = false;
        start(&run, &why);
        if (!net_signed_in(run.net)) {
            run_event(&run, (struct event){.kind = EVENT_OPEN, .step = step->id});
            run_event(&run, (struct event){.kind = EVENT_SUBMIT});
        }
        while (why.kind == PROBLEM_NONE && !run.ended && (!net_signed_in(run.net) || net_signing_in(run.net)) &&
               !run.view.notice_is_bad && loop_turn(run.loop, -1)) {
            if (!told && run.view.sign_in.code) {
                char *address = clean_copy(run.view.sign_in.address, CLEAN_NAME), *code = clean_copy(run.view.sign_in.code, CLEAN_NAME);
                printf("Open\n%s\nand enter the code\n%s\n", address, code);
                fflush(stdout);
                free(address);
                free(code);
                told = true;
            }
        }
        if (run.view.notice) {
            print_clean(run.view.notice, CLEAN_PROSE);
            putchar('\n');
        }
        if (!run.signal && why.kind == PROBLEM_NONE)
            run.status = net_signed_in(run.net) ? 0 : wizard_exit_status(run.wizard);
    }
    return finish(&run, &why);
}

int command_sign_out(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    const struct step *step = step_of_kind(setup, STEP_SIGN_OUT);
    if (run_open(&run, options, setup, &why) && step) {
        start(&run, &why);
        bool was = net_signed_in(run.net);
        run_event(&run, (struct event){.kind = EVENT_OPEN, .step = step->id});
        run_event(&run, (struct event){.kind = EVENT_SUBMIT});
        while (was && !run.ended && net_signed_in(run.net) && loop_turn(run.loop, -1))
            continue;
        print_clean(was && run.view.notice ? run.view.notice : "Not signed in.", CLEAN_PROSE);
        putchar('\n');
        run.status = 0;
    }
    return finish(&run, &why);
}

int command_lint(const struct options *options)
{
    struct problems problems = {0}, others = {0};
    struct checklist *checklist = NULL;
    struct service *service = NULL;
    struct problem why = {0};
    struct value *page = yaml_read_file(options->file, YAML_LIMIT, &why);

    if (!page)
        problems_add(&problems, &why);
    else if (value_member(page, "service") && !value_member(page, "checklist")) {
        service = service_read(options->file, &problems);
    } else if ((checklist = checklist_read(options->file, &problems))) {
        char *path = setup_asset("services", checklist->service);
        service = service_read(path, &others);
        if (service)
            checklist_fits(checklist, options->file, service, path, &problems);
        free(path);
    }
    int status = tell(&problems);
    if (!status)
        printf("%s: good.\n", options->file);
    value_free(page);
    checklist_free(checklist);
    service_free(service);
    problems_clear(&problems);
    problems_clear(&others);
    return status;
}
