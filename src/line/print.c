/* Everything line mode says: cleaned, wrapped at 72 columns, no control character but newline. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

#define COLUMNS 72
#define SHOWN 20

static void put(struct line *line, const char *bytes, size_t size)
{
    while (size) {
        ssize_t wrote = write(line->out, bytes, size);
        if (wrote <= 0)
            return;     /* the reader is gone: the input will tell */
        bytes += wrote;
        size -= (size_t)wrote;
    }
}

static void wrap(struct line *line, const char *text)
{
    struct text out = {0};
    while (*text) {
        size_t indent = strspn(text, " "), fit = glyph_fit(text, COLUMNS, NULL), size = strlen(text);
        if (fit < size) {
            size_t cut = fit;
            while (cut > indent + 1 && text[cut] != ' ')
                cut--;
            fit = cut > indent + 1 ? cut : fit ? fit : size;
        }
        text_add_bytes(&out, text, fit);
        text_add(&out, "\n");
        text += fit;
        while (*text == ' ')
            text++;
    }
    if (!out.size)
        text_add(&out, "\n");
    put(line, out.bytes, out.size);
    text_clear(&out);
}

void line_print(struct line *line, const char *format, ...)
{
    struct text text = {0};
    va_list args;
    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    char *clean = clean_copy(text_bytes(&text), CLEAN_PROSE);
    wrap(line, clean);
    free(clean);
    text_clear(&text);
}

void line_raw(struct line *line, const char *text)
{
    char *clean = clean_copy(text, CLEAN_NAME);
    put(line, clean, strlen(clean));
    put(line, "\n", 1);
    free(clean);
}

void line_prompt(struct line *line, const char *prompt)
{
    put(line, prompt, strlen(prompt));
    line->asked = true;
}

void line_home(struct line *line)
{
    const struct view *view = line->view;
    const char *section = NULL;
    line_print(line, "%s%s%s. %d of %d steps sent.", view->title, view->heading ? ": " : "", view->heading ? view->heading : "",
               view->sent_count, view->applicable_count);
    for (size_t i = 0; i < view->steps_count; i++) {
        if (!text_same(section, view->steps[i].section)) {
            section = view->steps[i].section;
            line_print(line, "%s", section ? section : "");
        }
        line_print(line, "  %zu. %s: %s", i + 1, view->steps[i].title, view->steps[i].words);
    }
    if (view->next)
        line_print(line, "Next: %s.", view->next);
    line_print(line, "Give a number or the beginning of a title; send, plan, problems, help, quit.");
}

void line_checks(struct line *line)
{
    static const char *const results[] = {"running", "passed", "warning", "failed"};
    for (; line->told_checks < line->view->check_count; line->told_checks++) {
        const struct check_view *check = &line->view->checks[line->told_checks];
        if (!check->ran || check->result == CHECK_RUNNING)
            return;
        line_print(line, "%s%s: %s%s%s", check->child ? "  " : "", check->label ? check->label : check->id, results[check->result],
                   check->text ? ". " : "", check->text ? check->text : "");
        if (check->remedy && check->result > CHECK_PASS)
            for (const char *at = check->remedy; *at;) {
                size_t size = strcspn(at, "\n");
                line_print(line, "    %.*s", (int)size, at);
                at += size + (at[size] == '\n');
            }
    }
}

void line_plan(struct line *line)
{
    const struct view *view = line->view;
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        line_print(line, "  %c %s, %s%s%s: %s -> %s", change->sign, change->step_title, change->label, change->row ? " / " : "",
                   change->row ? change->row : "", *change->from ? change->from : "(nothing)", *change->to ? change->to : "(nothing)");
    }
    if (!view->change_count && !view->loading)
        line_print(line, "Nothing would change.");
}

void line_problems(struct line *line)
{
    const struct problems *problems = line->view->problems;
    for (size_t i = 0; problems && i < problems->count; i++)
        line_print(line, "  %s%s%s. %s", problems->items[i].field ? problems->items[i].field : "", problems->items[i].field ? ": " : "",
                   problems->items[i].text, problems->items[i].advice ? problems->items[i].advice : "");
    if (!problems || !problems->count)
        line_print(line, "No problems.");
}

