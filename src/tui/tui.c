/* The full screen as a front end: views in, events out. */
#include "tui/tui.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/locale.h"
#include "base/mem.h"
#include "private.h"

#define TICK_MS 1000    /* elapsed seconds and countdowns */

int64_t tui_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void tui_restore(void)
{
    screen_restore();
}

static void close_overlays(struct tui *tui)
{
    pick_close(&tui->pick);
    pick_close(&tui->right);
    tui->paper = PAPER_NONE;
    tui->qr = false;
    if (tui->asking != ASKING_LEAVE)    /* that is asked on any screen */
        tui->asking = ASKING_NOTHING;
}

static void follow_pick(struct tui *tui, struct pick *pick)
{
    if (pick->open && pick->field && !view_control(tui->view, pick->field))
        pick_close(pick);
    /* A map's left list is only told anew; the rest may have got more choices. */
    if (pick->open && pick->total != choices_count(pick_choices(tui, pick)))
        pick->stale = true;
}

static void follow_wait(struct tui *tui)
{
    const char *what = tui->view->wait.on ? tui->view->wait.what : NULL;
    if (text_same(what, tui->wait_what))
        return;
    char *copy = mem_copy(what);
    free(tui->wait_what);
    tui->wait_what = copy;
    tui->wait_ms = tui_now_ms();
}

static void show(struct ui *ui, const struct view *view)
{
    struct tui *tui = ui->own;
    tui->view = view;
    if (tui->resized) {
        screen_resize();
        screen_redraw();
        tui->resized = false;
    }
    if (tui->entered != view->entered) {
        close_overlays(tui);
        slots_clear(tui);
        if (!tui->note_stays)
            tui_note(tui, NULL);    /* it was said of the screen before */
        tui->move = 0;
        free(tui->told_focus);
        tui->told_focus = mem_copy(view->focus);
    }
    slots_follow(tui);
    follow_wait(tui);
    address_follow(tui);
    tui_make_page(tui);
    follow_pick(tui, &tui->right);
    follow_pick(tui, &tui->pick);
    tui->dirty = true;
    if (!tui->taking)       /* else take() paints when no input waits */
        tui_paint(tui);
}

/* The next start comes back to where the focus is. */
static bool tell_focus(struct tui *tui)
{
    const struct control_view *control = tui_control(tui);
    if (tui->view->screen != SCREEN_FORM || !control || text_same(control->name, tui->told_focus))
        return false;
    free(tui->told_focus);
    tui->told_focus = mem_copy(control->name);
    queue_say(tui, (struct event){EVENT_FOCUS, .field = control->name});
    return true;
}

static bool go_home(struct tui *tui)
{
    enum screen screen = tui->view->screen;
    if (!tui->going_home)
        return false;
    if (screen == SCREEN_HOME || screen == SCREEN_CONFIRM || screen == SCREEN_END) {
        tui->going_home = false;
        return false;
    }
    queue_say(tui, (struct event){EVENT_BACK});
    return true;
}

static void move_on(struct tui *tui)
{
    const struct control_view *control = tui_control(tui);
    if (tui->move && !(tui->accepts && control && control->problem))
        tui_move(tui, tui->move);
    tui->move = 0;
    tui->accepts = false;
}

static void read_more(struct tui *tui)
{
    struct text bytes = {0};
    if (!screen_read(&bytes))
        tui->ui.ended = tui->ui.hung_up = true;
    if (bytes.size)
        keys_feed(&tui->keys, bytes.bytes, bytes.size, tui_now_ms());
    text_wipe(&bytes);
}

/* Elapsed seconds, or a countdown. */
static bool tui_ticks(const struct tui *tui)
{
    return tui->view->wait.on || (tui->view->screen == SCREEN_SIGN_IN && tui->view->sign_in.phase == SIGN_IN_CODE);
}

static bool take(struct ui *ui, struct event *event)
{
    struct tui *tui = ui->own;
    struct key key;

    tui->taking = false;
    if (!tui->view)
        return false;
    for (;;) {
        if (queue_give(tui, event)) {
            tui->taking = true;
            return true;
        }
        if (go_home(tui))
            continue;
        move_on(tui);
        if (ui->switch_ui)
            return false;
        if (!ui->ended)
            read_more(tui);
        if (keys_next(&tui->keys, tui_now_ms(), &key)) {
            tui_key(tui, &key);
            continue;
        }
        if (tui->dirty)
            tui_paint(tui);     /* what was typed is seen before it is told */
        struct pick *pick = pick_current(tui);
        if (pick && pick_search(tui, pick))     /* only what is to be seen of it is worth the bytes */
            tui->dirty = pick->next >= pick->total || pick->count < pick->top + tui->shown;
        else if (!slot_tell(tui) && !tell_focus(tui))
            break;
    }
    bool ticks = tui_ticks(tui);
    tui->stale = tui->stale || ticks;
    if (tui->dirty || ticks)
        tui_paint(tui);
    return false;
}

static void resize(struct ui *ui)
{
    struct tui *tui = ui->own;
    tui->resized = true;    /* the view may be on its way: show() comes next */
}

static void suspend(struct ui *ui)
{
    (void)ui;
    screen_suspend();
}

static int patience(struct ui *ui)
{
    struct tui *tui = ui->own;
    int keys = keys_patience(&tui->keys, tui_now_ms());
    bool ticks = tui->view && tui_ticks(tui);
    if (ticks && (keys < 0 || keys > TICK_MS))
        return TICK_MS;
    return keys;
}

static void close_tui(struct ui *ui)
{
    struct tui *tui = ui->own;
    screen_close();
    close_overlays(tui);
    slots_clear(tui);
    queue_clear(tui);
    keys_clear(&tui->keys);
    page_clear(&tui->page);
    void *blocks[] = {tui->page.lines, tui->page.elements, tui->focus_name, tui->focus_row, tui->told_focus, tui->note, tui->wait_what, tui->plain, tui};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
}

struct ui *tui_new(const struct tui_options *options, struct problem *why)
{
    const char *no_color = getenv("NO_COLOR"), *delay = getenv("ESCDELAY");
    bool color = options->color > 0 || (options->color == 0 && !(no_color && *no_color));
    if (!screen_open(color, why))
        return NULL;
    struct tui *tui = mem_new(sizeof *tui);
    tui->utf8 = screen_is_utf8();
    tui->ascii = options->ascii || !tui->utf8;
    tui->keys.utf8 = locale_can_utf8();
    tui->keys.escape_ms = delay ? (int)strtol(delay, NULL, 10) : 0;
    tui->focus = NOWHERE;
    tui->ui = (struct ui){.show = show, .take = take, .resize = resize, .suspend = suspend, .close = close_tui, .patience = patience, .fd = STDIN_FILENO, .own = tui};
    return &tui->ui;
}
