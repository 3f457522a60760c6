/* Choosing from a list that may be long: typing filters it, Enter takes, Space marks where many may be taken. */
#include <stdlib.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

#define LIKE 45     /* least likeness, in 100, of a suggestion for the right side of a map */
#define SLICE 1024

struct pick *pick_current(struct tui *tui)
{
    return tui->right.open ? &tui->right : tui->pick.open ? &tui->pick : NULL;
}

const struct choices *pick_choices(const struct tui *tui, const struct pick *pick)
{
    const struct control_view *control = pick->field ? view_control(tui->view, pick->field) : NULL;
    if (pick->purpose == PICK_FIND)
        return pick->steps;
    if (!control)
        return NULL;
    return pick->purpose == PICK_LEFT ? control->left : control->choices;
}

void pick_close(struct pick *pick)
{
    free(pick->field);
    free(pick->left);
    free(pick->found);
    choices_free(pick->steps);
    edit_clear(&pick->filter);
    value_free(pick->chosen);
    *pick = (struct pick){0};
}

static void open_fresh(struct pick *pick, enum pick_purpose purpose)
{
    pick_close(pick);
    *pick = (struct pick){.open = true, .purpose = purpose, .stale = true};
    edit_set(&pick->filter, "");
}

void pick_open(struct tui *tui, enum pick_purpose purpose, const struct control_view *control, const char *left)
{
    struct pick *pick = purpose == PICK_RIGHT ? &tui->right : &tui->pick;
    char *copy = mem_copy(left);
    open_fresh(pick, purpose);
    pick->field = mem_copy(control->name);
    pick->left = copy;
    if (purpose == PICK_MANY)
        pick->chosen = control->value && control->value->kind == VALUE_LIST ? value_copy(control->value) : value_new_list();
    pick_refresh(tui, pick);
    const char *now = purpose == PICK_ONE && control->value ? control->value->text
                      : purpose == PICK_RIGHT                ? value_member_text(control->value, left)
                                                             : NULL;
    const struct choices *choices = pick_choices(tui, pick);
    for (size_t i = 0; now && i < pick->count; i++)
        if (text_same(choices_value(choices, pick->found[i]), now))
            pick->at = i;
}

void pick_find(struct tui *tui)
{
    open_fresh(&tui->pick, PICK_FIND);
    tui->pick.steps = choices_new();
    for (size_t i = 0; i < tui->view->steps_count; i++) {
        const struct step_view *step = &tui->view->steps[i];
        char *label = text_format("%s (%s)", step->title, step->words ? step->words : step_state_words(step->state));
        choices_add(tui->pick.steps, step->id, label, NULL);
        free(label);
    }
    choices_set_complete(tui->pick.steps, true);
}

static void add_found(struct pick *pick, size_t i)
{
    if (pick->count == pick->room) {
        pick->room = pick->room ? 2 * pick->room : 256;
        pick->found = mem_resize(pick->found, pick->room * sizeof *pick->found);
    }
    pick->found[pick->count++] = i;
}

/* The whole tree as one list, children behind their parents. */
static void add_tree(struct pick *pick, const struct choices *choices, size_t parent)
{
    struct { size_t parent, n; } way[64] = {{parent, 0}};
    size_t depth = 1;
    while (depth) {
        size_t n = way[depth - 1].n++, above = way[depth - 1].parent;
        if (n >= choices_child_count(choices, above)) {
            depth--;
            continue;
        }
        size_t child = choices_child(choices, above, n);
        add_found(pick, child);
        if (depth < 64) {
            way[depth].parent = child;
            way[depth++].n = 0;
        }
    }
}

static void search(struct pick *pick, const struct choices *choices)
{
    char *query = glyph_fold(text_bytes(&pick->filter.text));
    size_t found[SLICE], next = 0;
    while (next < choices_count(choices)) {
        size_t count = choices_search(choices, query, &next, SLICE, found, SLICE);
        for (size_t i = 0; i < count; i++)
            add_found(pick, found[i]);
    }
    free(query);
}

static void leave_allowed(const struct tui *tui, struct pick *pick, const struct choices *choices)
{
    const struct control_view *control = pick->field ? view_control(tui->view, pick->field) : NULL;
    size_t kept = 0;
    if (!control || pick->purpose == PICK_LEFT)
        return;
    for (size_t i = 0; i < pick->count; i++)
        if (view_allows(control, pick->left, choices_value(choices, pick->found[i])))
            pick->found[kept++] = pick->found[i];
    pick->count = kept;
}

/* What is most like the left side stands first. */
static void suggest(const struct tui *tui, struct pick *pick, const struct choices *choices)
{
    const struct control_view *control = view_control(tui->view, pick->field);
    size_t best = control ? choices_likest(choices, choices_label_of(control->left, pick->left), LIKE) : CHOICES_NONE;
    for (size_t i = 0; best != CHOICES_NONE && i < pick->count; i++)
        if (pick->found[i] == best) {
            for (; i > 0; i--)
                pick->found[i] = pick->found[i - 1];
            pick->found[0] = best;
            return;
        }
}

