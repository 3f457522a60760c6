/* Sets of choices by name: fixed ones from the checklist, rows of a table, the others asked from the service when first needed. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

/* What a row is called beside its key: the text of the first other column that is one. */
static const char *row_label(const struct field *table, const struct value *row)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].kind == KIND_TEXT && !text_same(table->columns[i].name, table->key))
            return value_member_text(row, table->columns[i].name);
    return NULL;
}

/* Made anew when the rows are others than they were; between two updates they are not. */
static void follow_rows(const struct wizard *wizard, struct set *set)
{
    const struct value *rows = value_at(wizard->answers, set->name);
    const struct field *parent = table_parent(set->table);
    if (set->choices && value_equal(rows, set->rows))
        return;
    choices_free(set->choices);
    value_free(set->rows);
    set->choices = choices_new();
    set->rows = value_copy(rows);
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        const char *key = value_member_text(row, set->table->key), *label = row_label(set->table, row);
        if (key)
            choices_add(set->choices, key, label, parent ? value_member_text(row, parent->name) : NULL);
    }
    choices_set_complete(set->choices, true);
}

struct set *wizard_set(struct wizard *wizard, const char *name, bool make)
{
    for (size_t i = 0; i < wizard->set_count; i++)
        if (text_same(wizard->sets[i].name, name)) {
            if (wizard->sets[i].table)
                follow_rows(wizard, &wizard->sets[i]);
            return &wizard->sets[i];
        }
    struct choices *fixed = checklist_set(wizard->options.checklist, name);
    const struct field *table = fixed ? NULL : checklist_field(wizard->options.checklist, name, NULL);
    if (table && table->kind != KIND_TABLE)
        table = NULL;
    if (!fixed && !table && !make)
        return NULL;
    wizard->sets = mem_resize(wizard->sets, (wizard->set_count + 1) * sizeof *wizard->sets);
    struct set *set = &wizard->sets[wizard->set_count++];
    *set = (struct set){.name = mem_copy(name), .choices = fixed, .table = table};
    if (table)
        follow_rows(wizard, set);
    if (fixed)
        choices_set_complete(fixed, true);
    return set;
}

/*
 * An unattended run has passed the questions that the set describes, and does not ask them again: with the set read by a later step it
 * would be complete without them, and the reason would be lost.
 */
void wizard_retry_sets(struct wizard *wizard)
{
    if (!wizard->options.attended)
        return;
    for (size_t i = 0; i < wizard->set_count; i++)
        wizard->sets[i].retry = true;
}

bool set_begin(struct set *set)
{
    if (set->asked || set->choices || (set->failed && !set->retry))
        return false;
    free(set->failed);
    set->failed = NULL;
    set->retry = false;
    return set->asked = true;
}

/* Fixed sets are made when they are first lent, which changes nothing that anyone can see. */
const struct choices *wizard_lend(void *wizard, const char *name)
{
    struct set *set = wizard_set(wizard, name, false);
    return set ? set->choices : NULL;
}

void wizard_uses(const struct wizard *wizard, const struct step *step, struct field_uses *uses)
{
    struct scope scope = wizard_scope(wizard);
    checklist_uses(wizard->options.checklist, step, &scope, wizard_lend, (void *)wizard, uses);
    for (size_t i = 0; i < uses->count; i++)
        if (uses->items[i].own)     /* spelled out by the service: that is the field from here on, secret or not */
            uses->items[i].field = uses->items[i].own;
}

void wizard_ask_sets(struct wizard *wizard, const struct step *step)
{
    if (!wizard_signed_in(wizard))
        return;
    struct scope scope = wizard_scope(wizard);
    struct value *wanted = checklist_wanted_sets(wizard->options.checklist, step, &scope, wizard_lend, wizard);
    for (size_t i = 0; i < value_count(wanted); i++) {
        const char *name = value_item(wanted, i)->text;
        struct value *bound = NULL;
        const struct operation *operation = service_offering(wizard->options.service, name, &bound);
        struct set *set = operation ? wizard_set(wizard, name, true) : NULL;
        if (set && set_begin(set))
            ask(wizard, ASKED_SET, step, operation, bound, false, name, NULL);
        value_free(bound);
    }
    value_free(wanted);
}
