/*
 * A person at the real program: types in full screen or line mode, on a pseudo-terminal, and looks before each key.
 *
 *      place_new(&here, NULL);
 *      open_terminal(&terminal, "xterm-256color", words);     words of the command line, NULL at the end
 *      fill(&terminal, "ZIP code", "98052");
 */
#ifndef SUPPORT_TYPIST_H
#define SUPPORT_TYPIST_H

#define PATIENCE_MS 20000
#include "support/place.h"
#include "support/program.h"

static struct place here;
static const char *const *words;

static inline void live(int made, int report)
{
    (void)made;
    (void)report;
    setenv("LC_ALL", "C.UTF-8", 1);
    place_exec(&here, words);
}

static inline void open_terminal(struct terminal *terminal, const char *term, const char *const *with)
{
    words = with;
    start(terminal, live, 0, term, 24, 80);
}

/* It leaves by itself, with this exit status; -SIGKILL when it was killed. */
static inline void wait_left(struct terminal *terminal, int wanted)
{
    assert_int_equal(wait_ended(terminal, "leaving"), wanted);
    forget(terminal);
}

/* Until nothing has come for so long: what is being painted is painted to its end. */
static inline void settle(struct terminal *terminal, int ms)
{
    while (receive(terminal, ms))
        ;
}

/* Enter, not before a person could: behind a burst of characters it would be taken for a paste (terminal.md T3). */
static inline void enter(struct terminal *terminal)
{
    settle(terminal, 60);
    type(terminal, "\r");
}

/* Tab or Back-Tab until the cursor is in the row of that label. */
static inline void focus(struct terminal *terminal, const char *label)
{
    wait_shown(terminal, label);
    settle(terminal, 20);
    for (int i = 0; i < 40 && cursor_row(terminal) != row_of(terminal, label); i++) {
        int from = cursor_row(terminal);
        int64_t until = now_ms() + PATIENCE_MS;
        type(terminal, row_of(terminal, label) < from ? "\033[Z" : "\t");
        while (cursor_row(terminal) == from && now_ms() < until)
            receive(terminal, 20);
        settle(terminal, 20);
    }
    wait_cursor_at(terminal, label);
}

static inline void fill(struct terminal *terminal, const char *label, const char *text)
{
    focus(terminal, label);
    type(terminal, text);
    wait_shown(terminal, text);
}

static inline void fill_secret(struct terminal *terminal, const char *label, const char *text)
{
    char *told = text_format("%zu characters", strlen(text));
    focus(terminal, label);
    type(terminal, text);
    wait_shown(terminal, told);
    free(told);
}

/* Opens the list at a label, types what filters it to one choice, takes that. */
static inline void choose(struct terminal *terminal, const char *label, const char *filter, const char *choice)
{
    char *marked = text_format("> %s", choice);
    focus(terminal, label);
    enter(terminal);
    wait_shown(terminal, "Filter:");
    type(terminal, filter);
    wait_shown(terminal, marked);
    enter(terminal);
    wait_gone(terminal, "Filter:");
    free(marked);
}

static inline void say(struct terminal *terminal, const char *wanted, const char *typed)
{
    wait_shown(terminal, wanted);
    type(terminal, typed);
}

#endif
