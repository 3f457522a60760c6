/* The device grant (RFC 8628): a code for a person's browser, and asking whether it was approved. The code outlives us. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

#define INTERVAL_S 5            /* RFC 8628, 3.2: when none is told */
#define INTERVAL_MOST_S 60      /* more is a slip: the person stands before the screen */
#define LIFETIME_S 600          /* required by RFC 8628, and left out by some */
#define LIFETIME_MOST_S 86400
#define BACKOFF_MOST_S 60       /* between requests to a service that does not answer */
#define UNSURE_TRIES 3          /* for a code that has probably expired, when the service does not answer */
#define CLOCK_SET_S 5           /* a difference that rounding does not explain */

void device_clear(struct net *net)
{
    mem_free_secret(net->device.code);
    net->device = (struct device){0};
}

static struct value *pending(const struct net *net)
{
    return value_member(net->tokens, "pending");
}

void device_forget(struct net *net)
{
    struct problem why = {0};
    if (value_drop(net->tokens, "pending"))
        sign_in_keep(net, net->tokens, &why);     /* it is worth nothing any more: that it is still there costs a question */
    problem_clear(&why);
}

static void put_time(struct value *map, const char *name, int64_t time)
{
    char *digits = text_format("%lld", (long long)time);
    value_put(map, name, value_new_scalar(SCALAR_NUMBER, digits));
    free(digits);
}

static int wait_s(const struct net *net)
{
    return device_wait_s(net->device.interval, net->device.slowed);
}

/* A start that finds no "ask" does not know when it was asked last: it waits the whole interval. */
void device_leave(struct net *net)
{
    struct problem why = {0};
    if (!net->device.code || !net->timer || !pending(net) || net->wake_ms <= sign_in_clock_ms(net))
        return;
    put_time(pending(net), "ask", sign_in_time(net) + (net->wake_ms - sign_in_clock_ms(net)) / 1000 + 1);
    sign_in_keep(net, net->tokens, &why);
    problem_clear(&why);
}

static void tell_code(struct net *net)
{
    const struct value *kept = pending(net);
    int64_t expires = strtoll(value_member_text(kept, "expires"), NULL, 10);
    int64_t by_clock = sign_in_time(net) + (net->device.expires_ms - sign_in_clock_ms(net) + 999) / 1000;
    if (llabs(by_clock - expires) > CLOCK_SET_S)
        expires = by_clock;     /* this machine's clock has been set meanwhile */
    struct sign_in_fact fact = {
        .phase = SIGN_IN_CODE, .address = value_member_text(kept, "address"), .code = value_member_text(kept, "code"),
        .address_complete = value_member_text(kept, "address_complete"), .resumed = net->device.resumed, .asked = net->device.asked,
        .expires = expires};
    sign_in_tell(net, &fact);
}

/* The service said it: the code is worth nothing any more. */
static void over(struct net *net, enum sign_in_phase phase, enum problem_kind kind, const char *text)
{
    struct problem why = {0};
    problem_set(&why, kind, "%s", text);
    device_forget(net);
    sign_in_fail(net, phase, &why);
}

static void expired(struct net *net)
{
    over(net, SIGN_IN_EXPIRED, PROBLEM_SIGN_IN,
         net->device.resumed ? "The code for signing in expired while no session was waiting; ask for a new one" : "The code has expired; ask for a new one");
}

static void due(void *user)
{
    struct net *net = user;
    net->device.last = sign_in_clock_ms(net) >= net->device.expires_ms;
    sign_in_exchange(net, FLOW_POLL);
}

static void wait_to_ask(struct net *net, int64_t wait_ms)
{
    int64_t left_ms = net->device.expires_ms - sign_in_clock_ms(net);
    wait_ms += 100;     /* polling early restarts the clock of some servers */
    /* The last time is when the code expires, however soon after the one before: it may have been approved. */
    sign_in_wait(net, wait_ms < left_ms ? wait_ms : left_ms < 0 ? 0 : left_ms, due);
}

