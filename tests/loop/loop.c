#include "support/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "loop/loop.h"

/* Seconds by which every clock is ahead, as under libfaketime: the kernel's timers know nothing of it. */
static time_t ahead_s;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, clock, now);

    now->tv_sec += ahead_s;
    return (int)result;
}

/* A loop, a pipe that can be read from, and what happened so far. */
struct scene {
    struct loop *loop;
    int in, out;
    int calls;
    int order[8];
    int last_fd;
    short last_seen;
    unsigned timer;
    int status;
};

static int set(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    int ends[2];

    if (!scene || pipe(ends) < 0)
        return -1;
    scene->loop = loop_new();
    scene->in = ends[0];
    scene->out = ends[1];
    *state = scene;
    return 0;
}

static int strike(void **state)
{
    struct scene *scene = *state;

    loop_free(scene->loop);
    close(scene->in);
    close(scene->out);
    free(scene);
    return 0;
}

static void note(void *user, int fd, short seen)
{
    struct scene *scene = user;

    scene->calls++;
    scene->last_fd = fd;
    scene->last_seen = seen;
}

static void note_due(void *user)
{
    ((struct scene *)user)->calls++;
}

static void a_loop_with_nothing_to_wait_for_says_so(void **state)
{
    struct scene *scene = *state;

    assert_false(loop_turn(scene->loop, -1));
    loop_watch(scene->loop, scene->in, POLLIN, note, scene);
    assert_true(loop_turn(scene->loop, 0));
    loop_unwatch(scene->loop, scene->in);
    loop_unwatch(scene->loop, scene->in);
    assert_false(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 0);
}

static void a_ready_descriptor_is_told(void **state)
{
    struct scene *scene = *state;

    loop_watch(scene->loop, scene->in, POLLIN, note, scene);
    assert_int_equal(write(scene->out, "x", 1), 1);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 1);
    assert_int_equal(scene->last_fd, scene->in);
    assert_true(scene->last_seen & POLLIN);
    loop_watch(scene->loop, scene->in, 0, note, scene);         /* watched again: other events */
    assert_true(loop_turn(scene->loop, 0));
    assert_int_equal(scene->calls, 1);
}

static void unwatch_both(void *user, int fd, short seen)
{
    struct scene *scene = user;

    note(user, fd, seen);
    loop_unwatch(scene->loop, scene->in);
    loop_unwatch(scene->loop, scene->out);
}

static void a_callback_may_unwatch_one_that_is_ready_too(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(write(scene->out, "x", 1), 1);
    loop_watch(scene->loop, scene->in, POLLIN, unwatch_both, scene);
    loop_watch(scene->loop, scene->out, POLLOUT, unwatch_both, scene);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 1);
    assert_false(loop_turn(scene->loop, -1));
}

static void reuse_number(void *user, int fd, short seen)
{
    struct scene *scene = user;

    (void)fd;
    (void)seen;
    /* Another file gets the number of one that is known to be ready. */
    loop_unwatch(scene->loop, scene->in);
    loop_unwatch(scene->loop, scene->out);
    loop_watch(scene->loop, scene->out, POLLIN, note, scene);
}

static void readiness_of_a_closed_descriptor_is_not_given_to_its_successor(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(write(scene->out, "x", 1), 1);
    loop_watch(scene->loop, scene->in, POLLIN, reuse_number, scene);
    loop_watch(scene->loop, scene->out, POLLOUT, note, scene);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 0);
}

static void note_one(void *user)
{
    struct scene *scene = user;

    scene->order[scene->calls++] = 1;
}

static void note_two(void *user)
{
    struct scene *scene = user;

    scene->order[scene->calls++] = 2;
}

static void timers_come_in_the_order_of_their_deadlines(void **state)
{
    struct scene *scene = *state;
    int64_t now = loop_now_ms();

    loop_timer(scene->loop, now - 1, note_two, scene);
    loop_timer(scene->loop, now - 5, note_one, scene);
    loop_timer(scene->loop, now - 1, note_one, scene);          /* of equal ones the first set comes first */
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 3);
    assert_int_equal(scene->order[0], 1);
    assert_int_equal(scene->order[1], 2);
    assert_int_equal(scene->order[2], 1);
    assert_false(loop_turn(scene->loop, -1));
}

static void a_timer_is_never_early(void **state)
{
    struct scene *scene = *state;
    int64_t deadline = loop_now_ms() + 15;

    loop_timer(scene->loop, deadline, note_due, scene);
    while (loop_turn(scene->loop, -1) && scene->calls == 0)
        assert_true(loop_now_ms() < deadline + 5000);
    assert_int_equal(scene->calls, 1);
    assert_true(loop_now_ms() >= deadline);
}

static void waiting_ends_after_the_timeout(void **state)
{
    struct scene *scene = *state;

    loop_timer(scene->loop, loop_now_ms() + 3600 * 1000, note_due, scene);
    assert_true(loop_turn(scene->loop, 1));
    assert_true(loop_turn(scene->loop, 0));
    assert_int_equal(scene->calls, 0);
}

