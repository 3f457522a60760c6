/* The sign-in in lines: address and code alone in theirs, so that they can be copied. */
#include "base/mem.h"
#include "private.h"

void line_sign_in(struct line *line)
{
    const struct sign_in_view *sign_in = &line->view->sign_in;
    if (sign_in->phase != SIGN_IN_CODE || line->told_code)
        return;
    line->told_code = true;
    line_print(line, "1. On any device with a browser open");
    line_print_raw(line, sign_in->address);
    line_print(line, "2. Enter this code");
    line_print_raw(line, sign_in->code);
    line_print(line, "3. Check that the page shows server %s and this code, then approve; only if you started this.",
               sign_in->host ? sign_in->host : "");
}

void line_sign_in_ask(struct line *line)
{
    const char *submit = line->view->submit;
    if (line->view->sign_in.phase == SIGN_IN_DONE)
        line_print(line, "Signed in as %s. Enter goes on.", line->view->sign_in.user ? line->view->sign_in.user : "(unknown)");
    else
        line_print(line, "%s? Enter does; next leaves it for later.", submit ? submit : "Sign in");
}

bool line_sign_in_typed(struct line *line, const char *typed, struct event *event)
{
    if (*typed)
        return line_unknown(line, typed);
    line->told_code = false;
    *event = (struct event){.kind = EVENT_SUBMIT};
    return true;
}
