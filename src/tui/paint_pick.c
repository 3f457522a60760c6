/* The chooser: a heading, the filter with what it leaves, and as much of the list as fits. Only that is looked at. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

/* In a tree that is filtered each hit tells its way from the root. */
static void add_path(struct text *out, const struct choices *choices, size_t i, int depth)
{
    size_t parent = choices_parent(choices, i);
    if (parent != CHOICES_NONE && depth < 32) {
        add_path(out, choices, parent, depth + 1);
        text_add(out, " > ");
    }
    text_add(out, choices_label(choices, i));
}

static char *item_text(const struct tui *tui, const struct pick *pick, const struct choices *choices, size_t i)
{
    const struct control_view *control = pick_control(tui, pick);
    struct text text = {0};
    const char *value = choices_value(choices, i);

    if (pick->purpose == PICK_MANY)
        text_add(&text, value_list_has(pick->chosen, value) ? "[x] " : "[ ] ");
    if (control && control->control == CONTROL_TREE) {
        if (pick->filter.text.size) {
            add_path(&text, choices, i, 0);
        } else {
            for (int depth = choices_depth(choices, i); depth > 0; depth--)
                text_add(&text, "  ");
            text_add(&text, !choices_child_count(choices, i) ? "  " : pick_is_open(pick, i) ? "- " : "+ ");
            text_add(&text, choices_label(choices, i));
        }
    } else {
        text_add(&text, choices_label(choices, i));
    }
    if (pick->purpose == PICK_ONE && control && control->value && text_same(control->value->text, value))
        text_add(&text, "  (chosen)");
    return text_take(&text);
}

/* What a left side of a map is mapped to, in a column of its own. */
static void put_right(const struct tui *tui, const struct pick *pick, const char *left, int row, int columns)
{
    const struct control_view *control = pick_control(tui, pick);
    const char *right = control ? value_member_text(control->value, left) : NULL;
    char *text = text_format("-> %s", right ? choices_label_of(control->choices, right) : "");
    tui_put(row, columns / 2, columns - columns / 2 - 1, text, 0);
    free(text);
}

static char *heading(const struct tui *tui, const struct pick *pick)
{
    const struct control_view *control = pick_control(tui, pick);
    if (!control)
        return mem_copy("Find a step, a question, an answer or a problem");
    if (pick->purpose == PICK_RIGHT)
        return text_format("%s: %s", control->label, choices_label_of(control->left, pick->left));
    return mem_copy(control->label);
}

/* Why there is nothing, and what the field itself says of what can be given. */
static void put_nothing(const struct tui *tui, const struct pick *pick, int row, int list, int columns)
{
    const struct control_view *control = pick_control(tui, pick);
    bool filtered = pick->filter.text.size > 0;
    const char *says = !control ? NULL : filtered ? control->field->say : control->choices_note;
    struct page page = {0};
    page_wrap(&page, NOWHERE, 3, columns, filtered ? "No entry matches. Press Backspace to widen the search." : "There is nothing to choose from yet.", 0);
    page_wrap(&page, NOWHERE, 3, columns, says, 0);
    for (int i = 0; i < list && (size_t)i < page.count; i++)
        screen_put(row + i, page.lines[i].column, -1, page.lines[i].text, 0);
    page_clear(&page);
    free(page.lines);
    free(page.elements);
}

void paint_pick(struct tui *tui, struct pick *pick, int row, int room, int columns)
{
    pick_refresh(tui, pick);
    const struct choices *choices = pick_choices(tui, pick);
    char *text = heading(tui, pick);
    tui_put(row, 1, columns - 2, text, LOOK_BOLD);
    free(text);

    int cursor = 0, at = 9, list = room - 2;
    char *filter = edit_show(&pick->filter, columns - at - 34 > 4 ? columns - at - 34 : 4, false, &cursor);
    const char *more = pick->next < pick->total ? ", searching" : choices && !choices_complete(choices) ? ", more to come" : "";
    bool wide = columns >= 60;
    text = text_format("%zu of %zu%s", pick->count, pick->total, wide ? more : "");
    tui_put(row + 1, 1, 8, "Filter:", 0);
    screen_put(row + 1, at, -1, filter, 0);
    tui_put(row + 1, columns - (wide ? 33 : 17), wide ? 32 : 16, text, 0);
    free(text);
    free(filter);
    if (list < 1)
        list = 1;
    if (pick->at < pick->top || pick->at >= pick->top + (size_t)list)
        pick->top = pick->at > (size_t)list / 2 ? pick->at - (size_t)list / 2 : 0;
    if (pick->top + (size_t)list > pick->count)
        pick->top = pick->count > (size_t)list ? pick->count - (size_t)list : 0;
    int cursor_row = row + 1, cursor_column = at + cursor;
    for (int i = 0; i < list && pick->top + (size_t)i < pick->count; i++) {
        size_t here = pick->top + (size_t)i;
        bool focused = here == pick->at;
        bool left = pick->purpose == PICK_LEFT;
        text = item_text(tui, pick, choices, pick_item(pick, here));
        tui_put(row + 2 + i, 3, left ? columns / 2 - 4 : columns - 4, text, 0);
        free(text);
        if (left)
            put_right(tui, pick, choices_value(choices, pick_item(pick, here)), row + 2 + i, columns);
        if (focused) {
            screen_put(row + 2 + i, 1, 1, ">", LOOK_REVERSE);
            cursor_row = row + 2 + i;
            cursor_column = 3;
        }
    }
    if (!pick->count && pick->next >= pick->total)
        put_nothing(tui, pick, row + 2, list, columns);
    screen_show(cursor_row, cursor_column);
}
