/*
 * Signing in by name and password. The password goes into one request and stays in memory, so that a token that has expired
 * can be had anew; a token that is still good is renewed with itself. On disk goes the token alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

static const struct value *words(const struct net *net)
{
    return net->options.service->sign_in;
}

bool password_used(const struct net *net)
{
    return text_same(value_member_text(words(net), "kind"), "password");
}

char *password_line(const struct net *net, const char *access)
{
    const char *header = value_member_text(words(net), "header");
    return header ? text_format("%s: %s", header, access) : text_format("Authorization: Bearer %s", access);
}

void password_forget(struct net *net)
{
    free(net->login.url);
    net->login.url = NULL;
    text_wipe(&net->login.body);
}

/* Whether the token may still be shown: there is one, and it has not expired as far as it says when. */
static bool is_good(const struct net *net)
{
    int64_t expires = token_time(net->tokens, "expires");
    return value_member_text(net->tokens, "access") && (!expires || sign_in_time(net) < expires);
}

static bool can_renew(const struct net *net)
{
    return value_member_text(words(net), "renew") && is_good(net) && !net->given;
}

bool password_is_due(const struct net *net)
{
    int64_t renew = token_time(net->tokens, "renew");
    if (!is_good(net))
        return net->login.url != NULL;
    return renew && sign_in_time(net) >= renew && can_renew(net);
}

bool password_can_go_on(const struct net *net)
{
    return net->login.url || can_renew(net);
}

void password_rejected(struct net *net)
{
    struct problem unkept = {0};
    value_drop(net->tokens, "access");
    if (!net->given)
        sign_in_keep(net, net->tokens, &unkept);
    problem_clear(&unkept);     /* it is worth nothing: the next start will find that out too */
}

/* By its own clock: ours may be another. The last third of its life is the time to renew it. */
static struct value *tokens_of(const struct net *net, const char *access)
{
    struct value *tokens = net->aim == AIM_SIGN_IN ? value_new_map() : value_copy(net->tokens);
    struct value *claims = token_claims(access);
    int64_t issued = token_time(claims, "iat"), life = token_time(claims, "exp") - issued;
    value_put_text(tokens, "access", access);
    value_drop(tokens, "expires");
    value_drop(tokens, "renew");
    if (issued && life > 0) {
        token_put_time(tokens, "expires", sign_in_time(net) + life);
        token_put_time(tokens, "renew", sign_in_time(net) + life - life / 3);
    }
    value_free(claims);
    return tokens;
}

static void got_token(struct net *net, const char *access)
{
    struct problem why = {0};
    struct value *tokens = tokens_of(net, access);
    if (net->aim == AIM_RENEW) {
        net->unproven = tokens;
        sign_in_exchange(net, FLOW_WHO);
        return;
    }
    net_set_tokens(net, tokens);
    value_free(tokens);
    if (!sign_in_keep(net, net->tokens, &why)) {
        sign_in_fail(net, SIGN_IN_FAILED, &why);
    } else if (net->aim == AIM_SIGN_IN) {
        sign_in_exchange(net, FLOW_WHO);
    } else {
        sign_in_end(net);
        transfers_refreshed(net, true, NULL);
    }
}

/* The service's own sentence, where it has one. */
static const char *said(const struct net *net, const struct value *body)
{
    const char *pointer = value_member_text(net->options.service->errors, "text");
    const struct value *found = pointer && body ? json_at(body, pointer) : NULL;
    return found && found->kind == VALUE_TEXT && !value_is_empty(found) ? found->text : NULL;
}

/* Whether the service itself rejected the name and password, or the token. A page without JSON is that of a proxy or a portal. */
static bool is_rejected(const struct http_answer *answer, const struct value *body)
{
    int status = answer->status;
    bool passes = status == 404 || status == 408 || status == 425 || status == 429;
    return answer->failure == HTTP_GOOD && (status == 401 || (status >= 400 && status < 500 && !passes && body));
}

static void refused(struct net *net, const struct http_answer *answer, const struct value *body)
{
    struct problem why = {0};
    bool wrong = is_rejected(answer, body);
    const char *sentence = said(net, body);
    if (wrong && net->renews)
        problem_set(&why, PROBLEM_SIGN_IN, "The sign-in has ended: sign in again");
    else if (wrong)
        problem_set(&why, PROBLEM_SIGN_IN, "%s", sentence ? sentence : "The service does not accept this name and password");
    else if (answer->status == 200 && body)
        problem_set(&why, PROBLEM_SERVICE, "The service sent no token that can be used");
    else
        response_problem(&why, net, answer, net->options.address);
    if (wrong)
        password_forget(net);
    sign_in_fail(net, wrong ? SIGN_IN_REFUSED : SIGN_IN_FAILED, &why);
}

static void answered(void *user, const struct http_answer *answer)
{
    struct net *net = user;
    struct value *body = answer->failure == HTTP_GOOD && answer->body.size
                             ? json_read(answer->body.bytes, answer->body.size, "the answer", NULL) : NULL;
    const char *pointer = value_member_text(words(net), "token");
    const struct value *token = pointer && body ? json_at(body, pointer) : NULL;
    net->call = NULL;
    if (answer->failure == HTTP_GOOD && answer->status == 200 && token && token->kind == VALUE_TEXT && sign_in_token_good(token->text)) {
        got_token(net, token->text);
    } else if (net->renews && net->login.url && is_rejected(answer, body)) {
        value_drop(net->tokens, "access");      /* not to be renewed: had anew by the password */
        password_begin(net);
    } else {
        refused(net, answer, body);
    }
    value_free(body);
}

static void send_login(struct net *net)
{
    static const char *const lines[] = {"Accept: application/json", "Content-Type: application/json", NULL};
    net->renews = false;
    net->call = http_send(net->http, "POST", net->login.url, lines, &net->login.body, 15, answered, net);
}

static void send_renew(struct net *net)
{
    char *url = net_url(net, value_member_text(words(net), "renew") + strlen("POST "));
    char *line = password_line(net, value_member_text(net->tokens, "access"));
    const char *const lines[] = {"Accept: application/json", line, NULL};
    struct text none = {0};
    net->renews = true;
    net->call = http_send(net->http, "POST", url, lines, &none, 15, answered, net);
    mem_free_secret(line);
    free(url);
}

void password_begin(struct net *net)
{
    struct problem why = {0};
    if (!http_load(net->http))
        problem_set(&why, PROBLEM_INTERNAL, "libcurl.so.4 cannot be loaded: install the package libcurl4");
    else if (net->aim != AIM_SIGN_IN && can_renew(net))
        send_renew(net);
    else if (net->login.url)
        send_login(net);
    else
        problem_set(&why, PROBLEM_SIGN_IN, "The sign-in has ended: sign in again");
    if (why.kind != PROBLEM_NONE)
        sign_in_fail(net, SIGN_IN_FAILED, &why);
}
