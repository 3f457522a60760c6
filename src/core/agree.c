/* What the service holds laid beside what is wanted: the same said in other words, and what was changed elsewhere. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static const char *key_in(const struct field *field, const struct value *item)
{
    return field->kind == KIND_TABLE ? value_member_text(item, field->key) : item->text;
}

static bool same_key(const struct field *field, const char *a, const char *b)
{
    enum kind kind = field->kind;
    for (size_t i = 0; i < field->column_count; i++)
        if (text_same(field->columns[i].name, field->key))
            kind = field->columns[i].kind;
    return a && b && (text_same(a, b) || kind_same(kind, a, b));
}

static const struct value *find_key(const struct field *field, const struct value *list, const char *key)
{
    for (size_t i = 0; key && i < value_count(list); i++)
        if (same_key(field, key_in(field, value_item(list, i)), key))
            return value_item(list, i);
    return NULL;
}

static bool same_scalar(const struct field *field, const struct value *theirs, const struct value *mine)
{
    return theirs->kind == VALUE_TEXT && mine->kind == VALUE_TEXT && kind_same(field->kind, theirs->text, mine->text);
}

static struct value *row_in_our_words(const struct field *table, const struct value *theirs, const struct value *mine)
{
    struct value *row = value_copy(theirs);
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = table->columns[i].name;
        const struct value *cell = value_member(theirs, name);
        if (cell)
            value_put(row, name, agree_words(&table->columns[i], cell, value_member(mine, name)));
    }
    return row;
}

/* The order of chosen values and of rows says nothing: theirs is brought into ours, what is only theirs behind it. */
static struct value *list_in_our_words(const struct field *field, const struct value *theirs, const struct value *mine)
{
    struct value *left = value_copy(theirs), *list = value_new_list();
    for (size_t i = 0; i < value_count(mine); i++)
        for (size_t j = 0; j < value_count(left); j++)
            if (same_key(field, key_in(field, value_item(mine, i)), key_in(field, value_item(left, j)))) {
                value_append(list, field->kind == KIND_TABLE ? row_in_our_words(field, value_item(left, j), value_item(mine, i))
                                                             : value_copy(value_item(left, j)));
                value_remove(left, j);
                break;
            }
    for (size_t j = 0; j < value_count(left); j++)
        value_append(list, value_copy(value_item(left, j)));
    value_free(left);
    return list;
}

struct value *agree_words(const struct field *field, const struct value *theirs, const struct value *mine)
{
    if (!theirs)
        return value_new_text(NULL);
    if (mine && theirs->kind == VALUE_LIST && mine->kind == VALUE_LIST)
        return list_in_our_words(field, theirs, mine);
    return value_copy(mine && same_scalar(field, theirs, mine) ? mine : theirs);
}

static bool same_entry(const struct field *field, const struct value *a, const struct value *b)
{
    struct value *row = field->kind == KIND_TABLE && a && b ? row_in_our_words(field, a, b) : NULL;
    bool same = value_equal(row ? row : a, b);
    value_free(row);
    return same;
}

/* One entry of a list or map of theirs or of the base. */
static bool entry_is_elsewhere(const struct field *field, const char *key, const struct value *theirs, const struct value *mine,
                               const struct value *base)
{
    bool map = field->kind == KIND_MAP;
    const struct value *a = map ? value_member(theirs, key) : find_key(field, theirs, key);
    const struct value *b = map ? value_member(mine, key) : find_key(field, mine, key);
    const struct value *c = map ? value_member(base, key) : find_key(field, base, key);
    return !same_entry(field, a, b) && !same_entry(field, a, c);
}

bool agree_same(const struct field *field, const struct value *a, const struct value *b)
{
    struct value *words = a && b ? agree_words(field, a, b) : NULL;
    bool same = value_equal(words ? words : a, b);
    value_free(words);
    return same;
}

/* One scalar as it would be answered: in the spelling that a question accepts, if it is one. */
static struct value *adopted_scalar(const struct field *field, const struct value *theirs)
{
    char *plain = theirs->kind == VALUE_TEXT ? kind_plain(field->kind, theirs->text) : NULL;
    struct value *given = value_copy(theirs), *other = plain ? value_new_text(plain) : NULL;
    struct problems problems = {0};
    bool good = kind_check(field, field->name, &given, NULL, NULL, &problems);
    if (!good && other && kind_check(field, field->name, &other, NULL, NULL, &problems)) {
        value_free(given);
        given = other;
        other = NULL;
    }
    problems_clear(&problems);
    value_free(other);
    free(plain);
    return given;
}

struct value *agree_adopt(const struct field *field, const struct value *theirs)
{
    if (!theirs || theirs->kind == VALUE_TEXT)
        return theirs ? adopted_scalar(field, theirs) : NULL;
    struct value *all = value_copy(theirs);
    for (size_t i = 0; field->kind == KIND_TABLE && i < value_count(all); i++)
        for (size_t j = 0; j < field->column_count; j++) {
            const struct value *cell = value_member(value_item(all, i), field->columns[j].name);
            if (cell && cell->kind == VALUE_TEXT)
                value_put(value_item(all, i), field->columns[j].name, adopted_scalar(&field->columns[j], cell));
        }
    return all;
}

bool agree_is_elsewhere(const struct field *field, const struct value *theirs, const struct value *mine, const struct value *base)
{
    const struct value *sides[] = {theirs, base};
    enum value_kind kind = field->kind == KIND_MAP ? VALUE_MAP : VALUE_LIST;

    if (agree_same(field, theirs, base))
        return false;
    if (field->kind != KIND_TABLE && field->kind != KIND_MANY && field->kind != KIND_MAP)
        return true;
    for (size_t side = 0; side < 2; side++)
        if (!value_is_empty(sides[side]) && sides[side]->kind != kind)
            return true;
    /* Row by row: what was sent of a list before a run ended half-way is ours, the rest is still as it was. */
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < value_count(sides[side]); i++) {
            const char *key = kind == VALUE_MAP ? value_name(sides[side], i) : key_in(field, value_item(sides[side], i));
            if (!key || entry_is_elsewhere(field, key, theirs, mine, base))
                return true;
        }
    return false;
}
