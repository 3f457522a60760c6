/* What jansson cannot keep is put into strings before it parses. */
#include "token.h"

#include <string.h>

#include "base/utf8.h"

static size_t digits(const char *text, size_t size)
{
    size_t count = 0;

    while (count < size && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

size_t token_number(const char *text, size_t size)
{
    size_t at = size > 0 && *text == '-', whole = digits(text + at, size - at), part;

    if (whole == 0 || (text[at] == '0' && whole > 1))
        return 0;
    at += whole;
    if (at < size && text[at] == '.') {
        part = digits(text + at + 1, size - at - 1);
        if (part == 0)
            return 0;
        at += 1 + part;
    }
    if (at < size && (text[at] == 'e' || text[at] == 'E')) {
        size_t sign = at + 1 < size && (text[at + 1] == '-' || text[at + 1] == '+');

        part = digits(text + at + 1 + sign, size - at - 1 - sign);
        if (part == 0)
            return 0;
        at += 1 + sign + part;
    }
    return at;
}

/* The UTF-16 unit of an escape \uXXXX; -1 if it is not one. */
static int unit_at(const char *text, size_t size)
{
    int unit = 0;

    if (size < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        const char *hex = "0123456789abcdef", *found = text[i] ? strchr(hex, text[i] | 0x20) : NULL;

        if (!found || (text[i] >= 'A' && text[i] > 'F' && text[i] < 'a'))
            return -1;
        unit = unit * 16 + (int)(found - hex);
    }
    return unit;
}

static bool is_high(int unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(int unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/* A string, of which the first quotation mark is at text[0]. Returns how much was read. */
static size_t quote_string(const char *text, size_t size, struct text *out)
{
    size_t start = out->size, at = 1;

    text_add(out, "\"" TOKEN_STRING);
    while (at < size && text[at] != '"') {
        int unit = unit_at(text + at, size - at);
        size_t length = text[at] != '\\' ? 1 : unit >= 0 ? 6 : 2;

        if (is_high(unit) && is_low(unit_at(text + at + 6, size - at - 6))) {
            length = 12;
        } else if (unit == 0 || is_high(unit) || is_low(unit)) {
            utf8_add(out, 0xFFFD);
            out->bytes[start + 1] = *TOKEN_DAMAGED;
            at += 6;
            continue;
        }
        if (length > size - at)
            length = size - at;
        text_add_bytes(out, text + at, length);
        at += length;
    }
    if (at < size)
        text_add_char(out, text[at++]);
    return at;
}

/* Whether it is a number by itself: not a part of something else, and not in the place of a name. */
static bool stands_alone(const char *bytes, size_t size, size_t at, size_t number)
{
    size_t end = at + number;

    if (at > 0 && strchr("+-.0123456789", bytes[at - 1]))
        return false;
    if (end < size && strchr("+-.0123456789eE", bytes[end]))
        return false;
    while (end < size && strchr(" \t\r\n", bytes[end]))
        end++;
    return end == size || bytes[end] != ':';
}

void token_quote(const char *bytes, size_t size, size_t limit, struct text *out, size_t *read)
{
    size_t at = 0;

    while (at < size && out->size < limit) {
        size_t number = token_number(bytes + at, size - at);

        if (bytes[at] == '"') {
            at += quote_string(bytes + at, size - at, out);
        } else if (number && stands_alone(bytes, size, at, number)) {
            text_add(out, "\"" TOKEN_NUMBER);
            text_add_bytes(out, bytes + at, number);
            text_add_char(out, '"');
            at += number;
        } else {
            text_add_char(out, bytes[at++]);
        }
    }
    *read = at;
}
