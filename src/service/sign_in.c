/* The sign-in: discovery (RFC 8414), device grant (RFC 8628), refresh, revocation (RFC 7009). One exchange at a time. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

#define GRANT "urn:ietf:params:oauth:grant-type:device_code"

static void start(struct net *net, enum flow flow);
static void signed_out(struct net *net, bool revoked);
static void begin(void *user);

static const char *client_id(const struct net *net)
{
    return net->options.client_id ? net->options.client_id : value_text(net->options.service->sign_in, "client_id");
}

static void tell(struct net *net, enum sign_in_phase phase, const struct problem *problem)
{
    const struct sign_in_fact fact = {.phase = phase, .problem = problem, .user = value_member_text(net->tokens, "user"),
                                      .account = value_member_text(net->tokens, "account")};
    net->events.sign_in(net->events.user, &fact);
}

static void reset(struct net *net)
{
    loop_cancel(net->loop, net->timer);
    net->timer = 0;
    net->flow = net->after_discovery = net->wanted = FLOW_NONE;
    mem_free_secret(net->device_code);
    net->device_code = NULL;
}

static void fail(struct net *net, enum sign_in_phase phase, struct problem *why)
{
    bool refresh = net->flow == FLOW_REFRESH || net->after_discovery == FLOW_REFRESH;
    bool leaving = net->flow == FLOW_REVOKE || net->after_discovery == FLOW_REVOKE;
    reset(net);
    if (refresh)
        transfers_refreshed(net, false, why);
    else if (leaving)
        signed_out(net, false);
    else
        tell(net, phase, why);
    problem_clear(why);
}

void sign_in_stop(struct net *net)
{
    if (net->call)
        http_cancel(net->call);
    net->call = NULL;
    reset(net);
}

void sign_in_free(struct net *net)
{
    sign_in_stop(net);
    value_free(net->metadata);
    net->metadata = NULL;
}

static void due(void *user)
{
    struct net *net = user;
    net->timer = 0;
    if (loop_now_ms() >= net->expires_ms) {
        struct problem why = {0};
        problem_set(&why, PROBLEM_SIGN_IN, "The code has expired; ask for a new one");
        fail(net, SIGN_IN_EXPIRED, &why);
        return;
    }
    start(net, FLOW_POLL);
}

static void wait_to_poll(struct net *net)
{
    int64_t wait_ms = device_wait_s(net->interval, net->slowed) * 1000LL, left_ms = net->expires_ms - loop_now_ms();
    if (wait_ms > left_ms)
        wait_ms = left_ms;
    /* A tenth of a second more, since polling early restarts the clock of some servers. */
    net->timer = loop_timer(net->loop, loop_now_ms() + wait_ms + 100, due, net);
}

static int number(const struct value *body, const char *name, int otherwise)
{
    const char *text = value_member_text(body, name);
    return text ? (int)strtol(text, NULL, 10) : otherwise;
}

