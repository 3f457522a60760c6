#include "base/clean.h"

#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "base/utf8.h"

#define MARKS_PER_BASE 2

/* Where we are in a text. */
struct place {
    bool blank;     /* the last thing was a newline or tab */
    int marks;      /* combining marks since the last base; -1 while there is no base at all */
};

static bool is_line_end(uint32_t c)
{
    /* Also "next line", line and paragraph separator: terminals and log readers break lines at them. */
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_control(uint32_t c)
{
    return utf8_is_control(c) || (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

bool clean_is_unsafe(uint32_t c)
{
    return is_control(c) || is_line_end(c) || (c >= 0x80 && glyph_is_hidden(c));
}

static void add_blank(struct text *out, struct place *place, bool newline)
{
    if (newline)
        text_add_char(out, '\n');
    else if (!place->blank)
        text_add_char(out, ' ');
    place->blank = !newline;
    place->marks = newline ? -1 : 0;
}

static void add_visible(struct text *out, struct place *place, uint32_t c)
{
    text_addf(out, "<%02X>", (unsigned)c);
    *place = (struct place){ 0 };
}

static void add_mark(struct text *out, struct place *place, const char *bytes, size_t size)
{
    if (place->marks >= MARKS_PER_BASE)
        return;
    if (place->marks < 0) {
        text_add(out, "\u25CC");    /* a dotted circle to stand on: else it would change what is to its left */
        place->marks = 0;
    }
    text_add_bytes(out, bytes, size);
    place->marks++;
    place->blank = false;
}

static void add_character(struct text *out, struct place *place, const char *bytes, size_t size, uint32_t c,
                          enum clean how)
{
    if (c == '\t') {
        add_blank(out, place, false);
    } else if (is_line_end(c)) {
        if (c == '\r' && size == 1 && bytes[1] == '\n')
            return;                 /* the newline behind it will do */
        add_blank(out, place, how == CLEAN_PAGE);
    } else if (is_control(c)) {
        add_visible(out, place, c);
    } else if (c >= 0x80 && glyph_is_hidden(c)) {
        if (how == CLEAN_NAME)
            add_visible(out, place, c);
    } else if (c >= 0x80 && glyph_is_mark(c)) {
        add_mark(out, place, bytes, size);
    } else {
        text_add_bytes(out, bytes, size);
        *place = (struct place){ 0 };
    }
}

void clean_add(struct text *out, const char *text, enum clean how)
{
    struct place place = { .marks = -1 };
    size_t size = text ? strlen(text) : 0;

    for (size_t at = 0; at < size;) {
        size_t plain = at, length;
        uint32_t c;

        while (plain < size && text[plain] >= 0x20 && text[plain] < 0x7F)
            plain++;
        if (plain > at) {           /* most texts are nothing but this */
            text_add_bytes(out, text + at, plain - at);
            place = (struct place){ 0 };
            at = plain;
            continue;
        }
        length = utf8_read(text + at, size - at, &c);
        if (length == 0) {
            add_visible(out, &place, (unsigned char)text[at++]);
            continue;
        }
        add_character(out, &place, text + at, length, c, how);
        at += length;
    }
}

char *clean_copy(const char *text, enum clean how)
{
    struct text out = { 0 };

    clean_add(&out, text, how);
    return text_take(&out);
}

char *clean_cut(const char *text, int columns, enum clean how, bool utf8)
{
    struct text out = { 0 };

    clean_add(&out, text, how);
    if (glyph_fit(text_bytes(&out), columns, NULL) < out.size) {
        size_t fits = glyph_fit(out.bytes, columns - 1, NULL);

        text_remove(&out, fits, out.size - fits);
        if (columns > 0)
            text_add(&out, utf8 ? "\u2026" : "~");
    }
    return text_take(&out);
}
