#include "checklist_step.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const step_words[] = {
    "id", "section", "title", "guide", "who", "does", "submit", "needs", "when", "load", "save", "fields", "checks", "actions", NULL,
};
static const char *const check_words[] = { "id", "label", "kind", "from", "expect", "remedy", "who", "unset", NULL };
static const char *const action_words[] = {
    "id", "label", "help", "confirm", "type", "run", "does", "forget", "open", "when", "done_when", "done", NULL,
};

/* In the order of the enums. */
static const char *const does_words[] = { "form", "checks", "sign-in", "sign-out", "actions", NULL };
static const char *const action_does_words[] = { "compare", "renew", "sign-out", NULL };      /* ACTION_PLAIN has none */
static const char *const check_kind_words[] = { "command", "service-user", "service", NULL };

/* Ids stand in files and on command lines. */
static void check_id(struct reader *reader, const struct value *map, const char *id)
{
    if (!id || (*id && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id)))
        return;
    reader_fault(reader, value_member(map, "id")->mark, "\"%s\" cannot be an id", id);
    reader_advise(reader, "Use small letters, digits and -.");
}

static void check_read(struct reader *reader, const struct value *map, struct check *check)
{
    int kind;

    check->mark = map->mark;
    if (!reader_words(reader, map, "a check", check_words) && map->kind != VALUE_MAP)
        return;
    check->id = reader_text(reader, map, "id", true);
    check->label = reader_text(reader, map, "label", true);
    check->from = reader_text(reader, map, "from", false);
    check->expect = reader_text(reader, map, "expect", false);
    check->remedy = reader_text(reader, map, "remedy", false);
    check->who = reader_text(reader, map, "who", false);
    check->unset = reader_text(reader, map, "unset", false);
    kind = reader_word(reader, map, "kind", check_kind_words);
    if (kind >= 0)
        check->kind = (enum check_kind)kind;
    else if (!value_member(map, "kind"))
        reader_fault(reader, map->mark, "\"kind\" is missing here");
    check_id(reader, map, check->id);
    if (kind == CHECK_COMMAND && !check->from)
        reader_fault(reader, map->mark, "a check of kind \"command\" needs \"from\"");
    if (kind > CHECK_COMMAND && (check->from || check->expect))
        reader_fault(reader, map->mark, "\"from\" and \"expect\" are for checks of kind \"command\" only");
}

static void action_read(struct reader *reader, const struct value *map, struct action *action)
{
    if (!reader_words(reader, map, "an action", action_words) && map->kind != VALUE_MAP)
        return;
    action->id = reader_text(reader, map, "id", true);
    action->label = reader_text(reader, map, "label", true);
    action->help = reader_text(reader, map, "help", false);
    action->done = reader_text(reader, map, "done", false);
    action->confirm = reader_text(reader, map, "confirm", false);
    action->type = reader_text(reader, map, "type", false);
    action->run = reader_texts(reader, map, "run");
    action->kind = (enum action_kind)(reader_word(reader, map, "does", action_does_words) + 1);
    action->forget = reader_yes(reader, map, "forget");
    action->open = reader_text(reader, map, "open", false);
    action->when = reader_condition(reader, map, "when");
    action->done_when = reader_condition(reader, map, "done_when");
    action->mark = map->mark;
    check_id(reader, map, action->id);
    if (!value_member(map, "run") && !value_member(map, "does") && !value_member(map, "open"))
        reader_fault(reader, map->mark, "an action needs \"run\", \"does\" or \"open\"");
    if (action->open && action->open[0] != '/')
        reader_fault(reader, value_member(map, "open")->mark, "\"open\" must be a path that starts with /");
    if (action->forget && !action->run)
        reader_fault(reader, value_member(map, "forget")->mark, "\"forget\" goes with \"run\"");
    if (action->done_when && !action->run)
        reader_fault(reader, value_member(map, "done_when")->mark, "\"done_when\" goes with \"run\"");
}

static void checks_read(struct reader *reader, const struct value *map, struct step *step)
{
    const struct value *list = reader_list(reader, map, "checks");

    if (!list || list->count == 0)
        return;
    step->checks = mem_new(list->count * sizeof *step->checks);
    step->check_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        check_read(reader, value_item(list, i), &step->checks[i]);
        for (size_t k = 0; k < i; k++)
            if (step->checks[i].id && text_same(step->checks[k].id, step->checks[i].id))
                reader_fault(reader, value_item(list, i)->mark, "the check \"%s\" is there twice", step->checks[i].id);
    }
}

static void actions_read(struct reader *reader, const struct value *map, struct step *step)
{
    const struct value *list = reader_list(reader, map, "actions");

    if (!list || list->count == 0)
        return;
    step->actions = mem_new(list->count * sizeof *step->actions);
    step->action_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        action_read(reader, value_item(list, i), &step->actions[i]);
        for (size_t k = 0; k < i; k++)
            if (step->actions[i].id && text_same(step->actions[k].id, step->actions[i].id))
                reader_fault(reader, value_item(list, i)->mark, "the action \"%s\" is there twice", step->actions[i].id);
    }
}

