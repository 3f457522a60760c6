/*
 * edit - one line of text under the cursor, moved through by grapheme cluster.
 */
#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>

#include "base/text.h"
#include "key.h"

struct edit {
    struct text text;
    size_t at;          /* the cursor: a byte offset, always between clusters */
    size_t first;       /* the first cluster shown, when the text is wider than its place */
    char *before;       /* what Ctrl-U cleared last, for Ctrl-Y; NULL */
};

void edit_set(struct edit *edit, const char *text);         /* the cursor goes to the end */
void edit_clear(struct edit *edit);                         /* wipes and frees */
bool edit_insert(struct edit *edit, const char *bytes, size_t size);
/*
 * Insert the bytes without newlines, tabs, control characters and outer blanks. With a byte that is no UTF-8, or one beyond
 * ASCII while `utf8` is false, nothing is inserted.
 */
enum pasted { PASTED_NOTHING, PASTED_LESS, PASTED_ALL };
enum pasted edit_paste(struct edit *edit, const char *bytes, size_t size, bool utf8);
/* What a key means to a line; false when it means nothing to it. *changed: the text is another one now. */
bool edit_key(struct edit *edit, const struct key *key, bool *changed);

/*
 * What is to be seen of it in so many columns, `<` and `>` where more is hidden. Yours. *cursor: its column.
 * masked: one `*` a character up to 12 and "n characters".
 */
char *edit_show(struct edit *edit, int columns, bool masked, int *cursor);

#endif
