/* What is said of a view: the checklist, checks, changes, problems, and each question. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

#define SHORT 20    /* a list of up to so many is printed with its question */

static void say_problem(struct line *line, const struct problem *problem, const char *place, size_t number)
{
    struct text text = {0};
    if (number)
        text_addf(&text, "  %zu. ", number);
    else
        text_add(&text, "  Problem: ");
    if (!place)
        place = problem->row;
    text_addf(&text, "%s%s%s", place ? place : "", place ? ": " : "", problem->text);
    if (text.bytes[text.size - 1] != '.')
        text_add(&text, ".");
    if (problem->advice)
        text_addf(&text, " %s", problem->advice);
    if (problem->advice && text.bytes[text.size - 1] != '.' && text.bytes[text.size - 1] != '?')
        text_add(&text, ".");
    line_print(line, "%s", text.bytes);
    text_clear(&text);
}

static void say_steps(struct line *line)
{
    const struct view *view = line->view;
    const char *section = NULL;
    for (size_t i = 0; i < view->steps_count; i++) {
        if (view->steps[i].section && !text_same(section, view->steps[i].section))
            line_print(line, "%s", view->steps[i].section);
        section = view->steps[i].section;
        line_print(line, "  %zu. %s: %s", i + 1, view->steps[i].title, view->steps[i].words);
    }
}

void line_home(struct line *line)
{
    const struct view *view = line->view;
    line_print(line, "%s%s%s. %d of %d steps sent.", view->title, view->heading ? ": " : "", view->heading ? view->heading : "",
               view->sent_count, view->applicable_count);
    say_steps(line);
    line_print(line, "Enter opens %s; a number or the beginning of a title opens that step; help tells the words.",
               view->next ? view->next : "the first step");
}

void line_end(struct line *line)
{
    const struct view *view = line->view;
    say_steps(line);
    line_print(line, view->complete ? "Complete. What comes next:" : "Not complete yet.");
    for (size_t i = 0; i < value_count(view->after); i++)
        line_print(line, "  %s", value_item(view->after, i)->text);
    line_print(line, "Enter leaves; a number or the beginning of a title opens that step.");
}

bool line_checks_passed(const struct view *view)
{
    bool passed = true;
    for (size_t i = 0; i < view->check_count; i++)
        passed = passed && view->checks[i].ran && view->checks[i].result != CHECK_FAIL;
    return passed;
}

static void say_remedy(struct line *line, const char *remedy)
{
    for (const char *at = remedy; *at;) {
        size_t size = strcspn(at, "\n");
        line_print(line, "    %.*s", (int)size, at);
        at += size + (at[size] == '\n');
    }
}

void line_checks(struct line *line)
{
    static const char *const results[] = {"running", "passed", "warning", "failed"};
    for (; line->told_checks < line->view->check_count; line->told_checks++) {
        const struct check_view *check = &line->view->checks[line->told_checks];
        if (!check->ran || check->result == CHECK_RUNNING)
            return;
        bool words = check->text && !text_same(check->text, results[check->result]);
        line_print(line, "%s%s: %s%s%s", check->child ? "  " : "", check->label ? check->label : check->id, results[check->result],
                   words ? ". " : ".", words ? check->text : "");
        if (check->remedy && check->result > CHECK_PASS)
            say_remedy(line, check->remedy);
    }
}

/* In words, since a sign is read as its name or not at all. */
static void say_change(struct line *line, const struct change_view *change)
{
    if (change->sign == '>') {
        line_print(line, "  %s: carried out by the service", change->place);
        return;
    }
    line_print(line, "  %s%s", change->place, change->sign == '!' ? ": changed on the service" : "");
    line_sides(line, change, 4);
}

