/* Two administrators at one checklist: the second is told who is there, and watches, takes over or quits. */
#include "support/folder.h"
#include "support/program.h"

static char *folder;

enum way { FULL_SCREEN, LINE, APPLY };

static void run_program(int made, int report)
{
    const char *pieces[] = {"commerce-setup", "--config", PROGRAM_CONFIG, "--state-dir", folder, NULL, NULL, NULL};
    (void)report;
    if (made == LINE)
        pieces[5] = "--line";
    if (made == APPLY) {
        pieces[5] = "apply";
        pieces[6] = ASSETS "/examples/answers.yaml";
    }
    execv(program_path(), (char **)pieces);
}

static void open_as(struct terminal *terminal, enum way way)
{
    start(terminal, run_program, way, "xterm-256color", 24, 80);
}

/* The first administrator, in a form, with an answer given and another half typed. */
static void first(struct terminal *terminal)
{
    folder = folder_new();
    setenv("SSH_CLIENT", "192.0.2.7 50000 22", 1);
    open_as(terminal, FULL_SCREEN);
    unsetenv("SSH_CLIENT");
    wait_shown(terminal, "F9 leave");
    type(terminal, "\033[B\033[B\r");
    wait_cursor_at(terminal, "Organization");
    type(terminal, "Contoso Retail\r");
    wait_cursor_at(terminal, "Legal entity");
}

/* What the second is shown at first, in whichever way it was started. */
static void wait_asked(struct terminal *second, pid_t holder)
{
    char *process = text_format("(process %d, on /dev/pts/", (int)holder);
    wait_shown(second, "w, t or q?");
    wait_shown(second, process);
    wait_shown(second, "from 192.0.2.7");
    wait_shown(second, "has this checklist open since 20");
    wait_shown(second, "w  watch");
    wait_shown(second, "t  take over");
    wait_shown(second, "q  quit");
    free(process);
}

static void who_watches_sees_what_is_saved_and_changes_nothing(void **unused)
{
    (void)unused;
    for (enum way way = FULL_SCREEN; way <= LINE; way++) {
        struct terminal one, two;
        first(&one);
        open_as(&two, way);
        wait_asked(&two, child_of(one.child));
        type(&two, "w\n");
        wait_shown(&two, "You are watching");
        type(&one, "USMF\r");
        wait_cursor_at(&one, "Contact name");
        if (way == FULL_SCREEN)
            wait_shown(&two, "USMF");       /* within a second, and without a key */
        char *before = folder_read_text(folder, "state.yaml");
        type(&two, way == FULL_SCREEN ? "\tOther\r" : "Other\n");
        wait_shown(&two, "nothing can be changed");
        char *after = folder_read_text(folder, "state.yaml");
        assert_string_equal(before, after);
        free(before);
        free(after);
        leave(&two);
        type(&one, "Ann Bee\r");
        wait_shown(&one, "Ann Bee");
        leave(&one);
        folder_gone(folder);
    }
}

static void who_takes_over_goes_on_where_the_first_was(void **unused)
{
    (void)unused;
    for (enum way way = FULL_SCREEN; way <= LINE; way++) {
        struct terminal one, two;
        first(&one);
        type(&one, "\tAnn Bee");
        wait_shown(&one, "Ann Bee");
        open_as(&two, way);
        wait_asked(&two, child_of(one.child));
        type(&two, "t\n");
        assert_int_equal(wait_ended(&one, "the first, ended by the second"), 129);
        wait_shown(&two, "Ann Bee");
        leave(&two);
        forget(&one);
        folder_gone(folder);
    }
}

static void who_quits_leaves_the_first_alone(void **unused)
{
    (void)unused;
    for (enum way way = FULL_SCREEN; way <= LINE; way++) {
        struct terminal one, two;
        first(&one);
        open_as(&two, way);
        wait_asked(&two, child_of(one.child));
        type(&two, "x\n");                  /* not one of the three: asked again */
        type(&two, "q\n");
        assert_int_equal(wait_ended(&two, "the second"), 75);
        type(&one, "USMF\r");
        wait_cursor_at(&one, "Contact name");
        forget(&two);
        leave(&one);
        folder_gone(folder);
    }
}

static void unattended_the_second_ends_with_75_and_names_the_first(void **unused)
{
    struct terminal one, two;
    (void)unused;
    first(&one);
    char *process = text_format("(process %d, on /dev/pts/", (int)child_of(one.child));
    open_as(&two, APPLY);
    wait_shown(&two, process);
    wait_shown(&two, "--take-over");
    assert_int_equal(wait_ended(&two, "the second"), 75);
    free(process);
    forget(&two);
    leave(&one);
    folder_gone(folder);
}

