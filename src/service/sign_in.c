/* The sign-in: what is wanted of it, and one exchange after the other until that is reached. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

#define GRANT "urn:ietf:params:oauth:grant-type:device_code"

int64_t sign_in_clock_ms(const struct net *net)
{
    return loop_now_ms() + net->skipped_ms;
}

int64_t sign_in_time(const struct net *net)
{
    return time(NULL) + net->skipped_ms / 1000;
}

int sign_in_number(const struct value *body, const char *name, int least, int most, int otherwise)
{
    const char *given = value_member_text(body, name);
    char *text = given ? text_decimal(given) : NULL;        /* "3.6e3" is 3600 */
    long long number = text ? strtoll(text, NULL, 10) : 0;
    int result = !text || number < least ? otherwise : number > most ? most : (int)number;
    free(text);
    return result;
}

bool sign_in_keep(struct net *net, const struct value *tokens, struct problem *why)
{
    return net->options.keep_tokens(net->options.user, tokens, why);
}

static void woken(void *user)
{
    struct net *net = user;
    net->timer = 0;
    net->due(net);
}

void sign_in_wait(struct net *net, int64_t wait_ms, void (*due)(void *user))
{
    loop_cancel(net->loop, net->timer);
    net->due = due;
    net->wait_ms = wait_ms;
    net->wake_ms = sign_in_clock_ms(net) + wait_ms;
    net->timer = loop_timer(net->loop, loop_now_ms() + wait_ms, woken, net);
}

int64_t net_skip_wait(struct net *net)
{
    if (!net->timer)
        return -1;
    int64_t left_ms = net->wake_ms - sign_in_clock_ms(net), wait_ms = net->wait_ms;
    net->skipped_ms += left_ms > 0 ? left_ms : 0;
    loop_cancel(net->loop, net->timer);
    woken(net);
    return wait_ms;
}

void sign_in_end(struct net *net)
{
    if (net->call)
        http_cancel(net->call);
    net->call = NULL;
    loop_cancel(net->loop, net->timer);
    net->timer = 0;
    net->aim = AIM_NONE;
    net->flow = net->next = FLOW_NONE;
    net->tries = 0;
    device_clear(net);
    value_free(net->unproven);
    value_free(net->claims);
    net->unproven = net->claims = NULL;
    text_empty(&net->note);
    if (net->alone)
        net->options.unlock_tokens(net->options.user);
    net->alone = false;
}

void sign_in_free(struct net *net)
{
    device_leave(net);
    sign_in_end(net);
    password_forget(net);
    value_free(net->metadata);
    free(net->other_issuer);
    problem_clear(&net->no_metadata);
    text_clear(&net->note);
}

void sign_in_tell(struct net *net, struct sign_in_fact *fact)
{
    char *note = net->note.size ? mem_copy(net->note.bytes) : NULL;
    bool signed_in = fact->phase == SIGN_IN_DONE || fact->phase == SIGN_IN_RENEWED;
    fact->user = signed_in ? value_member_text(net->tokens, "user") : NULL;
    fact->account = signed_in ? value_member_text(net->tokens, "account") : NULL;
    fact->note = note;
    fact->resumed = net->device.resumed;
    if (fact->phase != SIGN_IN_CODE)
        sign_in_end(net);
    net->events.sign_in(net->events.user, fact);
    free(note);
}

void sign_in_fail(struct net *net, enum sign_in_phase phase, struct problem *why)
{
    switch (net->aim) {
    case AIM_NONE:
        break;
    case AIM_PROVE:
        net_set_tokens(net, NULL);
        sign_in_tell(net, &(struct sign_in_fact){.phase = phase, .problem = why});
        break;
    case AIM_SIGN_IN:
        sign_in_tell(net, &(struct sign_in_fact){.phase = phase, .problem = why});
        break;
    case AIM_REFRESH:
        sign_in_end(net);
        transfers_refreshed(net, false, why);
        break;
    case AIM_RENEW:
        sign_in_tell(net, &(struct sign_in_fact){.phase = SIGN_IN_KEPT, .problem = why});
        transfers_refreshed(net, false, why);
        break;
    case AIM_SIGN_OUT:
        revoke_failed(net, why);
        break;
    }
    problem_clear(why);
}

