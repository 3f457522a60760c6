/*
 * The full screen in a pseudo-terminal, seen through a model of a terminal: what is on it, where the cursor is, which
 * intents come out, how many bytes it costs. The child shows views made by hand; each intent is a line in a pipe.
 */
#include "support/terminal.h"

#include <signal.h>

#include "core/view.h"
#include "model/checklist.h"
#include "tui/tui.h"

/* The child: a front end, and a view that takes answers in. */

struct world {
    struct view view;
    struct step_view steps[3];
    struct control_view controls[5];
    struct field field;
    struct choices *choices;
    struct value *held[5];
    int report;
};

static volatile sig_atomic_t resized;

static void on_resize(int signal)
{
    (void)signal;
    resized = 1;
}

static void make_home(struct world *world)
{
    static const char *const titles[] = {"Check prerequisites", "Account information", "Shipping methods"};
    static const char *const words[] = {"passed, 1 warning", "refused: 2 problems", "saved, not sent"};
    static const enum step_state states[] = {STATE_SENT, STATE_REFUSED, STATE_SAVED};
    for (size_t i = 0; i < 3; i++)
        world->steps[i] = (struct step_view){.id = titles[i], .title = titles[i], .words = words[i], .state = states[i],
                                             .section = i ? "Set up account" : "Before you start"};
    world->view = (struct view){.screen = SCREEN_HOME, .title = "Commerce Services", .heading = "Contoso", .entered = 1,
                                .steps = world->steps, .steps_count = 3, .sent_count = 1, .applicable_count = 3,
                                .next = "Account information", .focus = "Account information"};
}

static void make_form(struct world *world)
{
    static const char *const names[] = {"a.organization", "a.state", "a.zip", "a.token", "a.test"};
    static const char *const labels[] = {"Organization", "State", "ZIP code", "Token", "Test account"};
    static const enum control controls[] = {CONTROL_LINE, CONTROL_ONE, CONTROL_LINE, CONTROL_SECRET, CONTROL_YESNO};
    world->choices = choices_new();
    for (int i = 0; i < 248; i++) {
        char name[32];
        snprintf(name, sizeof name, "Place %03d", i);
        choices_add(world->choices, name, NULL, NULL);
    }
    choices_add(world->choices, "WA", "Washington", NULL);
    choices_set_complete(world->choices, true);
    for (size_t i = 0; i < 5; i++)
        world->controls[i] = (struct control_view){.control = controls[i], .name = names[i], .label = labels[i], .text = "",
                                                   .expects = "anything", .field = &world->field};
    world->controls[1].choices = world->choices;
    world->controls[0].text = "Contoso";
    world->controls[3].note = "set on 2026-11-20, leave empty to keep";
    world->view = (struct view){.screen = SCREEN_FORM, .title = "Account information", .step = "account", .step_number = 3,
                                .step_count = 10, .guide = "The organization that sells.", .entered = 1,
                                .submit = "Save and send", .controls = world->controls, .control_count = 5};
}

static void make_nasty(struct world *world)
{
    make_form(world);
    world->controls[0].text = "\033]0;owned\a\033[2J\u202Etxt";
    world->view.title = "Title\033[31m\n\u202E";
}

static void apply(struct world *world, const struct event *event)
{
    static const char *const kinds[] = {
        [EVENT_OPEN] = "open", [EVENT_FOCUS] = "focus", [EVENT_DRAFT] = "draft", [EVENT_ANSWER] = "answer", [EVENT_SUBMIT] = "submit",
        [EVENT_BACK] = "back", [EVENT_CANCEL] = "cancel", [EVENT_QUIT] = "quit", [EVENT_PLAN] = "plan",
    };
    const char *kind = event->kind <= EVENT_QUIT && kinds[event->kind] ? kinds[event->kind] : "other";
    const char *text = event->value ? event->value->text : event->text;
    dprintf(world->report, "%s %s%s%s\n", kind, event->step ? event->step : event->field ? event->field : "", text ? " = " : "", text ? text : "");
    for (size_t i = 0; i < world->view.control_count; i++) {
        struct control_view *control = &world->controls[i];
        if (!text_same(control->name, event->field) || control->control == CONTROL_SECRET)
            continue;
        if (event->kind == EVENT_DRAFT)
            control->draft = mem_copy(event->text);
        if (event->kind == EVENT_ANSWER) {
            control->draft = NULL;
            value_free(world->held[i]);
            world->held[i] = event->value ? value_copy(event->value) : NULL;
            control->value = world->held[i];
            control->text = world->held[i] && world->held[i]->text ? world->held[i]->text : "";
        }
    }
}

static void wait_for(struct pollfd *one, int ms, const sigset_t *mask)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    ppoll(one, 1, ms < 0 ? NULL : &time, mask);
}

enum made { HOME, FORM, NASTY };

