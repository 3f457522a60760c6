#include "edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "base/mem.h"
#include "base/utf8.h"

#define MASKS 12        /* terminal.md T6 */

void edit_set(struct edit *edit, const char *text)
{
    text_empty(&edit->text);
    text_add(&edit->text, text);
    edit->at = edit->text.size;
    edit->first = 0;
}

void edit_clear(struct edit *edit)
{
    text_wipe(&edit->text);
    mem_free_secret(edit->before);
    *edit = (struct edit){0};
}

bool edit_insert(struct edit *edit, const char *bytes, size_t size)
{
    text_insert(&edit->text, edit->at, bytes, size);
    edit->at += size;
    return size > 0;
}

/* Copy what is text; false when a byte is no UTF-8, or a character cannot be shown. */
static bool keep_text(const char *bytes, size_t size, bool utf8, struct text *kept)
{
    for (size_t at = 0; at < size;) {
        uint32_t character = 0;
        size_t length = utf8_read(bytes + at, size - at, &character);
        if (!length || (character >= 0x80 && !utf8))
            return false;
        if (!utf8_is_control(character))
            text_add_bytes(kept, bytes + at, length);
        at += length;
    }
    return true;
}

enum pasted edit_paste(struct edit *edit, const char *bytes, size_t size, bool utf8)
{
    struct text kept = {0};
    size_t start = 0;

    /* All or nothing: a name without its umlauts is another name. */
    if (!keep_text(bytes, size, utf8, &kept)) {
        text_wipe(&kept);
        return PASTED_NOTHING;
    }
    while (start < kept.size && kept.bytes[start] == ' ')
        start++;
    while (kept.size > start && kept.bytes[kept.size - 1] == ' ')
        text_remove(&kept, kept.size - 1, 1);
    bool less = kept.size - start < size;
    if (kept.size > start)
        edit_insert(edit, kept.bytes + start, kept.size - start);
    text_wipe(&kept);
    return less ? PASTED_LESS : PASTED_ALL;
}

static void cut(struct edit *edit, size_t from, size_t to)
{
    if (to > from)
        text_remove(&edit->text, from, to - from);
    edit->at = from;
}

static void keep_before(struct edit *edit)
{
    mem_free_secret(edit->before);
    edit->before = mem_copy(text_bytes(&edit->text));
}

static bool control_key(struct edit *edit, int letter)
{
    const char *bytes = text_bytes(&edit->text);
    size_t size = edit->text.size;

    switch (letter) {
    case 'a':
        edit->at = 0;
        return true;
    case 'e':
        edit->at = size;
        return true;
    case 'k':
        cut(edit, edit->at, size);
        return true;
    case 'u':
        if (size)
            keep_before(edit);
        cut(edit, 0, size);
        return true;
    case 'w':
        cut(edit, glyph_word_start(bytes, size, edit->at), edit->at);
        return true;
    case 'd':
        if (edit->at < size)
            cut(edit, edit->at, glyph_next(bytes, size, edit->at));
        return true;
    case 'y':
        if (edit->before)
            edit_set(edit, edit->before);
        return true;
    }
    return false;
}

bool edit_key(struct edit *edit, const struct key *key, bool *changed)
{
    const char *bytes = text_bytes(&edit->text);
    size_t size = edit->text.size, at = edit->at;
    bool known = true;

    switch (key->kind) {
    case KEY_TEXT:
        edit_insert(edit, key->text, key->size);
        *changed = true;
        return true;
    case KEY_BACKSPACE:
        if (at > 0)
            cut(edit, glyph_previous(bytes, size, at), at);
        break;
    case KEY_DELETE:
        if (at < size)
            cut(edit, at, glyph_next(bytes, size, at));
        break;
    case KEY_LEFT:
        if (at > 0)
            edit->at = glyph_previous(bytes, size, at);
        break;
    case KEY_RIGHT:
        if (at < size)
            edit->at = glyph_next(bytes, size, at);
        break;
    case KEY_HOME:
        edit->at = 0;
        break;
    case KEY_END:
        edit->at = size;
        break;
    case KEY_CONTROL:
        known = control_key(edit, key->number);
        break;
    case KEY_PASTE: case KEY_REFUSED: case KEY_ENTER: case KEY_TAB: case KEY_BACK_TAB: case KEY_ESCAPE: case KEY_UP:
    case KEY_DOWN: case KEY_PAGE_UP: case KEY_PAGE_DOWN: case KEY_FUNCTION:
        return false;
    }
    *changed = edit->text.size != size || (key->kind == KEY_CONTROL && key->number == 'y' && edit->before);
    return known;
}