static void got_code(struct net *net, const struct value *body)
{
    const char *page = value_member_text(body, "verification_uri"), *complete = value_member_text(body, "verification_uri_complete");
    const char *code = value_member_text(body, "user_code"), *device = value_member_text(body, "device_code");
    struct problem why = {0};
    if (!page)
        page = value_member_text(body, "verification_url");
    if (!sign_in_page_good(net, page, &why)) {
        fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    if (!sign_in_code_good(code) || !device) {
        problem_set(&why, PROBLEM_SERVICE, "The service's code for signing in cannot be used");
        fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    net->device_code = mem_copy(device);
    net->interval = number(body, "interval", 5);
    net->slowed = 0;
    int lifetime = number(body, "expires_in", 600);
    lifetime = lifetime > 0 && lifetime <= 3600 ? lifetime : 600;
    net->expires_ms = loop_now_ms() + lifetime * 1000LL;
    const struct sign_in_fact fact = {.phase = SIGN_IN_CODE, .address = page, .code = code, .expires = time(NULL) + lifetime,
                                      .address_complete = sign_in_page_good(net, complete, NULL) ? complete : NULL};
    wait_to_poll(net);
    net->events.sign_in(net->events.user, &fact);
}

/* New tokens: on disk first, used after that. */
static void got_tokens(struct net *net, const struct value *body)
{
    const char *access = value_member_text(body, "access_token"), *refresh = value_member_text(body, "refresh_token");
    const char *type = value_member_text(body, "token_type");
    struct problem why = {0};
    bool refreshing = net->flow == FLOW_REFRESH;
    struct value *tokens = value_copy(net->tokens);

    if (!sign_in_token_good(access) || (refresh && !sign_in_token_good(refresh)) || (type && strcasecmp(type, "bearer") != 0)) {
        problem_set(&why, PROBLEM_SERVICE, "The service approved the sign-in but sent no token that can be used");
        goto failed;
    }
    net->given = false;
    char *expires = text_format("%lld", (long long)time(NULL) + number(body, "expires_in", 3600));
    value_put_text(tokens, "access", access);
    value_put_text(tokens, "expires", expires);
    if (refresh)
        value_put_text(tokens, "refresh", refresh);
    else if (!refreshing)
        value_drop(tokens, "refresh");
    free(expires);
    if (!net->options.keep_tokens(net->options.user, tokens, &why))
        goto failed;
    net_set_tokens(net, tokens);
    value_free(tokens);
    net->token_number++;
    reset(net);
    if (refreshing)
        transfers_refreshed(net, true, NULL);
    else
        start(net, FLOW_WHO);
    return;
failed:
    value_free(tokens);
    fail(net, SIGN_IN_FAILED, &why);
}

static void poll_refused(struct net *net, const struct http_answer *answer, const struct value *body)
{
    const char *error = sign_in_error(answer, body);
    struct problem why = {0};
    if (text_same(error, "authorization_pending") || text_same(error, "slow_down")) {
        net->slowed += text_same(error, "slow_down");
        wait_to_poll(net);
        return;
    }
    bool expired = text_same(error, "expired_token");
    problem_set(&why, PROBLEM_SIGN_IN, "%s", text_same(error, "access_denied") ? "The sign-in was refused in the browser"
                                             : expired ? "The code has expired; ask for a new one" : "The service refused the sign-in");
    fail(net, expired ? SIGN_IN_EXPIRED : SIGN_IN_REFUSED, &why);
}

static void got_who(struct net *net, int status, const struct value *body)
{
    const struct value *who = value_at(net->options.service->sign_in, "who");
    const char *user = value_member_text(who, "user"), *account = value_member_text(who, "account");
    struct problem why = {0};
    reset(net);
    if (status == 401 || status == 403 || (net->given && status != 200)) {
        bool refused = status == 401 || status == 403;
        net_set_tokens(net, NULL);
        problem_set(&why, refused ? PROBLEM_SIGN_IN : PROBLEM_UNREACHABLE,
                    refused ? "The service does not accept this token" : "The service cannot tell now whose token this is (status %d)", status);
        fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    const struct value *a = user ? json_at(body, user) : NULL, *b = account ? json_at(body, account) : NULL;
    value_put_text(net->tokens, "user", a && a->kind == VALUE_TEXT ? a->text : NULL);
    value_put_text(net->tokens, "account", b && b->kind == VALUE_TEXT ? b->text : NULL);
    /* A token out of a file stays there; what is kept is another sign-in's. */
    if (net->given || net->options.keep_tokens(net->options.user, net->tokens, &why))
        tell(net, SIGN_IN_DONE, NULL);
    else
        fail(net, SIGN_IN_FAILED, &why);
}

static void signed_out(struct net *net, bool revoked)
{
    struct problem why = {0};
    struct value *none = value_new_map();
    reset(net);
    net_set_tokens(net, none);
    if (!net->options.keep_tokens(net->options.user, none, &why))
        revoked = false;
    if (!revoked && why.kind == PROBLEM_NONE)
        problem_set(&why, PROBLEM_SIGN_IN, "Signed out on this server only: the service did not confirm that the tokens are revoked");
    value_free(none);
    tell(net, SIGN_IN_OUT, revoked ? NULL : &why);
    problem_clear(&why);
}

static void discovered(struct net *net, int status, struct value *body)
{
    struct problem why = {0};
    const char *named = value_member_text(body, "issuer");
    size_t size = strlen(net_issuer(net));
    while (size && net_issuer(net)[size - 1] == '/')
        size--;
    if (status == 200 && named && strncmp(named, net_issuer(net), size) == 0 && (!named[size] || text_same(named + size, "/"))) {
        enum flow next = net->after_discovery;
        value_free(net->metadata);
        net->metadata = value_copy(body);
        net->after_discovery = FLOW_NONE;
        start(net, next);
    } else if (net->flow == FLOW_DISCOVER) {
        start(net, FLOW_DISCOVER_OIDC);
    } else {
        problem_set(&why, PROBLEM_SERVICE, "%s does not tell how to sign in", net_issuer(net));
        problem_advise(&why, "Check service.issuer");
        fail(net, SIGN_IN_FAILED, &why);
    }
}

static void refresh_refused(struct net *net, int status)
{
    struct problem why = {0};
    if (status >= 500 || status == 429)
        problem_set(&why, PROBLEM_UNREACHABLE, "The service cannot renew the sign-in now (status %d)", status);
    else {
        problem_set(&why, PROBLEM_SIGN_IN, "The sign-in has ended: sign in again");
        value_drop(net->tokens, "refresh");     /* sent twice it may end what somebody else was granted */
        value_drop(net->tokens, "access");
    }
    fail(net, SIGN_IN_FAILED, &why);
}

static void done(void *user, const struct http_answer *answer)
{
    struct net *net = user;
    struct problem why = {0};
    net->call = NULL;
    if (net->flow == FLOW_POLL && (answer->failure != HTTP_GOOD || answer->status >= 500 || answer->status == 429)) {
        int doubled = net->interval < 1 ? 2 : net->interval * 2;    /* RFC 8628, 3.5: back off on a time-out */
        net->interval = net->interval >= 60 ? net->interval : doubled > 60 ? 60 : doubled;
        wait_to_poll(net);
        return;
    }
    bool silent = answer->failure == HTTP_GOOD ? answer->status >= 500 || answer->status == 429 : answer->failure != HTTP_TLS;
    if (net->flow == FLOW_WHO && net->given && silent && ++net->proofs < 3) {
        net->flow = FLOW_NONE;
        net->wanted = FLOW_WHO;
        net->timer = loop_timer(net->loop, loop_now_ms() + 500, begin, net);
        return;
    }
    if (answer->failure != HTTP_GOOD && net->flow == FLOW_WHO && !net->given) {
        got_who(net, 0, NULL);      /* signed in, only the name is not known */
        return;
    }
    if (answer->failure != HTTP_GOOD) {
        if (net->flow == FLOW_WHO)
            net_set_tokens(net, NULL);
        failure_problem(&why, net, answer, net->flow == FLOW_WHO ? net->options.address : net_issuer(net));
        fail(net, SIGN_IN_FAILED, &why);
        return;
    }
    struct value *body = answer->body.size ? json_read(answer->body.bytes, answer->body.size, "the answer", NULL) : NULL;
    switch (net->flow) {
    case FLOW_NONE:
        break;
    case FLOW_DISCOVER:
    case FLOW_DISCOVER_OIDC:
        discovered(net, answer->status, body);
        break;
    case FLOW_DEVICE:
        if (answer->status == 200) {
            got_code(net, body);
        } else {
            problem_set(&why, PROBLEM_SIGN_IN, "The service gives no code for signing in (status %d)", answer->status);
            fail(net, SIGN_IN_FAILED, &why);
        }
        break;
    case FLOW_POLL:
    case FLOW_REFRESH:
        if (answer->status == 200)
            got_tokens(net, body);
        else if (net->flow == FLOW_POLL)
            poll_refused(net, answer, body);
        else
            refresh_refused(net, answer->status);
        break;
    case FLOW_WHO:
        got_who(net, answer->status, body);
        break;
    case FLOW_REVOKE:
        if (answer->status == 200 && value_member_text(net->tokens, "access") && value_drop(net->tokens, "refresh"))
            start(net, FLOW_REVOKE);        /* the access token too: not every service lets it die with the other */
        else
            signed_out(net, answer->status == 200);
        break;
    }
    value_free(body);
}

static char *discovery_url(const struct net *net, bool oidc)
{
    const char *base = net_issuer(net), *path = strstr(base, "://") + 3;
    path += strcspn(path, "/");
    size_t size = strlen(path);
    while (size && path[size - 1] == '/')
        size--;
    /* RFC 8414 puts the well-known part between host and path, OpenID behind the path. */
    return oidc ? text_format("%.*s/.well-known/openid-configuration", (int)(path - base + (long)size), base)
                : text_format("%.*s/.well-known/oauth-authorization-server%.*s", (int)(path - base), base, (int)size, path);
}

static char *endpoint(struct net *net, enum flow flow, struct text *form)
{
    const char *name = flow == FLOW_DEVICE ? "device_authorization_endpoint" : flow == FLOW_REVOKE ? "revocation_endpoint" : "token_endpoint";
    const char *refresh = value_member_text(net->tokens, "refresh"), *access = value_member_text(net->tokens, "access");
    const char *scope = net->options.scope ? net->options.scope : value_text(net->options.service->sign_in, "scope");
    form_add(form, "client_id", client_id(net));
    if (flow == FLOW_DEVICE) {
        form_add(form, "scope", scope);
        form_add(form, "host", net->options.host);
    } else if (flow == FLOW_REVOKE) {
        form_add(form, "token", refresh ? refresh : access);
        form_add(form, "token_type_hint", refresh ? "refresh_token" : "access_token");
    } else {
        form_add(form, "grant_type", flow == FLOW_POLL ? GRANT : "refresh_token");
        form_add(form, flow == FLOW_POLL ? "device_code" : "refresh_token", flow == FLOW_POLL ? net->device_code : refresh);
    }
    const char *url = value_member_text(net->metadata, name);
    return url && net_address_good(url, net->options.plain, NULL) ? mem_copy(url) : NULL;
}

static void start(struct net *net, enum flow flow)
{
    struct text form = {0};
    struct problem why = {0};
    const char *lines[3] = {"Accept: application/json", "Content-Type: application/x-www-form-urlencoded", NULL};
    char *url = NULL, *bearer = NULL;
    bool get = flow == FLOW_DISCOVER || flow == FLOW_DISCOVER_OIDC || flow == FLOW_WHO;

    if (!get && !net->metadata) {
        net->after_discovery = flow;
        start(net, FLOW_DISCOVER);
        return;
    }
    net->flow = flow;
    if (flow == FLOW_WHO) {
        const char *request = value_text(net->options.service->sign_in, "who.request");
        url = request && text_starts(request, "GET ") ? net_url(net, request + 4) : NULL;
        bearer = text_format("Authorization: Bearer %s", value_member_text(net->tokens, "access"));
        lines[1] = bearer;
    } else if (get) {
        url = discovery_url(net, flow == FLOW_DISCOVER_OIDC);
        lines[1] = NULL;
    } else {
        url = endpoint(net, flow, &form);
    }
    if (flow == FLOW_WHO && !url)
        got_who(net, 200, NULL);        /* the service tells nobody's name */
    else if (!url || !http_load(net->http)) {
        problem_set(&why, url ? PROBLEM_INTERNAL : PROBLEM_SERVICE, url ? "libcurl.so.4 cannot be loaded: install the package libcurl4"
                                                                         : "The service does not say where to sign in");
        fail(net, SIGN_IN_FAILED, &why);
    } else {
        net->call = http_send(net->http, get ? "GET" : "POST", url, lines, get ? NULL : &form, 15, done, net);
    }
    mem_free_secret(bearer);
    free(url);
    text_wipe(&form);
}

static void begin(void *user)
{
    struct net *net = user;
    enum flow flow = net->wanted;
    struct problem why = {0};
    net->timer = 0;
    net->wanted = FLOW_NONE;
    if (flow == FLOW_REVOKE && !net_signed_in(net)) {
        signed_out(net, true);
    } else if (flow == FLOW_WHO && !sign_in_token_good(value_member_text(net->tokens, "access"))) {
        net_set_tokens(net, NULL);
        problem_set(&why, PROBLEM_SIGN_IN, "The token given is empty, or holds what no token has: spaces, line ends, accents");
        fail(net, SIGN_IN_FAILED, &why);
    } else {
        start(net, flow);
    }
}

/* When the loop turns, so that nothing is told from within the call. */
static void soon(struct net *net, enum flow flow)
{
    sign_in_stop(net);
    net->wanted = flow;
    net->timer = loop_timer(net->loop, loop_now_ms(), begin, net);
}

void net_sign_in(struct net *net)
{
    soon(net, FLOW_DEVICE);
    transfers_refreshed(net, false, NULL);
}

void net_sign_in_stop(struct net *net)
{
    sign_in_stop(net);
    transfers_refreshed(net, false, NULL);
}

void net_use_token(struct net *net, const char *token)
{
    struct value *tokens = value_new_map();
    value_put_text(tokens, "access", token);
    net_set_tokens(net, tokens);
    value_free(tokens);
    net->given = true;
    net->proofs = 0;
    soon(net, FLOW_WHO);
    transfers_refreshed(net, false, NULL);
}

void net_sign_out(struct net *net)
{
    soon(net, FLOW_REVOKE);
    transfers_refreshed(net, false, NULL);
}

bool sign_in_refresh(struct net *net)
{
    if (net->flow == FLOW_REFRESH || net->after_discovery == FLOW_REFRESH || net->wanted == FLOW_REFRESH)
        return true;
    if (!value_member_text(net->tokens, "refresh") || net->flow != FLOW_NONE || net->timer)
        return false;
    soon(net, FLOW_REFRESH);
    return true;
}
