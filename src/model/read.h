/*
 * read - reading a description strictly: unknown words, wrong shapes and missing words are problems with their place.
 *
 *      struct reader reader;
 *      struct value *root = reader_open(&reader, "assets/checklists/x.yaml", "a checklist", words, &problems);
 *      checklist->title = reader_text(&reader, root, "title", true);
 *      reader_close(&reader);
 *
 * What is read is borrowed from the document: who keeps it keeps that too.
 * Everything goes on after a fault, so that all of them are told at once.
 */
#ifndef MODEL_READ_H
#define MODEL_READ_H

#include <stdbool.h>

#include "base/problem.h"
#include "base/text.h"
#include "base/value.h"

struct reader {
    const char *name;           /* of the file */
    struct text bytes;          /* for the line at fault; may be empty */
    struct problems *problems;
    size_t before;              /* problems that were there before this file was read */
    bool unread;                /* the bytes are read when the first fault quotes them */
};

/*
 * The whole file, a map, its words looked at; yours. NULL when it cannot be read or is none: then that is among the problems.
 * Close the reader in any case.
 */
struct value *reader_open(struct reader *reader, const char *path, const char *what, const char *const *words, struct problems *problems);
/* For a document that is read already; the file is read once more when a fault quotes it, if it can be. */
void reader_reopen(struct reader *reader, const char *path, struct problems *problems);
bool reader_is_good(const struct reader *reader);
void reader_close(struct reader *reader);

/* Adds a problem at the mark; always false. reader_advise() says what to do about the one added last. */
bool reader_fault(struct reader *reader, struct mark mark, const char *format, ...) __attribute__((format(printf, 3, 4)));
void reader_advise(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `"chioces" is not WHAT. Did you mean "choices"?`: `words` ends with NULL. */
bool reader_unknown(struct reader *reader, struct mark mark, const char *word, const char *what, const char *const *words);

/* Whether it is a map that has only these names. */
bool reader_words(struct reader *reader, const struct value *map, const char *what, const char *const *words);
/* Whether it is a POSIX extended regular expression with at least so many groups. */
bool reader_pattern(struct reader *reader, struct mark mark, const char *pattern, size_t groups);
/* One text; NULL when it is missing or no text. */
const char *reader_text(struct reader *reader, const struct value *map, const char *name, bool required);
/* One of `words`: its index, or -1 when it is missing or none of them. */
int reader_word(struct reader *reader, const struct value *map, const char *name, const char *const *words);
bool reader_yes(struct reader *reader, const struct value *map, const char *name);      /* false when missing */
long reader_number(struct reader *reader, const struct value *map, const char *name, long missing);
/* A list of texts; NULL when missing or wrong. */
const struct value *reader_texts(struct reader *reader, const struct value *map, const char *name);
/* A map of name -> text or list of texts; NULL when missing or wrong. */
const struct value *reader_condition(struct reader *reader, const struct value *map, const char *name);
/* A list, for its items; NULL when missing or wrong. */
const struct value *reader_list(struct reader *reader, const struct value *map, const char *name);
/* A map; NULL when missing or wrong. */
const struct value *reader_map(struct reader *reader, const struct value *map, const char *name, const char *const *words);

/* Whether it is a JSON pointer (RFC 6901); those of a map that are there. */
bool reader_pointer(struct reader *reader, const struct value *pointer, const char *name);
void reader_pointers(struct reader *reader, const struct value *map, const char *const *names);

/* The names of a map as words for text_nearest(); free() the array, the words are borrowed. */
const char **map_words(const struct value *map);

#endif
