/*
 * likeness - the letters of a name as pairs of neighbours, by which names are compared.
 *
 * "color" is ^c co ol lo or r$. Two names are as alike as the pairs they share (Dice's coefficient).
 */
#ifndef BASE_LIKENESS_H
#define BASE_LIKENESS_H

#include <stddef.h>
#include <stdint.h>

#define LIKENESS_PAIRS 128      /* of a longer name the beginning is compared */

/* The different pairs of all words of a folded text, in ascending order; gives how many. */
size_t likeness_pairs(const char *folded, uint64_t pairs[LIKENESS_PAIRS]);

/* The same in percent, from how many pairs two names have and share. */
int likeness_percent(size_t shared, size_t a, size_t b);
/* How many percent of the words of two folded texts are the same, in any order. */
int likeness_words(const char *a, const char *b);
/* How alike, from the percents of letters (pairs) and words: grows with both. */
int likeness_blend(int letters, int words);

#endif
