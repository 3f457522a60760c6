/* The real program on a pseudo-terminal: support/terminal.h, and what a program of two processes adds to it. */
#ifndef SUPPORT_PROGRAM_H
#define SUPPORT_PROGRAM_H

#include <fcntl.h>
#include <signal.h>

#include "support/terminal.h"

/* Nobody answers at the address in it. */
#define PROGRAM_CONFIG ASSETS "/examples/config.yaml"

/* build/commerce-setup, of the same build as the test. */
static inline const char *program_path(void)
{
    static char program[4096];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 64);
    if (size <= 0)
        exit(1);
    program[size] = '\0';
    for (int i = 0; i < 3; i++)
        *strrchr(program, '/') = '\0';
    return strcat(program, "/commerce-setup");
}

/* The program proper, which the guardian waits for. */
static inline pid_t child_of(pid_t parent)
{
    char path[64], pids[64] = "";
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    int fd = open(path, O_RDONLY);
    ssize_t size = read(fd, pids, sizeof pids - 1);
    close(fd);
    assert_true(size > 0);
    return (pid_t)strtol(pids, NULL, 10);
}

/* Until the child has ended; what it still writes is taken in. */
static inline int wait_ended(struct terminal *terminal, const char *how)
{
    int64_t until = now_ms() + PATIENCE_MS;
    int status = 0;
    while (waitpid(terminal->child, &status, WNOHANG) == 0) {
        receive(terminal, 10);
        if (now_ms() > until)
            fail_msg("%s: it has not ended", how);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Ctrl-C twice, from wherever one is. Of two signals sent in one go the kernel delivers one. */
static inline void leave(struct terminal *terminal)
{
    type(terminal, "\003");
    wait_shown(terminal, "Exit?");
    type(terminal, "\003");
    assert_int_equal(wait_ended(terminal, "leaving"), 130);
    forget(terminal);
}

#endif
