/* Maintaining the account in lines: a page to open, and what was changed elsewhere, one field after the other. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

void line_address(struct line *line)
{
    const struct view *view = line->view;
    line_print(line, "%s.", view->title);
    if (view->guide)
        line_print(line, "%s", view->guide);
    line_print(line, "On any device with a browser open");
    line_print_raw(line, view->address);
    line_print(line, "Enter when you are done there; qr shows it as a QR code; back compares too.");
}

void line_sides(struct line *line, const struct change_view *change, int indent)
{
    line_print(line, "%*s" SIDE_ANSWER ": %s", indent, "", *change->to ? change->to : "(nothing)");
    line_print(line, "%*s" SIDE_SERVICE ": %s", indent, "", *change->from ? change->from : "(nothing)");
}

static void row_sides(struct line *line, const struct change_view *change)
{
    if (change->row_label)
        line_print(line, "    %s", change->row_label);
    line_sides(line, change, change->row_label ? 6 : 4);
}

void line_conflict(struct line *line, const char *field)
{
    const struct view *view = line->view;
    line_print(line, "  Changed on the service.");
    for (size_t i = 0; i < view->change_count; i++)
        if (text_same(view->changes[i].field, field))
            row_sides(line, &view->changes[i]);
    line_print(line, "  Type mine to keep your answer, theirs to use the value on the service.");
}

/* The fields, by number; those with rows show each row that differs. */
void line_drift(struct line *line)
{
    const struct view *view = line->view;
    size_t number = 0;
    for (size_t i = 0; i < view->change_count; i++) {
        const struct change_view *change = &view->changes[i];
        if (i == 0 || !text_same(change->field, change[-1].field))
            line_print(line, "  %zu. %s, %s", ++number, change->step_title, change->label);
        row_sides(line, change);
    }
    line_print(line, "Type mine and a number to keep your answer, theirs and a number to use the value on the service, or mine all, theirs all. "
                     "back decides nothing.");
}

static const char *drift_field(const struct view *view, const char *number)
{
    char *end;
    long wanted = strtol(number, &end, 10);
    for (size_t i = 0; *number && !*end && i < view->change_count; i++)
        if ((i == 0 || !text_same(view->changes[i].field, view->changes[i - 1].field)) && --wanted == 0)
            return view->changes[i].field;
    return NULL;
}

bool line_drift_typed(struct line *line, const char *typed, struct event *event)
{
    bool theirs = text_starts(typed, "theirs "), mine = text_starts(typed, "mine ");
    const char *which = typed + (theirs ? strlen("theirs ") : mine ? strlen("mine ") : 0);
    const char *field = theirs || mine ? drift_field(line->view, which) : NULL;
    bool all = (theirs || mine) && text_same(which, "all");
    if (!field && !all)
        return line_unknown(line, typed);
    line_keep(&line->field, field);
    *event = (struct event){.kind = EVENT_TAKE, .field = line->field, .yes = theirs};
    return true;
}
