/* Tokens: looked at when they come, on disk before they are used, renewed by one program at a time. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

#define LIFETIME_S 3600                 /* of an access token when none is told */
#define LOCK_WAIT_MS 200
#define LOCK_TRIES 300                  /* longer than the longest renewal of another program */
#define TRIES 3                         /* when the response was lost */
#define WAIT_MOST_S 30                  /* a longer Retry-After is reported, not waited for */

int64_t token_time(const struct value *tokens, const char *name)
{
    const char *text = value_member_text(tokens, name);
    return text ? strtoll(text, NULL, 10) : 0;
}

bool refresh_is_due(const struct net *net)
{
    int64_t renew = token_time(net->tokens, "renew");
    return value_member_text(net->tokens, "refresh") &&
           (net->unkept || value_member(net->tokens, "renewing") || !value_member_text(net->tokens, "access") ||
            (renew && sign_in_time(net) >= renew));
}

bool refresh_has_time(const struct net *net)
{
    return !net->unkept && value_member_text(net->tokens, "access") && sign_in_time(net) < token_time(net->tokens, "expires");
}

void token_put_time(struct value *tokens, const char *name, int64_t time)
{
    char *digits = text_format("%lld", (long long)time);
    value_put(tokens, name, value_new_scalar(SCALAR_NUMBER, digits));
    free(digits);
}

/* What the answer makes of the tokens there were. */
static struct value *tokens_of(const struct net *net, const struct value *body)
{
    struct value *tokens = net->aim == AIM_SIGN_IN ? value_new_map() : value_copy(net->tokens);
    int lifetime = sign_in_number(body, "expires_in", 1, 365 * 86400, LIFETIME_S);
    value_put_text(tokens, "access", value_member_text(body, "access_token"));
    if (value_member_text(body, "refresh_token"))
        value_put_text(tokens, "refresh", value_member_text(body, "refresh_token"));
    token_put_time(tokens, "expires", sign_in_time(net) + lifetime);
    /* Before it is too late for a request that is just leaving, a minute at most. */
    token_put_time(tokens, "renew", sign_in_time(net) + lifetime - (lifetime / 4 < 60 ? lifetime / 4 : 60));
    value_drop(tokens, "renewing");
    return tokens;
}

struct value *token_claims(const char *token)
{
    const char *dot = token ? strchr(token, '.') : NULL;
    struct text text = {0};
    if (dot)
        digest_unbase64(dot + 1, strcspn(dot + 1, "."), &text);
    struct value *claims = text.size ? json_read(text.bytes, text.size, NULL, NULL) : NULL;
    text_wipe(&text);
    return claims;
}

/* The words that speak of this sign-in, not of what may be done: many servers leave them out of what they say they gave. */
static bool is_about_signing_in(const char *word, size_t size)
{
    static const char *const words[] = {"openid", "offline_access", "profile", "email"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && strncmp(words[i], word, size) == 0)
            return true;
    return false;
}

static bool has_word(const char *words, const char *word, size_t size)
{
    for (; *words; words += strspn(words, " ")) {
        size_t here = strcspn(words, " ");
        if (here == size && strncmp(words, word, size) == 0)
            return true;
        words += here;
    }
    return false;
}

static void note_scope(struct net *net, const char *given)
{
    struct text missing = {0};
    for (const char *at = net_scope(net); given && *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (!has_word(given, at, size) && !is_about_signing_in(at, size))
            text_addf(&missing, "%s%.*s", missing.size ? ", " : "", (int)size, at);
        at += size;
    }
    if (missing.size)
        text_addf(&net->note, "Less was granted than was asked for: %s is missing.", missing.bytes);
    text_clear(&missing);
}

static void note_end(struct net *net, const struct value *tokens)
{
    char when[32];
    if (value_member_text(tokens, "refresh"))
        return;
    net_local_time(token_time(tokens, "expires"), sign_in_time(net), when, sizeof when);
    text_addf(&net->note, "%sThis sign-in cannot be renewed: signing in again will be needed at %s.", net->note.size ? " " : "", when);
}

static void renewed(struct net *net)
{
    sign_in_end(net);
    transfers_refreshed(net, true, NULL);
}

static void use(struct net *net, struct value *tokens)
{
    value_free(net->tokens);
    net->tokens = tokens;
    net->token_number++;
    net->given = false;
}

