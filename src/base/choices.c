#include "base/choices.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "choices_private.h"

struct choices *choices_new(void)
{
    struct choices *choices = mem_new(sizeof *choices);

    choices->tree = mem_new(sizeof *choices->tree);
    choices->alike = mem_new(sizeof *choices->alike);
    return choices;
}

void choices_free(struct choices *choices)
{
    if (!choices)
        return;
    choices_forget(choices);
    free(choices->tree);
    free(choices->alike);
    free(choices->bytes);
    free(choices->entries);
    free(choices->slots);
    value_free(choices->extra);
    free(choices);
}

/* Eight bytes at a step, each mixed by a multiplication with 2^64 / the golden ratio: a million names are hashed at a start. */
static uint32_t hash_of(const char *text, size_t size)
{
    uint64_t hash = size, part;

    for (size_t at = 0; at < size; at += sizeof part) {
        part = 0;
        memcpy(&part, text + at, size - at < sizeof part ? size - at : sizeof part);
        hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

static const char *at(const struct choices *choices, uint32_t offset)
{
    return choices->bytes + offset;
}

/*
 * The slot of the value, or the free one where it belongs. A slot holds a number + 1 in the bits of the mask, which
 * are enough for it, and above them those of the hash: of names that are not the same hardly any is looked at.
 */
static size_t slot_of(const struct choices *choices, const char *value, uint32_t hash)
{
    uint32_t mask = choices->mask, found;
    size_t slot = hash & mask;

    while ((found = choices->slots[slot]) != 0 &&
           ((found ^ hash) & ~mask || strcmp(at(choices, choices->entries[(found & mask) - 1].value), value) != 0))
        slot = (slot + 1) & mask;
    return slot;
}

/* The same name again says only what is new of the choice. */
static void replace(struct choice *known, const struct choice *again)
{
    known->label = again->label == again->value ? known->value : again->label;
    known->parent = again->parent;
}

/* The slots of a large set lie all over its memory: each is fetched while the hashes of those behind it are made. */
#define AHEAD 16

/* From number `from` on all go into the index; those whose value was there already leave their place to the next. */
static void fill_slots(struct choices *choices, size_t from)
{
    uint32_t hashes[AHEAD] = { 0 };
    size_t kept = from;

    for (size_t ahead = from; ahead < choices->count + AHEAD; ahead++) {
        uint32_t hash = hashes[ahead % AHEAD], *slot;

        if (ahead < choices->count) {
            const char *value = at(choices, choices->entries[ahead].value);

            hashes[ahead % AHEAD] = hash_of(value, strlen(value));
            __builtin_prefetch(&choices->slots[hashes[ahead % AHEAD] & choices->mask], 1);
        }
        if (ahead < from + AHEAD)
            continue;
        const struct choice entry = choices->entries[ahead - AHEAD];

        slot = &choices->slots[slot_of(choices, at(choices, entry.value), hash)];
        if (*slot) {
            replace(&choices->entries[(*slot & choices->mask) - 1], &entry);
            continue;
        }
        choices->entries[kept++] = entry;
        *slot = (hash & ~choices->mask) | (uint32_t)kept;
    }
    choices->count = choices->indexed = kept;
}

/*
 * All that was added is in the index, and each value is there once. Left until somebody looks: then the slots, of which at
 * most three quarters are taken, are made in one go.
 */
static struct choices *settled(const struct choices *given)
{
    struct choices *choices = (struct choices *)given;      /* what it holds does not change by that */
    uint32_t mask = choices->slots ? choices->mask : 63;

    if (choices->indexed == choices->count)
        return choices;
    while (choices->count > mask / 4 * 3)
        mask = mask * 2 + 1;
    if (!choices->slots || mask != choices->mask) {
        free(choices->slots);
        choices->slots = mem_new(((size_t)mask + 1) * sizeof *choices->slots);
        choices->mask = mask;
        choices->indexed = 0;
    }
    fill_slots(choices, choices->indexed);
    return choices;
}

static uint32_t keep(struct choices *choices, const char *text, size_t length)
{
    size_t size = length + 1, offset = choices->size;

    if (size > UINT32_MAX - offset)
        mem_exhausted();        /* 4 GiB of names */
    if (offset + size > choices->bytes_room) {
        size_t room = choices->bytes_room ? choices->bytes_room + choices->bytes_room / 2 : 1024;

        choices->bytes_room = room > offset + size ? room : offset + size;
        choices->bytes = mem_resize(choices->bytes, choices->bytes_room);
    }
    memcpy(choices->bytes + offset, text, size);
    choices->size += size;
    return (uint32_t)offset;
}

/* Children come one after the other, and mostly after their parent: its name is kept once. */
static uint32_t keep_parent(struct choices *choices, const char *parent)
{
    size_t i;

    if (!parent || !*parent)
        return CHOICE_ROOT;
    choices->has_parents = true;
    if (choices->last_parent != CHOICE_ROOT && strcmp(at(choices, choices->last_parent), parent) == 0)
        return choices->last_parent;
    i = choices_find(choices, parent);
    return choices->last_parent = i == CHOICES_NONE ? keep(choices, parent, strlen(parent)) : choices->entries[i].value;
}

void choices_add(struct choices *choices, const char *value, const char *label, const char *parent)
{
    uint32_t kept_parent, kept;

    choices_forget(choices);
    if (choices->size == 0)
        keep(choices, "", 0);   /* so that offset 0 can mean "no parent" */
    kept_parent = keep_parent(choices, parent);
    kept = keep(choices, value, strlen(value));
    if (choices->count == choices->room) {
        choices->room = choices->room ? choices->room + choices->room / 2 : 16;
        choices->entries = mem_resize(choices->entries, choices->room * sizeof *choices->entries);
    }
    choices->entries[choices->count++] = (struct choice){
        .value = kept, .parent = kept_parent,
        .label = label && strcmp(label, value) != 0 ? keep(choices, label, strlen(label)) : kept,
    };
}

void choices_add_extra(struct choices *choices, const char *value, struct value *extra)
{
    if (!choices->extra)
        choices->extra = value_new_map();
    value_put(choices->extra, value, extra);
}

void choices_set_complete(struct choices *choices, bool complete)
{
    choices->complete = complete;
}

size_t choices_count(const struct choices *choices)
{
    return choices ? settled(choices)->count : 0;
}

bool choices_complete(const struct choices *choices)
{
    return choices && choices->complete;
}

const char *choices_value(const struct choices *choices, size_t i)
{
    return i < choices_count(choices) ? at(choices, choices->entries[i].value) : NULL;
}

const char *choices_label(const struct choices *choices, size_t i)
{
    return i < choices_count(choices) ? at(choices, choices->entries[i].label) : NULL;
}

const char *choices_label_of(const struct choices *choices, const char *value)
{
    size_t i = choices_find(choices, value);

    return i == CHOICES_NONE ? value : choices_label(choices, i);
}

size_t choices_find(const struct choices *choices, const char *value)
{
    uint32_t found;

    if (!value || choices_count(choices) == 0)
        return CHOICES_NONE;
    found = choices->slots[slot_of(choices, value, hash_of(value, strlen(value)))];
    return found ? (found & choices->mask) - 1 : CHOICES_NONE;
}

const struct value *choices_extra(const struct choices *choices, const char *value)
{
    return choices && value ? value_member(choices->extra, value) : NULL;
}

bool choices_fits(const struct choices *choices, const char *value, const char *left)
{
    const struct value *fits = value_member(choices_extra(choices, value), "fits");

    return !fits || (left && value_list_has(fits, left));
}

void choices_forget(struct choices *choices)
{
    choices_forget_tree(choices->tree);
    choices_forget_alike(choices->alike);
}
