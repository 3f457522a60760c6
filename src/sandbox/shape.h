/*
 * shape - what a body must look like, as tables, and all that is wrong with one at once.
 */
#ifndef SANDBOX_SHAPE_H
#define SANDBOX_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

enum shape_kind {
    SHAPE_TEXT,
    SHAPE_YESNO,
    SHAPE_OBJECT,   /* every member of `members` must be there, and no other */
    SHAPE_LIST,     /* of `members[0]` */
    SHAPE_TEXTS,    /* an object of any names, all with texts */
};

struct shape {
    const char *name;               /* of the member; NULL ends a table */
    enum shape_kind kind;
    bool nullable;
    size_t least, most;             /* characters of a text (0 most: 200), items of a list (0 most: 10 000) */
    const char *pattern;            /* extended regular expression that the whole text must match; NULL: any */
    const char *const *words;       /* the only texts allowed, NULL behind the last; NULL: any */
    bool (*known)(const char *text);
    const char *say;                /* what is wanted, as a sentence; NULL: told from the rest */
    const struct shape *members;
};

/* Adds to `faults` ({pointer, detail}) all that is wrong with `value`, which stands at `pointer`. */
void shape_check(const struct shape *shape, const struct value *value, const char *pointer, struct value *faults);
/* Any object of texts, numbers, yes/no, nothing, and lists of those: for --collection. */
void shape_check_flat(const struct value *value, struct value *faults);

extern const struct shape shape_of_account;
extern const struct shape shape_of_person;      /* who signs up */
extern const struct shape shape_of_credentials;
extern const struct shape shape_of_assignments;
extern const struct shape shape_of_shipping_method;
extern const struct shape shape_of_sales_tax;
extern const struct shape shape_of_attribute_map;
extern const struct shape shape_of_parameters;
extern const struct shape shape_of_activation;
extern const struct shape shape_of_nothing;     /* an object without members */
extern const struct shape shape_of_goodbye;     /* disconnection */

#endif