/* Words of a form that other steps have too. */
static bool may_stand(enum step_kind kind, const char *word)
{
    if (kind == STEP_ACTIONS)
        return text_same(word, "load") || text_same(word, "actions");
    return kind == STEP_SIGN_IN && text_same(word, "fields");
}

static void check_step_kind(struct reader *reader, const struct value *map, const struct step *step)
{
    static const char *const form_words[] = { "load", "save", "fields", "actions" };

    if (step->check_count > 0 && step->kind != STEP_CHECKS)
        reader_fault(reader, value_member(map, "checks")->mark, "\"checks\" are for a step that has \"does: checks\"");
    if (step->check_count == 0 && step->kind == STEP_CHECKS)
        reader_fault(reader, map->mark, "a step that does checks needs \"checks\"");
    if (step->action_count == 0 && step->kind == STEP_ACTIONS)
        reader_fault(reader, map->mark, "a step that does actions needs \"actions\"");
    for (size_t i = 0; step->kind != STEP_FORM && i < sizeof form_words / sizeof *form_words; i++)
        if (value_member(map, form_words[i]) && !may_stand(step->kind, form_words[i]))
            reader_fault(reader, value_member(map, form_words[i])->mark, "\"%s\" is for a step that has \"does: form\"",
                         form_words[i]);
}

static void step_read(struct reader *reader, const struct value *map, const struct value *sets, struct step *step)
{
    int does;

    step->mark = map->mark;
    if (!reader_words(reader, map, "a step", step_words) && map->kind != VALUE_MAP)
        return;
    step->id = reader_text(reader, map, "id", true);
    step->section = reader_text(reader, map, "section", true);
    step->title = reader_text(reader, map, "title", true);
    step->guide = reader_text(reader, map, "guide", false);
    step->who = reader_text(reader, map, "who", false);
    step->submit = reader_text(reader, map, "submit", false);
    step->needs = reader_texts(reader, map, "needs");
    step->when = reader_condition(reader, map, "when");
    step->load = reader_texts(reader, map, "load");
    step->save = reader_texts(reader, map, "save");
    does = reader_word(reader, map, "does", does_words);
    step->kind = does >= 0 ? (enum step_kind)does : STEP_FORM;
    check_id(reader, map, step->id);
    fields_read(reader, map, "fields", sets, &step->fields, &step->field_count);
    checks_read(reader, map, step);
    actions_read(reader, map, step);
    check_step_kind(reader, map, step);
}

/* The steps that a step needs stand before it: so they can never wait for each other. */
static void check_needs(struct reader *reader, const struct checklist *checklist, size_t at)
{
    const struct step *step = &checklist->steps[at];
    const char **before = mem_new((at + 1) * sizeof *before);

    for (size_t i = 0; i < at; i++)
        before[i] = checklist->steps[i].id ? checklist->steps[i].id : "";
    for (size_t i = 0; i < value_count(step->needs); i++) {
        const struct value *need = value_item(step->needs, i);
        bool found = false;

        for (size_t k = 0; k < at; k++)
            found = found || text_same(before[k], need->text);
        if (!found)
            reader_unknown(reader, need->mark, need->text, "a step before this one", before);
    }
    free(before);
}

/* Names of fields are the checklist's own, not the step's: no two steps may ask for the same answer. */
static void check_fields_twice(struct reader *reader, const struct checklist *checklist, size_t at)
{
    const struct step *step = &checklist->steps[at];

    for (size_t i = 0; i < step->field_count; i++)
        for (size_t k = 0; k < at; k++)
            for (size_t n = 0; n < checklist->steps[k].field_count; n++)
                if (step->fields[i].name && text_same(checklist->steps[k].fields[n].name, step->fields[i].name))
                    reader_fault(reader, step->fields[i].mark, "\"%s\" is asked in the step \"%s\" already",
                                 step->fields[i].name, checklist->steps[k].id ? checklist->steps[k].id : "");
}

void steps_read(struct reader *reader, const struct value *root, struct checklist *checklist)
{
    const struct value *list = reader_list(reader, root, "steps");

    if (!list || list->count == 0) {
        reader_fault(reader, root->mark, "a checklist needs \"steps\"");
        return;
    }
    checklist->steps = mem_new(list->count * sizeof *checklist->steps);
    checklist->step_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct step *step = &checklist->steps[i];

        step_read(reader, value_item(list, i), checklist->sets, step);
        for (size_t k = 0; k < i; k++)
            if (step->id && text_same(checklist->steps[k].id, step->id))
                reader_fault(reader, step->mark, "the step \"%s\" is there twice", step->id);
        check_needs(reader, checklist, i);
        check_fields_twice(reader, checklist, i);
    }
}

void steps_free(struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fields_free(steps[i].fields, steps[i].field_count);
        free(steps[i].checks);
        free(steps[i].actions);
    }
    free(steps);
}
