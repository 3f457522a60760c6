/* The written forms of what is one text. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kind_private.h"

static bool keep(const char *text, struct text *out)
{
    text_add(out, text);
    return true;
}

static bool is_digits(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return size > 0;
}

bool form_text(const char *text, struct text *out)
{
    return keep(text, out);
}

/* Labels of letters, digits and dashes; RFC 1123, 2.1 and RFC 1035, 2.3.4 (63 and 253 bytes). Bytes above 127 are let through. */
static bool is_host_name(const char *text, size_t size)
{
    size_t label = 0;

    if (size == 0 || size > 253)
        return false;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '.') {
            if (label == 0 || text[i - 1] == '-')
                return false;
            label = 0;
            continue;
        }
        if (!isalnum(c) && c < 128 && !(c == '-' && label > 0))
            return false;
        if (++label > 63)
            return false;
    }
    return label > 0 && text[size - 1] != '-';
}

bool form_host(const char *text, struct text *out)
{
    struct in6_addr address;

    if (inet_pton(AF_INET6, text, &address) == 1 || is_host_name(text, strlen(text)))
        return keep(text, out);
    return false;
}

/* As people know it, not as RFC 5322 allows it: no quotes, no comments. 64 and 254 bytes: RFC 5321, 4.5.3.1. */
bool form_email(const char *text, struct text *out)
{
    const char *at = strrchr(text, '@');
    size_t size = at ? (size_t)(at - text) : 0;
    const char *dot = at ? strrchr(at, '.') : NULL;

    if (size == 0 || size > 64 || strlen(text) > 254 || strcspn(text, " \t\"(),:;<>[\\]") < strlen(text))
        return false;
    if (memchr(text, '@', size) || text[0] == '.' || at[-1] == '.' || strstr(text, ".."))
        return false;
    if (!dot || strlen(dot) < 3 || !is_host_name(at + 1, strlen(at + 1)))
        return false;
    return keep(text, out);
}

/* 7 to 15 digits (ITU-T E.164 allows 15), written with blanks and + - ( ) . between them, 20 characters at most. */
bool form_phone(const char *text, struct text *out)
{
    size_t digits = 0;

    if (strlen(text) > 20)
        return false;
    for (const char *c = text; *c; c++) {
        if (*c >= '0' && *c <= '9')
            digits++;
        else if (!strchr(" -+().", *c) || (*c == '+' && c != text))
            return false;
    }
    return digits >= 7 && digits <= 15 && keep(text, out);
}

bool form_url(const char *text, struct text *out)
{
    const char *rest = text_starts(text, "https://") ? text + 8 : text_starts(text, "http://") ? text + 7 : NULL;
    size_t host, size;

    if (!rest || strcspn(text, " \t\"<>\\^`{|}") < strlen(text))
        return false;
    host = strcspn(rest, "/?#");
    if (memchr(rest, '@', host))
        return false;       /* a password in an address would be shown and logged */
    if (rest[0] == '[')
        return memchr(rest, ']', host) && keep(text, out);
    size = strcspn(rest, ":/?#");
    if (size < host && (!is_digits(rest + size + 1, host - size - 1) || atol(rest + size + 1) > 65535))
        return false;
    return is_host_name(rest, size) && keep(text, out);
}

/* Begins with a letter or digit, so that it can never be "." or ".." in a path. */
bool form_identifier(const char *text, struct text *out)
{
    if (!isalnum((unsigned char)text[0]) || strlen(text) > 64)
        return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
            return false;
    return keep(text, out);
}

/* Zeros in front go, but for the last digit. */
static const char *significant(const char *digits, size_t *size)
{
    while (*size > 1 && *digits == '0') {
        digits++;
        (*size)--;
    }
    return digits;
}

bool form_number(const char *text, struct text *out)
{
    bool minus = text[0] == '-';
    size_t size = strlen(text + minus);
    const char *digits;

    if (!is_digits(text + minus, size))
        return false;
    digits = significant(text + minus, &size);
    if (size > 18)          /* fits into 64 bits */
        return false;
    if (minus && strcmp(digits, "0") != 0)
        text_add_char(out, '-');
    return keep(digits, out);
}

/* A decimal text that is not negative; decimals stay as they were typed. */
static bool form_decimal(const char *text, size_t whole_most, size_t decimals_most, struct text *out)
{
    size_t whole = strcspn(text, ".");
    const char *decimals = text[whole] ? text + whole + 1 : NULL;
    const char *digits;

    if (whole > 0 && !is_digits(text, whole))
        return false;
    if (decimals && (!is_digits(decimals, strlen(decimals)) || strlen(decimals) > decimals_most))
        return false;
    if (whole == 0 && !decimals)
        return false;
    digits = significant(text, &whole);
    if (whole > whole_most)
        return false;
    if (whole == 0)
        text_add_char(out, '0');
    text_add_bytes(out, digits, whole);
    if (decimals)
        text_addf(out, ".%s", decimals);
    return true;
}

bool form_money(const char *text, struct text *out)
{
    return form_decimal(text[0] == '$' ? text + 1 + strspn(text + 1, " ") : text, 9, 2, out);
}

bool form_rate(const char *text, struct text *out)
{
    struct text rate = { 0 };
    size_t size = strlen(text);
    char *bare;
    bool good;

    if (size > 0 && text[size - 1] == '%')
        size--;
    while (size > 0 && text[size - 1] == ' ')
        size--;
    bare = mem_copy_bytes(text, size);
    good = form_decimal(bare, 3, 4, &rate);
    if (good && strcspn(rate.bytes, ".") == 3) {
        const char *over = rate.bytes + 3;      /* with three digits only 100 itself is left */

        good = text_starts(rate.bytes, "100") && strspn(over, ".0") == strlen(over);
    }
    if (good)
        text_add(out, rate.bytes);
    text_clear(&rate);
    free(bare);
    return good;
}

bool form_yesno(const char *text, struct text *out)
{
    static const char *const yes[] = { "yes", "y", "true", "on", NULL };
    static const char *const no[] = { "no", "n", "false", "off", NULL };

    for (size_t i = 0; yes[i]; i++)
        if (strcasecmp(text, yes[i]) == 0)
            return keep("yes", out);
    for (size_t i = 0; no[i]; i++)
        if (strcasecmp(text, no[i]) == 0)
            return keep("no", out);
    return false;
}

/* Digits where the pattern has a 0, otherwise the same character. */
static bool looks_like(const char *text, const char *pattern)
{
    for (; *pattern; pattern++, text++)
        if (*pattern == '0' ? !isdigit((unsigned char)*text) : *text != *pattern)
            return false;
    return *text == '\0';
}

bool form_date(const char *text, struct text *out)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year, month, day, last;

    if (!looks_like(text, "0000-00-00"))
        return false;
    year = atoi(text);
    month = atoi(text + 5);
    day = atoi(text + 8);
    if (month < 1 || month > 12)
        return false;
    last = days[month - 1];
    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        last = 29;
    return day >= 1 && day <= last && keep(text, out);
}

bool form_time(const char *text, struct text *out)
{
    return looks_like(text, "00:00") && atoi(text) < 24 && atoi(text + 3) < 60 && keep(text, out);
}
