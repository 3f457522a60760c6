/*
 * tui - the full screen.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "core/ui.h"

struct tui_options {
    bool ascii;             /* frames and marks of ASCII alone */
    int color;              /* -1 never, 0 auto (NO_COLOR obeyed), 1 always */
};

/* NULL and problem (PROBLEM_USAGE, 64) when TERM cannot do full screen (cup): then line mode is right. Signals of the terminal are the app's. */
struct ui *tui_new(const struct tui_options *options, struct problem *why);
/* Gives the terminal back from a signal handler: async-signal-safe, may be called many times. */
void tui_restore(void);

#endif
