#include "likeness.h"

#include <stdbool.h>
#include <string.h>

#include "base/glyph.h"
#include "base/utf8.h"

/* Words end at blanks, dashes, dots and the like; all that is not ASCII is taken for a letter. */
static bool is_letter(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The next word at or after *text, which moves behind it; gives its size, 0 at the end. */
static size_t next_word(const char **text, const char **word)
{
    while (**text && !is_letter(**text))
        (*text)++;
    *word = *text;
    while (**text && is_letter(**text))
        (*text)++;
    return (size_t)(*text - *word);
}

/* Keeps them sorted. Insertion: names have a dozen pairs, and never more than LIKENESS_PAIRS. */
static size_t add_pair(uint64_t *pairs, size_t count, uint64_t pair)
{
    size_t at = count;

    while (at > 0 && pairs[at - 1] > pair)
        at--;
    if (count == LIKENESS_PAIRS || (at > 0 && pairs[at - 1] == pair))
        return count;
    memmove(pairs + at + 1, pairs + at, (count - at) * sizeof *pairs);
    pairs[at] = pair;
    return count + 1;
}

size_t likeness_pairs(const char *folded, uint64_t pairs[LIKENESS_PAIRS])
{
    const char *word;
    size_t count = 0, size;

    while (count < LIKENESS_PAIRS && (size = next_word(&folded, &word)) > 0) {
        uint64_t before = '^';
        uint32_t c;

        for (size_t at = 0, length; at < size && count < LIKENESS_PAIRS; at += length) {
            length = utf8_read(word + at, size - at, &c);
            if (length == 0) {
                c = 0xFFFD;
                length = 1;
            }
            count = add_pair(pairs, count, before << 32 | c);
            before = c;
        }
        count = add_pair(pairs, count, before << 32 | '$');
    }
    return count;
}

int likeness_percent(size_t shared, size_t a, size_t b)
{
    return a + b ? (int)((200 * shared + (a + b) / 2) / (a + b)) : 0;
}

static size_t shared_pairs(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    size_t shared = 0;

    for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
        if (a[i] == b[j]) {
            shared++;
            i++;
            j++;
        } else if (a[i] < b[j]) {
            i++;
        } else {
            j++;
        }
    }
    return shared;
}

/* Enough for any name; of a text of more words the first ones are compared. */
#define WORDS 32

static size_t words_of(const char *text, const char **words, size_t *sizes)
{
    size_t count = 0;

    while (count < WORDS && (sizes[count] = next_word(&text, &words[count])) > 0)
        count++;
    return count;
}

int likeness_words(const char *a, const char *b)
{
    const char *a_words[WORDS], *b_words[WORDS];
    size_t a_sizes[WORDS], b_sizes[WORDS], shared = 0;
    size_t a_count = words_of(a, a_words, a_sizes), b_count = words_of(b, b_words, b_sizes);
    bool taken[WORDS] = { false };

    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            if (taken[j] || a_sizes[i] != b_sizes[j] || memcmp(a_words[i], b_words[j], a_sizes[i]) != 0)
                continue;
            taken[j] = true;
            shared++;
            break;
        }
    }
    return likeness_percent(shared, a_count, b_count);
}

int likeness_blend(int letters, int words)
{
    /* Words count as much as letters, else "item weight" would be more like "item height" than like "weight". Where
       words are only spelled otherwise, or joined, the letters alone say it, with less weight. */
    int both = (letters + words) / 2, alone = letters * 4 / 5;

    return both > alone ? both : alone;
}

int glyph_likeness(const char *folded_a, const char *folded_b)
{
    uint64_t a[LIKENESS_PAIRS], b[LIKENESS_PAIRS];
    size_t a_count, b_count;
    int letters, likeness;

    if (strcmp(folded_a, folded_b) == 0)
        return 100;
    a_count = likeness_pairs(folded_a, a);
    b_count = likeness_pairs(folded_b, b);
    letters = likeness_percent(shared_pairs(a, a_count, b, b_count), a_count, b_count);
    likeness = likeness_blend(letters, likeness_words(folded_a, folded_b));
    return likeness < 100 ? likeness : 99;      /* only what is equal is wholly alike */
}
