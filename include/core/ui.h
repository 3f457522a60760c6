/*
 * ui - what a front end is: four functions and a descriptor to wait for.
 *
 * After each update the app calls show, then take until it says no, since curses may hold keys that poll cannot see.
 */
#ifndef CORE_UI_H
#define CORE_UI_H

#include <stdbool.h>

#include "core/event.h"
#include "core/view.h"

struct ui {
    /* Shows a view. It is borrowed until the next show; the front end keeps what it needs of its own (focus, scroll, edits). */
    void (*show)(struct ui *ui, const struct view *view);
    /* The next intent, false when there is none now. What the event points to lives until the next take. */
    bool (*take)(struct ui *ui, struct event *event);
    void (*resize)(struct ui *ui);              /* the terminal's size changed; may be NULL */
    /* Ctrl-Z, or SIGTSTP: give the terminal back, stop the program; when continued, take the terminal again. May be NULL. */
    void (*suspend)(struct ui *ui);
    void (*interrupt)(struct ui *ui);           /* Ctrl-C was typed: ask whether to exit, then take(). NULL: exit */
    void (*close)(struct ui *ui);               /* gives the terminal back and frees */
    /* Milliseconds after which take wants to be called though nothing was read (Esc, countdowns); -1: never. May be NULL. */
    int (*patience)(struct ui *ui);
    int fd;                                     /* readable: take; -1: none */
    bool ended;                                 /* input is at its end (EOF, EIO): the app sends EVENT_HANGUP or EVENT_QUIT */
    bool hung_up;                               /* that, because the terminal is gone: the signal that says so may come later, or never */
    int output_error;                           /* errno of output that could not be written; 0: none. `ended` is set then, too */
    bool interrupted;                           /* the user insisted (Ctrl-C twice): the exit status is that of an interrupt */
    bool switch_ui;                             /* the user asked for the other front end (F4, Ctrl-T) */
    void *own;
};

#endif