static void a_cancelled_timer_does_not_come(void **state)
{
    struct scene *scene = *state;
    unsigned timer = loop_timer(scene->loop, 0, note_due, scene);

    assert_int_not_equal(timer, 0);
    loop_cancel(scene->loop, 0);
    loop_cancel(scene->loop, timer + 1);
    loop_cancel(scene->loop, timer);
    loop_cancel(scene->loop, timer);
    assert_false(loop_turn(scene->loop, 0));
    assert_int_equal(scene->calls, 0);
}

static void cancel_other(void *user)
{
    struct scene *scene = user;

    scene->calls++;
    loop_cancel(scene->loop, scene->timer);
}

static void a_timer_may_cancel_one_that_is_due_too(void **state)
{
    struct scene *scene = *state;

    loop_timer(scene->loop, 1, cancel_other, scene);
    scene->timer = loop_timer(scene->loop, 2, note_due, scene);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 1);
    assert_false(loop_turn(scene->loop, -1));
}

static void set_again(void *user)
{
    struct scene *scene = user;

    scene->calls++;
    scene->timer = loop_timer(scene->loop, 0, set_again, scene);
}

static void a_timer_that_sets_itself_anew_keeps_nobody_waiting(void **state)
{
    struct scene *scene = *state;

    loop_timer(scene->loop, 0, set_again, scene);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 1);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 2);
    loop_cancel(scene->loop, scene->timer);
    assert_false(loop_turn(scene->loop, -1));
}

static void note_signal(void *user, int signal)
{
    struct scene *scene = user;

    scene->calls++;
    scene->status = signal;
}

static void a_signal_comes_as_a_callback(void **state)
{
    struct scene *scene = *state;

    loop_signal(scene->loop, SIGUSR1, note_signal, scene);
    loop_signal(scene->loop, SIGUSR2, note_signal, scene);
    assert_true(loop_turn(scene->loop, 0));
    assert_int_equal(scene->calls, 0);
    raise(SIGUSR2);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 1);
    assert_int_equal(scene->status, SIGUSR2);
    raise(SIGUSR1);
    raise(SIGUSR2);
    assert_true(loop_turn(scene->loop, -1));
    assert_int_equal(scene->calls, 3);
}

static void note_end(void *user, int pid, int status)
{
    struct scene *scene = user;

    scene->calls++;
    scene->last_fd = pid;
    scene->status = status;
}

static void the_end_of_a_child_is_told_with_its_status(void **state)
{
    struct scene *scene = *state;
    pid_t child = fork();

    if (child == 0)
        _exit(7);
    loop_reap(scene->loop, child, note_end, scene);
    while (scene->calls == 0)
        assert_true(loop_turn(scene->loop, 5000));
    assert_int_equal(scene->last_fd, child);
    assert_true(WIFEXITED(scene->status));
    assert_int_equal(WEXITSTATUS(scene->status), 7);
    assert_false(loop_turn(scene->loop, -1));
}

static void a_child_has_signals_as_a_new_program_expects(void **state)
{
    struct scene *scene = *state;
    pid_t child;

    loop_signal(scene->loop, SIGTERM, note_signal, scene);
    signal(SIGPIPE, SIG_IGN);
    child = fork();
    if (child == 0) {
        struct sigaction pipe_action;
        sigset_t mask;

        loop_child();
        sigprocmask(SIG_BLOCK, NULL, &mask);
        sigaction(SIGPIPE, NULL, &pipe_action);
        _exit(sigismember(&mask, SIGTERM) || pipe_action.sa_handler != SIG_DFL);
    }
    signal(SIGPIPE, SIG_DFL);
    loop_reap(scene->loop, child, note_end, scene);
    while (scene->calls == 0)
        assert_true(loop_turn(scene->loop, 5000));
    assert_int_equal(scene->status, 0);
}

/* libfaketime with the year 2039: a loop that waited for an absolute time never woke. */
static void test_a_timer_comes_when_the_clock_is_not_that_of_the_kernel(void **state)
{
    struct scene *scene = *state;
    int64_t began;

    ahead_s = 12 * 365 * 86400L;
    began = loop_now_ms();
    loop_timer(scene->loop, began + 20, note_due, scene);
    while (scene->calls == 0 && loop_now_ms() < began + 4000)
        loop_turn(scene->loop, 5000);
    assert_in_range(loop_now_ms() - began, 20, 3000);
    ahead_s = 0;
    assert_int_equal(scene->calls, 1);
}

int main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, set, strike)
    const struct CMUnitTest tests[] = {
        SCENE(a_loop_with_nothing_to_wait_for_says_so),
        SCENE(a_ready_descriptor_is_told),
        SCENE(a_callback_may_unwatch_one_that_is_ready_too),
        SCENE(readiness_of_a_closed_descriptor_is_not_given_to_its_successor),
        SCENE(timers_come_in_the_order_of_their_deadlines),
        SCENE(a_timer_is_never_early),
        SCENE(waiting_ends_after_the_timeout),
        SCENE(a_cancelled_timer_does_not_come),
        SCENE(a_timer_may_cancel_one_that_is_due_too),
        SCENE(a_timer_that_sets_itself_anew_keeps_nobody_waiting),
        SCENE(a_signal_comes_as_a_callback),
        SCENE(the_end_of_a_child_is_told_with_its_status),
        SCENE(a_child_has_signals_as_a_new_program_expects),
        SCENE(test_a_timer_comes_when_the_clock_is_not_that_of_the_kernel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
