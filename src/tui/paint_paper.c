/* What lies over the screen until a key closes it: help, and the screen as a command. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"
#include "yaml/doc.h"

static void told(struct page *page, int columns, const char *what, const char *text)
{
    char *line = text && *text ? text_format("%s: %s.", what, text) : NULL;
    page_wrap(page, NOWHERE, 1, columns, line, 0);
    free(line);
}

/* Both values of a field that was changed on the service, row by row where it has rows. */
static void paint_conflict_help(const struct view *view, struct page *page, const struct control_view *control, int columns)
{
    for (size_t i = 0; i < view->change_count; i++)
        if (text_same(view->changes[i].field, control->name)) {
            if (view->changes[i].row_label)
                page_line(page, NOWHERE, 1, columns, view->changes[i].row_label, 0);
            paint_sides(page, &view->changes[i], view->changes[i].row_label ? 3 : 1, columns);
        }
}

static const char *screen_help(enum screen screen)
{
    switch (screen) {
    case SCREEN_PLAN:
        return "Each line: the value on the service -> your answer. + new, ~ changed, - removed, ! changed on the service since it was last read "
               "(choose at its step), > carried out by the service.";
    case SCREEN_DRIFT:
        return "Each field has two values: your answer, and the value on the service, which was changed there. Choose one with its button. "
               "Nothing is chosen or sent before that.";
    case SCREEN_HOME: case SCREEN_FORM: case SCREEN_ROW: case SCREEN_CHECKS: case SCREEN_SIGN_IN: case SCREEN_TOKEN: case SCREEN_ADDRESS:
    case SCREEN_PROBLEMS: case SCREEN_CONFIRM: case SCREEN_END:
        break;
    }
    return NULL;
}

/* What the line below the screen has no room for, and every problem of this screen. */
static void paint_message(const struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    const struct problems *const lists[] = {view->problems, &view->refusals};
    struct text news = {0};
    int look = tui_news(tui, &news);
    if (news.size) {
        page_wrap(page, NOWHERE, 1, columns, news.bytes, look);
        page_gap(page);
    }
    text_clear(&news);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t j = 0; lists[i] && j < lists[i]->count; j++) {
            const struct problem *problem = &lists[i]->items[j];
            char *place = problem->label ? text_format("! %s: ", problem->label) : mem_copy("! ");
            page_problem(page, NOWHERE, 1, columns, problem, place, LOOK_BAD);
            free(place);
        }
    page_gap(page);
}

void paint_help(struct tui *tui, struct page *page, int columns)
{
    static const char keys[] =
        "Tab, Shift-Tab, arrows: move. Enter: accept, next. Space: toggle.\n"
        "PgUp, PgDn, Home, End: lists. Typing in a list filters it.\n"
        "F1 or Ctrl-G: help. F2 or Ctrl-O: steps. F3 or Ctrl-F: find anything.\n"
        "F4 or Ctrl-T: line mode. F5 or Ctrl-L: redraw. F6 or Ctrl-X: as a command.\n"
        "F7 or Ctrl-V: what would change.\n"
        "F8 or Ctrl-P: previous. F10 or Ctrl-N: next. F9: save and leave.\n"
        "Ctrl-U: clear the field. Ctrl-Y: the cleared text again. Ctrl-A/E/K/W/D: as in a shell.\n"
        "Ctrl-R: show a secret. Delete or Ctrl-K: take a row or a choice away.\n"
        "Esc and a digit: that F-key. Esc: back, nothing is lost. Ctrl-C: leave.";
    const struct control_view *control = tui_control(tui);
    paint_message(tui, page, columns);
    page_wrap(page, NOWHERE, 1, columns, screen_help(tui->view->screen), 0);
    if (control) {
        page_wrap(page, NOWHERE, 1, columns, control->label, LOOK_BOLD);
        page_wrap(page, NOWHERE, 1, columns, control->help, 0);
        char *allowed = control->expects ? text_format("Allowed: %s.", control->expects) : NULL;
        page_wrap(page, NOWHERE, 1, columns, allowed, 0);
        free(allowed);
        if (control->theirs)
            paint_conflict_help(tui->view, page, control, columns);
        else
            told(page, columns, "Now", control->text);
        told(page, columns, "Where it comes from", control->origin);
        told(page, columns, "The secret", control->control == CONTROL_SECRET ? control->note : NULL);
        page_gap(page);
    }
    for (size_t i = 0; i < tui->view->action_count; i++) {
        char *text = text_format("%s: %s", tui->view->actions[i].label, tui->view->actions[i].help ? tui->view->actions[i].help : "");
        page_wrap(page, NOWHERE, 1, columns, text, 0);
        free(text);
    }
    page_gap(page);
    page_line(page, NOWHERE, 1, columns, "Keys", LOOK_BOLD);
    page_wrap(page, NOWHERE, 1, columns, keys, 0);
}

/* The answers of this screen as an answers file has them. Yours. */
static struct value *answers_of(const struct view *view)
{
    struct value *answers = value_new_map(), *row = view->screen == SCREEN_ROW ? value_new_map() : NULL;
    for (size_t i = 0; i < view->control_count; i++) {
        const struct control_view *control = &view->controls[i];
        struct value *value = control->value ? value_copy(control->value) : NULL;
        if (control->control == CONTROL_SECRET && control->note) {
            char *path = text_format("secrets/%s", control->name);
            value = value_new_map();
            value_put_text(value, "file", path);
            free(path);
        }
        if (value && row)
            value_put(row, strrchr(control->name, '.') + 1, value);
        else if (value)
            value_set_value(answers, control->name, value);
    }
    if (row) {
        const char *first = view->controls[0].name;
        char *table = mem_copy_bytes(first, (size_t)(strrchr(first, '.') - first));
        struct value *rows = value_new_list();
        value_append(rows, row);
        value_set_value(answers, table, rows);
        free(table);
    }
    return answers;
}

static const char *command_of(enum screen screen)
{
    switch (screen) {
    case SCREEN_FORM:
    case SCREEN_ROW:
        return "commerce-setup apply answers.yaml";
    case SCREEN_CHECKS:
        return "commerce-setup check";
    case SCREEN_SIGN_IN:
    case SCREEN_TOKEN:
        return "commerce-setup sign-in\ncommerce-setup apply answers.yaml --token-file FILE";
    case SCREEN_PLAN:
        return "commerce-setup plan answers.yaml";
    case SCREEN_DRIFT:
        return "commerce-setup plan answers.yaml\ncommerce-setup apply answers.yaml --keep mine\ncommerce-setup apply answers.yaml --keep theirs";
    case SCREEN_HOME:
    case SCREEN_PROBLEMS:
    case SCREEN_CONFIRM:
    case SCREEN_ADDRESS:
    case SCREEN_END:
        break;
    }
    return "commerce-setup status\ncommerce-setup export > answers.yaml\ncommerce-setup apply answers.yaml";
}

void paint_command(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    struct value *answers = view->control_count && view->screen != SCREEN_TOKEN ? answers_of(view) : NULL;
    struct text text = {0};
    page_line(page, NOWHERE, 1, columns, "The same without a terminal", LOOK_BOLD);
    page_wrap(page, NOWHERE, 3, columns, command_of(view->screen), 0);
    page_gap(page);
    if (value_count(answers)) {
        page_line(page, NOWHERE, 1, columns, "with this in answers.yaml:", LOOK_BOLD);
        yaml_write(answers, &text);
        page_wrap(page, NOWHERE, 3, columns, text_bytes(&text), 0);
    }
    text_clear(&text);
    value_free(answers);
}
