/* What choices.c, choices_tree.c and choices_search.c share. */
#ifndef CHOICES_PRIVATE_H
#define CHOICES_PRIVATE_H

#include "base/choices.h"

#define CHOICE_ROOT 0u          /* the parent of a root */

/* Offsets into `bytes`: with a million choices a pointer more is 8 MB more. */
struct choice {
    uint32_t value;
    uint32_t label;             /* may be the same */
    uint32_t parent;            /* CHOICE_ROOT: none */
};

/* Parents and children as numbers, made when first asked for. */
struct choices_tree {
    uint32_t *parents;          /* of each choice; CHOICE_NOBODY of a root. NULL: not made */
    uint32_t *starts;           /* where the children of choice i start; those of the roots at `count` */
    uint32_t *children;
};

#define CHOICE_NOBODY UINT32_MAX

/* Which choices have which pair of letters in their label, made when first asked for. */
struct choices_alike {
    uint32_t *starts;           /* of each bucket of pairs, in `holders`; NULL: not made */
    uint32_t *holders;          /* numbers of choices */
    uint8_t *sizes;             /* how many pairs each choice has */
    uint16_t *shared;           /* room to count in; all 0 between calls */
};

struct choices {
    char *bytes;                /* all names, each with its NUL */
    size_t size;
    size_t bytes_room;
    struct choice *entries;
    size_t count;
    size_t room;
    uint32_t *slots;            /* hash of values, 0 is free: slot_of() */
    uint32_t mask;              /* slots - 1 */
    size_t indexed;             /* so many of the entries are in the slots: settled() */
    uint32_t last_parent;
    bool has_parents;
    bool complete;
    struct value *extra;        /* NULL or a map: value -> what it says beyond */
    struct choices_tree *tree;  /* pointers, so that they can be made for a const struct choices */
    struct choices_alike *alike;
};

/* Something was added: what was made of the whole is no longer true. */
void choices_forget(struct choices *choices);
void choices_forget_tree(struct choices_tree *tree);
void choices_forget_alike(struct choices_alike *alike);

#endif
