/*
 * What was typed at a prompt: a word that is known everywhere, else what the screen makes of it. A backslash before a word
 * enters it as a value; alone it is an empty value.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "private.h"

void line_keep(char **kept, const char *text)
{
    char *copy = mem_copy(text);
    free(*kept);
    *kept = copy;
}

static bool is_form(const struct line *line)
{
    return line->view->screen == SCREEN_FORM || line->view->screen == SCREEN_ROW || line->view->screen == SCREEN_TOKEN;
}

const struct control_view *line_control(const struct line *line)
{
    return is_form(line) && line->question < line->view->control_count ? &line->view->controls[line->question] : NULL;
}

void line_go(struct line *line, size_t question)
{
    const struct view *view = line->view;
    line->question = question < view->control_count ? question : view->control_count;
    line_keep(&line->at, question < view->control_count ? view->controls[question].name : NULL);
    line_keep(&line->left, NULL);
    line_keep(&line->branch, NULL);
    line->walking = false;
    line->asked = false;
}

static bool set(struct event *event, enum event_kind kind)
{
    *event = (struct event){.kind = kind};
    return true;
}

bool line_open(struct line *line, const char *step, const char *field, struct event *event)
{
    line_keep(&line->step, step);
    line_keep(&line->field, field);
    *event = (struct event){.kind = EVENT_OPEN, .step = line->step, .field = line->field};
    return true;
}

static bool next_step(struct line *line, struct event *event)
{
    const struct view *view = line->view;
    for (size_t i = 0; i < view->steps_count; i++) {
        if (!view->step && text_same(view->steps[i].title, view->next))
            return line_open(line, view->steps[i].id, NULL, event);
        if (view->step && text_same(view->steps[i].id, view->step) && i + 1 < view->steps_count)
            return line_open(line, view->steps[i + 1].id, NULL, event);
    }
    return view->step ? set(event, EVENT_BACK) : view->steps_count && line_open(line, view->steps[0].id, NULL, event);
}

/* The place that a number refers to, of those that find, list or problems printed last; NULL. */
static const struct value *numbered_place(struct line *line, const char *typed)
{
    const struct list *list = line_list(line);
    char *end;
    long number = strtol(typed, &end, 10);
    bool known = list->numbers == NUMBERS_PLACES && *typed && !*end && number > 0 && (size_t)number <= value_count(list->items);
    return known ? value_item(list->items, (size_t)number - 1) : NULL;
}

static bool go_to(struct line *line, const struct value *place, struct event *event)
{
    const char *step = value_member_text(place, "step"), *field = value_member_text(place, "field");
    for (size_t i = 0; field && is_form(line) && i < line->view->control_count; i++)
        if (text_same(line->view->controls[i].name, field)) {
            line_go(line, i);
            return false;
        }
    return line_open(line, step, field, event);
}

/* The words, one function each. `rest`: what stands behind. */

static bool word_back(struct line *line, const char *rest, struct event *event)
{
    (void)rest;
    if (line->left)
        line_go(line, line->question);
    else if (is_form(line) && line->question > 0)
        line_go(line, line->question - 1);
    else
        return set(event, EVENT_BACK);
    return false;
}

static bool word_next(struct line *line, const char *rest, struct event *event)
{
    (void)rest;
    switch (line->view->screen) {
    case SCREEN_FORM:
    case SCREEN_ROW:
    case SCREEN_TOKEN:
        if (!line_control(line))
            return next_step(line, event);
        line_go(line, line->question + 1);
        return false;
    case SCREEN_HOME:
    case SCREEN_END:
    case SCREEN_CHECKS:
    case SCREEN_SIGN_IN:
        return next_step(line, event);
    case SCREEN_PLAN:
    case SCREEN_ADDRESS:
    case SCREEN_DRIFT:
    case SCREEN_PROBLEMS:
    case SCREEN_CONFIRM:
        break;
    }
    return set(event, EVENT_BACK);
}

static void list(struct line *line, const struct control_view *control, const char *filter)
{
    bool has_choices = control && control->choices;
    if (control && control->control == CONTROL_TABLE)
        line_rows(line, control, filter);
    else if (line->left && has_choices)
        line_choices(line, control, line->left, filter);
    else if (control && control->control == CONTROL_MAP && control->left)
        line_lefts(line, control, filter);
    else if (control && control->control == CONTROL_TREE && has_choices && !filter)
        line_branch(line, control);
    else if (has_choices)
        line_choices(line, control, NULL, filter);
    else if (line->view->control_count)
        line_questions(line);
    else
        line->asked = false;    /* what the screen lists is printed again */
}

