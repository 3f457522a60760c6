/*
 * Line mode: each view is met by at most one question; what is typed becomes an event. What was typed ahead waits its turn.
 */
#include "line/line.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "private.h"

#define TELL_EVERY_S 30

static void echo(struct line *line, bool on)
{
    struct termios terminal;
    if (!isatty(line->in) || tcgetattr(line->in, &terminal) < 0)
        return;
    if (on)
        terminal.c_lflag |= ECHO;
    else
        terminal.c_lflag &= (tcflag_t)~ECHO;
    terminal.c_lflag |= ECHONL | ICANON;
    tcsetattr(line->in, TCSANOW, &terminal);
}

static const struct control_view *current(const struct line *line)
{
    const struct view *view = line->view;
    bool form = view->screen == SCREEN_FORM || view->screen == SCREEN_ROW;
    return form && line->question < view->control_count ? &view->controls[line->question] : NULL;
}

static void introduce(struct line *line)
{
    const struct view *view = line->view;
    line->entered = view->entered;
    line->question = 0;
    line->asked = false;
    line->told_checks = 0;
    free(line->answered);
    line->answered = NULL;
    for (size_t i = 0; view->focus && i < view->control_count; i++)
        if (text_same(view->controls[i].name, view->focus))
            line->question = i;
    if (view->screen == SCREEN_HOME)
        return;
    line_print(line, " ");
    line_print(line, "%s", view->title);
    if (view->guide && (view->screen == SCREEN_FORM || view->screen == SCREEN_SIGN_IN || view->screen == SCREEN_CHECKS))
        line_print(line, "%s", view->guide);
}

static void say_sign_in(struct line *line)
{
    const struct sign_in_view *sign_in = &line->view->sign_in;
    if (sign_in->phase != SIGN_IN_CODE || line->told_code)
        return;
    line->told_code = true;
    line_print(line, "1. On any device with a browser open");
    line_raw(line, sign_in->address);
    line_print(line, "2. Enter this code");
    line_raw(line, sign_in->code);
    line_print(line, "3. Check that the page shows server %s and this code, then approve; only if you started this.",
               sign_in->host ? sign_in->host : "");
}

static bool must_wait(const struct line *line)
{
    return line->view->loading || (line->view->wait.on && line->view->wait.blocks);
}

/* The answer is in: the next question, or the same again with what is wrong. */
static void move_on(struct line *line)
{
    const struct control_view *control = line->answered ? view_control(line->view, line->answered) : NULL;
    if (!line->answered)
        return;
    if (control && control->problem)
        line->question = (size_t)(control - line->view->controls);
    else if (control)
        line->question = (size_t)(control - line->view->controls) + 1;
    free(line->answered);
    line->answered = NULL;
    line->asked = false;
}

static void ask_form(struct line *line)
{
    const struct view *view = line->view;
    const struct control_view *control = current(line);
    if (control) {
        line_question(line, control);
        line_prompt(line, "> ");
        if (control->control == CONTROL_SECRET)
            echo(line, false);
        return;
    }
    if (view->why_not && !view->control_count)
        line_print(line, "%s", view->why_not);
    if (view->wait.on && view->wait.may_leave)
        line_print(line, "%s %d %%. You may leave; it goes on. Enter goes back.", view->wait.what, view->wait.percent < 0 ? 0 : view->wait.percent);
    for (size_t i = 0; i < view->action_count; i++)
        line_print(line, "  %s: %s", view->actions[i].id, view->actions[i].label);
    if (view->submit)
        line_print(line, "%s? Enter goes on; back returns to the questions.", view->submit);
    line_prompt(line, "> ");
}

static void ask(struct line *line)
{
    const struct view *view = line->view;
    switch (view->screen) {
    case SCREEN_HOME:
        line_home(line);
        break;
    case SCREEN_FORM:
    case SCREEN_ROW:
        ask_form(line);
        return;
    case SCREEN_CHECKS:
        line_print(line, "Enter runs the checks; next goes to the step after; back returns to the list.");
        break;
    case SCREEN_SIGN_IN:
        line_print(line, "%s? Enter goes on; back returns to the list.", view->submit ? view->submit : "Go on");
        break;
    case SCREEN_PLAN:
        line_plan(line);
        break;
    case SCREEN_PROBLEMS:
        line_problems(line);
        break;
    case SCREEN_CONFIRM:
        line_print(line, "%s (y or n)", view->question);
        break;
    case SCREEN_END:
        line_print(line, view->complete ? "Complete. What comes next:" : "Not complete yet.");
        for (size_t i = 0; i < value_count(view->after); i++)
            line_print(line, "  %s", value_item(view->after, i)->text);
        line_print(line, "Enter leaves; list shows the steps.");
        break;
    }
    line_prompt(line, "> ");
}

