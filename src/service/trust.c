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

/* Error bodies may be JSON, text, or nothing at all: an empty 400 is what some say while they wait. */
const char *sign_in_error(const struct http_answer *answer, const struct value *body)
{
    static const struct { const char *said, *means; } known[] = {
        {"authorization_pending", NULL}, {"slow_down", NULL}, {"access_denied", NULL}, {"expired_token", NULL},
        {"authorization_declined", "access_denied"},    /* the Microsoft identity platform's word */
    };
    const char *error = value_member_text(body, "error"), *text = text_bytes(&answer->body), *found = error;
    bool is_text = !body || body->kind != VALUE_MAP;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_same(error, known[i].said) || (is_text && strstr(text, known[i].said)))
            found = known[i].means ? known[i].means : known[i].said;
    if (!found && !*text)
        found = answer->status == 400 ? "authorization_pending" : answer->status == 403 ? "access_denied" : NULL;
    return found;
}
