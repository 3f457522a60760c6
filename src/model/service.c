#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "names.h"
#include "service_read.h"

static const char *const service_words[] = {
    "service", "sign_in", "version", "errors", "pages", "match", "idempotency", "operations", NULL,
};
static const char *const device_words[] = { "kind", "client_id", "scope", "who", NULL };
static const char *const password_words[] = { "kind", "request", "send", "token", "header", "renew", "who", NULL };
static const char *const sign_in_kinds[] = { "device", "password", NULL };
static const char *const who_words[] = { "from", "request", "user", "account", NULL };
static const char *const who_from[] = { "service", "userinfo", "id-token", NULL };
static const char *const version_words[] = { "request", "at", "accept", NULL };
static const char *const errors_words[] = { "text", "each", "at", "say", "named", NULL };
static const char *const pages_words[] = { "none", "link", NULL };
static const char *const offset_words[] = { "offset", "count", NULL };
static const char *const match_words[] = { "none", "etag", "read", NULL };
static const char *const idempotency_words[] = { "key", NULL };

static void need_texts(struct reader *reader, const struct value *map, const char *const *names)
{
    for (; *names; names++)
        reader_text(reader, map, *names, true);
}

/* The request that takes name and password is an operation like others; only it stands apart. */
static void password_read(struct reader *reader, const struct value *found, struct service *service)
{
    static const char *const needed[] = { "request", "token", NULL };
    const char *renew = value_member_text(found, "renew");

    need_texts(reader, found, needed);
    reader_text(reader, found, "header", false);
    reader_text(reader, found, "renew", false);
    if (renew && !text_starts(renew, "POST /"))
        reader_fault(reader, value_member(found, "renew")->mark, "\"%s\" is no POST with a path", renew);
    if (!value_member(found, "send"))
        reader_fault(reader, found->mark, "\"send\" is missing here");
    service->enter = mem_new(sizeof *service->enter);
    operation_read_enter(reader, found, service->enter);
}

static void sign_in_read(struct reader *reader, const struct value *root, struct service *service)
{
    static const char *const needed[] = { "client_id", "scope", NULL };
    static const char *const who_needed[] = { "request", "user", NULL };
    static const char *const who_pointers[] = { "user", "account", NULL };
    const struct value *found = value_member(root, "sign_in"), *who;
    bool password = text_same(value_member_text(found, "kind"), "password");

    found = reader_map(reader, root, "sign_in", password ? password_words : device_words);
    if (!found)
        return;
    if (!value_member(found, "kind"))
        reader_fault(reader, found->mark, "\"kind\" is missing here");
    reader_word(reader, found, "kind", sign_in_kinds);
    if (password)
        password_read(reader, found, service);
    else
        need_texts(reader, found, needed);
    who = reader_map(reader, found, "who", who_words);
    reader_pointers(reader, who, who_pointers);
    if (who)    /* only the service is asked by a request of our own */
        need_texts(reader, who, reader_word(reader, who, "from", who_from) > 0 ? who_needed + 1 : who_needed);
    service->sign_in = found;
}

static void version_read(struct reader *reader, const struct value *root, struct service *service)
{
    static const char *const needed[] = { "request", "at", NULL };
    const struct value *found = reader_map(reader, root, "version", version_words);

    if (!found)
        return;
    need_texts(reader, found, needed);
    reader_pointers(reader, found, needed + 1);
    reader_texts(reader, found, "accept");
    if (!value_member(found, "accept"))
        reader_fault(reader, found->mark, "\"accept\" is missing here");
    service->version = found;
}

/* A word, or {offset: NAME, count: POINTER}. */
static void pages_read(struct reader *reader, const struct value *root, struct service *service)
{
    static const char *const needed[] = { "offset", "count", NULL };
    const struct value *found = value_member(root, "pages");

    if (!found || found->kind != VALUE_MAP) {
        service->pages = reader_word(reader, root, "pages", pages_words) == 1 ? PAGES_LINK : PAGES_NONE;
        return;
    }
    reader_words(reader, found, "pages by offset", offset_words);
    need_texts(reader, found, needed);
    reader_pointers(reader, found, needed + 1);
    service->pages = PAGES_OFFSET;
    service->offset = found;
}

static void match_read(struct reader *reader, const struct value *root, struct service *service)
{
    int word = reader_word(reader, root, "match", match_words);

    service->match = word > 0 ? (enum match)word : MATCH_NONE;
}

static void errors_read(struct reader *reader, const struct value *root, struct service *service)
{
    static const char *const pointers[] = { "text", "each", "at", "say", NULL };
    const struct value *found = reader_map(reader, root, "errors", errors_words);
    const struct value *named = value_member(found, "named");

    if (named && named->kind == VALUE_TEXT)
        reader_pattern(reader, named->mark, named->text, 1);

    for (size_t i = 0; i < value_count(found); i++)
        reader_text(reader, found, value_name(found, i), false);
    reader_pointers(reader, found, pointers);
    service->errors = found;
}

static void operations_read(struct reader *reader, const struct value *root, struct service *service)
{
    const struct value *found = reader_map(reader, root, "operations", NULL);

    if (!found || found->count == 0) {
        reader_fault(reader, root->mark, "a service needs \"operations\"");
        return;
    }
    service->operations = mem_new(found->count * sizeof *service->operations);
    service->operation_count = found->count;
    for (size_t i = 0; i < found->count; i++)
        operation_read(reader, value_name(found, i), value_item(found, i), &service->operations[i]);
}

static void service_fill(struct reader *reader, const struct value *root, struct service *service)
{
    service->id = reader_text(reader, root, "service", true);
    sign_in_read(reader, root, service);
    version_read(reader, root, service);
    errors_read(reader, root, service);
    pages_read(reader, root, service);
    match_read(reader, root, service);
    service->idempotency = reader_word(reader, root, "idempotency", idempotency_words) == 0;
    operations_read(reader, root, service);
}

struct service *service_read(const char *path, struct problems *problems)
{
    struct service *service = NULL;
    struct reader reader;
    struct value *root = reader_open(&reader, path, "a service", service_words, problems);

    if (root) {
        service = mem_new(sizeof *service);
        service->root = root;
        service_fill(&reader, root, service);
    }
    if (service && !reader_is_good(&reader)) {
        service_free(service);
        service = NULL;
    }
    reader_close(&reader);
    return service;
}

void service_free(struct service *service)
{
    if (!service)
        return;
    free(service->operations);
    free(service->enter);
    value_free(service->root);
    free(service);
}

const struct operation *service_operation(const struct service *service, const char *id)
{
    for (size_t i = 0; i < service->operation_count; i++)
        if (text_same(service->operations[i].id, id))
            return &service->operations[i];
    return NULL;
}

const struct operation *service_offering(const struct service *service, const char *set, struct value **bound)
{
    *bound = NULL;
    for (size_t i = 0; i < service->operation_count; i++) {
        const char *to = value_member_text(service->operations[i].offer, "to");

        *bound = to ? scope_unify(to, set) : NULL;
        if (*bound)
            return &service->operations[i];
    }
    return NULL;
}
