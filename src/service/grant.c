/*
 * What a response of the token endpoint means. Only an OAuth error in JSON, or its bare name as plain text, is definite: an HTML page,
 * an empty body, a redirect or a failure may come from anything between here and the service, and says nothing about the grant.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "base/mem.h"
#include "private.h"

#define DESCRIPTION_COLUMNS 200

/* RFC 6749, 5.2; RFC 8628, 3.5; RFC 8707; and the names that others use for the same. */
static const struct {
    const char *name;
    enum grant grant;
    const char *means;      /* NULL: itself */
} known[] = {
    {"authorization_pending", GRANT_PENDING, NULL}, {"slow_down", GRANT_SLOW_DOWN, NULL},
    {"access_denied", GRANT_ERROR, NULL}, {"expired_token", GRANT_ERROR, NULL}, {"invalid_grant", GRANT_ERROR, NULL},
    {"invalid_client", GRANT_ERROR, NULL}, {"unauthorized_client", GRANT_ERROR, NULL}, {"invalid_request", GRANT_ERROR, NULL},
    {"unsupported_grant_type", GRANT_ERROR, NULL}, {"invalid_scope", GRANT_ERROR, NULL}, {"invalid_target", GRANT_ERROR, NULL},
    {"authorization_declined", GRANT_ERROR, "access_denied"},       /* the Microsoft identity platform */
    {"bad_verification_code", GRANT_ERROR, "invalid_grant"},        /* Microsoft, GitHub */
    {"bad_refresh_token", GRANT_ERROR, "invalid_grant"},            /* GitHub */
    {"server_error", GRANT_NONE, NULL}, {"temporarily_unavailable", GRANT_NONE, NULL},
};

static bool looks_like_a_code(const char *error)
{
    for (const char *at = error; *at; at++)
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '_' && *at != '.' && *at != '-')
            return false;
    return islower((unsigned char)*error) && strlen(error) <= 64;
}

/* The error that a response names: in JSON, or as all of its text; yours; NULL: none. */
static char *error_of(const struct http_answer *answer, const struct value *body)
{
    const char *error = value_member_text(body, "error"), *text = text_bytes(&answer->body);
    if (body && body->kind == VALUE_MAP)
        return mem_copy(error);
    if (body && body->kind == VALUE_TEXT)
        return mem_copy(body->text);
    text += strspn(text, " \t\r\n");
    return *text ? mem_copy_bytes(text, strcspn(text, " \t\r\n")) : NULL;
}

static bool is_tokens(const struct value *body)
{
    const char *access = value_member_text(body, "access_token"), *refresh = value_member_text(body, "refresh_token");
    const char *type = value_member_text(body, "token_type");
    return sign_in_token_good(access) && (!refresh || sign_in_token_good(refresh)) && (!type || strcasecmp(type, "bearer") == 0);
}

/* Whether an error is believed with this status: a gateway has errors of its own. */
static bool is_believed(int status)
{
    return (status >= 200 && status < 300) || (status >= 400 && status < 500 && status != 408 && status != 429);
}

enum grant grant_of(const struct http_answer *answer, const struct value *body, const char **error)
{
    enum grant grant = GRANT_NONE;
    int status = answer->status;
    *error = NULL;
    if (answer->failure != HTTP_GOOD)
        return GRANT_NONE;
    char *named = error_of(answer, body);
    size_t i = 0;
    while (named && i < sizeof known / sizeof *known && strcmp(named, known[i].name) != 0)
        i++;
    if (named && i < sizeof known / sizeof *known) {
        grant = known[i].grant;
        *error = known[i].means ? known[i].means : known[i].name;
        if (grant == GRANT_ERROR && !is_believed(status))
            grant = GRANT_NONE;
    } else if (value_member_text(body, "error") && (status == 200 || status == 400) && looks_like_a_code(named)) {
        grant = GRANT_ERROR;        /* an extension (RFC 6749, 8.5) */
        *error = value_member_text(body, "error");
    } else if (status == 400 && !answer->body.size) {
        grant = GRANT_PENDING;      /* what some servers return while they wait */
    } else if (status == 200 && value_member(body, "access_token")) {
        grant = is_tokens(body) ? GRANT_TOKENS : GRANT_UNUSABLE;
    }
    free(named);
    return grant;
}

char *grant_words(const char *text, const struct value *body, const char *error)
{
    char *description = clean_cut(value_member_text(body, "error_description"), DESCRIPTION_COLUMNS, CLEAN_PROSE, false);
    char *name = clean_cut(error, DESCRIPTION_COLUMNS, CLEAN_NAME, false);
    bool common = text_same(error, "access_denied") || text_same(error, "expired_token");      /* the text says it */
    char *words = *description ? text_format("%s: \"%s\"%s%s%s", text, description, common ? "" : " (", common ? "" : name, common ? "" : ")")
                  : common     ? mem_copy(text)
                               : text_format("%s (%s)", text, name);
    free(description);
    free(name);
    return words;
}
