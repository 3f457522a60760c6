/*
 * token - bearer tokens: 256 random bits, kept as hashes only, each belonging to a grant that can be taken back whole.
 */
#ifndef SANDBOX_TOKEN_H
#define SANDBOX_TOKEN_H

#include "call.h"

#define TOKEN_SCOPES "openid offline_access commerce.manage"
#define TOKEN_CLIENT "commerce-setup"

enum { TOKEN_DIGITS = 64, TOKEN_OVERLAP_MS = 60 * 1000 };

struct token {
    char text[TOKEN_DIGITS + 1];
};

/* What a token is good for, once it was found. */
struct token_facts {
    char *grant;
    char *user;
    char *tenant;
    char *scope;
    int64_t rotated_ms;     /* of a refresh token: when it was first used; 0 if it was not */
    int64_t expires_ms;
};

struct token token_new(void);
void token_hash(const char *token, char hex[65]);
/* A keyed hash of `purpose` and `of`: only this database can make it, and it is always the same. */
struct token token_derive(const struct service *service, const char *purpose, const char *of);

/* A new grant; its id, yours. */
char *grant_new(struct service *service, const char *user, const char *scope, const char *host, int64_t now_ms);
void grant_drop(struct service *service, const char *grant);
/* The same if it is this user's; false if there is no such grant of theirs. */
bool grant_drop_of(struct service *service, const char *grant, const char *user);
/* Those that still have a token which is good: a list of {id, host, created}, the last first; yours. */
struct value *grants_of(struct service *service, const char *user, int64_t now_ms);
void token_keep(struct service *service, const struct token *token, const char *grant, const char *kind,
                int64_t expires_ms);
/* kind  "access" or "refresh". False if there is no such token; expiry is the caller's affair. */
bool token_find(struct service *service, const char *token, const char *kind, struct token_facts *facts);
void token_facts_clear(struct token_facts *facts);
bool scope_has(const char *scopes, const char *scope);

/* Fills in tenant and user from the Authorization header. False: the reply is 401 or 403. */
bool call_authenticate(struct call *call, const char *scope);

/* An access token of the try-out account that lasts ten years, for --issue-token; yours, a secret. */
char *token_issue(struct service *service, int64_t now_ms);

#endif
