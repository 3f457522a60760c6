/* Which proxy a request uses. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "base/mem.h"
#include "http.h"

/* Write the bytes of a literal IPv4 or IPv6 address; return their number, 0 if the text is none. */
static size_t read_literal(const char *text, unsigned char bytes[16])
{
    return inet_pton(AF_INET, text, bytes) == 1 ? 4 : inet_pton(AF_INET6, text, bytes) == 1 ? 16 : 0;
}

/* "10.0.0.0/8" or "fd00::/8"; without a slash the whole address. */
static bool is_in_network(const char *host, const char *network)
{
    unsigned char address[16], base[16];
    size_t size = read_literal(host, address), bits = size * 8;
    char *literal = mem_copy_bytes(network, strcspn(network, "/")), *end = NULL;
    bool same = size > 0 && read_literal(literal, base) == size;
    if (same && network[strlen(literal)] == '/') {
        const char *digits = network + strlen(literal) + 1;
        unsigned long given = strtoul(digits, &end, 10);
        same = end > digits && !*end && given <= bits;
        bits = given;
    }
    for (size_t bit = 0; same && bit < bits; bit++)
        same = ((address[bit / 8] ^ base[bit / 8]) & (0x80 >> bit % 8)) == 0;
    free(literal);
    return same;
}

/* A domain covers itself and every name below it; a leading dot makes no difference. */
static bool is_in_domain(const char *host, const char *domain)
{
    size_t size = strlen(host), length = strlen(domain);
    if (*domain == '.') {
        domain++;
        length--;
    }
    while (length && domain[length - 1] == '.')
        length--;
    return length && size >= length && strncasecmp(host + size - length, domain, length) == 0 &&
           (size == length || host[size - length - 1] == '.');
}

/* The rules of curl: names, domains, addresses and networks, separated by commas or blanks; "*" covers everything. */
static bool needs_no_proxy(const char *host)
{
    const char *list = getenv("no_proxy") ? getenv("no_proxy") : getenv("NO_PROXY");
    unsigned char bytes[16];
    bool literal = read_literal(host, bytes) > 0, covered = list && strcmp(list, "*") == 0;
    for (const char *at = list ? list : ""; *at && !covered; at += strspn(at, ", ")) {
        char *entry = mem_copy_bytes(at, strcspn(at, ", "));
        at += strlen(entry);
        covered = *entry && (strcmp(entry, "*") == 0 || (literal ? is_in_network(host, entry) : is_in_domain(host, entry)));
        free(entry);
    }
    return covered;
}

char *http_proxy(const struct http_options *options, const char *url)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    const char *found = options->proxy;
    char *host = address_host(url);
    bool direct = strncasecmp(url, "https:", 6) != 0 || address_is_loopback(url) || needs_no_proxy(host);
    free(host);
    for (size_t i = 0; (!found || !*found) && i < sizeof names / sizeof *names; i++)
        found = getenv(names[i]);
    return found && *found && !direct ? mem_copy(found) : NULL;
}
