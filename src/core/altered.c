/*
 * Values that the service accepted and then stored differently. What was sent and what came back is remembered, so that the same
 * answer is reported and not sent for ever; it ends when either of the two changes.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static const struct value *own(const struct wizard *wizard, const char *name)
{
    return value_at(wizard->answers, name);
}

static void hold_as_sent(struct wizard *wizard, const char *name)
{
    const struct value *mine = own(wizard, name);
    value_set_value(wizard->held, name, mine ? value_copy(mine) : value_new_text(NULL));
    value_set_value(wizard->sent, name, mine ? value_copy(mine) : value_new_text(NULL));
    value_drop(wizard->theirs, name);
}

bool altered_known(struct wizard *wizard, const struct field_use *use, const struct value *theirs)
{
    const struct value *pair = value_member(wizard->altered, use->name);
    if (!pair)
        return false;
    if (value_equal(value_member(pair, "answer"), own(wizard, use->name)) && agree_same(use->field, value_member(pair, "stored"), theirs)) {
        hold_as_sent(wizard, use->name);
        return true;
    }
    value_drop(wizard->altered, use->name);
    return false;
}

void altered_note(struct wizard *wizard, const struct step *step)
{
    const struct value *read = wizard->loadings[wizard_step_index(wizard, step)].values;
    struct field_uses uses = {0};
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++) {
        const char *name = uses.items[i].name;
        const struct value *mine = own(wizard, name), *theirs = value_at(read, name);
        if (answers_is_secret(&uses.items[i]) || value_equal(mine, value_at(wizard->held, name)))
            continue;
        struct value *pair = value_put(wizard->altered, name, value_new_map());
        value_put(pair, "answer", mine ? value_copy(mine) : value_new_text(NULL));
        value_put(pair, "stored", theirs ? value_copy(theirs) : value_new_text(NULL));
        hold_as_sent(wizard, name);
    }
    field_uses_clear(&uses);
}

void altered_forget(struct wizard *wizard, const char *name)
{
    const struct value *pair = value_member(wizard->altered, name);
    const struct field *field = pair ? checklist_field(wizard->options.checklist, name, NULL) : NULL;
    if (!field || value_equal(value_member(pair, "answer"), own(wizard, name)))
        return;
    struct value *stored = agree_words(field, value_member(pair, "stored"), own(wizard, name));
    value_set_value(wizard->sent, name, value_copy(stored));
    value_set_value(wizard->held, name, stored);
    value_drop(wizard->altered, name);
}

static void report(struct problems *problems, const char *name, const char *row, const char *theirs, const char *mine)
{
    struct problem problem = {0};
    if (*theirs)
        problem_set(&problem, PROBLEM_SERVICE, "The service stored \"%s\" instead of \"%s\"", theirs, mine);
    else
        problem_set(&problem, PROBLEM_SERVICE, "The service accepted \"%s\" but did not store it", mine);
    problem_advise(&problem, "Enter a value that the service keeps, or correct it on the service. It is not sent again until one of the two changes");
    problem_at_field(&problem, name, row);
    problems_add(problems, &problem);
}

/* The cells of a table that differ, each with its row. */
static bool report_rows(const struct wizard *wizard, const struct field_use *use, const struct value *stored, struct problems *problems)
{
    const struct field *field = use->field;
    struct value *words = agree_words(field, stored, own(wizard, use->name));
    size_t before = problems->count;
    for (size_t i = 0; i < value_count(own(wizard, use->name)); i++) {
        const struct value *mine = value_item(own(wizard, use->name), i);
        const char *key = value_member_text(mine, field->key);
        const struct value *theirs = key ? value_find(words, field->key, key, NULL) : NULL;
        for (size_t j = 0; j < field->column_count; j++) {
            const struct field *column = &field->columns[j];
            const struct value *a = value_member(theirs, column->name), *b = value_member(mine, column->name);
            const struct choices *set = column->choices ? wizard_lend((void *)wizard, column->choices) : NULL;
            if (value_equal(a, b))
                continue;
            char *name = text_format("%s.%s", use->name, column->name), *their_words = answer_words(column, a, set);
            char *my_words = answer_words(column, b, set);
            report(problems, name, key, their_words, my_words);
            free(name);
            free(their_words);
            free(my_words);
        }
    }
    value_free(words);
    return problems->count > before;
}

bool altered_report(const struct wizard *wizard, const struct step *step, struct problems *problems)
{
    struct field_uses uses = {0};
    size_t before = problems->count;
    if (!value_count(wizard->altered))
        return false;
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++) {
        const struct field_use *use = &uses.items[i];
        const struct value *pair = value_member(wizard->altered, use->name), *stored = value_member(pair, "stored");
        if (!pair || !value_equal(value_member(pair, "answer"), own(wizard, use->name)) ||
            (use->field->kind == KIND_TABLE && report_rows(wizard, use, stored, problems)))
            continue;
        const struct choices *set = use->set ? wizard_lend((void *)wizard, use->set) : NULL;
        char *theirs = answer_words(use->field, stored, set), *mine = answer_words(use->field, own(wizard, use->name), set);
        report(problems, use->name, NULL, theirs, mine);
        free(theirs);
        free(mine);
    }
    field_uses_clear(&uses);
    return problems->count > before;
}
