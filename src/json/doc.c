#include "json/doc.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "token.h"

#define DEPTH_LIMIT 32

/* Where a byte stands, for problems. */
static struct mark mark_of(const char *bytes, size_t at)
{
    struct mark mark = { 1, 1 };

    for (size_t i = 0; i < at; i++) {
        if (bytes[i] == '\n')
            mark = (struct mark){ mark.line + 1, 1 };
        else if (((unsigned char)bytes[i] & 0xC0) != 0x80)
            mark.column++;
    }
    return mark;
}

/* Before parsing, as the parser would recurse. Strings are stepped over; that they are well-formed is its affair. */
static bool check_depth(const char *bytes, size_t size, const char *name, struct problem *why)
{
    int depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < size; i++) {
        char c = bytes[i];

        if (in_string && c == '\\') {
            i++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '[' || c == '{')) {
            if (++depth > DEPTH_LIMIT) {
                problem_set(why, PROBLEM_SERVICE, "lists and objects lie more than %d deep in each other",
                            DEPTH_LIMIT);
                problem_at(why, name, mark_of(bytes, i));
                return false;
            }
        } else if (!in_string && (c == ']' || c == '}')) {
            depth--;
        }
    }
    return true;
}

static struct value *string_value(const char *token)
{
    struct value *value = value_new_scalar(*token == *TOKEN_NUMBER ? SCALAR_NUMBER : SCALAR_TEXT, token + 1);

    value->damaged = *token == *TOKEN_DAMAGED;
    return value;
}

static struct value *to_value(json_t *json)
{
    struct value *value;
    const char *name;
    json_t *inner;
    size_t i;

    switch (json_typeof(json)) {
    case JSON_OBJECT:
        value = value_new_map();
        json_object_foreach(json, name, inner)
            value_put(value, name + 1, to_value(inner));
        return value;
    case JSON_ARRAY:
        value = value_new_list();
        json_array_foreach(json, i, inner)
            value_append(value, to_value(inner));
        return value;
    case JSON_STRING:
        return string_value(json_string_value(json));
    case JSON_INTEGER:
    case JSON_REAL:
        break;      /* each became a string: token_quote() */
    case JSON_TRUE:
        return value_new_scalar(SCALAR_YESNO, "yes");
    case JSON_FALSE:
        return value_new_scalar(SCALAR_YESNO, "no");
    case JSON_NULL:
        return value_new_text(NULL);
    }
    return value_new_text(NULL);
}

struct value *json_read(const char *bytes, size_t size, const char *name, struct problem *why)
{
    struct value *value;
    json_error_t error;
    size_t bom = utf8_bom(bytes, size), read;
    struct text tokens = { 0 };
    json_t *json;
    const char *nul;

    bytes = bytes ? bytes + bom : "";
    size -= bom;
    nul = memchr(bytes, '\0', size);

    if (nul) {      /* jansson takes one behind the document for its end */
        problem_set(why, PROBLEM_SERVICE, "this is not valid JSON: there is a NUL byte here");
        problem_at(why, name, mark_of(bytes, (size_t)(nul - bytes)));
        return NULL;
    }
    if (!check_depth(bytes, size, name, why))
        return NULL;
    token_quote(bytes, size, SIZE_MAX, &tokens, &read);
    json = json_loadb(text_bytes(&tokens), tokens.size, JSON_DECODE_ANY, &error);
    if (!json) {
        /* "... near 'TEXT'" is left out, and the line is not quoted: answers of the service may hold tokens. */
        char *near = strstr(error.text, " near '");

        if (near)
            *near = '\0';
        text_wipe(&tokens);
        token_quote(bytes, size, error.position > 0 ? (size_t)error.position : 0, &tokens, &read);
        problem_set(why, PROBLEM_SERVICE, "this is not valid JSON: %s", size ? error.text : "it is empty");
        problem_at(why, name, mark_of(bytes, read));
        mem_wipe(&error, sizeof error);
        text_wipe(&tokens);
        return NULL;
    }
    value = to_value(json);
    json_decref(json);
    text_wipe(&tokens);
    return value;
}

