#include "oauth.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "token.h"

#define REFRESH_MS (30LL * 24 * 3600 * 1000) /* unused for so long, a refresh token is worth nothing */
#define EARLY_MS 100 /* a poll that comes early by less is not early: clocks differ in how they count */

enum { CODE_LETTERS = 8, HOST_MOST = 253 };

/* No vowels, so that no words come out; no digits, so that nothing is mistaken: RFC 8628, 6.1. */
static const char code_letters[] = "BCDFGHJKLMNPQRSTVWXZ";

static const char *form_text(const struct call *call, const char *name)
{
    const char *text = value_member_text(call->body, name);

    return text ? text : "";
}

static void put_number(struct value *body, const char *name, int64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)number);
    value_put(body, name, value_new_scalar(SCALAR_NUMBER, text));
}

void oauth_error(struct call *call, int status, const char *error, const char *description)
{
    struct value *body = value_new_map();

    value_put_text(body, "error", error);
    value_put_text(body, "error_description", description);
    call_reply(call, status, body);
}

static void put_address(struct value *body, const char *name, const char *base, const char *path)
{
    char *address = text_format("%s%s", base, path);

    value_put_text(body, name, address);
    free(address);
}

static struct value *put_words(struct value *body, const char *name, const char *const *words)
{
    struct value *list = value_put(body, name, value_new_list());

    for (; *words; words++)
        value_append(list, value_new_text(*words));
    return list;
}

void oauth_metadata(struct call *call)
{
    static const char *const scopes[] = {"openid", "offline_access", "commerce.manage", NULL};
    static const char *const grants[] = {"urn:ietf:params:oauth:grant-type:device_code", "refresh_token",
                                         NULL};
    static const char *const none[] = {"none", NULL}, *const nothing[] = {NULL};
    struct value *body = value_new_map();
    char *base = call_base(call);

    value_put_text(body, "issuer", base);
    put_address(body, "device_authorization_endpoint", base, "/oauth/device_authorization");
    put_address(body, "token_endpoint", base, "/oauth/token");
    put_address(body, "revocation_endpoint", base, "/oauth/revoke");
    put_address(body, "userinfo_endpoint", base, "/oauth/userinfo");
    put_words(body, "scopes_supported", scopes);
    put_words(body, "response_types_supported", nothing); /* required by RFC 8414, and there are none */
    put_words(body, "grant_types_supported", grants);
    put_words(body, "token_endpoint_auth_methods_supported", none);
    put_words(body, "revocation_endpoint_auth_methods_supported", none);
    call_reply(call, 200, body);
    free(base);
}

/* False when the reply is written: only our own client is known here, and it has no secret. */
static bool client_is_known(struct call *call, bool may_be_missing)
{
    const char *client = form_text(call, "client_id");

    if (strcmp(client, TOKEN_CLIENT) == 0 || (may_be_missing && !*client))
        return true;
    oauth_error(call, 401, "invalid_client", "There is no such client.");
    return false;
}

/* Whether every word of `scopes` is one of `of`. */
static bool scopes_are_in(const char *scopes, const char *of)
{
    while (*scopes) {
        size_t size = strcspn(scopes, " ");
        char *word = mem_copy_bytes(scopes, size);
        bool known = size == 0 || scope_has(of, word);

        free(word);
        if (!known)
            return false;
        scopes += size;
        scopes += strspn(scopes, " ");
    }
    return true;
}

static void make_user_code(char code[CODE_LETTERS + 2])
{
    for (int i = 0; i < CODE_LETTERS + 1; i++)
        code[i] = i == CODE_LETTERS / 2 ? '-' : code_letters[randombytes_uniform(sizeof code_letters - 1)];
    code[CODE_LETTERS + 1] = '\0';
}

static void keep_device(struct call *call, const char *hash, char user_code[CODE_LETTERS + 2],
                        const char *scope)
{
    const struct options *options = &call->service->options;
    const char *host = form_text(call, "host");
    int64_t now = call->request->now_ms;
    int kept = 0;

    /* A code that is taken already is drawn again: 20^8 codes, so this hardly ever happens. */
    for (int tries = 0; tries < 8 && kept == 0; tries++) {
        make_user_code(user_code);
        kept = accounts_run(
            call->service->accounts,
            "INSERT OR IGNORE INTO devices (hash, user_code, client, scope, host, address, created, expires,"
            " interval_s, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
            "ssssssiii", hash, user_code, TOKEN_CLIENT, scope, host, call->request->address, now,
            now + options->code_seconds * 1000LL, (int64_t)options->interval);
    }
}

