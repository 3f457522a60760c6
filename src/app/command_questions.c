/* questions: everything that the checklist may ask, with the conditions under which it does. */
#include "command.h"

static void put_yes(struct value *map, const char *name, bool yes)
{
    value_put(map, name, value_new_scalar(SCALAR_YESNO, yes ? "yes" : "no"));
}

static void put_copy(struct value *map, const char *name, const struct value *value)
{
    if (value)
        value_put(map, name, value_copy(value));
}

/* What holds for fields and columns alike. */
static void put_field(struct value *one, const struct checklist *checklist, const struct field *field)
{
    value_put_text(one, "label", field->label);
    value_put_text(one, "kind", kind_word(field->kind));
    put_yes(one, "required", field->required);
    put_copy(one, "default", field->initial);
    value_put_text(one, "expects", field_says(field));
    if (field->choices && value_member(checklist->sets, field->choices))
        put_copy(one, "choices", value_member(checklist->sets, field->choices));
    else
        value_put_text(one, "choices_of_the_service", field->choices);
    value_put_text(one, "help", field->help);
}

static void put_question(struct value *all, const struct checklist *checklist, const struct step *step, const struct field *field)
{
    struct value *one = value_append(all, value_new_map());
    value_put_text(one, "name", field->name);
    value_put_text(one, "step", step->id);
    put_field(one, checklist, field);
    put_copy(one, "when", field->when);
    put_copy(one, "step_when", step->when);
    value_put_text(one, "each", field->each);
    value_put_text(one, "key", field->key);
    struct value *columns = field->column_count ? value_put(one, "columns", value_new_list()) : NULL;
    for (size_t i = 0; i < field->column_count; i++) {
        struct value *column = value_append(columns, value_new_map());
        value_put_text(column, "name", field->columns[i].name);
        put_field(column, checklist, &field->columns[i]);
    }
}

int command_questions(const struct options *options, const struct setup *setup)
{
    const struct checklist *checklist = setup->checklist;
    struct value *all = value_new_list();
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t j = 0; j < checklist->steps[i].field_count; j++)
            put_question(all, checklist, &checklist->steps[i], &checklist->steps[i].fields[j]);
    print_value(all, options->json);
    value_free(all);
    return 0;
}
