/* Numbered lists: what is printed is kept, so that a number can be typed. */
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

#define SHOWN 20        /* so many of a long list are printed at once */
#define SLICE 4096
#define LIKE 45         /* least likeness, in 100, of a suggestion for the right side of a map */

void line_list_start(struct line *line, enum numbers numbers)
{
    value_free(line->list);
    line->list = value_new_list();
    line->numbers = numbers;
    line->listed = 0;
    line_keep(&line->more, NULL);
}

static void item(struct line *line, const char *value, const char *label)
{
    value_append(line->list, value_new_text(value));
    line_print(line, "  %zu. %s", value_count(line->list), label);
}

static bool is_full(const struct line *line)
{
    return value_count(line->list) >= line->listed + SHOWN;
}

/* The same list asked for once more goes on where it stopped. */
static void start_or_go_on(struct line *line, const char *filter)
{
    bool again = line->more && text_same(line->more, filter ? filter : "");
    if (!again)
        line_list_start(line, NUMBERS_VALUES);
    line->listed = value_count(line->list);
    line_keep(&line->more, filter ? filter : "");
}

const char *line_numbered(const struct line *line, const char *words)
{
    char *end;
    long number = strtol(words, &end, 10);
    if (line->numbers != NUMBERS_VALUES || !*words || *end || number < 1 || (size_t)number > value_count(line->list))
        return NULL;
    return value_item(line->list, (size_t)number - 1)->text;
}

static char *path_of(const struct choices *choices, size_t i)
{
    char *path = mem_copy(choices_label(choices, i));
    for (size_t up = choices_parent(choices, i); up != CHOICES_NONE && strlen(path) < 400; up = choices_parent(choices, up)) {
        char *longer = text_format("%s / %s", choices_label(choices, up), path);
        free(path);
        path = longer;
    }
    return path;
}

/* As it stands in a list: the whole way of a tree; what is chosen of several, or stands on the right of a map, is marked. */
static char *label_of(const struct control_view *control, const char *left, size_t i)
{
    const char *value = choices_value(control->choices, i);
    bool chosen = control->control == CONTROL_MANY ? value_list_has(control->value, value)
                  : left                           ? text_same(value_member_text(control->value, left), value)
                                                   : control->value && text_same(control->value->text, value);
    char *label = control->control == CONTROL_TREE ? path_of(control->choices, i) : mem_copy(choices_label(control->choices, i));
    char *marked = text_format("%s%s", label, chosen ? " (chosen)" : "");
    free(label);
    return marked;
}

static void suggest(struct line *line, const struct control_view *control, const char *left)
{
    size_t best = choices_likest(control->choices, choices_label_of(control->left, left), LIKE);
    if (best == CHOICES_NONE || !view_allows(control, left, choices_value(control->choices, best)))
        return;
    char *label = text_format("%s (suggested)", choices_label(control->choices, best));
    item(line, choices_value(control->choices, best), label);
    free(label);
}

/* Calls for each choice that has the words, until it says no; whether it never did. */
static bool search(const struct choices *choices, const char *words, bool (*each)(void *user, size_t i), void *user)
{
    char *query = glyph_fold(words);
    size_t *found = mem_new(SLICE * sizeof *found), next = 0;
    bool more = true;
    while (more && next < choices_count(choices)) {
        size_t count = choices_search(choices, query, &next, SLICE, found, SLICE);
        for (size_t i = 0; more && i < count; i++)
            more = each(user, found[i]);
    }
    free(found);
    free(query);
    return more;
}

struct listing {
    struct line *line;
    const struct control_view *control;
    const char *left;
    const char *suggested;
    size_t skip;        /* so many were listed before */
};

static bool list_choice(void *user, size_t i)
{
    struct listing *listing = user;
    const char *value = choices_value(listing->control->choices, i);
    if (!view_allows(listing->control, listing->left, value) || text_same(value, listing->suggested))
        return true;
    if (is_full(listing->line))
        return false;
    if (listing->skip) {
        listing->skip--;
        return true;
    }
    char *label = label_of(listing->control, listing->left, i);
    item(listing->line, value, label);
    free(label);
    return true;
}

static void tell_more(struct line *line, bool all, size_t total, const char *note)
{
    if (!all)
        line_print(line, "  There are more, %zu in all: the same again goes on, /word lists those that have it.", total);
    else if (value_count(line->list) == line->listed)
        line_print(line, "  %s", line->listed ? "That was all." : note ? note : "None.");
    if (all)
        line_keep(&line->more, NULL);
}

