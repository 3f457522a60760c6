/* From what was typed to an answer. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

/* Takes `value`. */
static bool give(struct line *line, const struct control_view *control, struct value *value, struct event *event)
{
    line_keep(&line->field, control->name);
    line_keep(&line->answered, control->name);
    value_free(line->value);
    line->value = value;
    *event = (struct event){.kind = EVENT_ANSWER, .field = line->field, .value = value};
    return true;
}

static bool know_choices(struct line *line, const struct control_view *control)
{
    bool known = control->choices && (control->control != CONTROL_MAP || control->left);
    if (!known)
        line_print(line, "%s", control->choices_note ? control->choices_note : "The choices are not known yet.");
    return known;
}

static bool answer_one(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    bool listed;
    if (!know_choices(line, control))
        return false;
    if (control->control == CONTROL_TREE && (text_same(words, "up") || text_starts(words, "in "))) {
        const char *below = *words == 'i' ? line_pick(line, control->choices, NULL, NULL, words + 3, &listed) : NULL;
        size_t parent = line->branch ? choices_parent(control->choices, choices_find(control->choices, line->branch)) : CHOICES_NONE;
        if (*words == 'i' && !below)
            return false;
        line_keep(&line->branch, below ? below : parent == CHOICES_NONE ? NULL : choices_value(control->choices, parent));
        line_branch(line, control);
        return false;
    }
    const char *value = line_pick(line, control->choices, control, NULL, words, &listed);
    return value && give(line, control, value_new_text(value), event);
}

static bool toggle(struct line *line, const struct control_view *control, const char *words, struct value *chosen)
{
    bool away = *words == '-', listed, found = false;
    const char *value = line_pick(line, control->choices, control, NULL, words + away, &listed);
    if (!value)
        return false;
    for (size_t i = value_count(chosen); i-- > 0;)
        if (text_same(value_item(chosen, i)->text, value)) {
            value_remove(chosen, i);
            found = true;
        }
    if (!away)
        value_append(chosen, value_new_text(value));
    else if (!found)
        line_print(line, "%s is not chosen.", choices_label_of(control->choices, value));
    return !away || found;
}

/* Several entries separated by commas. "-name" removes one, the others are added; a word that is rejected rejects the whole line. */
static bool answer_many(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    if (!know_choices(line, control))
        return false;
    struct value *chosen = control->value && *words ? value_copy(control->value) : value_new_list();
    char *copy = mem_copy(words), *rest = NULL;
    bool good = true;
    for (char *one = strtok_r(copy, ",", &rest); one && good; one = strtok_r(NULL, ",", &rest)) {
        while (isspace((unsigned char)*one))
            one++;
        for (size_t size = strlen(one); size && isspace((unsigned char)one[size - 1]); size--)
            one[size - 1] = '\0';
        good = !*one || toggle(line, control, one, chosen);
    }
    free(copy);
    if (good)
        return give(line, control, chosen, event);
    if (strchr(words, ','))
        line_print(line, "Nothing was changed.");
    value_free(chosen);
    return false;
}

static bool discard_row(struct line *line, const struct control_view *control, struct event *event)
{
    if (!control->new_row) {
        line_print(line, "No new row is unfinished. To remove a row, type remove and its number.");
        return false;
    }
    line_keep(&line->field, control->name);
    *event = (struct event){.kind = EVENT_REMOVE, .field = line->field};
    return true;
}

static bool answer_table(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    bool away = text_starts(words, "remove "), add = text_same(words, "add");
    if (text_same(words, "remove"))
        return discard_row(line, control, event);
    const char *named = away ? words + 7 : words, *key = add ? NULL : line_numbered(line, named);
    if (!key && !add && value_find(control->value, control->field->key, named, NULL))
        key = named;
    if (!key && !add) {
        line_print(line, "There is no row \"%s\". Say add, the number of a row, or remove and a number.", named);
        return false;
    }
    line_keep(&line->field, control->name);
    line_keep(&line->row, key);
    *event = (struct event){.kind = away ? EVENT_REMOVE : EVENT_ROW, .field = line->field, .row = line->row};
    return true;
}

bool line_walk(struct line *line, const struct control_view *control)
{
    size_t at = line->left ? choices_find(control->left, line->left) + 1 : 0;
    while (at < choices_count(control->left) && value_member(control->value, choices_value(control->left, at)))
        at++;
    line_keep(&line->left, at < choices_count(control->left) ? choices_value(control->left, at) : NULL);
    line->walking = line->left != NULL;
    return line->walking;
}

/* `right` NULL: makes it open again. */
static bool give_pair(struct line *line, const struct control_view *control, const char *left, const char *right, struct event *event)
{
    line_keep(&line->row, left);
    give(line, control, value_new_text(right), event);
    event->row = line->row;
    if (!right)
        event->value = NULL;
    return true;
}

bool line_answer_right(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    bool listed;
    const char *right = *words ? line_pick(line, control->choices, control, line->left, words, &listed) : NULL;
    if (*words && !right)
        return false;
    give_pair(line, control, line->left, right, event);
    line->returned = !line->walking || !line_walk(line, control);
    if (line->returned)
        line_keep(&line->left, NULL);
    return true;
}

/*
 * NAME = CHOICE. Numbers on the right never refer to the list of left sides: what is printed to choose from belongs to the
 * right side of this one, which is asked for then.
 */
static bool answer_pair(struct line *line, const struct control_view *control, const char *left, const char *words, struct event *event)
{
    bool listed = false;
    line_keep(&line->left, left);
    line_list_start(line, NUMBERS_NONE);
    const char *right = *words ? line_pick(line, control->choices, control, line->left, words, &listed) : NULL;
    bool given = (!*words || right) && give_pair(line, control, line->left, right, event);
    if (!listed)
        line_keep(&line->left, NULL);
    return given;
}

static bool answer_map(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    const char *equals = strchr(words, '=');
    size_t size = equals ? (size_t)(equals - words) : strlen(words);
    bool listed;
    if (!know_choices(line, control))
        return false;
    if (text_same(words, "ask")) {
        line_keep(&line->left, NULL);
        line->asked = !line_walk(line, control);
        if (line->asked)
            line_print(line, "None is open.");
        return false;
    }
    while (size && words[size - 1] == ' ')
        size--;
    char *name = mem_copy_bytes(words, size);
    const char *left = line_pick(line, control->left, NULL, NULL, name, &listed);
    free(name);
    if (!left)
        return false;
    if (equals) {
        char *kept = mem_copy(left);
        bool given = answer_pair(line, control, kept, equals + 1 + strspn(equals + 1, " "), event);
        free(kept);
        return given;
    }
    line_keep(&line->left, left);
    line->asked = false;
    return false;
}

bool line_answer(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    switch (control->control) {
    case CONTROL_ONE:
    case CONTROL_TREE:
        if (*words)
            return answer_one(line, control, words, event);
        break;
    case CONTROL_MANY:
        return answer_many(line, control, words, event);
    case CONTROL_TABLE:
        return answer_table(line, control, words, event);
    case CONTROL_MAP:
        return answer_map(line, control, words, event);
    case CONTROL_NOTE:
        return false;
    case CONTROL_SECRET:
        line_print(line, "%zu character%s.", glyph_count(words), glyph_count(words) == 1 ? "" : "s");   /* nobody saw it */
        break;
    case CONTROL_YESNO:
    case CONTROL_LINE:
        break;
    }
    return give(line, control, value_new_text(words), event);
}