static bool word_list(struct line *line, const char *rest, struct event *event)
{
    (void)event;
    list(line, line_control(line), *rest == '/' ? rest + 1 : *rest ? rest : NULL);
    return false;
}

static bool word_find(struct line *line, const char *rest, struct event *event)
{
    if (!*rest) {
        line_questions(line);
        return false;
    }
    line_keep(&line->finding, rest);
    *event = (struct event){.kind = EVENT_FIND, .yes = true};
    return true;
}

static bool word_go(struct line *line, const char *rest, struct event *event)
{
    const struct value *place = numbered_place(line, rest);
    if (place)
        return go_to(line, place, event);
    line_print(line, "There is no place %s. find, list and problems print places with numbers.", rest);
    return false;
}

static bool word_why(struct line *line, const char *rest, struct event *event)
{
    const struct control_view *control = line_control(line);
    const struct problem *problem = control ? control->problem : NULL;
    (void)rest;
    (void)event;
    if (problem)
        line_print(line, "%s: %s. %s", control->label, problem->text, problem->advice ? problem->advice : "");
    if (line->view->notice && line->view->notice_is_bad)
        line_print(line, "%s", line->view->notice);
    if (line->view->why_not)
        line_print(line, "%s", line->view->why_not);
    else if (!problem)
        line_print(line, "Nothing stands in the way.");
    return false;
}

static bool word_plan(struct line *line, const char *rest, struct event *event)
{
    (void)rest;
    line_keep(&line->step, line->view->step);
    *event = (struct event){.kind = EVENT_PLAN, .step = line->step};
    return true;
}

/* Everything is on disk already: of a form this is the end of it, whatever question is asked. */
static bool word_save(struct line *line, const char *rest, struct event *event)
{
    (void)rest;
    if (is_form(line) && line->view->submit && line->view->control_count)
        return set(event, EVENT_SUBMIT);
    line_print(line, "%s", line->view->saved);
    (void)event;
    return false;
}

static bool word_quit(struct line *line, const char *rest, struct event *event)
{
    (void)line;
    (void)rest;
    return set(event, EVENT_QUIT);
}

static bool word_problems(struct line *line, const char *rest, struct event *event)
{
    (void)line;
    (void)rest;
    return set(event, EVENT_PROBLEMS);
}

/* Ctrl-T, which is no word that could be an answer. */
static bool word_screen(struct line *line, const char *rest, struct event *event)
{
    (void)rest;
    (void)event;
    line->ui.switch_ui = line->is_terminal;
    if (!line->is_terminal)
        line_print(line, "This is no terminal: there is no full screen.");
    return false;
}

static bool word_help(struct line *line, const char *rest, struct event *event);

static const struct word {
    const char *word;
    const char *means;
    bool takes_more;        /* words behind it belong to it; without this "next week" is an answer */
    bool between;           /* not while a question is asked: there it is an answer like any other */
    bool (*act)(struct line *line, const char *rest, struct event *event);
} words[] = {
    {"back", "the question before, then the list of steps", false, false, word_back},
    {"next", "the question or step after, without an answer", false, false, word_next},
    {"list", "what can be chosen here, or the questions of this step", true, false, word_list},
    {"find", "find WORD: the steps, questions, answers and problems that have it", true, false, word_find},
    {"go", "go NUMBER: to a place that find, list or problems printed", true, false, word_go},
    {"why", "what stands in the way", false, false, word_why},
    {"plan", "what would change on the service", false, false, word_plan},
    {"save", "ends the questions of this step: saves and sends them", false, false, word_save},
    {"quit", "saves and exits", false, false, word_quit},
    {"qr", "the address to open as a QR code", false, false, line_word_qr},
    {"code", "the address and code of the sign-in again", false, false, line_word_code},
    {"help", "this", false, false, word_help},
    {(const char[]){LINE_SCREEN, '\0'}, "the full screen", false, false, word_screen},
    {"problems", "all that is wrong, with a number to go there", false, true, word_problems},
};

