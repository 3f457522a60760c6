#include "list.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"

static bool page_size(struct call *call, size_t *size)
{
    const char *text = call_query(call, "page_size");
    unsigned long asked = text ? strtoul(text, NULL, 10) : PAGE_DEFAULT;

    *size = asked > PAGE_MOST ? PAGE_MOST : asked;
    if (!text || (asked > 0 && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text)))
        return true;
    call_problem(call, 400, NULL, "page_size must be a whole number from 1 to %d.", PAGE_MOST);
    return false;
}

/* The cursor as the text it was made from, yours; NULL when it is not one of ours (the reply is 400 then). */
static char *cursor_read(struct call *call)
{
    const char *text = call_query(call, "cursor");
    size_t size = text ? strlen(text) : 0, got = 0;
    unsigned char *bytes = calloc(size / 2 + 1, 1);

    if (bytes && text &&
        (size == 0 || sodium_hex2bin(bytes, size / 2 + 1, text, size, NULL, &got, NULL) != 0 ||
         got * 2 != size || !glyph_is_utf8((const char *)bytes, got))) {
        free(bytes);
        call_problem(call, 400, NULL, "The cursor is not one that this service gave out.");
        return NULL;
    }
    return (char *)bytes;
}

static void answer_page(struct call *call, struct value *items, size_t total, size_t size, const char *cursor)
{
    struct value *body = value_new_map();
    const char *target = call->request->target, *query = call_query(call, "q");
    char number[24];

    if (cursor) {
        struct text link = {0};

        text_addf(&link, "<%.*s?page_size=%zu&cursor=", (int)strcspn(target, "?"), target, size);
        for (; *cursor; cursor++)
            text_addf(&link, "%02x", (unsigned char)*cursor);
        if (query) {
            text_add(&link, "&q=");
            url_encode(&link, query);
        }
        text_add(&link, ">; rel=\"next\"");
        reply_header(call->reply, "Link", "%s", link.bytes);
        text_clear(&link);
    }
    snprintf(number, sizeof number, "%zu", total);
    value_put(body, "items", items);
    value_put(body, "total", value_new_scalar(SCALAR_NUMBER, number));
    call_reply(call, 200, body);
}

static struct value *entry_value(const struct catalogue *catalogue, const struct entry *entry)
{
    struct value *item = value_new_map();

    value_put_text(item, "id", entry->id);
    value_put_text(item, "name", entry->name);
    if (catalogue->tree)
        value_put(item, "parent", value_new_text(*entry->parent ? entry->parent : NULL));
    return item;
}

/* "index.total" of a cursor; index 0 and an unknown total (CATALOGUE_NONE) without one. */
static bool place_read(struct call *call, const struct catalogue *catalogue, size_t *index, size_t *total)
{
    char *cursor = cursor_read(call), *end = NULL;
    bool good = cursor != NULL;

    *index = 0;
    *total = CATALOGUE_NONE;
    if (good && *cursor) {
        *index = strtoul(cursor, &end, 10);
        good = *end == '.' && *index < catalogue->count;
        if (good)
            *total = strtoul(end + 1, &end, 10);
        good = good && *end == '\0' && *total <= catalogue->count;
        if (!good)
            call_problem(call, 400, NULL, "The cursor is not one of this list.");
    }
    free(cursor);
    return good;
}

void list_answer_catalogue(struct call *call, const struct catalogue *catalogue)
{
    const char *query = call_query(call, "q");
    size_t size, i, total, found = 0, next = CATALOGUE_NONE;
    struct entry entry;

    if (!page_size(call, &size) || !place_read(call, catalogue, &i, &total))
        return;
    struct value *items = value_new_list();
    bool count_all = total == CATALOGUE_NONE && query && *query;

    for (; i < catalogue->count && (count_all || next == CATALOGUE_NONE); i++) {
        catalogue->entry(catalogue, i, &entry);
        if (query && !catalogue_matches(entry.id, entry.name, query))
            continue;
        if (value_count(items) < size)
            value_append(items, entry_value(catalogue, &entry));
        else if (next == CATALOGUE_NONE)
            next = i;
        found++;
    }
    if (total == CATALOGUE_NONE)
        total = count_all ? found : catalogue->count;
    char *cursor = next == CATALOGUE_NONE ? NULL : text_format("%zu.%zu", next, total);

    answer_page(call, items, total, size, cursor);
    free(cursor);
}

static bool row_matches(const struct value *row, const char *key, const char *query)
{
    const char *id = value_member_text(row, key), *name = value_member_text(row, "name");
    char *both = text_format("%s %s", id ? id : "", name ? name : ""), *text = glyph_fold(both),
         *words = glyph_fold(query);
    bool match = glyph_matches(text, words);

    free(both);
    free(text);
    free(words);
    return match;
}

void list_answer_rows(struct call *call, struct value *rows, const char *key)
{
    const char *query = call_query(call, "q"), *last = NULL;
    size_t size, total = 0;
    bool more = false;
    char *after = NULL;

    if (!page_size(call, &size) || !(after = cursor_read(call)))
        goto done;
    struct value *items = value_new_list();

    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        const char *id = value_member_text(row, key);

        if (query && *query && !row_matches(row, key, query))
            continue;
        total++;
        if (strcmp(id, after) <= 0)
            continue;
        if (value_count(items) < size) {
            value_append(items, value_copy(row));
            last = id;
        } else {
            more = true;
        }
    }
    answer_page(call, items, total, size, more ? last : NULL);
done:
    free(after);
    value_free(rows);
}
