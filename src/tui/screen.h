/*
 * screen - the terminal itself: rows and columns of text, put there by curses; bytes of keys, read without it.
 *
 * curses keeps one screen for the process, so there is one. Input is never read by curses: it would wait for Esc and
 * lose sequences that terminfo does not list.
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>
#include <wchar.h>

#include "base/problem.h"
#include "base/text.h"

enum look { LOOK_PLAIN = 0, LOOK_BOLD = 1, LOOK_UNDERLINE = 2, LOOK_REVERSE = 4, LOOK_BAD = 8, LOOK_BLACK_ON_WHITE = 16 };

void screen_restore(void);             /* as tui_restore() */
bool screen_open(bool color, struct problem *why);      /* false, and nothing changed, when this is no terminal with cup */
void screen_close(void);
void screen_size(int *rows, int *columns);
void screen_resize(void);               /* asks the terminal for its size; 0x0 means 80x24 */
void screen_erase(void);
/* Puts cleaned text there, cut at the last column or after `columns`; look: any of enum look. */
void screen_put(int row, int column, int columns, const char *text, int look);
void screen_rule(int row, int column, int columns, wchar_t sign);       /* that many of it, one column each */
void screen_show(int row, int column);  /* all that was put, with the cursor there */
void screen_redraw(void);               /* the next show draws everything anew */
void screen_suspend(void);              /* Ctrl-Z: comes back when continued */
bool screen_is_utf8(void);
bool screen_use_utf8(void);             /* the terminal has sent UTF-8: show it from now on; false if that cannot be done */
bool screen_has_white(void);            /* LOOK_BLACK_ON_WHITE can be told; also where colours are not wanted otherwise */
void screen_copy(const char *base64);   /* to the clipboard, by OSC 52: the terminal may ignore it */
void screen_leave(const char *text);    /* to the normal screen, with this text printed there; keys are read as before */
void screen_come_back(void);
/* Adds all bytes that wait; false at the end of input. */
bool screen_read(struct text *bytes);
bool screen_readable(void);

#endif
