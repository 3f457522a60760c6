/*
 * glyph - text as a terminal shows it: grapheme clusters (UAX 29) and columns (UAX 11), by libunistring.
 *
 * Texts are UTF-8; bytes that are not are taken one by one, one column each. Offsets and sizes are bytes.
 */
#ifndef BASE_GLYPH_H
#define BASE_GLYPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t glyph_next(const char *text, size_t size, size_t at);        /* where the cluster that starts at `at` ends */
size_t glyph_previous(const char *text, size_t size, size_t at);    /* where the cluster before `at` starts */
size_t glyph_count(const char *text);                               /* clusters */
int glyph_columns(const char *text);                                /* columns of the whole text */
int glyph_columns_of(const char *text, size_t size);
/* How many bytes from the start fit into so many columns; their columns in *used (may be NULL). Never half a cluster. */
size_t glyph_fit(const char *text, int columns, int *used);
size_t glyph_word_start(const char *text, size_t size, size_t at);  /* where Ctrl-W stops */
bool glyph_is_utf8(const char *bytes, size_t size);                 /* well-formed, no NUL */

bool glyph_is_mark(uint32_t character);     /* a combining mark, shown on the character before it */
bool glyph_is_hidden(uint32_t character);   /* shown as nothing: zero-width characters, direction controls, tags */

/* The text in Unicode normalization form C; what is not UTF-8 stays as it is. Yours. */
char *glyph_nfc(const char *text);
/* The text for likeness: case and accents gone (T22), NFKD. Yours. */
char *glyph_fold(const char *text);
/* Whether every word of the folded query occurs in the folded text. */
bool glyph_matches(const char *folded_text, const char *folded_query);
/* How alike two names are, 0 to 100, words and letters counted; for suggestions. Both folded. */
int glyph_likeness(const char *folded_a, const char *folded_b);

#endif
