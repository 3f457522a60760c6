/* Everything there is to go to, as a list to look through: steps and fields, with help, values and problems; never a secret. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static void add(struct choices *places, const char *place, const char *label, const char *name)
{
    struct value *extra = value_new_map();
    value_put_text(extra, "name", name);
    choices_add(places, place, label, NULL);
    choices_add_extra(places, place, extra);
}

static void add_step(const struct wizard *wizard, struct choices *places, const struct step *step)
{
    char *words = step_words(wizard, step, step_state(wizard, step));
    char *label = text_format("%s (%s)%s%s", step->title, words, step->guide ? "  " : "", step->guide ? step->guide : "");
    add(places, step->id, label, step->title);
    free(label);
    free(words);
}

static void add_field(const struct wizard *wizard, struct choices *places, const struct step *step, const struct field_use *use)
{
    const struct problem *problem = problems_at(&wizard->problems[wizard_step_index(wizard, step)], use->name, NULL);
    const struct choices *choices = use->set ? wizard_lend((void *)wizard, use->set) : NULL;
    char *words = answers_is_secret(use) ? NULL : answer_words(use->field, value_at(wizard->answers, use->name), choices);
    char *place = text_format("%s\n%s", step->id, use->name);
    struct text label = {0};
    text_addf(&label, "%s > %s", step->title, use->label);
    if (words && *words)
        text_addf(&label, ": %s", words);
    if (problem)
        text_addf(&label, "  ! %s", problem->text);
    if (use->field->help)
        text_addf(&label, "  %s", use->field->help);
    add(places, place, label.bytes, use->label);
    text_clear(&label);
    free(place);
    free(words);
}

struct choices *find_places(const struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    struct choices *places = choices_new();
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        struct field_uses uses = {0};
        if (!step_applies(wizard, step))
            continue;
        add_step(wizard, places, step);
        wizard_uses(wizard, step, &uses);
        for (size_t j = 0; j < uses.count; j++)
            add_field(wizard, places, step, &uses.items[j]);
        field_uses_clear(&uses);
    }
    choices_set_complete(places, true);
    return places;
}
