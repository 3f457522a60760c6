#include "token.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/mem.h"

struct token token_new(void)
{
    struct token token;

    digest_random(token.text, TOKEN_DIGITS);
    return token;
}

void token_hash(const char *token, char hex[65])
{
    digest_sha256(token, strlen(token), hex);
}

struct token token_derive(const struct service *service, const char *purpose, const char *of)
{
    unsigned char hash[TOKEN_DIGITS / 2];
    struct token token;
    char *text = text_format("%s:%s", purpose, of);

    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), service->key,
                       sizeof service->key);
    sodium_bin2hex(token.text, sizeof token.text, hash, sizeof hash);
    mem_free_secret(text);
    return token;
}

char *grant_new(struct service *service, const char *user, const char *scope, const char *host,
                int64_t now_ms)
{
    char *id = mem_new(25);

    digest_random(id, 24);
    accounts_run(service->accounts, "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?)", "sssssi", id, user,
                 TOKEN_CLIENT, scope, host, now_ms);
    return id;
}

void grant_drop(struct service *service, const char *grant)
{
    accounts_run(service->accounts, "DELETE FROM grants WHERE id = ?", "s", grant); /* and its tokens */
}

bool grant_drop_of(struct service *service, const char *grant, const char *user)
{
    return accounts_run(service->accounts, "DELETE FROM grants WHERE id = ? AND user = ?", "ss", grant,
                        user) > 0;
}

struct value *grants_of(struct service *service, const char *user, int64_t now_ms)
{
    return accounts_rows(service->accounts,
                         "SELECT id, coalesce(host, '') AS host, created FROM grants WHERE user = ?"
                         " AND EXISTS (SELECT 1 FROM tokens WHERE grant_id = id AND expires > ?)"
                         " ORDER BY created DESC, id",
                         "si", user, now_ms);
}

void token_keep(struct service *service, const struct token *token, const char *grant, const char *kind,
                int64_t expires_ms)
{
    char hash[65];

    token_hash(token->text, hash);
    accounts_run(service->accounts, "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, 0)", "sssi", hash,
                 grant, kind, expires_ms);
}

bool token_find(struct service *service, const char *token, const char *kind, struct token_facts *facts)
{
    char hash[65];

    *facts = (struct token_facts){0};
    token_hash(token, hash);
    struct value *row =
        accounts_row(service->accounts,
                     "SELECT t.grant_id, t.expires, t.rotated, g.user, g.scope, u.tenant FROM tokens t"
                     " JOIN grants g ON g.id = t.grant_id JOIN users u ON u.id = g.user"
                     " WHERE t.hash = ? AND t.kind = ?",
                     "ss", hash, kind);

    if (!row)
        return false;
    facts->grant = mem_copy(value_member_text(row, "grant_id"));
    facts->user = mem_copy(value_member_text(row, "user"));
    facts->tenant = mem_copy(value_member_text(row, "tenant"));
    facts->scope = mem_copy(value_member_text(row, "scope"));
    facts->rotated_ms = row_number(row, "rotated");
    facts->expires_ms = row_number(row, "expires");
    value_free(row);
    return true;
}

void token_facts_clear(struct token_facts *facts)
{
    free(facts->grant);
    free(facts->user);
    free(facts->tenant);
    free(facts->scope);
    *facts = (struct token_facts){0};
}

bool scope_has(const char *scopes, const char *scope)
{
    size_t length = strlen(scope);

    for (const char *at = strstr(scopes, scope); at; at = strstr(at + 1, scope))
        if ((at == scopes || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* The words of WWW-Authenticate are those of RFC 6750, 3. */
bool call_authenticate(struct call *call, const char *scope)
{
    const char *header = request_header(call->request, "authorization");
    struct token_facts facts = {0};
    bool given = header && strncasecmp(header, "Bearer ", 7) == 0;
    bool found = given && token_find(call->service, header + 7 + strspn(header + 7, " "), "access", &facts) &&
                 facts.expires_ms > call->request->now_ms;
    bool allowed = found && scope_has(facts.scope, scope);

    if (allowed) {
        call->tenant = mem_copy(facts.tenant);
        call->user = mem_copy(facts.user);
    } else if (found) {
        reply_header(call->reply, "WWW-Authenticate",
                     "Bearer realm=\"commerce-services\", error=\"insufficient_scope\", scope=\"%s\"", scope);
        call_problem(call, 403, NULL, "The token does not allow this: it lacks the scope %s.", scope);
    } else {
        reply_header(call->reply, "WWW-Authenticate", "Bearer realm=\"commerce-services\"%s",
                     given ? ", error=\"invalid_token\"" : "");
        call_problem(call, 401, NULL,
                     given ? "The token is not valid, or no longer."
                           : "A token is needed: Authorization: Bearer.");
    }
    token_facts_clear(&facts);
    return allowed;
}

char *token_issue(struct service *service, int64_t now_ms)
{
    const int64_t ten_years_ms = 3650LL * 24 * 3600 * 1000;
    struct token token = token_new();

    accounts_begin(service->accounts);
    struct value *user =
        accounts_row(service->accounts, "SELECT id FROM users WHERE email = ?", "s", SERVICE_USER);
    char *grant = grant_new(service, value_member_text(user, "id"), TOKEN_SCOPES, NULL, now_ms);

    token_keep(service, &token, grant, "access", now_ms + ten_years_ms);
    free(grant);
    value_free(user);
    return accounts_commit(service->accounts) ? mem_copy(token.text) : NULL;
}
