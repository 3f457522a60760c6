#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

/* A crash handler has no argument of its own: this is the one thing it may reach. */
static void (*restore_terminal)(void);

static void crashed(int signal)
{
    restore_terminal();
    raise(signal);      /* SA_RESETHAND: dies of it now */
}

static void watch_crashes(void)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    static char stack[64 * 1024];   /* a stack overflow leaves no other */
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction action = {.sa_handler = crashed, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER)};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
}

/* Modes a killed child may have left on: alternate screen, hidden cursor, colours, bracketed paste, keypad, mouse. */
static const char all_off[] = "\033[0m\033[?2004l\033[?1000l\033[?1l\033>\033[?25h\033[?1049l\r\n";

/* What ends the program by hand: it is forwarded, and the program saves and ends. */
static const int forwarded[] = {SIGINT, SIGHUP, SIGQUIT, SIGTERM};
static volatile pid_t guarded;

/*
 * The terminal sends Ctrl-C to the whole foreground group, so the program has that already, and twice would mean to insist. Its
 * hang-up may reach the session leader alone. CONT, because a stopped program sees no signal.
 */
static void forward(int number, siginfo_t *info, void *context)
{
    (void)context;
    int before = errno;
    if (info->si_code != SI_KERNEL || number == SIGHUP) {
        kill(guarded, number);
        kill(guarded, SIGCONT);
    }
    errno = before;
}

static void forward_signals(pid_t child, const sigset_t *usual)
{
    struct sigaction action = {.sa_sigaction = forward, .sa_flags = SA_SIGINFO};
    guarded = child;
    signal(SIGTTOU, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++)
        sigaction(forwarded[i], &action, NULL);
    sigprocmask(SIG_SETMASK, usual, NULL);
}

static void stand_by(pid_t child, const struct termios *before)
{
    int status = 0;
    prctl(PR_SET_NAME, "commerce-guard");       /* so that killall commerce-setup leaves somebody to restore the terminal */
    for (;;) {
        if (waitpid(child, &status, WUNTRACED) < 0 && errno == EINTR)
            continue;
        if (!WIFSTOPPED(status))
            break;
        kill(getpid(), SIGSTOP);    /* Ctrl-Z: the shell must see us stop too */
        kill(child, SIGCONT);
    }
    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    /* Line mode leaves nothing but the echo off. */
    struct termios left;
    bool full = tcgetattr(STDIN_FILENO, &left) < 0 || ((before->c_lflag & ICANON) && !(left.c_lflag & ICANON));
    const char *off = full ? all_off : "\n";
    tcsetattr(STDIN_FILENO, TCSADRAIN, before);
    if (write(STDOUT_FILENO, off, strlen(off)) == (ssize_t)strlen(off))
        dprintf(STDERR_FILENO, "commerce-setup was ended by signal %d (%s).\nStart it again to continue.\n",
                WTERMSIG(status), strsignal(WTERMSIG(status)));
    _exit(128 + WTERMSIG(status));
}

void guard_start(void (*restore)(void))
{
    struct termios before;
    restore_terminal = restore;
    if (tcgetattr(STDIN_FILENO, &before) < 0)
        return;
    sigset_t none_lost, usual;
    sigemptyset(&none_lost);
    for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++)
        sigaddset(&none_lost, forwarded[i]);
    sigprocmask(SIG_BLOCK, &none_lost, &usual);
    pid_t parent = getpid(), child = fork();
    if (child > 0) {
        forward_signals(child, &usual);
        stand_by(child, &before);
    }
    sigprocmask(SIG_SETMASK, &usual, NULL);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGHUP);
        if (getppid() != parent)
            raise(SIGHUP);
    }
    watch_crashes();
}

/*
 * Open what the caller closed of the three standard descriptors. Otherwise the next file that is opened takes the number, and
 * output or a message is written into the state. Writing to standard output then fails, as it would have done.
 */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(EX_OSERR);
}

/*
 * What a run has open at once: the terminal and its copies (6), timer and signals (2), store and locks (4), a transfer with its
 * resolver (6), a check and its pipes (6), and room for libraries.
 */
#define DESCRIPTORS 32

bool guard_descriptors(struct problem *why)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= DESCRIPTORS)
        return true;
    unsigned long found = (unsigned long)limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > DESCRIPTORS ? DESCRIPTORS : limit.rlim_max;
    if (limit.rlim_cur >= DESCRIPTORS && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return true;
    problem_set(why, PROBLEM_FILE, "Only %lu open files are allowed, but the program needs %d", found, DESCRIPTORS);
    problem_advise(why, "Raise the limit (ulimit -n %d, or LimitNOFILE= of the unit), then start it again", DESCRIPTORS);
    return false;
}

void guard_harden(void)
{
    open_standard_descriptors();
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0);
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    if (getuid() == 0) {    /* a terminal description of somebody else's must not be read as root */
        unsetenv("TERMINFO");
        unsetenv("TERMINFO_DIRS");
    }
}