static void done(void *user, const struct http_answer *answer)
{
    struct net *net = user;
    struct problem why = {0};
    struct value *body = answer->failure == HTTP_GOOD && answer->body.size
                             ? json_read(answer->body.bytes, answer->body.size, "the answer", NULL) : NULL;
    net->call = NULL;
    if (net->aim == AIM_SIGN_OUT && revoke_again(net, answer)) {
        value_free(body);
        return;
    }
    switch (net->flow) {
    case FLOW_NONE:
        break;
    case FLOW_POLL:
        device_polled(net, answer, body);
        break;
    case FLOW_REFRESH:
        refresh_answer(net, answer, body);
        break;
    case FLOW_WHO:
        who_answer(net, answer, body);
        break;
    case FLOW_DISCOVER:
    case FLOW_DEVICE:
    case FLOW_REVOKE:
        if (answer->failure != HTTP_GOOD) {
            failure_problem(&why, net, answer, net_issuer(net));
            sign_in_fail(net, SIGN_IN_FAILED, &why);
        } else if (net->flow == FLOW_DISCOVER) {
            discovered(net, answer, body);
        } else if (net->flow == FLOW_DEVICE) {
            device_answer(net, answer, body);
        } else {
            revoke_answer(net, answer, body);
        }
        break;
    }
    value_free(body);
}

static void fill_form(const struct net *net, enum flow flow, struct text *form)
{
    const char *refresh = value_member_text(net->tokens, "refresh"), *access = value_member_text(net->tokens, "access");
    if (!net->options.client_secret || net->options.client_post)
        form_add(form, "client_id", net_client_id(net));
    if (net->options.client_post)
        form_add(form, "client_secret", net->options.client_secret);
    if (flow == FLOW_DEVICE) {
        form_add(form, "scope", net_scope(net));
        form_add(form, "host", net->options.host);
    } else if (flow == FLOW_REVOKE) {
        form_add(form, "token", refresh ? refresh : access);
        form_add(form, "token_type_hint", refresh ? "refresh_token" : "access_token");
    } else {
        form_add(form, "grant_type", flow == FLOW_POLL ? GRANT : "refresh_token");
        form_add(form, flow == FLOW_POLL ? "device_code" : "refresh_token", flow == FLOW_POLL ? net->device.code : refresh);
    }
}

static void post(struct net *net, enum flow flow)
{
    struct text form = {0};
    const char *lines[4] = {"Accept: application/json", "Content-Type: application/x-www-form-urlencoded"};
    char *basic = net->options.client_secret && !net->options.client_post ? form_basic(net_client_id(net), net->options.client_secret) : NULL;
    lines[2] = basic;
    fill_form(net, flow, &form);
    net->call = http_send(net->http, "POST", discover_endpoint(net, flow), lines, &form, 15, done, net);
    text_wipe(&form);
    mem_free_secret(basic);
}

void sign_in_get(struct net *net, const char *url, const char *access)
{
    char *bearer = access ? password_line(net, access) : NULL;
    const char *const lines[] = {"Accept: application/json", bearer, NULL};
    net->call = http_send(net->http, "GET", url, lines, NULL, 15, done, net);
    mem_free_secret(bearer);
}

