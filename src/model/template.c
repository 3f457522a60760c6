/* Templates of bodies: constants, $names, and rows turned into objects. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "names.h"
#include "template.h"

struct value *row_of(const struct value *answer, size_t i, const char *as)
{
    const struct value *item = value_item(answer, i);
    struct value *row;

    if (answer->kind == VALUE_LIST && item->kind == VALUE_MAP)
        return value_copy(item);
    row = value_new_map();
    if (answer->kind == VALUE_MAP) {
        value_put_text(row, as ? as : "key", value_name(answer, i));
        value_put(row, "value", value_copy(item));
    } else {
        value_put(row, as ? as : "value", value_copy(item));
    }
    return row;
}

char *row_key(const struct value *answer, size_t i, const char *key)
{
    const struct value *item = value_item(answer, i);
    const char *text = NULL;

    if (answer->kind == VALUE_MAP)
        text = value_name(answer, i);
    else if (item->kind == VALUE_TEXT)
        text = item->text;
    else if (item->kind == VALUE_MAP)
        text = key || item->count == 0 ? value_member_text(item, key ? key : "") : value_member_text(item, value_name(item, 0));
    return mem_copy(text ? text : "");
}

bool template_is_rows(const struct value *template)
{
    return value_member_text(template, "each") && value_member(template, "row");
}

/* {each: sales_tax.rates, row: {...}}: always a list, an empty one where there are no rows. */
static struct value *fill_rows(const struct value *template, const struct scope *scope)
{
    struct value *answer = scope_get(scope, value_member_text(template, "each"));
    struct value *outer = value_copy(scope->bound), *list = value_new_list();
    struct scope inner = *scope;

    if (!outer)
        outer = value_new_map();
    value_merge(outer, scope->row);     /* the row of the operation is still to be seen from within */
    inner.bound = outer;
    for (size_t i = 0; answer && i < value_count(answer); i++) {
        struct value *row = row_of(answer, i, value_member_text(template, "as")), *filled;

        inner.row = row;
        filled = template_fill(value_member(template, "row"), &inner);
        if (filled)
            value_append(list, filled);
        value_free(row);
    }
    value_free(outer);
    value_free(answer);
    return list;
}

bool template_is_take(const struct value *template)
{
    return value_member_text(template, "take") != NULL;
}

static struct value *fill_text(const struct value *template, const struct scope *scope)
{
    const char *text = template->text;

    if (template->scalar == SCALAR_TEXT && text[0] == '$' && text[1] == '$')
        return value_new_text(text + 1);
    if (template->scalar == SCALAR_TEXT && names_alone(text))
        return scope_get(scope, text + 1);
    return value_copy(template);
}

/* {take: $name, as: number, else: ..., with: {...}}: "7.50" as 7.5; what stands for no value; members laid over a map. */
static struct value *fill_take(const struct value *template, const struct scope *scope)
{
    struct value *taken = template_fill(value_member(template, "take"), scope);
    const struct value *with = value_member(template, "with"), *otherwise = value_member(template, "else");
    struct value *over = with ? template_fill(with, scope) : NULL;

    if (over && (!taken || taken->kind != VALUE_MAP)) {
        value_free(taken);
        taken = value_new_map();
    }
    if (over)
        value_merge(taken, over);
    value_free(over);
    if (!taken)
        return otherwise ? template_fill(otherwise, scope) : NULL;
    if (taken->kind == VALUE_TEXT && text_same(value_member_text(template, "as"), "number")) {
        char *plain = text_decimal(taken->text);

        if (plain) {
            value_free(taken);
            taken = value_new_scalar(SCALAR_NUMBER, plain);
        }
        free(plain);
    }
    return taken;
}

/* Rows that stand in a list are items of that list. */
static void append_filled(struct value *list, const struct value *template, struct value *filled)
{
    if (!template_is_rows(template)) {
        value_append(list, filled);
        return;
    }
    for (size_t i = 0; i < value_count(filled); i++)
        value_append(list, value_copy(value_item(filled, i)));
    value_free(filled);
}

struct value *template_fill(const struct value *template, const struct scope *scope)
{
    struct value *filled;

    if (template->kind == VALUE_TEXT)
        return fill_text(template, scope);
    if (template_is_rows(template))
        return fill_rows(template, scope);
    if (template_is_take(template))
        return fill_take(template, scope);
    filled = template->kind == VALUE_MAP ? value_new_map() : value_new_list();
    for (size_t i = 0; i < template->count; i++) {
        struct value *inner = template_fill(template->items[i], scope);

        if (inner && template->kind == VALUE_MAP)
            value_put(filled, value_name(template, i), inner);
        else if (inner)
            append_filled(filled, template->items[i], inner);
    }
    if (filled->count > 0 || template->count == 0)
        return filled;
    value_free(filled);
    return NULL;
}

/* RFC 3986, 2.3: all but unreserved characters. */
static void add_encoded(struct text *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (isalnum(c) || strchr("-._~", c))
            text_add_char(out, *text);
        else
            text_addf(out, "%%%02X", c);
    }
}

char *template_path(const char *path, const struct scope *scope, struct problem *why)
{
    struct text out = { 0 };
    size_t at = 0, from = 0, before = 0;
    char *name;
    bool good = true;

    while (good && (name = names_next(path, &at, &from))) {
        char *meant = scope_text(scope, name);

        /* A segment of dots would lead elsewhere: RFC 3986, 5.2.4. */
        good = meant && *meant && strcmp(meant, ".") != 0 && strcmp(meant, "..") != 0;
        text_add_bytes(&out, path + before, from - before);
        if (good)
            add_encoded(&out, meant);
        else
            problem_set(why, PROBLEM_ANSWER, "%s has no value that a request can name: \"%s\"", name, meant ? meant : "");
        before = at;
        free(meant);
        free(name);
    }
    text_add(&out, path + before);
    if (good)
        return text_take(&out);
    text_clear(&out);
    return NULL;
}
