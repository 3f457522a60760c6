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

static void write_holder(int fd)
{
    struct value *facts = value_new_map();
    struct text text = {0};
    const struct passwd *user = getpwuid(getuid());
    const char *client = getenv("SSH_CLIENT");
    char since[64] = "", *pid = text_format("%ld", (long)getpid()), *start = text_format("%llu", start_time(getpid())), *boot = boot_id();
    time_t now = time(NULL);
    struct tm tm;

    if (localtime_r(&now, &tm))
        strftime(since, sizeof since, "%Y-%m-%d %H:%M", &tm);
    value_put_text(facts, "pid", pid);
    value_put_text(facts, "start", start);
    value_put_text(facts, "boot", boot);
    value_put_text(facts, "user", user ? user->pw_name : "");
    value_put_text(facts, "tty", isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : NULL);
    char *address = client ? mem_copy_bytes(client, strcspn(client, " ")) : NULL;
    value_put_text(facts, "client", address);
    value_put_text(facts, "since", since);
    yaml_write(facts, &text);
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text.bytes, text.size, 0) < 0)
        problem_errno(NULL, "state.lock", "cannot be written");     /* the lock holds all the same; the note is for people */
    value_free(facts);
    text_clear(&text);
    free(pid);
    free(start);
    free(boot);
    free(address);
}

static void read_holder(int fd, struct holder *holder)
{
    char bytes[4096];
    ssize_t size = pread(fd, bytes, sizeof bytes, 0);
    struct value *facts = size > 0 ? yaml_read(bytes, (size_t)size, "state.lock", NULL) : NULL;
    const char *pid = value_member_text(facts, "pid"), *start = value_member_text(facts, "start");
    holder_clear(holder);
    holder->pid = pid ? (pid_t)strtol(pid, NULL, 10) : 0;
    holder->start_time = start ? strtoull(start, NULL, 10) : 0;
    holder->user = mem_copy(value_member_text(facts, "user"));
    holder->tty = mem_copy(value_member_text(facts, "tty"));
    holder->client = mem_copy(value_member_text(facts, "client"));
    holder->since = mem_copy(value_member_text(facts, "since"));
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
    if (fd < 0)
        return problem_errno(why, "state.lock", "cannot be opened");
    if (fcntl(fd, F_OFD_SETLK, &whole) == 0) {
        write_holder(fd);
        store->lock = fd;
        *taken = folder_settle(store, why);
        return *taken;
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
    if (process >= 0)
        close(process);
    free(boot);
    errno = saved;
    return done;
}

bool store_take_over(struct store *store, const struct holder *holder, int wait_ms, struct problem *why)
{
    struct holder other = {0};
    bool taken = false, good = true;
    if (!hang_up(holder))
        return problem_errno(why, "the other session", "cannot be ended");
    for (int waited = 0; good && !taken && waited <= wait_ms; waited += 50) {
        good = lock_take(store, &taken, &other, why);
        if (good && !taken)
            poll(NULL, 0, 50);
    }
    holder_clear(&other);
    if (good && !taken) {
        problem_set(why, PROBLEM_LATER, "The other session did not end in time");
        problem_advise(why, "Look at process %ld", (long)holder->pid);
    }
    return taken;
}
