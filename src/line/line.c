/*
 * Line mode: each view is met by at most one question; what is typed becomes an event. What was typed ahead waits its turn.
 */
#include "line/line.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "private.h"

/* A screen that was entered: its heading and guide, once for each step, and the question that it wants first. */
static void introduce(struct line *line)
{
    const struct view *view = line->view;
    line->entered = view->entered;
    line->told_checks = 0;
    line_keep(&line->answered, NULL);
    line_keep(&line->told_focus, view->focus);
    line_keep(&line->sought, view->focus);
    line_go(line, 0);
    line_list_start(line, NUMBERS_NONE);
    const char *step = view->step ? view->step : "";
    if (view->screen == SCREEN_HOME || view->screen == SCREEN_CONFIRM || text_same(step, line->introduced))
        return;
    line_keep(&line->introduced, view->step);
    line_print(line, "%s", "");
    line_print(line, "%s%s", view->title, view->title[strlen(view->title) - 1] == '.' ? "" : ".");
    if (view->guide && (view->screen == SCREEN_FORM || view->screen == SCREEN_SIGN_IN || view->screen == SCREEN_CHECKS))
        line_print(line, "%s", view->guide);
}

/*
 * Questions come and go with the answers: the one that was asked keeps its place by its name. The one that the screen
 * wants first may still have to come from the service.
 */
static void follow(struct line *line)
{
    const struct view *view = line->view;
    const struct control_view *sought = line->sought ? view_control(view, line->sought) : NULL;
    if (sought) {
        line_go(line, (size_t)(sought - view->controls));
        line_keep(&line->sought, NULL);
    }
    const struct control_view *control = line->at ? view_control(view, line->at) : NULL;
    if (control)
        line->question = (size_t)(control - view->controls);
    else if (!line->at && !line->question && view->control_count)
        line_go(line, 0);       /* there was none when the screen was entered */
    else if (!line->at || line->question > view->control_count)
        line->question = view->control_count;
}

/* A map is not finished with one pair of it. */
static void pair_answered(struct line *line, const struct control_view *control)
{
    const char *right = value_member_text(control->value, line->row);
    if (control->problem && (!control->problem->row || text_same(control->problem->row, line->row)))
        line_control_problems(line, control);
    else
        line_print(line, "%s %s%s.", choices_label_of(control->left, line->row), right ? "= " : "is open",
                   right ? choices_label_of(control->choices, right) : "");
    if (line->returned && line_list(line)->numbers == NUMBERS_VALUES)
        line_print(line, "Numbers refer to the list of %s again; list prints it.", control->label);
    line->returned = false;
    line->asked = line->left == NULL;
}

/* The answer as it was understood: a number or an abbreviation stands for a label. Rows are printed with their table. */
static void answer_accepted(struct line *line, const struct control_view *control)
{
    if (control->control != CONTROL_TABLE && control->control != CONTROL_SECRET)
        line_print(line, "%s: %s", control->label, *control->text ? control->text : "(empty)");
}

/* The answer is in: the next question, or the same again with what is wrong. */
static void move_on(struct line *line)
{
    const struct control_view *control = line->answered ? view_control(line->view, line->answered) : NULL;
    line_keep(&line->answered, NULL);
    if (control && control->control == CONTROL_MAP) {
        pair_answered(line, control);
    } else if (control) {
        if (!control->problem)
            answer_accepted(line, control);
        line_go(line, (size_t)(control - line->view->controls) + (control->problem == NULL));
        line_control_problems(line, control);
        line->asked = control->problem != NULL;     /* the question stands just above */
    }
}

static void show(struct ui *ui, const struct view *view)
{
    struct line *line = ui->own;
    bool noticed = view->notice && (!text_same(view->notice, line->notice) || view->save_failures != line->save_failures);
    line->view = view;
    if (noticed)
        line_print(line, "%s", view->notice);
    line_keep(&line->notice, view->notice);
    line->save_failures = view->save_failures;
    if (line->entered != view->entered)
        introduce(line);
    follow(line);
    if (view->screen == SCREEN_CHECKS)
        line_checks(line);
    line_sign_in(line);
    line_wait_follow(line, noticed);
    if (!line_waits(line))
        move_on(line);
    if (line->finding && view->places) {
        line_places(line, line->finding);
        line_keep(&line->finding, NULL);
        line->asked = true;     /* one is still at the same question */
    }
}

static void ask_to_confirm(struct line *line)
{
    const struct view *view = line->view;
    char *answers = line_confirm_answers(view);
    line_print(line, "%s (%s)", view->question, view->control_count ? "Enter changes nothing" : answers);
    line_actions(line);
    free(answers);
}

