#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Room for `more` bytes and the NUL. Doubling, so that adding byte by byte costs the same per byte. */
static void reserve(struct text *text, size_t more)
{
    size_t need = text->size + more + 1;
    size_t room = text->room ? text->room : 32;

    if (more < text->room - text->size)     /* neither is ever larger than the room */
        return;
    if (need < more)
        mem_exhausted();
    while (room < need)
        room = room > (size_t)-1 / 2 ? need : room * 2;
    text->bytes = mem_resize(text->bytes, room);
    text->room = room;
}

void text_add(struct text *text, const char *more)
{
    if (more)
        text_add_bytes(text, more, strlen(more));
}

void text_add_bytes(struct text *text, const char *bytes, size_t size)
{
    reserve(text, size);
    if (size)
        memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_add_char(struct text *text, char c)
{
    reserve(text, 1);
    text->bytes[text->size++] = c;
    text->bytes[text->size] = '\0';
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_addv(text, format, args);
    va_end(args);
}

void text_addv(struct text *text, const char *format, va_list args)
{
    va_list again;
    int size;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        return;
    reserve(text, (size_t)size);
    vsnprintf(text->bytes + text->size, (size_t)size + 1, format, args);
    text->size += (size_t)size;
}

void text_insert(struct text *text, size_t at, const char *bytes, size_t size)
{
    if (at > text->size)
        at = text->size;
    reserve(text, size);
    memmove(text->bytes + at + size, text->bytes + at, text->size - at);
    if (size)
        memcpy(text->bytes + at, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_remove(struct text *text, size_t at, size_t size)
{
    if (at >= text->size)
        return;
    if (size > text->size - at)
        size = text->size - at;
    memmove(text->bytes + at, text->bytes + at + size, text->size - at - size);
    text->size -= size;
    text->bytes[text->size] = '\0';
}

const char *text_bytes(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

char *text_take(struct text *text)
{
    char *bytes = text->bytes ? text->bytes : mem_copy("");

    *text = (struct text){ 0 };
    return bytes;
}

void text_empty(struct text *text)
{
    text->size = 0;
    if (text->bytes)
        text->bytes[0] = '\0';
}

void text_clear(struct text *text)
{
    free(text->bytes);
    *text = (struct text){ 0 };
}

void text_wipe(struct text *text)
{
    mem_wipe(text->bytes, text->room);
    text_clear(text);
}

char *text_format(const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    return text_take(&text);
}

/* A number with more zeros than this is not written out. */
#define EXPONENT_LIMIT 400

/* The exponent behind the digits of a number; false if there is something else, or if it is too large to be written out. */
static bool read_exponent(const char *text, long *exponent)
{
    char *end;

    *exponent = 0;
    if (!*text)
        return true;
    if ((*text != 'e' && *text != 'E') || !text[1 + (text[1] == '-' || text[1] == '+')])
        return false;
    *exponent = strtol(text + 1, &end, 10);
    return text[1 + strspn(text + 1, "+-0123456789")] == '\0' && !*end && *exponent >= -EXPONENT_LIMIT && *exponent <= EXPONENT_LIMIT;
}

char *text_decimal(const char *text)
{
    bool minus = *text == '-';
    const char *whole = text + (minus || *text == '+');
    size_t digits = strspn(whole, "0123456789"), decimals = 0, first = 0, last;
    const char *rest = whole + digits;
    struct text number = { 0 }, out = { 0 };
    long exponent, point;

    if (digits && *rest == '.') {
        decimals = strspn(rest + 1, "0123456789");
        rest += 1 + decimals;
    }
    if (!digits || (whole[digits] == '.' && !decimals) || !read_exponent(rest, &exponent))
        return NULL;
    text_add_bytes(&number, whole, digits);
    text_add_bytes(&number, whole + digits + 1, decimals);
    point = (long)digits + exponent;        /* the digits before it; negative: zeros behind it */
    while (first < number.size && number.bytes[first] == '0')
        first++;
    for (last = number.size; last > first && number.bytes[last - 1] == '0';)
        last--;
    if (first == last) {
        text_add_char(&out, '0');
    } else {
        text_add(&out, minus ? "-" : "");
        if (point <= (long)first)
            text_add(&out, "0.");
        for (long i = point; i < (long)first; i++)
            text_add_char(&out, '0');
        for (long i = (long)first; i < (long)last || i < point; i++) {
            if (i == point && i > (long)first)
                text_add_char(&out, '.');
            text_add_char(&out, i < (long)last ? number.bytes[i] : '0');
        }
    }
    text_clear(&number);
    return text_take(&out);
}

bool text_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Words longer than this are nobody's typing slip. */
#define WORD_LIMIT 64

/* Edits from a to b: insert, drop, replace, or swap two neighbours (optimal string alignment). */
static size_t edits(const char *a, const char *b)
{
    size_t rows[3][WORD_LIMIT + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    size_t a_size = strlen(a), b_size = strlen(b);

    for (size_t j = 0; j <= b_size; j++)
        above[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *oldest = before;

        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t least = above[j - 1] + (a[i - 1] != b[j - 1]);

            if (above[j] + 1 < least)
                least = above[j] + 1;
            if (row[j - 1] + 1 < least)
                least = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < least)
                least = before[j - 2] + 1;
            row[j] = least;
        }
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_size];
}

const char *text_nearest(const char *word, const char *const *words)
{
    size_t size = strlen(word);
    const char *nearest = NULL;
    /* One slip in three letters, and never all of a short word. */
    size_t least = size < 3 ? 2 : size / 3 + 2;

    if (size == 0 || size > WORD_LIMIT)
        return NULL;
    for (; *words; words++) {
        size_t other = strlen(*words), count;

        if (other > WORD_LIMIT)
            continue;
        count = edits(word, *words);
        if (count < least && count < size && count < other) {
            least = count;
            nearest = *words;
        }
    }
    return nearest;
}
