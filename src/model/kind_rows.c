/* Tables and maps: the kinds that are made of rows. Every fault of every row is told. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kind_private.h"

static const struct field *column_named(const struct field *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (text_same(table->columns[i].name, name))
            return &table->columns[i];
    return NULL;
}

static bool fault_unknown_column(const struct place *place, const char *name)
{
    const struct field *table = place->field;
    const char **words = mem_new((table->column_count + 1) * sizeof *words);
    const char *nearest;

    for (size_t i = 0; i < table->column_count; i++)
        words[i] = table->columns[i].name;
    nearest = text_nearest(name, words);
    place_fault(place, "there is no column \"%s\"", name);
    if (nearest)
        place_advise(place, "Did you mean \"%s\"?", nearest);
    free(words);
    return false;
}

/* One cell: its default when it is empty, then its kind. */
static bool check_cell(const struct place *table, const struct field *column, struct value *row)
{
    char *name = text_format("%s.%s", table->name, column->name);
    const struct value *given = value_member(row, column->name);
    struct place place = {
        .field = column, .name = name, .row = table->row, .mark = given ? given->mark : row->mark,
        .choices = column->fixed, .problems = table->problems,
    };
    struct value *cell = value_copy(value_is_empty(given) && column->initial ? column->initial : given);
    bool good = true;

    if (value_is_empty(cell)) {
        if (column->required) {
            good = place_fault(&place, "%s is missing", column->label);
            place_advise_field(&place);
        }
        value_drop(row, column->name);
    } else {
        good = place_check(&place, &cell);
        value_put(row, column->name, cell);
        cell = NULL;
    }
    value_free(cell);
    free(name);
    return good;
}

static bool check_row(const struct place *table, struct value *row)
{
    bool good = true;

    if (row->kind != VALUE_MAP)
        return place_fault(table, "this row is not a map of columns");
    for (size_t i = 0; i < row->count; i++)
        if (!column_named(table->field, value_name(row, i)))
            good = fault_unknown_column(table, value_name(row, i));
    for (size_t i = 0; i < table->field->column_count; i++)
        good &= check_cell(table, &table->field->columns[i], row);
    return good;
}

/* The row's key as text, or "#3" when it has none. Yours. */
static char *key_of(const struct field *table, const struct value *row, size_t i)
{
    const char *key = row->kind == VALUE_MAP && table->key ? value_member_text(row, table->key) : NULL;

    size_t size;

    if (!key)
        return text_format("#%zu", i + 1);
    key += strspn(key, " ");
    for (size = strlen(key); size > 0 && key[size - 1] == ' '; size--)
        continue;
    return size > 0 ? mem_copy_bytes(key, size) : text_format("#%zu", i + 1);
}

static bool check_twice(const struct place *place, const struct value *row, struct value *seen)
{
    const char *key = place->field->key ? value_member_text(row, place->field->key) : NULL;
    struct place cell = *place;
    char *name;

    if (!key || !*key)
        return true;
    if (!value_member(seen, key)) {
        value_put_text(seen, key, "");
        return true;
    }
    name = text_format("%s.%s", place->name, place->field->key);
    cell.name = name;
    place_fault(&cell, "\"%s\" is there twice", key);
    place_advise(place, "Keep one of the rows, or give the other a different one.");
    free(name);
    return false;
}

const struct field *table_parent(const struct field *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (text_same(table->columns[i].choices, table->name))
            return &table->columns[i];
    return NULL;
}

/* The rows of a tree on their way behind their parents. */
struct ordering {
    const struct field *parent;     /* the column */
    struct value *rows;             /* as given */
    struct value *places;           /* key -> number of its row */
    struct value *ordered;          /* where they go */
    bool *placed;
};

/* The number of the row that this one hangs on; `count` when it hangs on none. */
static size_t row_above(const struct ordering *ordering, size_t i)
{
    const char *key = value_member_text(value_item(ordering->rows, i), ordering->parent->name);
    const char *place = key ? value_member_text(ordering->places, key) : NULL;

    return place ? strtoul(place, NULL, 10) : value_count(ordering->rows);
}

static void place_row(struct ordering *ordering, size_t i)
{
    size_t count = value_count(ordering->rows), waiting = 0, above;
    size_t *chain = mem_new((count + 1) * sizeof *chain);

    for (above = i; above < count && !ordering->placed[above]; above = row_above(ordering, above)) {
        ordering->placed[above] = true;
        chain[waiting++] = above;
    }
    while (waiting > 0)
        value_append(ordering->ordered, value_copy(value_item(ordering->rows, chain[--waiting])));
    free(chain);
}

