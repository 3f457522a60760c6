/*
 * value - the one tree for everything read or written: text, list or map.
 *
 *      struct value *answers = value_new_map();
 *      value_set(answers, "account.state", "WA");
 *      const char *state = value_text(answers, "account.state");
 *      value_free(answers);
 *
 * A scalar is its text exactly as written, and how it was written; what it means is the field kind's
 * affair. No floating point: numbers stay as they were written. Maps keep the order of first setting and find a name
 * without walking (they may hold tens of thousands).
 *
 * "At a path" means dotted names, a number picks an item of a list: "shipping.methods.0.code". "Member" means one
 * literal name, dots and all: for maps whose names came from people or from a service. In a path %2E stands for a dot
 * inside a name and %25 for a percent sign: value_segment() writes them.
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

enum value_kind { VALUE_TEXT, VALUE_LIST, VALUE_MAP };

/* How a text was written, so that a JSON body leaves as it should. */
enum scalar { SCALAR_TEXT, SCALAR_NUMBER, SCALAR_YESNO, SCALAR_NOTHING };

struct value {
    enum value_kind kind;
    enum scalar scalar;         /* of a VALUE_TEXT */
    bool damaged;               /* of a VALUE_TEXT: U+FFFD replaces what was not a character */
    char *text;                 /* UTF-8, of the same block; NULL unless VALUE_TEXT; "" for SCALAR_NOTHING */
    struct mark mark;           /* where in its file it was read */
    size_t count;               /* of a list or map */
    size_t room;
    struct value **items;       /* of a list or map */
    char **names;               /* of a map, beside items */
    struct mark *name_marks;    /* of a map read from a file, beside items; else NULL */
    struct value_index *index;  /* of a large map: private to value.c */
};

struct value *value_new_text(const char *text);                     /* NULL gives SCALAR_NOTHING */
struct value *value_new_scalar(enum scalar scalar, const char *text);
struct value *value_new_list(void);
struct value *value_new_map(void);
struct value *value_copy(const struct value *value);                /* yours; NULL gives NULL */
void value_free(struct value *value);                               /* texts are wiped first */

/*
 * Whether two values say the same: the order of map members and the type of scalars do not count; a boolean is the same as
 * another of the same meaning, a number as another of the same value; nothing, "", an empty list or map and a member that is
 * missing are the same; both may be NULL.
 */
bool value_equal(const struct value *a, const struct value *b);
bool value_is_empty(const struct value *value);     /* NULL, nothing, "", empty list or map */

/* Items and members. What is given in is owned by the container from then on; what comes out is borrowed. */
size_t value_count(const struct value *value);                      /* 0 for NULL and texts */
struct value *value_item(const struct value *value, size_t i);      /* of list or map; NULL beyond the end */
const char *value_name(const struct value *map, size_t i);
struct mark value_name_mark(const struct value *map, size_t i);
struct value *value_member(const struct value *map, const char *name);      /* NULL if there is none */
const char *value_member_text(const struct value *map, const char *name);   /* NULL unless a text */
struct value *value_put(struct value *map, const char *name, struct value *member);
struct value *value_put_text(struct value *map, const char *name, const char *text);    /* NULL text removes */
bool value_drop(struct value *map, const char *name);               /* false if there was none */
struct value *value_append(struct value *list, struct value *item);
struct value *value_insert(struct value *list, size_t i, struct value *item);
void value_remove(struct value *list, size_t i);

/* The members of a map in the order of those of `like` (NULL: none), what it lacks behind them in the order of names. */
void value_order(struct value *map, const struct value *like);

/* By path; maps on the way are made. */
struct value *value_at(const struct value *root, const char *path);
const char *value_text(const struct value *root, const char *path); /* NULL if missing, nothing, or not a text */
void value_set(struct value *root, const char *path, const char *text);     /* NULL text unsets */
void value_set_value(struct value *root, const char *path, struct value *owned);
void value_unset(struct value *root, const char *path);             /* maps left empty by it go too */

char *value_segment(const char *name);              /* a name as one segment of a path; yours */

/* 1 for yes and true, 0 for no and false, each also with capitals; -1 for anything else and NULL. */
int value_boolean(const struct value *value);
/* Whether `found` (NULL: nothing) is the scalar `wanted`, or one of the list `wanted`. */
bool value_is_one_of(const struct value *wanted, const struct value *found);
bool value_yes(const struct value *root, const char *path);         /* value_boolean() is 1 */
/* The item of a list of maps whose member `key` is `text`; its index in *at (may be NULL). NULL if none. */
struct value *value_find(const struct value *list, const char *key, const char *text, size_t *at);
bool value_list_has(const struct value *list, const char *text);
/* Lays `over` upon `under`: maps are merged, everything else is replaced. */
void value_merge(struct value *under, const struct value *over);

#endif
