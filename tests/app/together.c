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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_watches_sees_what_is_saved_and_changes_nothing),
        cmocka_unit_test(who_takes_over_goes_on_where_the_first_was),
        cmocka_unit_test(who_quits_leaves_the_first_alone),
        cmocka_unit_test(unattended_the_second_ends_with_75_and_names_the_first),
        cmocka_unit_test(a_session_that_was_killed_holds_nobody_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