/* Each parent is a row, and no row is above itself. */
static bool check_parent(const struct place *table, const struct ordering *ordering, size_t i)
{
    const struct value *row = value_item(ordering->rows, i), *given = value_member(row, ordering->parent->name);
    char *name = text_format("%s.%s", table->name, ordering->parent->name), *key = key_of(table->field, row, i);
    struct place place = *table;
    size_t count = value_count(ordering->rows), above = row_above(ordering, i), steps = 0;
    bool good = true;

    place.name = name;
    place.row = key;
    place.mark = given ? given->mark : row->mark;
    while (above < count && above != i && steps++ < count)
        above = row_above(ordering, above);
    if (!value_is_empty(given) && row_above(ordering, i) == count) {
        good = place_fault(&place, "there is no row \"%s\"", given->text);
        place_advise(&place, "Give the row above as a row too, or leave this empty.");
    } else if (above == i) {
        good = place_fault(&place, "this row would be above itself, by way of \"%s\"", given->text);
        place_advise(&place, "Leave it empty in one of them.");
    }
    free(name);
    free(key);
    return good;
}

/* Rows of a tree are put behind their parents, in the order given otherwise: so they can be made one after the other. */
static bool check_tree(const struct place *place, struct value **rows)
{
    struct ordering ordering = { .parent = table_parent(place->field), .rows = *rows };
    size_t count = value_count(*rows);
    bool good = true;

    if (!ordering.parent || count == 0)
        return true;
    ordering.places = value_new_map();
    for (size_t i = 0; i < count; i++) {
        char *key = key_of(place->field, ordering.rows->items[i], i), *number = text_format("%zu", i);

        value_put_text(ordering.places, key, number);
        free(key);
        free(number);
    }
    for (size_t i = 0; i < count; i++)
        good &= check_parent(place, &ordering, i);
    if (good) {
        ordering.ordered = value_new_list();
        ordering.ordered->mark = ordering.rows->mark;
        ordering.placed = mem_new(count * sizeof *ordering.placed);
        for (size_t i = 0; i < count; i++)
            place_row(&ordering, i);
        free(ordering.placed);
        value_free(ordering.rows);
        *rows = ordering.ordered;
    }
    value_free(ordering.places);
    return good;
}

bool table_check(const struct place *place, struct value **value)
{
    struct value *rows = value_copy(*value), *seen = value_new_map();
    bool good = true;

    for (size_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_item(rows, i);
        char *key = key_of(place->field, row, i);
        struct place at = *place;

        at.row = key;
        at.mark = row->mark;
        good &= check_row(&at, row);
        good &= check_twice(&at, row, seen);
        free(key);
    }
    good = place_count(place, rows) && good;
    good = good && check_tree(place, &rows);
    value_free(seen);
    if (!good) {
        value_free(rows);
        return false;
    }
    value_free(*value);
    *value = rows;
    return true;
}

static bool check_fits(const struct place *place, const char *left, const char *right)
{
    if (!place->choices || choices_fits(place->choices, right, left))
        return true;
    place_fault(place, "%s does not go with %s", choices_label_of(place->choices, right),
                place->left ? choices_label_of(place->left, left) : left);
    place_advise(place, "Choose one that does.");
    return false;
}

/* One pair: both sides brought to the values of their choices, and put into `kept`. An empty right side is no pair. */
static bool check_pair(const struct place *map, const char *given, const struct value *to, struct value *kept)
{
    struct place place = *map;
    char *left = mem_copy(given), *right;
    bool good;

    place.row = given;
    place.mark = to->mark;
    if (to->kind != VALUE_TEXT) {
        free(left);
        return place_fault(&place, "this is a %s, and one text is wanted", to->kind == VALUE_LIST ? "list" : "map");
    }
    right = mem_copy(to->text);
    good = choice_check(&place, place.left, "one of the names on the left", &left);
    if (*right) {
        good = choice_check(&place, place.choices, NULL, &right) && good;
        good = good && check_fits(&place, left, right);
        if (good && value_member(kept, left))
            good = place_fault(&place, "\"%s\" is there twice", left);
        if (good)
            value_put_text(kept, left, right);
    }
    free(left);
    free(right);
    return good;
}

bool map_check(const struct place *place, struct value **value)
{
    struct value *kept = value_new_map();
    bool good = true;

    for (size_t i = 0; i < value_count(*value); i++)
        good &= check_pair(place, value_name(*value, i), value_item(*value, i), kept);
    good = place_count(place, kept) && good;
    if (!good) {
        value_free(kept);
        return false;
    }
    kept->mark = (*value)->mark;
    value_free(*value);
    *value = kept;
    return true;
}
