/*
 * The line breaks in every place and phase of support/screens.h: the program and its guardian end, the lock is free, and what
 * was typed is in the state. A token, which is typed too, is not.
 */
#include "support/count.h"
#include "support/parallel.h"
#include "support/screens.h"

#ifndef WAYS_EACH
#define WAYS_EACH 1         /* ways for each place and phase; hangups.long.c has all of them */
#endif

enum way { WAY_CLOSED, WAY_IGNORED, WAY_SIGNAL, WAYS };

static const char *const way_names[WAYS] = {"terminal closed", "terminal closed, SIGHUP ignored", "SIGHUP"};

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

static void hang_up(struct terminal *terminal, const char *what, enum way way)
{
    int64_t until = now_ms() + PATIENCE_MS;
    int status;
    bool guardian = true;
    if (way == WAY_SIGNAL) {
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

static void break_line(enum way way)
{
    struct terminal terminal;
    char *what = text_format("%s, %s, %s", places[cell.place].name, phase_names[cell.phase], way_names[way]);
    print_message("%s\n", what);
    cell.ignores_hangup = way == WAY_IGNORED;
    cell_reach(&terminal);
    hang_up(&terminal, what, way);
    check_state(what, cell_types());
    count_goal("hangup", 1);
    cell_leave(&terminal);
    free(what);
}

/* Every WORKERS-th one, from that one on. */
static void break_lines(unsigned worker)
{
    unsigned number = 0;
    for (int place = 0; place < PLACES; place++)
        for (int phase = 0; phase < PHASES; phase++)
            for (int way = 0; way < WAYS_EACH; way++) {
                cell.place = place;
                cell.phase = (enum phase)phase;
                if (cell_exists(place, phase) && number++ % WORKERS == worker)
                    break_line((enum way)((place + phase + way) % WAYS));
            }
}

static void test_hang_up_on_every_screen_in_every_phase(void **state)
{
    (void)state;
    in_parallel(break_lines);
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