static bool word_help(struct line *line, const char *rest, struct event *event)
{
    const struct control_view *control = line_control(line);
    (void)rest;
    (void)event;
    if (control && control->help)
        line_print(line, "%s", control->help);
    if (control && control->expects)
        line_print(line, "What it takes: %s%s", control->expects, control->expects[strlen(control->expects) - 1] == '.' ? "" : ".");
    else if (line->view->guide)
        line_print(line, "%s", line->view->guide);
    if (line->view->screen == SCREEN_CONFIRM && !line->view->control_count)
        line_print(line, "y: %s. n: %s.", line->view->yes, line->view->no);
    line_print(line, "Words at every prompt:");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!words[i].between || !control)
            line_print(line, "  %s: %s", *words[i].word < ' ' ? "Ctrl-T" : words[i].word, words[i].means);
    if (control)
        line_print(line, "A backslash before such a word enters it as an answer; alone it empties the answer. Enter leaves the answer as it is.");
    if (line->view->screen == SCREEN_HOME)
        line_print(line, "  send: sends every step that is saved and not sent yet");
    return false;
}

/* The word that a line starts with and what stands behind it; NULL when it is none. */
static const struct word *word_of(const struct line *line, const char *typed, const char **rest)
{
    size_t size = strcspn(typed, " ");
    *rest = typed + size + strspn(typed + size, " ");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        bool same = strlen(words[i].word) == size && strncmp(words[i].word, typed, size) == 0;
        if (words[i].act == word_go && (!**rest || (*rest)[strspn(*rest, "0123456789")]))
            continue;       /* "go karts" is an answer */
        if (same && (!**rest || words[i].takes_more) && !(words[i].between && line_control(line)))
            return &words[i];
    }
    return NULL;
}

static bool has_list(const struct control_view *control)
{
    return control && (control->choices || control->control == CONTROL_TABLE || control->control == CONTROL_MAP);
}

/* Whether a backslash before it has a meaning: without this a password may start with one. */
static bool is_special(const struct line *line, const char *typed)
{
    const char *rest;
    while (*typed == '\\')
        typed++;
    return !*typed || word_of(line, typed, &rest) || ((*typed == '/' || isdigit((unsigned char)*typed)) && has_list(line_control(line)));
}

static bool question_typed(struct line *line, const struct control_view *control, const char *typed, struct event *event)
{
    bool as_value = line->as_value = *typed == '\\' && is_special(line, typed);
    if (!as_value && *typed == '/' && has_list(control)) {
        list(line, control, typed + 1);
        return false;
    }
    if (control->theirs && (text_same(typed, "theirs") || text_same(typed, "mine"))) {
        line_keep(&line->field, control->name);
        *event = (struct event){.kind = EVENT_TAKE, .field = line->field, .yes = text_same(typed, "theirs")};
        return true;
    }
    if (line->left && (*typed || as_value))
        return line_answer_right(line, control, typed + as_value, event);
    if (line->left) {
        if (!line->walking || !line_walk(line, control))
            line_go(line, line->question);
        line->asked = false;
        return false;
    }
    if (!*typed && control->draft && !control->problem)
        return line_answer(line, control, control->draft, event);
    if (*typed)
        return line_answer(line, control, typed + as_value, event);
    if (control->problem || (control->required && !*control->text && !control->note))
        line_print(line, "%s", control->problem ? "Left as it is, with its problem." : "Left open for now.");
    line_go(line, line->question + 1);
    return false;
}

bool line_unknown(struct line *line, const char *typed)
{
    line_print(line, "\"%s\" is not known here. help tells what is.", typed);
    return false;
}

static bool go_on_typed(struct line *line, const char *typed, struct event *event)
{
    const struct view *view = line->view;
    for (size_t i = 0; i < view->action_count; i++)
        if (text_same(typed, view->actions[i].id)) {
            *event = (struct event){.kind = EVENT_DO, .action = view->actions[i].id};
            return true;
        }
    if (*typed)
        return line_unknown(line, typed);
    if (view->submit && !(view->wait.on && view->wait.may_leave))
        return set(event, EVENT_SUBMIT);
    return next_step(line, event);
}

/* A step by its title, or by the only title that starts so. The numbers are those of the list of steps. */
static bool titled(struct line *line, const char *typed, struct event *event)
{
    const struct view *view = line->view;
    const struct step_view *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < view->steps_count; i++) {
        if (strcasecmp(view->steps[i].title, typed) == 0)
            return line_open(line, view->steps[i].id, NULL, event);
        if (strncasecmp(view->steps[i].title, typed, strlen(typed)) == 0) {
            found = &view->steps[i];
            count++;
        }
    }
    if (count == 1)
        return line_open(line, found->id, NULL, event);
    if (!count)
        return line_unknown(line, typed);
    line_list_start(line, NUMBERS_NONE);
    line_print(line, "Several steps start with \"%s\":", typed);
    for (size_t i = 0; i < view->steps_count; i++)
        if (strncasecmp(view->steps[i].title, typed, strlen(typed)) == 0)
            line_print(line, "  %zu. %s", i + 1, view->steps[i].title);
    return false;
}

