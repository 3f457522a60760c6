/*
 * What the service took is the base from then on, request by request: a step that stops after any of several goes on from
 * there, and its own work is not mistaken for somebody else's. The step counts as sent only once it is read back: `unread`.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static void note_answer(const struct wizard *wizard, struct value *base, const char *name)
{
    const struct value *answer = value_at(wizard->answers, name);
    if (answer)
        value_set_value(base, name, value_copy(answer));
    else
        value_unset(base, name);
}

static void note_table_row(struct value *list, const struct value *answers, const char *key, const struct row *row)
{
    size_t at = 0;
    bool known = value_find(list, key, row->key, &at);
    const struct value *answer = value_find(answers, key, row->key, NULL);
    if (known)
        value_remove(list, at);
    else
        at = value_count(list);
    if (!row->gone && answer)
        value_insert(list, at, value_copy(answer));
}

static void note_item(struct value *list, const struct row *row)
{
    for (size_t i = value_count(list); i-- > 0;)
        if (text_same(value_item(list, i)->text, row->key))
            value_remove(list, i);
    if (!row->gone)
        value_append(list, value_new_text(row->key));
}

static void note_row(const struct wizard *wizard, struct value *base, const struct field *field, const char *name, const struct row *row)
{
    const struct value *answers = value_at(wizard->answers, name);
    bool map = answers && answers->kind == VALUE_MAP;
    struct value *held = value_at(base, name);
    if (!held || held->kind == VALUE_TEXT) {
        value_set_value(base, name, map ? value_new_map() : value_new_list());
        held = value_at(base, name);
    }
    if (held->kind == VALUE_MAP) {
        value_drop(held, row->key);
        if (!row->gone)
            value_put(held, row->key, value_copy(value_member(answers, row->key)));
    } else if (field->kind == KIND_TABLE) {
        note_table_row(held, answers, field->key, row);
    } else {
        note_item(held, row);
    }
}

/* Whether an operation of the step contains the secret only in the request that creates something. */
static bool only_creates(const struct wizard *wizard, const struct step *step, const char *secret)
{
    bool creates = false, changes = false;
    for (size_t i = 0; i < value_count(step->save); i++) {
        const struct operation *operation = step_operation(wizard, step->save, i);
        struct value *create = operation_names_in(operation, FORM_CREATE), *change = operation_names_in(operation, FORM_CHANGE);
        creates = creates || (operation->create && value_list_has(create, secret));
        changes = changes || value_list_has(change, secret);
        value_free(create);
        value_free(change);
    }
    return creates && !changes;
}

char *sent_too_late(struct wizard *wizard, const struct step *step)
{
    struct field_uses uses = {0};
    struct text labels = {0};
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++) {
        struct value *about = value_member(value_member(wizard->secrets, "about"), uses.items[i].name);
        if (!about || !text_same(value_member_text(about, "sent"), "no") || !only_creates(wizard, step, uses.items[i].name))
            continue;
        text_addf(&labels, "%s%s", labels.size ? ", " : "", uses.items[i].label);
        value_put_text(about, "sent", "reported");      /* once for each value: no request could ever contain it */
    }
    field_uses_clear(&uses);
    return labels.size ? text_take(&labels) : NULL;
}

void sent_note(struct wizard *wizard, const struct step *step, const struct pending *pending, const struct row *row)
{
    const struct operation *operation = pending->operation;
    struct value *names = operation_names_in(operation, pending->form), *bases[] = {wizard->sent, wizard->held};
    struct scope scope = wizard_scope_of(wizard, wizard->answers);
    scope.row = row->row;
    for (size_t i = 0; i < value_count(names); i++) {
        const char *written = value_item(names, i)->text;
        char *name = scope_expand(&scope, written);
        const struct field *field = name ? checklist_field(wizard->options.checklist, name, NULL) : NULL;
        for (size_t side = 0; field && side < 2; side++)
            if (text_same(written, operation->each))
                note_row(wizard, bases[side], field, name, row);
            else if (field->kind != KIND_SECRET)
                note_answer(wizard, bases[side], name);
        free(name);
    }
    value_free(names);
    value_put(wizard->unread, step->id, value_new_scalar(SCALAR_YESNO, "yes"));
    wizard_save(wizard);
}
