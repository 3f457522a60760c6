/*
 * checklist - the description of what is asked: steps, fields, checks and their words, read from assets/checklists/.
 *
 * assets/README.md tells the words. Read strictly: unknown words, wrong types and dangling names are problems with file,
 * line, column, the line and the nearest right word; all of them are gathered.
 */
#ifndef MODEL_CHECKLIST_H
#define MODEL_CHECKLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/choices.h"
#include "base/problem.h"
#include "base/value.h"
#include "model/kind.h"
#include "model/scope.h"

struct field {
    const char *name;           /* dotted; for a column its short name */
    const char *label;
    const char *help;           /* what it is for; NULL if none */
    const char *who;            /* who usually knows the answer; NULL: who knows the step's */
    const char *say;            /* what is allowed: words for "Give ...", or a sentence of its own; NULL: kind_expects() */
    enum kind kind;
    bool required;
    struct value *initial;      /* `default` as the answer it stands for, owned; NULL if none */
    long min, max;              /* number: bounds; text: characters; table, map, many: rows; 0 both: none */
    const char *pattern;        /* POSIX extended, anchored at both ends; NULL */
    const char *choices;        /* name of a set: fixed in the checklist, or offered by the service; may hold {braces} */
    const char *keys;           /* map: name of the set on the left */
    struct choices *fixed;      /* the set `choices` when the checklist itself lists it; NULL: the service offers it */
    struct choices *fixed_keys; /* the same for `keys` */
    const char *among;          /* only choices that this many-of answer has too; NULL */
    const char *key;            /* table: the column that tells rows apart */
    struct field *columns;      /* table */
    size_t column_count;
    const struct value *when;   /* condition; NULL: always */
    const char *each;           /* stands once for each of: an answer (many-of) or a set of choices; NULL */
    const char *as;             /* the name that `each` binds, for braces */
    const struct value *source; /* the field as it was read, for where each of its words stands; NULL when the service described it */
    struct mark mark;
};

enum check_kind {
    CHECK_COMMAND,          /* runs the argument list at `from` of the configuration */
    CHECK_SERVICE_USER,     /* the service user's credentials reach the Internet */
    CHECK_SERVICE,          /* name, TCP, proxy, TLS, clock, API version: each its own line */
};

struct check {
    const char *id;
    const char *label;
    enum check_kind kind;
    const char *from;   /* CHECK_COMMAND: dotted name in the configuration */
    const char *expect; /* CHECK_COMMAND: the first word printed must be this; NULL: exit status 0 is enough */
    const char *remedy; /* what to do when it fails; may have several lines (T-SQL) */
    const char *who;    /* who can mend it; NULL: who knows the step's */
    const char *unset;  /* what to say when it is not configured */
    struct mark mark;
};

enum action_kind { ACTION_PLAIN, ACTION_COMPARE, ACTION_RENEW, ACTION_SIGN_OUT };

/* Asked about, then its operations are run, then the program does its own part. */
struct action {
    const char *id;
    const char *label;
    const char *help;
    const char *confirm;        /* what is asked before; NULL */
    const char *type;           /* name of the answer that must be typed before; NULL */
    const struct value *run;    /* list of operation names; may be NULL */
    enum action_kind kind;
    bool forget;                /* what the service was sent and has told counts no more */
    const char *open;           /* path on the service's web site whose address is shown; NULL */
    const struct value *when;
    const struct value *done_when;  /* condition on what the step's `load` reads afterwards; NULL: it is not read */
    const char *done;           /* what to say when it is done; NULL */
    struct mark mark;
};

enum step_kind { STEP_FORM, STEP_CHECKS, STEP_SIGN_IN, STEP_SIGN_OUT, STEP_ACTIONS };

struct step {
    const char *id;
    const char *section;
    const char *title;
    const char *guide;
    enum step_kind kind;
    const char *who;            /* who usually has what is asked here; NULL if nobody in particular */
    const char *submit;         /* label of the way on; NULL: "Save and send" */
    const struct value *needs;  /* list of step ids that must be done before this one is sent; may be NULL */
    const struct value *when;
    const struct value *load;   /* list of operation names, run when the step is opened; may be NULL */
    const struct value *save;   /* list of operation names, run in order when it is submitted; may be NULL */
    struct field *fields;
    size_t field_count;
    struct check *checks;
    size_t check_count;
    struct action *actions;
    size_t action_count;
    struct mark mark;
};

