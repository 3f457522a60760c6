/* A step's questions, or the columns of one row: label, then value, in one line each. */
#include <stdlib.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

#define LABEL 3         /* the column of labels; the marker stands before it */
#define PROBLEM_LINES 6  /* of a problem on the form */

static int value_column(const struct view *view, int columns)
{
    int widest = 8;
    for (size_t i = 0; i < view->control_count; i++) {
        int width = glyph_columns(view->controls[i].label ? view->controls[i].label : "") + (view->controls[i].required ? 2 : 0);
        widest = width > widest ? width : widest;
    }
    int most = columns * 2 / 5;
    return LABEL + (widest < most ? widest : most) + 2;
}

static bool has_focus(const struct tui *tui, enum element_kind kind, const struct control_view *control)
{
    return tui->focus != NOWHERE && tui->focus_kind == kind && text_same(tui->focus_name, control->name);
}

static void paint_typed(struct tui *tui, struct line *line, const struct control_view *control, int at, int columns)
{
    bool secret = control->control == CONTROL_SECRET;
    bool focused = has_focus(tui, ELEMENT_LINE, control);
    struct slot *slot = focused ? slot_of(tui, control) : slot_known(tui, control->name);
    if (slot && (focused || secret)) {
        int cursor = 0;
        line->value_column = at;
        line->value = edit_show(&slot->edit, columns - at - 1, secret && !(focused && tui->reveal), &cursor);
        line->cursor = at + cursor;
        if (secret && !slot->edit.text.size && control->note && columns - at > 8) {
            free(line->value);
            line->value = clean_cut(control->note, columns - at, CLEAN_PROSE, tui->utf8);
            line->value_look = 0;
        }
        return;
    }
    const char *text = secret ? control->note : slot ? text_bytes(&slot->edit.text) : control->draft ? control->draft : control->text;
    page_value(line, at, columns, text ? text : "", 0, tui->utf8);
}

static const char *row_key(const struct control_view *control, const struct value *row)
{
    const char *key = control->field->key ? value_member_text(row, control->field->key) : NULL;
    return key ? key : "";
}

/* A list is shown by its only item, or by how many there are. Yours. */
static char *cell_text(const struct field *column, const struct value *row)
{
    const struct value *cell = value_member(row, column->name);
    if (cell && cell->kind != VALUE_TEXT && value_count(cell) != 1)
        return text_format("%zu chosen", value_count(cell));
    char *words = cell_words(column, cell), *clean = clean_copy(words, CLEAN_NAME);
    free(words);
    return clean;
}

/* Columns are as wide as what is in them, the heading included, and never wider than a third of the screen. */
static void column_widths(const struct control_view *control, int columns, int *widths)
{
    for (size_t j = 0; j < control->field->column_count; j++) {
        widths[j] = glyph_columns(control->field->columns[j].label);
        for (size_t i = 0; i < value_count(control->value); i++) {
            char *cell = cell_text(&control->field->columns[j], value_item(control->value, i));
            int width = glyph_columns(cell);
            widths[j] = width > widths[j] ? width : widths[j];
            free(cell);
        }
        widths[j] = widths[j] > columns / 3 ? columns / 3 : widths[j];
    }
}

static void add_cell(struct text *line, const char *cell, int width)
{
    int used = 0;
    size_t size = glyph_fit(cell, width, &used);
    text_add_bytes(line, cell, size);
    text_addf(line, "%*s", width - used + 2, "");
}

static void paint_rows(struct page *page, const struct control_view *control, int columns)
{
    size_t count = control->field->column_count;
    int *widths = mem_new((count + 1) * sizeof *widths);
    struct text text = {0};

    column_widths(control, columns, widths);
    for (size_t j = 0; j < count && value_count(control->value); j++)
        add_cell(&text, control->field->columns[j].label, widths[j]);
    if (text.size)
        page_line(page, NOWHERE, LABEL + 2, columns, text.bytes, LOOK_UNDERLINE);
    for (size_t i = 0; i < value_count(control->value); i++) {
        const struct value *row = value_item(control->value, i);
        text_empty(&text);
        for (size_t j = 0; j < count; j++) {
            char *cell = cell_text(&control->field->columns[j], row);
            add_cell(&text, cell, widths[j]);
            free(cell);
        }
        size_t element = page_element(page, ELEMENT_TABLE_ROW, control->name, row_key(control, row), i);
        page_line(page, element, LABEL + 2, columns, text_bytes(&text), 0);
    }
    text_clear(&text);
    free(widths);
    page_line(page, page_element(page, ELEMENT_TABLE_ADD, control->name, NULL, 0), LABEL + 2, columns,
              control->new_row ? "+ continue the unfinished row" : "+ add a row", 0);
}

