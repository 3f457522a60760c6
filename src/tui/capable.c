/* Apart from the rest because <term.h> defines `columns`, `lines` and hundreds of other words. */
#include "screen.h"

#include <stdlib.h>

#include <term.h>

static bool look(void)
{
    int error = 0;
    const char *name = getenv("TERM");
    if (!name || !*name || setupterm(name, 1, &error) != 0)
        return false;
    const char *cup = tigetstr("cup");
    bool capable = cup && cup != (char *)-1;
    del_curterm(cur_term);
    return capable;
}

bool screen_capable(void)
{
    static enum {NOT_ASKED, NO, YES} known;     /* asked by who chooses a front end, and by that one */
    if (known == NOT_ASKED)
        known = look() ? YES : NO;
    return known == YES;
}
