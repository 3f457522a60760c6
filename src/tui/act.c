/* From keys to what happens: what is open takes them first, then commands, then the element under the focus. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

#define TWICE_MS 2000   /* terminal.md T14: Ctrl-C twice within this time leaves */

static void say(struct tui *tui, enum event_kind kind)
{
    queue_say(tui, (struct event){kind});
}

static void focus_on(struct tui *tui, size_t element)
{
    if (element >= tui->page.element_count || element == tui->focus)
        return;
    const struct element *to = &tui->page.elements[element];
    char *name = mem_copy(to->name), *row = mem_copy(to->row);
    free(tui->focus_name);
    free(tui->focus_row);
    tui->focus_name = name;
    tui->focus_row = row;
    tui->focus_kind = to->kind;
    tui->focus = element;
    tui->stale = tui->stale || to->kind == ELEMENT_LINE;    /* where one types the line looks different */
    tui->moved = true;
    tui->reveal = false;
}

void tui_move(struct tui *tui, int by)
{
    size_t last = tui->page.element_count;
    if (!last || tui->focus == NOWHERE)
        return;
    size_t step = (size_t)(by < 0 ? -by : by), to;
    if (by < 0)
        to = step > tui->focus ? 0 : tui->focus - step;
    else
        to = step >= last - tui->focus ? last - 1 : tui->focus + step;
    focus_on(tui, to);
}

/* What is typed becomes an answer first; the move waits until it has been shown, since new questions may have come. */
static void leave_by(struct tui *tui, int by)
{
    slot_leave(tui);
    tui->move = by;
}

static void escape(struct tui *tui)
{
    const struct view *view = tui->view;
    if (view->screen == SCREEN_CONFIRM) {
        say(tui, EVENT_CONFIRM);
        return;
    }
    if (view->wait.on && view->wait.blocks) {
        say(tui, EVENT_CANCEL);
        return;
    }
    slot_leave(tui);
    say(tui, EVENT_BACK);
}

static void open_problem(struct tui *tui, size_t index)
{
    const struct problems *problems = tui->view->problems;
    if (!problems || index >= problems->count)
        return;
    if (problems->items[index].field)
        tui_open_step(tui, NULL, problems->items[index].field);
}

static void toggle(struct tui *tui, const struct control_view *control)
{
    bool yes = value_boolean(control->value) == 1;
    struct value *value = value_new_scalar(SCALAR_YESNO, yes ? "no" : "yes");
    queue_say(tui, (struct event){EVENT_ANSWER, .field = control->name, .value = value});
    value_free(value);
}

static void activate(struct tui *tui)
{
    if (tui->focus >= tui->page.element_count) {
        if (tui->view->submit)
            say(tui, EVENT_SUBMIT);
        return;
    }
    const struct element *element = &tui->page.elements[tui->focus];
    const struct control_view *control = tui_control(tui);

    switch (element->kind) {
    case ELEMENT_LINE:
        tui->accepts = slot_is_touched(tui);
        leave_by(tui, 1);
        break;
    case ELEMENT_YESNO:
        if (control)
            toggle(tui, control);
        break;
    case ELEMENT_PICK:
        if (control)
            pick_open(tui, control->control == CONTROL_MANY ? PICK_MANY : PICK_ONE, control, NULL);
        break;
    case ELEMENT_MAP:
        if (control)
            pick_open(tui, PICK_LEFT, control, NULL);
        break;
    case ELEMENT_TABLE_ROW:
    case ELEMENT_TABLE_ADD:
        queue_say(tui, (struct event){EVENT_ROW, .field = element->name, .row = element->row});
        break;
    case ELEMENT_CONFLICT:
        break;      /* nothing is chosen in advance */
    case ELEMENT_THEIRS:
    case ELEMENT_MINE:
        queue_say(tui, (struct event){EVENT_TAKE, .field = element->name, .yes = element->kind == ELEMENT_THEIRS});
        break;
    case ELEMENT_STEP:
    case ELEMENT_NEXT:
        tui_open_step(tui, element->name, NULL);
        break;
    case ELEMENT_PROBLEM:
        open_problem(tui, element->index);
        break;
    case ELEMENT_SUBMIT:
        say(tui, EVENT_SUBMIT);
        break;
    case ELEMENT_ACTION:
        queue_say(tui, (struct event){EVENT_DO, .action = element->name});
        break;
    case ELEMENT_PROBLEMS:
        say(tui, EVENT_PROBLEMS);
        break;
    case ELEMENT_NO:
    case ELEMENT_YES:
        queue_say(tui, (struct event){EVENT_CONFIRM, .yes = element->kind == ELEMENT_YES});
        break;
    }
}

