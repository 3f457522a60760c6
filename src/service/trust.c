/* What an authorization server says is looked at before it is shown or used. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "private.h"

/* The page to approve on must be https on the host we were sent to, or on this machine with the sandbox. */
bool sign_in_page_good(const struct net *net, const char *page, struct problem *why)
{
    char *ours = net_host(net_issuer(net)), *theirs = page ? net_host(page) : NULL;
    size_t size = theirs ? strlen(theirs) : 0;
    bool good = page && net_address_good(page, net->options.plain, NULL) && strcasecmp(ours, theirs) == 0 && size < 256;
    const struct value *hosts = value_at(net->options.config, "service.sign_in_hosts");
    good = good || (page && net_address_good(page, false, NULL) && value_list_has(hosts, theirs));
    if (!good) {
        problem_set(why, PROBLEM_SIGN_IN, "The service names an unsafe address for signing in, and it is not shown");
        problem_advise(why, "Only https on %s, or a host listed under service.sign_in_hosts, is accepted", ours);
    }
    free(ours);
    free(theirs);
    return good;
}

bool sign_in_code_good(const char *code)
{
    size_t size = code ? strlen(code) : 0;
    for (size_t i = 0; i < size; i++)
        if (!((code[i] >= '0' && code[i] <= '9') || (code[i] >= 'A' && code[i] <= 'Z') || (code[i] >= 'a' && code[i] <= 'z') || code[i] == '-'))
            return false;
    return size > 0 && size <= 64;
}

/* RFC 6750, 2.1, wider: anything that is visible and one word. */
bool sign_in_token_good(const char *token)
{
    for (const unsigned char *at = (const unsigned char *)token; at && *at; at++)
        if (*at <= ' ' || *at >= 0x7f)
            return false;
    return token && *token;
}
