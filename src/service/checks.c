/*
 * Prerequisite checks. All of them run in one child, where getaddrinfo and TLS may block and the service user's rights can
 * be taken on; its lines come back through a pipe. Stopping is killing the child.
 */
#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
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
    int pid, fd;
    struct text lines;
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

static void run_words(const struct value *words, int out)
{
    char **argv = mem_new((value_count(words) + 1) * sizeof *argv);
    for (size_t i = 0; i < value_count(words); i++)
        argv[i] = value_item(words, i)->text;
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    alarm(COMMAND_S);
    execvp(argv[0], argv);
    _exit(127);
}

static void check_command(int fd, const struct net *net, const struct check *check)
{
    const struct value *words = value_at(net->options.config, check->from);
    int64_t since = loop_now_ms();
    int out[2], status = -1;
    struct text output = {0};
    char bytes[512];
    ssize_t got;

    if (!words || words->kind != VALUE_LIST || !value_count(words)) {
        report(fd, check->id, check->label, CHECK_WARN, true, since, check->unset ? check->unset : "It is not configured.", check->remedy);
        return;
    }
    if (pipe(out) < 0)
        _exit(1);
    pid_t pid = fork();
    if (pid == 0)
        run_words(words, out[1]);
    close(out[1]);
    while ((got = read(out[0], bytes, sizeof bytes)) > 0)
        if (output.size < OUTPUT_LIMIT)
            text_add_bytes(&output, bytes, (size_t)got);
    waitpid(pid, &status, 0);
    const char *text = text_bytes(&output);
    text += strspn(text, " \t\r\n");
    char *word = mem_copy_bytes(text, strcspn(text, " \t\r\n")), *say = NULL;
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0 && (!check->expect || strcmp(word, check->expect) == 0);
    if (good)
        say = mem_copy("passed");
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        say = text_format("%s cannot be run: is it installed?", value_item(words, 0)->text);
    else if (!WIFEXITED(status))
        say = text_format("%s did not end within %d s", value_item(words, 0)->text, COMMAND_S);
    else if (WEXITSTATUS(status))
        say = text_format("%s ended with status %d: %.200s", value_item(words, 0)->text, WEXITSTATUS(status), text);
    else
        say = text_format("%s said \"%.60s\", not \"%s\"", value_item(words, 0)->text, word, check->expect);
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

/* Name and TCP: of the proxy when there is one, since then that is where we connect. */
static void check_connection(struct line *line, const struct net *net, const char *address)
{
    const char *target = net->options.proxy ? net->options.proxy : address;
    bool https = text_starts(target, "https");
    char *host = net_host(target), *port = strrchr(host, ':'), *say = NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int64_t since = loop_now_ms();
    int error = 0;

    if (port && strchr(port, ']'))
        port = NULL;
    if (port)
        *port++ = '\0';
    if (*host == '[') {
        memmove(host, host + 1, strlen(host));
        host[strcspn(host, "]")] = '\0';
    }
    int failed = getaddrinfo(host, port ? port : https ? "443" : "80", &hints, &list);
    say = failed ? text_format("%s: %s", host, gai_strerror(failed)) : text_format("%s is known", host);
    say_line(line, "name", "Name", failed ? CHECK_FAIL : CHECK_PASS, since, say, failed ? "Check service.address and /etc/resolv.conf." : NULL);
    free(say);
    if (!failed) {
        since = loop_now_ms();
        bool good = connect_to(list, &error);
        say = good ? mem_copy("a connection is accepted") : text_format("%s: %s", host, strerror(error));
        say_line(line, "tcp", "TCP", good ? CHECK_PASS : CHECK_FAIL, since, say,
                 good ? NULL : "Is the service up? Does a firewall let this server through?");
        free(say);
        freeaddrinfo(list);
    }
    free(host);
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
    const struct net *net = exchange->net;
    bool tls = text_starts(net->options.address, "https"), trusted = answer->failure == HTTP_GOOD;
    exchange->over = true;
    if (!tls)
        say_line(exchange->line, "tls", "TLS", CHECK_PASS, exchange->since, "not used on this machine's own address", NULL);
    else
        say_line(exchange->line, "tls", "TLS", trusted ? CHECK_PASS : CHECK_FAIL, exchange->since,
                 trusted ? "the service proves who it is" : answer->error, trusted ? NULL : "Check the clock and service.ca_file.");
    if (!trusted && !tls)
        say_line(exchange->line, "version", "API version", CHECK_FAIL, exchange->since, answer->error, NULL);
    if (!trusted)
        return;
    check_clock(exchange->line, answer->date, exchange->since);
    if (net->options.service->version)
        check_version(exchange->line, net, answer, exchange->since);
}

static void check_service(int fd, const struct net *net, const struct check *check)
{
    struct line line = {.fd = fd, .check = check};
    int64_t since = loop_now_ms();
    const char *environment = getenv("https_proxy"), *proxy = net->options.proxy ? net->options.proxy : environment;
    const char *request = value_text(net->options.service->version, "request");
    check_connection(&line, net, net->options.address);
    if (!line.failed) {
        char *host = proxy && *proxy ? net_host(proxy) : NULL, *at = host ? strrchr(host, '@') : NULL;
        say_line(&line, "proxy", "Proxy", CHECK_PASS, loop_now_ms(), host ? at ? at + 1 : host : "none is used", NULL);
        free(host);
        struct loop *loop = loop_new();
        struct http *http = http_new(loop, &(struct http_options){.proxy = net->options.proxy, .ca_file = net->options.ca_file,
                                                                  .user_agent = net->options.user_agent, .plain = net->options.plain});
        struct exchange exchange = {.line = &line, .net = net, .since = loop_now_ms()};
        char *url = net_url(net, request && text_starts(request, "GET ") ? request + 4 : "/");
        const char *none[] = {NULL};
        if (http_load(http))
            http_send(http, "GET", url, none, NULL, 15, answered, &exchange);
        while (!exchange.over && loop_turn(loop, 20000))
            continue;
        free(url);
    }
    report(fd, check->id, check->label, line.failed ? CHECK_FAIL : line.warned ? CHECK_WARN : CHECK_PASS, true, since,
           line.failed ? "the service cannot be used from here" : "the service answers", NULL);
}

static void check_user(int fd, const struct net *net, const struct check *check)
{
    int64_t since = loop_now_ms();
    const char *user = net->options.service_user;
    char *host = net_host(net->options.address), *port = strrchr(host, ':'), *say = NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int error = 0;
    if (!user || getuid() != geteuid() || geteuid() == 0) {
        say = !user ? mem_copy(check->unset ? check->unset : "erp.service_user is not configured") : text_format("%s could not be taken on", user);
        report(fd, check->id, check->label, CHECK_WARN, true, since, say, check->remedy);
    } else {
        if (port)
            *port++ = '\0';
        int failed = getaddrinfo(host, port ? port : "443", &hints, &list);
        bool good = !failed && connect_to(list, &error);
        say = good ? text_format("%s reaches %s", user, host) : text_format("%s does not reach %s", user, host);
        report(fd, check->id, check->label, good ? CHECK_PASS : CHECK_FAIL, true, since, say, good ? NULL : check->remedy);
    }
    free(say);
    free(host);
}

/* Started by root, the rights of the service user are taken on for good: this child is theirs. */
static void become(const char *user)
{
    const struct passwd *entry = user && geteuid() == 0 ? getpwnam(user) : NULL;
    if (entry && initgroups(user, entry->pw_gid) == 0 && setgid(entry->pw_gid) == 0 && setuid(entry->pw_uid) < 0)
        _exit(1);
}

static void run_checks(int fd, const struct net *net, const struct check *checks, size_t count)
{
    loop_child();
    /* Commands first: they may need the rights that we have. */
    for (size_t i = 0; i < count; i++)
        if (checks[i].kind == CHECK_COMMAND)
            check_command(fd, net, &checks[i]);
    become(net->options.service_user);
    for (size_t i = 0; i < count; i++)
        if (checks[i].kind == CHECK_SERVICE_USER)
            check_user(fd, net, &checks[i]);
        else if (checks[i].kind == CHECK_SERVICE)
            check_service(fd, net, &checks[i]);
    _exit(0);
}

static void fact_of(struct net *net, const char *bytes, size_t size)
{
    struct value *line = json_read(bytes, size, "check", NULL);
    const char *result = value_member_text(line, "result"), *took = value_member_text(line, "took");
    if (result && took) {
        const struct check_fact fact = {
            .id = value_member_text(line, "id"), .label = value_member_text(line, "label"), .text = value_member_text(line, "text"),
            .remedy = value_member_text(line, "remedy"), .result = (enum check_result)strtol(result, NULL, 10),
            .took_ms = (int)strtol(took, NULL, 10), .last = text_same(value_member_text(line, "last"), "yes")};
        net->events.check(net->events.user, &fact);
    }
    value_free(line);
}

static void readable(void *user, int fd, short seen)
{
    struct net *net = user;
    char bytes[4096];
    ssize_t got = read(fd, bytes, sizeof bytes);
    (void)seen;
    if (got <= 0) {
        checks_free(net);
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
    if (pipe(ends) < 0)
        return;
    struct checking *checking = net->checking = mem_new(sizeof *checking);
    checking->net = net;
    checking->fd = ends[0];
    checking->pid = fork();
    if (checking->pid == 0) {
        setpgid(0, 0);
        close(ends[0]);
        run_checks(ends[1], net, checks, count);
    }
    close(ends[1]);
    loop_watch(net->loop, ends[0], POLLIN, readable, net);
}

void checks_free(struct net *net)
{
    struct checking *checking = net->checking;
    if (!checking)
        return;
    net->checking = NULL;
    loop_unwatch(net->loop, checking->fd);
    close(checking->fd);
    kill(-checking->pid, SIGKILL);
    kill(checking->pid, SIGKILL);
    waitpid(checking->pid, NULL, 0);
    text_clear(&checking->lines);
    free(checking);
}

void net_check_stop(struct net *net)
{
    checks_free(net);
}
