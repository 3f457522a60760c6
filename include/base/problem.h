/*
 * problem - what went wrong, where, and what to do: one type for a typing slip and for a full disk.
 *
 *      answers.yaml:12:9: account.zip: "9805" is not a ZIP code. Give 5 digits, or 5 digits, a dash and 4 digits.
 *
 * It carries its parts, so that each front end can place them. `= {0}` is "no problem". Functions that can fail
 * return bool and take `struct problem *why` last; it is written on failure only and may be NULL.
 */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct mark {
    int line;       /* from 1; 0 when not from a file */
    int column;     /* from 1, in characters */
};

/* The kinds decide the exit status: problem_exit_status(). */
enum problem_kind {
    PROBLEM_NONE,
    PROBLEM_USAGE,          /* the command line */
    PROBLEM_ANSWER,         /* an answer is missing or not valid, or the service refused it */
    PROBLEM_UNREACHABLE,    /* no answer from the service */
    PROBLEM_INTERNAL,       /* our own fault */
    PROBLEM_CREATE,         /* a file or folder cannot be created */
    PROBLEM_FILE,           /* a file cannot be read or written */
    PROBLEM_LATER,          /* try again later: pending, or locked by someone */
    PROBLEM_SERVICE,        /* the service answered nonsense */
    PROBLEM_SIGN_IN,        /* sign-in needed, or refused */
    PROBLEM_CONFIG,         /* the configuration or a description is wrong, or forbids this */
    PROBLEM_CHANGED,        /* changed on the service since it was read: nothing was overwritten */
    PROBLEM_CHECK,          /* a prerequisite failed */
};

struct problem {
    enum problem_kind kind;
    char *field;            /* dotted name, or NULL when no field is to blame */
    char *label;            /* what the screens call that place, row included; NULL: not known */
    char *row;              /* the row's key when the field is a table or map, else NULL */
    char *file;             /* NULL when not from a file */
    struct mark mark;       /* line 0 when not from a file */
    char *text;             /* one sentence: what is wrong */
    char *advice;           /* one sentence: what to do; may be NULL */
    char *excerpt;          /* the line of the file at fault, for the caret; may be NULL */
    bool is_warning;        /* nothing failed: lint alone reports it */
};

struct problems {
    struct problem *items;
    size_t count;
};

/* Writes kind and text (printf-like); the rest is added by the functions below. Old contents are freed. */
void problem_set(struct problem *why, enum problem_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "PATH cannot be read: Permission denied", PROBLEM_FILE, from errno. Always false, to be returned. */
bool problem_errno(struct problem *why, const char *path, const char *what);
void problem_advise(struct problem *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
void problem_at_field(struct problem *why, const char *field, const char *row);
void problem_at(struct problem *why, const char *file, struct mark mark);
/* Cuts the marked line out of the file's bytes into `excerpt`. */
void problem_quote(struct problem *why, const char *bytes, size_t size);
void problem_clear(struct problem *why);
struct problem problem_copy(const struct problem *from);    /* the copy is yours */

/* One line: where, what, what to do. Sanitised (base/clean.h). */
void problem_line(const struct problem *problem, struct text *out);
/* The same, and below it the line of the file with a caret under the place, if there is an excerpt. */
void problem_page(const struct problem *problem, struct text *out);
/* The exit status of <sysexits.h> for a kind; 0 for PROBLEM_NONE, 4 for PROBLEM_CHANGED. */
int problem_exit_status(enum problem_kind kind);

void problems_add(struct problems *all, struct problem *one);   /* takes its contents; `one` is empty afterwards */
void problems_sort(struct problems *all);        /* of files in the order of their lines, file by file; the others stay in front */
void problems_clear(struct problems *all);
/* The first problem at this field (and row, unless NULL), or NULL; borrowed. */
const struct problem *problems_at(const struct problems *all, const char *field, const char *row);

#endif
