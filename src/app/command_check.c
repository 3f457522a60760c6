/* check: the prerequisites alone. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"

static const char *result_of(const struct check_view *check)
{
    static const char *const results[] = {"...", "pass", "warn", "FAIL"};
    return check->ran ? results[check->result] : "not run";
}

static void print_check(const struct check_view *check)
{
    printf("%s%-4s ", check->child ? "     " : "", check->ran ? result_of(check) : "-");
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

static void print_checks_json(const struct view *view)
{
    struct value *all = value_new_list();
    for (size_t i = 0; i < view->check_count; i++) {
        const struct check_view *check = &view->checks[i];
        struct value *one = value_append(all, value_new_map());
        char *took = text_format("%d", check->took_ms);
        value_put_text(one, "check", check->id);
        value_put_text(one, "result", result_of(check));
        value_put_text(one, "text", check->text);
        value_put_text(one, "remedy", check->result > CHECK_PASS ? check->remedy : NULL);
        value_put(one, "milliseconds", value_new_scalar(SCALAR_NUMBER, took));
        free(took);
    }
    print_value(all, true);
    value_free(all);
}

int command_check(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    const struct step *step = command_step(setup, STEP_CHECKS);
    if (!step)
        return 0;
    if (run_open(&run, options, setup, &why)) {
        run_event(&run, (struct event){.kind = EVENT_OPEN, .step = step->id});
        run_event(&run, (struct event){.kind = EVENT_SUBMIT});
        command_settle(&run);
        if (options->json)
            print_checks_json(&run.view);
        for (size_t i = 0; i < run.view.check_count; i++) {
            const struct check_view *check = &run.view.checks[i];
            if (check->ran && check->result == CHECK_FAIL)
                run.status = problem_exit_status(PROBLEM_CHECK);
            if (!options->json)
                print_check(check);
        }
    }
    return command_finish(&run, &why);
}
