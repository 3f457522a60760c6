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

/* How well a folded name matches the query, which is `size` bytes without outer blanks. */
static enum choice_rank name_rank(const char *name, size_t name_size, const char *query, size_t size)
{
    if (name_size >= size && memcmp(name, query, size) == 0)
        return name_size == size ? CHOICE_EXACT : CHOICE_PREFIX;
    return memmem(name, name_size, query, size) ? CHOICE_PHRASE : CHOICE_WORDS;
}

/* The better of label and value. `folded` is a label, maybe followed by a newline and the value. */
static enum choice_rank rank_of(const struct text *folded, const char *query, size_t size)
{
    const char *end = folded->bytes + folded->size, *newline = memchr(folded->bytes, '\n', folded->size);
    enum choice_rank label = name_rank(folded->bytes, (size_t)((newline ? newline : end) - folded->bytes), query, size);
    enum choice_rank value = newline ? name_rank(newline + 1, (size_t)(end - newline - 1), query, size) : label;

    return value < label ? value : label;
}

/* What a label says beyond the name does not count, where the name is given: a place is found by its field, then by its help. */
static enum choice_rank rank_by_name(const struct choices *choices, const struct choice *entry, const char *query, size_t size,
                                     enum choice_rank whole)
{
    const char *name = choices->extra ? value_member_text(choices_extra(choices, choices->bytes + entry->value), "name") : NULL;
    struct text folded = { 0 };
    enum choice_rank rank;

    if (!name)
        return whole;
    add_folded(&folded, name);
    rank = name_rank(text_bytes(&folded), folded.size, query, size);
    text_clear(&folded);
    return rank < whole ? rank : whole;
}

size_t choices_search(const struct choices *choices, const char *query, size_t *next, size_t slice, struct choice_match *found,
                      size_t most)
{
    size_t count = choices_count(choices), matches = 0, end, size;
    struct text folded = { 0 };

    end = *next > count || slice > count - *next ? count : *next + slice;
    query += strspn(query, " \t");
    size = strlen(query);
    while (size > 0 && (query[size - 1] == ' ' || query[size - 1] == '\t'))
        size--;
    for (; *next < end && matches < most; ++*next) {
        const struct choice *entry = &choices->entries[*next];

        text_empty(&folded);
        add_folded(&folded, choices->bytes + entry->label);
        if (entry->value != entry->label) {
            text_add_char(&folded, '\n');       /* no word of a query goes across it */
            add_folded(&folded, choices->bytes + entry->value);
        }
        text_add(&folded, "");
        if (glyph_matches(folded.bytes, query))
            found[matches++] = (struct choice_match){
                (uint32_t)*next, rank_by_name(choices, entry, query, size, rank_of(&folded, query, size))
            };
    }
    text_clear(&folded);
    return matches;
}

#define BUCKETS 4096u           /* pairs of letters in use are some hundreds */

static uint32_t bucket_of(uint64_t pair)
{
    return (uint32_t)((pair * UINT64_C(0x9E3779B97F4A7C15)) >> 52);     /* Fibonacci hashing, 12 bits */
}

/* The buckets of a name's pairs. Two of them may share one: then more seems to be shared than is, never less. */
static size_t buckets_of(const char *name, struct text *folded, uint32_t buckets[LIKENESS_PAIRS])
{
    uint64_t pairs[LIKENESS_PAIRS];
    size_t count;

    text_empty(folded);
    add_folded(folded, name);
    count = likeness_pairs(folded->bytes, pairs);
    for (size_t i = 0; i < count; i++)
        buckets[i] = bucket_of(pairs[i]);
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
    alike->shared = mem_new(choices->count * sizeof *alike->shared);
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

/* How many percent of its pairs each choice shares with the text: at least what glyph_likeness() finds. Yours. */
static uint8_t *letters_shared(const struct choices *choices, const char *text)
{
    struct choices_alike *alike = choices->alike;
    uint8_t *percents = mem_new(choices->count);
    uint32_t buckets[LIKENESS_PAIRS];
    struct text folded = { 0 };
    size_t count = buckets_of(text, &folded, buckets);

    text_clear(&folded);
    for (size_t j = 0; j < count; j++)
        for (uint32_t h = alike->starts[buckets[j]]; h < alike->starts[buckets[j] + 1]; h++)
            alike->shared[alike->holders[h]]++;
    for (size_t i = 0; i < choices->count; i++) {
        int percent = alike->shared[i] ? likeness_percent(alike->shared[i], count, alike->sizes[i]) : 0;

        percents[i] = (uint8_t)(percent < 100 ? percent : 100);
        alike->shared[i] = 0;
    }
    return percents;
}

/* The choices by falling percents (counting sort), those that share nothing left out. Yours. */
static uint32_t *likely_first(const uint8_t *percents, size_t count, size_t *likely)
{
    uint32_t *order = mem_new(count * sizeof *order);
    size_t starts[102] = { 0 };     /* starts[100 - p + 1]: how many have p percent, then where those behind start */

    for (size_t i = 0; i < count; i++)
        starts[100 - percents[i] + 1]++;
    for (size_t p = 0; p < 101; p++)
        starts[p + 1] += starts[p];
    *likely = starts[100];
    for (size_t i = 0; i < count; i++)
        order[starts[100 - percents[i]]++] = (uint32_t)i;
    return order;
}

size_t choices_likest(const struct choices *choices, const char *text, int least)
{
    size_t likely, likest = CHOICES_NONE;
    int best = least > 1 ? least - 1 : 0;
    struct text folded = { 0 };
    uint8_t *percents;
    uint32_t *order;
    char *wanted;

    if (choices_count(choices) == 0)
        return CHOICES_NONE;
    make_alike(choices);
    wanted = glyph_fold(text);
    percents = letters_shared(choices, text);
    order = likely_first(percents, choices->count, &likely);
    for (size_t n = 0; n < likely && likeness_blend(percents[order[n]], 100) >= best; n++) {
        int likeness, letters = percents[order[n]];

        text_empty(&folded);
        add_folded(&folded, choices->bytes + choices->entries[order[n]].label);
        /* Comparing words is cheap, and mostly enough to know that it is not the one. */
        if (likeness_blend(letters, likeness_words(wanted, folded.bytes)) < best)
            continue;
        likeness = glyph_likeness(wanted, folded.bytes);
        if (likeness > best || (likeness == best && likest != CHOICES_NONE && order[n] < likest)) {
            best = likeness;
            likest = order[n];
        }
    }
    free(order);
    free(percents);
    free(wanted);
    text_clear(&folded);
    return likest;
}