/* A long text of the service must not push the form off the screen: F1 shows all of it. */
static void paint_problem(struct page *page, size_t element, int at, int columns, const struct problem *problem, const char *before)
{
    struct problem shown = *problem;
    int used;
    size_t size = glyph_fit(problem->text, PROBLEM_LINES * (columns - at), &used);
    char *cut = text_format("%.*s... (F1 shows all of it)", (int)size, problem->text);
    if (problem->text[size])
        shown.text = cut;
    page_problem(page, element, at, columns, &shown, before, LOOK_BAD);
    free(cut);
}

/* What is wrong with it, what it waits for, what somebody else made of it. */
static void paint_below(const struct view *view, struct page *page, const struct control_view *control, size_t element, int at, int columns)
{
    if (control->problem) {
        paint_problem(page, element, at, columns, control->problem, "! ");
        if (control->problem_count > 1) {
            char *text = text_format("! and %zu more here: F1", control->problem_count - 1);
            page_line(page, element, at, columns, text, LOOK_BAD);
            free(text);
        }
    }
    if (control->choices_note)
        page_wrap(page, element, at, columns, control->choices_note, 0);
    if (control->theirs) {
        /* A table has no element of its own: the focus is not to start on a button. */
        size_t heading = element == NOWHERE ? page_element(page, ELEMENT_CONFLICT, control->name, NULL, 0) : element;
        page_wrap(page, heading, at, columns, "! changed on the service", LOOK_BAD);
        for (size_t i = 0; i < view->change_count; i++)
            if (text_same(view->changes[i].field, control->name)) {
                if (view->changes[i].row_label)
                    page_line(page, NOWHERE, at, columns, view->changes[i].row_label, 0);
                paint_sides(page, &view->changes[i], view->changes[i].row_label ? at + 2 : at, columns);
            }
        paint_decide(page, control->name, at, columns);
    }
}

static void paint_control(struct tui *tui, struct page *page, const struct control_view *control, int at, int columns)
{
    static const enum element_kind kinds[] = {
        [CONTROL_LINE] = ELEMENT_LINE, [CONTROL_SECRET] = ELEMENT_LINE, [CONTROL_YESNO] = ELEMENT_YESNO, [CONTROL_ONE] = ELEMENT_PICK,
        [CONTROL_MANY] = ELEMENT_PICK, [CONTROL_TREE] = ELEMENT_PICK, [CONTROL_MAP] = ELEMENT_MAP,
    };
    bool table = control->control == CONTROL_TABLE, note = control->control == CONTROL_NOTE;
    size_t element = table || note ? NOWHERE : page_element(page, kinds[control->control], control->name, NULL, 0);
    char *label = text_format("%s%s", control->label ? control->label : "", control->required ? " *" : "");
    struct line *line = page_line(page, element, LABEL, at - 1, label, table ? LOOK_BOLD : 0);
    free(label);
    if (control->control == CONTROL_LINE || control->control == CONTROL_SECRET) {
        paint_typed(tui, line, control, at, columns);
    } else {
        const char *text = control->text && *control->text ? control->text : note || table ? "" : "(none)";
        bool map = control->control == CONTROL_MAP;
        char *count = map ? text_format("%zu of %zu mapped", value_count(control->value), choices_count(control->left)) : NULL;
        char *value = text_format("%s%s%s%s", count ? count : text, control->note ? "  (" : "", control->note ? control->note : "",
                                  control->note ? ")" : "");
        page_value(line, at, columns, value, 0, tui->utf8);
        line->cursor = at;
        free(count);
        free(value);
    }
    if (table) {
        paint_below(tui->view, page, control, NOWHERE, LABEL + 2, columns);
        paint_rows(page, control, columns);
    } else {
        paint_below(tui->view, page, control, element, at, columns);
    }
}

