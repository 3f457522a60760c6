/* Line mode on a terminal: its modes are given back as they were, Ctrl-Z comes back to the question, Ctrl-C asks. */
#include <sys/prctl.h>
#include <termios.h>

#include "support/folder.h"
#include "support/program.h"

static char *folder;
static const char *commands;    /* of the shell that starts it */

static struct termios modes_of(const struct terminal *terminal)
{
    struct termios modes;
    assert_int_equal(tcgetattr(terminal->fd, &modes), 0);
    return modes;
}

/* Modes that differ from the usual ones in what line mode may touch. */
static void in_shell(int unused, int report)
{
    struct termios modes;
    (void)unused;
    (void)report;
    tcgetattr(STDIN_FILENO, &modes);
    modes.c_lflag &= (tcflag_t)~(ECHONL | ECHOK);
    modes.c_cc[VERASE] = '\b';
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    char *line = text_format("c() { '%s' --line --config '%s' --state-dir '%s'; }; stty -a; echo ready; read -r x; %s", program_path(), PROGRAM_CONFIG,
                             folder, commands);
    execlp("sh", "sh", "-mc", line, (char *)NULL);
    _exit(127);
}

static void begin(struct terminal *terminal, const char *line, struct termios *before)
{
    folder = folder_new();
    commands = line;
    start(terminal, in_shell, 0, "xterm-256color", 24, 80);
    wait_shown(terminal, "ready");
    *before = modes_of(terminal);
    type(terminal, "\n");
    wait_shown(terminal, "help");
}

/* The prompt of a secret: the token instead of a code. */
static void go_to_secret(struct terminal *terminal)
{
    type(terminal, "2\n");
    wait_shown(terminal, "token takes a token");
    type(terminal, "token\n");
    wait_shown(terminal, "question 1 of 2");
    while (modes_of(terminal).c_lflag & ECHO)
        receive(terminal, 10);
}

static void assert_same(const struct termios *before, const struct termios *now, const char *how)
{
    if (before->c_iflag != now->c_iflag || before->c_oflag != now->c_oflag || before->c_cflag != now->c_cflag || before->c_lflag != now->c_lflag ||
        memcmp(before->c_cc, now->c_cc, sizeof before->c_cc) != 0)
        fail_msg("%s: the modes of the terminal are others: lflag %x, was %x", how, now->c_lflag, before->c_lflag);
}

static void end_shell(struct terminal *terminal)
{
    wait_shown(terminal, "left with");
    while (receive(terminal, 50))
        ;
    waitpid(terminal->child, NULL, 0);
    forget(terminal);
    folder_gone(folder);
}

static void test_every_way_out_restores_the_modes(void **state)
{
    static const struct { const char *typed; bool secret; int status; } ways[] = {
        {"quit\n", false, 3}, {"\003y\n", false, 3}, {"\003y\n", true, 3}, {"\004", false, 3}, {"\004", true, 3}, {"\034", true, 131},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(ways); i++) {
        struct terminal terminal;
        struct termios before, now;
        char said[32];
        begin(&terminal, "c; echo left with $?; read -r x", &before);
        if (ways[i].secret)
            go_to_secret(&terminal);
        if (*ways[i].typed == '\003') {
            type(&terminal, "\003");
            wait_shown(&terminal, "Exit? (y or n");
        }
        type(&terminal, ways[i].typed + (*ways[i].typed == '\003'));
        snprintf(said, sizeof said, "left with %d", ways[i].status);
        wait_shown(&terminal, said);
        now = modes_of(&terminal);
        assert_same(&before, &now, said);
        type(&terminal, "\n");
        end_shell(&terminal);
    }
}

static void test_control_z_at_a_secret_comes_back_to_it(void **state)
{
    struct terminal terminal;
    struct termios before, now;
    (void)state;
    begin(&terminal, "c; echo stopped; read -r x; stty echo echonl; fg >/dev/null; echo left with $?", &before);
    go_to_secret(&terminal);
    type(&terminal, "half\032");
    wait_shown(&terminal, "stopped");
    now = modes_of(&terminal);
    assert_same(&before, &now, "suspended");
    vterm_screen_reset(terminal.screen, 1);
    type(&terminal, "\n");
    wait_shown(&terminal, "question 1 of 2");      /* printed again */
    while (modes_of(&terminal).c_lflag & ECHO)
        receive(&terminal, 10);
    type(&terminal, "hunter2\n");
    wait_shown(&terminal, "7 characters.");         /* without the half that was typed before */
    assert_null(strstr(text_bytes(&terminal.raw), "hunter2"));
    type(&terminal, "\003");
    wait_shown(&terminal, "Exit? (y or n");
    type(&terminal, "y\n");
    end_shell(&terminal);
}

static void test_control_c_asks_and_enter_stays(void **state)
{
    struct terminal terminal;
    struct termios before;
    (void)state;
    begin(&terminal, "c; echo left with $?", &before);
    go_to_secret(&terminal);
    type(&terminal, "half\003");
    wait_shown(&terminal, "Exit? (y or n; Enter stays, Ctrl-C again exits)");
    assert_true(modes_of(&terminal).c_lflag & ECHO);
    vterm_screen_reset(terminal.screen, 1);
    type(&terminal, "\n");
    wait_shown(&terminal, "question 1 of 2");
    while (modes_of(&terminal).c_lflag & ECHO)
        receive(&terminal, 10);
    type(&terminal, "\003");
    wait_shown(&terminal, "Exit? (y or n; Enter stays, Ctrl-C again exits)");
    type(&terminal, "\003");
    wait_shown(&terminal, "left with 130");
    end_shell(&terminal);
}

/* From another terminal nobody can answer a question: kill(1) ends it at once. */
static void test_an_interrupt_from_a_process_does_not_ask(void **state)
{
    struct terminal terminal;
    struct termios before;
    (void)state;
    begin(&terminal, "c; echo left with $?", &before);
    pid_t guardian = child_of(terminal.child);
    kill(child_of(guardian), SIGINT);
    wait_shown(&terminal, "left with 130");
    end_shell(&terminal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_way_out_restores_the_modes),
        cmocka_unit_test(test_control_z_at_a_secret_comes_back_to_it),
        cmocka_unit_test(test_control_c_asks_and_enter_stays),
        cmocka_unit_test(test_an_interrupt_from_a_process_does_not_ask),
    };
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=0", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
