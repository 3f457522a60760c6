/* The whole screen: title, the part of the page around the focus, what just happened, the keys. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

#define LEAST_ROWS 12
#define LEAST_COLUMNS 40
#define SPACIOUS 16     /* rows from which rules between the parts are worth their room */

const char *tui_mark(const struct tui *tui, enum step_state state)
{
    static const char *const marks[] = {
        [STATE_TODO] = "·", [STATE_PROGRESS] = "…", [STATE_SAVED] = "-", [STATE_SENT] = "✓", [STATE_WAITING] = "…",
        [STATE_REFUSED] = "!", [STATE_CHANGED] = "!", [STATE_NOT_APPLICABLE] = " ", [STATE_ANY_TIME] = " ",
    };
    static const char *const plain[] = {
        [STATE_TODO] = ".", [STATE_PROGRESS] = "~", [STATE_SAVED] = "-", [STATE_SENT] = "+", [STATE_WAITING] = "~",
        [STATE_REFUSED] = "!", [STATE_CHANGED] = "!", [STATE_NOT_APPLICABLE] = " ", [STATE_ANY_TIME] = " ",
    };
    return tui->ascii ? plain[state] : marks[state];
}

const struct step_view *tui_step(const struct tui *tui, int by)
{
    const struct view *view = tui->view;
    for (size_t i = 0; view->step && i < view->steps_count; i++)
        if (text_same(view->steps[i].id, view->step)) {
            size_t at = i + (size_t)by;     /* before the first: beyond them all */
            return at < view->steps_count ? &view->steps[at] : NULL;
        }
    return NULL;
}

static bool is_focus(const struct tui *tui, const struct element *element)
{
    return element->kind == tui->focus_kind && text_same(element->name, tui->focus_name) && text_same(element->row, tui->focus_row);
}

static void keep_focus(struct tui *tui)
{
    if (tui->focus == NOWHERE)
        return;
    const struct element *element = &tui->page.elements[tui->focus];
    char *name = mem_copy(element->name), *row = mem_copy(element->row);
    free(tui->focus_name);
    free(tui->focus_row);
    tui->focus_kind = element->kind;
    tui->focus_name = name;
    tui->focus_row = row;
}

/* Where a screen that is entered anew wants the focus. */
static size_t wanted_focus(const struct tui *tui)
{
    const struct view *view = tui->view;
    const char *want = view->screen == SCREEN_END ? NULL : view->focus;     /* what comes next is to be seen first */
    for (size_t i = 0; !want && view->screen == SCREEN_HOME && i < view->steps_count; i++)
        if (text_same(view->steps[i].title, view->next))
            want = view->steps[i].id;
    for (size_t i = 0; want && i < tui->page.element_count; i++) {
        const char *name = tui->page.elements[i].name;
        size_t size = name ? strlen(name) : 0;
        if (name && strncmp(name, want, size) == 0 && (!want[size] || want[size] == '.'))
            return i;
    }
    return tui->page.element_count ? 0 : NOWHERE;
}

static void build(struct tui *tui)
{
    int rows, columns;
    screen_size(&rows, &columns);
    page_clear(&tui->page);
    paint_screen(tui, &tui->page, columns);
}

/* After a decision the focus is not on the button of another one. */
static void leave_decision(struct tui *tui)
{
    while (tui->focus > 0 && (tui->page.elements[tui->focus].kind == ELEMENT_THEIRS || tui->page.elements[tui->focus].kind == ELEMENT_MINE))
        tui->focus--;
}