static void a_session_that_was_killed_holds_nobody_up(void **unused)
{
    struct terminal one, two;
    (void)unused;
    first(&one);
    kill(child_of(one.child), SIGKILL);
    assert_int_equal(wait_ended(&one, "killed"), 137);
    open_as(&two, FULL_SCREEN);
    wait_shown(&two, "Contoso Retail");
    leave(&two);
    forget(&one);
    folder_gone(folder);
}

/* Line mode as from the prompt of a shell with job control. */
static void run_in_shell(int unused, int report)
{
    (void)unused;
    (void)report;
    char *line = text_format("'%s' --line --config '%s' --state-dir '%s'; echo stopped; read -r x; fg; echo \"left with $?\"; read -r x", program_path(),
                             PROGRAM_CONFIG, folder);
    execlp("sh", "sh", "-mc", line, (char *)NULL);
    _exit(127);
}

/* The number of the process in "(process N, on". */
static pid_t holder_shown(struct terminal *terminal)
{
    const char *at = strstr(text_bytes(&terminal->raw), "(process ");
    assert_non_null(at);
    return (pid_t)strtol(at + strlen("(process "), NULL, 10);
}

/* A zombie has: its guardian is suspended, and takes note when it is continued. */
static bool has_ended(pid_t pid)
{
    char *path = text_format("/proc/%d/stat", (int)pid), stat[512] = "";
    FILE *file = fopen(path, "r");
    bool there = file && fgets(stat, sizeof stat, file);
    if (file)
        fclose(file);
    free(path);
    return !there || strstr(stat, ") Z ");
}

/* At a question, and at a secret, where the echo is off: what is suspended wakes to the hang-up, saves and leaves. */
static void a_suspended_session_of_line_mode_is_taken_over(void **unused)
{
    (void)unused;
    for (int secret = 0; secret <= 1; secret++) {
        struct terminal one, two;
        folder = folder_new();
        start(&one, run_in_shell, 0, "xterm-256color", 24, 80);
        wait_shown(&one, "help");
        type(&one, "3\n");
        wait_shown(&one, "Organization");
        type(&one, "Contoso Retail\n");
        wait_shown(&one, "question 2 of");
        if (secret) {
            type(&one, "back\nback\n2\n");
            wait_shown(&one, "token takes a token");
            type(&one, "token\n");
            wait_shown(&one, "question 1 of 2");
        }
        type(&one, "\032");
        wait_shown(&one, "stopped");
        open_as(&two, FULL_SCREEN);
        wait_shown(&two, "w, t or q?");
        pid_t holder = holder_shown(&two);
        type(&two, "t\n");
        wait_shown(&two, secret ? "Sign in" : "Contoso Retail");
        assert_true(has_ended(holder));     /* and was not only passed over */
        char *state = folder_read_text(folder, "state.yaml");
        assert_non_null(strstr(state, "Contoso Retail"));
        free(state);
        leave(&two);
        type(&one, "\n");
        wait_shown(&one, "left with 129");
        kill(one.child, SIGKILL);
        waitpid(one.child, NULL, 0);
        forget(&one);
        folder_gone(folder);
    }
}

/* Two that both saw the first, and press t at the same time: one has the checklist, the other learns of it and leaves. */
static void of_two_take_overs_at_once_one_succeeds(void **unused)
{
    (void)unused;
    for (int round = 0; round < 5; round++) {
        struct terminal one, others[2];
        int winner = -1, status = 0;
        first(&one);
        for (int i = 0; i < 2; i++)
            open_as(&others[i], i ? LINE : FULL_SCREEN);
        for (int i = 0; i < 2; i++)
            wait_asked(&others[i], child_of(one.child));
        for (int i = 0; i < 2; i++)
            type(&others[(i + round) % 2], "t\n");
        assert_int_equal(wait_ended(&one, "the first"), 129);
        int64_t until = now_ms() + PATIENCE_MS;
        while (winner < 0 && now_ms() < until)
            for (int i = 0; i < 2 && winner < 0; i++) {
                receive(&others[i], 10);
                if (waitpid(others[i].child, &status, WNOHANG) == others[i].child)
                    winner = !i;
            }
        assert_true(winner >= 0);
        while (receive(&others[!winner], 50))
            ;
        assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 75);
        wait_shown(&others[!winner], "Another session took over first");
        wait_shown(&others[winner], "Legal entity");
        forget(&others[!winner]);
        leave(&others[winner]);
        forget(&one);
        folder_gone(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_watches_sees_what_is_saved_and_changes_nothing),
        cmocka_unit_test(who_takes_over_goes_on_where_the_first_was),
        cmocka_unit_test(who_quits_leaves_the_first_alone),
        cmocka_unit_test(unattended_the_second_ends_with_75_and_names_the_first),
        cmocka_unit_test(a_session_that_was_killed_holds_nobody_up),
        cmocka_unit_test(a_suspended_session_of_line_mode_is_taken_over),
        cmocka_unit_test(of_two_take_overs_at_once_one_succeeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
