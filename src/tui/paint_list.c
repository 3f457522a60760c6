/* The screens that are read more than filled in. */
#include <stdlib.h>
#include <time.h>

#include "base/clean.h"
#include "base/mem.h"
#include "private.h"

static void paint_home(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    const char *section = NULL;
    int at = columns >= 60 ? 37 : columns * 5 / 8;

    for (size_t i = 0; i < view->steps_count; i++) {
        const struct step_view *step = &view->steps[i];
        if (step->section && !text_same(step->section, section))
            page_wrap(page, NOWHERE, 1, columns, step->section, LOOK_BOLD);
        section = step->section;
        char *title = text_format("%s %s", tui_mark(tui, step->state), step->title);
        struct line *line = page_line(page, page_element(page, ELEMENT_STEP, step->id, NULL, i), 3, at - 1, title, 0);
        page_value(line, at, columns, step->words ? step->words : step_state_words(step->state), 0, tui->utf8);
        free(title);
    }
    paint_buttons(tui, page, columns);
}

/* One line of a check: how it went, how long it took, and what was found where that says more. */
static void paint_check(const struct tui *tui, struct page *page, const struct check_view *check, int columns)
{
    static const char *const words[] = {[CHECK_RUNNING] = "running", [CHECK_PASS] = "passed", [CHECK_WARN] = "warning", [CHECK_FAIL] = "failed"};
    static const enum step_state marks[] = {[CHECK_RUNNING] = STATE_WAITING, [CHECK_PASS] = STATE_SENT, [CHECK_WARN] = STATE_REFUSED,
                                            [CHECK_FAIL] = STATE_REFUSED};
    int column = check->child ? 5 : 3;
    bool bad = check->ran && (check->result == CHECK_WARN || check->result == CHECK_FAIL);
    const char *word = check->ran ? words[check->result] : "not yet";
    struct text text = {0};

    text_addf(&text, "%s %s: %s", tui_mark(tui, check->ran ? marks[check->result] : STATE_TODO), check->label ? check->label : check->id, word);
    if (check->took_ms >= 1000)
        text_addf(&text, " in %d.%d s", check->took_ms / 1000, check->took_ms % 1000 / 100);
    else if (check->took_ms > 0 || (check->child && check->ran))
        text_addf(&text, " in %d ms", check->took_ms);
    if (check->text && !text_same(check->text, word))
        text_addf(&text, bad ? ". %s" : ", %s", check->text);
    page_wrap(page, NOWHERE, column, columns, text_bytes(&text), bad ? LOOK_BAD : 0);
    if (check->remedy && bad)
        page_wrap(page, NOWHERE, column + 2, columns, check->remedy, 0);
    text_clear(&text);
}

static void paint_checks(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    if (view->guide)
        page_wrap(page, NOWHERE, 1, columns, view->guide, 0);
    paint_buttons(tui, page, columns);
    page_gap(page);
    for (size_t i = 0; i < view->check_count; i++)
        paint_check(tui, page, &view->checks[i], columns);
}

static void paint_left_out(struct page *page, const struct view *view, int columns)
{
    if (view->left_out_count) {
        page_gap(page);
        page_wrap(page, NOWHERE, 1, columns, "Cannot be sent yet", LOOK_BOLD);
    }
    for (size_t i = 0; i < view->left_out_count; i++) {
        char *text = text_format("%s: %s", view->left_out[i].step_title, view->left_out[i].why);
        page_wrap(page, NOWHERE, 3, columns, text, 0);
        free(text);
    }
}

static void paint_plan(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    const char *step = NULL;
    if (view->not_compared && !view->loading)
        page_wrap(page, NOWHERE, 1, columns, view->not_compared, LOOK_BOLD | LOOK_BAD);
    if (view->not_compared && !view->loading && view->change_count)
        page_wrap(page, NOWHERE, 1, columns, "The changes are those since the service was last read.", 0);
    if (view->change_count)
        page_wrap(page, NOWHERE, 1, columns, SIDE_SERVICE " -> " SIDE_ANSWER, 0);
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        if (!text_same(step, change->step)) {
            page_gap(page);
            page_wrap(page, NOWHERE, 1, columns, change->step_title, LOOK_BOLD);
        }
        step = change->step;
        bool from = change->from && *change->from, to = change->to && *change->to;
        char *text = change->sign == '>' ? text_format("%c %s", change->sign, change->place)
                                         : text_format("%c %s: %s -> %s%s", change->sign, change->place, from ? change->from : "(nothing)",
                                                       to ? change->to : "(nothing)",
                                                       change->sign == '!' ? " (changed on the service)" : "");
        page_wrap(page, NOWHERE, 3, columns, text, 0);
        free(text);
    }
    paint_left_out(page, view, columns);
    if (view->loading && !view->change_count)
        page_line(page, NOWHERE, 1, columns, "Reading the values on the service.", 0);
    else if (!view->change_count && !view->left_out_count && !view->not_compared)
        page_line(page, NOWHERE, 1, columns, "No changes. The service matches your answers.", 0);
}

