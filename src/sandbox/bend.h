/*
 * bend - right answers made into ones that make no sense: JSON cut, wrapped, too deep, of wrong kinds, with texts that
 * nobody should show as they are.
 */
#ifndef SANDBOX_BEND_H
#define SANDBOX_BEND_H

#include "request.h"

enum bend {
    BEND_NONE,
    BEND_TRUNCATED,
    BEND_EMPTY,
    BEND_NULL,
    BEND_ARRAY,
    BEND_HTML,
    BEND_DEEP,
    BEND_ABYSS,
    BEND_BAD_UTF8,
    BEND_NUL,
    BEND_TWICE,
    BEND_MISSING,
    BEND_BIG_NUMBERS,
    BEND_HUGE_NUMBERS,
    BEND_NUMBERS_AS_TEXTS,
    BEND_TEXTS_AS_NUMBERS,
    BEND_TEXTS_AS_NULL,
    BEND_ESCAPES,
    BEND_CLIPBOARD,
    BEND_OVERRIDE,
    BEND_LONG_TEXTS,
    BEND_COUNT,
};

extern const char bend_help[];          /* the names of all, one on each line, with what they do */

enum bend bend_find(const char *name);  /* BEND_NONE if there is none of this name */
void bend_reply(struct reply *reply, enum bend bend);

#endif
