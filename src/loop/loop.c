#include "loop/loop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

struct watch {
    int fd;
    short events;
    uint64_t serial;        /* tells it from a later watch of another descriptor with the same number */
    void (*ready)(void *user, int fd, short seen);
    void *user;
};

struct timer {
    unsigned number;
    uint64_t serial;
    int64_t deadline_ms;
    void (*due)(void *user);
    void *user;
};

struct handler {
    int signal;
    void (*came)(void *user, int signal);
    void *user;
};

struct child {
    struct loop *loop;
    int pid;
    int pidfd;              /* -1 where the kernel has none: then it is asked for by a timer */
    void (*ended)(void *user, int pid, int status);
    void *user;
};

struct loop {
    struct watch *watches;
    size_t watch_count;
    struct pollfd *polled;  /* as many as watches, filled anew for each wait */
    uint64_t *polled_serials;
    size_t polled_room;
    struct timer *timers;   /* the earliest first; there are never many */
    size_t timer_count;
    int timer_fd;           /* -1 until there is a timer */
    int64_t armed_ms;       /* the deadline that timer_fd is set for; 0: none; -1: it has expired */
    uint64_t last_serial;
    struct handler *handlers;
    size_t handler_count;
    sigset_t signals;
    int signal_fd;          /* -1 until there is a handler */
    bool typed;             /* the signal at hand came from the terminal */
    struct child **children;
    size_t child_count;
};

struct loop *loop_new(void)
{
    struct loop *loop = mem_new(sizeof *loop);

    loop->timer_fd = loop->signal_fd = -1;
    sigemptyset(&loop->signals);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    for (size_t i = 0; i < loop->child_count; i++) {
        if (loop->children[i]->pidfd >= 0)
            close(loop->children[i]->pidfd);
        free(loop->children[i]);
    }
    if (loop->timer_fd >= 0)
        close(loop->timer_fd);
    if (loop->signal_fd >= 0)
        close(loop->signal_fd);     /* the signals stay blocked: unblocked, one that waits would end the program */
    free(loop->children);
    free(loop->handlers);
    free(loop->timers);
    free(loop->watches);
    free(loop->polled);
    free(loop->polled_serials);
    free(loop);
}

int64_t loop_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct watch *watch_of(struct loop *loop, int fd)
{
    for (size_t i = 0; i < loop->watch_count; i++)
        if (loop->watches[i].fd == fd)
            return &loop->watches[i];
    return NULL;
}

void loop_watch(struct loop *loop, int fd, short events, void (*ready)(void *user, int fd, short seen), void *user)
{
    struct watch *watch = watch_of(loop, fd);

    if (!watch) {
        loop->watches = mem_resize(loop->watches, (loop->watch_count + 1) * sizeof *loop->watches);
        watch = &loop->watches[loop->watch_count++];
        watch->fd = fd;
        watch->serial = ++loop->last_serial;
    }
    watch->events = events;
    watch->ready = ready;
    watch->user = user;
}

void loop_unwatch(struct loop *loop, int fd)
{
    struct watch *watch = watch_of(loop, fd);
    size_t behind;

    if (!watch)
        return;
    behind = loop->watch_count - (size_t)(watch - loop->watches) - 1;
    memmove(watch, watch + 1, behind * sizeof *watch);
    loop->watch_count--;
}

unsigned loop_timer(struct loop *loop, int64_t deadline_ms, void (*due)(void *user), void *user)
{
    size_t at = loop->timer_count;
    uint64_t serial = ++loop->last_serial;

    if ((unsigned)serial == 0)
        serial = ++loop->last_serial;
    loop->timers = mem_resize(loop->timers, (loop->timer_count + 1) * sizeof *loop->timers);
    while (at > 0 && loop->timers[at - 1].deadline_ms > deadline_ms)
        at--;
    memmove(loop->timers + at + 1, loop->timers + at, (loop->timer_count - at) * sizeof *loop->timers);
    loop->timers[at] = (struct timer){ (unsigned)serial, serial, deadline_ms, due, user };
    loop->timer_count++;
    return (unsigned)serial;
}

void loop_cancel(struct loop *loop, unsigned timer)
{
    for (size_t i = 0; i < loop->timer_count; i++) {
        if (loop->timers[i].number != timer)
            continue;
        memmove(loop->timers + i, loop->timers + i + 1, (loop->timer_count - i - 1) * sizeof *loop->timers);
        loop->timer_count--;
        return;
    }
}

