/*
 * lock - what to do when another administrator has the checklist open.
 */
#ifndef APP_LOCK_H
#define APP_LOCK_H

#include "options.h"
#include "store/store.h"

/*
 * True: go on, with the lock (*taken) or only watching. Who opens the checklist by hand is asked, before any front end is
 * there, so that all offer the same: watch, take over, quit. Else, and after quit: false and PROBLEM_LATER, which names the holder.
 */
bool lock_settle(struct store *store, const struct options *options, const struct holder *holder, bool *taken, struct problem *why);

#endif
