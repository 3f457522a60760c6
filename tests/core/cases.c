/*
 * What a person meets, told by the folders under tests/cases/: each must show what its file `view` says, byte for byte.
 * CASE=name in the environment runs one alone; TELL=1 writes the views anew, to be read before they are kept.
 */
#include "support/case.h"

static void a_case(void **state)
{
    struct script script;
    case_run(&script, *state);
    case_assert(*state, "view", text_bytes(&script.told));
    case_end(&script);
}

int main(void)
{
    return case_run_all("cases", "script", a_case);
}
