/* Numbered lists: what is printed is kept, so that a number can be typed. */
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

#define SHOWN 20        /* so many of a long list are printed at once */
#define SLICE 4096
#define LIKE 45         /* least likeness, in 100, of a suggestion for the right side of a map */

struct list *line_list(struct line *line)
{
    return &line->lists[line->left != NULL];
}

void line_list_clear(struct list *list)
{
    value_free(list->items);
    free(list->more);
    *list = (struct list){0};
}

void line_list_start(struct line *line, enum numbers numbers)
{
    struct list *list = line_list(line);
    line_list_clear(list);
    list->items = value_new_list();
    list->numbers = numbers;
}

static void item(struct line *line, const char *value, const char *label)
{
    struct list *list = line_list(line);
    value_append(list->items, value_new_text(value));
    line_print(line, "  %zu. %s", value_count(list->items), label);
}

static bool is_full(struct line *line)
{
    const struct list *list = line_list(line);
    return value_count(list->items) >= list->listed + SHOWN;
}

/* The same list asked for once more goes on where it stopped. */
static void start_or_go_on(struct line *line, const char *filter)
{
    struct list *list = line_list(line);
    if (!list->more || !text_same(list->more, filter ? filter : ""))
        line_list_start(line, NUMBERS_VALUES);
    list->listed = value_count(list->items);
    line_keep(&list->more, filter ? filter : "");
}