void line_choices(struct line *line, const struct control_view *control, const char *left, const char *filter)
{
    struct listing listing = {line, control, left, NULL, 0};
    start_or_go_on(line, filter);
    listing.skip = line->listed;
    if (left && !filter && !line->listed)
        suggest(line, control, left);
    if (left && !filter && value_count(line->list))
        listing.suggested = value_item(line->list, 0)->text;
    bool all = search(control->choices, filter ? filter : "", list_choice, &listing);
    tell_more(line, all, choices_count(control->choices), control->choices_note);
}

void line_branch(struct line *line, const struct control_view *control)
{
    const struct choices *choices = control->choices;
    size_t branch = line->branch ? choices_find(choices, line->branch) : CHOICES_NONE;
    size_t count = choices_child_count(choices, branch);
    char *key = text_format("\n%s", line->branch ? line->branch : "");     /* like no word that is looked for */
    start_or_go_on(line, key);
    free(key);
    if (branch != CHOICES_NONE)
        line_print(line, "Below %s:", choices_label(choices, branch));
    size_t i = line->listed;
    for (; i < count && !is_full(line); i++) {
        size_t child = choices_child(choices, branch, i), below = choices_child_count(choices, child);
        char *label = below ? text_format("%s (%zu below)", choices_label(choices, child), below) : mem_copy(choices_label(choices, child));
        item(line, choices_value(choices, child), label);
        free(label);
    }
    tell_more(line, i == count, count, control->choices_note);
    line_print(line, "A number chooses; in and a number shows what is below%s.", line->branch ? "; up goes back up" : "");
}

void line_suggestion(struct line *line, const struct control_view *control)
{
    line_list_start(line, NUMBERS_VALUES);
    suggest(line, control, line->left);
}

static char *cell_words(const struct field *column, const struct value *cell)
{
    struct text words = {0};
    size_t count = !cell ? 0 : cell->kind == VALUE_TEXT ? 1 : value_count(cell);
    for (size_t i = 0; i < count; i++) {
        const struct value *one = cell->kind == VALUE_TEXT ? cell : value_item(cell, i);
        if (!value_is_empty(one))
            text_addf(&words, "%s%s", words.size ? " + " : "", column->fixed ? choices_label_of(column->fixed, one->text) : one->text);
    }
    return text_take(&words);
}

static char *row_words(const struct field *table, const struct value *row)
{
    struct text words = {0};
    for (size_t i = 0; i < table->column_count; i++) {
        const struct field *column = &table->columns[i];
        char *cell = cell_words(column, value_member(row, column->name));
        bool yesno = column->kind == KIND_YESNO;
        if (cell && *cell)
            text_addf(&words, "%s%s%s%s", words.size ? ", " : "", yesno ? column->label : "", yesno ? " " : "", cell);
        free(cell);
    }
    return text_take(&words);
}

static bool fits(const char *words, const char *filter)
{
    char *text = glyph_fold(words), *query = glyph_fold(filter ? filter : "");
    bool good = glyph_matches(text, query);
    free(text);
    free(query);
    return good;
}

void line_rows(struct line *line, const struct control_view *control, const char *filter)
{
    size_t count = control->value && control->value->kind == VALUE_LIST ? value_count(control->value) : 0;
    size_t i = 0;
    start_or_go_on(line, filter);
    size_t skip = line->listed;
    for (; i < count && !is_full(line); i++) {
        const char *key = value_member_text(value_item(control->value, i), control->field->key);
        char *words = row_words(control->field, value_item(control->value, i));
        if (key && fits(words, filter) && (!skip || !skip--))
            item(line, key, words);
        free(words);
    }
    if (count)
        tell_more(line, i == count, count, "No row has that.");
}

static bool list_left(void *user, size_t i)
{
    struct listing *listing = user;
    const struct control_view *control = listing->control;
    const char *left = choices_value(control->left, i), *right = value_member_text(control->value, left);
    if (is_full(listing->line))
        return false;
    if (listing->skip) {
        listing->skip--;
        return true;
    }
    char *label = text_format("%s = %s", choices_label(control->left, i), right ? choices_label_of(control->choices, right) : "(open)");
    item(listing->line, left, label);
    free(label);
    return true;
}

