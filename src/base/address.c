#include "base/address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

char *address_host(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    size_t size = strcspn(host, "/?#\\");
    const char *user = memrchr(host, '@', size);
    if (user) {
        size -= (size_t)(user + 1 - host);
        host = user + 1;
    }
    const char *bracket = *host == '[' ? memchr(host, ']', size) : NULL;
    if (bracket && (bracket + 1 == host + size || bracket[1] == ':'))
        return mem_copy_bytes(host + 1, (size_t)(bracket - host) - 1);
    const char *colon = memchr(host, ':', size);
    return mem_copy_bytes(host, colon ? (size_t)(colon - host) : size);
}

bool address_is_loopback(const char *url)
{
    char *host = address_host(url);
    struct in_addr four;
    struct in6_addr six;
    bool is = inet_pton(AF_INET, host, &four) == 1 ? ntohl(four.s_addr) >> 24 == 127
                                                   : inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
    free(host);
    return is;
}
