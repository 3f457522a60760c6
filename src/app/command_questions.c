/* questions: everything that the checklist may ask. */
#include "command.h"

static void put_question(struct value *all, const struct step *step, const struct field *field)
{
    struct value *one = value_append(all, value_new_map());
    value_put_text(one, "name", field->name);
    value_put_text(one, "step", step->id);
    value_put_text(one, "label", field->label);
    value_put_text(one, "kind", kind_word(field->kind));
    value_put(one, "required", value_new_scalar(SCALAR_YESNO, field->required ? "yes" : "no"));
    if (field->initial)
        value_put(one, "default", value_copy(field->initial));
    if (field->when)
        value_put(one, "when", value_copy(field->when));
    value_put_text(one, "help", field->help);
}

int command_questions(const struct options *options, const struct setup *setup)
{
    struct value *all = value_new_list();
    for (size_t i = 0; i < setup->checklist->step_count; i++) {
        const struct step *step = &setup->checklist->steps[i];
        for (size_t j = 0; j < step->field_count; j++)
            put_question(all, step, &step->fields[j]);
    }
    print_value(all, options->json);
    value_free(all);
    return 0;
}
