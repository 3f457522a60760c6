/* Reading fields and columns. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist_private.h"
#include "names.h"

static const char *const field_words[] = {
    "name", "label", "kind", "help", "who", "say", "required", "default", "min", "max", "pattern", "choices", "keys", "among",
    "key", "columns", "when", "each", "as", NULL,
};
/* A column is asked in one row of its table: what goes on outside the row is not its affair. */
static const char *const column_words[] = {
    "name", "label", "kind", "help", "say", "required", "default", "min", "max", "pattern", "choices", NULL,
};

struct choices *set_choices(const struct value *sets, const char *name)
{
    const struct value *set = value_member(sets, name);
    struct choices *choices;

    if (!set || !is_set(set))
        return NULL;
    choices = choices_new();
    for (size_t i = 0; i < set->count; i++) {
        const char *text = value_item(set, i)->text;

        choices_add(choices, set->kind == VALUE_MAP ? value_name(set, i) : text, text, NULL);
    }
    choices_set_complete(choices, true);
    return choices;
}

static bool is_name(const char *name, bool dotted)
{
    for (const char *c = name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", *c) && !(dotted && *c == '.' && c[1] != '.'))
            return false;
    return *name && names_size(name) == strlen(name) && *name != '.';
}

static void check_name(struct reader *reader, const struct value *map, const struct field *field, bool column)
{
    if (!field->name || is_name(field->name, !column))
        return;
    reader_fault(reader, value_member(map, "name")->mark, "\"%s\" cannot be the name of a %s", field->name,
                 column ? "column" : "field");
    reader_advise(reader, "Use small letters, digits, _ and -%s.", column ? "" : ", and dots between the parts");
}

static void read_kind(struct reader *reader, const struct value *map, struct field *field)
{
    const struct value *found = value_member(map, "kind");
    int word = reader_word(reader, map, "kind", kind_words());

    if (word >= 0)
        field->kind = (enum kind)word;
    else if (!found)
        reader_fault(reader, map->mark, "\"kind\" is missing here");
}

static void read_bounds(struct reader *reader, const struct value *map, struct field *field)
{
    bool number = field->kind == KIND_NUMBER && (value_member(map, "min") || value_member(map, "max"));

    field->min = reader_number(reader, map, "min", number ? LONG_MIN : 0);
    field->max = reader_number(reader, map, "max", number ? LONG_MAX : 0);
    if (value_member(map, "min") && value_member(map, "max") && field->min > field->max)
        reader_fault(reader, value_member(map, "min")->mark, "\"min\" is more than \"max\"");
    if (field->min < 0 && field->kind != KIND_NUMBER)
        reader_fault(reader, value_member(map, "min")->mark, "\"min\" counts characters or rows here: it cannot be negative");
}

static bool chooses(enum kind kind)
{
    return kind == KIND_ONE || kind == KIND_MANY || kind == KIND_MAP || kind == KIND_TREE;
}

/* A word that a kind needs, or that has no meaning for it. */
static void check_word(struct reader *reader, const struct value *map, const struct field *field, const char *word,
                       bool wanted, bool allowed)
{
    const struct value *found = value_member(map, word);

    if (wanted && !found)
        reader_fault(reader, map->mark, "a field of kind \"%s\" needs \"%s\"", kind_word(field->kind), word);
    if (found && !allowed)
        reader_fault(reader, found->mark, "\"%s\" means nothing for a field of kind \"%s\"", word, kind_word(field->kind));
}

static void check_words(struct reader *reader, const struct value *map, const struct field *field, bool column)
{
    enum kind kind = field->kind;
    bool rows = kind == KIND_TABLE || kind == KIND_MAP || kind == KIND_MANY;
    bool bounded = rows || kind == KIND_TEXT || kind == KIND_NUMBER || kind == KIND_IDENTIFIER || kind == KIND_SECRET;

    check_word(reader, map, field, "choices", chooses(kind), chooses(kind));
    check_word(reader, map, field, "min", false, bounded);
    check_word(reader, map, field, "max", false, bounded);
    check_word(reader, map, field, "pattern", false, !rows && !chooses(kind) && kind != KIND_YESNO && kind != KIND_DESCRIBED);
    check_word(reader, map, field, "default", false, kind != KIND_SECRET && kind != KIND_DESCRIBED);
    if (column) {
        if (kind == KIND_TABLE || kind == KIND_MAP || kind == KIND_DESCRIBED || kind == KIND_SECRET)
            reader_fault(reader, value_member(map, "kind")->mark, "a column cannot be of kind \"%s\"", kind_word(kind));
        return;
    }
    check_word(reader, map, field, "keys", kind == KIND_MAP, kind == KIND_MAP);
    check_word(reader, map, field, "among", false, chooses(kind));
    check_word(reader, map, field, "key", kind == KIND_TABLE, kind == KIND_TABLE);
    check_word(reader, map, field, "columns", kind == KIND_TABLE, kind == KIND_TABLE);
    check_word(reader, map, field, "each", kind == KIND_DESCRIBED, true);
    if (!value_member(map, "each") != !value_member(map, "as"))
        reader_fault(reader, map->mark, "\"each\" and \"as\" go together");
}

static void check_key(struct reader *reader, const struct value *map, const struct field *field)
{
    const char **words = mem_new((field->column_count + 1) * sizeof *words);
    bool found = false;

    for (size_t i = 0; i < field->column_count; i++) {
        words[i] = field->columns[i].name ? field->columns[i].name : "";
        found = found || text_same(words[i], field->key);
    }
    if (!found)
        reader_unknown(reader, value_member(map, "key")->mark, field->key, "a column of this table", words);
    free(words);
}

/* A default must be an answer that could be given. */
static void check_default(struct reader *reader, const struct field *field)
{
    struct problems faults = { 0 };
    struct value *copy = value_copy(field->initial);

    kind_check(field, field->name, &copy, NULL, NULL, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        reader_fault(reader, field->initial->mark, "the default is no answer: %s", faults.items[i].text);
        if (faults.items[i].advice)
            reader_advise(reader, "%s", faults.items[i].advice);
    }
    problems_clear(&faults);
    value_free(copy);
}

/* A default is kept as the answer that it stands for: yes/no and choices in their one written form. */
static void settle_default(struct field *field)
{
    struct problems ignored = { 0 };

    kind_check(field, field->name, &field->initial, NULL, NULL, &ignored);
    problems_clear(&ignored);
}

static void field_read(struct reader *reader, const struct value *map, const struct value *sets, struct field *field,
                       bool column)
{
    field->mark = map->mark;
    field->source = map;
    if (!reader_words(reader, map, column ? "a column" : "a field", column ? column_words : field_words) &&
        map->kind != VALUE_MAP)
        return;
    field->name = reader_text(reader, map, "name", true);
    field->label = reader_text(reader, map, "label", true);
    field->help = reader_text(reader, map, "help", false);
    field->who = reader_text(reader, map, "who", false);
    field->say = reader_text(reader, map, "say", false);
    field->required = reader_yes(reader, map, "required");
    field->pattern = reader_text(reader, map, "pattern", false);
    field->choices = reader_text(reader, map, "choices", false);
    field->keys = reader_text(reader, map, "keys", false);
    field->among = reader_text(reader, map, "among", false);
    field->key = reader_text(reader, map, "key", false);
    field->when = reader_condition(reader, map, "when");
    field->each = reader_text(reader, map, "each", false);
    field->as = reader_text(reader, map, "as", false);
    field->initial = value_copy(value_member(map, "default"));
    field->fixed = field->choices ? set_choices(sets, field->choices) : NULL;
    field->fixed_keys = field->keys ? set_choices(sets, field->keys) : NULL;
    read_kind(reader, map, field);
    read_bounds(reader, map, field);
    check_name(reader, map, field, column);
    if (value_member(map, "kind"))
        check_words(reader, map, field, column);
    if (field->pattern)
        reader_pattern(reader, value_member(map, "pattern")->mark, field->pattern, 0);
    if (!column && value_member(map, "columns"))
        fields_read(reader, map, "columns", sets, &field->columns, &field->column_count);
    if (field->key && field->columns)
        check_key(reader, map, field);
    if (field->initial && field->name && field->label) {
        check_default(reader, field);
        settle_default(field);
    }
}

struct mark field_mark(const struct field *field, const char *word)
{
    const struct value *found = value_member(field->source, word);

    return found ? found->mark : field->mark;
}

static void check_twice(struct reader *reader, const struct field *fields, size_t count)
{
    const struct field *last = &fields[count - 1];

    for (size_t i = 0; last->name && i + 1 < count; i++)
        if (text_same(fields[i].name, last->name)) {
            reader_fault(reader, last->mark, "\"%s\" is there twice", last->name);
            reader_advise(reader, "The other one is in line %d.", fields[i].mark.line);
            return;
        }
}

void fields_read(struct reader *reader, const struct value *map, const char *name, const struct value *sets,
                 struct field **fields, size_t *count)
{
    const struct value *list = reader_list(reader, map, name);
    bool columns = strcmp(name, "columns") == 0;

    if (!list || list->count == 0)
        return;
    *fields = mem_new(list->count * sizeof **fields);
    for (size_t i = 0; i < list->count; i++) {
        field_read(reader, value_item(list, i), sets, &(*fields)[i], columns);
        *count = i + 1;
        check_twice(reader, *fields, *count);
    }
}

void fields_free(struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        value_free(fields[i].initial);
        choices_free(fields[i].fixed);
        choices_free(fields[i].fixed_keys);
        fields_free(fields[i].columns, fields[i].column_count);
    }
    free(fields);
}