void loop_signal(struct loop *loop, int signal, void (*came)(void *user, int signal), void *user)
{
    size_t i = 0;

    while (i < loop->handler_count && loop->handlers[i].signal != signal)
        i++;
    if (i == loop->handler_count)
        loop->handlers = mem_resize(loop->handlers, ++loop->handler_count * sizeof *loop->handlers);
    loop->handlers[i] = (struct handler){ signal, came, user };
    sigaddset(&loop->signals, signal);
    sigprocmask(SIG_BLOCK, &loop->signals, NULL);
    loop->signal_fd = signalfd(loop->signal_fd, &loop->signals, SFD_CLOEXEC | SFD_NONBLOCK);
    assert(loop->signal_fd >= 0);
}

bool loop_signal_typed(const struct loop *loop)
{
    return loop->typed;
}

/* A signal that ends the program has come while it was stopped. */
static bool is_to_end(void)
{
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGHUP) || sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT) || sigismember(&pending, SIGQUIT);
}

/* The terminal belongs to the shell, or to another program that it runs. */
static bool is_in_background(void)
{
    pid_t foreground = tcgetpgrp(STDIN_FILENO);
    return foreground > 0 && foreground != getpgrp();
}

#define DESCRIPTORS 256     /* many times what the program has open */

/* Writing to the terminal of somebody else would stop the program again, before it has saved and given up its lock. */
static void leave_terminal(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < DESCRIPTORS; fd++)       /* curses has copies of its own */
        if (null >= 0 && fd != null && isatty(fd))
            dup3(null, fd, fd > STDERR_FILENO ? O_CLOEXEC : 0);
    if (null > STDERR_FILENO)
        close(null);
}

static void stop_once(void)
{
    struct sigaction usual = { .sa_handler = SIG_DFL }, before;
    sigset_t stop, blocked;

    /* Not SIGSTOP: this one the kernel leaves out where no shell could continue us, as behind "ssh HOST commerce-setup". */
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &usual, &before);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, &blocked);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    sigaction(SIGTSTP, &before, NULL);
}

void loop_stop(void)
{
    do
        stop_once();
    while (is_in_background() && !is_to_end());     /* `bg`: there is nothing to do without a terminal */
    if (is_in_background())
        leave_terminal();
}

