/*
 * kind - what may be answered: one row each. How it is asked is the control, which the kind names.
 */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

#include <stdbool.h>

#include "base/choices.h"
#include "base/problem.h"
#include "base/value.h"

enum kind {
    KIND_TEXT, KIND_EMAIL, KIND_PHONE, KIND_HOST, KIND_URL, KIND_IDENTIFIER,
    KIND_NUMBER,    /* whole; text of digits */
    KIND_MONEY,     /* decimal text, up to 2 decimals, not negative */
    KIND_RATE,      /* decimal text, percent 0 to 100, up to 4 decimals */
    KIND_YESNO, KIND_ONE, KIND_MANY,
    KIND_DATE,      /* 2026-11-20 */
    KIND_TIME,      /* 23:59 */
    KIND_SECRET,
    KIND_TABLE,     /* a list of maps, told apart by the key column */
    KIND_MAP,       /* left value -> right value */
    KIND_TREE,      /* one of a hierarchy */
    KIND_DESCRIBED, /* stands for fields that the service describes; never seen by a front end */
    KIND_COUNT
};

/* How a front end asks. */
enum control {
    CONTROL_LINE, CONTROL_SECRET, CONTROL_YESNO, CONTROL_ONE, CONTROL_MANY, CONTROL_TABLE, CONTROL_MAP, CONTROL_TREE,
    CONTROL_NOTE    /* only shown */
};

struct field;

const char *kind_word(enum kind kind);                  /* as in a description */
bool kind_named(const char *word, enum kind *kind);
enum control kind_control(enum kind kind);
const char *kind_expects(enum kind kind);               /* "a whole number": for messages and help */
const char *const *kind_words(void);                    /* all, ends with NULL: for "did you mean" */

/*
 * Checks one given value of a field and brings it to its one written form (blanks trimmed, "WA" for "washington" of a
 * one-of, "7.5" for " 7.50"? no: decimals stay as typed but for blanks and a leading zero). `value` may be changed or
 * replaced; on failure it is as it was. All problems are added, with field, row and the value's mark; false if there was any.
 *
 * choices  the field's, NULL while they are not known: then membership is not checked
 * left     for a map the left-hand choices, else NULL
 * An empty value is good here; whether it is required is the caller's affair.
 */
bool kind_check(const struct field *field, const char *name, struct value **value, const struct choices *choices,
                const struct choices *left, struct problems *problems);

/*
 * The one spelling of a text that services may store in another: case of hosts and addresses, NFC, punctuation of phone numbers, a
 * time of zero behind a date, decimals. For comparison only: an answer keeps its own spelling. Yours.
 */
char *kind_plain(enum kind kind, const char *text);
/* Whether two texts are the same answer of this kind. The only place that decides it. */
bool kind_same(enum kind kind, const char *a, const char *b);

#endif
