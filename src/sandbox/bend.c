#include "bend.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/doc.h"

enum { MEGABYTE = 1024 * 1024 };

static const char *const names[] = {
    [BEND_NONE] = "none",
    [BEND_TRUNCATED] = "truncated",
    [BEND_EMPTY] = "empty",
    [BEND_NULL] = "null",
    [BEND_ARRAY] = "array",
    [BEND_HTML] = "html",
    [BEND_DEEP] = "deep",
    [BEND_ABYSS] = "abyss",
    [BEND_BAD_UTF8] = "bad-utf8",
    [BEND_NUL] = "nul",
    [BEND_TWICE] = "twice",
    [BEND_MISSING] = "missing",
    [BEND_BIG_NUMBERS] = "big-numbers",
    [BEND_HUGE_NUMBERS] = "huge-numbers",
    [BEND_NUMBERS_AS_TEXTS] = "numbers-as-texts",
    [BEND_TEXTS_AS_NUMBERS] = "texts-as-numbers",
    [BEND_TEXTS_AS_NULL] = "texts-as-null",
    [BEND_ESCAPES] = "escapes",
    [BEND_CLIPBOARD] = "clipboard",
    [BEND_OVERRIDE] = "override",
    [BEND_LONG_TEXTS] = "long-texts",
};
static_assert(sizeof names / sizeof *names == BEND_COUNT, "one name for each");

const char bend_help[] = "truncated         half the JSON, of the right length\n"
                         "empty             no body\n"
                         "null              the JSON is null\n"
                         "array             the JSON is a list with the right object in it\n"
                         "html              a page instead, with the same status\n"
                         "deep              a member of 33 levels\n"
                         "abyss             a member of 100 000 levels\n"
                         "bad-utf8          a name that is not UTF-8\n"
                         "nul               a name with a zero byte\n"
                         "twice             the same name twice\n"
                         "missing           each object lacks its first member\n"
                         "big-numbers       each number is 2^63\n"
                         "huge-numbers      each number is 1e400\n"
                         "numbers-as-texts  each number is a text\n"
                         "texts-as-numbers  each text is a number\n"
                         "texts-as-null     each text is null\n"
                         "escapes           each text ends with escapes that clear a screen\n"
                         "clipboard         each text ends with OSC 52\n"
                         "override          each text ends with a change of direction\n"
                         "long-texts        each text is longer by a megabyte\n";

enum bend bend_find(const char *name)
{
    for (int i = 1; i < BEND_COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return (enum bend)i;
    return BEND_NONE;
}

/* What is done to each scalar of one sort. */
struct change {
    enum scalar from;
    enum scalar to;
    const char *instead; /* NULL: the text itself */
    const char *behind;  /* NULL: nothing */
};

/* The value with every scalar of that sort changed; yours. */
static struct value *changed(const struct value *value, const struct change *change)
{
    struct value *made;

