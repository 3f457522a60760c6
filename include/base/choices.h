/*
 * choices - what a field may be chosen from, packed flat: there may be a million of them.
 *
 * Filled page by page and usable from the first page on. Each has a value (what is kept), a label (what is shown) and
 * maybe a parent (trees: the value of another choice, which may come later). What a few choices say beyond that is in
 * `extra`: value -> {fits: [values it goes with], fields: [{name, label, required, secret, help}],
 * name: what of the label a search ranks it by}.
 */
#ifndef BASE_CHOICES_H
#define BASE_CHOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

#define CHOICES_NONE ((size_t)-1)

struct choices;     /* private to choices.c: one block of bytes, offsets, a hash of values, child lists made on demand */

struct choices *choices_new(void);
void choices_free(struct choices *choices);
/* Adds one; NULL label means the value is its own label; NULL or "" parent means a root. A value known already is replaced. */
void choices_add(struct choices *choices, const char *value, const char *label, const char *parent);
/* What one choice says beyond its label; takes `extra`. */
void choices_add_extra(struct choices *choices, const char *value, struct value *extra);
void choices_set_complete(struct choices *choices, bool complete);  /* false while pages are still to come */

size_t choices_count(const struct choices *choices);                /* 0 for NULL */
bool choices_complete(const struct choices *choices);
const char *choices_value(const struct choices *choices, size_t i);
const char *choices_label(const struct choices *choices, size_t i);
const char *choices_label_of(const struct choices *choices, const char *value);    /* the value itself if unknown */
size_t choices_find(const struct choices *choices, const char *value);             /* CHOICES_NONE if unknown */
const struct value *choices_extra(const struct choices *choices, const char *value);   /* NULL if none */
/* Whether `value` goes with `left`: true unless its extra has a `fits` that leaves it out. */
bool choices_fits(const struct choices *choices, const char *value, const char *left);

/* Trees. Parents unknown so far count as roots; a cycle is cut at its first member, which counts as a root. */
size_t choices_parent(const struct choices *choices, size_t i);
size_t choices_child_count(const struct choices *choices, size_t parent);           /* CHOICES_NONE: the roots */
size_t choices_child(const struct choices *choices, size_t parent, size_t n);
int choices_depth(const struct choices *choices, size_t i);

/* How well a choice matches a query, best first. */
enum choice_rank {
    CHOICE_EXACT,       /* label or value is the query */
    CHOICE_PREFIX,      /* starts with it */
    CHOICE_PHRASE,      /* contains it as it was typed */
    CHOICE_WORDS,       /* contains every word of it */
    CHOICE_RANKS,
};

struct choice_match {
    uint32_t choice;
    enum choice_rank rank;
};

/*
 * Search one slice: examine up to `slice` choices from *next on, write up to `most` matches into `found`, advance *next and
 * return the number of matches. The search is complete when *next == choices_count(). `query` is folded (base/glyph.h).
 * Every word of it must occur in label or value; case and accents are ignored. An empty query matches all alike.
 */
size_t choices_search(const struct choices *choices, const char *query, size_t *next, size_t slice, struct choice_match *found, size_t most);
/* The index of the choice most like `text` (glyph_likeness), or CHOICES_NONE below `least` (0 to 100). Fast at 20 000. */
size_t choices_likest(const struct choices *choices, const char *text, int least);

#endif
