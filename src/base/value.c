#include "base/value.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Up to so many members walking the names is as fast as looking them up. */
#define INDEX_FROM 17

/* Where the members of a large map stand: open addressing, never more than half full. */
struct value_index {
    size_t mask;                    /* slots - 1; slots are a power of two */
    size_t used;                    /* slots that are not free, dropped ones counted */
    struct index_slot {
        uint32_t hash;
        uint32_t at;                /* position + 1; 0 is free */
    } slots[];
};

#define SLOT_FREE 0u
#define SLOT_DROPPED UINT32_MAX

/* FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint32_t hash_of(const char *name, size_t size)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    return hash;
}

static void index_add(struct value_index *index, uint32_t hash, size_t at)
{
    size_t slot = hash & index->mask;

    while (index->slots[slot].at != SLOT_FREE)
        slot = (slot + 1) & index->mask;
    index->slots[slot] = (struct index_slot){ hash, (uint32_t)at + 1 };
    index->used++;
}

static void index_build(struct value *map)
{
    size_t slots = 64;

    while (slots < map->count * 4)
        slots *= 2;
    free(map->index);
    map->index = mem_new(sizeof *map->index + slots * sizeof map->index->slots[0]);
    map->index->mask = slots - 1;
    for (size_t i = 0; i < map->count; i++)
        index_add(map->index, hash_of(map->names[i], strlen(map->names[i])), i);
}

/* The member at `at` is gone and those behind it moved up. */
static void index_drop(struct value_index *index, size_t at)
{
    for (size_t i = 0; i <= index->mask; i++) {
        struct index_slot *slot = &index->slots[i];

        if (slot->at == SLOT_FREE || slot->at == SLOT_DROPPED)
            continue;
        if (slot->at == at + 1)
            slot->at = SLOT_DROPPED;
        else if (slot->at > at + 1)
            slot->at--;
    }
}

#define NOT_THERE SIZE_MAX

/* Names mostly differ in their first letter, and are compared thousands of times at a start. */
static bool name_is(const char *name, const char *wanted, size_t size)
{
    return size == 0 ? !*name : *name == *wanted && strncmp(name, wanted, size) == 0 && name[size] == '\0';
}

static size_t position(const struct value *map, const char *name, size_t size)
{
    const struct value_index *index = map->index;
    uint32_t hash;

    if (!index) {
        for (size_t i = 0; i < map->count; i++)
            if (name_is(map->names[i], name, size))
                return i;
        return NOT_THERE;
    }
    hash = hash_of(name, size);
    for (size_t slot = hash & index->mask; index->slots[slot].at != SLOT_FREE; slot = (slot + 1) & index->mask) {
        uint32_t at = index->slots[slot].at;

        if (at != SLOT_DROPPED && index->slots[slot].hash == hash && name_is(map->names[at - 1], name, size))
            return at - 1;
    }
    return NOT_THERE;
}

static struct value *value_new(enum value_kind kind)
{
    struct value *value = mem_new(sizeof *value);

    value->kind = kind;
    return value;
}

/* The text lies behind its node: there are thousands of them. */
static struct value *new_text(enum scalar scalar, const char *text)
{
    size_t size = strlen(text) + 1;
    struct value *value = mem_new(sizeof *value + size);

    value->kind = VALUE_TEXT;
    value->scalar = scalar;
    value->text = (char *)(value + 1);
    memcpy(value->text, text, size);
    return value;
}

struct value *value_new_text(const char *text)
{
    return value_new_scalar(text ? SCALAR_TEXT : SCALAR_NOTHING, text);
}

struct value *value_new_scalar(enum scalar scalar, const char *text)
{
    return new_text(scalar, text && scalar != SCALAR_NOTHING ? text : "");
}

struct value *value_new_list(void)
{
    return value_new(VALUE_LIST);
}

struct value *value_new_map(void)
{
    return value_new(VALUE_MAP);
}

struct value *value_copy(const struct value *value)
{
    struct value *copy;