static void live(int made, int report)
{
    static void (*const makers[])(struct world *) = {[HOME] = make_home, [FORM] = make_form, [NASTY] = make_nasty};
    static struct world world;
    struct problem why = {0};
    struct tui_options options = {0};
    struct sigaction action = {.sa_handler = on_resize};

    world.report = report;
    makers[made](&world);
    sigaction(SIGWINCH, &action, NULL);
    sigset_t mask, before;
    sigemptyset(&mask);
    sigaddset(&mask, SIGWINCH);
    sigprocmask(SIG_BLOCK, &mask, &before);     /* it comes while waiting, and only then */
    struct ui *ui = tui_new(&options, &why);
    if (!ui) {
        dprintf(report, "refused %s\n", why.text);
        _exit(1);
    }
    ui->show(ui, &world.view);
    for (bool over = false; !over && !ui->ended;) {
        struct event event = {0};
        while (!over && ui->take(ui, &event)) {
            apply(&world, &event);
            over = event.kind == EVENT_QUIT;
            ui->show(ui, &world.view);
        }
        struct pollfd one = {.fd = ui->fd, .events = POLLIN};
        if (!over && !ui->ended)
            wait_for(&one, ui->patience(ui), &before);
        if (resized) {
            resized = 0;
            ui->resize(ui);
            ui->show(ui, &world.view);
        }
    }
    dprintf(report, ui->ended ? "ended\n" : "closed\n");
    ui->close(ui);
}

static void the_checklist_is_shown_with_states_and_what_is_next(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, HOME, "xterm-256color", 24, 80);
    wait_shown(&terminal, "F3 find");
    assert_true(terminal.bytes < 2560);
    const char *const seen[] = {"Commerce Services", "Contoso", "1 of 3", "Before you start", "Set up account", "Check prerequisites",
                                "passed, 1 warning", "refused: 2 problems", "saved, not sent"};
    for (size_t i = 0; i < LENGTH(seen); i++)
        wait_shown(&terminal, seen[i]);
    wait_cursor_at(&terminal, "refused: 2 problems");
    type(&terminal, "\033[B");
    wait_cursor_at(&terminal, "Shipping methods");
    type(&terminal, "\r");
    wait_said(&terminal, "open Shipping methods\n");
    end(&terminal);
}

static void every_terminal_shows_the_same_words(void **state)
{
    static const char *const terms[] = {"xterm", "vt100", "vt220", "linux", "screen-256color", "tmux-256color", "rxvt", "putty"};
    (void)state;
    for (size_t i = 0; i < LENGTH(terms); i++) {
        struct terminal terminal;
        char path[2][64];
        snprintf(path[0], sizeof path[0], "/usr/share/terminfo/%c/%s", *terms[i], terms[i]);
        snprintf(path[1], sizeof path[1], "/lib/terminfo/%c/%s", *terms[i], terms[i]);
        if (access(path[0], R_OK) < 0 && access(path[1], R_OK) < 0)
            continue;       /* this machine has no description of it */
        start(&terminal, live, FORM, terms[i], 24, 80);
        wait_shown(&terminal, "Organization");
        wait_shown(&terminal, "Save and send");
        wait_cursor_at(&terminal, "Organization");
        end(&terminal);
    }
}

static void an_answer_goes_out_before_the_focus_moves(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm", 24, 80);
    wait_cursor_at(&terminal, "Organization");
    type(&terminal, " Ltd");
    wait_said(&terminal, "draft a.organization = Contoso Ltd\n");
    wait_shown(&terminal, "Contoso Ltd");
    type(&terminal, "\r");
    wait_said(&terminal, "answer a.organization = Contoso Ltd\n");
    wait_cursor_at(&terminal, "State");
    end(&terminal);
}

static void a_secret_is_masked_and_never_a_draft(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm", 24, 80);
    wait_cursor_at(&terminal, "Organization");
    type(&terminal, "\t\t\t");
    wait_cursor_at(&terminal, "Token");
    wait_shown(&terminal, "set on 2026-11-20");
    type(&terminal, "hunter2");
    wait_shown(&terminal, "7 characters");
    assert_int_equal(row_of(&terminal, "hunter2"), -1);
    type(&terminal, "\022");
    wait_shown(&terminal, "hunter2");
    assert_null(strstr(text_bytes(&terminal.said), "hunter2"));
    type(&terminal, "\t");
    wait_said(&terminal, "answer a.token = hunter2\n");
    wait_gone(&terminal, "hunter2");
    assert_null(strstr(text_bytes(&terminal.said), "draft"));
    end(&terminal);
}

static void typing_narrows_a_list_and_escape_widens_it(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm", 24, 80);
    wait_cursor_at(&terminal, "Organization");
    type(&terminal, "\t\r");
    wait_shown(&terminal, "Place 000");
    type(&terminal, "wash");
    wait_shown(&terminal, "1 of 249");
    wait_shown(&terminal, "Washington");
    type(&terminal, "\r");
    wait_said(&terminal, "answer a.state = WA\n");
    type(&terminal, "\033");
    wait_said(&terminal, "back");
    end(&terminal);
}

