/*
 * clean - the one sanitiser: all text from files, people and services passes it before any screen, line or log.
 *
 * Control characters and escapes come out visible as <1B>; direction overrides and zero-width characters are dropped
 * in prose and visible as <202E> in names; at most two combining marks stay on one base; bytes that are not UTF-8
 * come out as <FF>. Newlines and tabs become one blank, except newlines in CLEAN_PAGE.
 */
#ifndef BASE_CLEAN_H
#define BASE_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum clean {
    CLEAN_PROSE,    /* sentences, labels */
    CLEAN_NAME,     /* names, addresses, codes: nothing may hide */
    CLEAN_PAGE,     /* prose of several lines */
};

/*
 * Return true if a terminal obeys the character, shows nothing for it or breaks the line at it: C0 and C1 controls, direction controls,
 * zero-width characters, tags, line separators, noncharacters. Writers of JSON and YAML escape these, so that the data stay as they are.
 */
bool clean_is_unsafe(uint32_t c);
void clean_add(struct text *out, const char *text, enum clean how);     /* NULL adds nothing */
char *clean_copy(const char *text, enum clean how);                     /* yours */
/* Cut by columns, with an ellipsis as the last column when something was cut ("…", or "~" if !utf8). Yours. */
char *clean_cut(const char *text, int columns, enum clean how, bool utf8);

#endif
