/* The half of value.h that walks dotted paths. It builds on the other half's functions only. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/value.h"

/* The number that a part of a path is, or SIZE_MAX: an item of a list is named by digits alone. */
static size_t number_of(const char *part, size_t size)
{
    size_t number = 0;

    if (size == 0 || size > 9)
        return SIZE_MAX;
    for (size_t i = 0; i < size; i++) {
        if (part[i] < '0' || part[i] > '9')
            return SIZE_MAX;
        number = number * 10 + (size_t)(part[i] - '0');
    }
    return number;
}

/* One part as the name it means: %2E is a dot, %25 a percent sign. Yours. */
static char *part_name(const char *part, size_t size)
{
    char *name = mem_copy_bytes(part, size), *to = name;

    for (size_t i = 0; i < size; i++) {
        bool dot = i + 2 < size && strncasecmp(part + i, "%2E", 3) == 0;
        bool percent = i + 2 < size && strncmp(part + i, "%25", 3) == 0;

        *to++ = dot ? '.' : part[i];
        i += dot || percent ? 2 : 0;
    }
    *to = '\0';
    return name;
}

char *value_segment(const char *name)
{
    struct text segment = {0};

    for (; *name; name++) {
        if (*name == '.')
            text_add(&segment, "%2E");
        else if (*name == '%')
            text_add(&segment, "%25");
        else
            text_add_char(&segment, *name);
    }
    return segment.bytes ? text_take(&segment) : mem_copy("");
}

static struct value *step(const struct value *value, const char *part, size_t size)
{
    char name[128], *copy;
    struct value *found;

    if (!value || value->kind == VALUE_TEXT)
        return NULL;
    if (value->kind == VALUE_LIST)
        return value_item(value, number_of(part, size));
    if (size < sizeof name && !memchr(part, '%', size)) {
        memcpy(name, part, size);
        name[size] = '\0';
        return value_member(value, name);
    }
    copy = part_name(part, size);
    found = value_member(value, copy);
    free(copy);
    return found;
}

static size_t part_size(const char *path)
{
    return strcspn(path, ".");
}

struct value *value_at(const struct value *root, const char *path)
{
    const struct value *value = root;

    while (*path && value) {
        size_t size = part_size(path);

        value = step(value, path, size);
        path += size + (path[size] == '.');
    }
    return (struct value *)value;
}

const char *value_text(const struct value *root, const char *path)
{
    const struct value *found = value_at(root, path);

    return found && found->kind == VALUE_TEXT && found->scalar != SCALAR_NOTHING ? found->text : NULL;
}

void value_set(struct value *root, const char *path, const char *text)
{
    if (text)
        value_set_value(root, path, value_new_text(text));
    else
        value_unset(root, path);
}

/* Puts `owned` under one part of a path. What is no list item goes behind the last one: nothing given is ever lost. */
static struct value *put_part(struct value *value, const char *part, size_t size, struct value *owned)
{
    char *name;

    if (value->kind == VALUE_LIST) {
        size_t i = number_of(part, size);

        if (i >= value->count)
            return value_append(value, owned);
        value_free(value->items[i]);
        return value->items[i] = owned;
    }
    name = part_name(part, size);
    value_put(value, name, owned);
    free(name);
    return owned;
}

void value_set_value(struct value *root, const char *path, struct value *owned)
{
    struct value *value = root;

    if (!owned) {
        value_unset(root, path);
        return;
    }
    for (;;) {
        size_t size = part_size(path);
        struct value *next;

        if (path[size] == '\0') {
            put_part(value, path, size, owned);
            return;
        }
        next = step(value, path, size);
        if (!next || next->kind == VALUE_TEXT)
            next = put_part(value, path, size, value_new_map());
        value = next;
        path += size + 1;
    }
}

void value_unset(struct value *root, const char *path)
{
    size_t size = part_size(path);
    char *name;
    struct value *below;

    if (!root || root->kind == VALUE_TEXT)
        return;
    if (root->kind == VALUE_LIST) {
        size_t i = number_of(path, size);

        if (path[size] == '\0')
            value_remove(root, i);
        else
            value_unset(value_item(root, i), path + size + 1);
        return;
    }
    name = part_name(path, size);
    below = value_member(root, name);
    if (below && path[size] == '.') {
        value_unset(below, path + size + 1);
        if (below->kind == VALUE_MAP && below->count == 0)
            value_drop(root, name);
    } else if (below) {
        value_drop(root, name);
    }
    free(name);
}

bool value_is_one_of(const struct value *wanted, const struct value *found)
{
    if (!wanted || wanted->kind != VALUE_LIST)
        return value_equal(wanted, found);
    for (size_t i = 0; i < wanted->count; i++)
        if (value_equal(wanted->items[i], found))
            return true;
    return false;
}

bool value_yes(const struct value *root, const char *path)
{
    const struct value *found = value_at(root, path);

    return value_boolean(found) == 1;
}

struct value *value_find(const struct value *list, const char *key, const char *text, size_t *at)
{
    for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
        const char *found = value_member_text(list->items[i], key);

        if (found && text_same(found, text)) {
            if (at)
                *at = i;
            return list->items[i];
        }
    }
    return NULL;
}

bool value_list_has(const struct value *list, const char *text)
{
    for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
        const struct value *item = list->items[i];

        if (item->kind == VALUE_TEXT && item->scalar != SCALAR_NOTHING && text_same(item->text, text))
            return true;
    }
    return false;
}

void value_merge(struct value *under, const struct value *over)
{
    if (!under || !over || under->kind != VALUE_MAP || over->kind != VALUE_MAP)
        return;
    for (size_t i = 0; i < over->count; i++) {
        struct value *old = value_member(under, over->names[i]);

        if (old && old->kind == VALUE_MAP && over->items[i]->kind == VALUE_MAP)
            value_merge(old, over->items[i]);
        else
            value_put(under, over->names[i], value_copy(over->items[i]));
    }
}