    if (value->kind == VALUE_TEXT && value->scalar != change->from)
        return value_copy(value);
    if (value->kind == VALUE_TEXT) {
        char *text = text_format("%s%s", change->instead ? change->instead : value->text, change->behind ? change->behind : "");

        made = value_new_scalar(change->to, text);
        free(text);
        return made;
    }
    made = value->kind == VALUE_MAP ? value_new_map() : value_new_list();
    for (size_t i = 0; i < value_count(value); i++)
        if (value->kind == VALUE_MAP)
            value_put(made, value_name(value, i), changed(value_item(value, i), change));
        else
            value_append(made, changed(value_item(value, i), change));
    return made;
}

static void drop_first_members(struct value *value)
{
    if (value->kind == VALUE_MAP && value_count(value) > 0)
        value_drop(value, value_name(value, 0));
    for (size_t i = 0; i < value_count(value); i++)
        drop_first_members(value_item(value, i));
}

/* By `change`, or without first members if that is NULL. */
static void rewrite(struct text *body, const struct change *change)
{
    struct value *value = json_read(text_bytes(body), body->size, NULL, NULL), *other = NULL;

    if (!value)
        return;
    if (change)
        other = changed(value, change);
    else
        drop_first_members(value);
    text_empty(body);
    json_write(other ? other : value, body);
    value_free(value);
    value_free(other);
}

static void change_texts(struct text *body, enum scalar to, const char *instead, const char *behind)
{
    rewrite(body, &(struct change){SCALAR_TEXT, to, instead, behind});
}

static void change_numbers(struct text *body, enum scalar to, const char *instead)
{
    rewrite(body, &(struct change){SCALAR_NUMBER, to, instead, NULL});
}

static void lengthen_texts(struct text *body)
{
    char *more = mem_new(MEGABYTE + 1);

    memset(more, 'x', MEGABYTE);
    change_texts(body, SCALAR_TEXT, NULL, more);
    free(more);
}

/* Members in front of those of the answer. */
static void insert(struct text *body, const char *bytes, size_t size)
{
    if (body->size > 1 && body->bytes[0] == '{')
        text_insert(body, 1, bytes, size);
}

static void insert_levels(struct text *body, size_t levels)
{
    struct text member = {0};

    text_add(&member, "\"deep\":");
    for (size_t i = 1; i < levels; i++)
        text_add_char(&member, '[');
    for (size_t i = 1; i < levels; i++)
        text_add_char(&member, ']');
    text_add_char(&member, ',');
    insert(body, member.bytes, member.size);
    text_clear(&member);
}

static void replace(struct text *body, const char *with)
{
    text_empty(body);
    text_add(body, with);
}

void bend_reply(struct reply *reply, enum bend bend)
{
    struct text *body = &reply->body;

    switch (bend) {
    case BEND_NONE:
    case BEND_COUNT:
        break;
    case BEND_TRUNCATED:
        text_remove(body, body->size / 2, body->size - body->size / 2);
        break;
    case BEND_EMPTY:
        text_empty(body);
        break;
    case BEND_NULL:
        replace(body, "null");
        break;
    case BEND_ARRAY:
        text_insert(body, 0, "[", 1);
        text_add_char(body, ']');
        break;
    case BEND_HTML:
        replace(body,
                "<!DOCTYPE html><title>Welcome</title><p>Sign in to this network <b>first</b>.\033[31m");
        reply->type = "text/html";
        break;
    case BEND_DEEP:
        insert_levels(body, 33);
        break;
    case BEND_ABYSS:
        insert_levels(body, 100000);
        break;
    case BEND_BAD_UTF8:
        insert(body, "\"\xff\xfe\":1,", 7);
        break;
    case BEND_NUL:
        insert(body, "\"\0\":1,", 6);
        break;
    case BEND_TWICE:
        insert(body, "\"same\":1,\"same\":2,", 18);
        break;
    case BEND_MISSING:
        rewrite(body, NULL);
        break;
    case BEND_BIG_NUMBERS:
        change_numbers(body, SCALAR_NUMBER, "9223372036854775808");
        break;
    case BEND_HUGE_NUMBERS:
        change_numbers(body, SCALAR_NUMBER, "1e400");
        break;
    case BEND_NUMBERS_AS_TEXTS:
        change_numbers(body, SCALAR_TEXT, NULL);
        break;
    case BEND_TEXTS_AS_NUMBERS:
        change_texts(body, SCALAR_NUMBER, "7", NULL);
        break;
    case BEND_TEXTS_AS_NULL:
        change_texts(body, SCALAR_NOTHING, "", NULL);
        break;
    case BEND_ESCAPES:
        change_texts(body, SCALAR_TEXT, NULL, "\033[2J\033[31m\007");
        break;
    case BEND_CLIPBOARD:
        change_texts(body, SCALAR_TEXT, NULL, "\033]52;c;cm0gLXJmIC8=\007");
        break;
    case BEND_OVERRIDE:
        change_texts(body, SCALAR_TEXT, NULL, "\xe2\x80\xaegnp.exe"); /* U+202E */
        break;
    case BEND_LONG_TEXTS:
        lengthen_texts(body);
        break;
    }
}
