#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "private.h"

static bool is_loopback(const char *host, size_t size)
{
    return (size == 9 && strncasecmp(host, "127.0.0.1", 9) == 0) || (size == 5 && strncmp(host, "[::1]", 5) == 0);
}

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
    for (const char *at = address; clean && *at; at++)
        clean = (unsigned char)*at > ' ' && *at != 0x7f && *at != '\\';
    if (clean && (https || (http && plain && is_loopback(host + 3, name))))
        return true;
    problem_set(why, PROBLEM_CONFIG, "\"%s\" cannot be used as the service's address", address ? address : "");
    problem_advise(why, http ? "Only https is used, so that nobody on the way can listen; http is for the try-out service on this machine"
                             : "Give https://HOST or https://HOST:PORT under service.address");
    return false;
}

char *net_host(const char *address)
{
    const char *host = strstr(address, "://");
    host = host ? host + 3 : address;
    return mem_copy_bytes(host, strcspn(host, "/?#"));
}

char *net_url(const struct net *net, const char *path)
{
    const char *address = net->options.address;
    size_t origin = strlen(address);
    if (*path == '/') {
        while (origin && address[origin - 1] == '/')
            origin--;
        /* A page's address (Link) starts with the path of the address already. */
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
    if (!net_address_good(options->address, options->plain, why) ||
        (options->issuer && !net_address_good(options->issuer, options->plain, why)))
        return NULL;
    struct net *net = mem_new(sizeof *net);
    net->options = *options;
    net->events = *events;
    net->loop = loop;
    net->options.host = mem_copy(options->host);
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
    free(net);
}

void net_warm(struct net *net)
{
    http_load(net->http);
}

void net_set_tokens(struct net *net, const struct value *tokens)
{
    value_free(net->tokens);
    net->tokens = value_copy(tokens);
}

bool net_signed_in(const struct net *net)
{
    return net && (value_member_text(net->tokens, "access") || value_member_text(net->tokens, "refresh"));
}

bool net_signing_in(const struct net *net)
{
    return net && (net->flow != FLOW_NONE || net->call);
}
