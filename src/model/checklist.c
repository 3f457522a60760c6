#include "model/checklist.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist_step.h"
#include "names.h"

static const char *const checklist_words[] = {
    "checklist", "title", "service", "heading", "available", "choices", "after", "steps", NULL,
};
static const char *const available_words[] = { "when", "else", NULL };

/* One name may stand for a list of one. */
static void heading_read(struct reader *reader, struct value *root, struct checklist *checklist)
{
    const struct value *found = value_member(root, "heading");

    if (found && found->kind == VALUE_TEXT && found->scalar != SCALAR_NOTHING) {
        struct value *list = value_new_list();

        value_append(list, value_copy(found));
        value_put(root, "heading", list);
    }
    checklist->heading = reader_texts(reader, root, "heading");
}

bool is_set(const struct value *set)
{
    for (size_t i = 0; i < value_count(set); i++)
        if (set->items[i]->kind != VALUE_TEXT || value_is_empty(set->items[i]))
            return false;
    return set->kind != VALUE_TEXT && set->count > 0;
}

static void sets_read(struct reader *reader, const struct value *root, struct checklist *checklist)
{
    const struct value *found = reader_map(reader, root, "choices", NULL);

    for (size_t i = 0; i < value_count(found); i++)
        if (!is_set(value_item(found, i)))
            reader_fault(reader, value_item(found, i)->mark, "the choices \"%s\" must be a list of values, or a map of values and labels",
                         value_name(found, i));
    checklist->sets = found;
}

static void available_read(struct reader *reader, const struct value *root, struct checklist *checklist)
{
    const struct value *found = reader_map(reader, root, "available", available_words);

    if (!found)
        return;
    checklist->available = reader_condition(reader, found, "when");
    checklist->unavailable = reader_text(reader, found, "else", true);
    if (!value_member(found, "when"))
        reader_fault(reader, found->mark, "\"when\" is missing here");
}

void checklist_visit(const struct checklist *checklist,
                     void (*visit)(void *user, const struct step *step, const struct field *field), void *user)
{
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t k = 0; k < checklist->steps[i].field_count; k++)
            visit(user, &checklist->steps[i], &checklist->steps[i].fields[k]);
}

static const struct field *field_named(const struct checklist *checklist, const char *name)
{
    for (size_t i = 0; name && i < checklist->step_count; i++)
        for (size_t k = 0; k < checklist->steps[i].field_count; k++)
            if (text_same(checklist->steps[i].fields[k].name, name))
                return &checklist->steps[i].fields[k];
    return NULL;
}

const struct field *field_of_each(const struct checklist *checklist, const struct field *field)
{
    return field_named(checklist, field->each);
}

struct linking {
    struct reader *reader;
    const struct checklist *checklist;
};

static void complain_of_field(struct linking *linking, const struct field *field, const char *word, const char *name, const char *what)
{
    struct value *names = value_new_map();
    const char **words;

    for (size_t i = 0; i < linking->checklist->step_count; i++)
        for (size_t k = 0; k < linking->checklist->steps[i].field_count; k++)
            if (linking->checklist->steps[i].fields[k].name)
                value_put_text(names, linking->checklist->steps[i].fields[k].name, "");
    words = map_words(names);
    reader_unknown(linking->reader, field_mark(field, word), name, what, words);
    free(words);
    value_free(names);
}

/* Names in braces are what `each` binds here, or answers. */
static void check_braces(struct linking *linking, const struct field *field, const char *word, const char *text)
{
    struct value *names = names_in_braces(text);

    for (size_t i = 0; i < value_count(names); i++) {
        const char *name = value_item(names, i)->text;

        if (!text_same(name, field->as) && !field_named(linking->checklist, name))
            complain_of_field(linking, field, word, name, "a field, and not bound by \"as\"");
    }
    value_free(names);
}

static void link_field(void *user, const struct step *step, const struct field *field)
{
    struct linking *linking = user;
    const struct field *of = field_of_each(linking->checklist, field);
    const struct field *among = field_named(linking->checklist, field->among);

    (void)step;
    check_braces(linking, field, "choices", field->choices);
    check_braces(linking, field, "keys", field->keys);
    if (of && of->kind != KIND_MANY)
        reader_fault(linking->reader, field_mark(field, "each"), "\"each\" goes through a field of kind \"many\", and \"%s\" is none",
                     field->each);
    if (field->kind == KIND_DESCRIBED && field->each && !of)
        complain_of_field(linking, field, "each", field->each, "a field of kind \"many\"");
    if (field->among && !among)
        complain_of_field(linking, field, "among", field->among, "a field of kind \"many\"");
    if (among && among->kind != KIND_MANY)
        reader_fault(linking->reader, field_mark(field, "among"), "\"among\" wants a field of kind \"many\", and \"%s\" is none",
                     field->among);
}

