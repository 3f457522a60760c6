/*
 * text - a string of bytes that grows.
 *
 *      struct text out = {0};
 *      text_add(&out, "Step ");
 *      text_addf(&out, "%d of %d", 3, 10);
 *      puts(out.bytes);
 *      text_clear(&out);
 *
 * `bytes` ends with a NUL that `size` does not count; it is NULL only while nothing was ever added
 * (text_bytes() gives "" then).
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text {
    char *bytes;
    size_t size;    /* bytes, the closing NUL not counted */
    size_t room;    /* bytes allocated */
};

void text_add(struct text *text, const char *more);    /* NULL adds nothing */
void text_add_bytes(struct text *text, const char *bytes, size_t size);
void text_add_char(struct text *text, char c);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_addv(struct text *text, const char *format, va_list args);
void text_insert(struct text *text, size_t at, const char *bytes, size_t size);
void text_remove(struct text *text, size_t at, size_t size);
const char *text_bytes(const struct text *text);       /* never NULL; borrowed */
char *text_take(struct text *text);                    /* the string is yours, the text is empty again */
void text_empty(struct text *text);                    /* size 0, the room is kept */
void text_clear(struct text *text);                    /* frees */
void text_wipe(struct text *text);                     /* zeroes, then frees: for secrets */

/* A new string, printf-like; yours. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "+07.50" as "7.5": a decimal without what says nothing; yours; NULL: it is none. */
char *text_decimal(const char *text);

/* Equal; NULL equals only NULL. Most texts differ in their first letter. */
static inline bool text_same(const char *a, const char *b)
{
    return a == b || (a && b && *a == *b && strcmp(a, b) == 0);
}
bool text_starts(const char *text, const char *start);
/* The word of `words` (NULL ends it) that is nearest to `word` by edits, or NULL when none is near: for "did you mean". */
const char *text_nearest(const char *word, const char *const *words);

#endif
