/* Headers of a response: Retry-After with Date, Link, and the addresses in them. A line each. */
#include "fuzz.h"

#include "../../src/service/link.h"
#include "../../src/service/private.h"
#include "base/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *first = mem_copy_bytes((const char *)data, size), *second = strchr(first, '\n'), *elsewhere = NULL, *next, *path, *host;
    if (second)
        *second++ = '\0';
    int wait_s = retry_after_s(first, second, 784111740);
    require(wait_s >= -1, "a wait is known or not");
    next = link_next(first);
    require(!next || strlen(next) <= strlen(first), "the next page is part of the header");
    path = link_path("https://api.example/base", "https://api.example/base/v1/items?page=1", next ? next : first, &elsewhere);
    require(!path || (path[0] == '/' || text_starts(path, "https://api.example/")), "the next page is on the same server");
    for (const char *at = path; at && *at; at++)
        require((unsigned char)*at > 0x20 && *at != 0x7F, "no blank or control is in a path");
    host = address_host(first);
    if (address_is_loopback(first))
        require(host != NULL, "a loopback address has a host");
    free(first);
    free(next);
    free(path);
    free(host);
    free(elsewhere);
    return 0;
}
