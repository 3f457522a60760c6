#include "request.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/glyph.h"
#include "base/mem.h"

const char *request_header(const struct request *request, const char *name)
{
    return value_member_text(request->headers, name);
}

void reply_header(struct reply *reply, const char *name, const char *format, ...)
{
    struct text text = {0};
    va_list args;

    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    if (!reply->headers)
        reply->headers = value_new_map();
    value_put_text(reply->headers, name, text_bytes(&text));
    text_clear(&text);
}

void reply_clear(struct reply *reply)
{
    value_free(reply->headers);
    text_wipe(&reply->body); /* may hold a token */
    *reply = (struct reply){0};
}

const char *reply_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "OK";
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *url_decode(const char *text, size_t size, bool plus)
{
    struct text out = {0};

    text_add(&out, "");
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '%' && i + 2 < size && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            text_add_char(&out, (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
            i += 2;
        } else {
            text_add_char(&out, plus && text[i] == '+' ? ' ' : text[i]);
        }
    }
    if (out.size > 0 && !glyph_is_utf8(out.bytes, out.size)) {
        text_wipe(&out);
        return NULL;
    }
    return out.bytes ? text_take(&out) : mem_copy("");
}

void url_encode(struct text *out, const char *text)
{
    for (; *text; text++) {
        if (isalnum((unsigned char)*text) || strchr("-._~", *text))
            text_add_char(out, *text);
        else
            text_addf(out, "%%%02X", (unsigned char)*text);
    }
}

struct value *form_read(const char *text, size_t size)
{
    struct value *form = value_new_map();
    const char *end = text + size;

    while (text && text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));

        stop = stop ? stop : end;
        const char *equal = memchr(text, '=', (size_t)(stop - text));
        const char *name_end = equal ? equal : stop;
        char *name = url_decode(text, (size_t)(name_end - text), true);
        char *member = equal ? url_decode(equal + 1, (size_t)(stop - equal - 1), true) : mem_copy("");
        bool good = name && member;

        if (good && *name && !value_member(form, name))
            value_put(form, name, value_new_scalar(SCALAR_TEXT, member));
        free(name);
        mem_free_secret(member);
        if (!good) {
            value_free(form);
            return NULL;
        }
        text = stop + 1;
    }
    return form;
}

static char *time_format(int64_t ms, const char *format)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    char out[64];

    gmtime_r(&seconds, &parts);
    strftime(out, sizeof out, format, &parts);
    return mem_copy(out);
}

char *time_text(int64_t ms)
{
    return time_format(ms, "%Y-%m-%dT%H:%M:%SZ");
}

char *time_words(int64_t ms)
{
    return time_format(ms, "%-d %B %Y, %H:%M UTC");
}
