/*
 * However the program dies, and wherever: its guardian gives the terminal back as it was. When both are killed nobody does;
 * what is left then is what `stty sane` and `reset` cure, and the next start goes on where one was.
 */
#include "support/screens.h"        /* first: how patient the others are */

#include "support/count.h"
#include "support/parallel.h"
#include "support/restored.h"

#ifndef PLACES_EACH
#define PLACES_EACH 1       /* places for each cause; deaths.long.c has all of them */
#endif

static const struct { int signal, status; } causes[] = {
    {SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 129}, {SIGQUIT, 131}, {SIGKILL, 137}, {SIGSEGV, 139}, {SIGABRT, 134}, {SIGBUS, 135},
    {SIGFPE, 136}, {SIGILL, 132},
};

static void die(size_t cause)
{
    const struct termios before = modes_at_first();
    struct terminal terminal;
    char *how = text_format("signal %d at %s, %s", causes[cause].signal, places[cell.place].name, phase_names[cell.phase]);
    print_message("%s\n", how);
    cell_reach(&terminal);
    kill(child_of(terminal.child), causes[cause].signal);
    int status = wait_ended(&terminal, how);
    if (status != causes[cause].status)
        fail_msg("%s: exit status %d, wanted %d", how, status, causes[cause].status);
    assert_as_before(&terminal, &before, how);
    count_goal("restored", 1);
    cell_leave(&terminal);
    free(how);
}

/* A phase that the place has; another one for each cause. */
static enum phase phase_of(int place, size_t cause)
{
    size_t phase = (size_t)place + cause;
    while (!cell_exists(place, (int)(phase % PHASES)))
        phase++;
    return (enum phase)(phase % PHASES);
}

static void die_everywhere(unsigned worker)
{
    unsigned number = 0;
    for (size_t cause = 0; cause < LENGTH(causes); cause++)
        for (size_t i = 0; i < PLACES_EACH; i++) {
            cell.place = (int)((i + cause * 5) % PLACES);
            cell.phase = phase_of(cell.place, cause);
            if (number++ % WORKERS == worker)
                die(cause);
        }
}

static void test_every_death_on_every_screen_gives_the_terminal_back(void **state)
{
    (void)state;
    in_parallel(die_everywhere);
}

/* What an administrator does then, at the prompt of the shell that the program was started from. */
static void run_in_shell(int unused, int report)
{
    (void)unused;
    (void)report;
    char *line = text_format("'%s' --config '%s' --state-dir '%s'; echo killed; read -r x; stty sane; echo sane; read -r x; reset; echo cured; read -r x",
                             program_path(), PROGRAM_CONFIG, cell.folder);
    execlp("sh", "sh", "-mc", line, (char *)NULL);
    _exit(127);
}

static void run_again(int unused, int report)
{
    (void)unused;
    (void)report;
    execl(program_path(), "commerce-setup", "--config", PROGRAM_CONFIG, "--state-dir", cell.folder, (char *)NULL);
    _exit(127);
}

/* Until the state on disk has what was typed: a kill costs at most the last second. */
static void wait_saved(struct terminal *terminal, const char *text)
{
    int64_t until = now_ms() + PATIENCE_MS;
    for (bool there = false; !there;) {
        char *state = folder_has(cell.folder, "state.yaml") ? folder_read_text(cell.folder, "state.yaml") : mem_copy("");
        there = strstr(state, text);
        free(state);
        receive(terminal, 20);
        if (now_ms() > until)
            fail_with_screen(terminal, text);
    }
}

/* Stopped first, so that the program cannot save on the hang-up that the death of its guardian means. */
static void kill_both(struct terminal *terminal)
{
    pid_t guardian = child_of(terminal->child), program = child_of(guardian);
    kill(program, SIGSTOP);
    kill(guardian, SIGKILL);
    kill(program, SIGKILL);
}

static struct termios modes_now(const struct terminal *terminal)
{
    struct termios modes;
    assert_int_equal(tcgetattr(terminal->fd, &modes), 0);
    return modes;
}

static void test_what_is_left_when_both_are_killed_is_cured_by_reset(void **state)
{
    struct terminal terminal, again;
    (void)state;
    cell.folder = folder_new();
    start(&terminal, run_in_shell, 0, "xterm-256color", 24, 80);
    wait_shown(&terminal, "F9 leave");
    focus(&terminal, "Account information   ");
    enter(&terminal);
    wait_cursor_at(&terminal, "Organization");
    type(&terminal, "Contoso Retail");
    wait_saved(&terminal, "Contoso Retail");
    kill_both(&terminal);
    wait_shown(&terminal, "killed");

    /* Left: no echo and no lines, the alternate screen, bracketed paste. */
    struct termios left = modes_now(&terminal);
    assert_false(left.c_lflag & (ICANON | ECHO));
    assert_true(mode_is_on(&terminal, "1049") && mode_is_on(&terminal, "2004"));
    type(&terminal, "\n");
    wait_shown(&terminal, "sane");
    left = modes_now(&terminal);
    assert_int_equal(left.c_lflag & (ICANON | ECHO | ISIG), ICANON | ECHO | ISIG);
    assert_true((left.c_iflag & ICRNL) && (left.c_oflag & OPOST));
    size_t from = terminal.raw.size;
    type(&terminal, "\n");
    wait_shown(&terminal, "cured");
    assert_non_null(strstr(terminal.raw.bytes + from, "\033c"));     /* the reset of the whole terminal, with all its modes */

    /* Nothing else: the next start finds no lock, and goes on in the field. */
    start(&again, run_again, 0, "xterm-256color", 24, 80);
    wait_shown(&again, "Contoso Retail");
    wait_cursor_at(&again, "Organization");
    leave(&again);
    kill(terminal.child, SIGKILL);
    waitpid(terminal.child, NULL, 0);
    forget(&terminal);
    folder_gone(cell.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_death_on_every_screen_gives_the_terminal_back),
        cmocka_unit_test(test_what_is_left_when_both_are_killed_is_cured_by_reset),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=0", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
