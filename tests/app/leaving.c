/*
 * However the program dies, the terminal is as before: its modes, the normal screen, the cursor, no paste mode. And what
 * was typed is on disk when the line breaks: the next start finds step, field and half-typed text again.
 */
#include "support/opened.h"
#include "support/restored.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "../../src/app/guard.h"
#include "core/view.h"
#include "tui/tui.h"

/* A front end of its own that dies in a given way, on a given screen, when a byte comes through the pipe. */

enum way { WAY_SEGV, WAY_ABRT, WAY_BUS, WAY_FPE, WAY_OVERFLOW, WAY_KILL, WAYS };
enum place { AT_HOME, IN_A_FIELD, IN_A_LIST, IN_HELP, PLACES };

static const int way_signals[WAYS] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGKILL};
static int die[2];

/* Uses up the stack; the sum keeps the compiler from making a loop of it. */
static int deeper(volatile int *depth)
{
    volatile int here[512] = {*depth};
    return *depth < 0 ? 0 : deeper(here) + here[*depth % 512];
}

/* The faults are meant: no finding of the sanitizers. */
__attribute__((no_sanitize("undefined", "address"))) static void fail_by(enum way way)
{
    volatile int zero = 0;
    char path[] = "/tmp/leaving.XXXXXX";
    int fd;
    switch (way) {
    case WAY_SEGV:
        *(volatile int *)(intptr_t)zero = 1;
        break;
    case WAY_ABRT:
        abort();
    case WAY_BUS:       /* a page behind the end of its file */
        fd = mkstemp(path);
        unlink(path);
        dprintf(STDERR_FILENO, "%s", *(volatile char *)mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) ? "" : "");
        break;
    case WAY_FPE:       /* not every processor traps a division by zero */
    case WAY_KILL:
        kill(getpid(), way_signals[way]);
        break;
    case WAY_OVERFLOW:
        dprintf(STDERR_FILENO, "%d", deeper(&zero));
        break;
    case WAYS:
        break;
    }
}

static void live(int made, int report)
{
    static struct field field;
    static struct step_view step = {.id = "account", .title = "Account information", .words = "to do"};
    static struct control_view controls[2] = {
        {.control = CONTROL_LINE, .name = "a.zip", .label = "ZIP code", .text = "", .field = &field},
        {.control = CONTROL_ONE, .name = "a.state", .label = "State", .text = "", .field = &field},
    };
    enum place place = (enum place)(made / WAYS);
    struct view view = {.screen = place == AT_HOME ? SCREEN_HOME : SCREEN_FORM, .title = "Checklist", .steps = &step, .steps_count = 1,
                        .controls = controls, .control_count = place == AT_HOME ? 0 : 2, .entered = 1, .wait = {.percent = -1}};
    struct tui_options options = {0};
    struct event event;
    struct problem why = {0};

    controls[1].choices = choices_new();
    choices_add((struct choices *)controls[1].choices, "WA", "Washington", NULL);
    guard_harden();
    guard_start(tui_restore);
    struct ui *ui = tui_new(&options, &why);
    ui->show(ui, &view);
    for (;;) {
        struct pollfd both[2] = {{.fd = ui->fd, .events = POLLIN}, {.fd = die[0], .events = POLLIN}};
        poll(both, 2, ui->patience(ui));
        if (both[1].revents)
            fail_by((enum way)(made % WAYS));
        while (ui->take(ui, &event))
            ui->show(ui, &view);
        dprintf(report, "taken\n");
    }
}

static void faults_of_every_kind_give_the_terminal_back(void **state)
{
    static const char *const keys[PLACES] = {"\033[B", "9805", "\033[B\r", "\033OP"};
    static const char *const seen[PLACES] = {"Account information", "9805", "1 of 1", "Keys"};
    const struct termios before = modes_at_first();
    (void)state;
    for (int made = 0; made < WAYS * PLACES; made++) {
        enum place place = (enum place)(made / WAYS);
        struct terminal terminal;
        char how[64];
        snprintf(how, sizeof how, "fault %d at place %d", made % WAYS, place);
        assert_int_equal(pipe(die), 0);
        start(&terminal, live, made, "xterm-256color", 24, 80);
        wait_shown(&terminal, place == AT_HOME ? "Account information" : "ZIP code");
        type(&terminal, keys[place]);
        wait_shown(&terminal, seen[place]);
        assert_true(mode_is_on(&terminal, "1049") && mode_is_on(&terminal, "2004"));
        assert_int_equal(write(die[1], "x", 1), 1);
        assert_int_equal(wait_ended(&terminal, how), 128 + way_signals[made % WAYS]);
        assert_as_before(&terminal, &before, how);
        wait_shown(&terminal, "Start it again to continue");
        close(die[0]);
        close(die[1]);
        forget(&terminal);
    }
}

