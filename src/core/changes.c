/* Both sides of a field in words: what the service holds and what the answer is, row by row where it has rows. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

struct change_view *change_add(struct view *view, const struct step *step, const char *field, const char *label, char sign)
{
    view->changes = mem_resize(view->changes, (view->change_count + 1) * sizeof *view->changes);
    struct change_view *change = &view->changes[view->change_count++];
    *change = (struct change_view){.step = step->id, .step_title = step->title, .field = field, .label = label, .place = label, .sign = sign,
                                   .from = "", .to = ""};
    return change;
}

static char sign_of(const struct value *from, const struct value *to)
{
    return value_is_empty(from) ? '+' : value_is_empty(to) ? '-' : '~';
}

static char sign_of_sides(const struct sides *sides, const struct value *from, const struct value *to, const struct value *base)
{
    return sides->elsewhere && !value_equal(from, base) ? '!' : sign_of(from, to);
}

static char *cell_change(const struct wizard *wizard, const struct field *column, const struct value *cell)
{
    const struct choices *set = column->choices ? wizard_lend((void *)wizard, column->choices) : NULL;
    return value_is_empty(cell) ? mem_copy("(nothing)") : answer_words(column, cell, set);
}

/* The cells of a row in the order of its columns: those that differ from `other`, or without one all but the key. */
static char *row_words(const struct wizard *wizard, const struct field *table, const struct value *row, const struct value *other)
{
    struct text text = {0};
    for (size_t i = 0; row && i < table->column_count; i++) {
        const struct field *column = &table->columns[i];
        const struct value *cell = value_member(row, column->name);
        bool key = text_same(column->name, table->key);
        if (other ? value_equal(cell, value_member(other, column->name)) : value_is_empty(cell) || (key && table->column_count > 1))
            continue;
        char *words = cell_change(wizard, column, cell);
        text_addf(&text, "%s%s: %s", text.size ? ", " : "", column->label, words);
        free(words);
    }
    return text.size ? text_take(&text) : mem_copy("");
}

static char *entry_words(const struct wizard *wizard, const struct field_use *use, const struct value *entry, const struct value *other)
{
    const struct choices *set = use->set ? wizard_lend((void *)wizard, use->set) : NULL;
    if (use->field->kind == KIND_TABLE)
        return row_words(wizard, use->field, entry, other);
    return mem_copy(!entry || !entry->text ? "" : set ? choices_label_of(set, entry->text) : entry->text);
}

/* What a row is called on the screens: the words of its key. */
static char *key_words(const struct wizard *wizard, const struct field_use *use, const struct value *row, const char *key)
{
    const struct choices *keys = use->keys ? wizard_lend((void *)wizard, use->keys) : NULL;
    for (size_t i = 0; use->field->kind == KIND_TABLE && i < use->field->column_count; i++)
        if (text_same(use->field->columns[i].name, use->field->key))
            return cell_change(wizard, &use->field->columns[i], value_member(row, use->field->key));
    return mem_copy(keys ? choices_label_of(keys, key) : key);
}

static const struct value *entry(const struct field *field, const struct value *all, const char *key)
{
    if (!all)
        return NULL;
    return all->kind == VALUE_MAP ? value_member(all, key) : all->kind == VALUE_LIST ? value_find(all, field->key, key, NULL) : NULL;
}

static void one_row(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use,
                    const struct sides *sides, const char *key)
{
    const struct value *a = entry(use->field, sides->from, key), *b = entry(use->field, sides->to, key);
    char sign = sign_of_sides(sides, a, b, entry(use->field, sides->base, key));
    if (value_equal(a, b))
        return;
    struct change_view *change = change_add(view, step, view_own(view, mem_copy(use->name)), view_own(view, mem_copy(use->label)), sign);
    change->row = view_own(view, mem_copy(key));
    change->row_label = view_own(view, key_words(wizard, use, b ? b : a, key));
    change->place = view_own(view, text_format("%s, %s", change->label, change->row_label));
    change->from = view_own(view, entry_words(wizard, use, a, b));
    change->to = view_own(view, entry_words(wizard, use, b, a));
}

static void rows_add(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use,
                     const struct sides *sides)
{
    const struct value *both[] = {sides->to, sides->from};
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < value_count(both[side]); i++) {
            const char *key = both[side]->kind == VALUE_MAP ? value_name(both[side], i)
                                                            : value_member_text(value_item(both[side], i), use->field->key);
            if (key && (side == 0 || !entry(use->field, sides->to, key)))
                one_row(wizard, view, step, use, sides, key);
        }
}

void changes_add(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use,
                 const struct sides *sides)
{
    size_t before = view->change_count;
    if (value_equal(sides->from, sides->to))
        return;
    if (use->field->kind == KIND_TABLE || use->field->kind == KIND_MAP)
        rows_add(wizard, view, step, use, sides);
    if (view->change_count > before)
        return;
    const struct choices *set = use->set ? wizard_lend((void *)wizard, use->set) : NULL;
    struct change_view *change = change_add(view, step, view_own(view, mem_copy(use->name)), view_own(view, mem_copy(use->label)),
                                            sign_of_sides(sides, sides->from, sides->to, sides->base));
    change->from = view_own(view, answer_words(use->field, sides->from, set));
    change->to = view_own(view, answer_words(use->field, sides->to, set));
}

/* A field that was changed on the service, and is not decided yet. */
static void drift_add(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use)
{
    const struct value *theirs = value_member(wizard->theirs, use->name);
    const struct sides sides = {.from = theirs, .to = value_at(wizard->answers, use->name), .base = value_at(wizard->sent, use->name)};
    if (theirs)
        changes_add(wizard, view, step, use, &sides);
}

void drift_of(const struct wizard *wizard, struct view *view, const struct step *step)
{
    struct field_uses uses = {0};
    if (!value_count(wizard->theirs))
        return;
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++)
        drift_add(wizard, view, step, &uses.items[i]);
    field_uses_clear(&uses);
}

void wizard_drift(const struct wizard *wizard, struct view *view)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = 0; i < checklist->step_count; i++)
        if (checklist->steps[i].kind == STEP_FORM && step_applies(wizard, &checklist->steps[i]))
            drift_of(wizard, view, &checklist->steps[i]);
}

char *drift_labels(const struct wizard *wizard, const struct step *step)
{
    struct view view = {0};
    struct text text = {0};
    drift_of(wizard, &view, step);
    for (size_t i = 0; i < view.change_count; i++)
        if (i == 0 || !text_same(view.changes[i].field, view.changes[i - 1].field))
            text_addf(&text, "%s%s", text.size ? ", " : "", view.changes[i].label);
    view_clear(&view);
    return text.size ? text_take(&text) : mem_copy("");
}

size_t drift_count(const struct wizard *wizard)
{
    struct view view = {0};
    size_t count = 0;
    wizard_drift(wizard, &view);
    for (size_t i = 0; i < view.change_count; i++)
        count += i == 0 || !text_same(view.changes[i].field, view.changes[i - 1].field);
    view_clear(&view);
    return count;
}
