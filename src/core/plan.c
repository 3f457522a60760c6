/*
 * What apply would send now. Plan and apply ask the same function, row_needed(), so that an empty plan means that nothing is
 * sent; the changes of the fields describe in words what the needed requests are about.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static bool is_planned(const struct wizard *wizard, const struct step *step)
{
    return step->kind == STEP_FORM && step_applies(wizard, step) && (!wizard->plan_step || wizard->plan_step == step);
}

/* The names that the needed requests of a step are about; NULL: none is needed. A GET changes nothing. */
static struct value *needed_names(const struct wizard *wizard, const struct step *step)
{
    struct value *needed = NULL;
    for (size_t i = 0; i < value_count(step->save); i++) {
        const struct operation *operation = step_operation(wizard, step->save, i);
        struct rows rows = {0};
        operation_rows_of(wizard, operation, wizard->held, &rows);
        for (size_t j = 0; j < rows.count; j++) {
            const struct row *row = &rows.items[j];
            if (text_same(row->gone ? operation->gone_method : operation->method, "GET") ||
                !row_needed(wizard, operation, row, wizard->held))
                continue;
            needed = needed ? needed : value_new_list();
            struct scope scope = wizard_scope(wizard);
            scope.row = row->row;
            struct value *names = operation_names_in(operation, operation_form(operation, &scope, row->gone));
            for (size_t k = 0; k < value_count(names); k++) {
                char *name = scope_expand(&scope, value_item(names, k)->text);
                if (name)
                    value_append(needed, value_new_text(name));
                free(name);
            }
            value_free(names);
        }
        rows_clear(&rows);
    }
    return needed;
}

static bool is_named(const struct value *names, const char *field)
{
    bool named = false;
    for (size_t i = 0; i < value_count(names) && !named; i++) {
        const char *name = value_item(names, i)->text;
        named = answers_within(name, field) || answers_within(field, name);
    }
    return named;
}

/* Whether a row that is removed from the answers is removed from the service: by `gone`, or with a list that is sent whole. */
static bool removes_rows(const struct wizard *wizard, const struct step *step, const char *name)
{
    bool by_row = false, removes = false;
    for (size_t i = 0; i < value_count(step->save); i++) {
        const struct operation *operation = step_operation(wizard, step->save, i);
        struct value *names = operation_names(operation);
        bool each = text_same(operation->each, name);
        by_row = by_row || each;
        removes = removes || (each ? operation->gone != NULL : value_list_has(names, name));
        value_free(names);
    }
    return removes || !by_row;
}

static bool has_row(const struct field *field, const struct value *rows, const struct value *row)
{
    return field->kind == KIND_TABLE ? value_find(rows, field->key, value_member_text(row, field->key), NULL) != NULL
                                     : value_list_has(rows, row->text);
}

/* The value of a field on the service after apply: the answer, with the rows that no request removes; yours. */
static struct value *after_apply(const struct wizard *wizard, const struct step *step, const struct field_use *use, const struct value *from)
{
    const struct value *answer = value_at(wizard->answers, use->name);
    bool list = (use->field->kind == KIND_TABLE || use->field->kind == KIND_MANY) && from && from->kind == VALUE_LIST;
    struct value *after = list && value_is_empty(answer) ? value_new_list() : value_copy(answer);
    for (size_t i = 0; list && after->kind == VALUE_LIST && !removes_rows(wizard, step, use->name) && i < from->count; i++)
        if (!has_row(use->field, after, from->items[i]))
            value_append(after, value_copy(from->items[i]));
    return after;
}

static void use_changes(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use)
{
    const struct value *theirs = value_member(wizard->theirs, use->name);
    const struct value *from = theirs ? theirs : value_at(wizard->held, use->name);
    if (!answers_is_secret(use)) {
        struct value *to = after_apply(wizard, step, use, from);
        const struct sides sides = {.from = from, .to = to, .base = value_at(wizard->sent, use->name), .elsewhere = theirs != NULL};
        changes_add(wizard, view, step, use, &sides);
        value_free(to);
        return;
    }
    const struct value *about = answers_secret_about(wizard, use->name);
    if (about && !text_same(value_member_text(about, "sent"), "yes"))
        change_add(view, step, view_own(view, mem_copy(use->name)), view_own(view, mem_copy(use->label)), '~')->to = "(secret)";
}