static void ask(struct line *line)
{
    const struct view *view = line->view;
    const struct control_view *control = line_control(line);
    switch (view->screen) {
    case SCREEN_HOME:
        line_home(line);
        break;
    case SCREEN_FORM:
    case SCREEN_ROW:
    case SCREEN_TOKEN:
        if (control)
            line_question(line, control);
        else
            line_go_on(line);
        break;
    case SCREEN_CHECKS:
        line_print(line, "Enter %s.", line_checks_passed(view) ? "goes on; run runs the checks again" : "runs the checks; next leaves them for later");
        break;
    case SCREEN_SIGN_IN:
        line_sign_in_ask(line);
        break;
    case SCREEN_PLAN:
        line_plan(line);
        break;
    case SCREEN_ADDRESS:
        line_address(line);
        break;
    case SCREEN_DRIFT:
        line_drift(line);
        break;
    case SCREEN_PROBLEMS:
        line_problems(line);
        break;
    case SCREEN_CONFIRM:
        ask_to_confirm(line);
        break;
    case SCREEN_END:
        line_end(line);
        break;
    }
}

/* A terminal that is there still ends its input by Ctrl-D. */
static bool is_gone(const struct line *line)
{
    struct pollfd terminal = {line->in, POLLIN, 0};
    return line->is_terminal && poll(&terminal, 1, 0) > 0 && (terminal.revents & POLLHUP);
}

static void read_more(struct line *line)
{
    struct pollfd ready = {line->in, POLLIN, 0};
    char bytes[4096];
    while (!line->eof && poll(&ready, 1, 0) > 0) {
        ssize_t got = read(line->source, bytes, sizeof bytes);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            break;
        if (got <= 0)
            line->eof = true;
        else
            text_add_bytes(&line->input, bytes, (size_t)got);
    }
    mem_wipe(bytes, sizeof bytes);
}

/*
 * A line with a byte that is no UTF-8 is rejected whole: a name without its umlauts is another name.
 */
static bool is_text(struct line *line, const char *words)
{
    if (glyph_is_utf8(words, strlen(words)))
        return true;
    line_print(line, "The line was rejected: it is not UTF-8. Set the terminal's character encoding to UTF-8 and type the line again.");
    return false;
}

/* The next whole line without outer blanks, control characters and escape sequences; NULL when there is none. */
static char *next_line(struct line *line)
{
    char *end = line->input.size ? memchr(line->input.bytes, '\n', line->input.size) : NULL;
    if (!end)
        return NULL;
    size_t size = (size_t)(end - line->input.bytes), kept = 0;
    char *words = mem_copy_bytes(line->input.bytes, size);
    text_remove(&line->input, 0, size + 1);
    if (size == 1 && *words == LINE_SCREEN)
        return words;
    for (size_t i = 0, step; i < size; i += step) {
        uint32_t character = 0;
        step = words[i] == 033 ? line_escape_size(words + i, size - i) : utf8_read(words + i, size - i, &character);
        if (step == 0) {
            words[kept++] = '\xFF';         /* never UTF-8, whatever follows it: is_text() rejects the line */
            i++;
        }
        else if (!utf8_is_control(character) && (kept || character != ' ')) {
            memmove(words + kept, words + i, step);
            kept += step;
        }
    }
    while (kept && words[kept - 1] == ' ')
        kept--;
    words[kept] = '\0';
    return words;
}

void line_discard(struct line *line)
{
    text_wipe(&line->input);
}

/* Whether the next line starts with the word, which means something while a sign-in is under way. */
static bool is_next(const struct line *line, const char *word)
{
    size_t size = strlen(word);
    return line->input.size > size && memcmp(line->input.bytes, word, size) == 0 && (line->input.bytes[size] == '\n' || line->input.bytes[size] == '\r');
}

/*
 * From a pipe, nobody waits for the prompt to change: lines for what comes after a sign-in are left until it has ended. Only
 * the words of the sign-in itself are taken.
 */
static bool holds(const struct line *line)
{
    static const char *const own[] = {"cancel", "new", "token", "back", "quit", "code", "qr"};
    bool under_way = line->view->screen == SCREEN_SIGN_IN && line_sign_in_waits(line);
    if (line->is_terminal || !under_way || !line->input.size || !memchr(line->input.bytes, '\n', line->input.size))
        return false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (is_next(line, own[i]))
            return false;
    return true;
}

/* Only "cancel" is listened to while something is waited for; what else is typed ahead waits too. */
static bool take_cancel(struct line *line, struct event *event)
{
    size_t size = strlen("cancel\n");
    if (line->input.size < size || memcmp(line->input.bytes, "cancel\n", size) != 0)
        return false;
    text_remove(&line->input, 0, size);
    *event = (struct event){.kind = EVENT_CANCEL};
    return true;
}

/* The wizard is told where one is, so that the next start comes back to it. */
static bool tell_focus(struct line *line, struct event *event)
{
    const struct control_view *control = line_control(line);
    if (!control || line->sought || text_same(control->name, line->told_focus))
        return false;
    line_keep(&line->told_focus, control->name);
    line_keep(&line->field, control->name);
    *event = (struct event){.kind = EVENT_FOCUS, .field = line->field};
    return true;
}