static void show(struct ui *ui, const struct view *view)
{
    struct line *line = ui->own;
    line->view = view;
    if (line->entered != view->entered)
        introduce(line);
    if (view->notice && !text_same(view->notice, line->notice))
        line_print(line, "%s", view->notice);
    free(line->notice);
    line->notice = mem_copy(view->notice);
    if (view->screen == SCREEN_CHECKS)
        line_checks(line);
    if (view->screen == SCREEN_SIGN_IN)
        say_sign_in(line);
    if (must_wait(line)) {
        if (!line->waiting)
            line_print(line, "%s ... (cancel stops waiting)", view->wait.what ? view->wait.what : "Asking the service");
        line->waiting = true;
        return;
    }
    if (line->waiting)
        line->asked = false;
    line->waiting = false;
    move_on(line);
}

static bool set(struct event *event, enum event_kind kind)
{
    *event = (struct event){.kind = kind};
    return true;
}

static bool open_step(struct line *line, const char *id, struct event *event)
{
    free(line->step);
    line->step = mem_copy(id);
    *event = (struct event){.kind = EVENT_OPEN, .step = line->step};
    return true;
}

static bool home_words(struct line *line, const char *words, struct event *event)
{
    const struct view *view = line->view;
    char *end;
    long number = strtol(words, &end, 10);
    if (!*words)
        for (size_t i = 0; i < view->steps_count; i++)
            if (text_same(view->steps[i].title, view->next))
                return open_step(line, view->steps[i].id, event);
    if (*words && !*end && number > 0 && (size_t)number <= view->steps_count)
        return open_step(line, view->steps[number - 1].id, event);
    for (size_t i = 0; *words && i < view->steps_count; i++)
        if (strncasecmp(view->steps[i].title, words, strlen(words)) == 0)
            return open_step(line, view->steps[i].id, event);
    if (*words)
        line_print(line, "\"%s\" is neither a step nor a word known here.", words);
    line->asked = false;
    return false;
}

/* Words known at every prompt. */
static bool common_words(struct line *line, const char *words, struct event *event, bool *known)
{
    *known = true;
    if (text_same(words, "quit") || text_same(words, "save"))
        return set(event, EVENT_QUIT);
    if (text_same(words, "plan"))
        return set(event, EVENT_PLAN);
    if (text_same(words, "problems"))
        return set(event, EVENT_PROBLEMS);
    if (text_same(words, "send")) {
        *event = (struct event){.kind = EVENT_DO, .action = ACTION_SEND_ALL};
        return true;
    }
    if (text_same(words, "why")) {
        line_print(line, "%s", line->view->why_not ? line->view->why_not : "Nothing stands in the way.");
        line->asked = false;
        return false;
    }
    if (text_same(words, "back") && !current(line))
        return set(event, EVENT_BACK);
    *known = false;
    return false;
}

static bool next_step(struct line *line, struct event *event)
{
    const struct view *view = line->view;
    for (size_t i = 0; i + 1 < view->steps_count; i++)
        if (text_same(view->steps[i].id, view->step))
            return open_step(line, view->steps[i + 1].id, event);
    return set(event, EVENT_BACK);
}

static bool question_words(struct line *line, const struct control_view *control, const char *words, struct event *event)
{
    line->asked = false;
    if (!*words || text_same(words, "next")) {
        line->question++;
        return false;
    }
    if (text_same(words, "back")) {
        if (line->question == 0)
            return set(event, EVENT_BACK);
        line->question--;
        return false;
    }
    if (text_same(words, "help")) {
        line_print(line, "%s Allowed: %s.", control->help ? control->help : "", control->expects);
        return false;
    }
    if (text_same(words, "list") || text_starts(words, "list /") || *words == '/') {
        const char *slash = strchr(words, '/');
        line_choices(line, control, NULL, slash ? slash + 1 : NULL);
        line_prompt(line, "> ");
        return false;
    }
    if (control->theirs && (text_same(words, "theirs") || text_same(words, "mine"))) {
        free(line->field);
        line->field = mem_copy(control->name);
        *event = (struct event){.kind = EVENT_TAKE, .field = line->field, .yes = text_same(words, "theirs")};
        return true;
    }
    return line_answer(line, control, words, event);
}

