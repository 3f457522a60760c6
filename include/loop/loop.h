/*
 * loop - one poll(2) for descriptors, timers and signals.
 *
 * Callbacks may watch, unwatch, set and cancel as they like, themselves too. Times are milliseconds of
 * CLOCK_BOOTTIME: they go on while the machine sleeps.
 */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

struct loop *loop_new(void);
void loop_free(struct loop *loop);

int64_t loop_now_ms(void);

/* Calls `ready` with the poll events seen. A descriptor is watched once; watching it again changes events and callback. */
void loop_watch(struct loop *loop, int fd, short events, void (*ready)(void *user, int fd, short seen), void *user);
void loop_unwatch(struct loop *loop, int fd);

/* Calls `due` once at or after the deadline. The number, never 0, cancels it; cancelling 0 or a past one does nothing. */
unsigned loop_timer(struct loop *loop, int64_t deadline_ms, void (*due)(void *user), void *user);
void loop_cancel(struct loop *loop, unsigned timer);

/* From now on `signal` is blocked and comes here (signalfd). Children must unblock: loop_child(). */
void loop_signal(struct loop *loop, int signal, void (*came)(void *user, int signal), void *user);
/* During `came`: whether the terminal sent the signal, such as by Ctrl-C, and not a process. */
bool loop_signal_typed(const struct loop *loop);
void loop_stop(void);       /* stop this program as Ctrl-Z does, also while SIGTSTP is blocked; return when it is continued */
void loop_child(void);      /* in a child after fork: signal mask and dispositions as a new program expects */

/* Calls `fork` result watcher when the child ends (pidfd); status as of waitpid. */
void loop_reap(struct loop *loop, int pid, void (*ended)(void *user, int pid, int status), void *user);

/* Waits for something for up to `timeout_ms` (-1: as long as it takes) and calls what is due. False when there is nothing to wait for. */
bool loop_turn(struct loop *loop, int timeout_ms);

#endif
