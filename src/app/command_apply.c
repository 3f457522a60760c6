/* apply: the same checklist, with the answers of a file. */
#include <stdio.h>

#include "batch/batch.h"
#include "command.h"

/* An answer of the file that was not accepted is not what the service holds, however complete the rest is. */
static int status_of(const struct run *run, const struct problems *rejected)
{
    int status = wizard_exit_status(run->wizard), later = problem_exit_status(PROBLEM_LATER);
    return rejected->count && (status == 0 || status == 3 || status == later) ? problem_exit_status(PROBLEM_ANSWER) : status;
}

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
            const struct batch_options batch = {.answers = answers, .file = options->file, .out = options->json ? NULL : stdout, .settle = options->settle,
                                                .signs_in = !setup_gives_token(options),
                                                .wait = options->wait};
            run.ui = batch_new(&batch);
            run_event(&run, (struct event){.kind = EVENT_BACK});
            run_loop(&run);
            if (options->json) {
                print_steps(&run, true, true);
                tell(batch_rejected(run.ui), true);
            }
            run.status = run.signal ? run.status : status_of(&run, batch_rejected(run.ui));
        }
    }
    status = command_finish(&run, &why);
    value_free(answers);
    return status;
}
