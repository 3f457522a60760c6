/* From what was typed to an event. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

static long number_of(const char *words)
{
    char *end;
    long number = strtol(words, &end, 10);
    return *words && !*end ? number : -1;
}

const char *line_pick(struct line *line, const struct choices *choices, const struct control_view *control, const char *left, const char *words)
{
    size_t at = choices_find(choices, words), count = 0, hit = CHOICES_NONE;
    long number = number_of(words);
    if (at == CHOICES_NONE && number > 0 && (size_t)number <= value_count(line->shown))
        return value_item(line->shown, (size_t)number - 1)->text;
    if (at != CHOICES_NONE)
        return choices_value(choices, at);
    char *query = glyph_fold(words);
    for (size_t i = 0; i < choices_count(choices); i++) {
        if (left && control && !view_allows(control, left, choices_value(choices, i)))
            continue;
        char *label = glyph_fold(choices_label(choices, i));
        bool same = strcmp(label, query) == 0, begins = text_starts(label, query);
        free(label);
        if (same) {
            hit = i;
            count = 1;
            break;
        }
        if (begins) {
            hit = i;
            count++;
        }
    }
    free(query);
    if (count == 1)
        return choices_value(choices, hit);
    line_print(line, count ? "\"%s\" fits more than one: type more of it." : "\"%s\" is not among the choices.", words);
    return NULL;
}

static bool answer_event(struct line *line, const struct control_view *control, struct value *value, struct event *event)
{
    free(line->field);
    value_free(line->value);
    free(line->answered);
    line->field = mem_copy(control->name);
    line->answered = mem_copy(control->name);
    line->value = value;
    *event = (struct event){.kind = EVENT_ANSWER, .field = line->field, .value = value};
    return true;
}

/* Several, with commas between; "-name" takes one away; the others are added to what is chosen. */
static bool answer_many(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    struct value *chosen = control->value ? value_copy(control->value) : value_new_list();
    char *copy = mem_copy(words), *rest = NULL;
    for (char *one = strtok_r(copy, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
        while (isspace((unsigned char)*one))
            one++;
        for (size_t size = strlen(one); size && isspace((unsigned char)one[size - 1]); size--)
            one[size - 1] = '\0';
        bool away = *one == '-';
        const char *value = line_pick(line, control->choices, control, NULL, one + away);
        if (!value) {
            value_free(chosen);
            free(copy);
            return false;
        }
        for (size_t i = value_count(chosen); i-- > 0;)
            if (text_same(value_item(chosen, i)->text, value))
                value_remove(chosen, i);
        if (!away)
            value_append(chosen, value_new_text(value));
    }
    free(copy);
    return answer_event(line, control, chosen, event);
}

static bool answer_table(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    bool away = text_starts(words, "remove ");
    long number = number_of(away ? words + 7 : words);
    const char *key = NULL;
    if (number > 0)
        key = value_member_text(value_item(control->value, (size_t)number - 1), control->field->key);
    if (!key && !text_same(words, "add")) {
        line_print(line, "Say add, the number of a row, or remove and a number.");
        return false;
    }
    free(line->field);
    free(line->row);
    line->field = mem_copy(control->name);
    line->row = mem_copy(key);
    *event = (struct event){.kind = away ? EVENT_REMOVE : EVENT_ROW, .field = line->field, .row = line->row};
    return true;
}

static bool answer_map(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    const char *equals = strchr(words, '=');
    if (!equals) {
        line_print(line, "Say left = right.");
        return false;
    }
    const char *start = equals + 1 + strspn(equals + 1, " ");
    size_t size = (size_t)(equals - words);
    while (size && words[size - 1] == ' ')
        size--;
    char *name = mem_copy_bytes(words, size);
    value_free(line->shown);    /* numbers speak of the right side only after list */
    line->shown = value_new_list();
    const char *left = line_pick(line, control->left, NULL, NULL, name);
    const char *right = left && *start ? line_pick(line, control->choices, control, left, start) : NULL;
    free(name);
    if (!left || (*start && !right))
        return false;
    free(line->row);
    line->row = mem_copy(left);
    answer_event(line, control, value_new_text(right), event);
    free(line->answered);
    line->answered = NULL;      /* stay at the map until Enter */
    line->asked = false;
    event->row = line->row;
    if (!right)
        event->value = NULL;
    return true;
}

bool line_answer(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    if (*words == '\\')
        words++;
    switch (control->control) {
    case CONTROL_ONE:
    case CONTROL_TREE:
        if (control->choices) {
            const char *value = line_pick(line, control->choices, control, NULL, words);
            return value && answer_event(line, control, value_new_text(value), event);
        }
        break;
    case CONTROL_MANY:
        if (!control->choices)
            line_print(line, "%s", control->choices_note ? control->choices_note : "The choices are not known yet.");
        return control->choices && answer_many(line, control, words, event);
    case CONTROL_TABLE:
        return answer_table(line, control, words, event);
    case CONTROL_MAP:
        return control->choices && control->left && answer_map(line, control, words, event);
    case CONTROL_NOTE:
        return false;
    case CONTROL_YESNO:
    case CONTROL_LINE:
    case CONTROL_SECRET:
        break;
    }
    return answer_event(line, control, value_new_text(words), event);
}