void oauth_device_authorization(struct call *call)
{
    const struct options *options = &call->service->options;
    const char *scope = *form_text(call, "scope") ? form_text(call, "scope") : TOKEN_SCOPES;
    struct token device = token_new();
    char hash[65], user_code[CODE_LETTERS + 2];

    if (!client_is_known(call, false))
        return;
    if (strlen(scope) > 200 || !scopes_are_in(scope, TOKEN_SCOPES)) {
        oauth_error(call, 400, "invalid_scope", "Scopes are " TOKEN_SCOPES ".");
        return;
    }
    if (strlen(form_text(call, "host")) > HOST_MOST) {
        oauth_error(call, 400, "invalid_request", "The name of the host is too long.");
        return;
    }
    accounts_run(call->service->accounts, "DELETE FROM devices WHERE expires < ?", "i",
                 call->request->now_ms -
                     3600 * 1000LL); /* an hour longer, to tell "expired" from "unknown" */
    token_hash(device.text, hash);
    keep_device(call, hash, user_code, scope);
    struct value *body = value_new_map();
    char *base = call_base(call), *complete = text_format("%s/device?user_code=%s", base, user_code);

    value_put_text(body, "device_code", device.text);
    value_put_text(body, "user_code", user_code);
    put_address(body, "verification_uri", base, "/device");
    value_put_text(body, "verification_uri_complete", complete);
    put_number(body, "expires_in", options->code_seconds);
    put_number(body, "interval", options->interval);
    call_reply(call, 200, body);
    free(base);
    free(complete);
}

/* Answers with an access token and, unless `refresh` is NULL, that refresh token. */
static void answer_tokens(struct call *call, const char *grant, const char *scope,
                          const struct token *refresh)
{
    int64_t life_s = call->service->options.token_seconds;
    struct token access = token_new();
    struct value *body = value_new_map();

    accounts_run(call->service->accounts, "DELETE FROM tokens WHERE expires < ?", "i", call->request->now_ms);
    token_keep(call->service, &access, grant, "access", call->request->now_ms + life_s * 1000);
    accounts_run(call->service->accounts, "DELETE FROM grants WHERE id NOT IN (SELECT grant_id FROM tokens)",
                 "");
    value_put_text(body, "access_token", access.text);
    value_put_text(body, "token_type", "Bearer");
    put_number(body, "expires_in", life_s);
    if (refresh)
        value_put_text(body, "refresh_token", refresh->text);
    value_put_text(body, "scope", scope);
    call_reply(call, 200, body);
}

static void exchange_device(struct call *call, const struct value *row, const char *hash)
{
    const char *scope = value_member_text(row, "scope");
    struct token refresh = token_new();
    char *grant = grant_new(call->service, value_member_text(row, "user"), scope,
                            value_member_text(row, "host"), call->request->now_ms);

    accounts_run(call->service->accounts, "UPDATE devices SET status = 'used' WHERE hash = ?", "s", hash);
    if (scope_has(scope, "offline_access")) {
        token_keep(call->service, &refresh, grant, "refresh", call->request->now_ms + REFRESH_MS);
        answer_tokens(call, grant, scope, &refresh);
    } else {
        answer_tokens(call, grant, scope, NULL);
    }
    mem_wipe(&refresh, sizeof refresh);
    free(grant);
}

static void poll_device(struct call *call, const struct value *row, const char *hash)
{
    int64_t now = call->request->now_ms, polled = row_number(row, "polled");
    bool early = polled > 0 && now - polled < row_number(row, "interval_s") * 1000 - EARLY_MS;

    accounts_run(call->service->accounts,
                 "UPDATE devices SET polled = ?, interval_s = interval_s + ? WHERE hash = ?", "iis", now,
                 (int64_t)(early ? 5 : 0), hash); /* 5 seconds more for good: RFC 8628, 3.5 */
    if (early)
        oauth_error(call, 400, "slow_down", "Asked too soon: wait 5 seconds longer from now on.");
    else
        oauth_error(call, 400, "authorization_pending", "Nobody has approved this yet.");
}

static void grant_by_device(struct call *call)
{
    char hash[65];

    token_hash(form_text(call, "device_code"), hash);
    struct value *row =
        accounts_row(call->service->accounts,
                     "SELECT scope, host, expires, interval_s, polled, status, user FROM devices"
                     " WHERE hash = ?",
                     "s", hash);
    const char *status = row ? value_member_text(row, "status") : "unknown";

    if (!row || strcmp(status, "used") == 0)
        oauth_error(call, 400, "invalid_grant", "The device code is not known, or was used already.");
    else if (strcmp(status, "refused") == 0)
        oauth_error(call, 400, "access_denied", "The user denied the request.");
    else if (row_number(row, "expires") <= call->request->now_ms)
        oauth_error(call, 400, "expired_token", "The code has expired. Start again.");
    else if (strcmp(status, "pending") == 0)
        poll_device(call, row, hash);
    else
        exchange_device(call, row, hash);
    value_free(row);
}

