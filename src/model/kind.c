#include "model/kind.h"

#include <assert.h>
#include <errno.h>
#include <regex.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "kind_private.h"

struct kind_row {
    const char *word;           /* in a description */
    enum control control;
    enum scalar scalar;         /* how its text is kept */
    bool (*form)(const char *text, struct text *out);   /* of what is one text; NULL: checked in its own way */
    const char *noun;           /* "... is not NOUN" */
    const char *expects;        /* "Give EXPECTS." */
};

static const struct kind_row kinds[] = {
    [KIND_TEXT] = { "text", CONTROL_LINE, SCALAR_TEXT, form_text, "a text", "any text" },
    [KIND_EMAIL] = { "email", CONTROL_LINE, SCALAR_TEXT, form_email, "an e-mail address",
                     "an e-mail address such as name@example.com" },
    [KIND_PHONE] = { "phone", CONTROL_LINE, SCALAR_TEXT, form_phone, "a phone number",
                     "7 to 15 digits, with blanks and + - ( ) . as you like" },
    [KIND_HOST] = { "host", CONTROL_LINE, SCALAR_TEXT, form_host, "a host name",
                    "a host name such as server.example.com, or an IP address" },
    [KIND_URL] = { "url", CONTROL_LINE, SCALAR_TEXT, form_url, "a web address",
                   "a web address such as https://example.com/shop" },
    [KIND_IDENTIFIER] = { "identifier", CONTROL_LINE, SCALAR_TEXT, form_identifier, "a code",
                          "letters, digits, dashes, dots and underscores, at most 64, a letter or digit first" },
    [KIND_NUMBER] = { "number", CONTROL_LINE, SCALAR_NUMBER, form_number, "a whole number", "a whole number" },
    [KIND_MONEY] = { "money", CONTROL_LINE, SCALAR_TEXT, form_money, "an amount",
                     "an amount with up to two decimals, such as 7.95" },
    [KIND_RATE] = { "rate", CONTROL_LINE, SCALAR_TEXT, form_rate, "a rate",
                    "a rate from 0 to 100 percent with up to four decimals, such as 6.5" },
    [KIND_YESNO] = { "yes-no", CONTROL_YESNO, SCALAR_YESNO, form_yesno, "yes or no", "yes or no" },
    [KIND_ONE] = { "one", CONTROL_ONE, SCALAR_TEXT, NULL, "a choice", "one of the choices" },
    [KIND_MANY] = { "many", CONTROL_MANY, SCALAR_TEXT, NULL, "a list of choices", "some of the choices" },
    [KIND_DATE] = { "date", CONTROL_LINE, SCALAR_TEXT, form_date, "a date",
                    "a date as year, month and day, such as 2026-11-20" },
    [KIND_TIME] = { "time", CONTROL_LINE, SCALAR_TEXT, form_time, "a time",
                    "a time from 00:00 to 23:59" },
    [KIND_SECRET] = { "secret", CONTROL_SECRET, SCALAR_TEXT, form_text, "a secret", "the secret, which is not shown" },
    [KIND_TABLE] = { "table", CONTROL_TABLE, SCALAR_TEXT, NULL, "a table", "a list of rows" },
    [KIND_MAP] = { "map", CONTROL_MAP, SCALAR_TEXT, NULL, "a map", "a choice on the right for each on the left" },
    [KIND_TREE] = { "tree", CONTROL_TREE, SCALAR_TEXT, NULL, "a choice", "one of the choices in the tree" },
    [KIND_DESCRIBED] = { "described", CONTROL_NOTE, SCALAR_TEXT, NULL, "a map", "what the service asks for" },
};
static_assert(sizeof kinds / sizeof *kinds == KIND_COUNT, "one row for each kind");

const char *kind_word(enum kind kind)
{
    return kinds[kind].word;
}

bool kind_named(const char *word, enum kind *kind)
{
    for (int i = 0; i < KIND_COUNT; i++)
        if (text_same(kinds[i].word, word)) {
            *kind = (enum kind)i;
            return true;
        }
    return false;
}

enum control kind_control(enum kind kind)
{
    return kinds[kind].control;
}

const char *kind_expects(enum kind kind)
{
    return kinds[kind].expects;
}

const char *const *kind_words(void)
{
    static const char *const words[] = {
        "text", "email", "phone", "host", "url", "identifier", "number", "money", "rate", "yes-no", "one", "many", "date",
        "time", "secret", "table", "map", "tree", "described", NULL,
    };
    static_assert(sizeof words / sizeof *words == KIND_COUNT + 1, "one word for each kind");

    return words;
}

