/* The sign-in in lines: address and code alone in theirs, so that they can be copied; a QR code for whoever asks. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/locale.h"
#include "base/mem.h"
#include "base/qr.h"
#include "private.h"

bool line_sign_in_waits(const struct line *line)
{
    return line->view->sign_in.phase == SIGN_IN_CODE;
}

char *line_sign_in_left(const struct line *line)
{
    int64_t left = line->view->sign_in.expires - time(NULL);
    if (left >= 120)
        return text_format("the code expires in %lld minutes", (long long)left / 60);
    return left > 0 ? text_format("the code expires in %lld seconds", (long long)left) : mem_copy("waiting for the last response to this code");
}

static void say_code(struct line *line)
{
    const struct sign_in_view *sign_in = &line->view->sign_in;
    char *left = line_sign_in_left(line);
    line_print(line, "1. On any device with a browser open");
    line_print_raw(line, sign_in->address);
    line_print(line, "2. Enter this code");
    line_print_raw(line, sign_in->code);
    line_print(line, "3. Check that the page shows server %s and code %s, then approve. Only approve if you started this.",
               sign_in->host ? sign_in->host : "(unknown)", sign_in->code);
    line_print(line, "Waiting for approval; %s.", left);
    free(left);
}

void line_sign_in(struct line *line)
{
    const struct sign_in_view *sign_in = &line->view->sign_in;
    if (line->view->screen != SCREEN_SIGN_IN || !line_sign_in_waits(line) || text_same(sign_in->code, line->told_code))
        return;
    line_keep(&line->told_code, sign_in->code);
    say_code(line);
    line->asked = false;
}

void line_sign_in_ask(struct line *line)
{
    const char *submit = line->view->submit;
    if (line_sign_in_waits(line))
        line_print(line, "qr shows it as a QR code, code says it again, new asks for another code, token takes a token instead, back "
                         "leaves it waiting, cancel gives it up.");
    else if (line->view->sign_in.phase == SIGN_IN_DONE)
        line_print(line, "Signed in as %s. Enter goes on.", line->view->sign_in.user ? line->view->sign_in.user : "(unknown)");
    else
        line_print(line, "%s? Enter does; token takes a token instead; next leaves it for later.", submit ? submit : "Sign in");
}

static bool say(struct event *event, enum event_kind kind, const char *action)
{
    *event = (struct event){.kind = kind, .action = action};
    return true;
}

bool line_sign_in_typed(struct line *line, const char *typed, struct event *event)
{
    bool waits = line_sign_in_waits(line), signed_in = line->view->sign_in.phase == SIGN_IN_DONE;
    if (waits && !*typed) {
        char *left = line_sign_in_left(line);
        line_print(line, "Still waiting for approval; %s.", left);
        free(left);
        return false;
    }
    if (text_same(typed, "token") && !signed_in)
        return say(event, EVENT_DO, ACTION_TOKEN);
    if (text_same(typed, "cancel") && waits)
        return say(event, EVENT_CANCEL, NULL);
    if (!*typed || (text_same(typed, "new") && !signed_in))
        return say(event, EVENT_SUBMIT, NULL);
    return line_unknown(line, typed);
}

/* To be opened: NULL when there is nothing to open now. */
static const char *address(const struct line *line)
{
    const struct view *view = line->view;
    if (view->screen == SCREEN_ADDRESS)
        return view->address;
    if (!line_sign_in_waits(line))
        return NULL;
    return view->sign_in.address_complete ? view->sign_in.address_complete : view->sign_in.address;
}

bool line_word_code(struct line *line, const char *rest, struct event *event)
{
    (void)rest;
    (void)event;
    if (line->view->screen == SCREEN_ADDRESS)
        line_print_raw(line, line->view->address);
    else if (line_sign_in_waits(line))
        say_code(line);
    else
        line_print(line, "No sign-in waits for approval now.");
    return false;
}

/* Colours cannot be told here, so the light modules are written; a second time it is the dark ones, for a light terminal. */
bool line_word_qr(struct line *line, const char *rest, struct event *event)
{
    struct qr qr = {0};
    char *cleaned = address(line) ? clean_copy(address(line), CLEAN_NAME) : NULL;
    (void)rest;
    (void)event;
    if (!cleaned)
        line_print(line, "There is no address to show now.");
    else if (!locale_open())
        line_print(line, "A QR code needs a terminal with UTF-8; the address is all that it says.");
    else if (!qr_make(&qr, cleaned) || qr_columns(&qr) > 72)
        line_print(line, "The address is too long for a QR code here.");
    else {
        for (int row = 0; row < qr_rows(&qr); row++) {
            struct text drawn = {0};
            qr_row(&qr, row, line->dark_ink ? QR_DARK_INK : QR_LIGHT_INK, &drawn);
            line_print_raw(line, drawn.bytes);
            text_clear(&drawn);
        }
        line_print(line, "If it cannot be read, say qr again: it is drawn the other way round.");
        line->dark_ink = !line->dark_ink;
    }
    qr_clear(&qr);
    free(cleaned);
    return false;
}
