/* What the files of the store share. */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include <sys/stat.h>

#include "store/store.h"

/* One file as it was when it was last read or written by us: another's edit shows in any of these. */
struct known {
    bool there;
    struct stat stat;
    char *text;             /* what it holds, so that an unchanged value writes nothing; NULL while not known */
    bool stale;             /* to be written even if nothing changed: damaged, or perhaps not safe on disk */
    bool damaged;           /* must not take the place of the good one before it */
};

struct store {
    char *path;
    int folder;             /* descriptor of the folder; all else goes by *at calls; -1: there is none yet */
    int lock;               /* descriptor of state.lock while we hold it; -1: not ours */
    bool settled;           /* store_settle() was done */
    long generation;
    struct known state, credentials;
};

/* folder.c */
/* create: make it where it is missing; otherwise folder stays -1, and everything in it is missing. */
bool folder_open(struct store *store, bool create, struct problem *why);
/* Reads a file of the folder, checked: regular, ours, not too large. `secret`: mode 0600 exactly. 1 read, 0 missing, -1 and *why. */
int folder_read(const struct store *store, const char *name, bool secret, struct text *out, struct stat *stat, struct problem *why);

/* save.c */
/* Describe from errno why the file cannot be saved. Always false, to be returned. */
bool cannot_save(const struct store *store, const char *name, struct problem *why);
/* `keep`: what is replaced stays as NAME.prev. */
bool save_file(struct store *store, const char *name, struct known *known, bool keep, const struct text *text, struct problem *why);
void known_set(struct known *known, const struct stat *stat, const char *text);
void known_clear(struct known *known);

/* lock.c */
bool lock_take(struct store *store, bool *taken, struct holder *holder, struct problem *why);

#endif
