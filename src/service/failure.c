/* Why there is no response, for a person: who failed, why, what to do. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "private.h"

/* libcurl does not say why it could not read the file, so ask the kernel. */
static void ca_file_problem(struct problem *why, const char *path)
{
    const struct passwd *entry = getpwuid(geteuid());
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    if (!path) {
        problem_set(why, PROBLEM_CONFIG, "Cannot read the CA certificates of this system");
        problem_advise(why, "Install the package ca-certificates, or set service.ca_file");
    } else if (fd < 0) {
        problem_set(why, PROBLEM_CONFIG, "The user %s cannot read the CA file %s: %s", entry ? entry->pw_name : "of this program", path,
                    strerror(errno));
        problem_advise(why, "Check service.ca_file, and the permissions of the file and of its directory");
    } else {
        problem_set(why, PROBLEM_CONFIG, "The CA file %s contains no valid certificate", path);
        problem_advise(why, "Set service.ca_file to a file with certificates in PEM format");
    }
    if (fd >= 0)
        close(fd);
}

/* The proxy answered, and not with a connection. */
static void rejected_by_proxy(struct problem *why, const struct http_answer *answer, const char *proxy, const char *host)
{
    if (answer->proxy_status)
        problem_set(why, PROBLEM_UNREACHABLE, "%s rejected the connection to %s (status %d)", proxy, host, answer->proxy_status);
    else
        problem_set(why, PROBLEM_UNREACHABLE, "%s could not connect to %s: %s", proxy, host, answer->error ? answer->error : "no reason given");
}

static void advise_on_proxy(struct problem *why, const struct net *net, const struct http_answer *answer)
{
    const char *setting = net->options.proxy ? "service.proxy" : "https_proxy in the environment";
    if (answer->proxy_status == 407)
        problem_advise(why, "The proxy requires a user name and a password: set %s to http://NAME:PASSWORD@HOST:PORT", setting);
    else
        problem_advise(why, "Check %s", setting);
}

void redirect_problem(struct problem *why, const struct http_answer *answer, const char *url)
{
    char *host = net_host(url), *target = answer->location ? net_host(answer->location) : mem_copy("another address");
    problem_set(why, PROBLEM_SERVICE, "%s redirects to %s, and redirects are not followed", host, *target ? target : "another path");
    problem_advise(why, "If the service has moved, set its new address. A captive portal or a proxy may redirect as well");
    free(host);
    free(target);
}

void later_problem(struct problem *why, const char *url, int wait_s)
{
    int64_t now = time(NULL);
    char text[32], *host = net_host(url);
    net_local_time(now + wait_s, now, text, sizeof text);
    problem_set(why, PROBLEM_LATER, "%s accepts no requests until %s", host, text);
    problem_advise(why, "Try again then");
    free(host);
}

bool response_is_page(const struct http_answer *answer)
{
    const char *text = text_bytes(&answer->body);
    text += strspn(text, " \t\r\n");
    return *text == '<' || (*text && answer->type && strcasestr(answer->type, "html"));
}

void response_problem(struct problem *why, const struct net *net, const struct http_answer *answer, const char *url)
{
    int status = answer->status, wait_s = retry_after_s(answer->retry_after, answer->date, time(NULL));
    char *host = net_host(url);
    if (answer->failure != HTTP_GOOD) {
        failure_problem(why, net, answer, url);
    } else if (status >= 300 && status < 400) {
        redirect_problem(why, answer, url);
    } else if (wait_s > 0 && (status == 429 || status == 503)) {
        later_problem(why, url, wait_s);
    } else if (status == 429) {
        problem_set(why, PROBLEM_LATER, "%s received too many requests (status 429)", host);
        problem_advise(why, "Try again later");
    } else if (status == 408 || status == 425 || status >= 500) {
        problem_set(why, PROBLEM_UNREACHABLE, "%s is not available now (status %d)", host, status);
        problem_advise(why, "Try again later");
    } else if (response_is_page(answer)) {
        problem_set(why, PROBLEM_SERVICE, "%s returned a web page instead of JSON (status %d)", host, status);
        problem_advise(why, "Check service.address and service.issuer. A captive portal or a proxy may have answered instead");
    } else {
        problem_set(why, PROBLEM_SERVICE, "%s returned an invalid response (status %d)", host, status);
        problem_advise(why, "Check service.address and service.issuer");
    }
    free(host);
}

void failure_problem(struct problem *why, const struct net *net, const struct http_answer *answer, const char *url)
{
    char *host = net_host(url), *proxy = answer->proxy ? net_host(answer->proxy) : NULL;
    char *who = proxy ? text_format("The proxy %s", proxy) : mem_copy(host), *at = proxy ? text_format("the proxy %s", proxy) : mem_copy(host);
    const char *error = answer->error ? answer->error : "no reason given";
    switch (answer->failure) {
    case HTTP_NAME:
        problem_set(why, PROBLEM_UNREACHABLE, "%s cannot be found: its name does not resolve", who);
        problem_advise(why, "Check service.address and /etc/resolv.conf");
        break;
    case HTTP_CONNECT:
        problem_set(why, PROBLEM_UNREACHABLE, "%s does not accept a connection: %s", who,
                    answer->system_error ? strerror(answer->system_error) : error);
        problem_advise(why, "Check that the service is running, and that no firewall blocks this server");
        break;
    case HTTP_TIME:
        problem_set(why, PROBLEM_UNREACHABLE, "%s did not answer in time", who);
        problem_advise(why, "Try again. If it fails again, check whether a firewall drops the packets");
        break;
    case HTTP_TLS:
        problem_set(why, PROBLEM_UNREACHABLE, "%s has no certificate that this server trusts: %s", who, answer->error ? answer->error : "TLS failed");
        problem_advise(why, "Check this server's clock and service.ca_file; certificate verification cannot be turned off");
        break;
    case HTTP_CA_FILE:
        ca_file_problem(why, net->options.ca_file);
        break;
    case HTTP_PROXY:
        rejected_by_proxy(why, answer, who, host);
        break;
    case HTTP_TOO_LARGE:
        problem_set(why, PROBLEM_SERVICE, "The response from %s is too large: the limit is %u MiB, and %u KiB for its headers", at,
                    HTTP_BODY_MIB, HTTP_HEADERS_KIB);
        problem_advise(why, "Check service.address, and what the service returns there");
        break;
    case HTTP_INVALID:
        problem_set(why, PROBLEM_SERVICE, "The response from %s is not valid: %s", at, answer->error ? answer->error : "it is not HTTP");
        problem_advise(why, "Check service.address and its port; there may be a proxy in between");
        break;
    case HTTP_BROKEN:
    case HTTP_OTHER:
    case HTTP_GOOD:
        problem_set(why, PROBLEM_UNREACHABLE, "The connection to %s broke: %s", at, answer->error ? answer->error : "no response came");
        problem_advise(why, "Try again");
        break;
    }
    if (proxy)
        advise_on_proxy(why, net, answer);
    free(host);
    free(proxy);
    free(who);
    free(at);
}