void loop_child(void)
{
    sigset_t none;

    for (int signal = 1; signal < NSIG; signal++)
        if (signal != SIGKILL && signal != SIGSTOP)
            sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Whether it has ended; it is told of then, and forgotten. */
static bool reap(struct child *child)
{
    struct loop *loop = child->loop;
    int status = 0;
    pid_t got;

    do
        got = waitpid(child->pid, &status, WNOHANG);
    while (got < 0 && errno == EINTR);
    if (got == 0)
        return false;
    for (size_t i = 0; i < loop->child_count; i++) {
        if (loop->children[i] != child)
            continue;
        loop->children[i] = loop->children[--loop->child_count];
        break;
    }
    if (child->pidfd >= 0) {
        loop_unwatch(loop, child->pidfd);
        close(child->pidfd);
    }
    child->ended(child->user, child->pid, status);
    free(child);
    return true;
}

static void child_ready(void *user, int fd, short seen)
{
    (void)fd;
    (void)seen;
    reap(user);
}

/* Where pidfd_open(2) is missing or forbidden (older containers): short enough for a person, long enough for a processor. */
#define CHILD_EVERY_MS 20

static void child_due(void *user)
{
    struct child *child = user;

    if (!reap(child))
        loop_timer(child->loop, loop_now_ms() + CHILD_EVERY_MS, child_due, child);
}

void loop_reap(struct loop *loop, int pid, void (*ended)(void *user, int pid, int status), void *user)
{
    struct child *child = mem_new(sizeof *child);

    /* By its number: the header that names it came with glibc 2.36 only. */
    *child = (struct child){ loop, pid, (int)syscall(SYS_pidfd_open, pid, 0), ended, user };
    loop->children = mem_resize(loop->children, (loop->child_count + 1) * sizeof *loop->children);
    loop->children[loop->child_count++] = child;
    if (child->pidfd >= 0)
        loop_watch(loop, child->pidfd, POLLIN, child_ready, child);
    else
        loop_timer(loop, loop_now_ms(), child_due, child);
}

/*
 * A timerfd wakes us rather than the timeout of poll: that one stands still while the machine sleeps, and a sign-in
 * whose code has run out meanwhile must say so at once. It is set to the time left: where a library such as libfaketime
 * changes what clock_gettime returns, the kernel's clock is another, and an absolute deadline would never come.
 */
static void arm(struct loop *loop)
{
    int64_t deadline = loop->timer_count ? loop->timers[0].deadline_ms : 0, left;
    struct itimerspec when = { 0 };

    if (loop->timer_count && deadline < 1)
        deadline = 1;       /* 0 would mean "not at all" */
    if (deadline == loop->armed_ms)
        return;
    left = deadline ? deadline - loop_now_ms() : 0;
    if (loop->timer_fd < 0)
        loop->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    assert(loop->timer_fd >= 0);
    when.it_value.tv_sec = left > 0 ? left / 1000 : 0;
    when.it_value.tv_nsec = left > 0 ? left % 1000 * 1000000 : deadline != 0;     /* overdue: at once */
    timerfd_settime(loop->timer_fd, 0, &when, NULL);
    loop->armed_ms = deadline;
}

static void take_signals(struct loop *loop)
{
    struct signalfd_siginfo info;

    while (read(loop->signal_fd, &info, sizeof info) == sizeof info)
        for (size_t i = 0; i < loop->handler_count; i++)
            if (loop->handlers[i].signal == (int)info.ssi_signo) {
                loop->typed = info.ssi_code == SI_KERNEL;
                loop->handlers[i].came(loop->handlers[i].user, (int)info.ssi_signo);
                break;
            }
}

/* Only timers that were there at the beginning: one that sets itself anew, overdue, must not keep the rest waiting. */
static void run_timers(struct loop *loop)
{
    uint64_t newest = loop->last_serial;
    int64_t now = loop_now_ms();

    for (size_t i = 0; i < loop->timer_count && loop->timers[i].deadline_ms <= now;) {
        struct timer timer = loop->timers[i];

        if (timer.serial > newest) {
            i++;
            continue;
        }
        loop_cancel(loop, timer.number);
        timer.due(timer.user);
        i = 0;              /* it may have changed them all */
    }
}

static void run_ready(struct loop *loop, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct watch *watch;

        if (loop->polled[i].revents == 0)
            continue;
        watch = watch_of(loop, loop->polled[i].fd);
        if (watch && watch->serial == loop->polled_serials[i])      /* else it was unwatched by another callback */
            watch->ready(watch->user, watch->fd, loop->polled[i].revents);
    }
}

/* Fills `polled`: the watches, then our own two. Gives how many watches. */
static size_t fill_polled(struct loop *loop)
{
    size_t count = loop->watch_count;

    if (loop->polled_room < count + 2) {
        loop->polled_room = count + 8;
        loop->polled = mem_resize(loop->polled, loop->polled_room * sizeof *loop->polled);
        loop->polled_serials = mem_resize(loop->polled_serials, loop->polled_room * sizeof *loop->polled_serials);
    }
    for (size_t i = 0; i < count; i++) {
        loop->polled[i] = (struct pollfd){ .fd = loop->watches[i].fd, .events = loop->watches[i].events };
        loop->polled_serials[i] = loop->watches[i].serial;
    }
    /* Descriptors below 0 are passed over by poll(2). */
    loop->polled[count] = (struct pollfd){ .fd = loop->signal_fd, .events = POLLIN };
    loop->polled[count + 1] = (struct pollfd){ .fd = loop->timer_fd, .events = POLLIN };
    return count;
}

bool loop_turn(struct loop *loop, int timeout_ms)
{
    size_t count;

    if (loop->watch_count == 0 && loop->timer_count == 0 && loop->handler_count == 0)
        return false;
    arm(loop);
    count = fill_polled(loop);
    if (poll(loop->polled, count + 2, timeout_ms) < 0)
        return true;            /* EINTR: the next turn sees what is there */
    if (loop->polled[count].revents)
        take_signals(loop);
    if (loop->polled[count + 1].revents)
        loop->armed_ms = -1;
    run_ready(loop, count);
    run_timers(loop);
    return true;
}