static bool is_row(enum element_kind kind)
{
    return kind == ELEMENT_TABLE_ROW || kind == ELEMENT_TABLE_ADD;
}

static void answer_question(struct tui *tui, const struct key *key, int function)
{
    bool again = key->kind == KEY_CONTROL && key->number == 'c' && tui_now_ms() - tui->asked_ms < TWICE_MS;
    bool yes = key->kind == KEY_TEXT && (*key->text == 'y' || *key->text == 'Y');
    enum asking asking = tui->asking;
    yes = yes || (asking == ASKING_LEAVE && function == FUNCTION_LEAVE);
    if (function && !yes) {
        tui_note(tui, "Press y or n first.");
        return;
    }
    tui->asking = ASKING_NOTHING;
    if (asking == ASKING_LEAVE && (yes || again)) {
        slot_leave(tui);
        tui->ui.interrupted = again;
        queue_say(tui, (struct event){EVENT_QUIT, .yes = true});
    } else if (asking == ASKING_REMOVE && yes && tui->focus < tui->page.element_count &&
               is_row(tui->page.elements[tui->focus].kind)) {
        const struct element *element = &tui->page.elements[tui->focus];
        queue_say(tui, (struct event){EVENT_REMOVE, .field = element->name, .row = element->row});
    }
}

static void ask_leave(struct tui *tui)
{
    tui->asking = ASKING_LEAVE;
    tui->asked_ms = tui_now_ms();
}

static void type(struct tui *tui, const struct control_view *control, const struct key *key)
{
    struct slot *slot = slot_of(tui, control);
    bool changed = false;
    if (key->kind == KEY_PASTE) {
        changed = tui_paste(tui, &slot->edit, key);
    } else if (key->kind == KEY_CONTROL && key->number == 'r' && control->control == CONTROL_SECRET) {
        tui->reveal = !tui->reveal;
    } else {
        edit_key(&slot->edit, key, &changed);
    }
    if (changed) {
        slot->touched = true;
        slot->told = false;
        tui->moved = true;
    }
}

/* Typing where something is to be chosen is looking for it. */
static void look_for(struct tui *tui, const struct key *key)
{
    activate(tui);
    if (pick_current(tui))
        pick_key(tui, pick_current(tui), key);
}

static void scroll(struct tui *tui, size_t by, bool down)
{
    if (down)
        tui->top += by;     /* painting stops it at the end */
    else
        tui->top = by > tui->top ? 0 : tui->top - by;
}

/* On a screen that is read more than filled in, arrows scroll where the focus has no further to go. */
static bool scrolls(const struct tui *tui, const struct key *key)
{
    if (!tui_reads(tui) || tui->page.count <= tui->shown)
        return false;
    return key->kind == KEY_UP ? tui->top > 0 : tui->focus + 1 >= tui->page.element_count;
}

static void element_key(struct tui *tui, const struct key *key)
{
    bool found = tui->focus < tui->page.element_count;
    enum element_kind kind = found ? tui->page.elements[tui->focus].kind : ELEMENT_SUBMIT;
    const struct control_view *control = tui_control(tui);
    int page = tui->shown > 2 ? (int)tui->shown - 2 : 1;
    bool takes_away = key->kind == KEY_DELETE || (key->kind == KEY_CONTROL && key->number == 'k');

    if (key->kind == KEY_UP || key->kind == KEY_DOWN) {
        if (scrolls(tui, key))
            scroll(tui, 1, key->kind == KEY_DOWN);
        else
            leave_by(tui, key->kind == KEY_DOWN ? 1 : -1);
    } else if (key->kind == KEY_TAB || key->kind == KEY_BACK_TAB) {
        leave_by(tui, key->kind == KEY_TAB ? 1 : -1);
    } else if (key->kind == KEY_PAGE_UP || key->kind == KEY_PAGE_DOWN) {
        scroll(tui, (size_t)page, key->kind == KEY_PAGE_DOWN);
        if (!tui_reads(tui))
            leave_by(tui, key->kind == KEY_PAGE_DOWN ? page : -page);
    } else if (key->kind == KEY_ENTER) {
        activate(tui);
    } else if (found && kind == ELEMENT_LINE && control) {
        type(tui, control, key);
    } else if (key->kind == KEY_HOME || key->kind == KEY_END) {
        tui->top = key->kind == KEY_HOME ? 0 : tui->page.count;
        tui_move(tui, key->kind == KEY_HOME ? -(int)tui->page.element_count : (int)tui->page.element_count);
    } else if (takes_away && (kind == ELEMENT_TABLE_ROW || (kind == ELEMENT_TABLE_ADD && control && control->new_row))) {
        tui->asking = ASKING_REMOVE;
    } else if (takes_away && kind == ELEMENT_PICK && control && !control->required) {
        queue_say(tui, (struct event){EVENT_ANSWER, .field = control->name});
    } else if (key->kind == KEY_TEXT && *key->text == ' ' && kind != ELEMENT_STEP) {
        activate(tui);
    } else if (key->kind == KEY_TEXT && control && (kind == ELEMENT_PICK || kind == ELEMENT_MAP)) {
        look_for(tui, key);
    } else if (key->kind == KEY_TEXT && tui->view->screen == SCREEN_CONFIRM && strchr("yYnN", *key->text)) {
        queue_say(tui, (struct event){EVENT_CONFIRM, .yes = *key->text == 'y' || *key->text == 'Y'});
    }
}

