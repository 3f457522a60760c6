/* Searching in choices.h: by words, slice by slice, and for the most like. */
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "choices_private.h"
#include "likeness.h"

/* Adds the folded name; ASCII, which most names are, without memory of its own. */
static void add_folded(struct text *out, const char *name)
{
    size_t size = strlen(name), start = out->size;
    unsigned char all = 0;
    char *folded;

    for (size_t i = 0; i < size; i++)
        all |= (unsigned char)name[i];
    if (all >= 0x80) {
        folded = glyph_fold(name);
        text_add(out, folded);
        free(folded);
        return;
    }
    text_add_bytes(out, name, size);
    for (size_t i = start; i < out->size; i++)
        out->bytes[i] += out->bytes[i] >= 'A' && out->bytes[i] <= 'Z' ? 'a' - 'A' : 0;
}

size_t choices_search(const struct choices *choices, const char *query, size_t *next, size_t slice, size_t *found,
                      size_t most)
{
    size_t count = choices_count(choices), matches = 0, end;
    struct text folded = { 0 };

    end = *next > count || slice > count - *next ? count : *next + slice;
    for (; *next < end && matches < most; ++*next) {
        const struct choice *entry = &choices->entries[*next];

        text_empty(&folded);
        add_folded(&folded, choices->bytes + entry->label);
        if (entry->value != entry->label) {
            text_add_char(&folded, '\n');       /* no word of a query goes across it */
            add_folded(&folded, choices->bytes + entry->value);
        }
        if (glyph_matches(folded.bytes, query))
            found[matches++] = *next;
    }
    text_clear(&folded);
    return matches;
}

#define BUCKETS 4096u           /* pairs of letters in use are some hundreds */

static uint32_t bucket_of(uint64_t pair)
{
    return (uint32_t)((pair * UINT64_C(0x9E3779B97F4A7C15)) >> 52);     /* Fibonacci hashing, 12 bits */
}

/* The different buckets of a text's pairs. */
static size_t buckets_of(const char *label, struct text *folded, uint32_t buckets[LIKENESS_PAIRS])
{
    uint64_t pairs[LIKENESS_PAIRS];
    size_t pair_count, count = 0;

    text_empty(folded);
    add_folded(folded, label);
    pair_count = likeness_pairs(folded->bytes, pairs);
    for (size_t i = 0; i < pair_count; i++) {
        uint32_t bucket = bucket_of(pairs[i]);
        size_t j = 0;

        while (j < count && buckets[j] != bucket)
            j++;
        if (j == count)
            buckets[count++] = bucket;
    }
    return count;
}

void choices_forget_alike(struct choices_alike *alike)
{
    if (!alike->starts)
        return;
    free(alike->starts);
    free(alike->holders);
    free(alike->sizes);
    free(alike->shared);
    *alike = (struct choices_alike){ 0 };
}

static void make_alike(const struct choices *choices)
{
    struct choices_alike *alike = choices->alike;
    uint32_t buckets[LIKENESS_PAIRS];
    struct text folded = { 0 };
    size_t total = 0;

    if (alike->starts)
        return;
    alike->starts = mem_new((BUCKETS + 2) * sizeof *alike->starts);
    alike->sizes = mem_new(choices->count);
    alike->shared = mem_new(choices->count);
    /* Counted two places ahead: while they are filled in, starts[b + 1] moves from start to end of bucket b. */
    for (size_t i = 0; i < choices->count; i++) {
        size_t count = buckets_of(choices->bytes + choices->entries[i].label, &folded, buckets);

        alike->sizes[i] = (uint8_t)count;
        total += count;
        for (size_t j = 0; j < count; j++)
            alike->starts[buckets[j] + 2]++;
    }
    for (size_t b = 0; b < BUCKETS; b++)
        alike->starts[b + 2] += alike->starts[b + 1];
    alike->holders = mem_new(total * sizeof *alike->holders);
    for (size_t i = 0; i < choices->count; i++) {
        size_t count = buckets_of(choices->bytes + choices->entries[i].label, &folded, buckets);

        for (size_t j = 0; j < count; j++)
            alike->holders[alike->starts[buckets[j] + 1]++] = (uint32_t)i;
    }
    text_clear(&folded);
}

/* A name that shares something with what is looked for. */
struct candidate {
    uint32_t choice;
    int letters;                /* percent of pairs shared; what glyph_likeness() counts is rarely less */
};

static int by_letters(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->letters != y->letters)
        return x->letters < y->letters ? 1 : -1;
    return (x->choice > y->choice) - (x->choice < y->choice);
}

/* The choices that share at least so many percent of their pairs with `folded`, the likeliest first. Yours. */
static struct candidate *candidates(const struct choices *choices, const char *text, int letters, size_t *count)
{
    struct choices_alike *alike = choices->alike;
    uint32_t buckets[LIKENESS_PAIRS];
    struct candidate *all = mem_new(choices->count * sizeof *all);
    struct text folded = { 0 };
    size_t bucket_count = buckets_of(text, &folded, buckets);

    text_clear(&folded);
    for (size_t j = 0; j < bucket_count; j++)
        for (uint32_t h = alike->starts[buckets[j]]; h < alike->starts[buckets[j] + 1]; h++)
            alike->shared[alike->holders[h]]++;
    *count = 0;
    for (size_t i = 0; i < choices->count; i++) {
        int percent = alike->shared[i] ? likeness_percent(alike->shared[i], bucket_count, alike->sizes[i]) : 0;

        if (percent > 0 && percent >= letters)
            all[(*count)++] = (struct candidate){ (uint32_t)i, percent };
        alike->shared[i] = 0;
    }
    qsort(all, *count, sizeof *all, by_letters);
    return all;
}

size_t choices_likest(const struct choices *choices, const char *text, int least)
{
    size_t count, likest = CHOICES_NONE;
    int best = least > 1 ? least - 1 : 0;
    struct candidate *all;
    struct text folded = { 0 };
    char *wanted;

    if (choices_count(choices) == 0)
        return CHOICES_NONE;
    make_alike(choices);
    wanted = glyph_fold(text);
    /* Whole words raise the likeness of the letters at most half of the way to 100: glyph_likeness(). */
    all = candidates(choices, text, 2 * least - 100, &count);
    for (size_t i = 0; i < count && (all[i].letters + 101) / 2 >= best; i++) {
        int likeness;

        text_empty(&folded);
        add_folded(&folded, choices->bytes + choices->entries[all[i].choice].label);
        likeness = glyph_likeness(wanted, folded.bytes);
        if (likeness > best || (likeness == best && likest != CHOICES_NONE && all[i].choice < likest)) {
            best = likeness;
            likest = all[i].choice;
        }
    }
    free(all);
    free(wanted);
    text_clear(&folded);
    return likest;
}
