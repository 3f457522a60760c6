/*
 * Prerequisite checks, one after the other. Each runs in a child of a child of ours, where getaddrinfo and TLS may block and
 * the service user's rights can be taken on; its lines come back through a pipe. Stopping is killing them all.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

struct checking {
    struct net *net;
    pid_t pid;              /* -1: it could not be started */
    int fd;
    unsigned timer;
    struct text lines;
    struct value *open;     /* id -> label of the checks that are not over */
};

/* In the child: one line of JSON for each result. */
void check_report(int fd, const char *id, const char *label, enum check_result result, bool last, int64_t since, const char *text,
                  const char *remedy)
{
    struct value *line = value_new_map();
    struct text out = {0};
    char *numbers = text_format("%d", (int)result), *took = text_format("%d", (int)(loop_now_ms() - since));
    value_put_text(line, "id", id);
    value_put_text(line, "label", label);
    value_put_text(line, "result", numbers);
    value_put_text(line, "took", took);
    value_put_text(line, "last", last ? "yes" : "no");
    value_put_text(line, "text", text);
    value_put_text(line, "remedy", remedy);
    json_write(line, &out);
    text_add(&out, "\n");
    if (write(fd, out.bytes, out.size) < 0)
        _exit(1);
    value_free(line);
    text_clear(&out);
    free(numbers);
    free(took);
}

/* Takes on the service user's rights for good: this child is theirs. */
static bool become(const char *user)
{
    const struct passwd *entry = getpwnam(user);
    if (entry && entry->pw_uid == geteuid())
        return true;
    return entry && geteuid() == 0 && initgroups(user, entry->pw_gid) == 0 && setgid(entry->pw_gid) == 0 && setuid(entry->pw_uid) == 0;
}

/* Of root's checks all run as the service user; of anybody else's none but their own can. */
static void run_check(int fd, const struct net *net, const struct check *check)
{
    const char *user = net->options.service_user;
    bool wanted = user && *user, taken_on = wanted && become(user);
    if (wanted && !taken_on && geteuid() == 0) {
        char *say = text_format("The rights of the user %s cannot be taken on", user);
        check_report(fd, check->id, check->label, CHECK_FAIL, true, loop_now_ms(), say, "Check erp.service_user.");
        free(say);
        return;
    }
    switch (check->kind) {
    case CHECK_COMMAND:
        check_command(fd, net, check);
        break;
    case CHECK_SERVICE_USER:
        check_user(fd, net, check, taken_on);
        break;
    case CHECK_SERVICE:
        check_service(fd, net, check);
        break;
    }
}

/* The parent tells which checks did not end by a line of their own. */
_Noreturn static void run_checks(int fd, const struct net *net, const struct check *checks, size_t count)
{
    loop_child();
    for (size_t i = 0; i < count; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            run_check(fd, net, &checks[i]);
            _exit(0);
        }
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
    _exit(0);
}

static void fact_of(struct net *net, const char *bytes, size_t size)
{
    struct value *line = json_read(bytes, size, "check", NULL);
    const char *result = value_member_text(line, "result"), *took = value_member_text(line, "took");
    if (result && took) {
        if (text_same(value_member_text(line, "last"), "yes"))
            value_drop(net->checking->open, value_member_text(line, "id"));
        const struct check_fact fact = {
            .id = value_member_text(line, "id"), .label = value_member_text(line, "label"), .text = value_member_text(line, "text"),
            .remedy = value_member_text(line, "remedy"), .result = (enum check_result)strtol(result, NULL, 10),
            .took_ms = (int)strtol(took, NULL, 10), .last = text_same(value_member_text(line, "last"), "yes")};
        net->events.check(net->events.user, &fact);
    }
    value_free(line);
}

/* The child is gone: what it did not end has failed. */
static void close_checks(void *user)
{
    struct net *net = user;
    struct value *open = net->checking->open;
    net->checking->open = NULL;
    checks_free(net);
    for (size_t i = 0; i < value_count(open); i++) {
        const struct check_fact fact = {.id = value_name(open, i), .label = value_item(open, i)->text, .result = CHECK_FAIL, .last = true,
                                        .text = "The check broke off", .remedy = "Try again."};
        net->events.check(net->events.user, &fact);
    }
    value_free(open);
}

static void readable(void *user, int fd, short seen)
{
    struct net *net = user;
    char bytes[4096];
    ssize_t got = read(fd, bytes, sizeof bytes);
    (void)seen;
    if (got <= 0) {
        close_checks(net);
        return;
    }
    text_add_bytes(&net->checking->lines, bytes, (size_t)got);
    for (char *end; net->checking && (end = memchr(text_bytes(&net->checking->lines), '\n', net->checking->lines.size));) {
        size_t size = (size_t)(end - net->checking->lines.bytes);
        char *line = mem_copy_bytes(net->checking->lines.bytes, size);
        text_remove(&net->checking->lines, 0, size + 1);
        fact_of(net, line, size);   /* may stop the checks */
        free(line);
    }
}

void net_check(struct net *net, const struct check *checks, size_t count)
{
    int ends[2];
    checks_free(net);
    struct checking *checking = net->checking = mem_new(sizeof *checking);
    *checking = (struct checking){.net = net, .pid = -1, .fd = -1, .open = value_new_map()};
    for (size_t i = 0; i < count; i++)
        value_put_text(checking->open, checks[i].id, checks[i].label);
    if (pipe2(ends, O_CLOEXEC) == 0) {
        checking->fd = ends[0];
        checking->pid = fork();
        if (checking->pid == 0) {
            setpgid(0, 0);
            run_checks(ends[1], net, checks, count);
        }
        close(ends[1]);
    }
    if (checking->pid > 0) {
        setpgid(checking->pid, checking->pid);      /* here too: whoever comes first */
        loop_watch(net->loop, checking->fd, POLLIN, readable, net);
    } else {
        checking->timer = loop_timer(net->loop, loop_now_ms(), close_checks, net);
    }
}

void checks_free(struct net *net)
{
    struct checking *checking = net->checking;
    if (!checking)
        return;
    net->checking = NULL;
    loop_cancel(net->loop, checking->timer);
    if (checking->fd >= 0) {
        loop_unwatch(net->loop, checking->fd);
        close(checking->fd);
    }
    if (checking->pid > 0) {
        kill(-checking->pid, SIGKILL);
        waitpid(checking->pid, NULL, 0);
    }
    value_free(checking->open);
    text_clear(&checking->lines);
    free(checking);
}

void net_check_stop(struct net *net)
{
    checks_free(net);
}
