/* One administrator at a time: a lock that the kernel frees with the process, and a note of who holds it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "private.h"
#include "yaml/doc.h"

/* What tells who holds the lock fills so many bytes. */
#define NOTE_SIZE 512

void holder_clear(struct holder *holder)
{
    free(holder->user);
    free(holder->tty);
    free(holder->client);
    free(holder->since);
    free(holder->boot_id);
    *holder = (struct holder){0};
}

/* Field 22 of /proc/PID/stat, behind the name in brackets, which may hold anything. */
static unsigned long long start_time(pid_t pid)
{
    char *path = text_format("/proc/%ld/stat", (long)pid);
    unsigned long long start = 0;
    char line[1024];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
    if (size > 0) {
        line[size] = '\0';
        char *at = strrchr(line, ')');
        for (int field = 2; at && field < 22; field++)
            at = strchr(at + 1, ' ');
        start = at ? strtoull(at, NULL, 10) : 0;
    }
    if (fd >= 0)
        close(fd);
    free(path);
    return start;
}

static char *boot_id(void)
{
    char id[64] = "";
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : read(fd, id, sizeof id - 1);
    if (fd >= 0)
        close(fd);
    return mem_copy_bytes(id, size > 0 ? strcspn(id, "\n") : 0);
}

/* The name of a terminal or an address, as far as it is one: neither may outgrow the note. Yours. */
static char *name_in(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./:%_-";
    size_t size = text ? strspn(text, allowed) : 0;
    return size ? mem_copy_bytes(text, size < 64 ? size : 64) : NULL;
}

static void put(struct value *facts, const char *name, char *owned)
{
    value_put_text(facts, name, owned);
    free(owned);
}

/*
 * In numbers: whoever reads it makes words of them, since asking a directory for a user's name can take its time. Always of
 * one size: to cut a file costs a journal's entry, and ext4 writes one that was cut to nothing to the disk at once.
 */
void store_sign(const struct store *store)
{
    if (store->lock < 0)
        return;
    struct value *facts = value_new_map();
    struct text text = {0};
    put(facts, "pid", text_format("%ld", (long)getpid()));
    put(facts, "start", text_format("%llu", start_time(getpid())));
    put(facts, "boot", boot_id());
    put(facts, "uid", text_format("%ld", (long)getuid()));
    put(facts, "tty", name_in(isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : NULL));
    put(facts, "client", name_in(getenv("SSH_CLIENT")));     /* "ADDRESS PORT PORT" */
    put(facts, "since", text_format("%lld", (long long)time(NULL)));
    yaml_write(facts, &text);
    while (text.size < NOTE_SIZE)
        text_add(&text, "\n");
    if (pwrite(store->lock, text.bytes, text.size, 0) < 0)
        problem_errno(NULL, "state.lock", "cannot be written");     /* the lock holds all the same; the note is for people */
    value_free(facts);
    text_clear(&text);
}

/* The name of a user, or the number where there is none; yours. */
static char *user_name(const char *uid)
{
    const struct passwd *user = uid ? getpwuid((uid_t)strtoul(uid, NULL, 10)) : NULL;
    return mem_copy(user ? user->pw_name : uid);
}

/* The time here, for people; yours. */
static char *local_time(const char *seconds)
{
    time_t at = seconds ? (time_t)strtoll(seconds, NULL, 10) : 0;
    char words[64] = "";
    struct tm tm;
    if (!seconds || !localtime_r(&at, &tm) || !strftime(words, sizeof words, "%Y-%m-%d %H:%M", &tm))
        return NULL;
    return mem_copy(words);
}

