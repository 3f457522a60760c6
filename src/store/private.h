/* What the files of the store share. */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include <sys/stat.h>

#include "store/store.h"

/* One file as it was when it was last read or written by us: another's edit shows in any of these. */
struct known {
    bool there;
    struct stat stat;
    char *text;             /* what it holds, so that an unchanged value writes nothing */
};

struct store {
    char *path;
    int folder;             /* descriptor of the folder; all else goes by *at calls */
    int lock;               /* descriptor of state.lock while we hold it; -1: not ours */
    long generation;
    bool newer;             /* written by a later program: read only */
    struct known state, credentials;
};

/* folder.c */
bool folder_open(struct store *store, struct problem *why);
/* Opens a file of the folder for reading, checked: regular, ours. `secret`: mode 0600 exactly. -1 with errno ENOENT: missing. */
int folder_read(const struct store *store, const char *name, bool secret, struct text *out, struct stat *stat, struct problem *why);

/* save.c */
bool save_file(struct store *store, const char *name, struct known *known, const struct text *text, struct problem *why);
void known_set(struct known *known, const struct stat *stat, const char *text);
void known_clear(struct known *known);

/* lock.c */
bool lock_take(struct store *store, bool *taken, struct holder *holder, struct problem *why);

#endif