/* The real program. */

static void open_account(struct terminal *terminal)
{
    type(terminal, "\033[B\033[B\r");
    wait_cursor_at(terminal, "Organization");
}

static void signals_to_the_guardian_reach_the_program(void **state)
{
    static const struct { int signal, status; } ends[] = {{SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 129}, {SIGQUIT, 131}};
    const struct termios before = modes_at_first();
    (void)state;
    for (size_t i = 0; i < LENGTH(ends); i++) {
        struct terminal terminal;
        char how[64];
        snprintf(how, sizeof how, "signal %d to the guardian", ends[i].signal);
        begin(&terminal);
        open_account(&terminal);
        type(&terminal, "Contoso Retail");
        wait_shown(&terminal, "Contoso Retail");
        pid_t child = child_of(terminal.child);
        kill(terminal.child, ends[i].signal);
        assert_int_equal(wait_ended(&terminal, how), ends[i].status);
        assert_int_equal(kill(child, 0), -1);       /* the guardian waited for it */
        assert_as_before(&terminal, &before, how);
        forget(&terminal);
        char *saved = folder_read_text(folder, "state.yaml");
        assert_non_null(strstr(saved, "Contoso Retail"));
        free(saved);
        folder_gone(folder);
    }
}

static void read_name(pid_t pid, char name[32])
{
    char *path = text_format("/proc/%d/comm", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(name, 32, file));
    fclose(file);
    free(path);
}

static void killall_by_the_name_of_the_program_spares_the_guardian(void **state)
{
    struct terminal terminal;
    char guardian[32], program[32];
    (void)state;
    begin(&terminal);
    pid_t child = child_of(terminal.child);
    read_name(terminal.child, guardian);
    read_name(child, program);
    assert_string_equal(program, "commerce-setup\n");
    assert_string_equal(guardian, "commerce-guard\n");
    leave(&terminal);
    folder_gone(folder);
}

/* The kernel frees it when the program has ended. */
static bool lock_is_free(void)
{
    char *path = text_format("%s/state.lock", folder);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool free_now = fd >= 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0;
    close(fd);
    free(path);
    return free_now;
}

/* What was typed, the line broken, and what the next start shows. */
static void break_and_come_back(const char *how, void (*breaks)(struct terminal *terminal))
{
    struct terminal terminal;
    begin(&terminal);
    open_account(&terminal);
    type(&terminal, "Contoso Retail\r");
    wait_cursor_at(&terminal, "Legal entity");
    type(&terminal, "\tAnn Bee");
    wait_shown(&terminal, "Ann Bee");
    breaks(&terminal);
    int64_t until = now_ms() + 2000;
    int status;
    bool guardian = true, child = true;
    while ((guardian || child) && now_ms() < until) {
        guardian = guardian && waitpid(terminal.child, &status, WNOHANG) == 0;
        child = child && !lock_is_free();
        receive(&terminal, 10);
    }
    if (guardian || child)
        fail_msg("%s: %s is still there after 2 s", how, guardian ? "the guardian" : "the program");
    forget(&terminal);
    ignore_hangup = false;
    start(&terminal, run_program, 0, "xterm-256color", 24, 80);
    wait_shown(&terminal, "Contoso Retail");
    wait_shown(&terminal, "Ann Bee");
    wait_cursor_at(&terminal, "Contact name");
    leave(&terminal);
    folder_gone(folder);
}

static void close_line(struct terminal *terminal)
{
    close(terminal->fd);
    terminal->fd = -1;
}

static void kill_guardian(struct terminal *terminal)
{
    kill(terminal->child, SIGKILL);
}