/*
 * Each refresh token is good once. Its successor is derived from it, so whoever lost the answer gets the same
 * one again for a minute; after that a second use means that two hold it, and the whole grant ends.
 */
static void grant_by_refresh(struct call *call)
{
    const char *old = form_text(call, "refresh_token"), *scope = form_text(call, "scope");
    int64_t now = call->request->now_ms;
    struct token_facts facts;
    char hash[65];

    if (!token_find(call->service, old, "refresh", &facts) || facts.expires_ms <= now) {
        oauth_error(call, 400, "invalid_grant", "The refresh token is not valid, or no longer.");
    } else if (!scopes_are_in(scope, facts.scope)) {
        oauth_error(call, 400, "invalid_scope", "This was not granted.");
    } else if (facts.rotated_ms > 0 && now - facts.rotated_ms > TOKEN_OVERLAP_MS) {
        grant_drop(call->service, facts.grant);
        oauth_error(call, 400, "invalid_grant",
                    "The refresh token was used before. The sign-in has been ended.");
    } else {
        struct token next = token_derive(call->service, "refresh", old);

        if (facts.rotated_ms == 0) {
            token_hash(old, hash);
            accounts_run(call->service->accounts, "UPDATE tokens SET rotated = ? WHERE hash = ?", "is", now,
                         hash);
            token_keep(call->service, &next, facts.grant, "refresh", now + REFRESH_MS);
        }
        answer_tokens(call, facts.grant, facts.scope, &next);
        mem_wipe(&next, sizeof next);
    }
    token_facts_clear(&facts);
}

void oauth_token(struct call *call)
{
    const char *type = form_text(call, "grant_type");

    if (!client_is_known(call, false))
        return;
    if (strcmp(type, "urn:ietf:params:oauth:grant-type:device_code") == 0)
        grant_by_device(call);
    else if (strcmp(type, "refresh_token") == 0)
        grant_by_refresh(call);
    else
        oauth_error(call, 400, *type ? "unsupported_grant_type" : "invalid_request",
                    "There is no such grant_type.");
}

/* Unknown tokens are revoked already: RFC 7009, 2.2. */
void oauth_revoke(struct call *call)
{
    const char *token = form_text(call, "token");
    struct token_facts facts;
    char hash[65];

    if (!client_is_known(call, true))
        return;
    if (!*token) {
        oauth_error(call, 400, "invalid_request", "The token is missing.");
        return;
    }
    if (token_find(call->service, token, "refresh", &facts)) {
        grant_drop(call->service, facts.grant);
    } else {
        token_hash(token, hash);
        accounts_run(call->service->accounts, "DELETE FROM tokens WHERE hash = ? AND kind = 'access'", "s",
                     hash);
    }
    token_facts_clear(&facts);
    call->reply->status = 200;
}

void oauth_userinfo(struct call *call)
{
    if (!call_authenticate(call, "openid"))
        return;
    struct value *row =
        accounts_row(call->service->accounts, "SELECT email, name FROM users WHERE id = ?", "s", call->user);
    struct value *body = value_new_map();

    value_put_text(body, "sub", call->user);
    value_put_text(body, "email", value_member_text(row, "email"));
    value_put_text(body, "name", value_member_text(row, "name"));
    value_put_text(body, "account", call->tenant);
    call_reply(call, 200, body);
    value_free(row);
}

char *user_code_read(const char *typed)
{
    struct text code = {0};

    text_add(&code, "");
    for (; *typed && code.size <= CODE_LETTERS + 1; typed++) {
        if (!isalnum((unsigned char)*typed))
            continue;
        if (code.size == CODE_LETTERS / 2)
            text_add_char(&code, '-');
        text_add_char(&code, (char)toupper((unsigned char)*typed));
    }
    return code.bytes ? text_take(&code) : mem_copy("");
}

struct value *device_find(struct call *call, const char *user_code)
{
    return accounts_row(call->service->accounts,
                        "SELECT user_code, scope, host, address, created FROM devices"
                        " WHERE user_code = ? AND status = 'pending' AND expires > ?",
                        "si", user_code, call->request->now_ms);
}

void device_decide(struct call *call, const char *user_code, bool approve)
{
    accounts_run(call->service->accounts,
                 "UPDATE devices SET status = ?, user = ? WHERE user_code = ? AND status = 'pending' "
                 "AND expires > ?",
                 "sssi", approve ? "approved" : "refused", call->user, user_code, call->request->now_ms);
}
