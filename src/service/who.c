/* Whose token it is, asked to show it, and to prove that the token is accepted. */
#include <stdlib.h>

#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

#define PROOFS 3            /* how often a token is shown to a service that does not answer */

/* The new tokens are in use from now on. The old access token is forgotten, not revoked: some servers end the whole grant with it. */
static void proven(struct net *net)
{
    struct problem why = {0};
    bool renews = net->aim == AIM_RENEW;
    if (renews) {
        net_set_tokens(net, net->unproven);
        value_free(net->unproven);
        net->unproven = NULL;
    }
    /* A token out of a file stays there; what is kept is another sign-in's. */
    if (!net->given && !sign_in_keep(net, net->tokens, &why)) {
        sign_in_fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    sign_in_tell(net, &(struct sign_in_fact){.phase = renews ? SIGN_IN_RENEWED : SIGN_IN_DONE});
    if (renews)
        transfers_refreshed(net, true, NULL);
}

static const struct value *who(const struct net *net)
{
    return value_member(net->options.service->sign_in, "who");
}

static void keep_name(struct net *net, const char *name, const struct value *body)
{
    const char *pointer = value_member_text(who(net), name);
    const struct value *found = pointer && body ? json_at(body, pointer) : NULL;
    if (found && found->kind == VALUE_TEXT && !value_is_empty(found))
        value_put_text(net->unproven ? net->unproven : net->tokens, name, found->text);
}

void sign_in_rejected(const struct net *net, struct problem *why)
{
    if (net->given) {
        problem_set(why, PROBLEM_SIGN_IN, "The service does not accept the token that was given");
        problem_advise(why, "Provide a valid token in its place");
    } else if (password_used(net)) {
        problem_set(why, PROBLEM_SIGN_IN, "The service no longer accepts this sign-in");
        problem_advise(why, "Sign in again with your password");
    } else {
        problem_set(why, PROBLEM_SIGN_IN, "The service no longer accepts this sign-in");
        problem_advise(why, "Sign in again");
    }
}

static void not_accepted(struct net *net)
{
    struct problem why = {0};
    if (net->given)
        sign_in_rejected(net, &why);
    else
        problem_set(&why, PROBLEM_SIGN_IN, "The service does not accept this token");
    if (net->aim == AIM_SIGN_IN) {
        struct problem unkept = {0};
        net_set_tokens(net, NULL);
        sign_in_keep(net, net->tokens, &unkept);
        problem_clear(&unkept);
    }
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

static void accepted(struct net *net, const struct value *body)
{
    keep_name(net, "user", body);
    keep_name(net, "account", body);
    proven(net);
}

/* Whether somebody who knows the token rejected it. A 403 without JSON is that of a proxy or a portal. */
static bool is_rejected(const struct http_answer *answer, const struct value *body)
{
    return answer->failure == HTTP_GOOD && (answer->status == 401 || (answer->status == 403 && body));
}

/* A page with status 200 is no proof: a captive portal has one for everybody. */
static bool is_accepted(const struct http_answer *answer, const struct value *body)
{
    return answer->failure == HTTP_GOOD && answer->status == 200 && body;
}

static void who_unanswered(struct net *net, const struct http_answer *answer)
{
    struct problem why = {0};
    if (net->aim == AIM_SIGN_IN) {
        accepted(net, NULL);        /* signed in, only the name is not known */
        return;
    }
    response_problem(&why, net, answer, net->options.address);
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

static void show_again(void *user)
{
    sign_in_exchange(user, FLOW_WHO);
}

/* A token that must be proven is shown some times to a service that does not answer. */
static bool shown_again(struct net *net, const struct http_answer *answer)
{
    bool silent = answer->failure == HTTP_GOOD ? answer->status >= 500 || answer->status == 429 : answer->failure != HTTP_TLS;
    if (!silent || net->aim == AIM_SIGN_IN || ++net->tries >= PROOFS)
        return false;
    sign_in_wait(net, 500, show_again);
    return true;
}

void who_answer(struct net *net, const struct http_answer *answer, const struct value *body)
{
    if (shown_again(net, answer))
        return;
    if (is_accepted(answer, body))
        accepted(net, body);
    else if (is_rejected(answer, body))
        not_accepted(net);
    else
        who_unanswered(net, answer);
}

/* Whose token it is: the service tells, or the issuer (userinfo), or the id_token that came with it. */
void who_ask(struct net *net)
{
    const char *from = value_member_text(who(net), "from"), *request = value_member_text(who(net), "request");
    char *url = NULL;
    if (text_same(from, "userinfo"))
        url = mem_copy(discover_endpoint(net, FLOW_WHO));
    else if (!text_same(from, "id-token") && request && text_starts(request, "GET "))
        url = net_url(net, request + 4);
    if (url)
        sign_in_get(net, url, value_member_text(net->unproven ? net->unproven : net->tokens, "access"));
    else
        accepted(net, net->claims);
    free(url);
}

bool who_wants_issuer(const struct net *net)
{
    return text_same(value_member_text(who(net), "from"), "userinfo");
}
