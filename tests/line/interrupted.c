/* A terminal that takes typed lines back: Ctrl-C throws away what waits, even between looking and reading. */
#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/ui.h"
#include "line/line.h"

static int taken_back = -1;     /* the terminal whose lines are thrown away as soon as one was seen */

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct timespec time = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
    int ready = (int)syscall(SYS_ppoll, fds, count, timeout_ms < 0 ? NULL : &time, NULL, 0);
    if (ready > 0 && taken_back >= 0)
        tcflush(taken_back, TCIFLUSH);
    return ready;
}

static void a_line_that_is_taken_back_is_not_waited_for(void **state)
{
    struct view view = {.screen = SCREEN_HOME, .title = "Checklist", .entered = 1, .wait = {.percent = -1}};
    struct event event;
    int terminal, person, out = open("/dev/null", O_WRONLY);
    (void)state;
    assert_int_equal(openpty(&person, &terminal, NULL, NULL, NULL), 0);
    struct ui *ui = line_new(terminal, out);
    ui->show(ui, &view);
    assert_int_equal(write(person, "quit\n", 5), 5);
    taken_back = terminal;
    alarm(10);      /* of a program that waits for what is gone */
    assert_false(ui->take(ui, &event));
    assert_false(ui->ended);
    taken_back = -1;
    assert_int_equal(write(person, "quit\n", 5), 5);
    assert_true(ui->take(ui, &event));
    assert_int_equal(event.kind, EVENT_QUIT);
    alarm(0);
    ui->close(ui);
    close(terminal);
    close(person);
    close(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_is_taken_back_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