void paint_sides(struct page *page, const struct change_view *change, int column, int columns)
{
    char *answer = text_format("%-16s%s", SIDE_ANSWER ":", *change->to ? change->to : "(nothing)");
    char *service = text_format("%-16s%s", SIDE_SERVICE ":", *change->from ? change->from : "(nothing)");
    page_wrap(page, NOWHERE, column, columns, answer, 0);
    page_wrap(page, NOWHERE, column, columns, service, 0);
    free(answer);
    free(service);
}

void paint_decide(struct page *page, const char *field, int column, int columns)
{
    page_button(page, page_element(page, ELEMENT_MINE, field, NULL, 0), column, columns, field ? "Keep your answer" : "Keep all your answers");
    page_button(page, page_element(page, ELEMENT_THEIRS, field, NULL, 0), column, columns,
                field ? "Use the value on the service" : "Use all values on the service");
}

static bool is_first_of_field(const struct view *view, size_t i)
{
    return i == 0 || !text_same(view->changes[i].field, view->changes[i - 1].field);
}

/* Field by field, row by row: what was changed on the service. The focus starts on a heading, so that Enter decides nothing. */
static void paint_drift(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    size_t fields = 0;
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        if (i == 0 || !text_same(change->step, change[-1].step)) {
            page_gap(page);
            page_wrap(page, NOWHERE, 1, columns, change->step_title, LOOK_BOLD);
        }
        if (is_first_of_field(view, i))
            page_line(page, page_element(page, ELEMENT_CONFLICT, change->field, NULL, i), 3, columns, change->label, 0);
        if (change->row_label)
            page_line(page, NOWHERE, 5, columns, change->row_label, 0);
        paint_sides(page, change, change->row_label ? 7 : 5, columns);
        if (i + 1 < view->change_count && !is_first_of_field(view, i + 1))
            continue;
        paint_decide(page, change->field, 5, columns);
        fields++;
    }
    if (fields > 1) {
        page_gap(page);
        paint_decide(page, NULL, 5, columns);
    }
}

static void paint_problems(struct tui *tui, struct page *page, int columns)
{
    const struct problems *problems = tui->view->problems;
    for (size_t i = 0; problems && i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        size_t element = page_element(page, ELEMENT_PROBLEM, problem->field, problem->row, i);
        char *place = text_format("%s: ", problem->label);
        page_problem(page, element, 3, columns, problem, place, 0);
        free(place);
    }
    if (!problems || !problems->count)
        page_line(page, NOWHERE, 1, columns, "No problems.", 0);
}

static void paint_confirm(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    page_gap(page);
    page_wrap(page, NOWHERE, 1, columns, view->question, LOOK_BOLD);
    page_gap(page);
    paint_controls(tui, page, columns);
    page_line(page, NOWHERE, 0, columns, "", 0);
    page_button(page, page_element(page, ELEMENT_NO, NULL, NULL, 0), 3, columns, view->no ? view->no : "No");
    page_button(page, page_element(page, ELEMENT_YES, NULL, NULL, 0), 3, columns, view->yes ? view->yes : "Yes");
    for (size_t i = 0; i < view->action_count; i++)
        page_button(page, page_element(page, ELEMENT_ACTION, view->actions[i].id, NULL, i), 3, columns, view->actions[i].label);
}

static void paint_end(struct tui *tui, struct page *page, int columns)
{
    const struct view *view = tui->view;
    page_line(page, NOWHERE, 1, columns, view->complete ? "Complete. What comes next:" : "Not complete yet.", LOOK_BOLD);
    for (size_t i = 0; i < value_count(view->after); i++)
        page_wrap(page, NOWHERE, 3, columns, value_item(view->after, i)->text, 0);
    page_gap(page);
    paint_home(tui, page, columns);
}

void paint_screen(struct tui *tui, struct page *page, int columns)
{
    switch (tui->view->screen) {
    case SCREEN_HOME:
        paint_home(tui, page, columns);
        break;
    case SCREEN_FORM:
    case SCREEN_ROW:
    case SCREEN_TOKEN:
        paint_form(tui, page, columns);
        break;
    case SCREEN_CHECKS:
        paint_checks(tui, page, columns);
        break;
    case SCREEN_SIGN_IN:
        paint_sign_in(tui, page, columns);
        break;
    case SCREEN_PLAN:
        paint_plan(tui, page, columns);
        break;
    case SCREEN_ADDRESS:
        paint_address(tui, page, columns);
        break;
    case SCREEN_DRIFT:
        paint_drift(tui, page, columns);
        break;
    case SCREEN_PROBLEMS:
        paint_problems(tui, page, columns);
        break;
    case SCREEN_CONFIRM:
        paint_confirm(tui, page, columns);
        break;
    case SCREEN_END:
        paint_end(tui, page, columns);
        break;
    }
}