    if (!value)
        return NULL;
    copy = value->kind == VALUE_TEXT ? new_text(value->scalar, value->text) : value_new(value->kind);
    copy->mark = value->mark;
    copy->damaged = value->damaged;
    if (value->count == 0)
        return copy;
    copy->count = copy->room = value->count;
    copy->items = mem_new(copy->room * sizeof *copy->items);
    for (size_t i = 0; i < value->count; i++)
        copy->items[i] = value_copy(value->items[i]);
    if (value->kind != VALUE_MAP)
        return copy;
    copy->names = mem_new(copy->room * sizeof *copy->names);
    for (size_t i = 0; i < value->count; i++)
        copy->names[i] = mem_copy(value->names[i]);
    if (value->name_marks) {
        copy->name_marks = mem_new(copy->room * sizeof *copy->name_marks);
        memcpy(copy->name_marks, value->name_marks, copy->count * sizeof *copy->name_marks);
    }
    if (copy->count >= INDEX_FROM)
        index_build(copy);
    return copy;
}

static void clear(struct value *value)
{
    if (value->text)
        mem_wipe(value->text, strlen(value->text));
    for (size_t i = 0; i < value->count; i++) {
        value_free(value->items[i]);
        if (value->kind == VALUE_MAP)
            free(value->names[i]);
    }
    free(value->items);
    free(value->names);
    free(value->name_marks);
    free(value->index);
}

void value_free(struct value *value)
{
    if (!value)
        return;
    clear(value);
    free(value);
}

static bool map_equal(const struct value *a, const struct value *b)
{
    for (size_t i = 0; a && i < a->count; i++)
        if (!value_equal(a->items[i], value_member(b, a->names[i])))
            return false;
    for (size_t i = 0; b && i < b->count; i++)
        if (!value_member(a, b->names[i]) && !value_equal(NULL, b->items[i]))
            return false;
    return true;
}

int value_boolean(const struct value *value)
{
    static const char *const words[2][6] = { { "no", "No", "NO", "false", "False", "FALSE" },
                                             { "yes", "Yes", "YES", "true", "True", "TRUE" } };

    for (int meaning = 0; value && value->kind == VALUE_TEXT && value->scalar != SCALAR_NUMBER && meaning < 2; meaning++)
        for (size_t i = 0; i < 6; i++)
            if (strcmp(value->text, words[meaning][i]) == 0)
                return meaning;
    return -1;
}

static bool scalar_equal(const struct value *a, const struct value *b)
{
    char *number, *other;
    bool same;

    if (strcmp(a->text, b->text) == 0)
        return true;
    if (a->scalar == SCALAR_YESNO || b->scalar == SCALAR_YESNO)
        return value_boolean(a) >= 0 && value_boolean(a) == value_boolean(b);
    if (a->scalar != SCALAR_NUMBER || b->scalar != SCALAR_NUMBER)
        return false;
    number = text_decimal(a->text);
    other = text_decimal(b->text);
    same = number && other && strcmp(number, other) == 0;
    free(number);
    free(other);
    return same;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (value_is_empty(a))
        a = NULL;
    if (value_is_empty(b))
        b = NULL;
    if (a == b)
        return true;
    if ((!a || a->kind == VALUE_MAP) && (!b || b->kind == VALUE_MAP))
        return map_equal(a, b);
    if (!a || !b || a->kind != b->kind)
        return false;
    if (a->kind == VALUE_TEXT)
        return scalar_equal(a, b);
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!value_equal(a->items[i], b->items[i]))
            return false;
    return true;
}

bool value_is_empty(const struct value *value)
{
    if (!value)
        return true;
    return value->kind == VALUE_TEXT ? value->text[0] == '\0' : value->count == 0;
}

size_t value_count(const struct value *value)
{
    return value ? value->count : 0;
}

struct value *value_item(const struct value *value, size_t i)
{
    return i < value_count(value) ? value->items[i] : NULL;
}

const char *value_name(const struct value *map, size_t i)
{
    return map && map->kind == VALUE_MAP && i < map->count ? map->names[i] : NULL;
}

struct mark value_name_mark(const struct value *map, size_t i)
{
    return map && map->name_marks && i < map->count ? map->name_marks[i] : (struct mark){ 0 };
}

static struct value *member(const struct value *map, const char *name, size_t size)
{
    size_t at;

    if (!map || map->kind != VALUE_MAP)
        return NULL;
    at = position(map, name, size);
    return at == NOT_THERE ? NULL : map->items[at];
}

struct value *value_member(const struct value *map, const char *name)
{
    return member(map, name, strlen(name));
}

