#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/address.h"
#include "base/mem.h"
#include "private.h"

bool net_address_good(const char *address, bool plain, struct problem *why)
{
    const char *host = address ? strstr(address, "://") : NULL;
    bool https = host && strncasecmp(address, "https://", 8) == 0, http = host && strncasecmp(address, "http://", 7) == 0;
    size_t size = host ? strcspn(host + 3, "/?#") : 0, name = size;
    if (host && host[3] == '[')
        name = strcspn(host + 3, "]") + 1;
    else if (host)
        name = strcspn(host + 3, ":/?#");
    bool clean = host && name > 0 && !memchr(host + 3, '@', size);
    if (clean && host[3 + name] == ':') {
        char *end;
        long port = strtol(host + 4 + name, &end, 10);
        clean = isdigit((unsigned char)host[4 + name]) && end == host + 3 + size && port > 0 && port < 65536;
    } else {
        clean = clean && name == size;
    }
    for (const char *at = address; clean && *at; at++)
        clean = (unsigned char)*at > ' ' && *at != 0x7f && *at != '\\';
    if (clean && (https || (http && plain && address_is_loopback(address))))
        return true;
    bool secret = host && memchr(host + 3, '@', size);     /* a password may be in it: not shown */
    if (address)
        problem_set(why, PROBLEM_CONFIG, "\"%s\" cannot be used as the service's address", secret ? "..." : address);
    else
        problem_set(why, PROBLEM_CONFIG, "The configuration has no service.address");
    problem_advise(why, http ? "Only https is used, so that nobody on the way can listen; http is for the try-out service on this machine"
                             : "Give https://HOST or https://HOST:PORT under service.address");
    return false;
}

char *net_host(const char *address)
{
    const char *host = strstr(address, "://");
    host = host ? host + 3 : address;
    size_t size = strcspn(host, "/?#");
    const char *user = memrchr(host, '@', size);    /* a proxy may have a name and a password; they are not shown */
    return user ? mem_copy_bytes(user + 1, size - (size_t)(user + 1 - host)) : mem_copy_bytes(host, size);
}

const char *net_issuer(const struct net *net)
{
    return net->options.issuer ? net->options.issuer : net->options.address;
}

const char *net_client_id(const struct net *net)
{
    return net->options.client_id ? net->options.client_id : value_text(net->options.service->sign_in, "client_id");
}

const char *net_scope(const struct net *net)
{
    const char *scope = net->options.scope ? net->options.scope : value_text(net->options.service->sign_in, "scope");
    return scope ? scope : "";
}

void net_local_time(int64_t when, int64_t now, char *text, size_t size)
{
    time_t at = (time_t)when;
    struct tm tm;
    if (!localtime_r(&at, &tm) || !strftime(text, size, when - now < 12 * 3600 ? "%H:%M" : "%Y-%m-%d %H:%M", &tm))
        snprintf(text, size, "later");
}

/* A name and a port, as getaddrinfo() wants them. */
void net_split(const char *address, const char *usual_port, char **host, char **port)
{
    char *colon;
    *host = net_host(address);
    colon = strrchr(*host, ':');
    if (colon && strchr(colon, ']'))
        colon = NULL;
    *port = mem_copy(colon ? colon + 1 : usual_port);
    if (colon)
        *colon = '\0';
    if (**host == '[') {
        memmove(*host, *host + 1, strlen(*host));
        (*host)[strcspn(*host, "]")] = '\0';
    }
}

char *net_url(const struct net *net, const char *path)
{
    const char *address = net->options.address;
    size_t origin = strlen(address);
    if (*path == '/') {
        while (origin && address[origin - 1] == '/')
            origin--;
        return text_format("%.*s%s", (int)origin, address, path);
    }
    origin = (size_t)(strstr(address, "://") - address) + 3;
    origin += strcspn(address + origin, "/");
    if (strncmp(path, address, origin) == 0 && (path[origin] == '/' || path[origin] == '?'))
        return mem_copy(path);
    return NULL;
}

struct net *net_new(struct loop *loop, const struct net_options *options, const struct net_events *events, struct problem *why)
{
    if (options->address && strpbrk(options->address, "?#")) {
        problem_set(why, PROBLEM_CONFIG, "The service's address must not have a ? or a # in it");
        return NULL;
    }
    if (!net_address_good(options->address, options->plain, why) ||
        (options->issuer && !net_address_good(options->issuer, options->plain, why)))
        return NULL;
    struct net *net = mem_new(sizeof *net);
    net->options = *options;
    net->events = *events;
    net->loop = loop;
    net->options.host = mem_copy(options->host);
    net->options.client_secret = mem_copy(options->client_secret);
    net->http = http_new(loop, &(struct http_options){.proxy = options->proxy, .ca_file = options->ca_file, .plain = options->plain,
                                                      .user_agent = options->user_agent});
    net->tokens = value_new_map();
    return net;
}

void net_free(struct net *net)
{
    if (!net)
        return;
    checks_free(net);
    sign_in_free(net);
    transfers_free(net);
    http_free(net->http);
    value_free(net->tokens);
    free((char *)net->options.host);
    mem_free_secret((char *)net->options.client_secret);
    free(net);
}

void net_warm(struct net *net)
{
    http_load(net->http);
}

void net_set_tokens(struct net *net, const struct value *tokens)
{
    value_free(net->tokens);        /* wipes them */
    net->tokens = tokens ? value_copy(tokens) : value_new_map();
    net->token_number++;
    net->given = false;
}

bool net_signed_in(const struct net *net)
{
    const char *expires = net ? value_member_text(net->tokens, "expires") : NULL;
    if (!net || value_member_text(net->tokens, "refresh"))
        return net != NULL;
    return value_member_text(net->tokens, "access") && (!expires || strtoll(expires, NULL, 10) > sign_in_time(net));
}
