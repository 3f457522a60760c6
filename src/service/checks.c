/*
 * Prerequisite checks, one after the other. Each runs in a child of a child of ours, where getaddrinfo and TLS may block and
 * the service user's rights can be taken on; its lines come back through a pipe. Stopping is killing them all.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

#define COMMAND_S 60
#define OUTPUT_LIMIT 4096

struct checking {
    struct net *net;
    pid_t pid;              /* -1: it could not be started */
    int fd;
    unsigned timer;
    struct text lines;
    struct value *open;     /* id -> label of the checks that are not over */
};

/* In the child: one line of JSON for each result. */
static void report(int fd, const char *id, const char *label, enum check_result result, bool last, int64_t since, const char *text, const char *remedy)
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

/* Standard input is nothing; a group of its own, so that what it starts ends with it. */
static void run_words(const struct value *words, int out)
{
    char **argv = mem_new((value_count(words) + 1) * sizeof *argv);
    for (size_t i = 0; i < value_count(words); i++)
        argv[i] = value_item(words, i)->text;
    if (!argv[0])
        _exit(127);
    int nothing = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

/* What it prints until it ends or its time is over; false: it did not end. */
static bool run_command(const struct value *words, struct text *output, int *status)
{
    int out[2];
    char bytes[512];
    int64_t end = loop_now_ms() + COMMAND_S * 1000LL;
    pid_t pid, ended = 0;

    if (pipe2(out, O_CLOEXEC) < 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) < 0 || (pid = fork()) < 0)
        _exit(1);
    if (pid == 0)
        run_words(words, out[1]);
    close(out[1]);
    for (bool open = true; !ended && loop_now_ms() < end;) {
        struct pollfd wait = {out[0], POLLIN, 0};
        /* A tenth of a second: it may close its output, or leave it to a child that stays, and end all the same. */
        poll(&wait, open ? 1 : 0, 100);
        ended = waitpid(pid, status, WNOHANG);
        ssize_t got;
        while (open && (got = read(out[0], bytes, sizeof bytes)) != -1) {
            open = got > 0;
            if (output->size < OUTPUT_LIMIT)
                text_add_bytes(output, bytes, (size_t)got);
        }
    }
    kill(-pid, SIGKILL);
    if (!ended) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(out[0]);
    return ended > 0;
}

static void check_command(int fd, const struct net *net, const struct check *check)
{
    const struct value *words = value_at(net->options.config, check->from);
    int64_t since = loop_now_ms();
    int status = -1;
    struct text output = {0};

    if (!words || words->kind != VALUE_LIST || !value_count(words)) {
        report(fd, check->id, check->label, CHECK_WARN, true, since, check->unset ? check->unset : "It is not configured.", check->remedy);
        return;
    }
    bool ended = run_command(words, &output, &status);
    const char *name = value_item(words, 0)->text, *text = text_bytes(&output);
    text += strspn(text, " \t\r\n");
    char *word = mem_copy_bytes(text, strcspn(text, " \t\r\n")), *say = NULL;
    bool good = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 && (!check->expect || strcmp(word, check->expect) == 0);
    if (good)
        say = mem_copy("passed");
    else if (!ended)
        say = text_format("%s did not end within %d s", name, COMMAND_S);
    else if (!WIFEXITED(status))
        say = text_format("%s was ended by signal %d", name, WTERMSIG(status));
    else if (WEXITSTATUS(status) == 127)
        say = text_format("%s cannot be run: is it installed?", name);
    else if (WEXITSTATUS(status))
        say = text_format("%s ended with status %d: %.200s", name, WEXITSTATUS(status), text);
    else
        say = text_format("%s said \"%.60s\", not \"%s\"", name, word, check->expect);
    report(fd, check->id, check->label, good ? CHECK_PASS : CHECK_FAIL, true, since, say, good ? NULL : check->remedy);
    free(word);
    free(say);
    text_clear(&output);
}

static bool connect_to(struct addrinfo *list, int *error)
{
    for (struct addrinfo *at = list; at; at = at->ai_next) {
        int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        socklen_t size = sizeof *error;
        *error = fd < 0 ? errno : 0;
        if (fd < 0)
            continue;
        if (connect(fd, at->ai_addr, at->ai_addrlen) < 0 && errno != EINPROGRESS)
            *error = errno;
        struct pollfd wait = {fd, POLLOUT, 0};
        if (!*error && poll(&wait, 1, 10000) <= 0)
            *error = ETIMEDOUT;
        if (!*error)
            getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &size);
        close(fd);
        if (!*error)
            return true;
    }
    return false;
}

