/* What a form sends (application/x-www-form-urlencoded), member by member; base64 where OAuth wants it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

static void add_encoded(struct text *form, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || strchr("-._~", *at);
        if (!plain)
            text_add_char(form, '%');
        text_add_char(form, plain ? (char)*at : digits[*at >> 4]);
        if (!plain)
            text_add_char(form, digits[*at & 15]);
    }
}

void form_add(struct text *form, const char *name, const char *value)
{
    if (!value)
        return;
    text_addf(form, "%s%s=", form->size ? "&" : "", name);
    add_encoded(form, value);
}

static void add_base64(struct text *out, const char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        unsigned three = (unsigned)(unsigned char)bytes[i] << 16;
        three |= i + 1 < size ? (unsigned)(unsigned char)bytes[i + 1] << 8 : 0;
        three |= i + 2 < size ? (unsigned char)bytes[i + 2] : 0;
        for (size_t j = 0; j < 4; j++)
            text_add_char(out, i + j > size ? '=' : digits[three >> (18 - 6 * j) & 63]);
    }
}

/* Name and secret are encoded as in a form before they are joined: a colon in either is none then. */
char *form_basic(const char *name, const char *secret)
{
    struct text both = {0}, line = {0};
    add_encoded(&both, name);
    text_add(&both, ":");
    add_encoded(&both, secret);
    text_add(&line, "Authorization: Basic ");
    add_base64(&line, both.bytes, both.size);
    text_wipe(&both);
    return text_take(&line);
}

static int digit_of(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '-' ? 62 : c == '_' ? 63 : -1;
}

void form_unbase64(const char *from, size_t size, struct text *to)
{
    unsigned bits = 0;
    int count = 0;
    for (size_t i = 0; i < size; i++) {
        int digit = digit_of(from[i]);
        if (digit < 0) {
            text_empty(to);
            return;
        }
        bits = bits << 6 | (unsigned)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            text_add_char(to, (char)(bits >> count & 0xff));
        }
    }
}