void tui_make_page(struct tui *tui)
{
    size_t before = tui->focus;

    tui->stale = false;
    build(tui);
    bool anew = tui->entered != tui->view->entered;
    if (anew || !tui->moved) {      /* what the focus is to be on may only come with an answer of the service */
        tui->entered = tui->view->entered;
        tui->top = anew ? 0 : tui->top;
        tui->moved = !anew && tui->moved;
        tui->focus = wanted_focus(tui);
        keep_focus(tui);
        build(tui);         /* the line under the focus looks different */
        return;
    }
    tui->focus = NOWHERE;
    for (size_t i = 0; i < tui->page.element_count && tui->focus == NOWHERE; i++)
        if (is_focus(tui, &tui->page.elements[i]))
            tui->focus = i;
    if (tui->focus == NOWHERE && tui->page.element_count) {
        tui->focus = before < tui->page.element_count ? before : before == NOWHERE ? 0 : tui->page.element_count - 1;
        leave_decision(tui);
        keep_focus(tui);
        build(tui);
    }
}

void tui_put(int row, int column, int columns, const char *text, int look)
{
    char *cleaned = clean_cut(text, columns > 0 ? columns : 0, CLEAN_PROSE, screen_is_utf8());
    screen_put(row, column, columns, cleaned, look);
    free(cleaned);
}

static void put_rule(const struct tui *tui, int row, int columns)
{
    screen_rule(row, 1, columns - 2, tui->ascii ? L'-' : L'─');
}

static void put_title(const struct tui *tui, int columns)
{
    const struct view *view = tui->view;
    struct text left = {0};
    text_add(&left, view->title);
    if (view->screen == SCREEN_ROW)
        text_addf(&left, ": %s", view->row && *view->row ? view->row : "a new row");
    if (view->screen == SCREEN_HOME && view->heading)
        text_addf(&left, "   %s", view->heading);
    bool tight = glyph_columns(text_bytes(&left)) + 22 > columns;
    char *right = view->step_number    ? text_format("step %d of %d", view->step_number, view->step_count)
                  : view->applicable_count ? text_format("%d of %d %ssent", view->sent_count, view->applicable_count, tight ? "" : "steps ")
                                           : mem_copy("");
    int width = glyph_columns(right);
    tui_put(0, 1, columns - width - 3, text_bytes(&left), LOOK_BOLD);
    tui_put(0, columns - width - 1, width, right, 0);
    text_clear(&left);
    free(right);
}

static void add_elapsed(const struct tui *tui, struct text *text)
{
    const struct wait_view *wait = &tui->view->wait;
    int64_t seconds = (tui_now_ms() - tui->wait_ms) / 1000, since = wait->since ? time(NULL) - wait->since : 0;
    seconds = since > seconds ? since : seconds;
    if (wait->percent >= 0)
        text_addf(text, "  %d %%", wait->percent);
    if (seconds >= 3600)
        text_addf(text, "  %lld h %lld min", (long long)seconds / 3600, (long long)seconds / 60 % 60);
    else if (seconds >= 1)
        text_addf(text, "  %lld s", (long long)seconds);
}

static void add_wait(const struct tui *tui, struct text *text)
{
    const struct wait_view *wait = &tui->view->wait;
    char *again = wait_again_words(wait, time(NULL));
    text_add(text, wait->what);
    if (again)
        text_addf(text, "  %s", again);
    else
        add_elapsed(tui, text);
    free(again);
    if (wait->blocks)
        text_add(text, "  Esc stops");
    else if (wait->may_leave)
        text_add(text, "  You may leave.");
    if (wait->say)
        text_addf(text, "  %s", wait->say);
}

/* At home, with nothing else to tell: why the step under the focus has to wait, or what to do next. */
static void add_advice(const struct tui *tui, struct text *text)
{
    const struct view *view = tui->view;
    bool on_step = tui->focus < tui->page.element_count && tui->page.elements[tui->focus].kind == ELEMENT_STEP;
    const struct step_view *step = on_step ? &view->steps[tui->page.elements[tui->focus].index] : NULL;
    bool open = step && step->state != STATE_SENT && step->state != STATE_WAITING;
    if (open && step->why_not)
        text_add(text, step->why_not);
    else if (view->complete)
        text_add(text, "Complete: every step is done.");
    else if (!view->next && view->not_compared)
        text_add(text, view->not_compared);
    else if (view->next)
        text_addf(text, "Next: %s", view->next);
}