const char *line_numbered(struct line *line, const char *words)
{
    const struct list *list = line_list(line);
    char *end;
    long number = strtol(words, &end, 10);
    if (line->as_value || list->numbers != NUMBERS_VALUES || !*words || *end || number < 1 || (size_t)number > value_count(list->items))
        return NULL;
    return value_item(list->items, (size_t)number - 1)->text;
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

/* Call for each choice that matches, the best first, until one returns false; return whether none did. */
static bool search(const struct choices *choices, const char *words, bool (*each)(void *user, size_t i, enum choice_rank rank), void *user)
{
    char *query = glyph_fold(words);
    struct choice_match *found = mem_new(SLICE * sizeof *found);
    bool more = true, worse = true;
    /* One pass a rank: of a million entries hardly any match, and without a query all match alike. */
    for (enum choice_rank rank = 0; more && worse && rank < CHOICE_RANKS; rank++) {
        worse = false;
        for (size_t next = 0; more && next < choices_count(choices);) {
            size_t count = choices_search(choices, query, &next, SLICE, found, SLICE);
            for (size_t i = 0; more && i < count; i++) {
                worse = worse || found[i].rank > rank;
                more = found[i].rank != rank || each(user, found[i].choice, rank);
            }
        }
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

static bool list_choice(void *user, size_t i, enum choice_rank rank)
{
    (void)rank;
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
    struct list *list = line_list(line);
    if (!all)
        line_print(line, "  There are more, %zu in all: the same again goes on, /word lists those that have it.", total);
    else if (value_count(list->items) == list->listed)
        line_print(line, "  %s", list->listed ? "End of the list." : note ? note : "None.");
    if (all)
        line_keep(&list->more, NULL);
}

void line_choices(struct line *line, const struct control_view *control, const char *left, const char *filter)
{
    struct listing listing = {line, control, left, NULL, 0};
    start_or_go_on(line, filter);
    listing.skip = line_list(line)->listed;
    if (left && !filter && !line_list(line)->listed)
        suggest(line, control, left);
    if (left && !filter && value_count(line_list(line)->items))
        listing.suggested = value_item(line_list(line)->items, 0)->text;
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
    size_t i = line_list(line)->listed;
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

static char *row_words(const struct field *table, const struct value *row)
{
    struct text words = {0};
    for (size_t i = 0; i < table->column_count; i++) {
        const struct field *column = &table->columns[i];
        char *cell = cell_words(column, value_member(row, column->name));
        bool yesno = column->kind == KIND_YESNO;
        if (cell && *cell)
            text_addf(&words, "%s%s%s%s", words.size ? ", " : "", yesno ? column->label : "", yesno ? ": " : "", cell);
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
    size_t skip = line_list(line)->listed;
    for (; i < count && !is_full(line); i++) {
        const char *key = value_member_text(value_item(control->value, i), control->field->key);
        char *words = row_words(control->field, value_item(control->value, i));
        if (key && fits(words, filter) && (!skip || !skip--))
            item(line, key, words);
        free(words);
    }
    if (count)
        tell_more(line, i == count, count, "No row matches.");
}

static bool list_left(void *user, size_t i, enum choice_rank rank)
{
    (void)rank;
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
    listing.skip = line_list(line)->listed;
    bool all = search(control->left, filter ? filter : "", list_left, &listing);
    tell_more(line, all, choices_count(control->left), control->choices_note);
}

static void place(struct line *line, const char *step, const char *field, const char *label)
{
    struct value *at = value_append(line_list(line)->items, value_new_map());
    value_put_text(at, "step", step);
    value_put_text(at, "field", field);
    line_print(line, "  %zu. %s", value_count(line_list(line)->items), label);
}

void line_questions(struct line *line)
{
    const struct view *view = line->view;
    line_list_start(line, NUMBERS_PLACES);
    for (size_t i = 0; i < view->control_count; i++) {
        const struct control_view *control = &view->controls[i];
        const char *text = control->problem && control->draft ? control->draft : control->text;     /* what the problem is about */
        char *label = text_format("%s%s%s%s%s%s%s", control->group ? control->group : "", control->group ? ", " : "", control->label,
                                  *text ? ": " : "", text, control->problem ? ". Problem: " : "",
                                  control->problem ? control->problem->text : "");
        place(line, view->step, control->name, label);
        free(label);
    }
    line_print(line, value_count(line_list(line)->items) ? line_control(line) ? "Type go and a number to go there, such as \"go 1\"." : "Type a number to go there."
                                                                         : "There are no questions here.");
}

static bool list_place(void *user, size_t i, enum choice_rank rank)
{
    (void)rank;
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
    line_print(line, value_count(line_list(line)->items) ? line_control(line) ? "Type go and a number to go there, such as \"go 1\"." : "Type a number to go there."
                                                                         : "Nothing is found.");
}

/* What may be meant by a word. */
struct meant {
    const struct choices *choices;
    const struct control_view *control;
    const char *left;
    size_t first[CHOICE_RANKS][SHOWN], count[CHOICE_RANKS];
    size_t excluded;        /* one that is named exactly and is not allowed here; CHOICES_NONE */
};

static bool note_match(void *user, size_t i, enum choice_rank rank)
{
    struct meant *meant = user;
    if (meant->control && !view_allows(meant->control, meant->left, choices_value(meant->choices, i))) {
        if (rank == CHOICE_EXACT)
            meant->excluded = i;
        return true;
    }
    if (meant->count[rank] < SHOWN)
        meant->first[rank][meant->count[rank]] = i;
    meant->count[rank]++;
    return true;
}

/* Entries with the same label differ by their values alone. */
static void list_matches(struct line *line, const struct meant *meant, enum choice_rank rank)
{
    for (size_t n = 0; n < meant->count[rank] && n < SHOWN; n++) {
        const char *value = choices_value(meant->choices, meant->first[rank][n]), *label = choices_label(meant->choices, meant->first[rank][n]);
        char *both = rank == CHOICE_EXACT ? text_format("%s (%s)", label, value) : NULL;
        item(line, value, both ? both : label);
        free(both);
    }
    if (meant->count[rank] > SHOWN)
        line_print(line, "  There are %zu more: type more of the name.", meant->count[rank] - SHOWN);
}

static bool is_number(const char *words)
{
    return *words && !words[strspn(words, "0123456789")];
}

/* Nothing matches: name the nearest, or what a number would refer to. */
static void print_no_match(struct line *line, const struct meant *meant, const char *words)
{
    size_t nearest = choices_likest(meant->choices, words, 60), count = value_count(line_list(line)->items);
    bool allowed = nearest != CHOICES_NONE && (!meant->control || view_allows(meant->control, meant->left, choices_value(meant->choices, nearest)));
    if (is_number(words) && count && line_list(line)->numbers == NUMBERS_VALUES)
        line_print(line, "There is no entry %s: the list printed last for this question has %zu.", words, count);
    else if (allowed)
        line_print(line, "No entry matches \"%s\". Did you mean %s?", words, choices_label(meant->choices, nearest));
    else
        line_print(line, "No entry matches \"%s\". Type list, or /word for the entries that contain it.", words);
    if (meant->control && meant->control->field->say)
        line_print(line, "%s", meant->control->expects);
    if (!choices_complete(meant->choices) && meant->control && meant->control->choices_note)
        line_print(line, "%s", meant->control->choices_note);
}

const char *line_pick(struct line *line, const struct choices *choices, const struct control_view *control, const char *left,
                      const char *words, bool *listed)
{
    struct meant meant = {.choices = choices, .control = control, .left = left, .excluded = CHOICES_NONE};
    size_t exact = choices_find(choices, words);
    const char *numbered = line_numbered(line, words);
    *listed = false;
    if (numbered || exact != CHOICES_NONE)
        return numbered ? numbered : choices_value(choices, exact);
    search(choices, words, note_match, &meant);
    if (meant.count[CHOICE_EXACT] == 1)
        return choices_value(choices, meant.first[CHOICE_EXACT][0]);
    if (!meant.count[CHOICE_EXACT] && meant.excluded != CHOICES_NONE)
        return choices_value(choices, meant.excluded);      /* the wizard knows why it is not allowed */
    if (!meant.count[CHOICE_EXACT] && meant.count[CHOICE_PREFIX] == 1)
        return choices_value(choices, meant.first[CHOICE_PREFIX][0]);
    enum choice_rank rank = CHOICE_EXACT;
    while (rank < CHOICE_RANKS && !meant.count[rank])
        rank++;
    *listed = rank < CHOICE_RANKS;
    if (!*listed) {
        print_no_match(line, &meant, words);
        return NULL;
    }
    line_print(line, rank == CHOICE_EXACT    ? "Several entries are named \"%s\":"
                     : rank == CHOICE_PREFIX ? "Several entries start with \"%s\":"
                                             : "No entry starts with \"%s\". Entries that contain it:", words);
    line_list_start(line, NUMBERS_VALUES);
    for (; rank < CHOICE_RANKS; rank++) {
        list_matches(line, &meant, rank);
        if (rank <= CHOICE_PREFIX)
            break;
    }
    return NULL;
}