static void read_holder(int fd, struct holder *holder)
{
    char bytes[NOTE_SIZE];
    ssize_t size = pread(fd, bytes, sizeof bytes, 0);
    struct value *facts = size > 0 ? yaml_read(bytes, (size_t)size, "state.lock", NULL) : NULL;
    const char *pid = value_member_text(facts, "pid"), *start = value_member_text(facts, "start");
    holder_clear(holder);
    holder->pid = pid ? (pid_t)strtol(pid, NULL, 10) : 0;
    holder->start_time = start ? strtoull(start, NULL, 10) : 0;
    holder->user = user_name(value_member_text(facts, "uid"));
    holder->tty = mem_copy(value_member_text(facts, "tty"));
    holder->client = mem_copy(value_member_text(facts, "client"));
    holder->since = local_time(value_member_text(facts, "since"));
    holder->boot_id = mem_copy(value_member_text(facts, "boot"));
    value_free(facts);
}

static int open_lock(const struct store *store, const char *name)
{
    return openat(store->folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0600);
}

int store_lock_file(struct store *store, const char *name)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open_lock(store, name);
    if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0)
        return fd;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
    return -1;
}

bool lock_take(struct store *store, bool *taken, struct holder *holder, struct problem *why)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open_lock(store, "state.lock");
    *taken = false;
    if (fd < 0) {
        char *path = text_format("%s/state.lock", store->path);
        problem_errno(why, path, "cannot be opened");
        problem_advise(why, "Name a directory that this user may write with --state-dir");
        free(path);
        return false;
    }
    if (fcntl(fd, F_OFD_SETLK, &whole) == 0) {
        store->lock = fd;
        *taken = true;
        return true;
    }
    if (errno != EAGAIN && errno != EACCES) {       /* not held, but a file system that knows no locks */
        problem_errno(why, "state.lock", "cannot be locked");
        close(fd);
        return false;
    }
    read_holder(fd, holder);
    close(fd);
    return true;
}

/* By a descriptor of the process: between the look at its start time and the signal its number cannot become another's. */
static bool hang_up(const struct holder *holder)
{
    char *boot = boot_id();
    bool known = holder->pid > 1 && holder->start_time && text_same(boot, holder->boot_id);
    int process = known ? (int)syscall(SYS_pidfd_open, holder->pid, 0) : -1;
    bool same = process >= 0 && start_time(holder->pid) == holder->start_time;
    bool done = !same || syscall(SYS_pidfd_send_signal, process, SIGHUP, NULL, 0) == 0 || errno == ESRCH;
    int saved = errno;
    if (same && done)       /* a suspended session would see the signal only when somebody continues it */
        syscall(SYS_pidfd_send_signal, process, SIGCONT, NULL, 0);
    if (process >= 0)
        close(process);
    free(boot);
    errno = saved;
    return done;
}

/* Whether the process that was to end is still the one with the lock, as far as the note in it says. */
static bool is_still(const struct holder *holder, const struct holder *now)
{
    return now->pid == holder->pid && now->start_time == holder->start_time && start_time(holder->pid) == holder->start_time;
}

static void not_taken(const struct holder *holder, const struct holder *now, struct problem *why)
{
    if (is_still(holder, now)) {
        problem_set(why, PROBLEM_LATER, "The other session (process %ld) did not end in time", (long)holder->pid);
        problem_advise(why, "Try again, or look at that process: ps -f -p %ld", (long)holder->pid);
        return;
    }
    problem_set(why, PROBLEM_LATER, "Another session took over first%s%s", now->user && now->pid != holder->pid ? ": " : "",
                now->user && now->pid != holder->pid ? now->user : "");
    problem_advise(why, "Start again to see who has the checklist open, and watch or take over");
}

bool store_take_over(struct store *store, const struct holder *holder, int wait_ms, struct problem *why)
{
    struct holder other = {0};
    bool taken = false, good = true, lost = false;
    if (!hang_up(holder))
        return problem_errno(why, "the other session", "cannot be ended");
    for (int waited = 0; good && !taken && !lost && waited <= wait_ms; waited += 50) {
        good = lock_take(store, &taken, &other, why);
        lost = good && !taken && other.pid && other.pid != holder->pid;     /* somebody else takes over, too */
        if (good && !taken && !lost)
            poll(NULL, 0, 50);
    }
    if (good && !taken)
        not_taken(holder, &other, why);
    holder_clear(&other);
    return taken;
}
