/* export: the answers so far, as an answers file. */
#include <stdio.h>

#include "command.h"

int command_export(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    if (run_open(&run, options, setup, &why)) {
        struct value *answers = wizard_export(run.wizard);
        if (!options->json)
            puts("# Answers for commerce-setup apply. Secrets are not told: put each into the file that is named for it here, mode 0600.");
        print_value(answers, options->json);
        value_free(answers);
    }
    return command_finish(&run, &why);
}
