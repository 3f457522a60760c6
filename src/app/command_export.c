/* export: the answers so far, as an answers file. */
#include "command.h"

int command_export(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    if (run_open(&run, options, setup, &why)) {
        struct value *answers = wizard_export(run.wizard);
        print_value(answers, options->json);
        value_free(answers);
    }
    return command_finish(&run, &why);
}