static void paper_key(struct tui *tui, const struct key *key)
{
    bool down = key->kind == KEY_DOWN || key->kind == KEY_PAGE_DOWN, up = key->kind == KEY_UP || key->kind == KEY_PAGE_UP;
    size_t by = key->kind == KEY_UP || key->kind == KEY_DOWN ? 1 : tui->shown;
    if (down)
        tui->paper_top += by;
    else if (up)
        tui->paper_top = by > tui->paper_top ? 0 : tui->paper_top - by;
    else
        tui->paper = PAPER_NONE;
}

/* Whether nothing but the focus can change by it: most keys do no more, and the page need not be made anew. */
static bool only_moves(const struct tui *tui, const struct key *key, bool typing)
{
    switch (key->kind) {
    case KEY_UP: case KEY_DOWN: case KEY_TAB: case KEY_BACK_TAB: case KEY_PAGE_UP: case KEY_PAGE_DOWN: case KEY_HOME: case KEY_END:
        return !typing && tui->paper == PAPER_NONE && tui->asking == ASKING_NOTHING && !tui->plain && !tui->qr;
    case KEY_TEXT: case KEY_PASTE: case KEY_REFUSED: case KEY_ENTER: case KEY_BACKSPACE: case KEY_DELETE: case KEY_ESCAPE: case KEY_LEFT:
    case KEY_RIGHT: case KEY_CONTROL: case KEY_FUNCTION:
        break;
    }
    return false;
}

/* What lies over the screen goes first; a function key goes on to its command. False: the key is spent. */
static bool uncover(struct tui *tui, int function)
{
    if (tui->plain)
        address_come_back(tui);
    else if (tui->qr)
        tui->qr = false;
    else
        return true;
    return function != 0;
}

static void screen_key(struct tui *tui, const struct key *key, int function)
{
    struct pick *pick = pick_current(tui);
    if (key->kind == KEY_CONTROL && key->number == 'c')
        ask_leave(tui);
    else if (function)
        tui_command(tui, function);
    else if (tui->paper != PAPER_NONE)
        paper_key(tui, key);
    else if (pick)
        pick_key(tui, pick, key);
    else if (key->kind == KEY_ESCAPE)
        escape(tui);
    else if (!sign_in_key(tui, key) && !address_key(tui, key))
        element_key(tui, key);
}

void tui_key(struct tui *tui, const struct key *key)
{
    bool typing = pick_current(tui) || (tui->focus < tui->page.element_count && tui->page.elements[tui->focus].kind == ELEMENT_LINE);
    int function = tui_function(key, typing && tui->paper == PAPER_NONE);

    tui->dirty = true;
    tui->stale = tui->stale || !only_moves(tui, key, typing);
    if (key->kind == KEY_REFUSED) {
        tui_reject(tui, key->text, key->size);
        return;
    }
    if (!tui->note_stays && function != FUNCTION_HELP)     /* help shows it in full */
        tui_note(tui, NULL);
    tui_follow_text(tui, key);
    if (!uncover(tui, function))
        return;
    if (key->kind == KEY_CONTROL && key->number == 'z')
        screen_suspend();
    else if (function == FUNCTION_REDRAW)
        screen_redraw();
    else if (tui->asking != ASKING_NOTHING)
        answer_question(tui, key, function);
    else
        screen_key(tui, key, function);
}
