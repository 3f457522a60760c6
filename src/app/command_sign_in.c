/* sign-in, sign-out: alone, without the checklist around them. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"

/* Once the service has given a code: where to go with it. */
static void print_code(const struct view *view)
{
    char *address = clean_copy(view->sign_in.address, CLEAN_NAME), *code = clean_copy(view->sign_in.code, CLEAN_NAME);
    printf("Open\n%s\nand enter the code\n%s\n", address, code);
    fflush(stdout);
    free(address);
    free(code);
}

static void wait_for_approval(struct run *run)
{
    bool told = false;
    while (!run->ended && (!net_signed_in(run->net) || net_signing_in(run->net)) && !run->view.notice_is_bad && loop_turn(run->loop, -1))
        if (!told && run->view.sign_in.code) {
            print_code(&run->view);
            told = true;
        }
}

int command_sign_in(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    const struct step *step = command_step(setup, STEP_SIGN_IN);
    if (run_open(&run, options, setup, &why) && step) {
        command_start(&run, &why);
        if (!net_signed_in(run.net)) {
            run_event(&run, (struct event){.kind = EVENT_OPEN, .step = step->id});
            run_event(&run, (struct event){.kind = EVENT_SUBMIT});
        }
        if (why.kind == PROBLEM_NONE)
            wait_for_approval(&run);
        if (run.view.notice) {
            print_clean(run.view.notice, CLEAN_PROSE);
            putchar('\n');
        }
        if (!run.signal && why.kind == PROBLEM_NONE)
            run.status = net_signed_in(run.net) ? 0 : wizard_exit_status(run.wizard);
    }
    return command_finish(&run, &why);
}

int command_sign_out(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    const struct step *step = command_step(setup, STEP_SIGN_OUT);
    if (run_open(&run, options, setup, &why) && step) {
        command_start(&run, &why);
        bool was = net_signed_in(run.net);
        run_event(&run, (struct event){.kind = EVENT_OPEN, .step = step->id});
        run_event(&run, (struct event){.kind = EVENT_SUBMIT});
        while (was && !run.ended && net_signed_in(run.net) && loop_turn(run.loop, -1))
            continue;
        print_clean(was && run.view.notice ? run.view.notice : "Not signed in.", CLEAN_PROSE);
        putchar('\n');
        if (!run.signal)
            run.status = 0;
    }
    return command_finish(&run, &why);
}
