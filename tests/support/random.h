/* Random input that is the same in each run: xorshift64*, Vigna 2014. */
#ifndef SUPPORT_RANDOM_H
#define SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

static inline uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

/* 0 to below - 1. */
static inline size_t random_below(uint64_t *seed, size_t below)
{
    return (size_t)(random_next(seed) >> 11) % below;
}

/* Up to `most` bytes of anything; `zero` whether NUL may be among them. */
static inline void random_bytes(uint64_t *seed, struct text *out, size_t most, int zero)
{
    for (size_t left = random_below(seed, most + 1); left > 0; left--) {
        char c = (char)random_next(seed);

        text_add_char(out, c || zero ? c : 'x');
    }
}

/* Up to `most` pieces, separated by nothing: what a parser may trip over is more likely among these than among bytes. */
static inline void random_pieces(uint64_t *seed, struct text *out, size_t most, const char *const *pieces)
{
    size_t count = 0;

    while (pieces[count])
        count++;
    for (size_t left = random_below(seed, most + 1); left > 0; left--)
        text_add(out, pieces[random_below(seed, count)]);
}

/* Up to `most` characters of any plane: mostly ASCII, no surrogates, no NUL. */
static inline void random_text(uint64_t *seed, struct text *out, size_t most)
{
    for (size_t left = random_below(seed, most + 1); left > 0; left--) {
        static const uint32_t below[] = { 0x7F, 0x7F, 0x7F, 0x100, 0x3000, 0x10000, 0x110000 };
        uint32_t c = 1 + (uint32_t)random_below(seed, below[random_below(seed, 7)] - 1);

        utf8_add(out, c);
    }
}

#endif