void pick_refresh(struct tui *tui, struct pick *pick)
{
    const struct choices *choices = pick_choices(tui, pick);
    const struct control_view *control = pick->field ? view_control(tui->view, pick->field) : NULL;
    if (!pick->stale)
        return;
    pick->stale = false;
    pick->count = 0;
    pick->total = choices_count(choices);
    if (pick->total) {
        if (control && control->control == CONTROL_TREE && !pick->filter.text.size)
            add_tree(pick, choices, CHOICES_NONE);
        else
            search(pick, choices);
        leave_allowed(tui, pick, choices);
        if (pick->purpose == PICK_RIGHT && !pick->filter.text.size)
            suggest(tui, pick, choices);
    }
    if (pick->at >= pick->count)
        pick->at = pick->count ? pick->count - 1 : 0;
}

static void answer(struct tui *tui, const struct pick *pick, const struct value *value)
{
    queue_say(tui, (struct event){EVENT_ANSWER, .field = pick->field, .row = pick->left, .value = value});
}

static void take(struct tui *tui, struct pick *pick)
{
    const struct choices *choices = pick_choices(tui, pick);
    const struct control_view *control = pick->field ? view_control(tui->view, pick->field) : NULL;
    const char *value = pick->count ? choices_value(choices, pick->found[pick->at]) : NULL;

    if (pick->purpose == PICK_MANY) {
        answer(tui, pick, pick->chosen);
        pick_close(pick);
        return;
    }
    if (!value)
        return;
    if (pick->purpose == PICK_LEFT) {
        if (control)
            pick_open(tui, PICK_RIGHT, control, value);
        return;
    }
    if (pick->purpose == PICK_FIND) {
        tui_open_step(tui, value, NULL);
        pick_close(pick);
        return;
    }
    struct value *chosen = value_new_text(value);
    answer(tui, pick, chosen);
    value_free(chosen);
    if (pick->purpose == PICK_RIGHT && tui->pick.at + 1 < tui->pick.count)
        tui->pick.at++;     /* the next of the left side */
    if (pick->purpose == PICK_ONE)
        tui->move = 1;
    pick_close(pick);
}

static void toggle(const struct tui *tui, struct pick *pick)
{
    const struct choices *choices = pick_choices(tui, pick);
    if (!pick->count)
        return;
    const char *value = choices_value(choices, pick->found[pick->at]);
    for (size_t i = 0; i < value_count(pick->chosen); i++)
        if (text_same(value_item(pick->chosen, i)->text, value)) {
            value_remove(pick->chosen, i);
            return;
        }
    value_append(pick->chosen, value_new_text(value));
}

static void clear_right(struct tui *tui, struct pick *pick)
{
    const struct choices *choices = pick_choices(tui, pick);
    if (pick->count)
        queue_say(tui, (struct event){EVENT_ANSWER, .field = pick->field, .row = choices_value(choices, pick->found[pick->at])});
}

static void move(struct pick *pick, size_t by, bool down)
{
    size_t last = pick->count ? pick->count - 1 : 0;
    if (down)
        pick->at = by > last - pick->at ? last : pick->at + by;
    else
        pick->at = by > pick->at ? 0 : pick->at - by;
}

void pick_key(struct tui *tui, struct pick *pick, const struct key *key)
{
    bool changed = false;
    size_t page = tui->shown > 4 ? tui->shown - 3 : 1;

    pick_refresh(tui, pick);
    if (key->kind == KEY_ESCAPE && pick->filter.text.size) {
        edit_set(&pick->filter, "");
        changed = true;
    } else if (key->kind == KEY_ESCAPE) {
        pick_close(pick);
        return;
    } else if (key->kind == KEY_ENTER) {
        take(tui, pick);
        return;
    } else if (key->kind == KEY_UP || key->kind == KEY_DOWN || key->kind == KEY_TAB || key->kind == KEY_BACK_TAB) {
        move(pick, 1, key->kind == KEY_DOWN || key->kind == KEY_TAB);
    } else if (key->kind == KEY_PAGE_UP || key->kind == KEY_PAGE_DOWN) {
        move(pick, page, key->kind == KEY_PAGE_DOWN);
    } else if (key->kind == KEY_HOME || key->kind == KEY_END) {
        move(pick, pick->count, key->kind == KEY_END);
    } else if (pick->purpose == PICK_MANY && key->kind == KEY_TEXT && *key->text == ' ') {
        toggle(tui, pick);
    } else if (pick->purpose == PICK_LEFT && (key->kind == KEY_DELETE || (key->kind == KEY_CONTROL && key->number == 'k'))) {
        clear_right(tui, pick);
    } else if (key->kind == KEY_PASTE) {
        edit_paste(&pick->filter, key->text, key->size, tui->utf8);
        changed = true;
    } else {
        edit_key(&pick->filter, key, &changed);
    }
    if (changed) {
        pick->stale = true;
        pick->at = pick->top = 0;
    }
}