void line_lefts(struct line *line, const struct control_view *control, const char *filter)
{
    struct listing listing = {line, control, NULL, NULL, 0};
    start_or_go_on(line, filter);
    listing.skip = line->listed;
    bool all = search(control->left, filter ? filter : "", list_left, &listing);
    tell_more(line, all, choices_count(control->left), control->choices_note);
}

static void place(struct line *line, const char *step, const char *field, const char *label)
{
    struct value *at = value_append(line->list, value_new_map());
    value_put_text(at, "step", step);
    value_put_text(at, "field", field);
    line_print(line, "  %zu. %s", value_count(line->list), label);
}

void line_questions(struct line *line)
{
    const struct view *view = line->view;
    line_list_start(line, NUMBERS_PLACES);
    for (size_t i = 0; i < view->control_count; i++) {
        const struct control_view *control = &view->controls[i];
        char *label = text_format("%s%s%s%s%s%s%s", control->group ? control->group : "", control->group ? ", " : "", control->label,
                                  *control->text ? ": " : "", control->text, control->problem ? ". Problem: " : "",
                                  control->problem ? control->problem->text : "");
        place(line, view->step, control->name, label);
        free(label);
    }
    line_print(line, value_count(line->list) ? "A number goes there." : "There are no questions here.");
}

static bool list_place(void *user, size_t i)
{
    struct line *line = user;
    const char *value = choices_value(line->view->places, i), *field = strchr(value, '\n');
    char *step = mem_copy_bytes(value, strcspn(value, "\n"));
    place(line, step, field ? field + 1 : NULL, choices_label(line->view->places, i));
    free(step);
    return !is_full(line);
}

void line_places(struct line *line, const char *words)
{
    line_list_start(line, NUMBERS_PLACES);
    search(line->view->places, words, list_place, line);
    line_print(line, value_count(line->list) ? "A number goes there." : "Nothing is found.");
}

struct beginning {
    const struct choices *choices;
    const struct control_view *control;
    const char *left;
    char *folded;
    size_t hits[SHOWN], count;          /* begin so */
    size_t others[SHOWN], other_count;  /* have it within */
    size_t same;                        /* CHOICES_NONE unless one is exactly that */
};

static bool note_beginning(void *user, size_t i)
{
    struct beginning *beginning = user;
    const char *value = choices_value(beginning->choices, i);
    if (beginning->control && !view_allows(beginning->control, beginning->left, value))
        return true;
    char *label = glyph_fold(choices_label(beginning->choices, i)), *folded = glyph_fold(value);
    if (beginning->same == CHOICES_NONE && (strcmp(label, beginning->folded) == 0 || strcmp(folded, beginning->folded) == 0))
        beginning->same = i;
    else if (text_starts(label, beginning->folded) && beginning->count < SHOWN)
        beginning->hits[beginning->count++] = i;
    else if (beginning->other_count < SHOWN && glyph_matches(label, beginning->folded))
        beginning->others[beginning->other_count++] = i;
    free(label);
    free(folded);
    return true;
}

const char *line_pick(struct line *line, const struct choices *choices, const struct control_view *control, const char *left,
                      const char *words, bool *several)
{
    size_t exact = choices_find(choices, words);
    const char *numbered = line_numbered(line, words);
    *several = false;
    if (exact != CHOICES_NONE)
        return choices_value(choices, exact);
    if (numbered)
        return numbered;
    struct beginning beginning = {.choices = choices, .control = control, .left = left, .folded = glyph_fold(words), .same = CHOICES_NONE};
    search(choices, words, note_beginning, &beginning);
    free(beginning.folded);
    if (beginning.same != CHOICES_NONE)
        return choices_value(choices, beginning.same);
    if (beginning.count == 1)
        return choices_value(choices, beginning.hits[0]);
    const size_t *offered = beginning.count ? beginning.hits : beginning.others;
    size_t count = beginning.count ? beginning.count : beginning.other_count;
    *several = count > 0;
    if (*several) {
        line_print(line, beginning.count ? "Several begin so:" : "None begins so; in these it occurs:");
        line_list_start(line, NUMBERS_VALUES);
        for (size_t i = 0; i < count; i++)
            item(line, choices_value(choices, offered[i]), choices_label(choices, offered[i]));
    }
    return NULL;
}
