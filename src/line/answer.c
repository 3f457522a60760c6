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

/* What is none of the choices goes to the wizard all the same: it knows best what is wrong with it. */
static bool answer_one(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    bool several;
    if (!know_choices(line, control))
        return false;
    if (control->control == CONTROL_TREE && (text_same(words, "up") || text_starts(words, "in "))) {
        const char *below = *words == 'i' ? line_pick(line, control->choices, NULL, NULL, words + 3, &several) : NULL;
        size_t parent = line->branch ? choices_parent(control->choices, choices_find(control->choices, line->branch)) : CHOICES_NONE;
        if (*words == 'i' && !below)
            return false;
        line_keep(&line->branch, below ? below : parent == CHOICES_NONE ? NULL : choices_value(control->choices, parent));
        line_branch(line, control);
        return false;
    }
    const char *value = line_pick(line, control->choices, control, NULL, words, &several);
    return !several && give(line, control, value_new_text(value ? value : words), event);
}

static bool toggle(struct line *line, const struct control_view *control, const char *words, struct value *chosen)
{
    bool away = *words == '-', several;
    const char *value = line_pick(line, control->choices, control, NULL, words + away, &several);
    if (several)
        return false;
    for (size_t i = value_count(chosen); i-- > 0;)
        if (text_same(value_item(chosen, i)->text, value))
            value_remove(chosen, i);
    if (!away)
        value_append(chosen, value_new_text(value ? value : words));
    return true;
}

/* Several, with commas between; "-name" takes one away; the others are added to what is chosen. */
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
    value_free(chosen);
    return false;
}

static bool answer_table(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    bool away = text_starts(words, "remove "), add = text_same(words, "add");
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
    bool several;
    const char *right = *words ? line_pick(line, control->choices, control, line->left, words, &several) : NULL;
    if (*words && !right) {
        if (!several)
            line_print(line, "\"%s\" is not among what can stand here. list and /word show it.", words);
        return false;
    }
    give_pair(line, control, line->left, right, event);
    if (!line->walking || !line_walk(line, control))
        line_keep(&line->left, NULL);
    return true;
}

static bool answer_map(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    const char *equals = strchr(words, '=');
    size_t size = equals ? (size_t)(equals - words) : strlen(words);
    bool several;
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
    const char *left = line_pick(line, control->left, NULL, NULL, name, &several);
    if (!left && !several)
        line_print(line, "\"%s\" is not among what can stand on the left. list and /word show it.", name);
    free(name);
    if (!left)
        return false;
    if (!equals) {
        line_keep(&line->left, left);
        line->asked = false;
        return false;
    }
    const char *start = equals + 1 + strspn(equals + 1, " ");
    char *kept = mem_copy(left);
    enum numbers numbers = line->numbers;
    line->numbers = NUMBERS_NONE;       /* the list was of left sides: a number on the right would mean one of them */
    const char *right = *start ? line_pick(line, control->choices, control, kept, start, &several) : NULL;
    line->numbers = several ? line->numbers : numbers;
    /* What is none of the choices goes to the wizard: it knows best why. */
    bool given = !(*start && !right && several) && give_pair(line, control, kept, *start && !right ? start : right, event);
    free(kept);
    return given;
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