static bool form_words(struct line *line, const char *words, struct event *event)
{
    const struct view *view = line->view;
    const struct control_view *control = current(line);
    if (control)
        return question_words(line, control, words, event);
    line->asked = false;
    for (size_t i = 0; i < view->action_count; i++)
        if (text_same(words, view->actions[i].id)) {
            *event = (struct event){.kind = EVENT_DO, .action = view->actions[i].id};
            return true;
        }
    if (text_same(words, "next"))
        return next_step(line, event);
    if (*words) {
        line_print(line, "\"%s\" is not known here.", words);
        return false;
    }
    if (!view->submit || (view->wait.on && view->wait.may_leave))
        return set(event, EVENT_BACK);
    return set(event, EVENT_SUBMIT);
}

static bool handle(struct line *line, const char *words, struct event *event)
{
    bool known;
    bool made = common_words(line, words, event, &known);
    if (known)
        return made;
    switch (line->view->screen) {
    case SCREEN_HOME:
        return home_words(line, words, event);
    case SCREEN_FORM:
    case SCREEN_ROW:
        return form_words(line, words, event);
    case SCREEN_CHECKS:
    case SCREEN_SIGN_IN:
        line->asked = false;
        line->told_checks = 0;
        line->told_code = false;
        return text_same(words, "next") ? next_step(line, event) : set(event, EVENT_SUBMIT);
    case SCREEN_CONFIRM:
        *event = (struct event){.kind = EVENT_CONFIRM, .yes = *words == 'y' || *words == 'Y'};
        return true;
    case SCREEN_PLAN:
    case SCREEN_PROBLEMS:
        return set(event, EVENT_BACK);
    case SCREEN_END:
        if (text_same(words, "list"))
            return open_step(line, line->view->steps[0].id, event);
        return set(event, EVENT_QUIT);
    }
    return false;
}

static void read_more(struct line *line)
{
    struct pollfd ready = {line->in, POLLIN, 0};
    char bytes[4096];
    while (!line->eof && poll(&ready, 1, 0) > 0) {
        ssize_t got = read(line->in, bytes, sizeof bytes);
        if (got <= 0)
            line->eof = true;
        else
            text_add_bytes(&line->input, bytes, (size_t)got);
    }
    mem_wipe(bytes, sizeof bytes);
}

static char *next_line(struct line *line)
{
    char *end = line->input.size ? memchr(line->input.bytes, '\n', line->input.size) : NULL;
    if (!end)
        return NULL;
    size_t size = (size_t)(end - line->input.bytes);
    char *words = mem_copy_bytes(line->input.bytes, size);
    text_remove(&line->input, 0, size + 1);
    while (size && (words[size - 1] == '\r' || words[size - 1] == ' '))
        words[--size] = '\0';
    return words;
}

static bool take(struct ui *ui, struct event *event)
{
    struct line *line = ui->own;
    if (!line->view)
        return false;
    read_more(line);
    for (;;) {
        if (must_wait(line)) {
            /* Only "cancel" is listened to; what is typed ahead waits. */
            if (line->input.size >= 7 && memcmp(line->input.bytes, "cancel\n", 7) == 0) {
                text_remove(&line->input, 0, 7);
                return set(event, EVENT_CANCEL);
            }
            ui->ended = line->eof && line->view->sign_in.phase == SIGN_IN_CODE;
            return false;
        }
        if (line->view->screen == SCREEN_ROW && line->question >= line->view->control_count) {
            line->question = 0;
            line->asked = false;
            return set(event, EVENT_SUBMIT);
        }
        if (!line->asked)
            ask(line);
        char *words = next_line(line);
        if (!words) {
            ui->ended = line->eof;
            return false;
        }
        const struct control_view *control = current(line);
        if (control && control->control == CONTROL_SECRET)
            echo(line, true);
        line->asked = false;
        *event = (struct event){0};
        bool made = handle(line, words, event);
        mem_free_secret(words);
        if (made)
            return true;
    }
}

static int patience(struct ui *ui)
{
    struct line *line = ui->own;
    return line->waiting ? TELL_EVERY_S * 1000 : -1;
}

static void close_line(struct ui *ui)
{
    struct line *line = ui->own;
    echo(line, true);
    text_wipe(&line->input);
    value_free(line->shown);
    value_free(line->value);
    void *texts[] = {line->answered, line->notice, line->step, line->field, line->row, line};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
}

struct ui *line_new(int in, int out)
{
    struct line *line = mem_new(sizeof *line);
    line->in = in;
    line->out = out;
    line->shown = value_new_list();
    line->ui = (struct ui){.show = show, .take = take, .close = close_line, .patience = patience, .fd = in, .own = line};
    return &line->ui;
}
