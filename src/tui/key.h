/*
 * key - from bytes of a terminal to keys. Pure: it reads no clock and no descriptor.
 *
 *      keys_feed(&keys, bytes, size, now_ms);
 *      while (keys_next(&keys, now_ms, &key))
 *          ...
 *      wait for at most keys_patience(&keys, now_ms), then ask keys_next again: Esc alone may be due
 *
 * All spellings that terminals in use have for a key are known, whatever TERM says: people attach to one screen session
 * from several terminals. Other sequences are swallowed whole.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum key_kind {
    KEY_TEXT,           /* one character: text, size */
    KEY_PASTE,          /* text, size: as it came, newlines and all */
    KEY_REFUSED,        /* text, size: a byte that is no UTF-8, a control character, or one that cannot be shown */
    KEY_ENTER, KEY_TAB, KEY_BACK_TAB, KEY_BACKSPACE, KEY_DELETE, KEY_ESCAPE,
    KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_PAGE_UP, KEY_PAGE_DOWN,
    KEY_CONTROL,        /* number: the letter, 'a' to 'z' */
    KEY_FUNCTION,       /* number: 1 to 12 */
};

struct key {
    enum key_kind kind;
    int number;
    const char *text;   /* borrowed until the next call */
    size_t size;
};

struct keys {
    bool utf8;                  /* false: no locale of this machine can show more than ASCII */
    int escape_ms;              /* how long Esc waits for the rest of a sequence; 0 means 100 */
    struct text in;             /* bytes not yet understood start at `at` */
    size_t at;
    size_t looked;              /* up to there no paste was found */
    int64_t fed_ms;             /* when the last bytes came */
    int64_t burst_ms;           /* when the present burst of text began */
    size_t burst;               /* its characters so far */
    bool pasting;               /* within a bracketed paste */
    struct text paste;
};

void keys_feed(struct keys *keys, const char *bytes, size_t size, int64_t now_ms);
bool keys_next(struct keys *keys, int64_t now_ms, struct key *key);
int keys_patience(const struct keys *keys, int64_t now_ms);     /* milliseconds; -1: nothing is waited for */
bool keys_waiting(const struct keys *keys);                     /* bytes are left that keys_next may take */
void keys_clear(struct keys *keys);                             /* wipes: a password may have been typed */

#endif
