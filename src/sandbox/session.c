#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "token.h"

/* __Host-: from this very host, for all paths, over TLS only. Over plain http browsers refuse that name. */
static const char *cookie_name(const struct call *call)
{
    return call->request->secure ? "__Host-commerce" : "commerce";
}

static void set_cookie(struct call *call, const char *id, int seconds)
{
    reply_header(call->reply, "Set-Cookie", "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
                 cookie_name(call), id, seconds, call->request->secure ? "; Secure" : "");
}

/* The value of our cookie, yours; NULL if there is none or it is not one of ours. */
static char *read_cookie(const struct call *call)
{
    const char *at = request_header(call->request, "cookie"), *name = cookie_name(call);
    size_t size = strlen(name);

    while (at && *at) {
        at += strspn(at, " ;");
        if (strncmp(at, name, size) == 0 && at[size] == '=') {
            const char *id = at + size + 1;

            return strspn(id, "0123456789abcdef") == TOKEN_DIGITS ? mem_copy_bytes(id, TOKEN_DIGITS) : NULL;
        }
        at += strcspn(at, ";");
    }
    return NULL;
}

static void begin(struct call *call)
{
    struct token id = token_new();

    mem_free_secret(call->session);
    call->session = mem_copy(id.text);
    set_cookie(call, id.text, SESSION_SECONDS);
    mem_wipe(&id, sizeof id);
}

void session_load(struct call *call)
{
    char hash[65];

    call->session = read_cookie(call);
    if (!call->session) {
        begin(call);
        return;
    }
    token_hash(call->session, hash);
    struct value *row =
        accounts_row(call->service->accounts,
                     "SELECT u.id, u.email, u.tenant FROM sessions s JOIN users u ON u.id = s.user"
                     " WHERE s.hash = ? AND s.expires > ?",
                     "si", hash, call->request->now_ms);

    if (row) {
        call->user = mem_copy(value_member_text(row, "id"));
        call->email = mem_copy(value_member_text(row, "email"));
        call->tenant = mem_copy(value_member_text(row, "tenant"));
    }
    value_free(row);
}

char *session_form_token(const struct call *call)
{
    struct token token = token_derive(call->service, "form", call->session);

    return mem_copy(token.text);
}

static bool origin_is_ours(const struct call *call)
{
    const char *origin = request_header(call->request, "origin"),
               *referer = request_header(call->request, "referer");
    char *base = call_base(call);
    size_t size = strlen(base);
    bool ours = origin ? strcmp(origin, base) == 0
                       : referer && strncmp(referer, base, size) == 0 && referer[size] == '/';

    free(base);
    return ours;
}

bool session_form_is_ours(const struct call *call)
{
    const char *given = value_member_text(call->body, "form");
    char *token = session_form_token(call);
    unsigned difference = 0;
    bool same_size = given && strlen(given) == strlen(token);

    for (size_t i = 0; same_size && token[i]; i++)
        difference |= (unsigned char)given[i] ^ (unsigned char)token[i]; /* as long for any wrong one */
    mem_free_secret(token);
    return same_size && difference == 0 && origin_is_ours(call);
}

static void forget(struct call *call)
{
    char hash[65];

    token_hash(call->session, hash);
    accounts_run(call->service->accounts, "DELETE FROM sessions WHERE hash = ?", "s", hash);
}

void session_sign_in(struct call *call, const char *user)
{
    char hash[65];

    forget(call); /* whoever was signed in before at this browser */
    begin(call);
    token_hash(call->session, hash);
    accounts_run(call->service->accounts, "DELETE FROM sessions WHERE expires <= ?", "i",
                 call->request->now_ms);
    accounts_run(call->service->accounts, "INSERT INTO sessions VALUES (?, ?, ?)", "ssi", hash, user,
                 call->request->now_ms + SESSION_SECONDS * 1000LL);
}

void session_sign_out(struct call *call)
{
    forget(call);
    set_cookie(call, "", 0);
}
