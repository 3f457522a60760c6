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

void discovered(struct net *net, int status, const struct value *body)
{
    if (status == 200 && is_ours(net, body)) {
        /* Of two documents the first has the word; what it leaves out may be in the second. */
        struct value *all = value_copy(body);
        value_merge(all, net->metadata ? net->metadata : body);
        value_free(net->metadata);
        net->metadata = all;
    }
    net->place++;
    sign_in_exchange(net, net->next);
}

const char *discover_endpoint(const struct net *net, enum flow flow)
{
    static const char *const names[] = {
        [FLOW_DEVICE] = "device_authorization_endpoint", [FLOW_POLL] = "token_endpoint", [FLOW_REFRESH] = "token_endpoint",
        [FLOW_WHO] = "userinfo_endpoint", [FLOW_REVOKE] = "revocation_endpoint",
    };
    const char *url = value_member_text(net->metadata, names[flow]);
    return url && net_address_good(url, net->options.plain, NULL) ? url : NULL;
}
