/*
 * disturb - random changes of a state, of its secrets and of the answers that a run is given: what a person, an earlier run or
 * another session may have left.
 */
#ifndef SUPPORT_DISTURB_H
#define SUPPORT_DISTURB_H

#include <string.h>

#include "model/checklist.h"

/* What a run starts from. */
struct world {
    const struct checklist *checklist;
    struct value *state, *secrets, *answers;
    bool checks_pass;
};

static unsigned long long disturb_seed;

static inline unsigned next_random(unsigned limit)
{
    disturb_seed = disturb_seed * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(disturb_seed >> 33) % limit;
}

static inline const struct field *any_field(const struct checklist *checklist)
{
    const struct field *found = NULL;
    unsigned count = 0;
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t j = 0; j < checklist->steps[i].field_count; j++)
            if (next_random(++count) == 0)
                found = &checklist->steps[i].fields[j];
    return found;
}

static inline const char *any_text(void)
{
    static const char *const texts[] = {"Northwind", "98052", "", "yes", "no", "GROUND", "7.5", "12", "x@y.example", "WA", "acc_1"};
    return texts[next_random(sizeof texts / sizeof *texts)];
}

static inline struct value *any_value(const struct field *field)
{
    if (field->kind != KIND_TABLE && field->kind != KIND_MANY && field->kind != KIND_MAP)
        return value_new_text(any_text());
    struct value *list = field->kind == KIND_MAP ? value_new_map() : value_new_list();
    for (unsigned i = next_random(3); i > 0; i--) {
        if (field->kind == KIND_MAP) {
            value_put_text(list, any_text(), any_text());
        } else if (field->kind == KIND_MANY) {
            value_append(list, value_new_text(any_text()));
        } else {
            struct value *row = value_append(list, value_new_map());
            for (size_t j = 0; j < field->column_count; j++)
                value_put_text(row, field->columns[j].name, any_text());
        }
    }
    return list;
}

static inline struct value *part(struct value *state, const char *name)
{
    struct value *found = value_member(state, name);
    return found ? found : value_put(state, name, value_new_map());
}

static inline void change_secret(struct world *world, const char *name)
{
    value_set(part(world->secrets, "secrets"), name, any_text());
    struct value *about = value_put(part(world->secrets, "about"), name, value_new_map());
    value_put_text(about, "set", "2026-11-20");
    value_put_text(about, "sent", next_random(2) ? "no" : "yes");
}

static inline void change_something(struct world *world)
{
    static const char *const parts[] = {"answers", "answers", "sent", "theirs"};
    const struct checklist *checklist = world->checklist;
    const struct field *field = any_field(checklist);
    const struct step *step = &checklist->steps[next_random((unsigned)checklist->step_count)];
    const char *name = parts[next_random(4)];
    switch (next_random(13)) {
    case 0: case 1: case 2:
        if (field && !field->each && field->kind == KIND_SECRET)
            change_secret(world, field->name);
        else if (field && !field->each && strcmp(name, "theirs") == 0)
            value_put(part(world->state, name), field->name, any_value(field));
        else if (field && !field->each)
            value_set_value(part(world->state, name), field->name, any_value(field));
        break;
    case 3:
        if (field && !field->each)
            value_put_text(part(world->state, "drafts"), field->name, any_text());
        break;
    case 4:
        value_drop(part(world->state, "accepted"), step->id);
        break;
    case 5:
        value_put_text(part(world->state, "unread"), step->id, "yes");
        break;
    case 6:
        if (field && !field->each && field->kind != KIND_SECRET)
            value_set_value(world->answers, field->name, any_value(field));
        else if (field && !field->each)
            value_set(world->answers, field->name, any_text());
        break;
    case 7:
        value_put(world->state, "checks", value_new_map());
        break;
    case 8:
        if (step->check_count)
            value_put_text(value_put(part(world->state, "checks"), step->checks[0].id, value_new_map()), "result", "fail");
        break;
    case 9:
        if (step->kind == STEP_FORM)
            value_put_text(value_append(value_put(part(world->state, "refused"), step->id, value_new_list()), value_new_map()), "text", "No.");
        break;
    case 11:        /* a rule that became stricter, or a choice that is no longer offered */
        if (field && !field->each && field->kind != KIND_SECRET) {
            struct value *value = any_value(field);
            value_set_value(part(world->state, "answers"), field->name, value_copy(value));
            value_set_value(part(world->state, "sent"), field->name, value);
        }
        break;
    case 12:
        value_unset(part(world->state, "facts"), "sign_in.proven");
        break;
    case 10:
        if (field && field->kind == KIND_TABLE)
            value_put_text(value_put(value_put(part(world->state, "rows"), field->name, value_new_map()), "", value_new_map()),
                           field->columns[0].name, "AIR");
        break;
    }
}

#endif