static void a_broken_line_costs_nothing(void **state)
{
    (void)state;
    break_and_come_back("hang-up", close_line);
    ignore_hangup = true;
    break_and_come_back("hang-up ignored", close_line);
    break_and_come_back("guardian killed", kill_guardian);
}

/* As from the prompt of a shell with job control. */
static void run_in_shell(int unused, int report)
{
    (void)unused;
    (void)report;
    char *line = text_format("'%s' --config '%s' --state-dir '%s'; echo stopped; read -r x; fg >/dev/null", program_path(), PROGRAM_CONFIG, folder);
    execlp("sh", "sh", "-mc", line, (char *)NULL);
    _exit(127);
}

static void control_z_suspends_and_comes_back_whole(void **state)
{
    const struct termios before = modes_at_first();
    struct terminal terminal;
    (void)state;
    folder = folder_new();
    start(&terminal, run_in_shell, 0, "xterm-256color", 24, 80);
    wait_shown(&terminal, "F9 leave");
    open_account(&terminal);
    type(&terminal, "Cont\032");
    wait_shown(&terminal, "stopped");
    assert_as_before(&terminal, &before, "suspended");
    vterm_screen_reset(terminal.screen, 1);     /* the shell wrote over it */
    resize(&terminal, 30, 100);
    type(&terminal, "\n");
    wait_shown(&terminal, "Account information");
    wait_shown(&terminal, "Cont");
    type(&terminal, "oso");
    wait_shown(&terminal, "Contoso");
    assert_true(mode_is_on(&terminal, "1049") && mode_is_on(&terminal, "2004"));
    leave(&terminal);
    folder_gone(folder);
}

static void take_over(int unused, int report)
{
    (void)unused;
    (void)report;
    execl(program_path(), "commerce-setup", "--config", PROGRAM_CONFIG, "--state-dir", folder, "--take-over", (char *)NULL);
}

static void a_suspended_session_can_be_taken_over(void **state)
{
    struct terminal terminal, other;
    (void)state;
    folder = folder_new();
    start(&terminal, run_in_shell, 0, "xterm-256color", 24, 80);
    wait_shown(&terminal, "F9 leave");
    open_account(&terminal);
    type(&terminal, "Cont\032");
    wait_shown(&terminal, "stopped");
    start(&other, take_over, 0, "xterm-256color", 24, 80);
    wait_shown(&other, "Cont");
    wait_cursor_at(&other, "Organization");
    leave(&other);
    kill(terminal.child, SIGKILL);
    forget(&terminal);
    folder_gone(folder);
}

/* As behind "ssh -t HOST commerce-setup": a program that stops there stands still for ever. */
static void control_z_does_nothing_where_nobody_could_continue_it(void **state)
{
    struct terminal terminal;
    (void)state;
    begin(&terminal);
    open_account(&terminal);
    type(&terminal, "Cont\032oso");
    wait_shown(&terminal, "Contoso");
    leave(&terminal);
    folder_gone(folder);
}

static void the_front_end_is_changed_in_the_middle_and_back(void **state)
{
    struct terminal terminal;
    (void)state;
    begin(&terminal);
    open_account(&terminal);
    type(&terminal, "Cont");
    type(&terminal, "\033OS");
    wait_shown(&terminal, "Organization (required)");
    assert_false(mode_is_on(&terminal, "1049") || mode_is_on(&terminal, "2004"));
    type(&terminal, "\024\n");
    wait_shown(&terminal, "F9 leave");
    wait_shown(&terminal, "Cont");
    wait_cursor_at(&terminal, "Organization");
    leave(&terminal);
    folder_gone(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_of_every_kind_give_the_terminal_back),
        cmocka_unit_test(a_broken_line_costs_nothing),
        cmocka_unit_test(control_z_suspends_and_comes_back_whole),
        cmocka_unit_test(signals_to_the_guardian_reach_the_program),
        cmocka_unit_test(killall_by_the_name_of_the_program_spares_the_guardian),
        cmocka_unit_test(a_suspended_session_can_be_taken_over),
        cmocka_unit_test(control_z_does_nothing_where_nobody_could_continue_it),
        cmocka_unit_test(the_front_end_is_changed_in_the_middle_and_back),
    };
    prctl(PR_SET_CHILD_SUBREAPER, 1);       /* orphans are seen, and reaped */
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=0", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
