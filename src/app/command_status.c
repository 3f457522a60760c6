/* status: where every step stands. */
#include "command.h"

int command_status(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    if (run_open(&run, options, setup, &why)) {
        run.patience = options->refresh ? PATIENCE_ONCE : PATIENCE_NONE;
        if (options->refresh) {
            command_start(&run, &why);
            command_settle(&run);
            run_event(&run, (struct event){.kind = EVENT_PLAN});
            command_settle(&run);
        } else {
            run_start(&run, &why);
        }
        print_steps(&run, options->json, false);
        run.status = wizard_exit_status(run.wizard);
    }
    return command_finish(&run, &why);
}
