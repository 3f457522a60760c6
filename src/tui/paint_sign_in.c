/* The sign-in: address and code alone in their lines from column 0, so that a double click takes them. */
#include <stdlib.h>
#include <time.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

static char *waiting_words(const struct sign_in_view *sign_in)
{
    int64_t now = time(NULL), left = sign_in->expires - now, asked = now - sign_in->asked;
    struct text words = {0};
    if (left > 0)
        text_addf(&words, "Waiting for approval   expires in %lld:%02lld", (long long)left / 60, (long long)left % 60);
    else
        text_add(&words, "Waiting for the last response to this code");     /* whether it has expired the service has to say */
    if (left > 0 && sign_in->asked && asked >= 0)
        text_addf(&words, "   asked %lld s ago", (long long)asked);
    return text_take(&words);
}

static void paint_code(const struct tui *tui, struct page *page, int columns)
{
    const struct sign_in_view *sign_in = &tui->view->sign_in;
    int beside = columns - address_qr_columns(tui, columns);
    char *check = text_format("3. Check that the page shows server %s and code %s, then approve. Only approve if you started this.",
                              sign_in->host ? sign_in->host : "(unknown)", sign_in->code);
    char *waiting = waiting_words(sign_in);
    page_wrap(page, NOWHERE, 1, beside, "1. On any device with a browser open", 0);
    page_wrap(page, NOWHERE, 0, beside, sign_in->address, LOOK_BOLD);
    page_wrap(page, NOWHERE, 1, beside, "2. Enter this code", 0);
    page_wrap(page, NOWHERE, 0, beside, sign_in->code, LOOK_BOLD);
    page_wrap(page, NOWHERE, 1, beside, check, 0);
    page_gap(page);
    page_wrap(page, NOWHERE, 1, beside, waiting, 0);
    free(check);
    free(waiting);
}

void paint_address(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    int beside = columns - address_qr_columns(tui, columns);
    if (view->guide)
        page_wrap(page, NOWHERE, 1, beside, view->guide, 0);
    page_gap(page);
    page_wrap(page, NOWHERE, 1, beside, "On any device with a browser open", 0);
    page_wrap(page, NOWHERE, 0, beside, view->address, LOOK_BOLD);
    paint_buttons(tui, page, beside);
}

void paint_sign_in(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    const struct sign_in_view *sign_in = &view->sign_in;
    if (sign_in->phase == SIGN_IN_CODE) {
        paint_code(tui, page, columns);
        return;
    }
    if (view->guide)
        page_wrap(page, NOWHERE, 1, columns, view->guide, 0);
    if (sign_in->phase == SIGN_IN_DONE) {
        const char *account = sign_in->account;
        char *text = text_format("Signed in as %s%s%s%s.", sign_in->user ? sign_in->user : "(unknown)", account ? " (account " : "",
                                 account ? account : "", account ? ")" : "");
        page_gap(page);
        page_wrap(page, NOWHERE, 1, columns, text, 0);
        free(text);
    }
    paint_buttons(tui, page, columns);
}

const char *sign_in_legend(const struct tui *tui)
{
    if (tui->view->sign_in.phase == SIGN_IN_CODE)
        return "c copy  p plain  q QR code  r new code  t token  Esc back  F9 leave";
    if (tui->view->sign_in.phase == SIGN_IN_DONE)
        return "Enter go on  F1 help  F2 steps  Esc back  F9 leave";
    return tui->view->submit ? "Enter ask for a code  t token  F1 help  Esc back  F9 leave" : "F1 help  Esc stop  F9 leave";
}

bool sign_in_key(struct tui *tui, const struct key *key)
{
    if (tui->view->screen != SCREEN_SIGN_IN || key->kind != KEY_TEXT || tui->view->sign_in.phase == SIGN_IN_DONE)
        return false;
    if (*key->text == 'r')
        queue_say(tui, (struct event){EVENT_SUBMIT});
    else if (*key->text == 't')
        queue_say(tui, (struct event){EVENT_DO, .action = ACTION_TOKEN});
    else
        return false;
    return true;
}
