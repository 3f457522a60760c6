/* Signing out: tokens are revoked, then deleted. What is not revoked is deleted only when the administrator chose that. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

#define TRIES 4                 /* of one request: reliability.md, section 2 */
#define WAIT_MOST_S 120         /* a longer Retry-After is reported instead */

static void signed_out(struct net *net, enum sign_out how)
{
    struct value *none = value_new_map();
    struct problem why = {0};
    bool stored = !net->given;       /* what is stored belongs to another sign-in than a given token */
    net_set_tokens(net, none);
    password_forget(net);
    bool deleted = !stored || sign_in_keep(net, none, &why);
    value_free(none);
    sign_in_tell(net, &(struct sign_in_fact){.phase = SIGN_IN_OUT, .how = how, .problem = deleted ? NULL : &why});
    problem_clear(&why);
}

void revoke_failed(struct net *net, const struct problem *reason)
{
    struct problem why = {0};
    problem_set(&why, reason->kind, "Not signed out, because the tokens were not revoked: %s", reason->text ? reason->text : "no reason is known");
    problem_advise(&why, "Try again later, or sign out on this server only (commerce-setup sign-out --local)");
    sign_in_tell(net, &(struct sign_in_fact){.phase = SIGN_IN_NOT_REVOKED, .problem = &why});
    problem_clear(&why);
}

/* A token that the administrator provided may be used elsewhere. */
static void given_stays(struct net *net)
{
    struct problem why = {0};
    problem_set(&why, PROBLEM_SIGN_IN, "Not revoked, because this access token was given, not obtained by this program");
    problem_advise(&why, "To revoke it, name it: commerce-setup sign-out --token-file FILE");
    sign_in_tell(net, &(struct sign_in_fact){.phase = SIGN_IN_NOT_REVOKED, .given = true, .problem = &why});
    problem_clear(&why);
}

void revoke_begin(struct net *net)
{
    struct problem why = {0};
    if (net->how == SIGN_OUT_LOCAL) {
        signed_out(net, SIGN_OUT_LOCAL);
    } else if (!net_signed_in(net)) {
        signed_out(net, SIGN_OUT_NOTHING);
    } else if (net->given && net->how != SIGN_OUT_GIVEN) {
        given_stays(net);
    } else if (password_used(net)) {
        problem_set(&why, PROBLEM_SIGN_IN, REVOKE_NO_WAY);
        revoke_failed(net, &why);
    } else {
        sign_in_exchange(net, FLOW_REVOKE);
    }
    problem_clear(&why);
}

static void again(void *user)
{
    sign_in_exchange(user, FLOW_REVOKE);
}

/* Revoking twice is the same as revoking once (RFC 7009, 2.2), so a lost response is no reason to stop. */
static bool may_pass(const struct http_answer *answer)
{
    switch (answer->failure) {
    case HTTP_NAME: case HTTP_CONNECT: case HTTP_TIME: case HTTP_BROKEN: case HTTP_INVALID:
        return true;
    case HTTP_PROXY:
        return answer->proxy_status == 0 || answer->proxy_status >= 500;
    case HTTP_GOOD:
        return answer->status == 408 || answer->status == 425 || answer->status == 429 || answer->status >= 500;
    case HTTP_TLS: case HTTP_CA_FILE: case HTTP_TOO_LARGE: case HTTP_OTHER:
        break;
    }
    return false;
}

bool revoke_again(struct net *net, const struct http_answer *answer)
{
    int asked = answer->failure == HTTP_GOOD ? retry_after_s(answer->retry_after, answer->date, sign_in_time(net)) : -1;
    if (!may_pass(answer) || net->tries + 1 >= TRIES || asked > WAIT_MOST_S)
        return false;
    int64_t wait_ms = 500LL << net->tries++;
    sign_in_wait(net, asked * 1000LL > wait_ms ? asked * 1000LL : wait_ms, again);
    return true;
}

/* A service that does not accept the token any more (401) has no token to revoke; one that does not know the client revoked nothing. */
static bool is_revoked(const struct http_answer *answer, const char *error)
{
    if (answer->status == 401)
        return !text_same(error, "invalid_client") && !text_same(error, "unauthorized_client");
    return (answer->status >= 200 && answer->status < 300 && !response_is_page(answer)) || text_same(error, "invalid_token");
}

void revoke_answer(struct net *net, const struct http_answer *answer, const struct value *body)
{
    const char *error = value_member_text(body, "error"), *said = value_member_text(body, "error_description");
    struct problem why = {0};
    bool was_refresh = value_member_text(net->tokens, "refresh") != NULL;
    net->tries = 0;
    if (!is_revoked(answer, error)) {
        problem_set(&why, answer->status >= 500 || answer->status == 429 ? PROBLEM_UNREACHABLE : PROBLEM_SERVICE,
                    "The service did not revoke the %s token (status %d%s%s%s%s)", was_refresh ? "refresh" : "access", answer->status,
                    error ? ", " : "", error ? error : "", said ? ": " : "", said ? said : "");
        revoke_failed(net, &why);
    } else if (was_refresh && value_member_text(net->tokens, "access")) {
        value_drop(net->tokens, "refresh");     /* revoked: it must not be used by a later start */
        if (net->given || sign_in_keep(net, net->tokens, &why))
            sign_in_exchange(net, FLOW_REVOKE); /* the access token too: not every service ends it with the refresh token */
        else
            revoke_failed(net, &why);
    } else {
        signed_out(net, SIGN_OUT_REVOKE);
    }
    problem_clear(&why);
}