bool place_fault(const struct place *place, const char *format, ...)
{
    struct problem problem = { 0 };
    struct text text = { 0 };
    va_list args;

    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    problem_set(&problem, PROBLEM_ANSWER, "%s", text_bytes(&text));
    problem_at_field(&problem, place->name, place->row);
    problem.mark = place->mark;
    problems_add(place->problems, &problem);
    text_wipe(&text);
    return false;
}

void place_advise(const struct place *place, const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    problem_advise(&place->problems->items[place->problems->count - 1], "%s", text_bytes(&text));
    text_clear(&text);
}

void place_advise_field(const struct place *place)
{
    const char *says = field_says(place->field);
    size_t size = strlen(says);

    if (size > 0 && says[size - 1] == '.')
        place_advise(place, "%s", says);
    else
        place_advise(place, "Give %s.", says);
}

/* Longer than this a wrong text tells no more. */
#define QUOTE_COLUMNS 40

char *place_quote(const char *text)
{
    size_t size = glyph_fit(text, QUOTE_COLUMNS, NULL);

    return text_format("\"%.*s%s\"", (int)size, text, text[size] ? "..." : "");
}

const char *field_says(const struct field *field)
{
    return field->say ? field->say : kind_expects(field->kind);
}

/* The label within a sentence: "ZIP code" stays, "Code" is "code"; with its article. Yours. */
static char *label_noun(const char *label)
{
    bool lower = label[0] >= 'A' && label[0] <= 'Z' && label[1] >= 'a' && label[1] <= 'z';
    char first = lower ? (char)(label[0] + ('a' - 'A')) : label[0];

    return text_format("%s %c%s", first && strchr("aeioAEIO", first) ? "an" : "a", first, label + 1);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Blanks at the ends go; of a secret only line ends, as a blank may be part of it. Yours. */
static char *trimmed(const char *text, bool secret)
{
    size_t size = strlen(text);

    if (secret) {
        while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
            size--;
        return mem_copy_bytes(text, size);
    }
    while (is_blank(*text)) {
        text++;
        size--;
    }
    while (size > 0 && is_blank(text[size - 1]))
        size--;
    return mem_copy_bytes(text, size);
}

static bool has_control_character(const char *text)
{
    for (size_t left = strlen(text), size; left > 0; left -= size, text += size) {
        uint32_t character = 0;
        size = utf8_read(text, left, &character);
        if (!size || utf8_is_control(character))
            return true;
    }
    return false;
}

static bool matches_pattern(const char *text, const char *pattern)
{
    char *whole = text_format("^(%s)$", pattern);
    regex_t regex;
    bool good = true;       /* that it is a pattern was checked when the description was read */

    if (regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) == 0) {
        good = regexec(&regex, text, 0, NULL, 0) == 0;
        regfree(&regex);
    }
    free(whole);
    return good;
}

static bool check_bounds(const struct place *place, const char *text)
{
    const struct field *field = place->field;
    long size = (long)glyph_count(text);

    if (field->min == 0 && field->max == 0)
        return true;
    if (field->kind == KIND_NUMBER) {
        long number = strtol(text, NULL, 10);

        if (number >= field->min && number <= field->max)
            return true;
        if (number < field->min)
            place_fault(place, "%s is less than %ld", text, field->min);
        else
            place_fault(place, "%s is more than %ld", text, field->max);
        place_advise_field(place);
        return false;
    }
    if (field->max && size > field->max) {
        place_fault(place, "this has %ld characters, and at most %ld are allowed", size, field->max);
        place_advise(place, "Shorten it by %ld.", size - field->max);
        return false;
    }
    if (size < field->min) {
        place_fault(place, "this has %ld characters, and at least %ld are wanted", size, field->min);
        place_advise_field(place);
        return false;
    }
    return true;
}

/* Says that a text has not the form it should have. A secret is never repeated. */
static bool fault_form(const struct place *place, const char *text, const char *noun)
{
    char *quote = place_quote(text);

    if (place->field->kind == KIND_SECRET)
        place_fault(place, "this is not %s", noun);
    else
        place_fault(place, "%s is not %s", quote, noun);
    place_advise_field(place);
    free(quote);
    return false;
}

static bool check_form(const struct place *place, const char *text, struct text *out)
{
    const struct field *field = place->field;
    const struct kind_row *row = &kinds[field->kind];
    char *noun;

    if (!glyph_is_utf8(text, strlen(text)) || has_control_character(text)) {
        place_fault(place, "this holds characters that are no text");
        place_advise(place, "Type it again without line ends, tabs and other control characters.");
        return false;
    }
    if (!row->form(text, out))
        return fault_form(place, text, row->noun);
    if (!check_bounds(place, out->bytes))
        return false;
    if (!field->pattern || matches_pattern(out->bytes, field->pattern))
        return true;
    noun = label_noun(field->label ? field->label : "valid answer");
    fault_form(place, text, noun);
    free(noun);
    return false;
}