void line_plan(struct line *line)
{
    const struct view *view = line->view;
    const char *step = NULL;
    if (view->not_compared)
        line_print(line, "%s", view->not_compared);
    if (view->not_compared && view->change_count)
        line_print(line, "The changes are those since the service was last read.");
    for (size_t i = 0; i < view->change_count; i++) {
        if (!text_same(step, view->changes[i].step_title))
            line_print(line, "%s", view->changes[i].step_title);
        step = view->changes[i].step_title;
        say_change(line, &view->changes[i]);
    }
    if (view->left_out_count)
        line_print(line, "Cannot be sent yet:");
    for (size_t i = 0; i < view->left_out_count; i++)
        line_print(line, "  %s: %s", view->left_out[i].step_title, view->left_out[i].why);
    if (!view->change_count && !view->left_out_count && !view->not_compared)
        line_print(line, "No changes. The service matches your answers.");
    line_print(line, "Enter goes back.");
}

void line_problems(struct line *line)
{
    const struct problems *problems = line->view->problems;
    line_list_start(line, NUMBERS_PLACES);
    struct value *places = line_list(line)->items;
    for (size_t i = 0; problems && i < problems->count; i++) {
        struct value *place = value_append(places, value_new_map());
        value_put_text(place, "field", problems->items[i].field);
        say_problem(line, &problems->items[i], problems->items[i].label, i + 1);
    }
    if (!value_count(places))
        line_print(line, "No problems.");
    line_print(line, "%sEnter goes back.", value_count(places) ? "Type a number to go there. " : "");
}

static void say_head(struct line *line, const struct control_view *control)
{
    const struct view *view = line->view;
    struct text head = {0};
    if (view->step_number)
        text_addf(&head, "Step %d of %d, ", view->step_number, view->step_count);
    if (view->screen == SCREEN_ROW)
        text_addf(&head, "%s%s, ", *view->row ? "row " : "new row", view->row);
    text_addf(&head, "question %zu of %zu: %s%s%s%s.", line->question + 1, view->control_count, control->group ? control->group : "",
              control->group ? ", " : "", control->label, control->required ? " (required)" : "");
    if (*control->text)
        text_addf(&head, " Current: %s%s.", control->text, text_same(control->note, "default") ? " (as nothing else is said)" : "");
    else if (control->note && control->control != CONTROL_TABLE)
        text_addf(&head, " It was %s.", control->note);
    if (control->note && control->control == CONTROL_TABLE)
        text_addf(&head, " %s.", control->note);
    line_print(line, "%s", head.bytes);
    text_clear(&head);
}

static void say_many_choices(struct line *line, size_t count)
{
    line_print(line, "  %zu to choose from: type the beginning of one, list, or /word for those that have it.", count);
}

static void say_choices(struct line *line, const struct control_view *control)
{
    bool many = control->control == CONTROL_MANY;
    size_t count = choices_count(control->choices);
    if (count && count <= SHORT && control->control != CONTROL_TREE)
        line_choices(line, control, NULL, NULL);
    else if (count)
        say_many_choices(line, count);
    if (!count || (control->choices_note && !choices_complete(control->choices)))
        line_print(line, "  %s", control->choices_note ? control->choices_note : "There is nothing to choose from.");
    if (count && many)
        line_print(line, "  Several with commas between; a minus before one takes it away.");
}

static void say_table(struct line *line, const struct control_view *control)
{
    line_rows(line, control, NULL);
    line_print(line, "  %s%s; Enter goes on.",
               control->new_row ? "add continues the unfinished row, remove discards it" : "add adds a row",
               value_count(control->value) ? ", a number changes one, remove and a number takes one away" : "");
}

static void say_map(struct line *line, const struct control_view *control)
{
    size_t lefts = choices_count(control->left), rights = value_count(control->value);
    if (!control->left || !control->choices) {
        line_print(line, "  %s", control->choices_note ? control->choices_note : "There is nothing to choose from.");
        return;
    }
    if (lefts <= SHORT)
        line_lefts(line, control, NULL);
    else
        line_print(line, "  %zu of %zu have one. list and /word show them.", rights, lefts);
    line_print(line, "  A number or name asks for that one, NAME = CHOICE answers it at once; ask goes through those that are open; "
                     "Enter goes on.");
}

