/*
 * guard - the terminal is given back whatever happens (terminal.md T12).
 *
 * A small parent waits for the program proper, so that even SIGKILL leaves a usable terminal; crashes are handled by
 * the program itself on a stack of its own. INT, HUP, QUIT and TERM sent to the parent are forwarded; it waits for the program in
 * any case. `ps` and killall(1) know the parent as commerce-guard.
 */
#ifndef APP_GUARD_H
#define APP_GUARD_H

#include <stdbool.h>

#include "base/problem.h"

/*
 * Returns in the child, which is the program from then on; the parent never returns: it ends as the child did. `restore` is
 * called by a crash, and does nothing while no full screen is on. Does nothing where standard input is no terminal.
 */
void guard_start(void (*restore)(void));
/* The limit of open files, raised where that is allowed. False and *why: too low to work with. */
bool guard_descriptors(struct problem *why);
/* Before arguments are read: no core files, no ptrace, files private from birth. */
void guard_harden(void);

#endif