static void nowhere_to_go(struct net *net, enum flow flow)
{
    struct problem why = {0};
    if (!net->metadata && net->other_issuer)
        problem_set(&why, PROBLEM_SERVICE, "%s says that it is another issuer, %s, and is not believed", net_issuer(net), net->other_issuer);
    else if (!net->metadata && net->no_metadata.kind != PROBLEM_NONE)
        why = problem_copy(&net->no_metadata);
    else if (!net->metadata)
        problem_set(&why, PROBLEM_SERVICE, "%s publishes no metadata for signing in", net_issuer(net));
    else if (net->aim == AIM_SIGN_OUT)
        problem_set(&why, PROBLEM_SIGN_IN, REVOKE_NO_WAY);
    else
        discover_missing(net, flow, &why);
    if (!why.advice)
        problem_advise(&why, "Check service.issuer");
    if (!net->metadata)
        net->place = 0;             /* next time it may be there */
    problem_clear(&net->no_metadata);
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

void sign_in_exchange(struct net *net, enum flow flow)
{
    struct problem why = {0};
    bool wants_issuer = flow != FLOW_WHO || who_wants_issuer(net);
    char *place = wants_issuer && !discover_has_all(net, flow) ? discover_place(net) : NULL;

    net->flow = place ? FLOW_DISCOVER : flow;
    if (!http_load(net->http)) {
        problem_set(&why, PROBLEM_INTERNAL, "libcurl.so.4 cannot be loaded: install the package libcurl4");
        sign_in_fail(net, SIGN_IN_FAILED, &why);
    } else if (place) {
        net->next = flow;
        sign_in_get(net, place, NULL);
    } else if (flow == FLOW_WHO) {
        who_ask(net);
    } else if (discover_has_all(net, flow)) {
        post(net, flow);
    } else {
        nowhere_to_go(net, flow);
    }
    free(place);
}

static void prove(struct net *net)
{
    struct problem why = {0};
    if (sign_in_token_good(value_member_text(net->tokens, "access"))) {
        sign_in_exchange(net, FLOW_WHO);
        return;
    }
    problem_set(&why, PROBLEM_SIGN_IN, "The token given is empty, or holds what no token has: spaces, line ends, accents");
    sign_in_fail(net, SIGN_IN_FAILED, &why);
}

static void begin(void *user)
{
    struct net *net = user;
    switch (net->aim) {
    case AIM_NONE:
        break;
    case AIM_SIGN_IN:
        if (password_used(net))
            password_begin(net);
        else
            device_begin(net);
        break;
    case AIM_PROVE:
        prove(net);
        break;
    case AIM_REFRESH:
    case AIM_RENEW:
        if (password_used(net))
            password_begin(net);
        else
            refresh_begin(net);
        break;
    case AIM_SIGN_OUT:
        revoke_begin(net);
        break;
    }
}

/* When the loop turns, so that nothing is told from within the call. */
static void soon(struct net *net, enum aim aim)
{
    sign_in_end(net);
    net->aim = aim;
    sign_in_wait(net, 0, begin);
    if (aim != AIM_REFRESH && aim != AIM_RENEW)
        transfers_refreshed(net, false, NULL);
}

void net_sign_in(struct net *net)
{
    soon(net, AIM_SIGN_IN);
}

void net_sign_in_with(struct net *net, const struct request *request)
{
    password_forget(net);
    net->login.url = net_url(net, request->path);
    if (request->body)
        json_write(request->body, &net->login.body);
    soon(net, AIM_SIGN_IN);
}

void net_sign_in_stop(struct net *net)
{
    if (net->aim != AIM_SIGN_IN && net->aim != AIM_PROVE)
        return;
    sign_in_end(net);
    device_forget(net);
}

bool net_resume(struct net *net, bool once)
{
    if (value_member(net->tokens, "renewing"))
        return sign_in_refresh(net);
    if (!value_member(net->tokens, "pending"))
        return false;
    soon(net, AIM_SIGN_IN);
    net->device.resumed = true;
    net->device.once = once;
    return true;
}

void net_use_token(struct net *net, const char *token)
{
    struct value *tokens = value_new_map();
    value_put_text(tokens, "access", token);
    net_set_tokens(net, tokens);
    value_free(tokens);
    net->given = true;
    soon(net, AIM_PROVE);
}

void net_prove(struct net *net)
{
    soon(net, refresh_is_due(net) ? AIM_RENEW : AIM_PROVE);
}

void net_renew(struct net *net)
{
    if (net->aim == AIM_REFRESH)
        net->aim = AIM_RENEW;       /* it is on its way already: once it is there it is proven, too */
    else if (net->aim != AIM_RENEW)
        soon(net, AIM_RENEW);
}

void net_sign_out(struct net *net, enum sign_out how)
{
    net->how = how;
    soon(net, AIM_SIGN_OUT);
}

bool sign_in_refresh(struct net *net)
{
    if (net->aim == AIM_REFRESH || net->aim == AIM_RENEW)
        return true;
    if (net->aim != AIM_NONE || !(password_used(net) ? password_can_go_on(net) : value_member_text(net->tokens, "refresh") != NULL))
        return false;
    soon(net, AIM_REFRESH);
    return true;
}

bool net_signing_in(const struct net *net)
{
    return net && net->aim != AIM_NONE && net->aim != AIM_REFRESH;     /* that one tells the requests that wait for it */
}

void net_settle(struct net *net, int wait_ms)
{
    int64_t end_ms = loop_now_ms() + wait_ms, left_ms;
    while (net && (net->aim == AIM_REFRESH || net->aim == AIM_RENEW) && value_member(net->tokens, "renewing") &&
           (left_ms = end_ms - loop_now_ms()) > 0)
        loop_turn(net->loop, (int)left_ms);
}
