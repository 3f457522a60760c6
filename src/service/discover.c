/* The metadata of the authorization server: where it may lie, whether it is of the one we asked for, what it names. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

/*
 * RFC 8414 puts the well-known part between host and path, OpenID Connect Discovery behind the path; of issuers with a path
 * there are servers that do it the other way round, each.
 */
static const struct place {
    const char *name;
    bool behind, with_path_only;
} places[] = {
    {"oauth-authorization-server", false, false}, {"openid-configuration", true, false},
    {"oauth-authorization-server", true, true}, {"openid-configuration", false, true},
};

enum { PLACES = sizeof places / sizeof *places };

static size_t size_without_slash(const char *text)
{
    size_t size = strlen(text);
    while (size && text[size - 1] == '/')
        size--;
    return size;
}

char *discover_place(const struct net *net)
{
    const char *base = net_issuer(net), *host = strstr(base, "://") + 3, *path = host + strcspn(host, "/");
    int origin = (int)(path - base), size = (int)size_without_slash(path);
    const struct place *place = &places[net->place];
    if (net->place == PLACES || (place->with_path_only && !size))
        return NULL;
    return place->behind ? text_format("%.*s%.*s/.well-known/%s", origin, base, size, path, place->name)
                         : text_format("%.*s/.well-known/%s%.*s", origin, base, place->name, size, path);
}

/* RFC 8414, 3.3: the issuer must be the one that was asked for, letter by letter; a slash at the end is forgiven. */
static bool is_ours(struct net *net, const struct value *body)
{
    const char *named = value_member_text(body, "issuer"), *ours = net_issuer(net);
    size_t size = size_without_slash(ours);
    if (named && size_without_slash(named) == size && strncmp(named, ours, size) == 0)
        return true;
    if (named && strlen(named) < 256) {
        free(net->other_issuer);
        net->other_issuer = mem_copy(named);
    }
    return false;
}

/* A 404 is what a place answers that has no metadata. What else is not metadata is remembered, in case no place has any. */
static void note_response(struct net *net, const struct http_answer *answer, const struct value *body)
{
    char *place = discover_place(net);
    bool is_json = answer->status == 200 && body && body->kind == VALUE_MAP;
    if (!is_json && answer->status != 404 && net->no_metadata.kind == PROBLEM_NONE)
        response_problem(&net->no_metadata, net, answer, place);
    free(place);
}

/* Somebody who asks us to wait is not asked for the next place. */
static bool must_wait(struct net *net, const struct http_answer *answer)
{
    struct problem why = {0};
    if (answer->status != 429 && answer->status != 503)
        return false;
    response_problem(&why, net, answer, net_issuer(net));
    net->place = 0;
    sign_in_fail(net, SIGN_IN_FAILED, &why);
    return true;
}

void discovered(struct net *net, const struct http_answer *answer, const struct value *body)
{
    if (must_wait(net, answer))
        return;
    note_response(net, answer, body);
    if (answer->status == 200 && is_ours(net, body)) {
        /* Of two documents the first has the word; what it leaves out may be in the second. */
        struct value *all = value_copy(body);
        value_merge(all, net->metadata ? net->metadata : body);
        value_free(net->metadata);
        net->metadata = all;
    }
    net->place++;
    sign_in_exchange(net, net->next);
}

static const char *const names[] = {
    [FLOW_DEVICE] = "device_authorization_endpoint", [FLOW_POLL] = "token_endpoint", [FLOW_REFRESH] = "token_endpoint",
    [FLOW_WHO] = "userinfo_endpoint", [FLOW_REVOKE] = "revocation_endpoint",
};

const char *discover_endpoint(const struct net *net, enum flow flow)
{
    const char *url = value_member_text(net->metadata, names[flow]);
    return url && net_address_good(url, net->options.plain, NULL) ? url : NULL;
}

/* A code is of no use without the endpoint that it is exchanged at: both must be known before it is shown. */
static enum flow missing(const struct net *net, enum flow flow)
{
    return !discover_endpoint(net, flow) ? flow : flow == FLOW_DEVICE && !discover_endpoint(net, FLOW_POLL) ? FLOW_POLL : FLOW_NONE;
}

bool discover_has_all(const struct net *net, enum flow flow)
{
    return missing(net, flow) == FLOW_NONE;
}

void discover_missing(const struct net *net, enum flow flow, struct problem *why)
{
    const char *name = names[missing(net, flow)];
    if (value_member_text(net->metadata, name))
        problem_set(why, PROBLEM_SERVICE, "The %s that %s names cannot be used: it is not an https address", name, net_issuer(net));
    else
        problem_set(why, PROBLEM_SERVICE, "%s names no %s", net_issuer(net), name);
}
