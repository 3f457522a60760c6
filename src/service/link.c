#include "link.h"

#include <string.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"

/* Parts of an address, each into the text that was parsed. */
struct parts {
    const char *scheme, *authority, *path, *query;      /* NULL: not there; path never */
    size_t scheme_size, authority_size, path_size, query_size;
};

static bool is_scheme(const char *text, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
    return size && strchr(letters, *text) && strspn(text, others) >= size;
}

/* RFC 3986, appendix B; a fragment is left out. */
static struct parts parse(const char *text)
{
    struct parts parts = {0};
    size_t size = strcspn(text, "#"), colon = strcspn(text, ":/?#");
    const char *end = text + size;
    if (text[colon] == ':' && is_scheme(text, colon)) {
        parts.scheme = text;
        parts.scheme_size = colon;
        text += colon + 1;
    }
    if (end - text >= 2 && text[0] == '/' && text[1] == '/') {
        parts.authority = text + 2;
        parts.authority_size = strcspn(parts.authority, "/?#");
        text = parts.authority + parts.authority_size;
    }
    parts.path = text;
    parts.path_size = strcspn(text, "?#");
    if (text[parts.path_size] == '?') {
        parts.query = text + parts.path_size + 1;
        parts.query_size = (size_t)(end - parts.query);
    }
    return parts;
}

/* RFC 3986, section 5.2.4. */
static char *without_dots(const char *path)
{
    struct text out = {0};
    text_add(&out, "");
    while (*path) {
        size_t size = strcspn(path + 1, "/") + 1;       /* "/segment" */
        bool last = !path[size];
        if (size == 2 && path[1] == '.') {
            if (last)
                text_add(&out, "/");
        } else if (size == 3 && path[1] == '.' && path[2] == '.') {
            char *slash = strrchr(text_bytes(&out), '/');
            char *kept = mem_copy_bytes(text_bytes(&out), slash ? (size_t)(slash - text_bytes(&out)) : 0);
            text_clear(&out);
            text_addf(&out, "%s%s", kept, last ? "/" : "");
            free(kept);
        } else {
            text_add_bytes(&out, path, size);
        }
        path += size;
    }
    if (!out.size)
        text_add(&out, "/");
    return text_take(&out);
}

/* RFC 3986, section 5.2.3, for a reference whose path does not start with a slash. */
static char *merged(const struct parts *base, const struct parts *reference)
{
    size_t size = base->path_size;
    while (size && base->path[size - 1] != '/')
        size--;
    return text_format("%.*s%s%.*s", (int)size, base->path, size ? "" : "/", (int)reference->path_size, reference->path);
}

static int port_of(const char *port, size_t size, bool secure)
{
    return size ? (int)strtol(port, NULL, 10) : secure ? 443 : 80;
}

/* The name without a trailing dot; the port behind it. False: somebody's name stands in front. */
static bool split(const char *authority, size_t size, bool secure, char **host, int *port)
{
    size_t end = size;
    while (end && strchr("0123456789", authority[end - 1]))
        end--;
    bool has_port = end && authority[end - 1] == ':';
    *port = port_of(authority + end, has_port ? size - end : 0, secure);
    size_t length = has_port ? end - 1 : size;
    if (length && authority[length - 1] == '.')
        length--;
    *host = mem_copy_bytes(authority, length);
    return !memchr(authority, '@', size);
}

/* Whether both are one origin. A link in plain HTTP is followed by HTTPS: a service behind a proxy may not know how it was asked. */
static bool same_origin(const struct parts *ours, const struct parts *theirs)
{
    bool secure = ours->scheme_size == 5, plain = theirs->scheme_size == 4 && strncasecmp(theirs->scheme, "http", 4) == 0;
    bool https = theirs->scheme_size == 5 && strncasecmp(theirs->scheme, "https", 5) == 0;
    char *our_host = NULL, *their_host = NULL;
    int our_port, their_port;
    bool same = split(ours->authority, ours->authority_size, secure, &our_host, &our_port) &
                split(theirs->authority, theirs->authority_size, https, &their_host, &their_port);
    if (secure && plain && their_port == 80 && our_port == 443)
        their_port = 443;
    same = same && (secure ? https || plain : plain) && our_port == their_port && strcasecmp(our_host, their_host) == 0;
    free(our_host);
    free(their_host);
    return same;
}

