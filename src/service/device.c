/* The device grant (RFC 8628): a code for a person's browser, and asking whether it was approved. The code outlives us. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

#define INTERVAL_S 5            /* RFC 8628, 3.2: when none is told */
#define INTERVAL_MOST_S 60      /* more is a slip: the person stands before the screen */
#define LIFETIME_S 600          /* required by RFC 8628, and left out by some */
#define LIFETIME_MOST_S 86400

void device_clear(struct net *net)
{
    mem_free_secret(net->device.code);
    net->device = (struct device){0};
}

static struct value *pending(const struct net *net)
{
    return value_member(net->tokens, "pending");
}

static const char *expired = "The code has expired; ask for a new one";

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
    struct sign_in_fact fact = {
        .phase = SIGN_IN_CODE, .address = value_member_text(kept, "address"), .code = value_member_text(kept, "code"),
        .address_complete = value_member_text(kept, "address_complete"), .resumed = net->device.resumed, .asked = net->device.asked,
        .expires = strtoll(value_member_text(kept, "expires"), NULL, 10)};
    sign_in_tell(net, &fact);
}

static void over(struct net *net, enum sign_in_phase phase, const char *text)
{
    struct problem why = {0};
    problem_set(&why, PROBLEM_SIGN_IN, "%s", text);
    device_forget(net);
    sign_in_fail(net, phase, &why);
}

static void due(void *user)
{
    struct net *net = user;
    if (sign_in_clock_ms(net) >= net->device.expires_ms)
        over(net, SIGN_IN_EXPIRED, expired);
    else
        sign_in_exchange(net, FLOW_POLL);
}

static void wait_to_ask(struct net *net, int64_t wait_ms)
{
    int64_t left_ms = net->device.expires_ms - sign_in_clock_ms(net);
    /* A tenth of a second more, since polling early restarts the clock of some servers. */
    sign_in_wait(net, (wait_ms < left_ms ? wait_ms : left_ms) + 100, due);
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
    /* No longer than a code lives at all, should this machine's clock have been set back. */
    int64_t left_s = strtoll(value_member_text(kept, "expires") ? value_member_text(kept, "expires") : "0", NULL, 10) - sign_in_time(net);
    net->device.expires_ms = sign_in_clock_ms(net) + (left_s < LIFETIME_MOST_S ? left_s : LIFETIME_MOST_S) * 1000;
    return true;
}

static void resume(struct net *net)
{
    if (!take_up(net)) {
        device_forget(net);
        sign_in_end(net);
        return;
    }
    if (sign_in_clock_ms(net) >= net->device.expires_ms) {
        over(net, SIGN_IN_EXPIRED, "The code for signing in has expired while nobody waited; ask for a new one");
        return;
    }
    const char *ask = value_member_text(pending(net), "ask");
    int64_t wait_ms = (ask ? strtoll(ask, NULL, 10) - sign_in_time(net) : wait_s(net)) * 1000;
    struct problem why = {0};
    if (value_drop(pending(net), "ask") && !sign_in_keep(net, net->tokens, &why)) {
        sign_in_fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    tell_code(net);
    if (net->device.code)       /* else whoever was told has stopped it */
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
    put_time(kept, "interval", wait_s(net));
    return sign_in_keep(net, net->tokens, why);
}

static void got_code(struct net *net, const struct value *body)
{
    const char *code = value_member_text(body, "user_code"), *device = value_member_text(body, "device_code");
    struct problem why = {0};
    bool good = sign_in_page_good(net, page_of(body), &why);
    if (good && (!sign_in_code_good(code) || !sign_in_token_good(device))) {
        problem_set(&why, PROBLEM_SERVICE, "The service's code for signing in cannot be used");
        good = false;
    }
    int lifetime = sign_in_number(body, "expires_in", 1, LIFETIME_MOST_S, LIFETIME_S);
    if (good) {
        device_clear(net);
        net->device.code = mem_copy(device);
        net->device.interval = sign_in_number(body, "interval", 0, INTERVAL_MOST_S, INTERVAL_S);
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

void device_answer(struct net *net, const struct http_answer *answer, const struct value *body)
{
    struct problem why = {0};
    if (answer->status == 200) {
        got_code(net, body);
        return;
    }
    if (text_same(value_member_text(body, "error"), "invalid_client") || answer->status == 401) {
        problem_set(&why, PROBLEM_CONFIG, "The service does not know this client (status %d): check service.client_id and client_secret",
                    answer->status);
    } else {
        problem_set(&why, PROBLEM_SIGN_IN, "The service gives no code for signing in (status %d)", answer->status);
    }
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

bool device_unanswered(struct net *net, const struct http_answer *answer)
{
    if (answer->failure == HTTP_GOOD && answer->status < 500 && answer->status != 429)
        return false;
    int asked = answer->failure == HTTP_GOOD ? retry_after_s(answer->retry_after, answer->date, sign_in_time(net)) : -1;
    int interval = net->device.interval < 1 ? 1 : net->device.interval;
    net->device.interval = interval >= 60 ? interval : interval * 2 > 60 ? 60 : interval * 2;   /* RFC 8628, 3.5 */
    if (net->device.once)
        ask_again(net);
    else
        wait_to_ask(net, (asked > wait_s(net) ? asked : wait_s(net)) * 1000LL);
    return true;
}

void device_refused(struct net *net, const struct http_answer *answer, const struct value *body)
{
    const char *error = sign_in_error(answer, body);
    struct problem why = {0};
    if (text_same(error, "authorization_pending")) {
        ask_again(net);
    } else if (text_same(error, "slow_down")) {
        net->device.slowed++;           /* for good: a later start must know it too */
        put_time(pending(net), "interval", wait_s(net));
        if (sign_in_keep(net, net->tokens, &why))
            ask_again(net);
        else
            sign_in_fail(net, SIGN_IN_FAILED, &why);
    } else if (text_same(error, "expired_token")) {
        over(net, SIGN_IN_EXPIRED, expired);
    } else {
        over(net, SIGN_IN_REFUSED, text_same(error, "access_denied") ? "The sign-in was refused in the browser"
                                                                     : "The service refused the sign-in");
    }
}
