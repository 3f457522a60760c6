/*
 * What the chooser's list holds: all of it, what the filter leaves, or the opened part of a tree. A search goes on in slices
 * between keys, so that a list of a million answers each key at once.
 */
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

#define LIKE 45         /* least likeness, in 100, of a suggestion for the right side of a map */
#define SLICE 2048
#define SLICE_MS 8      /* searched before keys are looked at again: half of what one notices */
#define DEEPEST 64

const struct control_view *pick_control(const struct tui *tui, const struct pick *pick)
{
    return pick->field ? view_control(tui->view, pick->field) : NULL;
}

const struct choices *pick_choices(const struct tui *tui, const struct pick *pick)
{
    const struct control_view *control = pick_control(tui, pick);
    if (pick->purpose == PICK_FIND)
        return tui->view->places;
    if (!control)
        return NULL;
    return pick->purpose == PICK_LEFT ? control->left : control->choices;
}

size_t pick_item(const struct pick *pick, size_t i)
{
    size_t rank = 0;
    if (pick->all)
        return i;
    while (rank + 1 < CHOICE_RANKS && i >= pick->found[rank].count)
        i -= pick->found[rank++].count;
    return pick->found[rank].items[i];
}

void pick_forget(struct pick *pick)
{
    for (size_t rank = 0; rank < CHOICE_RANKS; rank++) {
        free(pick->found[rank].items);
        pick->found[rank] = (struct found){0};
    }
    pick->count = 0;
}

bool pick_is_open(const struct pick *pick, size_t choice)
{
    return pick->opened && choice < pick->total && pick->opened[choice / 8] & 1u << choice % 8;
}

void pick_fold(struct pick *pick, size_t choice, bool open)
{
    if (!pick->opened)
        pick->opened = mem_new(pick->total / 8 + 1);
    if (open)
        pick->opened[choice / 8] |= (unsigned char)(1u << choice % 8);
    else
        pick->opened[choice / 8] &= (unsigned char)~(1u << choice % 8);
    pick->stale = true;
}

static void add_found(struct pick *pick, size_t choice, enum choice_rank rank)
{
    struct found *found = &pick->found[rank];
    if (found->count == found->room) {
        found->room = found->room ? 2 * found->room : 256;
        found->items = mem_resize(found->items, found->room * sizeof *found->items);
    }
    found->items[found->count++] = (uint32_t)choice;
    pick->count++;
    size_t before = 0;
    for (size_t i = 0; i <= rank; i++)
        before += pick->found[i].count;
    /* The cursor stays on its entry; at the top it stays on the best. */
    if (pick->at && pick->at + 1 < pick->count && before <= pick->at + 1)
        pick->at++;
}

/* The opened part of the tree as one list, children behind their parents. */
static void add_tree(struct pick *pick, const struct choices *choices)
{
    struct { size_t parent, n; } way[DEEPEST] = {{CHOICES_NONE, 0}};
    size_t depth = 1;
    while (depth) {
        size_t n = way[depth - 1].n++, above = way[depth - 1].parent;
        if (n >= choices_child_count(choices, above)) {
            depth--;
            continue;
        }
        size_t child = choices_child(choices, above, n);
        add_found(pick, child, CHOICE_PREFIX);
        if (depth < DEEPEST && pick_is_open(pick, child)) {
            way[depth].parent = child;
            way[depth++].n = 0;
        }
    }
}

/* What is most like the left side stands first. */
static void suggest(const struct control_view *control, struct pick *pick, const struct choices *choices)
{
    size_t best = choices_likest(choices, choices_label_of(control->left, pick->left), LIKE);
    struct found *found = &pick->found[CHOICE_PREFIX];      /* all of them: there is no filter */
    for (size_t i = 0; best != CHOICES_NONE && i < found->count; i++)
        if (found->items[i] == best) {
            memmove(found->items + 1, found->items, i * sizeof *found->items);
            found->items[0] = (uint32_t)best;
            return;
        }
}

static void search_slice(const struct tui *tui, struct pick *pick, const struct choices *choices)
{
    const struct control_view *control = pick->purpose == PICK_LEFT ? NULL : pick_control(tui, pick);
    struct choice_match found[SLICE];
    size_t count = choices_search(choices, pick->query, &pick->next, SLICE, found, SLICE);
    for (size_t i = 0; i < count; i++)
        if (!control || view_allows(control, pick->left, choices_value(choices, found[i].choice)))
            add_found(pick, found[i].choice, found[i].rank);
}

bool pick_search(const struct tui *tui, struct pick *pick)
{
    const struct choices *choices = pick_choices(tui, pick);
    const struct control_view *control = pick_control(tui, pick);
    int64_t until = tui_now_ms() + SLICE_MS;

    if (pick->next >= pick->total)
        return false;
    do
        search_slice(tui, pick, choices);
    while (pick->next < pick->total && tui_now_ms() < until);
    if (pick->next >= pick->total && pick->purpose == PICK_RIGHT && control && !*pick->query)
        suggest(control, pick, choices);
    return true;
}

void pick_refresh(struct tui *tui, struct pick *pick)
{
    const struct choices *choices = pick_choices(tui, pick);
    const struct control_view *control = pick_control(tui, pick);
    bool filtered = pick->filter.text.size > 0;
    if (!pick->stale)
        return;
    if (pick->total != choices_count(choices)) {    /* more came, and with it other numbers of what is opened */
        free(pick->opened);
        pick->opened = NULL;
    }
    pick->stale = false;
    pick->total = choices_count(choices);
    pick_forget(pick);
    pick->next = pick->total;
    bool tree = control && control->control == CONTROL_TREE;
    pick->all = !filtered && !tree && !(control && control->among) && pick->purpose != PICK_RIGHT;
    if (pick->all) {
        pick->count = pick->total;
    } else if (tree && !filtered) {
        add_tree(pick, choices);
    } else if (pick->total) {
        free(pick->query);
        pick->query = glyph_fold(text_bytes(&pick->filter.text));
        pick->next = 0;
        pick_search(tui, pick);
    }
    if (pick->at >= pick->count)
        pick->at = pick->count ? pick->count - 1 : 0;
}

void pick_go_to(struct tui *tui, struct pick *pick, const char *value)
{
    const struct choices *choices = pick_choices(tui, pick);
    size_t choice = choices_find(choices, value);
    pick_refresh(tui, pick);
    if (choice == CHOICES_NONE)
        return;
    if (!pick->filter.text.size) {
        for (size_t above = choices_parent(choices, choice); above != CHOICES_NONE; above = choices_parent(choices, above))
            pick_fold(pick, above, true);
        pick_refresh(tui, pick);
    }
    for (size_t i = 0; i < pick->count; i++)
        if (pick_item(pick, i) == choice) {
            pick->at = i;
            return;
        }
}

void pick_open_root(struct tui *tui, struct pick *pick)
{
    const struct choices *choices = pick_choices(tui, pick);
    pick_refresh(tui, pick);
    if (pick->total > 1 && choices_child_count(choices, CHOICES_NONE) == 1)
        pick_fold(pick, choices_child(choices, CHOICES_NONE, 0), true);
}