static void say_right(struct line *line, const struct control_view *control)
{
    const char *right = value_member_text(control->value, line->left);
    line_print(line, "%s: %s%s", choices_label_of(control->left, line->left), right ? "current is " : "open",
               right ? choices_label_of(control->choices, right) : "");
    if (choices_count(control->choices) <= SHORT)
        line_choices(line, control, line->left, NULL);
    else
        line_suggestion(line, control);
    if (choices_count(control->choices) > SHORT)
        say_many_choices(line, choices_count(control->choices));
    line_print(line, "  Enter leaves it so, \\ alone makes it open, back returns.");
}

static bool is_within(const char *name, const char *field)
{
    size_t size = strlen(field);
    return name && strncmp(name, field, size) == 0 && (!name[size] || name[size] == '.');
}

static size_t say_those_at(struct line *line, const struct problem *problems, size_t count, const struct control_view *control)
{
    bool row = line->view->screen == SCREEN_ROW;
    size_t said = 0;
    for (size_t i = 0; i < count; i++)
        if (is_within(problems[i].field, control->name) && (!row || !problems[i].row || text_same(problems[i].row, line->view->row))) {
            say_problem(line, &problems[i], control->left && problems[i].row ? choices_label_of(control->left, problems[i].row) : NULL, 0);
            said++;
        }
    return said;
}

void line_control_problems(struct line *line, const struct control_view *control)
{
    const struct view *view = line->view;
    if (!control->problem)
        return;
    size_t said = view->problems ? say_those_at(line, view->problems->items, view->problems->count, control) : 0;
    if (!said)
        say_those_at(line, view->refusals.items, view->refusals.count, control);
}

void line_question(struct line *line, const struct control_view *control)
{
    if (line->left) {
        say_right(line, control);
        return;
    }
    line_list_start(line, NUMBERS_NONE);
    say_head(line, control);
    if (control->draft && !control->problem)
        line_print(line, "  Half-typed before: %s. Enter accepts it, next leaves it.", control->draft);
    line_control_problems(line, control);
    if (control->theirs)
        line_conflict(line, control->name);
    switch (control->control) {
    case CONTROL_ONE:
    case CONTROL_MANY:
    case CONTROL_TREE:
        say_choices(line, control);
        break;
    case CONTROL_TABLE:
        say_table(line, control);
        break;
    case CONTROL_MAP:
        say_map(line, control);
        break;
    case CONTROL_YESNO:
        line_print(line, "  Yes or no.");
        break;
    case CONTROL_LINE:
    case CONTROL_SECRET:
    case CONTROL_NOTE:
        if (control->field->say && !control->problem)
            line_print(line, "  %s", control->expects);
        break;
    }
}

void line_actions(struct line *line)
{
    const struct view *view = line->view;
    for (size_t i = 0; i < view->action_count; i++)
        line_print(line, "  %s: %s", view->actions[i].id, view->actions[i].label);
}

static const struct step_view *step_behind(const struct view *view)
{
    for (size_t i = 0; i + 1 < view->steps_count; i++)
        if (text_same(view->steps[i].id, view->step))
            return &view->steps[i + 1];
    return NULL;
}

void line_go_on(struct line *line)
{
    const struct view *view = line->view;
    const struct step_view *behind = step_behind(view);
    bool waits = view->wait.on && view->wait.may_leave;
    line_list_start(line, NUMBERS_NONE);
    for (size_t i = 0; i < view->refusals.count; i++)
        if (!view->refusals.items[i].field || !view->control_count)
            say_problem(line, &view->refusals.items[i], view->refusals.items[i].label, 0);
    if (view->why_not)
        line_print(line, "%s", view->why_not);
    line_actions(line);
    if (view->submit && !waits)
        line_print(line, "%s? Enter does%s%s.", view->submit, view->control_count ? "; back returns to the questions" : "; back returns to the list",
                   behind ? "; next leaves it for later" : "");
    else
        line_print(line, "Enter goes %s%s.", behind ? "on to " : "back to the list", behind ? behind->title : "");
}