/* A line that the end of the input cut off is no answer: it is kept as half-typed text. */
static bool keep_half_line(struct line *line, struct event *event)
{
    const struct control_view *control = line_control(line);
    if (!line->input.size || !control || control->control != CONTROL_LINE)
        return false;
    text_add(&line->input, "\n");
    line_keep(&line->field, control->name);
    char *half = next_line(line);
    bool good = *half != LINE_SCREEN && is_text(line, half);
    value_free(line->value);
    line->value = value_new_text(good ? half : NULL);
    free(half);
    if (!good)
        return false;
    *event = (struct event){.kind = EVENT_DRAFT, .field = line->field, .text = line->value->text};
    return true;
}

static void prompt(struct line *line)
{
    const struct control_view *control = line_control(line);
    if (!line->asked)
        ask(line);
    line->asked = true;
    if (line->prompted || (line->input.size && memchr(line->input.bytes, '\n', line->input.size)))
        return;     /* what was typed ahead needs no prompt */
    if (control && control->control == CONTROL_SECRET)
        line_echo(line, false);
    line_prompt(line);
}

static bool give(struct ui *ui, struct event *event)
{
    struct line *line = ui->own;
    if (!line->view)
        return false;
    read_more(line);
    line_wait_tell(line);
    for (;;) {
        if (line->leaves) {
            line->leaves = line->leaving = false;
            *event = (struct event){.kind = EVENT_QUIT};
            return true;
        }
        if (line->leaving) {
            char *typed = next_line(line);
            if (!typed) {
                ui->ended = line->eof;
                ui->hung_up = line->eof && is_gone(line);
                return false;
            }
            line->prompted = false;
            line_leaving_typed(line, typed);
            free(typed);
            continue;
        }
        if (line_waits(line) || holds(line))
            return take_cancel(line, event);
        if (line->view->screen == SCREEN_ROW && !line_control(line)) {
            line_go(line, 0);
            *event = (struct event){.kind = EVENT_SUBMIT};
            return true;
        }
        if (!line->asked && tell_focus(line, event))
            return true;
        prompt(line);
        char *words = next_line(line);
        if (!words) {
            ui->ended = line->eof;
            ui->hung_up = line->eof && is_gone(line);
            return line->eof && keep_half_line(line, event);
        }
        line_echo(line, true);
        if (line->is_terminal)
            line->prompted = false;     /* else nobody's Enter has ended its line: what comes next does */
        *event = (struct event){0};
        bool made = is_text(line, words) && line_words(line, words, event);
        mem_free_secret(words);
        line_keep(&line->sought, NULL);
        if (made || ui->switch_ui)
            return made;
    }
}

/* What these events bring about is printed, even if it is what was printed before. */
static bool replaces_notice(enum event_kind kind)
{
    return kind == EVENT_ANSWER || kind == EVENT_REMOVE || kind == EVENT_TAKE || kind == EVENT_SUBMIT || kind == EVENT_DO;
}

static bool take(struct ui *ui, struct event *event)
{
    struct line *line = ui->own;
    bool made = give(ui, event);
    if (made && replaces_notice(event->kind))
        line_keep(&line->notice, NULL);
    return made;
}

static int patience(struct ui *ui)
{
    return line_wait_patience(ui->own);
}

static void close_line(struct ui *ui)
{
    struct line *line = ui->own;
    line_terminal_restore(line);
    if (line->prompted)
        line_print(line, "%s", "");
    if (line->source != line->in)
        close(line->source);
    text_wipe(&line->input);
    line_list_clear(&line->lists[0]);
    line_list_clear(&line->lists[1]);
    value_free(line->value);
    void *texts[] = {line->introduced, line->at, line->sought, line->told_focus, line->answered, line->left, line->branch, line->notice,
                     line->wait_what, line->told_code, line->finding, line->step, line->field, line->row, line};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
}

/*
 * A line that was seen may be gone before it is read: Ctrl-C takes it back, and whoever waits for it hears no signal. Opened
 * anew, since the one at hand is shared with the shell, which must not find it changed.
 */
static int without_waiting(int in)
{
    const char *name = isatty(in) ? ttyname(in) : NULL;
    int own = name ? open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
    return own < 0 ? in : own;
}

struct ui *line_new(int in, int out)
{
    struct line *line = mem_new(sizeof *line);
    line->in = in;
    line->source = without_waiting(in);
    line->out = out;
    line_terminal_open(line);
    line->ui = (struct ui){.show = show, .take = take, .close = close_line, .patience = patience, .fd = in, .own = line};
    if (line->is_terminal) {
        line->ui.suspend = line_suspend;
        line->ui.interrupt = line_interrupt;
        line_echo(line, true);
    }
    return &line->ui;
}