static char *path_of(const struct parts *base, const struct parts *reference)
{
    char *joined = reference->path_size && *reference->path != '/' && !reference->authority
                       ? merged(base, reference)
                       : reference->path_size || reference->authority ? mem_copy_bytes(reference->path, reference->path_size)
                                                                      : mem_copy_bytes(base->path, base->path_size);
    char *path = without_dots(joined);
    free(joined);
    return path;
}

/* Characters that no address has: blanks, controls and what is beyond ASCII. */
static char *escape(const char *text)
{
    struct text out = {0};
    for (; *text; text++)
        if (*text > ' ' && *text < 127)
            text_add_bytes(&out, text, 1);
        else
            text_addf(&out, "%%%02X", (unsigned char)*text);
    return text_take(&out);
}

char *link_path(const char *address, const char *url, const char *reference, char **elsewhere)
{
    struct parts service = parse(address), base = parse(url), parts = parse(reference);
    *elsewhere = NULL;
    if (parts.scheme && !parts.authority) {
        *elsewhere = mem_copy_bytes(parts.scheme, parts.scheme_size + 1);
        return NULL;
    }
    if (parts.authority) {
        struct parts theirs = parts;
        if (!theirs.scheme) {
            theirs.scheme = service.scheme;
            theirs.scheme_size = service.scheme_size;
        }
        if (!same_origin(&service, &theirs)) {
            *elsewhere = mem_copy_bytes(parts.authority, parts.authority_size);
            return NULL;
        }
    }
    char *path = path_of(&base, &parts);
    bool old_query = !parts.query && !parts.path_size && !parts.authority && base.query;
    const struct parts *asked = old_query ? &base : &parts;
    char *query = asked->query ? text_format("?%.*s", (int)asked->query_size, asked->query) : mem_copy("");
    size_t below = service.path_size;
    while (below && service.path[below - 1] == '/')
        below--;
    bool inside = strncmp(path, service.path, below) == 0 && path[below] == '/';
    char *found = inside ? text_format("%s%s", path + below, query)
                         : text_format("%.*s%s%s", (int)(service.path - address), address, path, query);
    char *escaped = escape(found);
    free(found);
    free(path);
    free(query);
    return escaped;
}

/* The parameters of one link: whether its relation is "next"; *end is behind them. */
static bool is_next(const char *at, const char **end)
{
    bool next = false, known = false, anchored = false;
    while (*(at += strspn(at, " \t")) == ';') {
        at += 1 + strspn(at + 1, " \t");
        size_t name = strcspn(at, "=;, \t");
        bool rel = name == 3 && strncasecmp(at, "rel", 3) == 0;
        anchored = anchored || (name == 6 && strncasecmp(at, "anchor", 6) == 0);
        at += name;
        at += strspn(at, " \t");
        if (*at != '=')
            continue;
        at += 1 + strspn(at + 1, " \t");
        bool quoted = *at == '"';
        const char *value = at += quoted;
        while (*at && (quoted ? *at != '"' : !strchr(";, \t", *at)))
            at += 1 + (quoted && *at == '\\' && at[1]);
        for (const char *word = value; rel && !known && word < at; word += strspn(word, " \t")) {
            size_t size = strcspn(word, " \t\";,");
            next = next || (size == 4 && strncasecmp(word, "next", 4) == 0);
            word += size ? size : 1;
        }
        known = known || rel;       /* a further rel is ignored: RFC 8288, section 3.3 */
        at += quoted && *at == '"';
    }
    *end = at;
    return next && !anchored;
}

char *link_next(const char *header)
{
    for (const char *at = strchr(header, '<'); at; at = strchr(at, '<')) {
        const char *target = at + 1, *close = strchr(target, '>');
        if (!close)
            break;
        if (is_next(close + 1, &at)) {
            size_t size = (size_t)(close - target), blank = strspn(target, " \t");
            while (size > blank && strchr(" \t", target[size - 1]))
                size--;
            return mem_copy_bytes(target + (blank < size ? blank : size), blank < size ? size - blank : 0);
        }
    }
    return NULL;
}