static void a_paste_never_submits_and_never_moves(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm", 24, 80);
    wait_cursor_at(&terminal, "Organization");
    type(&terminal, "\025\033[200~New\r\nName\t\033[201~");
    wait_said(&terminal, "draft a.organization = NewName\n");
    wait_cursor_at(&terminal, "Organization");
    assert_null(strstr(text_bytes(&terminal.said), "answer"));
    type(&terminal, "\025a long line that comes from an old terminal\rand on\r");
    wait_said(&terminal, "draft a.organization = a long line that comes from an old terminaland on\n");
    wait_cursor_at(&terminal, "Organization");
    assert_null(strstr(text_bytes(&terminal.said), "answer"));
    end(&terminal);
}

static void outside_text_cannot_steer_the_terminal(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, NASTY, "xterm", 24, 80);
    wait_shown(&terminal, "<1B>");
    wait_shown(&terminal, "Save and send");
    wait_shown(&terminal, "<202E>");
    end(&terminal);
}

static void forty_columns_and_twelve_rows_scroll(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm", 12, 40);
    wait_cursor_at(&terminal, "Organization");
    type(&terminal, "\t\t\t\t");
    wait_cursor_at(&terminal, "Test account");
    type(&terminal, "\t");
    wait_cursor_at(&terminal, "Save and send");
    end(&terminal);
}

static void any_size_keeps_the_text(void **state)
{
    static const struct { int rows, columns; } sizes[] = {{1, 1}, {0, 0}, {5, 20}, {24, 80}, {2, 200}, {60, 7}, {12, 40}};
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm", 24, 80);
    wait_cursor_at(&terminal, "Organization");
    type(&terminal, "!");
    for (int i = 0; i < 100; i++) {
        resize(&terminal, sizes[i % 7].rows, sizes[i % 7].columns);
        receive(&terminal, 0);
    }
    type(&terminal, "?");
    resize(&terminal, 24, 80);
    wait_said(&terminal, "draft a.organization = Contoso!?\n");
    wait_shown(&terminal, "Contoso!?");
    wait_cursor_at(&terminal, "Organization");
    end(&terminal);
}

static void a_size_too_small_or_unknown_is_no_end(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm", 1, 1);
    type(&terminal, "x");
    wait_said(&terminal, "draft a.organization = Contosox\n");
    end(&terminal);
    start(&terminal, live, FORM, "xterm", 0, 0);
    wait_cursor_at(&terminal, "Organization");
    end(&terminal);
    start(&terminal, live, FORM, "xterm", 8, 60);
    wait_shown(&terminal, "40");
    wait_shown(&terminal, "12");
    end(&terminal);
}

static void keys_cost_few_bytes(void **state)
{
    struct terminal terminal;
    (void)state;
    start(&terminal, live, FORM, "xterm-256color", 24, 80);
    wait_cursor_at(&terminal, "Organization");
    while (receive(&terminal, 50))
        ;
    terminal.bytes = 0;
    type(&terminal, "x");
    wait_shown(&terminal, "Contosox");
    assert_in_range(terminal.bytes, 1, 40);
    type(&terminal, "\t");
    wait_cursor_at(&terminal, "State");
    while (receive(&terminal, 50))
        ;
    terminal.bytes = 0;
    type(&terminal, "\033[B");
    wait_cursor_at(&terminal, "ZIP code");
    while (receive(&terminal, 50))
        ;
    assert_in_range(terminal.bytes, 1, 120);
    end(&terminal);
}

static void a_hang_up_is_told(void **state)
{
    struct terminal terminal;
    int status = -1;
    (void)state;
    start(&terminal, live, FORM, "xterm", 24, 80);
    wait_cursor_at(&terminal, "Organization");
    kill(terminal.child, SIGSTOP);
    waitpid(terminal.child, &status, WUNTRACED);
    type(&terminal, "y");
    close(terminal.fd);
    kill(terminal.child, SIGCONT);
    waitpid(terminal.child, &status, 0);
    assert_true(WIFEXITED(status) || (WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP));
    terminal.fd = -1;
    forget(&terminal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checklist_is_shown_with_states_and_what_is_next),
        cmocka_unit_test(every_terminal_shows_the_same_words),
        cmocka_unit_test(an_answer_goes_out_before_the_focus_moves),
        cmocka_unit_test(a_secret_is_masked_and_never_a_draft),
        cmocka_unit_test(typing_narrows_a_list_and_escape_widens_it),
        cmocka_unit_test(a_paste_never_submits_and_never_moves),
        cmocka_unit_test(outside_text_cannot_steer_the_terminal),
        cmocka_unit_test(forty_columns_and_twelve_rows_scroll),
        cmocka_unit_test(any_size_keeps_the_text),
        cmocka_unit_test(a_size_too_small_or_unknown_is_no_end),
        cmocka_unit_test(keys_cost_few_bytes),
        cmocka_unit_test(a_hang_up_is_told),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
