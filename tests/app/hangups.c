/*
 * The line breaks on every screen and with everything open over it, while nothing happens, while text is typed, while a
 * request is under way and while the state is saved: the program and its guardian end, the lock is free, and what was typed
 * is in the state. A token, which is typed too, is nowhere.
 */
#include "core/view.h"
#include "support/count.h"
#include "support/shop.h"
#include "support/typist.h"

#ifndef WAYS_EACH
#define WAYS_EACH 1         /* ways for each screen and phase; hangups.long.c has all of them */
#endif

#define WORKERS 6           /* most of the time is waiting for a disk that is made slow */

enum phase { PHASE_IDLE, PHASE_TYPING, PHASE_REQUEST, PHASE_SAVING, PHASES };
enum way { WAY_CLOSED, WAY_IGNORED, WAY_SIGNAL, WAYS };

static const char *const phase_names[PHASES] = {"idle", "typing", "request", "saving"};
static const char *const way_names[WAYS] = {"terminal closed", "terminal closed, SIGHUP ignored", "SIGHUP"};

#define ALL (1 << PHASE_IDLE | 1 << PHASE_TYPING | 1 << PHASE_REQUEST | 1 << PHASE_SAVING)
#define WITHOUT(phase) (ALL & ~(1 << (phase)))

/* SCREEN_* of core/view.h, then what the full screen opens over them. */
enum at { AT_LIST = SCREEN_END + 1, AT_HELP, AT_COMMAND, AT_FIND, AT_EXIT, PLACES };

static const struct { const char *name, *seen; int phases; } places[PLACES] = {
    [SCREEN_HOME] = {"home", "Upkeep", ALL},
    [SCREEN_FORM] = {"form", "Organization", ALL},
    [SCREEN_ROW] = {"row", "Charge", ALL},
    [SCREEN_CHECKS] = {"checks", "Tracking", ALL},
    [SCREEN_SIGN_IN] = {"sign-in", "t token", ALL},
    [SCREEN_TOKEN] = {"token", "Token", ALL},
    [SCREEN_PLAN] = {"plan", "What would change", ALL},
    [SCREEN_ADDRESS] = {"address", "/account", WITHOUT(PHASE_REQUEST)},
    [SCREEN_DRIFT] = {"drift", "Northwind", WITHOUT(PHASE_REQUEST)},     /* these are shown when the requests have ended */
    [SCREEN_PROBLEMS] = {"problems", "Problems", ALL},
    [SCREEN_CONFIRM] = {"question", "Really stop?", WITHOUT(PHASE_REQUEST)},
    [SCREEN_END] = {"end", "Complete", 1 << PHASE_IDLE | 1 << PHASE_SAVING},  /* as soon as something is typed it is another screen */
    [AT_LIST] = {"list", "Filter:", ALL},
    [AT_HELP] = {"help", "Keys", ALL},
    [AT_COMMAND] = {"command", "apply", ALL},
    [AT_FIND] = {"search", "Find", ALL},
    [AT_EXIT] = {"exit", "Exit?", ALL},
};

struct cell {
    int place;
    enum phase phase;
    enum way way;
    char *folder;
    struct shop *shop;
};

/* Without a token at first. */
static bool signs_in(int place)
{
    return place == SCREEN_SIGN_IN || place == SCREEN_TOKEN;
}

static struct cell cell;

/* With -D the tracer is a grandchild: the process on the terminal is the program's guardian, as without it. */
static void run_cell(int made, int report)
{
    const char *line[24] = {NULL};
    size_t count = 0;
    char *config = text_format("%s/config.yaml", cell.folder), *state = text_format("%s/state", cell.folder);
    char *token = text_format("%s/token", cell.folder);
    static const char *const slowly[] = {"strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:delay_enter=150000"};
    (void)made;
    (void)report;
    for (size_t i = 0; cell.phase == PHASE_SAVING && i < LENGTH(slowly); i++)
        line[count++] = slowly[i];
    line[count++] = program_path();
    line[count++] = "--config";
    line[count++] = config;
    line[count++] = "--state-dir";
    line[count++] = state;
    if (!signs_in(cell.place)) {
        line[count++] = "--token-file";
        line[count++] = token;
    }
    if (cell.way == WAY_IGNORED)
        signal(SIGHUP, SIG_IGN);
    execvp(line[0], (char **)line);
    _exit(127);
}

