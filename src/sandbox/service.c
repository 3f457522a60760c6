#include "service.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/mem.h"
#include "call.h"
#include "oauth.h"
#include "once.h"
#include "routes.h"
#include "token.h"
#include "user.h"
#include "json/doc.h"

struct service *service_new(const struct options *options, struct accounts *accounts, int64_t now_ms,
                            struct problem *why)
{
    struct service *service = mem_new(sizeof *service);
    char digits[65];

    service->options = *options;
    service->accounts = accounts;
    service->log = -1;
    pthread_mutex_init(&service->lock, NULL);
    digest_random(digits, sizeof digits - 1);
    accounts_begin(accounts);
    accounts_run(accounts, "INSERT OR IGNORE INTO meta VALUES ('key', ?)", "s", digits);
    struct value *row = accounts_row(accounts, "SELECT value FROM meta WHERE name = 'key'", "");
    const char *key = row ? value_member_text(row, "value") : "";

    sodium_hex2bin(service->key, sizeof service->key, key, strlen(key), NULL, NULL, NULL);
    value_free(row);
    if (!user_find(service, SERVICE_USER, NULL))
        user_add(service, SERVICE_USER, "Contoso administrator", SERVICE_PASSWORD, now_ms);
    if (accounts_commit(accounts))
        return service;
    problem_set(why, PROBLEM_FILE, "The database cannot be written.");
    service_free(service);
    return NULL;
}

void service_free(struct service *service)
{
    if (!service)
        return;
    pthread_mutex_destroy(&service->lock);
    mem_wipe(service, sizeof *service);
    free(service);
}

size_t service_body_limit(const char *target)
{
    size_t size = strcspn(target, "?"), wanted = strlen("/attribute-map");
    bool map = size > wanted && strncmp(target + size - wanted, "/attribute-map", wanted) == 0;

    return map ? SERVICE_MAP_LIMIT : SERVICE_BODY_LIMIT;
}

/* A name that leads here and nowhere else, so that no foreign page can be made to ask us: DNS rebinding. */
static bool host_is_ours(const struct service *service, const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    const int ports[] = {service->port, service->faults_port};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t k = 0; k < sizeof ports / sizeof *ports; k++) {
            char whole[32];

            snprintf(whole, sizeof whole, "%s:%d", names[i], ports[k]);
            if (ports[k] > 0 && strcmp(host, whole) == 0)
                return true;
        }
        if ((service->port == 443 || service->port == 80) && strcmp(host, names[i]) == 0)
            return true;
    }
    return false;
}

static bool type_is(const struct request *request, const char *type)
{
    const char *given = request_header(request, "content-type");
    size_t size = strlen(type);

    return given && strncasecmp(given, type, size) == 0 && (given[size] == '\0' || strchr("; ", given[size]));
}

static bool read_json(struct call *call)
{
    struct problem why = {0};

    if (!type_is(call->request, "application/json")) {
        call_problem(call, 415, NULL, "The body must be application/json.");
        return false;
    }
    call->body =
        json_read(call->request->body ? call->request->body : "", call->request->body_size, NULL, &why);
    if (!call->body)
        call_problem(call, 400, NULL, "The body is not JSON: line %d, column %d: %s", why.mark.line,
                     why.mark.column, why.text ? why.text : "");
    problem_clear(&why);
    return call->body != NULL;
}

static bool read_form(struct call *call)
{
    bool form = type_is(call->request, "application/x-www-form-urlencoded");

    call->body = form ? form_read(call->request->body, call->request->body_size) : NULL;
    if (call->body)
        return true;
    if (call->route->kind == ROUTE_OAUTH)
        oauth_error(call, 400, "invalid_request", "The body must be application/x-www-form-urlencoded.");
    else
        call_problem(call, form ? 400 : 415, NULL, "The body must be application/x-www-form-urlencoded.");
    return false;
}

/* What the API asks of every request before its handler sees it; false when the reply is written. */
static bool prepare_api(struct call *call)
{
    const char *method = call->route->method;
    bool posts = strcmp(method, "POST") == 0, puts = strcmp(method, "PUT") == 0;

    if (!call_authenticate(call, "commerce.manage"))
        return false;
    if (posts && !once_begin(call))
        return false;
    if (route_changes(call->route) && !posts && !request_header(call->request, "if-match") &&
        !(puts && request_header(call->request, "if-none-match"))) {
        call_problem(call, 428, NULL, "Every change needs If-Match with the ETag that was read%s.",
                     puts ? ", or If-None-Match: * to make what must not be there yet" : "");
        return false;
    }
    return !(posts || puts) || read_json(call);
}

/* What is refused to any request: not for us, nothing there, wrong method. False when the reply is written.
 */
