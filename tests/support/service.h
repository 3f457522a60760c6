/*
 * The try-out service without a socket, at whatever time the test says it is.
 *
 *      struct world world = world_new();
 *      ask(&world, "GET", "/v1/me", NULL, NULL);
 *      assert_int_equal(world.reply.status, 200);
 *      world.now_ms += 1000;
 */
#ifndef SUPPORT_SERVICE_H
#define SUPPORT_SERVICE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/sandbox/service.h"
#include "../src/sandbox/token.h"
#include "../src/sandbox/user.h"
#include "base/mem.h"
#include "json/doc.h"
#include "support/check.h"

struct world {
    struct service *service;
    struct accounts *accounts;
    int64_t now_ms;
    char *token;                /* sent with each request, unless NULL */
    struct reply reply;         /* of the last request */
    struct value *body;         /* of that, if it was JSON */
};

static inline struct world world_new(void)
{
    struct world world = {.now_ms = 1800000000000};    /* some day in 2027 */
    struct options options;

    options_default(&options);
    options.interval = 5;
    world.accounts = accounts_open(NULL, true, NULL);
    assert_non_null(world.accounts);
    world.service = service_new(&options, world.accounts, world.now_ms, NULL);
    assert_non_null(world.service);
    world.service->port = 8443;
    world.token = token_issue(world.service, world.now_ms);
    return world;
}

static inline void world_free(struct world *world)
{
    reply_clear(&world->reply);
    value_free(world->body);
    free(world->token);
    service_free(world->service);
    accounts_close(world->accounts);
}

/* headers  "Name: text" lines with "\n" between them, names in small letters; NULL: none beyond those every request has */
static inline void ask(struct world *world, const char *method, const char *target, const char *headers, const char *body)
{
    struct request request = {.method = method, .target = target, .secure = true, .headers = value_new_map(), .body = body,
                              .body_size = body ? strlen(body) : 0, .now_ms = world->now_ms};

    value_put_text(request.headers, "host", "localhost:8443");
    value_put_text(request.headers, "content-type", text_starts(target, "/v1") ? "application/json"
                                                                                : "application/x-www-form-urlencoded");
    if (world->token) {
        char *bearer = text_format("Bearer %s", world->token);

        value_put_text(request.headers, "authorization", bearer);
        free(bearer);
    }
    while (headers && *headers) {
        size_t size = strcspn(headers, "\n"), name = strcspn(headers, ":");
        char *line = mem_copy_bytes(headers, size);

        line[name] = '\0';
        value_put_text(request.headers, line, line + name + 2);
        free(line);
        headers += size + (headers[size] == '\n');
    }
    reply_clear(&world->reply);
    value_free(world->body);
    service_answer(world->service, &request, &world->reply);
    world->body = json_read(text_bytes(&world->reply.body), world->reply.body.size, NULL, NULL);
    value_free(request.headers);
}

static inline const char *got(const struct world *world, const char *path)
{
    const char *text = world->body ? value_text(world->body, path) : NULL;

    return text ? text : "";
}

static inline const char *got_header(const struct world *world, const char *name)
{
    const char *text = world->reply.headers ? value_member_text(world->reply.headers, name) : NULL;

    return text ? text : "";
}

/* A token of a user with a tenant of its own; yours. */
static inline char *somebody_else(struct world *world)
{
    struct token token = token_new();
    char *user = NULL, *grant;

    user_add(world->service, "eve@fabrikam.example", "Eve", "correct horse battery", world->now_ms);
    assert_true(user_find(world->service, "eve@fabrikam.example", &user));
    grant = grant_new(world->service, user, TOKEN_SCOPES, NULL, world->now_ms);
    token_keep(world->service, &token, grant, "access", world->now_ms + 1000000);
    free(user);
    free(grant);
    return mem_copy(token.text);
}

/* Begins a sign-in; the device code is yours, the user code is written into `user_code`. */
static inline char *begin(struct world *world, char user_code[16])
{
    ask(world, "POST", "/oauth/device_authorization", NULL, "client_id=commerce-setup&host=erp01");
    assert_int_equal(world->reply.status, 200);
    snprintf(user_code, 16, "%s", got(world, "user_code"));
    return mem_copy(got(world, "device_code"));
}

/* All that is in the database, as text; yours. */
static inline char *dump(struct world *world)
{
    static const char *const queries[] = {
        "SELECT * FROM meta", "SELECT * FROM tenants", "SELECT * FROM users", "SELECT * FROM tries", "SELECT * FROM sessions",
        "SELECT * FROM devices", "SELECT * FROM grants", "SELECT * FROM tokens", "SELECT * FROM documents",
        "SELECT * FROM operations", "SELECT * FROM activations", "SELECT * FROM answers",
    };
    struct text out = {0};
    struct value *tables = accounts_rows(world->accounts, "SELECT name FROM sqlite_master WHERE type = 'table'", "");

    assert_int_equal(value_count(tables), LENGTH(queries));
    value_free(tables);
    for (size_t i = 0; i < LENGTH(queries); i++) {
        struct value *rows = accounts_rows(world->accounts, queries[i], "");

        json_write(rows, &out);
        value_free(rows);
    }
    return text_take(&out);
}

#endif