static bool lock_is_free(void)
{
    char *path = text_format("%s/state/state.lock", cell.folder);
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
    char *path = text_format("%s/state/state.yaml.tmp", cell.folder);
    int64_t until = now_ms() + PATIENCE_MS;
    while (access(path, F_OK) != 0) {
        receive(terminal, 1);
        if (now_ms() > until)
            fail_with_screen(terminal, "a save under way");
    }
    free(path);
}

static void wait_held(struct terminal *terminal)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (cell.shop->held == 0) {
        receive(terminal, 5);
        if (now_ms() > until)
            fail_with_screen(terminal, "a request under way");
    }
}

static void hang_up(struct terminal *terminal, const char *what)
{
    int64_t until = now_ms() + PATIENCE_MS;
    int status;
    bool guardian = true;
    if (cell.way == WAY_SIGNAL) {
        kill(terminal->child, SIGHUP);
    } else {
        close(terminal->fd);
        terminal->fd = -1;
    }
    while ((guardian = guardian && waitpid(terminal->child, &status, WNOHANG) == 0) || !lock_is_free()) {
        if (now_ms() > until)
            fail_msg("%s: %s has not ended", what, guardian ? "the guardian" : "the program");
        if (terminal->fd < 0)
            poll(NULL, 0, 5);
        else
            receive(terminal, 5);
    }
}

static void open_step(struct terminal *terminal, const char *title)
{
    focus(terminal, title);
    enter(terminal);
    wait_gone(terminal, "F9 leave  Enter open");
}

static void open_company(struct terminal *terminal)
{
    open_step(terminal, "Company");
    wait_cursor_at(terminal, "Organization");
}

/* The service has answered then: the token is proven. */
static void read_company(struct terminal *terminal)
{
    open_company(terminal);
    wait_shown(terminal, "98052");
    type(terminal, "\033");
    wait_shown(terminal, "Upkeep");
}

static void press(struct terminal *terminal, const char *button)
{
    focus(terminal, button);
    enter(terminal);
}

/* From the list of steps to the place. The last key is not waited for while a save is to be met. */
static void go_to(struct terminal *terminal, int place)
{
    static const char *const over[PLACES] = {
        [SCREEN_PLAN] = "\033[18~", [AT_EXIT] = "\003", [AT_HELP] = "\033OP", [AT_COMMAND] = "\033[17~", [AT_FIND] = "\033OR",
    };
    switch (place) {
    case SCREEN_HOME:
        return;
    case SCREEN_ROW:
        open_step(terminal, "Shipments");
        press(terminal, "add a row");
        break;
    case SCREEN_CHECKS:
        open_step(terminal, "Readiness");
        break;
    case SCREEN_SIGN_IN:
    case SCREEN_TOKEN:
        open_step(terminal, "Enrolment");
        break;
    case SCREEN_ADDRESS:
    case SCREEN_DRIFT:
    case SCREEN_CONFIRM:
        cell.shop->changed = true;
        open_step(terminal, "Upkeep");
        press(terminal, place == SCREEN_DRIFT ? "Compare" : place == SCREEN_CONFIRM ? "[ Stop" : "Manage online");
        break;
    case SCREEN_END:
        open_company(terminal);
        wait_shown(terminal, "98052");
        press(terminal, "[ ");
        break;
    case SCREEN_PROBLEMS:
        open_company(terminal);
        if (cell.phase == PHASE_SAVING)
            type(terminal, "s");
        press(terminal, "All problems");
        break;
    case AT_LIST:
        open_company(terminal);
        press(terminal, "State");
        break;
    default:
        open_company(terminal);
        if (cell.phase == PHASE_SAVING) {
            type(terminal, "s");
            enter(terminal);        /* a new answer is saved at once */
        }
    }
    if (place == SCREEN_TOKEN) {
        wait_shown(terminal, "t token");
        type(terminal, "t");
    }
    if (over[place])
        type(terminal, over[place]);
}

/* In the text field of the first step, which stays half-typed; for the problems an answer that is wrong. */
static void type_text(struct terminal *terminal)
{
    open_company(terminal);
    if (cell.place == SCREEN_PROBLEMS) {
        focus(terminal, "ZIP code");
        type(terminal, "\025" "98");
        enter(terminal);
        wait_shown(terminal, "! ");
        focus(terminal, "Organization");
    }
    type(terminal, "\025" "Contoso Retail");
    wait_shown(terminal, "Contoso Retail");
    type(terminal, "\033");
    wait_shown(terminal, "Upkeep");
}

