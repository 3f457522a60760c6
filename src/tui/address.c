/*
 * An address to be opened on another device: as a QR code beside the text or on the whole screen, copied by the terminal, or
 * alone on the terminal's normal screen, where selecting it takes nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/digest.h"
#include "base/glyph.h"
#include "base/mem.h"
#include "base/qr.h"
#include "private.h"

#define TEXT_COLUMNS 36     /* what stands beside a QR code has at least this room */

/* To be opened: with the code in it if the service offers that. NULL: this screen has none. */
static const char *whole_address(const struct view *view)
{
    if (view->screen == SCREEN_ADDRESS)
        return view->address;
    if (view->screen != SCREEN_SIGN_IN || view->sign_in.phase != SIGN_IN_CODE)
        return NULL;
    return view->sign_in.address_complete ? view->sign_in.address_complete : view->sign_in.address;
}

/* To be typed. */
static const char *short_address(const struct view *view)
{
    return view->screen == SCREEN_ADDRESS ? view->address : view->sign_in.address;
}

/* The code for the address with the code in it, or for the short one where that is too large. False: neither fits. */
static bool make_qr(const struct tui *tui, int columns, int rows, struct qr *qr)
{
    const char *whole = whole_address(tui->view);
    if (!whole || tui->ascii || !screen_has_white())
        return false;
    const char *const addresses[] = {whole, short_address(tui->view)};
    for (size_t i = 0; i < 2; i++) {
        char *cleaned = clean_copy(addresses[i], CLEAN_NAME);
        bool made = qr_make(qr, cleaned);
        free(cleaned);
        if (made && qr_columns(qr) <= columns && qr_rows(qr) <= rows)
            return true;
        qr_clear(qr);
    }
    return false;
}

static bool make_beside(const struct tui *tui, int columns, struct qr *qr)
{
    const char *address = short_address(tui->view);
    int width = address ? glyph_columns(address) : 0;
    return make_qr(tui, columns - 1 - (width > TEXT_COLUMNS ? width : TEXT_COLUMNS), tui_room(), qr);
}

int address_qr_columns(const struct tui *tui, int columns)
{
    struct qr qr = {0};
    int taken = make_beside(tui, columns, &qr) ? qr_columns(&qr) + 1 : 0;
    qr_clear(&qr);
    return taken;
}

static void put_qr(const struct qr *qr, int row, int column)
{
    for (int i = 0; i < qr_rows(qr); i++) {
        struct text line = {0};
        qr_row(qr, i, QR_DARK_INK, &line);
        screen_put(row + i, column, -1, line.bytes, LOOK_BLACK_ON_WHITE);
        text_clear(&line);
    }
}

void address_put_beside(const struct tui *tui, int row, int columns)
{
    struct qr qr = {0};
    if (make_beside(tui, columns, &qr))
        put_qr(&qr, row, columns - qr_columns(&qr));
    qr_clear(&qr);
}

bool address_put_alone(struct tui *tui)
{
    struct qr qr = {0};
    int rows, columns;
    screen_size(&rows, &columns);
    bool fits = tui->qr && make_qr(tui, columns, rows, &qr);
    if (fits) {
        screen_erase();
        put_qr(&qr, (rows - qr_rows(&qr)) / 2, (columns - qr_columns(&qr)) / 2);
        screen_show(rows - 1, 0);
    }
    tui->qr = fits;
    qr_clear(&qr);
    return fits;
}

static void show_qr(struct tui *tui)
{
    struct qr qr = {0};
    int rows, columns;
    screen_size(&rows, &columns);
    tui->qr = make_qr(tui, columns, rows, &qr);
    qr_clear(&qr);
    if (!tui->qr)
        tui_note(tui, tui->ascii              ? "A QR code needs a terminal with UTF-8; the address is all that it says."
                      : !screen_has_white() ? "A QR code needs black on white, and this terminal has no colours."
                                            : "The QR code does not fit: make the terminal larger.");
}

/* OSC 52, as xterm named it: what the terminal holds as its clipboard. */
static void copy(struct tui *tui, const char *address)
{
    char *cleaned = clean_copy(address, CLEAN_NAME);
    struct text code = {0};
    digest_base64(cleaned, strlen(cleaned), &code);
    screen_copy(text_bytes(&code));
    tui_note(tui, "Sent to your terminal; if pasting gives nothing, press p.");
    text_clear(&code);
    free(cleaned);
}

static void print_plain(struct tui *tui, const char *address)
{
    const char *code = tui->view->screen == SCREEN_SIGN_IN ? tui->view->sign_in.code : NULL;
    char *clean_address = clean_copy(address, CLEAN_NAME), *clean_code = clean_copy(code, CLEAN_NAME);
    char *text = text_format("%s\n%s%s\nAny key comes back.\n", clean_address, code ? clean_code : "", code ? "\n" : "");
    screen_leave(text);
    free(tui->plain);
    tui->plain = mem_copy(address);
    free(text);
    free(clean_address);
    free(clean_code);
}

void address_come_back(struct tui *tui)
{
    free(tui->plain);
    tui->plain = NULL;
    screen_come_back();
    tui->dirty = true;
}

/* Away on the normal screen: another address is printed below, no address any more leads back. */
void address_follow(struct tui *tui)
{
    const char *address = short_address(tui->view);
    if (!tui->plain || (whole_address(tui->view) && text_same(address, tui->plain)))
        return;
    if (whole_address(tui->view))
        print_plain(tui, address);
    else
        address_come_back(tui);
}

bool address_key(struct tui *tui, const struct key *key)
{
    const char *address = whole_address(tui->view);
    if (!address || key->kind != KEY_TEXT)
        return false;
    switch (*key->text) {
    case 'c':
        copy(tui, address);
        return true;
    case 'p':
        print_plain(tui, short_address(tui->view));
        return true;
    case 'q':
        show_qr(tui);
        return true;
    }
    return false;
}