const char *value_member_text(const struct value *map, const char *name)
{
    const struct value *found = value_member(map, name);

    return found && found->kind == VALUE_TEXT && found->scalar != SCALAR_NOTHING ? found->text : NULL;
}

static void make_room(struct value *value)
{
    if (value->count < value->room)
        return;
    value->room = value->room ? value->room * 2 : 8;
    value->items = mem_resize(value->items, value->room * sizeof *value->items);
    if (value->kind == VALUE_MAP)
        value->names = mem_resize(value->names, value->room * sizeof *value->names);
    if (value->name_marks)
        value->name_marks = mem_resize(value->name_marks, value->room * sizeof *value->name_marks);
}

static struct value *put(struct value *map, const char *name, size_t size, struct value *owned)
{
    size_t at = position(map, name, size);

    if (at != NOT_THERE) {
        if (map->items[at] != owned)
            value_free(map->items[at]);
        map->items[at] = owned;
        return owned;
    }
    make_room(map);
    at = map->count++;
    map->items[at] = owned;
    map->names[at] = mem_copy_bytes(name, size);
    if (map->name_marks)
        map->name_marks[at] = (struct mark){ 0 };
    if (map->index && (map->index->used + 1) * 2 <= map->index->mask + 1)
        index_add(map->index, hash_of(name, size), at);
    else if (map->count >= INDEX_FROM)
        index_build(map);
    return owned;
}

struct value *value_put(struct value *map, const char *name, struct value *owned)
{
    assert(map->kind == VALUE_MAP);
    if (!owned) {
        value_drop(map, name);
        return NULL;
    }
    return put(map, name, strlen(name), owned);
}

struct value *value_put_text(struct value *map, const char *name, const char *text)
{
    return value_put(map, name, text ? value_new_text(text) : NULL);
}

/* Takes out what stands at `at`, of a list or map, and closes the gap. */
static void take_out(struct value *value, size_t at)
{
    size_t behind = value->count - at - 1;

    value_free(value->items[at]);
    memmove(value->items + at, value->items + at + 1, behind * sizeof *value->items);
    if (value->kind == VALUE_MAP) {
        free(value->names[at]);
        memmove(value->names + at, value->names + at + 1, behind * sizeof *value->names);
    }
    if (value->name_marks)
        memmove(value->name_marks + at, value->name_marks + at + 1, behind * sizeof *value->name_marks);
    if (value->index)
        index_drop(value->index, at);
    value->count--;
}

bool value_drop(struct value *map, const char *name)
{
    size_t at;

    if (!map || map->kind != VALUE_MAP)
        return false;
    at = position(map, name, strlen(name));
    if (at == NOT_THERE)
        return false;
    take_out(map, at);
    return true;
}

struct value *value_append(struct value *list, struct value *item)
{
    return value_insert(list, list->count, item);
}

struct value *value_insert(struct value *list, size_t i, struct value *item)
{
    assert(list->kind == VALUE_LIST && item);
    if (i > list->count)
        i = list->count;
    make_room(list);
    memmove(list->items + i + 1, list->items + i, (list->count - i) * sizeof *list->items);
    list->items[i] = item;
    list->count++;
    return item;
}

void value_remove(struct value *list, size_t i)
{
    if (i < list->count)
        take_out(list, i);
}

struct ranked {
    size_t rank;
    char *name;
    struct mark mark;
    struct value *item;
};

static int by_rank(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->name, b->name);
}

void value_order(struct value *map, const struct value *like)
{
    struct ranked *all = mem_new((map->count + 1) * sizeof *all);
    bool ordered = true;

    for (size_t i = 0; i < map->count; i++) {
        all[i] = (struct ranked){ like ? position(like, map->names[i], strlen(map->names[i])) : NOT_THERE, map->names[i],
                                  map->name_marks ? map->name_marks[i] : (struct mark){ 0 }, map->items[i] };
        ordered = ordered && (i == 0 || by_rank(&all[i - 1], &all[i]) < 0);
    }
    if (!ordered) {
        qsort(all, map->count, sizeof *all, by_rank);
        for (size_t i = 0; i < map->count; i++) {
            map->names[i] = all[i].name;
            map->items[i] = all[i].item;
            if (map->name_marks)
                map->name_marks[i] = all[i].mark;
        }
        if (map->index)
            index_build(map);
    }
    free(all);
}
