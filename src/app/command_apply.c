/* apply: the same checklist, with the answers of a file. */
#include <stdio.h>

#include "batch/batch.h"
#include "command.h"

int command_apply(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    int status = 0;
    struct value *answers = command_answers(options, setup, &status);

    if (!answers)
        return status;
    if (run_open(&run, options, setup, &why)) {
        command_start(&run, &why);
        if (why.kind == PROBLEM_NONE) {
            const struct batch_options batch = {.answers = answers, .out = options->json ? NULL : stdout, .settle = options->settle,
                                                .signs_in = !options->token_file && options->token_fd < 0,
                                                .wait = options->wait};
            run.ui = batch_new(&batch);
            run_event(&run, (struct event){.kind = EVENT_BACK});
            run_loop(&run);
            if (options->json)
                print_steps(&run, true);
            run.status = run.signal ? run.status : wizard_exit_status(run.wizard);
        }
    }
    status = command_finish(&run, &why);
    value_free(answers);
    return status;
}
