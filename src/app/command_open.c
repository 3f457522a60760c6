/* Without a command: the checklist, full screen or line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "guard.h"
#include "line/line.h"
#include "tui/tui.h"

static bool wants_line(const struct options *options)
{
    const char *accessible = getenv("ACCESSIBLE");
    return options->line || (accessible && *accessible && strcmp(accessible, "0") != 0);
}

bool command_open_begin(const struct options *options, struct problem *why)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (!options->line && !terminal) {
        problem_set(why, PROBLEM_USAGE, "this is no terminal");
        problem_advise(why, "Run it in one, or use apply, plan, status, or --line");
        return false;
    }
    guard_start(tui_restore);
    return true;
}

static void print_after(const struct value *after)
{
    if (value_count(after))
        puts("What comes next:");
    for (size_t i = 0; i < value_count(after); i++) {
        fputs("  ", stdout);
        print_clean(value_item(after, i)->text, CLEAN_PROSE);
        putchar('\n');
    }
}

int command_open(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;

    if (!run_open(&run, options, setup, &why))
        return command_finish(&run, &why);
    const struct tui_options look = {.ascii = options->ascii, .color = options->color};
    run.ui = wants_line(options) ? NULL : tui_new(&look, &why);
    problem_clear(&why);
    if (!run.ui)
        run.ui = line_new(STDIN_FILENO, STDOUT_FILENO);
    run.patience = PATIENCE_WAIT;
    run_start(&run, &why);
    /* Whoever was at the sign-in is at it again: a code is asked for, if none is waited for and nobody is signed in. */
    if (run.view.screen == SCREEN_SIGN_IN && run.view.sign_in.phase == SIGN_IN_NONE && !net_signing_in(run.net))
        run_event(&run, (struct event){.kind = EVENT_OPEN, .step = run.view.step});
    run_loop(&run);
    bool interrupted = run.ui->interrupted;
    int output_error = run.ui->output_error;
    if (run.signal != 1) {  /* after a hang-up nobody reads it */
        bool full = run.ui->resize != NULL;     /* what a full screen told is gone with it */
        run.ui->close(run.ui);
        run.ui = NULL;
        print_steps(&run, false, true);
        if (full && run.view.complete)
            print_after(run.view.after);
    }
    /* Leaving by hand is no failure of the last request: 0 when all is done, else 3. */
    if (!run.signal)
        run.status = interrupted ? 130 : run.view.complete ? 0 : 3;
    if (!run.signal && output_error)
        problem_set(&why, PROBLEM_FILE, "Cannot write the output: %s", strerror(output_error));
    return command_finish(&run, &why);
}
