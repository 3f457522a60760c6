#include "base/glyph.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

/* Both ASCII and no CR LF: there is always a boundary between them. Nearly all of our texts are nothing else. */
static bool plain_pair(char a, char b)
{
    return (unsigned char)a < 0x80 && (unsigned char)b < 0x80 && !(a == '\r' && b == '\n');
}

/* How many of the bytes are well-formed characters, at most about `most`. */
static size_t well_formed(const char *bytes, size_t size, size_t most)
{
    size_t at = 0, length;
    uint32_t c;

    while (at < size && at < most && (length = utf8_read(bytes + at, size - at, &c)) > 0)
        at += length;
    return at;
}

/* Where the first cluster of well-formed text ends, or `size` when no end is seen. */
static size_t first_break(const char *text, size_t size)
{
    char small[32], *breaks = size <= sizeof small ? small : mem_new(size);
    size_t at = 1;

    /* Not u8_grapheme_next(): it looks at two characters at a time, and takes flags and families apart. */
    u8_grapheme_breaks((const uint8_t *)text, size, breaks);
    while (at < size && !breaks[at])
        at++;
    if (breaks != small)
        free(breaks);
    return at;
}

size_t glyph_next(const char *text, size_t size, size_t at)
{
    if (at >= size)
        return size;
    if ((unsigned char)text[at] < 0x80 && (at + 1 == size || plain_pair(text[at], text[at + 1])))
        return at + 1;
    /* Looking ahead only as far as the cluster needs keeps a walk over a long text linear. */
    for (size_t most = 16;; most *= 2) {
        size_t good = well_formed(text + at, size - at, most), end;

        if (good == 0)
            return at + 1;
        end = first_break(text + at, good);
        if (end < good || good < most || good == size - at)
            return at + end;
    }
}

size_t glyph_previous(const char *text, size_t size, size_t at)
{
    size_t start, next;

    if (at > size)
        at = size;
    if (at == 0)
        return 0;
    /* Clusters are found forwards (flags and families need it), from the nearest place that surely is a boundary. */
    for (start = at - 1; start > 0 && !plain_pair(text[start - 1], text[start]); start--)
        ;
    while ((next = glyph_next(text, size, start)) < at)
        start = next;
    return start;
}

size_t glyph_count(const char *text)
{
    size_t size = strlen(text), count = 0;

    for (size_t at = 0; at < size; at = glyph_next(text, size, at))
        count++;
    return count;
}

/* As ncurses and terminals count: character by character, so that a cluster has the sum of its characters. */
static int character_columns(uint32_t c)
{
    int columns;

    if (c >= 0x20 && c < 0x7F)
        return 1;
    columns = uc_width(c, "UTF-8");
    return columns > 0 ? columns : 0;
}

int glyph_columns(const char *text)
{
    return glyph_columns_of(text, strlen(text));
}

int glyph_columns_of(const char *text, size_t size)
{
    int columns = 0;

    for (size_t at = 0; at < size;) {
        uint32_t c;
        size_t length = utf8_read(text + at, size - at, &c);

        columns += length ? character_columns(c) : 1;
        at += length ? length : 1;
    }
    return columns;
}

size_t glyph_fit(const char *text, int columns, int *used)
{
    size_t size = strlen(text), at = 0;
    int taken = 0;

    while (at < size) {
        bool plain = text[at] >= 0x20 && text[at] < 0x7F && (unsigned char)text[at + 1] < 0x80;
        size_t next = plain ? at + 1 : glyph_next(text, size, at);
        int wide = plain ? 1 : glyph_columns_of(text + at, next - at);

        if (wide > columns - taken)
            break;
        taken += wide;
        at = next;
    }
    if (used)
        *used = taken;
    return columns < 0 ? 0 : at;
}

static bool is_word(const char *text, size_t size, size_t at)
{
    uint32_t c;
    size_t length = utf8_read(text + at, size - at, &c);

    return length == 0 || !uc_is_property_white_space(c);
}

size_t glyph_word_start(const char *text, size_t size, size_t at)
{
    /* As in a shell (T: Ctrl-W): blanks first, then all that is not blank. */
    bool in_word = false;

    if (at > size)
        at = size;
    while (at > 0) {
        size_t before = glyph_previous(text, size, at);

        if (is_word(text, size, before))
            in_word = true;
        else if (in_word)
            break;
        at = before;
    }
    return at;
}

bool glyph_is_utf8(const char *bytes, size_t size)
{
    return well_formed(bytes, size, size) == size && (size == 0 || !memchr(bytes, '\0', size));
}

bool glyph_is_mark(uint32_t character)
{
    return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me);
}

bool glyph_is_hidden(uint32_t character)
{
    /* U+FFF9 to U+FFFB (interlinear annotation) are shown as nothing too, though Unicode does not list them so. */
    return uc_is_property_default_ignorable_code_point(character) || (character >= 0xFFF9 && character <= 0xFFFB);
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* libunistring refuses a whole text for one bad byte. */
static char *repaired(const char *text)
{
    struct text out = { 0 };
    size_t size = strlen(text), length;
    uint32_t c;

    for (size_t at = 0; at < size; at += length ? length : 1) {
        length = utf8_read(text + at, size - at, &c);
        utf8_add(&out, length ? c : 0xFFFD);
    }
    return text_take(&out);
}

/* NFKD on both sides: what it takes apart may be capitals (U+2121), and what folding gives may be composed. */
static uint8_t *folded(const char *text, size_t *size)
{
    char *good = repaired(text);
    size_t apart_size;
    uint8_t *apart = u8_normalize(UNINORM_NFKD, (const uint8_t *)good, strlen(good), NULL, &apart_size);
    uint8_t *bytes;

    if (!apart)
        mem_exhausted();
    bytes = u8_casefold(apart, apart_size, NULL, UNINORM_NFKD, NULL, size);
    if (!bytes)
        mem_exhausted();
    free(apart);
    mem_free_secret(good);
    return bytes;
}

char *glyph_nfc(const char *text)
{
    size_t size = 0;
    uint8_t *composed;
    char *copy;

    if (!glyph_is_utf8(text, strlen(text)))
        return mem_copy(text);
    composed = u8_normalize(UNINORM_NFC, (const uint8_t *)text, strlen(text), NULL, &size);
    copy = composed ? mem_copy_bytes((const char *)composed, size) : mem_copy(text);
    free(composed);
    return copy;
}

char *glyph_fold(const char *text)
{
    struct text out = { 0 };
    uint8_t *bytes;
    size_t size, length;
    uint32_t c;

    if (is_ascii(text)) {
        text_add(&out, text);
        for (size_t i = 0; i < out.size; i++)
            if (out.bytes[i] >= 'A' && out.bytes[i] <= 'Z')
                out.bytes[i] += 'a' - 'A';
        return text_take(&out);
    }
    bytes = folded(text, &size);
    for (size_t at = 0; at < size; at += length) {
        length = utf8_read((const char *)bytes + at, size - at, &c);
        if (length == 0)
            break;              /* cannot be: it was made by libunistring */
        if (!glyph_is_mark(c) && !glyph_is_hidden(c))
            text_add_bytes(&out, (const char *)bytes + at, length);
    }
    mem_wipe(bytes, size);
    free(bytes);
    return text_take(&out);
}

bool glyph_matches(const char *folded_text, const char *folded_query)
{
    size_t size = strlen(folded_text);

    for (const char *word = folded_query + strspn(folded_query, " \t"); *word; word += strspn(word, " \t")) {
        size_t word_size = strcspn(word, " \t");

        if (!memmem(folded_text, size, word, word_size))
            return false;
        word += word_size;
    }
    return true;
}
