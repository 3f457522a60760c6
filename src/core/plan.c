/* What would change: what is wanted against what the service holds (or was last sent, when it cannot be asked). */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static void use_changes(const struct wizard *wizard, struct view *view, const struct step *step, const struct field_use *use)
{
    const struct value *to = value_at(wizard->answers, use->name), *from = value_at(wizard->held, use->name);
    const char *name = view_own(view, mem_copy(use->name)), *label = view_own(view, mem_copy(use->label));

    if (answers_is_secret(use)) {
        const struct value *about = answers_secret_about(wizard, use->name);
        if (about && !text_same(value_member_text(about, "sent"), "yes"))
            change_add(view, step, name, label, '~')->to = "(secret)";
        return;
    }
    const struct value *theirs = value_member(wizard->theirs, use->name);
    if (theirs)
        from = theirs;
    else if (!to && use->field->initial && value_is_empty(from))
        to = use->field->initial;
    const struct sides sides = {.from = from, .to = to, .base = value_at(wizard->sent, use->name), .elsewhere = theirs != NULL};
    changes_add(wizard, view, step, use, &sides);
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
            struct change_view *change = change_add(view, step, NULL, step->submit ? step->submit : step->title, '>');
            change->to = "asked of the service";
        }
    }
}