static char *show_masked(const struct edit *edit, int columns, int *cursor)
{
    size_t count = glyph_count(text_bytes(&edit->text));
    struct text out = {0};

    for (size_t i = 0; i < count && i < MASKS; i++)
        text_add_char(&out, '*');
    *cursor = (int)(count < MASKS ? count : MASKS);
    if (edit->at < edit->text.size) {
        char *left = mem_copy_bytes(text_bytes(&edit->text), edit->at);
        int before = (int)glyph_count(left);
        mem_free_secret(left);
        *cursor = before < *cursor ? before : *cursor;
    }
    if (count)
        text_addf(&out, "  %zu character%s", count, count == 1 ? "" : "s");
    if (columns >= 0 && out.size > (size_t)columns)
        text_remove(&out, (size_t)columns, out.size - (size_t)columns);
    if (*cursor >= columns)
        *cursor = columns > 0 ? columns - 1 : 0;
    return text_take(&out);
}

/* Columns as they will be shown: what clean_add() makes visible is wider than it was. */
static int shown_columns(const char *bytes, size_t size)
{
    bool plain = true;
    for (size_t i = 0; i < size && plain; i++)
        plain = (unsigned char)bytes[i] >= 0x20 && (unsigned char)bytes[i] < 0x7f;
    if (plain)
        return (int)size;
    char *part = mem_copy_bytes(bytes, size);
    char *shown = clean_copy(part, CLEAN_NAME);
    int columns = glyph_columns(shown ? shown : "");
    mem_free_secret(part);
    mem_free_secret(shown);
    return columns;
}

/* Moves the part shown so that the cursor is in it, two thirds of the way when it has to jump: few long repaints. */
static void scroll(struct edit *edit, int columns)
{
    const char *bytes = text_bytes(&edit->text);
    int room = columns - 2;     /* for < and > */

    if (shown_columns(bytes, edit->text.size) < columns) {
        edit->first = 0;
        return;
    }
    if (room < 1)
        room = 1;
    if (edit->first > edit->text.size)
        edit->first = edit->text.size;
    if (edit->at > edit->first && edit->at - edit->first <= (size_t)room * 8 &&
        shown_columns(bytes + edit->first, edit->at - edit->first) < room)
        return;
    if (edit->at == edit->first)
        return;
    int back = room * 2 / 3, used = 0;
    size_t first = edit->at;
    while (first > 0) {
        size_t previous = glyph_previous(bytes, edit->text.size, first);
        used += shown_columns(bytes + previous, first - previous);
        if (used > back)
            break;
        first = previous;
    }
    edit->first = first;
}

char *edit_show(struct edit *edit, int columns, bool masked, int *cursor)
{
    struct text out = {0};

    if (masked)
        return show_masked(edit, columns, cursor);
    scroll(edit, columns);
    const char *bytes = text_bytes(&edit->text);
    int used = 0;
    if (edit->first > 0) {
        text_add_char(&out, '<');
        used = 1;
    }
    *cursor = used;
    size_t at = edit->first;
    while (at < edit->text.size) {
        size_t next = glyph_next(bytes, edit->text.size, at);
        int width = shown_columns(bytes + at, next - at);
        if (used + width > columns - (next < edit->text.size ? 1 : 0))
            break;
        char *part = mem_copy_bytes(bytes + at, next - at);
        clean_add(&out, part, CLEAN_NAME);
        mem_free_secret(part);
        used += width;
        at = next;
        if (at <= edit->at)
            *cursor = used;
    }
    if (at < edit->text.size)
        text_add_char(&out, '>');
    text_add(&out, "");
    return text_take(&out);
}
