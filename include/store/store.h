/*
 * store - state.yaml and credentials.yaml: loaded, saved safely, locked (reliability.md, section 1).
 *
 *      struct store *store = store_open("/var/lib/commerce-setup", &holder, &why);
 *      store_load(store, &state, &secrets, &warning, &why);
 *      store_save(store, state, secrets, &why);
 *      store_close(store);
 *
 * The folder is 0700 and ours, files are 0600 from birth, everything goes by *at calls on the folder that was opened.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/problem.h"
#include "base/value.h"

#define STORE_SCHEMA 1

struct store;

/* Who holds the lock, as written into state.lock. */
struct holder {
    pid_t pid;
    char *user, *tty, *client, *since;      /* client: SSH_CLIENT's address; may be NULL */
    char *boot_id;
    unsigned long long start_time;          /* field 22 of /proc/PID/stat, to see that the pid is still the same process */
};

void holder_clear(struct holder *holder);

/*
 * Opens the directory. `lock`: create it if it is missing, and take the lock; when another session has it the store opens read-only,
 * *taken is false and *holder tells who. Without `lock` nothing is written, and a missing directory holds nothing.
 * NULL and problem: PROBLEM_CREATE, PROBLEM_FILE (not ours, wrong mode, a symlink).
 */
struct store *store_open(const char *folder, bool lock, bool *taken, struct holder *holder, struct problem *why);
/*
 * Writes into the lock that is ours who we are, for others to read. Not done by store_open(): finding out takes longer than
 * locking, and who opens a screen can do it behind the first frame. Until then others read who was there before.
 */
void store_sign(const struct store *store);
/* HUP, then CONT, to the holder, which saves and leaves, also if it is suspended; waits up to `wait_ms` for the lock. */
bool store_take_over(struct store *store, const struct holder *holder, int wait_ms, struct problem *why);
bool store_is_locked(const struct store *store);    /* by us */
void store_close(struct store *store);

/*
 * Loads both. Missing files are empty maps. A damaged state: the previous one is used and *warning tells so; a newer
 * schema: PROBLEM_CONFIG; credentials with another mode than 0600 or another owner: PROBLEM_CONFIG. Values are yours.
 */
bool store_load(struct store *store, struct value **state, struct value **secrets, struct problem *warning, struct problem *why);

/* Whether another session has saved since the last load: for who watches. */
bool store_is_stale(const struct store *store);

/*
 * Saves what differs from what is on disk. Edited meanwhile by another: PROBLEM_FILE, nothing is overwritten. When it
 * returns true the bytes are safe on disk, the folder entry too. `schema` and `generation` are added here.
 */
bool store_save(struct store *store, const struct value *state, const struct value *secrets, struct problem *why);

/*
 * What was loaded is on disk, too: the run before this one may have been killed before it had synced the folder. The first
 * save does it, and to look at a store no disk need be waited for; who acts on what was loaded asks for it before.
 */
bool store_settle(struct store *store, struct problem *why);

/* Other small secret files of the same folder (tokens): same care. */
bool store_read_file(struct store *store, const char *name, struct value **value, struct problem *why);    /* missing: empty map */
/*
 * Renames a damaged one to NAME.damaged, told in *told with what was wrong: a new one may take its place. False: it is not
 * damaged, or cannot be renamed.
 */
bool store_set_aside(struct store *store, const char *name, struct problem *told);
bool store_write_file(struct store *store, const char *name, const struct value *value, struct problem *why);

/*
 * The exclusive lock that a file of the folder stands for, a descriptor: closing it, or the end of the process, gives it
 * up. The file is made when it is missing and never removed. -1: another has it, or it cannot be had (errno).
 */
bool store_may_write(const struct store *store);     /* as far as its mode and the file system say */
int store_lock_file(struct store *store, const char *name);

/* Where the folder is when nothing is said: /var/lib/commerce-setup for root, else $XDG_STATE_HOME or ~/.local/state. Yours; NULL and *why. */
char *store_default_folder(struct problem *why);

#endif