struct line {
    int fd;
    const struct check *check;
    bool failed, warned;
};

static void say_line(struct line *line, const char *part, const char *label, enum check_result result, int64_t since, const char *text, const char *remedy)
{
    char *id = text_format("%s.%s", line->check->id, part);
    report(line->fd, id, label, result, false, since, text, remedy);
    line->failed = line->failed || result == CHECK_FAIL;
    line->warned = line->warned || result == CHECK_WARN;
    free(id);
}

/* The proxy in use, or NULL: never to this machine itself. */
static const char *proxy_of(const struct net *net)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    const char *found = net->options.proxy;
    if (!text_starts(net->options.address, "https"))
        return NULL;
    for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++)
        found = getenv(names[i]);
    return found && *found ? found : NULL;
}

/* Where a connection is made to: the proxy when there is one. 1080 is what libcurl takes for a proxy without a port. */
static void target_of(const struct net *net, char **host, char **port)
{
    const char *proxy = proxy_of(net), *target = proxy ? proxy : net->options.address;
    bool https = strncasecmp(target, "https", 5) == 0;
    net_split(target, https ? "443" : proxy ? "1080" : "80", host, port);
}

static void check_connection(struct line *line, const struct net *net)
{
    char *host, *port, *say;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int64_t since = loop_now_ms();
    int error = 0;

    target_of(net, &host, &port);
    int failed = getaddrinfo(host, port, &hints, &list);
    say = failed ? text_format("%s: %s", host, gai_strerror(failed)) : text_format("%s is known", host);
    say_line(line, "name", "Name", failed ? CHECK_FAIL : CHECK_PASS, since, say, failed ? "Check service.address and /etc/resolv.conf." : NULL);
    free(say);
    if (!failed) {
        since = loop_now_ms();
        bool good = connect_to(list, &error);
        say = good ? mem_copy("a connection is accepted") : text_format("%s, port %s: %s", host, port, strerror(error));
        say_line(line, "tcp", "TCP", good ? CHECK_PASS : CHECK_FAIL, since, say,
                 good ? NULL : "Is the service up? Does a firewall let this server through?");
        free(say);
        freeaddrinfo(list);
    }
    free(host);
    free(port);
}

struct exchange {
    bool over;
    struct line *line;
    const struct net *net;
    int64_t since;
};

static void check_clock(struct line *line, const char *date, int64_t since)
{
    struct tm tm = {0};
    const char *end = date ? strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm) : NULL;
    if (!end) {
        say_line(line, "clock", "Clock", CHECK_WARN, since, "the service does not tell its time", NULL);
        return;
    }
    long off = (long)(time(NULL) - timegm(&tm));
    char *say = text_format("this server is %ld s %s the service", labs(off), off < 0 ? "behind" : "ahead of");
    say_line(line, "clock", "Clock", labs(off) > 300 ? CHECK_FAIL : labs(off) > 60 ? CHECK_WARN : CHECK_PASS, since, say,
             labs(off) > 60 ? "Set the clock, best by chrony or systemd-timesyncd." : NULL);
    free(say);
}

static void check_version(struct line *line, const struct net *net, const struct http_answer *answer, int64_t since)
{
    const struct value *version = net->options.service->version, *accept = value_member(version, "accept");
    struct value *body = answer->body.size ? json_read(answer->body.bytes, answer->body.size, "the answer", NULL) : NULL;
    const char *at = value_member_text(version, "at");
    const struct value *found = at && body ? json_at(body, at) : NULL;
    bool good = answer->status == 200 && found && found->kind == VALUE_TEXT && value_list_has(accept, found->text);
    char *say = found && found->kind == VALUE_TEXT ? text_format("version %.40s", found->text)
                                                   : text_format("no version is told (status %d)", answer->status);
    say_line(line, "version", "API version", good ? CHECK_PASS : CHECK_FAIL, since, say,
             good ? NULL : "Is service.address the address of the account service? Is this program recent enough?");
    free(say);
    value_free(body);
}