int tui_news(const struct tui *tui, struct text *text)
{
    const struct view *view = tui->view;
    int look = 0;

    if (tui->asking == ASKING_LEAVE) {
        text_addf(text, "%s Exit? (y/N)", view->saved);
        look = LOOK_BOLD;
    } else if (tui->asking == ASKING_REMOVE) {
        bool added = tui->focus < tui->page.element_count && tui->page.elements[tui->focus].kind == ELEMENT_TABLE_ADD;
        text_add(text, added ? "Discard the unfinished row? (y/N)" : "Remove it? (y/N)");
        look = LOOK_BOLD;
    } else if (tui->note) {
        text_add(text, tui->note);
    } else if (view->wait.on && (view->wait.blocks || !view->notice)) {
        add_wait(tui, text);
    } else if (view->notice) {
        text_add(text, view->notice);
        look = view->notice_is_bad ? LOOK_BOLD | LOOK_BAD : 0;
        if (view->wait.on && view->wait.may_leave) {
            text_add(text, "  ");
            add_wait(tui, text);
        }
    } else if (view->screen == SCREEN_HOME) {
        add_advice(tui, text);
    }
    if (tui->asking != ASKING_NOTHING && tui->note)
        text_addf(text, "  %s", tui->note);
    return look;
}

/* One line of them. Where it is too long the rest is behind a key that is named there. */
static void put_news(struct tui *tui, int row, int columns)
{
    static const char more[] = " F1";
    struct text text = {0};
    int look = tui_news(tui, &text), room = columns - 1, rest = (int)sizeof more - 1;
    tui->note_stays = false;    /* seen: the next accepted key ends it */
    if (glyph_columns(text_bytes(&text)) > room && room > rest && tui->paper == PAPER_NONE) {
        tui_put(row, 1, room - rest, text_bytes(&text), look);
        tui_put(row, columns - rest, rest, more, 0);
    } else {
        tui_put(row, 1, room, text_bytes(&text), look);
    }
    text_clear(&text);
}

static const char *pick_legend(const struct tui *tui)
{
    switch (tui->right.open ? tui->right.purpose : tui->pick.purpose) {
    case PICK_MANY:
        return "Space choose  Enter done  Esc change nothing  type to filter  F1 help";
    case PICK_LEFT:
        return "Enter assign  Esc done  Del remove  type to filter  F1 help";
    case PICK_ONE:
        if (pick_control(tui, &tui->pick) && pick_control(tui, &tui->pick)->control == CONTROL_TREE)
            return "Enter choose  Esc close  Right open  Left close  type to filter  F1 help";
        break;
    case PICK_RIGHT:
    case PICK_FIND:
        break;
    }
    return "Enter choose  Esc close  type to filter  F1 help";
}

/* What Enter does where the focus is. */
static const char *form_legend(const struct tui *tui)
{
    bool found = tui->focus < tui->page.element_count;
    switch (found ? tui->page.elements[tui->focus].kind : ELEMENT_SUBMIT) {
    case ELEMENT_LINE:
        return "Enter accept  Esc back  F10 go on  F1 help  F2 steps  F7 plan  F9 leave";
    case ELEMENT_YESNO:
        return "Space toggle  Esc back  F10 go on  F1 help  F2 steps  F7 plan  F9 leave";
    case ELEMENT_PICK:
    case ELEMENT_MAP:
        return "Enter choose  Esc back  F10 go on  F1 help  F2 steps  F7 plan  F9 leave";
    case ELEMENT_TABLE_ROW:
        return "Enter edit  Esc back  Del remove  F10 go on  F1 help  F2 steps  F9 leave";
    case ELEMENT_TABLE_ADD:
        if (tui_control(tui) && tui_control(tui)->new_row)
            return "Enter continue  Esc back  Del discard  F10 go on  F1 help  F2 steps  F9 leave";
        return "Enter add  Esc back  F10 go on  F1 help  F2 steps  F7 plan  F9 leave";
    case ELEMENT_CONFLICT:
        return "Down choose  Esc back  F10 go on  F1 help  F2 steps  F7 plan  F9 leave";
    case ELEMENT_THEIRS: case ELEMENT_MINE: case ELEMENT_STEP: case ELEMENT_PROBLEM: case ELEMENT_SUBMIT: case ELEMENT_ACTION:
    case ELEMENT_NEXT: case ELEMENT_PROBLEMS: case ELEMENT_NO: case ELEMENT_YES:
        break;
    }
    return "Enter do it  Esc back  F10 go on  F1 help  F2 steps  F7 plan  F9 leave";
}

