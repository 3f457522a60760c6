/*
 * line - one question at a time, append-only: for screen readers, serial lines, TERM=dumb (terminal.md T29).
 */
#ifndef LINE_LINE_H
#define LINE_LINE_H

#include "core/ui.h"

/* Reads `in`, writes `out`; both stay the caller's. Works with pipes too (tests, expect scripts). */
struct ui *line_new(int in, int out);

#endif