static bool home_typed(struct line *line, const char *typed, struct event *event)
{
    const struct view *view = line->view;
    char *end;
    long number = strtol(typed, &end, 10);
    if (!*typed)
        return view->screen == SCREEN_END ? set(event, EVENT_QUIT) : next_step(line, event);
    if (!*end && number > 0 && (size_t)number <= view->steps_count)
        return line_open(line, view->steps[number - 1].id, NULL, event);
    if (text_same(typed, "send")) {
        *event = (struct event){.kind = EVENT_DO, .action = ACTION_SEND_ALL};
        return true;
    }
    return titled(line, typed, event);
}

char *line_confirm_answers(const struct view *view)
{
    struct text text = {0};
    text_add(&text, view->action_count ? "y, n" : "y or n");
    for (size_t i = 0; i < view->action_count; i++)
        text_addf(&text, "%s%s", i + 1 < view->action_count ? ", " : " or ", view->actions[i].id);
    return text_take(&text);
}

static bool confirm_typed(struct line *line, const char *typed, struct event *event)
{
    if (line->view->control_count) {        /* something must be typed: it is compared with what is wanted */
        line_keep(&line->field, typed);
        *event = (struct event){.kind = EVENT_CONFIRM, .yes = *typed != '\0', .text = line->field};
        return true;
    }
    for (size_t i = 0; i < line->view->action_count; i++)
        if (text_same(typed, line->view->actions[i].id)) {
            *event = (struct event){.kind = EVENT_DO, .action = line->view->actions[i].id};
            return true;
        }
    bool yes = strcasecmp(typed, "y") == 0 || strcasecmp(typed, "yes") == 0;
    if (*typed && !yes && strcasecmp(typed, "n") != 0 && strcasecmp(typed, "no") != 0) {
        char *answers = line_confirm_answers(line->view);
        line_print(line, "Type %s.", answers);
        free(answers);
        return false;
    }
    *event = (struct event){.kind = EVENT_CONFIRM, .yes = yes};
    return true;
}

static bool screen_typed(struct line *line, const char *typed, struct event *event)
{
    const struct view *view = line->view;
    switch (view->screen) {
    case SCREEN_FORM:
    case SCREEN_ROW:
    case SCREEN_TOKEN:
        return line_control(line) ? question_typed(line, line_control(line), typed, event) : go_on_typed(line, typed, event);
    case SCREEN_HOME:
    case SCREEN_END:
        return home_typed(line, typed, event);
    case SCREEN_CHECKS:
        if (*typed && !text_same(typed, "run"))
            return line_unknown(line, typed);
        if (!*typed && line_checks_passed(view))
            return next_step(line, event);
        line->told_checks = 0;
        return set(event, EVENT_SUBMIT);
    case SCREEN_SIGN_IN:
        return line_sign_in_typed(line, typed, event);
    case SCREEN_CONFIRM:
        return confirm_typed(line, typed, event);
    case SCREEN_DRIFT:
        return line_drift_typed(line, typed, event);
    case SCREEN_ADDRESS:
        return *typed ? line_unknown(line, typed) : set(event, EVENT_SUBMIT);
    case SCREEN_PLAN:
    case SCREEN_PROBLEMS:
        return *typed ? line_unknown(line, typed) : set(event, EVENT_BACK);
    }
    return false;
}

bool line_words(struct line *line, const char *typed, struct event *event)
{
    const char *rest;
    const struct word *word = word_of(line, typed, &rest);
    /* At a question a number is an answer, or part of one: only "go" leads away from it. */
    const struct value *place = word || line_control(line) ? NULL : numbered_place(line, typed);
    bool made;
    line->asked = true;     /* what is said here is the answer to it; whatever goes elsewhere asks anew */
    if (word)
        made = word->act(line, rest, event);
    else
        made = place ? go_to(line, place, event) : screen_typed(line, typed, event);
    if (made)
        line->asked = false;
    return made;
}
