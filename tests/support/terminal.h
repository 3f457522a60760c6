/*
 * A terminal for tests: a program on a pseudo-terminal, what it shows seen through libvterm. Nothing sleeps: each wait is
 * for something to be seen or said, and fails with the screen printed.
 */
#ifndef SUPPORT_TERMINAL_H
#define SUPPORT_TERMINAL_H

#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "base/mem.h"
#include "base/text.h"
#include "support/check.h"

#ifndef PATIENCE_MS
#define PATIENCE_MS 5000
#endif

struct terminal {
    pid_t child;
    int fd, report;
    VTerm *vterm;
    VTermScreen *screen;
    size_t bytes;           /* received since it was last set to 0 */
    struct text raw;        /* all of them */
    struct text said;       /* what came through the pipe */
    int rows, columns;
};

/* `live` runs in the child, on the pseudo-terminal; what it writes to `report` is kept in `said`. */
static inline void start(struct terminal *terminal, void (*live)(int made, int report), int made, const char *term, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    int pipes[2];
    *terminal = (struct terminal){.rows = rows ? rows : 24, .columns = columns ? columns : 80};
    assert_int_equal(pipe(pipes), 0);
    terminal->child = forkpty(&terminal->fd, NULL, NULL, &size);
    assert_true(terminal->child >= 0);
    if (terminal->child == 0) {
        close(pipes[0]);
        setenv("TERM", term, 1);
        unsetenv("LINES");
        unsetenv("COLUMNS");
        unsetenv("NO_COLOR");
        live(made, pipes[1]);
        _exit(0);
    }
    close(pipes[1]);
    terminal->report = pipes[0];
    terminal->vterm = vterm_new(terminal->rows, terminal->columns);
    vterm_set_utf8(terminal->vterm, 1);
    terminal->screen = vterm_obtain_screen(terminal->vterm);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_reset(terminal->screen, 1);
}

static inline int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Takes in what the child wrote, waiting for up to `ms`. False when there was nothing. */
static inline bool receive(struct terminal *terminal, int ms)
{
    struct pollfd both[2] = {{.fd = terminal->fd, .events = POLLIN}, {.fd = terminal->report, .events = POLLIN}};
    char bytes[8192];
    bool got = false;
    if (poll(both, 2, ms) <= 0)
        return false;
    if (both[0].revents & POLLIN) {
        ssize_t size = read(terminal->fd, bytes, sizeof bytes);
        if (size > 0) {
            vterm_input_write(terminal->vterm, bytes, (size_t)size);
            terminal->bytes += (size_t)size;
            text_add_bytes(&terminal->raw, bytes, (size_t)size);
            got = true;
        }
    }
    if (both[1].revents & POLLIN) {
        ssize_t size = read(terminal->report, bytes, sizeof bytes);
        if (size > 0) {
            text_add_bytes(&terminal->said, bytes, (size_t)size);
            got = true;
        }
    }
    return got;
}

static inline char *row_text(struct terminal *terminal, int row)
{
    char *text = mem_new((size_t)terminal->columns * 24 + 1);
    VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = terminal->columns};
    vterm_screen_get_text(terminal->screen, text, (size_t)terminal->columns * 24, rect);
    return text;
}

/* The row a text is in; -1 when it is nowhere. */
static inline int row_of(struct terminal *terminal, const char *wanted)
{
    for (int row = 0; row < terminal->rows; row++) {
        char *text = row_text(terminal, row);
        bool found = strstr(text, wanted) != NULL;
        free(text);
        if (found)
            return row;
    }
    return -1;
}

static inline void fail_with_screen(struct terminal *terminal, const char *wanted)
{
    for (int row = 0; row < terminal->rows; row++) {
        char *text = row_text(terminal, row);
        fprintf(stderr, "|%s\n", text);
        free(text);
    }
    fail_msg("not seen: %s; said so far: %s", wanted, text_bytes(&terminal->said));
}

static inline void wait_shown(struct terminal *terminal, const char *wanted)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (row_of(terminal, wanted) < 0)
        if (!receive(terminal, 100) && now_ms() > until)
            fail_with_screen(terminal, wanted);
}

static inline void wait_gone(struct terminal *terminal, const char *unwanted)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (row_of(terminal, unwanted) >= 0)
        if (!receive(terminal, 100) && now_ms() > until)
            fail_with_screen(terminal, unwanted);
}

static inline void wait_said(struct terminal *terminal, const char *wanted)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (!strstr(text_bytes(&terminal->said), wanted))
        if (!receive(terminal, 100) && now_ms() > until)
            fail_with_screen(terminal, wanted);
}

static inline int cursor_row(struct terminal *terminal)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &at);
    return at.row;
}

static inline void wait_cursor_at(struct terminal *terminal, const char *label)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (row_of(terminal, label) < 0 || cursor_row(terminal) != row_of(terminal, label))
        if (!receive(terminal, 100) && now_ms() > until)
            fail_with_screen(terminal, label);
}

static inline void type(struct terminal *terminal, const char *keys)
{
    assert_int_equal(write(terminal->fd, keys, strlen(keys)), (ssize_t)strlen(keys));
}

static inline void resize(struct terminal *terminal, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    terminal->rows = rows ? rows : 24;
    terminal->columns = columns ? columns : 80;
    vterm_set_size(terminal->vterm, terminal->rows, terminal->columns);
    ioctl(terminal->fd, TIOCSWINSZ, &size);
}

static inline void forget(struct terminal *terminal)
{
    vterm_free(terminal->vterm);
    text_clear(&terminal->raw);
    text_clear(&terminal->said);
    if (terminal->fd >= 0)
        close(terminal->fd);
    close(terminal->report);
}

/* Whether the last time that the mode was spoken of, it was switched on. */
static inline bool mode_is_on(struct terminal *terminal, const char *mode)
{
    char on[16], off[16];
    const char *bytes = text_bytes(&terminal->raw), *last = NULL;
    snprintf(on, sizeof on, "\033[?%sh", mode);
    snprintf(off, sizeof off, "\033[?%sl", mode);
    for (const char *at = bytes; (at = strstr(at, "\033[?")); at++)
        if (strncmp(at, on, strlen(on)) == 0 || strncmp(at, off, strlen(off)) == 0)
            last = at;
    return last && strncmp(last, on, strlen(on)) == 0;
}

/* Ctrl-C twice, and it must be gone with the terminal as before. */
static inline void end(struct terminal *terminal)
{
    int status = -1;
    type(terminal, "\003\003");
    wait_said(terminal, "closed");
    while (receive(terminal, 50))
        ;
    assert_int_equal(waitpid(terminal->child, &status, 0), terminal->child);
    assert_int_equal(status, 0);
    forget(terminal);
}

#endif