/* RFC 8259, 7: above U+FFFF as a surrogate pair. */
static void write_escaped(uint32_t c, struct text *out)
{
    if (c < 0x10000)
        text_addf(out, "\\u%04X", (unsigned)c);
    else
        text_addf(out, "\\u%04X\\u%04X", (unsigned)(0xD800 + ((c - 0x10000) >> 10)), (unsigned)(0xDC00 + (c & 0x3FF)));
}

static void write_string(const char *string, struct text *out)
{
    size_t size = strlen(string), length;
    uint32_t c;

    text_add_char(out, '"');
    for (size_t at = 0; at < size; at += length) {
        length = utf8_read(string + at, size - at, &c);
        if (length == 0) {
            utf8_add(out, 0xFFFD);
            length = 1;
        } else if (c == '"' || c == '\\') {
            text_add_char(out, '\\');
            text_add_char(out, (char)c);
        } else if (c == '\n') {
            text_add(out, "\\n");
        } else if (c == '\t') {
            text_add(out, "\\t");
        } else if (c == '\r') {
            text_add(out, "\\r");
        } else if (clean_is_unsafe(c)) {
            write_escaped(c, out);
        } else {
            text_add_bytes(out, string + at, length);
        }
    }
    text_add_char(out, '"');
}

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

static void write_scalar(const struct value *value, struct text *out)
{
    switch (value->scalar) {
    case SCALAR_TEXT:
        write_string(value->text, out);
        return;
    case SCALAR_NUMBER:
        if (*value->text && token_number(value->text, strlen(value->text)) == strlen(value->text))
            text_add(out, value->text);
        else
            write_string(value->text, out);
        return;
    case SCALAR_YESNO:
        text_add(out, value_boolean(value) == 1 ? "true" : "false");
        return;
    case SCALAR_NOTHING:
        text_add(out, "null");
        return;
    }
}

/* indent: blanks before a line, or -1 for all in one line. */
static void write_value(const struct value *value, int indent, struct text *out)
{
    bool map = value && value->kind == VALUE_MAP;

    if (!value) {
        text_add(out, "null");
        return;
    }
    if (value->kind == VALUE_TEXT) {
        write_scalar(value, out);
        return;
    }
    text_add_char(out, map ? '{' : '[');
    for (size_t i = 0; i < value->count; i++) {
        if (i)
            text_add_char(out, ',');
        if (indent >= 0)
            text_addf(out, "\n%*s", indent + 2, "");
        if (map) {
            write_string(value->names[i], out);
            text_add(out, indent >= 0 ? ": " : ":");
        }
        write_value(value->items[i], indent >= 0 ? indent + 2 : -1, out);
    }
    if (indent >= 0 && value->count)
        text_addf(out, "\n%*s", indent, "");
    text_add_char(out, map ? '}' : ']');
}

void json_write(const struct value *value, struct text *out)
{
    write_value(value, -1, out);
}

void json_write_page(const struct value *value, struct text *out)
{
    write_value(value, 0, out);
    text_add_char(out, '\n');
}

/* RFC 6901, 4: no leading zeros. SIZE_MAX when it is no index. */
static size_t index_of(const char *token)
{
    size_t size = digits(token);

    if (size == 0 || size > 9 || token[size] || (token[0] == '0' && size > 1))
        return SIZE_MAX;
    return (size_t)strtoul(token, NULL, 10);
}

struct value *json_at(const struct value *root, const char *pointer)
{
    const struct value *value = root;
    struct text token = { 0 };

    while (*pointer && value) {
        if (*pointer != '/') {
            value = NULL;
            break;
        }
        text_empty(&token);
        for (pointer++; *pointer && *pointer != '/'; pointer++) {
            if (*pointer == '~' && (pointer[1] == '0' || pointer[1] == '1')) {
                pointer++;
                text_add_char(&token, *pointer == '0' ? '~' : '/');
            } else {
                text_add_char(&token, *pointer);
            }
        }
        if (value->kind == VALUE_LIST)
            value = value_item(value, index_of(text_bytes(&token)));
        else
            value = value_member(value, text_bytes(&token));
    }
    text_clear(&token);
    return (struct value *)value;
}
