/* Whether the service can be reached: name, TCP, proxy, TLS, clock and API version, each a line of its own. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

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
    check_report(line->fd, id, label, result, false, since, text, remedy);
    line->failed = line->failed || result == CHECK_FAIL;
    line->warned = line->warned || result == CHECK_WARN;
    free(id);
}

/* The proxy that the checked address is reached through; NULL: none; yours. */
static char *proxy_of(const struct net *net)
{
    return http_proxy(&(struct http_options){.proxy = net->options.proxy}, net->options.address);
}

/* Where a connection is made to: the proxy when there is one. 1080 is what libcurl takes for a proxy without a port. */
static void target_of(const struct net *net, char **host, char **port)
{
    char *proxy = proxy_of(net);
    const char *target = proxy ? proxy : net->options.address;
    bool https = strncasecmp(target, "https", 5) == 0;
    net_split(target, https ? "443" : proxy ? "1080" : "80", host, port);
    mem_free_secret(proxy);
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

static void proxy_line(struct exchange *exchange, bool good, const struct problem *why)
{
    char *proxy = proxy_of(exchange->net), *host = proxy ? net_host(proxy) : NULL;
    char *say = host ? text_format("%s accepts the connection", host) : mem_copy("none is used");
    say_line(exchange->line, "proxy", "Proxy", good ? CHECK_PASS : CHECK_FAIL, exchange->since, good ? say : why->text, good ? NULL : why->advice);
    free(host);
    free(say);
    mem_free_secret(proxy);
}

/* The proxy first, then who is behind it: each failure on its own line, and nothing after it. */
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
    proxy_line(exchange, !answer->proxy, &why);
    if (!line->failed && (tls || good))
        say_line(line, "tls", "TLS", good ? CHECK_PASS : CHECK_FAIL, exchange->since,
                 !good ? why.text : tls ? "the service proves who it is" : "not used on loopback", why.advice);
    else if (!line->failed)
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

void check_service(int fd, const struct net *net, const struct check *check)
{
    struct line line = {.fd = fd, .check = check};
    int64_t since = loop_now_ms();
    check_connection(&line, net);
    if (!line.failed)
        check_exchange(&line, net);
    check_report(fd, check->id, check->label, line.failed ? CHECK_FAIL : line.warned ? CHECK_WARN : CHECK_PASS, true, since,
           line.failed ? "the service cannot be used from here" : "the service answers", line.failed ? check->remedy : NULL);
}

void check_user(int fd, const struct net *net, const struct check *check, bool taken_on)
{
    int64_t since = loop_now_ms();
    const char *user = net->options.service_user;
    char *host, *port, *say;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int error = 0;
    if (!taken_on) {
        say = user ? text_format("Not tested: only root, or %s, can test with the rights of %s", user, user)
                   : mem_copy(check->unset ? check->unset : "Not tested: it is not configured.");
        check_report(fd, check->id, check->label, CHECK_WARN, true, since, say, check->remedy);
        free(say);
        return;
    }
    target_of(net, &host, &port);
    bool good = getaddrinfo(host, port, &hints, &list) == 0 && connect_to(list, &error);
    say = text_format(good ? "%s reaches %s, port %s" : "%s does not reach %s, port %s", user, host, port);
    check_report(fd, check->id, check->label, good ? CHECK_PASS : CHECK_FAIL, true, since, say, good ? NULL : check->remedy);
    free(say);
    free(host);
    free(port);
}
