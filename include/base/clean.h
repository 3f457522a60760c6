/*
 * clean - the one sanitiser: all text from files, people and services passes it before any screen, line or log.
 *
 * Control characters and escapes come out visible as <1B>; direction overrides and zero-width characters are dropped
 * in prose and visible as <202E> in names; at most two combining marks stay on one base; bytes that are not UTF-8
 * come out as <FF>. Newlines and tabs become one blank, except newlines in CLEAN_PAGE.
 */
#ifndef BASE_CLEAN_H
#define BASE_CLEAN_H

#include "base/text.h"

enum clean {
    CLEAN_PROSE,    /* sentences, labels */
    CLEAN_NAME,     /* names, addresses, codes: nothing may hide */
    CLEAN_PAGE,     /* prose of several lines */
};

void clean_add(struct text *out, const char *text, enum clean how);     /* NULL adds nothing */
char *clean_copy(const char *text, enum clean how);                     /* yours */
/* Cut by columns, with an ellipsis as the last column when something was cut ("…", or "~" if !utf8). Yours. */
char *clean_cut(const char *text, int columns, enum clean how, bool utf8);

#endif