void paint_buttons(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    const struct step_view *here = tui_step(tui, 0), *next = tui_step(tui, 1);
    bool passed = view->screen == SCREEN_CHECKS && here && here->state == STATE_SENT;
    bool onward = next && !(view->wait.on && view->wait.blocks) &&
                  (passed || ((view->screen == SCREEN_FORM || view->screen == SCREEN_CHECKS) && !view->submit));
    size_t problems = 0;
    if (view->submit || view->action_count || onward)
        page_gap(page);
    if (onward) {
        char *label = text_format("Go on: %s", next->title);
        page_button(page, page_element(page, ELEMENT_NEXT, next->id, NULL, 0), LABEL, columns, label);
        free(label);
    }
    if (view->submit)
        page_button(page, page_element(page, ELEMENT_SUBMIT, NULL, NULL, 0), LABEL, columns, view->submit);
    for (size_t i = 0; i < view->action_count; i++)
        page_button(page, page_element(page, ELEMENT_ACTION, view->actions[i].id, NULL, i), LABEL, columns, view->actions[i].label);
    for (size_t i = 0; i < view->steps_count; i++)
        problems += view->steps[i].problem_count;
    if (problems && (view->screen == SCREEN_HOME || view->screen == SCREEN_FORM || view->screen == SCREEN_END)) {
        char *label = text_format("All problems: %zu", problems);
        page_button(page, page_element(page, ELEMENT_PROBLEMS, NULL, NULL, 0), LABEL, columns, label);
        free(label);
    }
}

/* What the service is at, where it is all there is to see. */
static void paint_wait(const struct tui *tui, struct page *page, int columns)
{
    const struct wait_view *wait = &tui->view->wait;
    page_gap(page);
    if (wait->percent >= 0) {
        int room = columns > 60 ? 40 : columns - 20, done = room * (wait->percent > 100 ? 100 : wait->percent) / 100;
        struct text bar = {0};
        text_add(&bar, "[");
        for (int i = 0; i < room; i++)
            text_add(&bar, i < done ? "#" : ".");
        text_addf(&bar, "] %d %%", wait->percent);
        page_line(page, NOWHERE, LABEL, columns, bar.bytes, LOOK_BOLD);
        text_clear(&bar);
    }
    page_wrap(page, NOWHERE, LABEL, columns, wait->say, 0);
    page_wrap(page, NOWHERE, LABEL, columns, "You may leave: it goes on without you, and is found here when you come back.", 0);
}

void paint_controls(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    int at = value_column(view, columns);
    const char *group = NULL;
    for (size_t i = 0; i < view->control_count; i++) {
        const struct control_view *control = &view->controls[i];
        if (control->group && !text_same(control->group, group)) {
            page_gap(page);
            page_wrap(page, NOWHERE, 1, columns, control->group, LOOK_BOLD);
        }
        group = control->group;
        paint_control(tui, page, control, at, columns);
    }
}

/* What the service rejected without naming a field of this form. */
static void paint_rejections(struct page *page, const struct view *view, int columns)
{
    bool any = false;
    for (size_t i = 0; i < view->refusals.count; i++) {
        const struct problem *problem = &view->refusals.items[i];
        if (problem->field && view->control_count)
            continue;
        char *place = problem->label ? text_format("! %s: ", problem->label) : mem_copy("! ");
        paint_problem(page, NOWHERE, 1, columns, problem, place);
        free(place);
        any = true;
    }
    if (any)
        page_gap(page);
}

void paint_form(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;

    if (view->guide) {
        page_wrap(page, NOWHERE, 1, columns, view->guide, 0);
        page_gap(page);
    }
    if (view->why_not) {
        page_wrap(page, NOWHERE, 1, columns, view->why_not, 0);
        page_gap(page);
    }
    paint_rejections(page, view, columns);
    paint_controls(tui, page, columns);
    if (!view->control_count && view->wait.on && view->wait.may_leave)
        paint_wait(tui, page, columns);
    paint_buttons(tui, page, columns);
}
