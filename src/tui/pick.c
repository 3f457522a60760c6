/* Choosing from a list that may be long: typing filters it, Enter takes, Space marks where many may be taken. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

struct pick *pick_current(struct tui *tui)
{
    return tui->right.open ? &tui->right : tui->pick.open ? &tui->pick : NULL;
}

void pick_close(struct pick *pick)
{
    free(pick->field);
    free(pick->left);
    pick_forget(pick);
    free(pick->opened);
    free(pick->query);
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
    pick_open_root(tui, pick);
    pick_go_to(tui, pick, purpose == PICK_ONE && control->value ? control->value->text
                          : purpose == PICK_RIGHT               ? value_member_text(control->value, left)
                                                                : NULL);
}

void pick_find(struct tui *tui)
{
    open_fresh(&tui->pick, PICK_FIND);
    queue_say(tui, (struct event){EVENT_FIND, .yes = true});    /* the places come with the next view */
}

/* "step", or a step and a field of it. */
static void go_to_place(struct tui *tui, const char *place)
{
    const char *end = strchr(place, '\n');
    char *step = end ? mem_copy_bytes(place, (size_t)(end - place)) : mem_copy(place);
    tui_open_step(tui, step, end ? end + 1 : NULL);
    free(step);
}

static void answer(struct tui *tui, const struct pick *pick, const struct value *value)
{
    queue_say(tui, (struct event){EVENT_ANSWER, .field = pick->field, .row = pick->left, .value = value});
}

static void take(struct tui *tui, struct pick *pick)
{
    while (pick_search(tui, pick))
        ;       /* the best match may still be to come */
    const struct choices *choices = pick_choices(tui, pick);
    const struct control_view *control = pick_control(tui, pick);
    const char *value = pick->count ? choices_value(choices, pick_item(pick, pick->at)) : NULL;

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
        go_to_place(tui, value);
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
    const char *value = choices_value(choices, pick_item(pick, pick->at));
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
        queue_say(tui, (struct event){EVENT_ANSWER, .field = pick->field, .row = choices_value(choices, pick_item(pick, pick->at))});
}

static void move(struct pick *pick, size_t by, bool down)
{
    size_t last = pick->count ? pick->count - 1 : 0;
    if (down)
        pick->at = by > last - pick->at ? last : pick->at + by;
    else
        pick->at = by > pick->at ? 0 : pick->at - by;
}

/* In a tree: Right opens, Left closes or goes to the one above. */
static void unfold(struct tui *tui, struct pick *pick, bool right)
{
    const struct choices *choices = pick_choices(tui, pick);
    size_t choice = pick_item(pick, pick->at), above = choices_parent(choices, choice);
    if (right ? choices_child_count(choices, choice) > 0 : pick_is_open(pick, choice))
        pick_fold(pick, choice, right);
    else if (!right && above != CHOICES_NONE)
        pick_go_to(tui, pick, choices_value(choices, above));
}

static bool unfolds(const struct tui *tui, const struct pick *pick, const struct key *key)
{
    const struct control_view *control = pick_control(tui, pick);
    return (key->kind == KEY_LEFT || key->kind == KEY_RIGHT) && control && control->control == CONTROL_TREE && pick->count &&
           !pick->filter.text.size;
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
        if (pick->purpose == PICK_FIND)
            queue_say(tui, (struct event){EVENT_FIND});
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
    } else if (unfolds(tui, pick, key)) {
        unfold(tui, pick, key->kind == KEY_RIGHT);
    } else if (key->kind == KEY_PASTE) {
        changed = tui_paste(tui, &pick->filter, key);
    } else {
        edit_key(&pick->filter, key, &changed);
    }
    if (changed) {
        pick->stale = true;
        pick->at = pick->top = 0;
    }
}