static void gather_default(void *user, const struct step *step, const struct field *field)
{
    (void)step;
    if (field->name && field->initial && !field->each)
        value_set_value(user, field->name, value_copy(field->initial));
}

static bool fields_are_whole(const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fields[i].name || !fields[i].label || !fields_are_whole(fields[i].columns, fields[i].column_count))
            return false;
    return true;
}

/* Whether everything has its name: what is compared by names can be compared. */
static bool is_whole(const struct checklist *checklist)
{
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];

        if (!step->id || !step->title || !fields_are_whole(step->fields, step->field_count))
            return false;
        for (size_t k = 0; k < step->check_count; k++)
            if (!step->checks[k].id)
                return false;
    }
    return checklist->id && checklist->title && checklist->service;
}

static void checklist_fill(struct reader *reader, struct value *root, struct checklist *checklist)
{
    checklist->id = reader_text(reader, root, "checklist", true);
    checklist->title = reader_text(reader, root, "title", true);
    checklist->service = reader_text(reader, root, "service", true);
    if (value_member(root, "service"))
        checklist->service_mark = value_member(root, "service")->mark;
    heading_read(reader, root, checklist);
    checklist->after = reader_texts(reader, root, "after");
    available_read(reader, root, checklist);
    sets_read(reader, root, checklist);
    steps_read(reader, root, checklist);
    checklist->defaults = value_new_map();
    checklist_visit(checklist, gather_default, checklist->defaults);
    checklist_visit(checklist, link_field, &(struct linking){ reader, checklist });
}

struct checklist *checklist_read_faulty(const char *path, struct problems *problems)
{
    struct checklist *checklist = NULL;
    struct reader reader;
    struct value *root = reader_open(&reader, path, "a checklist", checklist_words, problems);

    if (root) {
        checklist = mem_new(sizeof *checklist);
        checklist->root = root;
        checklist_fill(&reader, root, checklist);
    }
    if (checklist && !is_whole(checklist)) {
        checklist_free(checklist);
        checklist = NULL;
    }
    reader_close(&reader);
    return checklist;
}

struct checklist *checklist_read(const char *path, struct problems *problems)
{
    size_t before = problems->count;
    struct checklist *checklist = checklist_read_faulty(path, problems);

    if (problems->count == before)
        return checklist;
    checklist_free(checklist);
    return NULL;
}

bool checklist_names_file(const struct checklist *checklist)
{
    return strchr(checklist->service, '/') != NULL;
}

void checklist_free(struct checklist *checklist)
{
    if (!checklist)
        return;
    value_free(checklist->defaults);
    steps_free(checklist->steps, checklist->step_count);
    value_free(checklist->root);
    free(checklist);
}

const struct step *checklist_step(const struct checklist *checklist, const char *id)
{
    for (size_t i = 0; i < checklist->step_count; i++)
        if (text_same(checklist->steps[i].id, id))
            return &checklist->steps[i];
    return NULL;
}

/* Whether names may go on behind this field's: of items, of columns, of what the service describes. */
static bool goes_on(const struct field *field)
{
    return field->each || field->kind == KIND_TABLE || field->kind == KIND_MAP;
}

const struct field *checklist_field(const struct checklist *checklist, const char *name, const struct step **step)
{
    const struct field *best = NULL;
    size_t longest = 0;

    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t k = 0; k < checklist->steps[i].field_count; k++) {
            const struct field *field = &checklist->steps[i].fields[k];
            size_t size = *name == *field->name ? strlen(field->name) : 0;
            bool good = size && strncmp(name, field->name, size) == 0 &&
                        (name[size] == '\0' || (name[size] == '.' && goes_on(field)));

            if (!good || size < longest)
                continue;
            best = field;
            longest = size;
            if (step)
                *step = &checklist->steps[i];
        }
    return best;
}

struct choices *checklist_set(const struct checklist *checklist, const char *name)
{
    return set_choices(checklist->sets, name);
}