struct checklist {
    struct value *root;             /* as it was read; all texts and values here and below are borrowed from it, but for those said to be owned */
    const char *id;
    const char *title;
    const char *service;            /* the service description it goes with: its name, or the path of its file */
    struct mark service_mark;
    const struct value *heading;    /* names of the answers shown in the heading of the home screen: account.organization; may be NULL */
    const struct value *available;  /* condition on the configuration */
    const char *unavailable;        /* what to say when it does not hold */
    const struct value *sets;       /* fixed choices: set name -> map value -> label, or list of values */
    const struct value *after;      /* list of sentences: what comes next, shown at the end */
    struct value *defaults;         /* owned: of all fields that have one, nested as answers are */
    struct step *steps;
    size_t step_count;
};

struct service;

/* NULL and problems (PROBLEM_CONFIG) on failure. */
struct checklist *checklist_read(const char *path, struct problems *problems);
/* The same, but with faults too, as long as enough is whole to hold it against its service: to tell all faults at once. */
struct checklist *checklist_read_faulty(const char *path, struct problems *problems);
void checklist_free(struct checklist *checklist);
/* Whether `service` is the path of a file instead of a name. */
bool checklist_names_file(const struct checklist *checklist);
/* Names that hang in the air between the two: operations, $names, sets that nobody offers. */
bool checklist_fits(const struct checklist *checklist, const char *path, const struct service *service, const char *service_path,
                    struct problems *problems);

const struct step *checklist_step(const struct checklist *checklist, const char *id);   /* NULL if none */
/* The field a full name belongs to, expanded names included ("attributes.map.ebay" -> attributes.map); its step too. */
const struct field *checklist_field(const struct checklist *checklist, const char *name, const struct step **step);
/* A fresh set of choices for a fixed set, or NULL if the name is not one. */
struct choices *checklist_set(const struct checklist *checklist, const char *name);

/*
 * Checks an answers file (nested as dotted names say) without the service: unknown names with the nearest right one,
 * shapes, kinds, fixed choices, required columns, and required fields (of steps that apply) that are missing. Secrets may be
 * {file: PATH}, {credential: NAME} or {env: NAME}. All problems at once, with marks; `name` is the file's name.
 *
 * signs_in     the fields of a sign-in are required too; false where a token is given, which replaces them
 */
bool checklist_check_answers(const struct checklist *checklist, const struct value *answers, const struct value *config,
                             const char *name, bool signs_in, struct problems *problems);

/*
 * The fields of a step as they stand now: conditions asked, `each` and described fields spelled out.
 */
struct field_use {
    const struct field *field;      /* as described; for a described one see `own` */
    struct field *own;              /* made for this use; NULL unless spelled out of the service's description: */
    struct value *told;             /* that, which its texts are borrowed from */
    char *name;                     /* full */
    char *label;
    char *group;                    /* heading above: the label of the `each` item; NULL */
    char *set;                      /* expanded name of its choices; NULL if none, or not known yet */
    char *keys;                     /* the same for the left side of a map */
    struct value *bound;            /* what `each` bound; NULL */
};

struct field_uses {
    struct field_use *items;
    size_t count;
};

/* How the caller lends sets by name; NULL while not known. */
typedef const struct choices *(*choices_lend)(void *user, const char *set);

void checklist_uses(const struct checklist *checklist, const struct step *step, const struct scope *scope, choices_lend lend,
                    void *user, struct field_uses *uses);
void field_uses_clear(struct field_uses *uses);
/* The sets named by `each` and by uses that are still unknown: what must be asked from the service first. List of texts, yours. */
struct value *checklist_wanted_sets(const struct checklist *checklist, const struct step *step, const struct scope *scope,
                                    choices_lend lend, void *user);

/* The column that names another row of the same table as its parent; NULL: the table is no tree. */
const struct field *table_parent(const struct field *table);

/* "Give ..." for a field: its `say`, or what its kind expects. */
const char *field_says(const struct field *field);

#endif
