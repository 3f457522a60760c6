/*
 * The full screen in this process: its terminal is a pseudo-terminal seen through libvterm. Views are shown, keys typed,
 * and the events that come out taken by hand.
 */
#ifndef SUPPORT_STAGE_H
#define SUPPORT_STAGE_H

#include "support/check.h"

#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

#include "base/mem.h"
#include "core/view.h"
#include "tui/tui.h"

struct stage {
    int master, slave, in, out;
    VTerm *terminal;
    VTermScreen *screen;
    struct ui *ui;
    struct event event;     /* the last one taken */
    size_t events;
    size_t bytes;           /* written to the terminal by the last drain */
    struct text raw;        /* all that was written */
    struct text sent;       /* by the last drain */
};

/* All that was written so far: a NUL, which terminals ignore, is sent behind it to know its end. */
static inline void drain(struct stage *stage)
{
    char bytes[8192];
    ssize_t got;
    stage->bytes = 0;
    text_empty(&stage->sent);
    assert_int_equal(write(stage->slave, "", 1), 1);
    do {
        got = read(stage->master, bytes, sizeof bytes);
        assert_true(got > 0);
        size_t size = (size_t)got - (bytes[got - 1] == '\0');
        vterm_input_write(stage->terminal, bytes, size);
        text_add_bytes(&stage->raw, bytes, size);
        text_add_bytes(&stage->sent, bytes, size);
        stage->bytes += size;
    } while (bytes[got - 1] != '\0');
}

/* A model of that size, with nothing on it. libvterm does not bear resizing to a few cells, so it is made anew. */
static inline void stage_model(struct stage *stage, int rows, int columns)
{
    if (stage->terminal)
        vterm_free(stage->terminal);
    stage->terminal = vterm_new(rows && columns ? rows : 24, rows && columns ? columns : 80);
    vterm_set_utf8(stage->terminal, 1);
    stage->screen = vterm_obtain_screen(stage->terminal);
    vterm_screen_enable_altscreen(stage->screen, 1);
    vterm_screen_reset(stage->screen, 1);
}

static inline void stage_open_as(struct stage *stage, int rows, int columns, const char *term, const char *locale,
                                 const struct tui_options *options)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    struct problem why = {0};
    setenv("TERM", term, 1);
    setenv("LC_ALL", locale, 1);
    *stage = (struct stage){.in = dup(0), .out = dup(1)};
    fflush(stdout);
    assert_int_equal(openpty(&stage->master, &stage->slave, NULL, NULL, &size), 0);
    dup2(stage->slave, 0);
    dup2(stage->slave, 1);
    stage_model(stage, rows, columns);
    stage->ui = tui_new(options, &why);
    assert_non_null(stage->ui);
}

static inline void stage_open(struct stage *stage, int rows, int columns)
{
    stage_open_as(stage, rows, columns, "xterm-256color", "C.UTF-8", &(struct tui_options){0});
}

static inline void stage_close(struct stage *stage)
{
    stage->ui->close(stage->ui);
    drain(stage);
    dup2(stage->in, 0);
    dup2(stage->out, 1);
    int fds[] = {stage->master, stage->slave, stage->in, stage->out};
    for (size_t i = 0; i < LENGTH(fds); i++)
        close(fds[i]);
    vterm_free(stage->terminal);
    text_clear(&stage->raw);
    text_clear(&stage->sent);
}

static inline void show(struct stage *stage, const struct view *view)
{
    stage->ui->show(stage->ui, view);
    drain(stage);
}

static inline void stage_show(struct stage *stage, const struct view *view)
{
    stage_open(stage, 24, 80);
    show(stage, view);
}

/* Types, and takes all events; after each the same view is shown, as if the core had nothing to say. */
static inline void type(struct stage *stage, const struct view *view, const char *bytes)
{
    struct event event;
    assert_int_equal(write(stage->master, bytes, strlen(bytes)), strlen(bytes));
    stage->events = 0;
    while (stage->ui->take(stage->ui, &event)) {
        stage->event = event;
        stage->events++;
        stage->ui->show(stage->ui, view);
        if (event.kind != EVENT_FOCUS && event.kind != EVENT_DRAFT)
            break;
    }
    drain(stage);
}

static inline bool sees(struct stage *stage, const char *text)
{
    int rows, columns;
    vterm_get_size(stage->terminal, &rows, &columns);
    for (int row = 0; row < rows; row++) {
        char line[2048];
        VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = columns};
        size_t size = vterm_screen_get_text(stage->screen, line, sizeof line - 1, rect);
        line[size] = '\0';
        if (strstr(line, text))
            return true;
    }
    return false;
}

#endif
