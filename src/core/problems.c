/* Problems as they are listed: named as on the screens, in the order of the form. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

/* The column of a table that a problem is at; NULL: none. */
static const struct field *column_of(const struct field_use *use, const char *name)
{
    const char *rest = name + strlen(use->name);
    for (size_t i = 0; *rest == '.' && i < use->field->column_count; i++)
        if (text_same(rest + 1, use->field->columns[i].name))
            return &use->field->columns[i];
    return NULL;
}

static void name_one(const struct wizard *wizard, struct problem *problem, const struct field_use *use)
{
    const struct field *column = column_of(use, problem->field);
    struct text label = {0};
    text_addf(&label, "%s%s%s", use->group ? use->group : "", use->group ? ", " : "", use->label);
    if (column)
        text_addf(&label, ", %s", column->label);
    if (problem->row && *problem->row && use->keys)
        text_addf(&label, ", %s", choices_label_of(wizard_lend((void *)wizard, use->keys), problem->row));
    else if (problem->row && *problem->row)
        text_addf(&label, ", row %s", problem->row);
    free(problem->label);
    problem->label = text_take(&label);
}

/* Moves the problem at `from` to `to`, which is before it; the others keep their order. */
static void move_up(struct problem *items, size_t from, size_t to)
{
    struct problem moved = items[from];
    memmove(&items[to + 1], &items[to], (from - to) * sizeof *items);
    items[to] = moved;
}

void problems_name(const struct wizard *wizard, const struct step *step, struct problems *problems)
{
    struct field_uses uses = {0};
    size_t placed = 0;
    if (!problems->count)
        return;
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++)
        for (size_t j = placed; j < problems->count; j++)
            if (answers_within(problems->items[j].field, uses.items[i].name)) {
                name_one(wizard, &problems->items[j], &uses.items[i]);
                move_up(problems->items, j, placed++);
            }
    field_uses_clear(&uses);
}

/* What is kept of a refusal may have no field, or an empty one: it is about the whole step then. */
static const char *told(const struct value *one, const char *name)
{
    const char *text = value_member_text(one, name);
    return text && *text ? text : NULL;
}

void problems_refused(const struct wizard *wizard, const struct step *step, struct problems *problems)
{
    const struct value *list = value_member(wizard->refused, step->id);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_item(list, i);
        struct problem made = {.kind = PROBLEM_ANSWER, .field = mem_copy(told(one, "field")), .row = mem_copy(told(one, "row")),
                               .text = mem_copy(value_member_text(one, "text")), .advice = mem_copy(told(one, "advice"))};
        problems_add(problems, &made);
    }
    altered_report(wizard, step, problems);
    problems_name(wizard, step, problems);
}

size_t problems_refused_count(const struct wizard *wizard, const struct step *step)
{
    struct problems problems = {0};
    problems_refused(wizard, step, &problems);
    size_t count = problems.count;
    problems_clear(&problems);
    return count;
}

/* The list of all steps says of each problem which step it is in. */
static void add_of_step(struct problems *all, const struct step *step, struct problems *some)
{
    for (size_t i = 0; i < some->count; i++) {
        struct problem *one = &some->items[i];
        char *label = text_format("%s%s%s", step->title, one->label ? ": " : "", one->label ? one->label : "");
        free(one->label);
        one->label = label;
        if (!one->advice)
            problem_advise(one, "Change it and send again");
        problems_add(all, one);
    }
    free(some->items);
}

void problems_gather(struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    problems_clear(&wizard->all);
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        struct problems some = {0};
        problems_refused(wizard, step, &some);
        for (size_t j = 0; j < wizard->problems[i].count; j++) {
            struct problem copy = problem_copy(&wizard->problems[i].items[j]);
            problems_add(&some, &copy);
        }
        problems_name(wizard, step, &some);
        add_of_step(&wizard->all, step, &some);
    }
}