/* New tokens: on disk first, used after that. */
void refresh_got_tokens(struct net *net, const struct value *body)
{
    struct problem why = {0};
    struct value *tokens = tokens_of(net, body);
    net->tries = 0;
    value_free(net->claims);
    net->claims = token_claims(value_member_text(body, "id_token"));      /* over TLS from the issuer itself: to show whose it is */
    if (net->aim == AIM_RENEW) {
        /* The old refresh token is spent by now; the old access token stays until somebody has accepted the new one. */
        net->unproven = tokens;
        tokens = value_copy(net->tokens);
        value_put_text(tokens, "refresh", value_member_text(net->unproven, "refresh"));
        value_drop(tokens, "renewing");
    }
    use(net, tokens);
    net->unkept = !sign_in_keep(net, tokens, &why);
    if (net->unkept) {
        sign_in_fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    if (net->aim == AIM_REFRESH) {
        renewed(net);
        return;
    }
    if (net->aim == AIM_SIGN_IN) {
        note_scope(net, value_member_text(body, "scope"));
        note_end(net, tokens);
    }
    sign_in_exchange(net, FLOW_WHO);
}

/* The refresh token is dead: sent again it might end what somebody else was granted. */
static void ended(struct net *net, const struct value *body, const char *error)
{
    struct problem why = {0}, kept = {0};
    bool lost = net->tries > 0;
    value_drop(net->tokens, "refresh");
    value_drop(net->tokens, "access");
    value_drop(net->tokens, "renewing");
    sign_in_keep(net, net->tokens, &kept);
    char *words = grant_words(lost ? "The sign-in has ended, since the response with the renewed token was lost on the way"
                                   : "The sign-in has ended", body, error);
    problem_set(&why, PROBLEM_SIGN_IN, "%s", words);
    problem_advise(&why, "Sign in again");
    free(words);
    problem_clear(&kept);
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

static void send_again(void *user)
{
    sign_in_exchange(user, FLOW_REFRESH);
}

/*
 * No response, or one that does not say what became of the token: the same is asked again soon, while the server still remembers.
 * A service that asks for more time than that is reported.
 */
static bool asked_again(struct net *net, const struct http_answer *answer)
{
    bool lost = answer->failure == HTTP_TIME || answer->failure == HTTP_BROKEN || answer->failure == HTTP_INVALID;
    int asked_s = answer->failure == HTTP_GOOD ? retry_after_s(answer->retry_after, answer->date, sign_in_time(net)) : 0;
    if ((answer->failure != HTTP_GOOD && !(answer->sent && lost)) || asked_s > WAIT_MOST_S || ++net->tries >= TRIES)
        return false;
    int64_t wait_ms = 500LL << net->tries;
    sign_in_wait(net, asked_s * 1000LL > wait_ms ? asked_s * 1000LL : wait_ms, send_again);
    return true;
}

/* A definite error. Only one that says that the refresh token is worth nothing costs it. */
static void rejected(struct net *net, const struct value *body, const char *error)
{
    struct problem why = {0};
    if (text_same(error, "invalid_grant") || text_same(error, "expired_token")) {
        ended(net, body, error);
        return;
    }
    bool client = text_same(error, "invalid_client") || text_same(error, "unauthorized_client");
    char *words = grant_words(client ? "The service does not accept this client" : "The service rejected the refresh of the sign-in", body, error);
    problem_set(&why, client ? PROBLEM_CONFIG : PROBLEM_SIGN_IN, "%s", words);
    problem_advise(&why, client ? "Check service.client_id and service.client_secret" : "Try again, or sign in again");
    free(words);
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

void refresh_answer(struct net *net, const struct http_answer *answer, const struct value *body)
{
    const char *error;
    struct problem why = {0};
    switch (grant_of(answer, body, &error)) {
    case GRANT_TOKENS:
        refresh_got_tokens(net, body);
        return;
    case GRANT_ERROR:
        rejected(net, body, error);
        return;
    case GRANT_UNUSABLE:
        problem_set(&why, PROBLEM_SERVICE, "The service sent an access token that cannot be used");
        break;
    case GRANT_NONE:
    case GRANT_PENDING:
    case GRANT_SLOW_DOWN:
        if (asked_again(net, answer))
            return;
        response_problem(&why, net, answer, net_issuer(net));
        break;
    }
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

/* Another program has renewed these tokens, or has given them up: its word counts. True: there is nothing left to do. */
static bool others_tokens(struct net *net, struct value *now)
{
    if (!now || net->unkept || text_same(value_member_text(now, "refresh"), value_member_text(net->tokens, "refresh"))) {
        value_free(now);
        return false;
    }
    use(net, now);
    net->unkept = false;
    if (!net_signed_in(net)) {
        struct problem why = {0};
        problem_set(&why, PROBLEM_SIGN_IN, "Another program has signed out meanwhile: sign in again");
        sign_in_fail(net, SIGN_IN_FAILED, &why);
        return true;
    }
    if (net->aim == AIM_REFRESH && !refresh_is_due(net)) {
        renewed(net);
        return true;
    }
    return false;
}

/* That it is being renewed is on disk before the token leaves: whoever starts after a crash asks again at once. */
static void send(struct net *net)
{
    struct problem why = {0};
    bool marked = value_member(net->tokens, "renewing") != NULL;
    if (net->unkept && net->aim == AIM_REFRESH) {
        net->unkept = !sign_in_keep(net, net->tokens, &why);
        if (!net->unkept)
            renewed(net);
        else
            sign_in_fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    if (marked) {
        net->tries = 1;         /* it left before, and no answer came to be written down */
    } else {
        token_put_time(net->tokens, "renewing", sign_in_time(net));
        if (!sign_in_keep(net, net->tokens, &why)) {
            value_drop(net->tokens, "renewing");
            sign_in_fail(net, SIGN_IN_FAILED, &why);
            return;
        }
    }
    sign_in_exchange(net, FLOW_REFRESH);
}

/* False: it has to wait, or waits too long. */
static bool lock(struct net *net, struct value **now)
{
    struct problem why = {0};
    if (net->alone || !net->options.lock_tokens)
        return true;
    net->alone = net->options.lock_tokens(net->options.user, now);
    if (net->alone) {
        net->tries = 0;
    } else if (++net->tries < LOCK_TRIES) {
        sign_in_wait(net, LOCK_WAIT_MS, refresh_begin);
    } else {
        problem_set(&why, PROBLEM_UNREACHABLE, "Another program renews this sign-in, and does not come to an end");
        sign_in_fail(net, SIGN_IN_FAILED, &why);
    }
    return net->alone;
}

void refresh_begin(void *user)
{
    struct net *net = user;
    struct problem why = {0};
    struct value *now = NULL;
    if (!lock(net, &now) || others_tokens(net, now))
        return;
    if (value_member_text(net->tokens, "refresh")) {
        send(net);
        return;
    }
    problem_set(&why, PROBLEM_SIGN_IN, "This sign-in cannot be renewed: the service gave no refresh token");
    problem_advise(&why, "Sign out, and in again");
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}
