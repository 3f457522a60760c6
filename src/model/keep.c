/* What is kept of good answers: pointers, and shapes that go through a list. */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "json/doc.h"
#include "template.h"

static bool is_nothing(const struct value *value)
{
    return !value || (value->kind == VALUE_TEXT && value->scalar == SCALAR_NOTHING);
}

const struct value *keep_at(const struct value *root, const struct value *pointers, const char *name)
{
    const char *pointer = value_member_text(pointers, name);

    return root && pointer ? json_at(root, pointer) : NULL;
}

const struct value *keep_scalar_at(const struct value *root, const char *pointer)
{
    const struct value *found = root && pointer ? json_at(root, pointer) : NULL;

    return found && found->kind == VALUE_TEXT ? found : NULL;
}

const char *keep_text_at(const struct value *root, const char *pointer)
{
    const struct value *found = root && pointer ? json_at(root, pointer) : NULL;

    return !is_nothing(found) && found->kind == VALUE_TEXT ? found->text : NULL;
}

const struct value *keep_list(const struct operation *operation, const struct value *body)
{
    const struct value *list = operation->offer ? keep_at(body, operation->offer, "each") : keep_at(body, operation->find, "in");

    for (size_t i = 0; !list && !operation->find && i < value_count(operation->keep); i++)
        list = keep_at(body, value_item(operation->keep, i), "each");
    return list;
}

static bool leads_nowhere(const struct value *root, const char *pointer)
{
    const struct value *found = json_at(root, pointer);

    return !is_nothing(found) ? found->kind == VALUE_TEXT : !found;
}

/* What is missing in the answer, as words behind "there is no"; NULL: nothing is. */
static char *missing_part(const struct operation *operation, const struct value *body)
{
    const char *each = value_member_text(operation->find ? operation->find : operation->offer, operation->find ? "in" : "each");
    size_t found = 0, count = value_count(operation->keep);

    if (!body || body->kind == VALUE_TEXT)
        return mem_copy("object in it");
    if (body->kind == VALUE_MAP && value_count(body) == 0)
        return NULL;    /* some leave out all that is not set */
    if (each && leads_nowhere(body, each))
        return text_format("list at %s", each);
    if (operation->find)
        return NULL;    /* what is kept is of the item that is found, and there may be none yet */
    for (size_t i = 0; i < count; i++) {
        const struct value *kept = value_item(operation->keep, i);
        const char *pointer = kept->kind == VALUE_TEXT ? kept->text : value_member_text(kept, "each");

        if (kept->kind == VALUE_MAP && pointer && leads_nowhere(body, pointer))
            return text_format("list at %s", pointer);
        found += !pointer || json_at(body, pointer);
    }
    return body->kind == VALUE_LIST && count > 0 && found == 0 ? mem_copy("object in it") : NULL;
}

bool operation_understood(const struct operation *operation, const struct response *response, struct problem *why)
{
    char *missing = operation->keep || operation->offer ? missing_part(operation, response->body) : NULL;

    if (!missing)
        return true;
    problem_set(why, PROBLEM_SERVICE, "The service's answer is not understood: there is no %s (request %s)", missing,
                response->request_id ? response->request_id : "without a number");
    free(missing);
    return false;
}

/* The path of the first damaged scalar; yours; NULL: there is none. */
static char *damaged_path(const struct value *value, const char *path)
{
    if (value->kind == VALUE_TEXT)
        return value->damaged ? mem_copy(path) : NULL;
    for (size_t i = 0; i < value_count(value); i++) {
        const char *name = value->kind == VALUE_MAP ? value_name(value, i) : NULL;
        char *inner = name ? text_format("%s%s%s", path, *path ? "." : "", name) : mem_copy(path);
        char *found = damaged_path(value_item(value, i), inner);

        free(inner);
        if (found)
            return found;
    }
    return NULL;
}

bool operation_kept_is_text(const struct value *values, const struct response *response, struct problem *why)
{
    char *path = damaged_path(values, "");

    if (!path)
        return true;
    problem_set(why, PROBLEM_SERVICE, "Unexpected response from the service: %s contains bytes that are not valid text (request ID %s)", path,
                response->request_id ? response->request_id : "not known");
    problem_advise(why, "Correct the value on the service");
    free(path);
    return false;
}

/* A copy without the members that are nothing: a service tells them, a person would not. */
static struct value *without_nothing(const struct value *value)
{
    struct value *copy = value_copy(value);

    for (size_t i = value_count(copy); copy->kind == VALUE_MAP && i-- > 0;)
        if (is_nothing(value_item(copy, i)))
            value_drop(copy, value_name(copy, i));
    return copy;
}

/* Whether every pointer of `by` leads to its value in the item. A $name without a value is none; "" is nothing. */
static bool is_meant(const struct value *by, const struct value *item, const struct scope *scope)
{
    for (size_t i = 0; i < value_count(by); i++) {
        struct value *wanted = template_fill(value_item(by, i), scope);
        bool same = wanted && wanted->kind == VALUE_TEXT && value_equal(wanted, keep_scalar_at(item, value_name(by, i)));

        value_free(wanted);
        if (!same)
            return false;
    }
    return true;
}