static void answered(void *user, const struct http_answer *answer)
{
    struct exchange *exchange = user;
    struct line *line = exchange->line;
    const struct net *net = exchange->net;
    bool tls = strncasecmp(net->options.address, "https", 5) == 0, good = answer->failure == HTTP_GOOD;
    struct problem why = {0};
    exchange->over = true;
    if (!good)
        failure_problem(&why, net, answer, net->options.address);
    if (tls)
        say_line(line, "tls", "TLS", good ? CHECK_PASS : CHECK_FAIL, exchange->since, good ? "the service proves who it is" : why.text, why.advice);
    else
        say_line(line, "tls", "TLS", CHECK_PASS, exchange->since, "not used on loopback", NULL);
    if (!good && !tls)
        say_line(line, "version", "API version", CHECK_FAIL, exchange->since, why.text, why.advice);
    problem_clear(&why);
    if (good)
        check_clock(line, answer->date, exchange->since);
    if (!line->failed && net->options.service->version)
        check_version(line, net, answer, exchange->since);
}

/* One exchange in a loop of its own: we are a child, and nothing else is to be done. */
static void check_exchange(struct line *line, const struct net *net)
{
    const char *request = value_text(net->options.service->version, "request");
    struct loop *loop = loop_new();
    struct http *http = http_new(loop, &(struct http_options){.proxy = net->options.proxy, .ca_file = net->options.ca_file,
                                                              .user_agent = net->options.user_agent, .plain = net->options.plain});
    struct exchange exchange = {.line = line, .net = net, .since = loop_now_ms()};
    char *url = net_url(net, request && text_starts(request, "GET ") ? request + 4 : "/");
    const char *accept[] = {"Accept: application/json", NULL};
    if (url && http_load(http)) {
        http_send(http, "GET", url, accept, NULL, 15, answered, &exchange);
        while (!exchange.over && loop_turn(loop, 20000))
            continue;
    }
    if (!exchange.over)
        say_line(line, "tls", "TLS", CHECK_FAIL, exchange.since, "libcurl.so.4 cannot be used", "Install the package libcurl4.");
    free(url);
    http_free(http);
    loop_free(loop);
}

static void check_service(int fd, const struct net *net, const struct check *check)
{
    struct line line = {.fd = fd, .check = check};
    int64_t since = loop_now_ms();
    const char *proxy = proxy_of(net);
    check_connection(&line, net);
    if (!line.failed) {
        char *host = proxy ? net_host(proxy) : NULL;
        say_line(&line, "proxy", "Proxy", CHECK_PASS, loop_now_ms(), host ? host : "none is used", NULL);
        free(host);
        check_exchange(&line, net);
    }
    report(fd, check->id, check->label, line.failed ? CHECK_FAIL : line.warned ? CHECK_WARN : CHECK_PASS, true, since,
           line.failed ? "the service cannot be used from here" : "the service answers", line.failed ? check->remedy : NULL);
}

static void check_user(int fd, const struct net *net, const struct check *check, bool taken_on)
{
    int64_t since = loop_now_ms();
    const char *user = net->options.service_user;
    char *host, *port, *say;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int error = 0;
    if (!taken_on) {
        say = user ? text_format("Only root can take on the rights of %s", user) : mem_copy(check->unset ? check->unset : "It is not configured.");
        report(fd, check->id, check->label, CHECK_WARN, true, since, say, check->remedy);
        free(say);
        return;
    }
    target_of(net, &host, &port);
    bool good = getaddrinfo(host, port, &hints, &list) == 0 && connect_to(list, &error);
    say = text_format(good ? "%s reaches %s, port %s" : "%s does not reach %s, port %s", user, host, port);
    report(fd, check->id, check->label, good ? CHECK_PASS : CHECK_FAIL, true, since, say, good ? NULL : check->remedy);
    free(say);
    free(host);
    free(port);
}

/* Takes on the service user's rights for good: this child is theirs. */
static bool become(const char *user)
{
    const struct passwd *entry = getpwnam(user);
    return entry && initgroups(user, entry->pw_gid) == 0 && setgid(entry->pw_gid) == 0 && setuid(entry->pw_uid) == 0;
}

static void run_check(int fd, const struct net *net, const struct check *check)
{
    const char *user = net->options.service_user;
    bool root = geteuid() == 0 && user && *user;
    if (root && !become(user)) {
        char *say = text_format("The rights of the user %s cannot be taken on", user);
        report(fd, check->id, check->label, CHECK_FAIL, true, loop_now_ms(), say, "Check erp.service_user.");
        free(say);
        return;
    }
    if (check->kind == CHECK_COMMAND)
        check_command(fd, net, check);
    else if (check->kind == CHECK_SERVICE_USER)
        check_user(fd, net, check, root);
    else
        check_service(fd, net, check);
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