static void replace(struct value **value, struct value *by)
{
    by->mark = (*value)->mark;
    value_free(*value);
    *value = by;
}

static bool check_scalar(const struct place *place, struct value **value)
{
    const struct kind_row *row = &kinds[place->field->kind];
    char *text = trimmed((*value)->text, place->field->kind == KIND_SECRET);
    struct text out = { 0 };
    bool good = true;

    text_add(&out, "");
    if (*text)
        good = check_form(place, text, &out);
    if (good)
        replace(value, value_new_scalar(*text ? row->scalar : SCALAR_TEXT, out.bytes));
    text_wipe(&out);
    mem_free_secret(text);
    return good;
}

static bool check_one(const struct place *place, struct value **value)
{
    char *text = trimmed((*value)->text, false);
    bool good = !*text || choice_check(place, place->choices, NULL, &text);

    if (good)
        replace(value, value_new_text(text));
    free(text);
    return good;
}

bool place_count(const struct place *place, const struct value *value)
{
    long count = (long)value_count(value), min = place->field->min, max = place->field->max;

    if (count == 0 || ((min == 0 || count >= min) && (max == 0 || count <= max)))
        return true;
    place_fault(place, "there are %ld, and %s %ld %s", count, count < min ? "at least" : "at most",
                count < min ? min : max, count < min ? "are wanted" : "are allowed");
    return false;
}

static bool check_many(const struct place *place, struct value **value)
{
    struct value *given = value_copy(*value), *kept = value_new_list();
    bool good = true;

    if (given->kind == VALUE_TEXT) {        /* one alone, as in a file */
        struct value *list = value_new_list();

        value_append(list, given);
        given = list;
    }
    for (size_t i = 0; i < value_count(given); i++) {
        struct value *item = value_item(given, i);
        char *text;

        if (item->kind != VALUE_TEXT) {
            good = place_fault(place, "item %zu is not a text", i + 1);
            continue;
        }
        text = trimmed(item->text, false);
        if (*text && !choice_check(place, place->choices, NULL, &text))
            good = false;
        else if (*text && !value_list_has(kept, text))
            value_append(kept, value_new_text(text));
        free(text);
    }
    good = good && place_count(place, kept);
    if (good)
        replace(value, kept);
    else
        value_free(kept);
    value_free(given);
    return good;
}

static bool has_shape(const struct place *place, const struct value *value)
{
    enum kind kind = place->field->kind;
    bool good = kind == KIND_TABLE ? value->kind == VALUE_LIST
                : kind == KIND_MAP ? value->kind == VALUE_MAP
                : kind == KIND_MANY ? value->kind != VALUE_MAP
                                    : value->kind == VALUE_TEXT;

    if (!good) {
        place_fault(place, "this is %s, and %s is wanted",
                    value->kind == VALUE_LIST ? "a list" : value->kind == VALUE_MAP ? "a map" : "a text",
                    kind == KIND_TABLE ? "a list of rows" : kinds[kind].noun);
        place_advise_field(place);
    }
    return good;
}

bool place_check(const struct place *place, struct value **value)
{
    if (value_is_empty(*value))
        return true;
    if (!has_shape(place, *value))
        return false;
    switch (place->field->kind) {
    case KIND_ONE: case KIND_TREE:
        return check_one(place, value);
    case KIND_MANY:
        return check_many(place, value);
    case KIND_TABLE:
        return table_check(place, value);
    case KIND_MAP:
        return map_check(place, value);
    case KIND_TEXT: case KIND_EMAIL: case KIND_PHONE: case KIND_HOST: case KIND_URL: case KIND_IDENTIFIER:
    case KIND_NUMBER: case KIND_MONEY: case KIND_RATE: case KIND_YESNO: case KIND_DATE: case KIND_TIME:
    case KIND_SECRET:
        return check_scalar(place, value);
    case KIND_DESCRIBED: case KIND_COUNT:
        break;          /* stands for others, is never given itself */
    }
    return true;
}

bool kind_check(const struct field *field, const char *name, struct value **value, const struct choices *choices,
                const struct choices *left, struct problems *problems)
{
    struct place place = {
        .field = field,
        .name = name,
        .mark = *value ? (*value)->mark : (struct mark){ 0 },
        .choices = choices ? choices : field->fixed,
        .left = left ? left : field->fixed_keys,
        .problems = problems,
    };

    return place_check(&place, value);
}