static const char *legend(const struct tui *tui)
{
    if (tui->asking != ASKING_NOTHING)
        return "y yes  n no  Enter no  Esc no";
    if (tui->paper != PAPER_NONE)
        return "Up Down scroll  Esc close";
    if (tui->pick.open)
        return pick_legend(tui);
    switch (tui->view->screen) {
    case SCREEN_HOME:
        return "Enter open  F9 leave  F1 help  F3 find  F7 plan  F10 send all";
    case SCREEN_FORM:
    case SCREEN_ROW:
    case SCREEN_TOKEN:
        return form_legend(tui);
    case SCREEN_CHECKS:
        return "Enter do it  Esc back  F10 go on  F1 help  F2 steps  F9 leave";
    case SCREEN_SIGN_IN:
        return sign_in_legend(tui);
    case SCREEN_ADDRESS:
        return "Enter compare  c copy  p plain  q QR code  Esc back, compares too";
    case SCREEN_DRIFT:
        return "Down Up move  Enter choose  F1 help  F2 steps  F9 leave  Esc back, decides nothing";
    case SCREEN_PLAN:
    case SCREEN_PROBLEMS:
        return "Up Down scroll  Enter open  Esc back";
    case SCREEN_CONFIRM:
        return "y yes  n no  Enter  Esc no";
    case SCREEN_END:
        return "Enter open  F9 leave  Esc back";
    }
    return "";
}

/* The keys that matter most stand first; where there is less room the others are left out whole. */
static void put_legend(const struct tui *tui, int row, int columns)
{
    const char *text = legend(tui), *end = text, *next;
    while ((next = strstr(end + (end > text), "  ")) && next - text <= columns - 2)
        end = next;
    if (!next && (int)strlen(text) <= columns - 2)
        end = text + strlen(text);
    char *cut = mem_copy_bytes(text, (size_t)(end - text));
    tui_put(row, 1, columns - 2, cut, 0);
    free(cut);
}

bool tui_reads(const struct tui *tui)
{
    enum screen screen = tui->view->screen;
    return screen == SCREEN_CHECKS || screen == SCREEN_SIGN_IN || screen == SCREEN_PLAN || tui->page.element_count < 2;
}

/* Moves the part shown so that all lines of the focus are in it; by half a screen, so that moving on is cheap. */
static void scroll_to_focus(struct tui *tui, size_t room)
{
    const struct page *page = &tui->page;
    size_t first = NOWHERE, last = 0;

    if (room == 0)
        return;
    size_t most = page->count > room ? page->count - room : 0;
    for (size_t i = 0; tui->focus != NOWHERE && i < page->count; i++)
        if (page->lines[i].element == tui->focus) {
            first = first == NOWHERE ? i : first;
            last = i;
        }
    if (first != NOWHERE && !tui_reads(tui) && (first < tui->top || last >= tui->top + room)) {
        tui->top = first > room / 2 ? first - room / 2 : 0;
        if (last - first < room && last >= tui->top + room)
            tui->top = last - room + 1;
        if (tui->focus == 0)
            tui->top = first < room ? 0 : first;
    }
    if (tui->top > most)
        tui->top = most;
}

