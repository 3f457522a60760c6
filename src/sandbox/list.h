/*
 * list - answers with a page of a list: ?q= searches, ?page_size= and ?cursor= walk, Link tells the next page.
 */
#ifndef SANDBOX_LIST_H
#define SANDBOX_LIST_H

#include "call.h"
#include "catalogue.h"

enum { PAGE_DEFAULT = 100, PAGE_MOST = 1000 };

/* From a catalogue: the cursor is where to go on and the total, so that only the first page of a search counts. */
void list_answer_catalogue(struct call *call, const struct catalogue *catalogue);
/* From rows ordered by their member `key`: the cursor is the last key, so rows that come and go disturb nothing. Takes `rows`. */
void list_answer_rows(struct call *call, struct value *rows, const char *key);

#endif