/* Of the fields that `needed` names, and of those that were changed on the service: those are to be decided first. */
static void fields_changes(const struct wizard *wizard, struct view *view, const struct step *step, const struct value *needed)
{
    struct field_uses uses = {0};
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++)
        if (is_named(needed, uses.items[i].name) || value_member(wizard->theirs, uses.items[i].name))
            use_changes(wizard, view, step, &uses.items[i]);
    field_uses_clear(&uses);
}

/* Whether a step is done already, or apply would get it done. What a check finds is not known before it runs. */
static bool will_be_done(const struct wizard *wizard, const struct step *step)
{
    enum step_state state = step_state(wizard, step);
    if (step_is_done(wizard, step))
        return true;
    bool will = step->kind == STEP_FORM && state != STATE_CHANGED && state != STATE_WAITING && step_is_valid(wizard, step);
    for (size_t i = 0; i < value_count(step->needs) && will; i++) {
        const struct step *needed = checklist_step(wizard->options.checklist, value_item(step->needs, i)->text);
        will = !needed || will_be_done(wizard, needed);
    }
    return will;
}

/* Why apply could not send a step; yours; NULL: it could. */
static char *why_left_out(const struct wizard *wizard, const struct step *step)
{
    struct problems problems = {0};
    struct text missing = {0};
    char *why = NULL;

    value_free(answers_submitted(wizard, step, &problems));
    for (size_t i = 0; i < value_count(step->needs); i++) {
        const struct step *needed = checklist_step(wizard->options.checklist, value_item(step->needs, i)->text);
        if (needed && needed->kind != STEP_SIGN_IN && !will_be_done(wizard, needed))
            text_addf(&missing, "%s%s", missing.size ? ", " : "", needed->title);
    }
    if (missing.size)
        why = text_format("requires %s", missing.bytes);
    else if (problems.count)
        why = text_format("%s", problems.items[0].text);
    text_clear(&missing);
    problems_clear(&problems);
    return why;
}

static void step_changes(const struct wizard *wizard, struct view *view, const struct step *step)
{
    struct value *needed = needed_names(wizard, step);
    char *why = needed ? why_left_out(wizard, step) : NULL;
    size_t before = view->change_count;
    struct problems problems = {0};

    fields_changes(wizard, view, step, why ? NULL : needed);
    if (!why && altered_report(wizard, step, &problems)) {
        problems_name(wizard, step, &problems);
        why = text_format("%s: %s", problems.items[0].label, problems.items[0].text);
    }
    problems_clear(&problems);
    if (why) {
        view->left_out = mem_resize(view->left_out, (view->left_out_count + 1) * sizeof *view->left_out);
        view->left_out[view->left_out_count++] = (struct left_out_view){.step = step->id, .step_title = step->title, .why = view_own(view, why)};
    } else if (needed && view->change_count == before) {
        change_add(view, step, NULL, step->submit ? step->submit : step->title, '>')->to = "requested from the service";
    }
    value_free(needed);
}

/* The answers as they are after each step was submitted: with defaults, and with half-typed text; yours. */
static struct value *all_submitted(struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    struct value *before = wizard->answers, *all = value_copy(before);
    wizard->answers = all;
    for (size_t i = 0; i < checklist->step_count; i++) {
        struct problems problems = {0};
        if (checklist->steps[i].kind != STEP_FORM || !step_applies(wizard, &checklist->steps[i]))
            continue;
        struct value *values = answers_submitted(wizard, &checklist->steps[i], &problems);
        for (size_t j = 0; j < value_count(values); j++)
            value_set_value(all, value_name(values, j), value_copy(value_item(values, j)));
        value_free(values);
        problems_clear(&problems);
    }
    wizard->answers = before;
    return all;
}

void plan_changes(const struct wizard *wizard, struct view *view)
{
    const struct checklist *checklist = wizard->options.checklist;
    struct wizard *looking = (struct wizard *)wizard;       /* looks at other answers for a moment, and is the same afterwards */
    struct value *answers = wizard->answers, *submitted = all_submitted(looking);
    looking->answers = submitted;
    for (size_t i = 0; i < checklist->step_count; i++)
        if (is_planned(wizard, &checklist->steps[i]))
            step_changes(wizard, view, &checklist->steps[i]);
    looking->answers = answers;
    value_free(submitted);
}