static const struct value *first_meant(const struct value *items, const struct value *by, const struct scope *scope)
{
    for (size_t i = 0; i < value_count(items); i++)
        if (is_meant(by, value_item(items, i), scope))
            return value_item(items, i);
    return NULL;
}

/* The item that the answer is about: by the first of the ways that leads to one. NULL: there is none. */
static const struct value *found(const struct value *find, const struct value *body, const struct scope *scope)
{
    const struct value *items = keep_at(body, find, "in"), *ways = value_member(find, "by"), *item = NULL;

    if (ways->kind == VALUE_MAP)
        return first_meant(items, ways, scope);
    for (size_t i = 0; !item && i < ways->count; i++)
        item = first_meant(items, ways->items[i], scope);
    return item;
}

static bool has_key(const struct value *rows, const char *column, const char *key)
{
    return rows && rows->kind == VALUE_LIST && (column ? value_find(rows, column, key, NULL) != NULL : value_list_has(rows, key));
}

/* `of`: only what stands in that list, or in that column of a table, as wanted or as sent from here before. */
static bool is_ours(const char *of, const char *key, const struct scope *scope)
{
    const struct value *sides[] = { scope->answers, scope->sent };
    const char *dot = strrchr(of, '.');
    char *table = dot ? mem_copy_bytes(of, (size_t)(dot - of)) : NULL;
    bool ours = false;

    for (size_t i = 0; key && i < sizeof sides / sizeof *sides && !ours; i++)
        ours = has_key(value_at(sides[i], of), NULL, key) || (table && has_key(value_at(sides[i], table), dot + 1, key));
    free(table);
    return ours;
}

static struct value *shape_kept(const struct value *shape, const struct value *root, const struct scope *scope);

/* A pointer or a shape; yours; NULL when there is nothing to go through or to point at. */
static struct value *kept(const struct value *from, const struct value *root, const struct scope *scope)
{
    const struct value *at;

    if (from->kind == VALUE_MAP)
        return shape_kept(from, root, scope);
    at = json_at(root, from->text);
    return at ? without_nothing(at) : NULL;
}

static struct value *row_kept(const struct value *cells, const struct value *item, const struct scope *scope)
{
    struct value *row = value_new_map();

    for (size_t i = 0; i < value_count(cells); i++) {
        struct value *cell = kept(value_item(cells, i), item, scope);

        if (is_nothing(cell))
            value_free(cell);
        else
            value_put(row, value_name(cells, i), cell);
    }
    return row;
}

/* What one item of a list gives: a row, or what its `value` leads to; yours; NULL when that is nothing. */
static struct value *item_kept(const struct value *shape, const struct value *item, const struct scope *scope)
{
    const struct value *row = value_member(shape, "row");
    struct value *one = row ? row_kept(row, item, scope) : kept(value_member(shape, "value"), item, scope);

    if (!is_nothing(one))
        return one;
    value_free(one);
    return NULL;
}

/* What tells an item apart: the name it is kept under, the first cell of its row, or the text itself. */
static const char *item_key(const struct value *shape, const struct value *item, const struct value *one)
{
    const struct value *name = value_member(shape, "name");

    if (name)
        return keep_text_at(item, name->text);
    if (one->kind == VALUE_MAP)
        return value_member_text(one, value_name(value_member(shape, "row"), 0));
    return one->kind == VALUE_TEXT ? one->text : NULL;
}

/* Takes `one`. Of two that go by the same name the first counts. */
static void put_item(struct value *all, const char *key, struct value *one)
{
    if (all->kind == VALUE_LIST)
        value_append(all, one);
    else if (key && !value_member(all, key))
        value_put(all, key, one);
    else
        value_free(one);
}

/* {each, value}: a list; {each, row}: a list of maps; {each, name, value}: a map; {first, value}: what the first one gives. */
static struct value *shape_kept(const struct value *shape, const struct value *root, const struct scope *scope)
{
    bool first = value_member(shape, "first") != NULL;
    const struct value *items = keep_at(root, shape, first ? "first" : "each"), *by = value_member(shape, "by");
    const char *of = value_member_text(shape, "of");
    struct value *all;

    if (!items || items->kind == VALUE_TEXT)
        return NULL;
    if (first) {
        const struct value *item = first_meant(items, by, scope);

        return item ? item_kept(shape, item, scope) : NULL;
    }
    all = value_member(shape, "name") ? value_new_map() : value_new_list();
    for (size_t i = 0; i < items->count; i++) {
        const struct value *item = value_item(items, i);
        struct value *one = is_meant(by, item, scope) ? item_kept(shape, item, scope) : NULL;
        const char *key = one ? item_key(shape, item, one) : NULL;

        if (one && (!of || is_ours(of, key, scope)))
            put_item(all, key, one);
        else
            value_free(one);
    }
    return all;
}

void operation_keep(const struct operation *operation, const struct scope *scope, const struct response *response,
                    struct value *values)
{
    struct value *none = value_new_map();
    const struct value *root = response->body;

    if (root && operation->find) {
        root = found(operation->find, root, scope);
        root = root ? root : none;
    }
    for (size_t i = 0; root && i < value_count(operation->keep); i++) {
        char *name = scope_expand(scope, value_name(operation->keep, i));
        struct value *one = name ? kept(value_item(operation->keep, i), root, scope) : NULL;

        if (one)
            value_set_value(values, name, one);
        free(name);
    }
    value_free(none);
}
