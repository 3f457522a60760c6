/*
 * The line breaks on every screen, while nothing happens, while text is typed, while a request is under way and while the
 * state is saved: the program and its guardian end, the lock is free, and the text is in the state.
 */
#include "support/count.h"
#include "support/opened.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum phase { PHASE_IDLE, PHASE_TYPING, PHASE_REQUEST, PHASE_SAVING, PHASES };

static const char *const phase_names[PHASES] = {"idle", "typing", "request", "saving"};

static const struct { const char *name, *keys, *seen; } screens[] = {
    {"home", "", "F9 leave"}, {"form", "\033[B\033[B\r", "Organization"}, {"help", "\033OP", "Keys"}, {"find", "\033OR", "Find"}, {"exit", "\003", "Exit?"},
};

static char *config, *token;

/* Accept connections and never answer: a request stays under way. */
static int listen_silently(void)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    assert_int_equal(bind(listener, (struct sockaddr *)&here, size), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &size), 0);
    char *text = text_format("checklist: commerce-services\nservice:\n  address: https://127.0.0.1:%d\nerp:\n  version: ax2012-r2\n", ntohs(here.sin_port));
    folder_write(folder, "config.yaml", text);
    folder_write(folder, "token", "token\n");
    config = text_format("%s/config.yaml", folder);
    token = text_format("%s/token", folder);
    free(text);
    return listener;
}

/* With -D the tracer is a grandchild: the process on the terminal is the program's guardian, as without it. */
static void run_phase(int phase, int report)
{
    char *state = text_format("%s/state", folder);
    (void)report;
    if (phase == PHASE_SAVING)
        execlp("strace", "strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:delay_enter=300000", program_path(),
               "--config", config, "--state-dir", state, (char *)NULL);
    execl(program_path(), "commerce-setup", "--config", config, "--state-dir", state, phase == PHASE_REQUEST ? "--token-file" : NULL, token, (char *)NULL);
    _exit(127);
}

static bool lock_is_free(void)
{
    char *path = text_format("%s/state/state.lock", folder);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool free_now = fd >= 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0;
    close(fd);
    free(path);
    return free_now;
}

/* Wait until the file of an unfinished save is there. */
static void wait_saving(struct terminal *terminal)
{
    char *path = text_format("%s/state/state.yaml.tmp", folder);
    int64_t until = now_ms() + PATIENCE_MS;
    while (access(path, F_OK) != 0) {
        receive(terminal, 1);
        if (now_ms() > until)
            fail_with_screen(terminal, "a save under way");
    }
    free(path);
}

static void wait_asked(struct terminal *terminal, int listener)
{
    struct pollfd one = {.fd = listener, .events = POLLIN};
    int64_t until = now_ms() + PATIENCE_MS;
    while (poll(&one, 1, 0) == 0) {
        receive(terminal, 5);
        if (now_ms() > until)
            fail_with_screen(terminal, "a request under way");
    }
}

static void hang_up(struct terminal *terminal, const char *what)
{
    int64_t until = now_ms() + 2 * PATIENCE_MS;
    int status;
    bool guardian = true;
    close(terminal->fd);
    terminal->fd = -1;
    while ((guardian = guardian && waitpid(terminal->child, &status, WNOHANG) == 0) || !lock_is_free()) {
        if (now_ms() > until)
            fail_msg("%s: %s has not ended", what, guardian ? "the guardian" : "the program");
        poll(NULL, 0, 5);
    }
}

static void open_screen(struct terminal *terminal, size_t screen, bool wait)
{
    type(terminal, screens[screen].keys);
    if (wait)
        wait_shown(terminal, screens[screen].seen);
}

/* Type into the form and leave the text there, then open the screen over it. */
static void type_text(struct terminal *terminal, size_t screen, enum phase phase)
{
    open_screen(terminal, 1, true);
    wait_cursor_at(terminal, "Organization");
    type(terminal, "Contoso Retail");
    wait_shown(terminal, "Contoso Retail");
    if (phase == PHASE_SAVING)
        type(terminal, "\r");
    if (screen == 0)
        type(terminal, "\033");
    else if (screen != 1)
        open_screen(terminal, screen, phase != PHASE_SAVING);
}

static void break_line(size_t screen, enum phase phase)
{
    struct terminal terminal;
    char *what = text_format("%s, %s", screens[screen].name, phase_names[phase]);
    folder = folder_new();
    int listener = listen_silently();
    start(&terminal, run_phase, (int)phase, "xterm-256color", 24, 80);
    wait_shown(&terminal, "F9 leave");
    if (phase == PHASE_REQUEST)
        wait_asked(&terminal, listener);
    if (phase == PHASE_TYPING || phase == PHASE_SAVING)
        type_text(&terminal, screen, phase);
    else
        open_screen(&terminal, screen, true);
    if (phase == PHASE_SAVING)
        wait_saving(&terminal);
    hang_up(&terminal, what);
    if (phase == PHASE_TYPING || phase == PHASE_SAVING) {
        char *state = folder_read_text(folder, "state/state.yaml");
        if (!strstr(state, "Contoso Retail"))
            fail_msg("%s: the text is lost", what);
        free(state);
    }
    count_goal("hangup", 1);
    forget(&terminal);
    close(listener);
    free(config);
    free(token);
    free(what);
    folder_gone(folder);
}

static void test_hang_up_on_every_screen_in_every_phase(void **state)
{
    (void)state;
    for (size_t screen = 0; screen < LENGTH(screens); screen++)
        for (int phase = 0; phase < PHASES; phase++)
            break_line(screen, (enum phase)phase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hang_up_on_every_screen_in_every_phase),
    };
    prctl(PR_SET_CHILD_SUBREAPER, 1);       /* orphans are seen, and reaped */
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=0", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
