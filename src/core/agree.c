/* What the service holds laid beside what is wanted: the same said in other words, and what was changed elsewhere. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static const char *key_in(const struct field *field, const struct value *item)
{
    return field->kind == KIND_TABLE ? value_member_text(item, field->key) : item->text;
}

static const struct value *find_key(const struct field *field, const struct value *list, const char *key)
{
    for (size_t i = 0; key && i < value_count(list); i++)
        if (text_same(key_in(field, value_item(list, i)), key))
            return value_item(list, i);
    return NULL;
}

static bool same_number(const struct field *field, const struct value *theirs, const struct value *mine)
{
    bool number = field->kind == KIND_NUMBER || field->kind == KIND_MONEY || field->kind == KIND_RATE;
    char *a = number && theirs->kind == VALUE_TEXT ? text_decimal(theirs->text) : NULL;
    char *b = a && mine->kind == VALUE_TEXT ? text_decimal(mine->text) : NULL;
    bool same = b && text_same(a, b);

    free(a);
    free(b);
    return same;
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
            if (text_same(key_in(field, value_item(mine, i)), key_in(field, value_item(left, j)))) {
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
    return value_copy(mine && same_number(field, theirs, mine) ? mine : theirs);
}

/* One entry of a list or map of theirs or of the base. */
static bool entry_is_elsewhere(const struct field *field, const char *key, const struct value *theirs, const struct value *mine,
                               const struct value *base)
{
    bool map = field->kind == KIND_MAP;
    const struct value *a = map ? value_member(theirs, key) : find_key(field, theirs, key);
    const struct value *b = map ? value_member(mine, key) : find_key(field, mine, key);
    const struct value *c = map ? value_member(base, key) : find_key(field, base, key);
    return !value_equal(a, b) && !value_equal(a, c);
}

bool agree_is_elsewhere(const struct field *field, const struct value *theirs, const struct value *mine, const struct value *base)
{
    const struct value *sides[] = {theirs, base};
    enum value_kind kind = field->kind == KIND_MAP ? VALUE_MAP : VALUE_LIST;

    if (value_equal(theirs, base))
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