static void put_page(const struct page *page, size_t top, int row, int room, size_t focus, int *cursor_row, int *cursor_column)
{
    for (int i = 0; i < room && top + (size_t)i < page->count; i++) {
        size_t at = top + (size_t)i;
        const struct line *line = &page->lines[at];
        bool focused = focus != NOWHERE && line->element == focus;
        bool first = focused && (at == 0 || page->lines[at - 1].element != focus);
        if (first) {        /* the marker alone: a whole line that looks otherwise costs five times as much to move */
            screen_put(row + i, line->column > 1 ? line->column - 2 : 0, 1, ">", LOOK_REVERSE);
            *cursor_row = row + i;
            *cursor_column = line->cursor >= 0 ? line->cursor : line->column;
        }
        screen_put(row + i, line->column, -1, line->text, line->look);
        if (line->value)
            screen_put(row + i, line->value_column, -1, line->value, line->value_look);
    }
}

static void put_paper(struct tui *tui, int row, int room, int columns)
{
    struct page page = {0};
    if (tui->paper == PAPER_HELP)
        paint_help(tui, &page, columns);
    else
        paint_command(tui, &page, columns);
    size_t most = page.count > (size_t)room ? page.count - (size_t)room : 0;
    if (tui->paper_top > most)
        tui->paper_top = most;
    int ignored = 0;
    put_page(&page, tui->paper_top, row, room, NOWHERE, &ignored, &ignored);
    page_clear(&page);
    free(page.lines);
    free(page.elements);
    screen_show(row, 1);
}

/* The page stands between the title and the news, each with a rule where there is room for it. */
static void page_place(int rows, int *first, int *room)
{
    bool rules = rows >= SPACIOUS;
    *first = rules ? 2 : 1;
    *room = rows - *first - (rules ? 3 : 2);
}

int tui_room(void)
{
    int rows, columns, first, room;
    screen_size(&rows, &columns);
    page_place(rows, &first, &room);
    return room;
}

void tui_paint(struct tui *tui)
{
    int rows, columns, first, room, cursor_row, cursor_column = 1;

    tui->dirty = false;
    if (!tui->view || tui->plain || address_put_alone(tui))
        return;
    screen_size(&rows, &columns);
    if (tui->stale)
        tui_make_page(tui);
    screen_erase();
    if (rows < LEAST_ROWS || columns < LEAST_COLUMNS) {
        char *text = text_format("%dx%d is needed", LEAST_COLUMNS, LEAST_ROWS);
        screen_put(0, 0, -1, text, 0);
        screen_show(0, 0);
        free(text);
        return;
    }
    bool rules = rows >= SPACIOUS;
    page_place(rows, &first, &room);
    put_title(tui, columns);
    if (rules) {
        put_rule(tui, 1, columns);
        put_rule(tui, rows - 3, columns);
    }
    put_news(tui, rows - 2, columns);
    put_legend(tui, rows - 1, columns);
    tui->shown = (size_t)room;
    cursor_row = rows - 2;
    if (tui->paper != PAPER_NONE) {
        put_paper(tui, first, room, columns);
        return;
    }
    struct pick *pick = pick_current(tui);
    if (pick) {
        paint_pick(tui, pick, first, room, columns);
        return;
    }
    scroll_to_focus(tui, (size_t)room);
    if (rules && tui->page.count > tui->top + (size_t)room)
        tui_put(rows - 3, columns - 22, 20, " more below: PgDn ", 0);
    if (rules && tui->top)
        tui_put(1, columns - 22, 20, " more above: PgUp ", 0);
    put_page(&tui->page, tui->top, first, room, tui->focus, &cursor_row, &cursor_column);
    if (tui->page.count <= (size_t)room)
        address_put_beside(tui, first, columns);
    if (tui->asking != ASKING_NOTHING) {
        cursor_row = rows - 2;
        cursor_column = columns > 40 ? 36 : 1;
    }
    screen_show(cursor_row, cursor_column);
}
