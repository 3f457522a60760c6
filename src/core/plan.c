/* What would change: what is wanted against what the service holds (or was last sent, when it cannot be asked). */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static struct change_view *add_change(struct view *view, const struct step *step, const char *field, const char *label, char sign)
{
    view->changes = mem_resize(view->changes, (view->change_count + 1) * sizeof *view->changes);
    struct change_view *change = &view->changes[view->change_count++];
    *change = (struct change_view){.step = step->id, .step_title = step->title, .field = field, .label = label, .sign = sign,
                                   .from = "", .to = ""};
    return change;
}

static char sign_of(const struct value *from, const struct value *to)
{
    return value_is_empty(from) ? '+' : value_is_empty(to) ? '-' : '~';
}

/* A row of a table or an entry of a map in words: its values with commas between. */
static char *row_words(const struct value *row)
{
    struct text text = {0};
    if (!row)
        return mem_copy("");
    if (row->kind == VALUE_TEXT)
        return mem_copy(row->text);
    for (size_t i = 0; i < value_count(row); i++) {
        char *one = row_words(value_item(row, i));
        text_addf(&text, "%s%s", i ? ", " : "", one);
        free(one);
    }
    return text.size ? text_take(&text) : mem_copy("");
}

static const struct value *entry(const struct field *field, const struct value *all, const char *key)
{
    if (!all)
        return NULL;
    return all->kind == VALUE_MAP ? value_member(all, key) : all->kind == VALUE_LIST ? value_find(all, field->key, key, NULL) : NULL;
}

/* Rows of a field: what the service holds of them, what is wanted, and what both agreed on last where somebody changed it since. */
struct sides {
    const struct field *field;
    const struct value *from, *to;
    const struct value *base;
    bool elsewhere;
};

static void one_row(struct view *view, const struct step *step, const char *name, const char *label, const struct sides *sides,
                    const char *key)
{
    const struct value *a = entry(sides->field, sides->from, key), *b = entry(sides->field, sides->to, key);
    bool elsewhere = sides->elsewhere && !value_equal(a, entry(sides->field, sides->base, key));
    if (value_equal(a, b))
        return;
    struct change_view *change = add_change(view, step, name, label, elsewhere ? '!' : sign_of(a, b));
    change->row = view_own(view, mem_copy(key));
    change->from = view_own(view, row_words(a));
    change->to = view_own(view, row_words(b));
}

static void rows_changes(struct view *view, const struct step *step, const char *name, const char *label, const struct sides *sides)
{
    const struct value *both[] = {sides->to, sides->from};
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < value_count(both[side]); i++) {
            const char *key = both[side]->kind == VALUE_MAP ? value_name(both[side], i)
                                                            : value_member_text(value_item(both[side], i), sides->field->key);
            if (key && (side == 0 || !entry(sides->field, sides->to, key)))
                one_row(view, step, name, label, sides, key);
        }
}

static void words_change(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use, char sign,
                         const struct value *from, const struct value *to)
{
    const struct choices *set = use->set ? wizard_lend((void *)wizard, use->set) : NULL;
    struct change_view *change = add_change(view, step, view_own(view, mem_copy(use->name)), view_own(view, mem_copy(use->label)), sign);
    change->from = view_own(view, answer_words(use->field, from, set));
    change->to = view_own(view, answer_words(use->field, to, set));
}

static void use_changes(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use)
{
    const struct value *to = value_at(wizard->answers, use->name), *from = value_at(wizard->held, use->name);
    const char *name = view_own(view, mem_copy(use->name)), *label = view_own(view, mem_copy(use->label));

    if (answers_is_secret(use)) {
        const struct value *about = answers_secret_about(wizard, use->name);
        if (about && !text_same(value_member_text(about, "sent"), "yes"))
            add_change(view, step, name, label, '~')->to = "(secret)";
        return;
    }
    const struct value *theirs = value_member(wizard->theirs, use->name);
    if (theirs)
        from = theirs;
    else if (!to && use->field->initial && value_is_empty(from))
        to = use->field->initial;
    if (value_equal(from, to))
        return;
    if (use->field->kind == KIND_TABLE || use->field->kind == KIND_MAP) {
        const struct sides sides = {use->field, from, to, value_at(wizard->sent, use->name), theirs != NULL};
        rows_changes(view, step, name, label, &sides);
        return;
    }
    words_change(wizard, view, step, use, theirs ? '!' : sign_of(from, to), from, to);
}

void plan_changes(const struct wizard *wizard, struct view *view)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        struct field_uses uses = {0};
        if (step->kind != STEP_FORM || !step_applies(wizard, step) || (wizard->plan_step && wizard->plan_step != step))
            continue;
        size_t before = view->change_count;
        wizard_uses(wizard, step, &uses);
        for (size_t j = 0; j < uses.count; j++)
            use_changes(wizard, view, step, &uses.items[j]);
        field_uses_clear(&uses);
        bool wanted = step->field_count ? view->change_count == before && value_member(wizard->accepted, step->id) &&
                                              step_needs_hidden(wizard, step, wizard->held)
                                        : step_needs_sending(wizard, step, wizard->held);
        if (wanted) {
            struct change_view *change = add_change(view, step, NULL, step->submit ? step->submit : step->title, '>');
            change->to = "asked of the service";
        }
    }
}

/* A field that was changed elsewhere: row by row where it has rows. */
static void use_drift(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use)
{
    const struct value *mine = value_at(wizard->answers, use->name), *theirs = value_member(wizard->theirs, use->name);
    size_t before = view->change_count;
    if (!theirs)
        return;
    if (use->field->kind == KIND_TABLE || use->field->kind == KIND_MAP) {
        const struct sides sides = {use->field, mine, theirs, value_at(wizard->sent, use->name), false};
        rows_changes(view, step, view_own(view, mem_copy(use->name)), view_own(view, mem_copy(use->label)), &sides);
    }
    if (view->change_count == before)
        words_change(wizard, view, step, use, sign_of(mine, theirs), mine, theirs);
}

void plan_drift(const struct wizard *wizard, struct view *view)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        struct field_uses uses = {0};
        if (step->kind != STEP_FORM || !step_applies(wizard, step))
            continue;
        wizard_uses(wizard, step, &uses);
        for (size_t j = 0; j < uses.count; j++)
            use_drift(wizard, view, step, &uses.items[j]);
        field_uses_clear(&uses);
    }
}

size_t plan_drift_count(const struct wizard *wizard)
{
    struct view view = {0};
    size_t count = 0;
    plan_drift(wizard, &view);
    for (size_t i = 0; i < view.change_count; i++)
        count += i == 0 || !text_same(view.changes[i].field, view.changes[i - 1].field);
    view_clear(&view);
    return count;
}