/* Where the place itself has a field, text is in that as well. */
static void type_there(struct terminal *terminal)
{
    if (cell.place == SCREEN_ROW) {
        fill(terminal, "Code", "GROUND");
    } else if (cell.place == SCREEN_TOKEN) {
        type(terminal, "hush-hush");
        wait_shown(terminal, "9 characters");
    } else if (cell.place == AT_LIST || cell.place == AT_FIND) {
        type(terminal, "wash");
        wait_shown(terminal, "wash");
    }
}

/* What only the place itself requests. */
static void request_there(struct terminal *terminal)
{
    if (cell.place == SCREEN_TOKEN) {
        type(terminal, "hush-hush");
        wait_shown(terminal, "9 characters");
        type(terminal, "\033[21~");
    } else if (cell.place == SCREEN_SIGN_IN) {
        enter(terminal);
    } else if (cell.place == SCREEN_CHECKS) {
        type(terminal, "\033[21~");
        wait_shown(terminal, "Running the checks");
    }
    wait_held(terminal);
}

static void check_state(const char *what, bool typed)
{
    char *state = folder_read_text(cell.folder, "state/state.yaml");
    if (typed && !strstr(state, "Contoso Retail"))
        fail_msg("%s: the text is lost", what);
    if (typed && cell.place == SCREEN_ROW && cell.phase == PHASE_TYPING && !strstr(state, "GROUND"))
        fail_msg("%s: the text of the row is lost", what);
    if (strstr(state, "hush-hush"))
        fail_msg("%s: the token is in the state", what);
    free(state);
}

static void break_line(void)
{
    struct terminal terminal;
    char *what = text_format("%s, %s, %s", places[cell.place].name, phase_names[cell.phase], way_names[cell.way]);
    bool types = cell.place != SCREEN_END && (cell.phase == PHASE_TYPING || cell.phase == PHASE_SAVING || cell.place == SCREEN_PROBLEMS);
    print_message("%s\n", what);
    cell.folder = folder_new();
    cell.shop = shop_open(cell.folder, cell.place != SCREEN_END, signs_in(cell.place));
    start(&terminal, run_cell, 0, "xterm-256color", 24, 80);
    wait_shown(&terminal, "F9 leave");
    if (cell.place == SCREEN_DRIFT || cell.place == SCREEN_ADDRESS || cell.place == SCREEN_CONFIRM)
        read_company(&terminal);
    cell.shop->silent = cell.phase == PHASE_REQUEST;
    if (types)
        type_text(&terminal);
    go_to(&terminal, cell.place);
    if (cell.phase == PHASE_SAVING)
        wait_saving(&terminal);
    else
        wait_shown(&terminal, places[cell.place].seen);
    if (cell.phase == PHASE_TYPING)
        type_there(&terminal);
    if (cell.phase == PHASE_REQUEST)
        request_there(&terminal);
    hang_up(&terminal, what);
    check_state(what, types);
    count_goal("hangup", 1);
    forget(&terminal);
    shop_close(cell.shop);
    folder_gone(cell.folder);
    free(what);
}

/* Every WORKERS-th one, from that one on. */
static void break_lines(unsigned worker)
{
    unsigned number = 0;
    for (cell.place = 0; cell.place < PLACES; cell.place++)
        for (int phase = 0; phase < PHASES; phase++)
            for (int way = 0; way < WAYS_EACH; way++) {
                cell.phase = (enum phase)phase;
                cell.way = (enum way)((cell.place + phase + way) % WAYS);
                if ((places[cell.place].phases & 1 << phase) && number++ % WORKERS == worker)
                    break_line();
            }
}

static void test_hang_up_on_every_screen_in_every_phase(void **state)
{
    pid_t workers[WORKERS];
    unsigned failed = 0;
    (void)state;
    fflush(stdout);
    for (unsigned i = 0; i < WORKERS; i++) {
        workers[i] = fork();
        if (workers[i] == 0) {
            prctl(PR_SET_CHILD_SUBREAPER, 1);       /* orphans are seen, and reaped */
            break_lines(i);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        int status;
        assert_int_equal(waitpid(workers[i], &status, 0), workers[i]);
        failed += status != 0;
    }
    if (failed)
        fail_msg("%u of %d workers failed", failed, WORKERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hang_up_on_every_screen_in_every_phase),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=0", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
