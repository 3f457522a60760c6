/*
 * A program in a pseudo-terminal, with what it costs: bytes, time until something is seen, memory, libraries.
 */
#ifndef BENCH_PTY_H
#define BENCH_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <vterm.h>

struct pty {
    pid_t pid;
    int fd;
    VTerm *terminal;
    VTermScreen *screen;
    double started;         /* ms */
    size_t bytes;           /* since it was last set to 0 */
    double first, last;     /* when the first and the last of them came */
};

double pty_now(void);       /* ms */
/* The first word of `command` is looked for in PATH. `input`: a file for its standard input, or NULL: the terminal. */
void pty_start(struct pty *pty, const char *const *command, const char *input);
/* Until `text` is on the screen: true; false when it is not after limit_ms. */
bool pty_wait(struct pty *pty, const char *text, int limit_ms);
/* Until nothing has come for quiet_ms. */
void pty_settle(struct pty *pty, int quiet_ms);
/* Writes keys and waits for what comes of them: bytes, and ms until the first and the last of them. */
void pty_keys(struct pty *pty, const char *keys, int quiet_ms, size_t *bytes, double *first, double *last);
/* Of the process and all below it: kB of PSS, and distinct shared libraries. */
long pty_pss(const struct pty *pty);
int pty_libraries(const struct pty *pty);
void pty_end(struct pty *pty);

#endif