static bool find(struct call *call)
{
    const char *host = request_header(call->request, "host");
    struct text allowed = {0};
    bool good = true;

    call->path = mem_copy_bytes(call->request->target, strcspn(call->request->target, "?"));
    const char *query = strchr(call->request->target, '?');

    call->query = form_read(query ? query + 1 : "", query ? strlen(query + 1) : 0);
    call->route =
        route_find(&call->service->options, call->request->method, call->path, call->args, &allowed);
    if (!host || !host_is_ours(call->service, host)) {
        call_problem(call, host ? 421 : 400, NULL,
                     "This service answers on the loopback interface under its own name only.");
        good = false;
    } else if (!call->route && allowed.size > 0) {
        reply_header(call->reply, "Allow", "%s", allowed.bytes);
        call_problem(call, 405, NULL, "This address does not take %s.", call->request->method);
        good = false;
    } else if (!call->route) {
        call_problem(call, 404, NULL, "There is nothing at this address.");
        good = false;
    } else if (!call->query) {
        call_problem(call, 400, NULL, "The query cannot be read.");
        good = false;
    }
    text_clear(&allowed);
    return good;
}

static bool prepare(struct call *call)
{
    switch (call->route->kind) {
    case ROUTE_API:
        return prepare_api(call);
    case ROUTE_OPEN:
        return true;
    case ROUTE_OAUTH:
    case ROUTE_PAGE:
        return !route_changes(call->route) || read_form(call);
    }
    return false;
}

/* An ETag on all that can be read, and 304 for those who have it. */
static void tag(const struct call *call)
{
    struct reply *reply = call->reply;
    const char *none = request_header(call->request, "if-none-match");
    char hash[65];

    if (reply->status != 200 || route_changes(call->route))
        return;
    if (!reply->headers || !value_member(reply->headers, "ETag")) {
        digest_sha256(text_bytes(&reply->body), reply->body.size, hash);
        reply_header(reply, "ETag", "\"%.32s\"", hash);
    }
    if (none && (strcmp(none, "*") == 0 || strstr(none, value_member_text(reply->headers, "ETag")))) {
        reply->status = 304;
        text_empty(&reply->body);
    }
}

static void mark_reply(const struct request *request, struct reply *reply)
{
    const char *id = request_header(request, "x-request-id");
    size_t length = id ? strlen(id) : 0;
    char made[33];

    if (length == 0 || length > 128 ||
        strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") != length) {
        digest_random(made, sizeof made - 1);
        id = made;
    }
    reply_header(reply, "X-Request-Id", "%s", id);
    if (!value_member(reply->headers, "Cache-Control"))
        reply_header(reply, "Cache-Control", "no-store");
    reply_header(reply, "X-Content-Type-Options", "nosniff");
}

/* A route that answers what the contract does not say is our own mistake: told on standard error, where tests
 * look. */
static void check_status(const struct call *call)
{
    struct text statuses = {0};
    char word[12];

    route_statuses(call->route, &statuses);
    snprintf(word, sizeof word, "%d", call->reply->status);
    if (!strstr(statuses.bytes, word) && call->reply->status != 500)
        fprintf(stderr, "commerce-sandbox: %s %s answered %s, which its route does not name\n",
                call->route->method, call->route->path, word);
    text_clear(&statuses);
}

static void call_clear(struct call *call)
{
    free(call->path);
    value_free(call->query);
    free(call->args[0]);
    free(call->args[1]);
    value_free(call->body);
    value_free(call->faults);
    free(call->tenant);
    free(call->user);
    free(call->email);
    mem_free_secret(call->session);
}

void service_answer(struct service *service, const struct request *request, struct reply *reply)
{
    struct call call = {.service = service, .request = request, .reply = reply, .faults = value_new_list()};

    pthread_mutex_lock(&service->lock);
    accounts_begin(service->accounts);
    bool found = find(&call);

    if (found && prepare(&call)) {
        call.route->answer(&call);
        if (call.route->kind == ROUTE_API && strcmp(call.route->method, "POST") == 0)
            once_keep(&call);
    }
    if (!accounts_commit(service->accounts)) {
        reply_clear(reply);
        call_problem(&call, 500, NULL, "The service could not keep this. Nothing was changed.");
    }
    if (found) {
        if (call.route->kind == ROUTE_API || call.route->kind == ROUTE_OPEN)
            tag(&call);
        check_status(&call);
    }
    pthread_mutex_unlock(&service->lock);
    mark_reply(request, reply);
    call_clear(&call);
}

void service_refuse(const struct request *request, int status, const char *detail, struct reply *reply)
{
    struct value *body = problem_body(status, NULL, detail, NULL);

    reply_json(reply, status, "application/problem+json", body);
    mark_reply(request, reply);
    value_free(body);
}

void service_print_routes(struct text *out)
{
    const struct route *route;

    for (size_t i = 0; (route = route_at(i)); i++) {
        struct text statuses = {0};

        route_statuses(route, &statuses);
        text_addf(out, "%s %s %s\n", route->method, route->path, statuses.bytes);
        text_clear(&statuses);
    }
}
