/* commerce-setup: from the command line to the command. */
#include <malloc.h>
#include <stdio.h>

#include "base/locale.h"
#include "base/mem.h"
#include "command.h"
#include "core/wizard.h"
#include "guard.h"
#include "tui/tui.h"

static int run_command(const struct options *options)
{
    struct problems problems = {0};
    struct problem why = {0};
    struct setup setup = {0};
    int status = 70;

    if (options->command == COMMAND_OPEN && !command_open_begin(options, &why))
        status = tell_one(&why, options->json);
    else if (!setup_read(options, &setup, &problems))
        status = tell(&problems, options->json);
    else if (setup.config && !wizard_available(setup.checklist, setup.config, &why))
        status = tell_one(&why, options->json);
    else {
        switch (options->command) {
        case COMMAND_OPEN: status = command_open(options, &setup); break;
        case COMMAND_APPLY: status = command_apply(options, &setup); break;
        case COMMAND_PLAN: status = command_plan(options, &setup); break;
        case COMMAND_STATUS: status = command_status(options, &setup); break;
        case COMMAND_CHECK: status = command_check(options, &setup); break;
        case COMMAND_EXPORT: status = command_export(options, &setup); break;
        case COMMAND_QUESTIONS: status = command_questions(options, &setup); break;
        case COMMAND_PREPARE: status = command_prepare(options, &setup); break;
        case COMMAND_SIGN_IN: status = command_sign_in(options, &setup); break;
        case COMMAND_SIGN_OUT: status = command_sign_out(options, &setup); break;
        case COMMAND_DO: status = command_do(options, &setup); break;
        case COMMAND_LINT:
        case COMMAND_HELP:
        case COMMAND_VERSION: break;
        }
    }
    problems_clear(&problems);
    setup_clear(&setup);
    return status;
}

static int run_arguments(int argc, char **argv)
{
    struct options options;
    struct problem why = {0};

    if (!options_read(argc, argv, &options, &why))
        return tell_one(&why, options.json);
    if (options.command != COMMAND_HELP && options.command != COMMAND_VERSION && !guard_descriptors(&why))
        return tell_one(&why, options.json);
    switch (options.command) {
    case COMMAND_HELP:
        fputs(options_help(), stdout);
        return 0;
    case COMMAND_VERSION:
        puts("commerce-setup 1.0");
        return 0;
    case COMMAND_LINT:
        return command_lint(&options);
    case COMMAND_OPEN: case COMMAND_APPLY: case COMMAND_PLAN: case COMMAND_STATUS: case COMMAND_CHECK: case COMMAND_EXPORT:
    case COMMAND_QUESTIONS: case COMMAND_PREPARE: case COMMAND_DO: case COMMAND_SIGN_IN: case COMMAND_SIGN_OUT:
        break;
    }
    return run_command(&options);
}

int main(int argc, char **argv)
{
    guard_harden();
    /* Reading takes and gives back some 100 kB again and again: not from and to the kernel each time. */
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
    mem_at_exhaustion(tui_restore);
    locale_open();
    return finish_output(run_arguments(argc, argv));
}
