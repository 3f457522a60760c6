/* The same answer in another spelling, as services store it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "model/checklist.h"
#include "model/kind.h"

static char *lower(const char *text)
{
    char *copy = mem_copy(text);

    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

/* Host names do not depend on case, RFC 4343; a dot at the end names the root. */
static char *plain_host(const char *text)
{
    char *host = lower(text);
    size_t size = strlen(host);

    if (size > 1 && host[size - 1] == '.')
        host[size - 1] = '\0';
    return host;
}

/* RFC 3986, sections 6.2.2.1 and 6.2.3: case of scheme and host, a port that is the scheme's own, an empty path. */
static char *plain_url(const char *text)
{
    const char *scheme = strstr(text, "://"), *host = scheme ? scheme + 3 : text;
    size_t host_size = strcspn(host, "/?#"), name_size = host_size;
    const char *rest = host + host_size;
    char *front = lower(text), *plain;
    bool secure = strncmp(front, "https://", 8) == 0, clear = strncmp(front, "http://", 7) == 0;

    if (!scheme || memchr(host, '@', host_size)) {
        free(front);
        return mem_copy(text);
    }
    if (secure && host_size > 4 && strncmp(host + host_size - 4, ":443", 4) == 0)
        name_size -= 4;
    else if (clear && host_size > 3 && strncmp(host + host_size - 3, ":80", 3) == 0)
        name_size -= 3;
    if (name_size > 1 && host[name_size - 1] == '.')
        name_size--;
    plain = text_format("%.*s%s%s", (int)(host - text + (long)name_size), front, *rest == '/' ? "" : "/", rest);
    free(front);
    return plain;
}

/* Digits, and the plus sign in front: the rest is punctuation, ITU-T E.123. */
static char *plain_phone(const char *text)
{
    struct text plain = { 0 };

    for (; *text; text++)
        if (isdigit((unsigned char)*text) || (*text == '+' && !plain.size))
            text_add_char(&plain, *text);
    return text_take(&plain);
}

/* Nothing but a time of zero in universal time: "00:00", "00:00:00", "00:00:00.000Z", "00:00:00+00:00". */
static bool is_midnight(const char *text)
{
    size_t size = strcspn(text, "Z+-");

    return strncmp(text, "00:00", 5) == 0 && strspn(text + 5, ":0.") >= size - 5 &&
           (!text[size] || strcmp(text + size, "Z") == 0 || (text[size] != 'Z' && strspn(text + size + 1, ":0") == strlen(text + size + 1)));
}

static char *plain_date(const char *text)
{
    bool timed = strlen(text) > 11 && (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && is_midnight(text + 11);

    return timed ? mem_copy_bytes(text, 10) : mem_copy(text);
}

static char *plain_time(const char *text)
{
    bool timed = strlen(text) > 5 && text[2] == ':' && strncmp(text + 5, ":00", 3) == 0 &&
                 (!text[8] || (text[8] == '.' && strspn(text + 9, "0") == strlen(text + 9)));

    return timed ? mem_copy_bytes(text, 5) : mem_copy(text);
}

static char *plain_boolean(const char *text)
{
    static const char *const yes[] = { "yes", "true", "1", "on", "y", NULL }, *const no[] = { "no", "false", "0", "off", "n", NULL };

    for (size_t i = 0; yes[i]; i++)
        if (strcasecmp(text, yes[i]) == 0)
            return mem_copy("yes");
    for (size_t i = 0; no[i]; i++)
        if (strcasecmp(text, no[i]) == 0)
            return mem_copy("no");
    return mem_copy(text);
}

static char *plain_number(const char *text)
{
    char *decimal = text_decimal(text);

    return decimal ? decimal : mem_copy(text);
}

char *kind_plain(enum kind kind, const char *text)
{
    switch (kind) {
    case KIND_EMAIL:
        return lower(text);     /* the local part may depend on case, RFC 5321, section 2.4; no service that is known uses that */
    case KIND_HOST:
        return plain_host(text);
    case KIND_URL:
        return plain_url(text);
    case KIND_PHONE:
        return plain_phone(text);
    case KIND_DATE:
        return plain_date(text);
    case KIND_TIME:
        return plain_time(text);
    case KIND_YESNO:
        return plain_boolean(text);
    case KIND_NUMBER: case KIND_MONEY: case KIND_RATE:
        return plain_number(text);
    case KIND_TEXT: case KIND_IDENTIFIER: case KIND_ONE: case KIND_MANY: case KIND_TABLE: case KIND_MAP: case KIND_TREE:
        return glyph_nfc(text);
    case KIND_SECRET: case KIND_DESCRIBED: case KIND_COUNT:
        break;
    }
    return mem_copy(text);
}

bool kind_same(enum kind kind, const char *a, const char *b)
{
    char *plain_a = kind_plain(kind, a), *plain_b = kind_plain(kind, b);
    bool same = strcmp(plain_a, plain_b) == 0;

    free(plain_a);
    free(plain_b);
    return same;
}