/* Nobody is there to wait: what is to be done is told, and the code stays for the next start. */
static void not_yet(struct net *net)
{
    struct problem why = {0};
    problem_set(&why, PROBLEM_LATER, "The sign-in waits for approval: open %s and enter %s", value_member_text(pending(net), "address"),
                value_member_text(pending(net), "code"));
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

static void ask_again(struct net *net)
{
    net->device.resumed = false;
    if (net->device.once) {
        not_yet(net);
        return;
    }
    net->device.asked = sign_in_time(net);
    wait_to_ask(net, wait_s(net) * 1000LL);
    tell_code(net);
}

/* False when what was kept is not ours any more: another issuer, another client, damage. */
static bool take_up(struct net *net)
{
    const struct value *kept = pending(net);
    const char *code = value_member_text(kept, "device_code");
    if (!text_same(value_member_text(kept, "issuer"), net_issuer(net)) || !sign_in_token_good(code) ||
        !sign_in_code_good(value_member_text(kept, "code")) || !sign_in_page_good(net, value_member_text(kept, "address"), NULL))
        return false;
    net->device.code = mem_copy(code);
    net->device.interval = sign_in_number(kept, "interval", 1, 3600, INTERVAL_S);
    net->device.lifetime = sign_in_number(kept, "lifetime", 1, LIFETIME_MOST_S, LIFETIME_S);
    /* This machine's clock may have been set, by years at its first boot: then the service knows better whether the code has expired. */
    int64_t left_s = token_time(kept, "expires") - sign_in_time(net);
    net->device.unsure = left_s <= 0;
    if (left_s <= 0 || left_s > net->device.lifetime)
        left_s = net->device.lifetime;
    net->device.expires_ms = sign_in_clock_ms(net) + left_s * 1000;
    return true;
}

static void resume(struct net *net)
{
    if (!take_up(net)) {
        device_forget(net);
        sign_in_end(net);
        return;
    }
    const char *ask = value_member_text(pending(net), "ask");
    int64_t wait_ms = (ask ? strtoll(ask, NULL, 10) - sign_in_time(net) : wait_s(net)) * 1000;
    struct problem why = {0};
    if (value_drop(pending(net), "ask") && !sign_in_keep(net, net->tokens, &why)) {
        sign_in_fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    if (!net->device.unsure)
        tell_code(net);
    if (net->device.code)       /* else the callback has stopped it */
        wait_to_ask(net, wait_ms < 0 ? 0 : wait_ms > wait_s(net) * 1000LL ? wait_s(net) * 1000LL : wait_ms);
}

void device_begin(struct net *net)
{
    if (net->device.resumed) {
        resume(net);
    } else {
        device_forget(net);
        sign_in_exchange(net, FLOW_DEVICE);
    }
}

static const char *page_of(const struct value *body)
{
    const char *page = value_member_text(body, "verification_uri");
    return page ? page : value_member_text(body, "verification_url");      /* as before the RFC */
}

/* On disk before it is shown: who approves it and comes back is signed in. */
static bool keep_code(struct net *net, const struct value *body, int lifetime, struct problem *why)
{
    const char *complete = value_member_text(body, "verification_uri_complete");
    struct value *kept = value_put(net->tokens, "pending", value_new_map());
    value_put_text(kept, "device_code", net->device.code);
    value_put_text(kept, "code", value_member_text(body, "user_code"));
    value_put_text(kept, "address", page_of(body));
    value_put_text(kept, "address_complete", sign_in_page_good(net, complete, NULL) ? complete : NULL);
    value_put_text(kept, "issuer", net_issuer(net));
    put_time(kept, "expires", sign_in_time(net) + lifetime);
    put_time(kept, "lifetime", lifetime);
    put_time(kept, "interval", wait_s(net));
    return sign_in_keep(net, net->tokens, why);
}

static void got_code(struct net *net, const struct value *body)
{
    const char *code = value_member_text(body, "user_code"), *device = value_member_text(body, "device_code");
    struct problem why = {0};
    bool good = page_of(body) != NULL;
    if (!good)
        problem_set(&why, PROBLEM_SERVICE, "The service sent no address to sign in at (verification_uri)");
    good = good && sign_in_page_good(net, page_of(body), &why);
    if (good && (!sign_in_code_good(code) || !sign_in_token_good(device))) {
        problem_set(&why, PROBLEM_SERVICE, "The service's code for signing in cannot be used");
        good = false;
    }
    int lifetime = sign_in_number(body, "expires_in", 1, LIFETIME_MOST_S, LIFETIME_S);
    if (good) {
        device_clear(net);
        net->device.code = mem_copy(device);
        net->device.interval = sign_in_number(body, "interval", 0, INTERVAL_MOST_S, INTERVAL_S);
        net->device.lifetime = lifetime;
        net->device.expires_ms = sign_in_clock_ms(net) + lifetime * 1000LL;
        good = keep_code(net, body, lifetime, &why);
    }
    if (!good) {
        sign_in_fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    wait_to_ask(net, wait_s(net) * 1000LL);
    tell_code(net);
}

/* A definite error of the device endpoint, or of the token endpoint about this client. */
static void rejected(struct net *net, const char *text, const struct value *body, const char *error)
{
    struct problem why = {0};
    bool client = text_same(error, "invalid_client") || text_same(error, "unauthorized_client");
    char *words = grant_words(client ? "The service does not accept this client" : text, body, error);
    problem_set(&why, client ? PROBLEM_CONFIG : PROBLEM_SIGN_IN, "%s", words);
    if (client)
        problem_advise(&why, "Check service.client_id and service.client_secret");
    free(words);
    device_forget(net);
    sign_in_fail(net, net->flow == FLOW_POLL ? SIGN_IN_REFUSED : SIGN_IN_FAILED, &why);
}

void device_answer(struct net *net, const struct http_answer *answer, const struct value *body)
{
    struct problem why = {0};
    const char *error = value_member_text(body, "error");
    if (answer->status == 200 && !error && body && body->kind == VALUE_MAP) {
        got_code(net, body);
    } else if (error && (answer->status == 200 || (answer->status >= 400 && answer->status < 429))) {
        rejected(net, "The service rejected the request for a code", body, error);
    } else if (answer->status == 401) {
        rejected(net, "", NULL, "invalid_client");
    } else {
        response_problem(&why, net, answer, discover_endpoint(net, FLOW_DEVICE));
        sign_in_fail(net, SIGN_IN_FAILED, &why);
    }
}

/* The service knows the code: whatever this machine's clock says, it has not expired. */
static void not_expired(struct net *net)
{
    net->device.unsure = net->device.last = false;
    net->device.expires_ms = sign_in_clock_ms(net) + net->device.lifetime * 1000LL;
    put_time(pending(net), "expires", sign_in_time(net) + net->device.lifetime);
}

static void still_pending(struct net *net, bool slower)
{
    struct problem why = {0};
    bool was_unsure = net->device.unsure;
    net->device.backoff_s = 0;
    if (was_unsure)
        not_expired(net);
    if (slower) {
        net->device.slowed++;           /* for good: a later start must know it too */
        put_time(pending(net), "interval", wait_s(net));
    }
    if ((slower || was_unsure) && !sign_in_keep(net, net->tokens, &why)) {
        sign_in_fail(net, SIGN_IN_FAILED, &why);
    } else if (net->device.last) {
        expired(net);
    } else {
        if (was_unsure)
            tell_code(net);
        if (net->device.code)           /* else the callback has stopped it */
            ask_again(net);
    }
}

/*
 * No response, or not one of the token endpoint: asked again later, and less often each time (RFC 8628, 3.5), until the code expires.
 * A code whose end the service has not confirmed stays, for the next start to ask about.
 */
static void unanswered(struct net *net, const struct http_answer *answer)
{
    struct problem why = {0};
    int asked = answer->failure == HTTP_GOOD ? retry_after_s(answer->retry_after, answer->date, sign_in_time(net)) : -1;
    int wait = net->device.backoff_s ? net->device.backoff_s : wait_s(net);
    bool gives_up = net->device.once || (net->device.unsure && ++net->tries >= UNSURE_TRIES);
    if (gives_up || net->device.last) {
        response_problem(&why, net, answer, discover_endpoint(net, FLOW_POLL));
        if (!gives_up) {
            char *text = text_format("The code has expired, and the service did not say whether it was approved: %s", why.text);
            problem_set(&why, why.kind, "%s", text);
            free(text);
        }
        sign_in_fail(net, gives_up ? SIGN_IN_FAILED : SIGN_IN_EXPIRED, &why);
        return;
    }
    net->device.backoff_s = wait >= BACKOFF_MOST_S ? wait : wait * 2 > BACKOFF_MOST_S ? BACKOFF_MOST_S : wait * 2;
    wait_to_ask(net, (asked > net->device.backoff_s ? asked : net->device.backoff_s) * 1000LL);
}

static void refused(struct net *net, const struct value *body, const char *error)
{
    char *words = grant_words("The sign-in was refused in the browser", body, error);
    if (text_same(error, "expired_token") || (net->device.unsure && text_same(error, "invalid_grant")))
        expired(net);
    else if (text_same(error, "access_denied"))
        over(net, SIGN_IN_REFUSED, PROBLEM_SIGN_IN, words);
    else
        rejected(net, "The service rejected the sign-in", body, error);
    free(words);
}

void device_polled(struct net *net, const struct http_answer *answer, const struct value *body)
{
    const char *error;
    switch (grant_of(answer, body, &error)) {
    case GRANT_TOKENS:
        refresh_got_tokens(net, body);
        break;
    case GRANT_UNUSABLE:
        over(net, SIGN_IN_FAILED, PROBLEM_SERVICE, "The service sent an access token that cannot be used");
        break;
    case GRANT_PENDING:
        still_pending(net, false);
        break;
    case GRANT_SLOW_DOWN:
        still_pending(net, true);
        break;
    case GRANT_ERROR:
        refused(net, body, error);
        break;
    case GRANT_NONE:
        unanswered(net, answer);
        break;
    }
}
