/*
 * kind_private - what the files of kind share: checking one value at one place.
 */
#ifndef MODEL_KIND_PRIVATE_H
#define MODEL_KIND_PRIVATE_H

#include "base/text.h"
#include "model/checklist.h"
#include "model/kind.h"

/* Where a value stands and what it may be. */
struct place {
    const struct field *field;
    const char *name;               /* full name of the field, or of a table's column */
    const char *row;                /* key of the row; NULL */
    struct mark mark;               /* where the value was read, if from a file */
    const struct choices *choices;  /* NULL while not known */
    const struct choices *left;     /* of a map */
    struct problems *problems;
};

/* Checks a value by its field's kind; see kind_check(). */
bool place_check(const struct place *place, struct value **value);
bool table_check(const struct place *place, struct value **value);
bool map_check(const struct place *place, struct value **value);
/* Whether a list or map has as many rows as the field allows. */
bool place_count(const struct place *place, const struct value *value);

/* Adds a problem here and gives false. place_advise() tells what to give instead, of the problem added last. */
bool place_fault(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));
void place_advise(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "Give 5 digits.", or the field's own sentence. */
void place_advise_field(const struct place *place);
/* The text as it may stand in a message: shortened; yours. */
char *place_quote(const char *text);

/* The one choice that a typed text means: its value, its label, or either in other letters if only one is so written. */
enum meant { MEANT_ONE, MEANT_NONE, MEANT_SEVERAL };
enum meant choice_meant(const struct choices *choices, const char *text, size_t *at);
/* Brings a text to the value of its choice. While the choices are not known or not complete anything goes. */
bool choice_check(const struct place *place, const struct choices *choices, const char *what, char **text);

/*
 * The written forms: whether a trimmed text is one, and how it is written (added to `out`). Only the look: bounds and patterns
 * are the field's.
 */
bool form_email(const char *text, struct text *out);
bool form_phone(const char *text, struct text *out);
bool form_host(const char *text, struct text *out);
bool form_url(const char *text, struct text *out);
bool form_identifier(const char *text, struct text *out);
bool form_number(const char *text, struct text *out);
bool form_money(const char *text, struct text *out);
bool form_rate(const char *text, struct text *out);
bool form_yesno(const char *text, struct text *out);
bool form_date(const char *text, struct text *out);
bool form_time(const char *text, struct text *out);
bool form_text(const char *text, struct text *out);

#endif