static char *path_of(const struct choices *choices, size_t i)
{
    struct text path = {0};
    text_add(&path, choices_label(choices, i));
    for (size_t up = choices_parent(choices, i); up != CHOICES_NONE && path.size < 400; up = choices_parent(choices, up)) {
        char *below = text_format("%s / %s", choices_label(choices, up), path.bytes);
        text_empty(&path);
        text_add(&path, below);
        free(below);
    }
    return text_take(&path);
}

void line_choices(struct line *line, const struct control_view *control, const char *left, const char *filter)
{
    const struct choices *choices = control->choices;
    char *query = glyph_fold(filter ? filter : "");
    size_t found[SHOWN * 4], next = 0, total = choices_count(choices), printed = 0;
    value_free(line->shown);
    line->shown = value_new_list();
    while (next < total && printed < SHOWN) {
        size_t count = choices_search(choices, query, &next, 4096, found, SHOWN * 4);
        for (size_t i = 0; i < count && printed < SHOWN; i++) {
            const char *value = choices_value(choices, found[i]);
            if (!view_allows(control, left, value))
                continue;
            char *label = control->control == CONTROL_TREE ? path_of(choices, found[i]) : mem_copy(choices_label(choices, found[i]));
            value_append(line->shown, value_new_text(value));
            line_print(line, "  %zu. %s", ++printed, label);
            free(label);
        }
        if (count == 0 && next >= total)
            break;
    }
    if (printed == SHOWN)
        line_print(line, "  %zu shown of %zu; /word shows those that have it.", printed, total);
    else if (!printed)
        line_print(line, "  %s", control->choices_note ? control->choices_note : "Nothing fits.");
    free(query);
}

void line_rows(struct line *line, const struct control_view *control)
{
    size_t count = control->value && control->value->kind == VALUE_LIST ? value_count(control->value) : 0;
    for (size_t i = 0; i < count; i++) {
        struct text row = {0};
        for (size_t j = 0; j < control->field->column_count; j++) {
            const char *cell = value_member_text(value_item(control->value, i), control->field->columns[j].name);
            if (cell)
                text_addf(&row, "%s%s", row.size ? ", " : "", cell);
        }
        line_print(line, "  %zu. %s", i + 1, text_bytes(&row));
        text_clear(&row);
    }
    line_print(line, "add, a number to change a row, remove and a number; Enter when done.");
}

void line_map(struct line *line, const struct control_view *control)
{
    size_t count = value_count(control->value);
    for (size_t i = 0; i < count && i < SHOWN; i++)
        line_print(line, "  %s = %s", choices_label_of(control->left, value_name(control->value, i)),
                   choices_label_of(control->choices, value_item(control->value, i)->text));
    line_print(line, "%zu of %zu mapped. Left = right maps one, left = clears it, list /word shows what can be on the right, "
                     "ask asks for each one that is open; Enter when done.", count, choices_count(control->left));
}

void line_question(struct line *line, const struct control_view *control)
{
    const struct view *view = line->view;
    struct text where = {0};
    if (view->step_number)
        text_addf(&where, "Step %d of %d, question %zu of %zu: ", view->step_number, view->step_count, line->question + 1,
                  view->control_count);
    line_print(line, "%s%s%s%s%s.%s%s%s", text_bytes(&where), control->group ? control->group : "", control->group ? ", " : "",
               control->label, control->required ? " (required)" : "", *control->text ? " Current: " : "", control->text,
               *control->text ? "." : "");
    text_clear(&where);
    if (control->note)
        line_print(line, "  %s", control->note);
    if (control->draft)
        line_print(line, "  Typed before, not accepted: %s", control->draft);
    if (control->problem)
        line_print(line, "  Problem: %s. %s", control->problem->text, control->problem->advice ? control->problem->advice : "");
    if (control->theirs)
        line_print(line, "  Changed elsewhere to: %s. Say theirs or mine.", control->theirs);
    if (control->control == CONTROL_TABLE)
        line_rows(line, control);
    else if (control->control == CONTROL_MAP)
        line_map(line, control);
    else if (control->choices && choices_count(control->choices) <= SHOWN)
        line_choices(line, control, NULL, NULL);
    else if (control->choices_note)
        line_print(line, "  %s", control->choices_note);
}
