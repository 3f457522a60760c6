#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "list.h"
#include "providers.h"
#include "shape.h"

static struct value *yes_or_no(bool yes)
{
    return value_new_scalar(SCALAR_YESNO, yes ? "yes" : "no");
}

static void put_etag(struct value *item, int64_t version)
{
    char *etag = text_format("\"v%lld\"", (long long)version);

    value_put_text(item, "etag", etag);
    free(etag);
}

/* The rows of a collection as list items: their key as member `key` in front, their ETag as the last. */
static struct value *row_items(struct call *call, const char *collection, const char *key)
{
    struct value *rows = document_rows(call, collection), *items = value_new_list();

    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i), *body = value_member(row, "body");
        struct value *item = value_append(items, value_new_map());

        value_put_text(item, key, value_member_text(row, "key"));
        for (size_t k = 0; k < value_count(body); k++)
            value_put(item, value_name(body, k), value_copy(value_item(body, k)));
        put_etag(item, row_number(row, "version"));
    }
    value_free(rows);
    return items;
}

/* Keys stand in addresses and logs, so they are kept plain: letters, digits and . _ @ + - signs. */
static void check_key(struct call *call, const char *key, const char *pointer)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-";
    size_t length = strlen(key);

    if (length == 0 || length > 64 || strspn(key, letters) != length)
        fault_add(call->faults, pointer,
                  "Give 1 to 64 letters, digits, dots, dashes, underscores, @ or + signs.");
}

static void row_get(struct call *call, const char *collection, const char *key)
{
    int64_t version;
    struct value *body = document_read(call, collection, key, &version);

    if (body)
        call_reply_version(call, 200, body, version);
    else
        call_problem(call, 404, NULL, "There is no \"%s\".", key);
}

/* Writes `body`, which was found good; takes it. */
static void row_put(struct call *call, const char *collection, const char *key, struct value *body)
{
    int64_t version;

    value_free(document_read(call, collection, key, &version));
    if (call_condition(call, version)) {
        bool created = version < 0;

        version = document_write(call, collection, key, body);
        call_reply_version(call, created ? 201 : 200, value_copy(body), version);
    }
    value_free(body);
}

static void row_delete(struct call *call, const char *collection, const char *key)
{
    int64_t version;
    struct value *body = document_read(call, collection, key, &version);

    if (!body) {
        call_problem(call, 404, NULL, "There is no \"%s\".", key);
    } else if (call_condition(call, version)) {
        document_drop(call, collection, key);
        call->reply->status = 204;
    }
    value_free(body);
}

void providers_list(struct call *call)
{
    struct value *items = value_new_list();
    const struct provider *provider;

    for (size_t i = 0; (provider = provider_at(i)); i++) {
        struct value *item = value_append(items, value_new_map());

        value_put_text(item, "id", provider->id);
        value_put_text(item, "name", provider->name);
        struct value *methods = value_put(item, "methods", value_new_list());

        for (size_t k = 0; provider->methods[k]; k++)
            value_append(methods, value_new_text(provider->methods[k]));
        struct value *credentials = value_put(item, "credentials", value_new_list());

        for (const struct credential *one = provider->credentials; one->name; one++) {
            struct value *credential = value_append(credentials, value_new_map());

            value_put_text(credential, "name", one->name);
            value_put_text(credential, "label", one->label);
            value_put(credential, "required", yes_or_no(one->required));
            value_put(credential, "secret", yes_or_no(one->secret));
            value_put_text(credential, "help", one->help);
        }
    }
    list_answer_rows(call, items, "id");
}

static const struct provider *asked_provider(struct call *call)
{
    const struct provider *provider = provider_find(call->args[0]);

    if (!provider)
        call_problem(call, 404, NULL, "There is no payment provider \"%s\".", call->args[0]);
    return provider;
}

/*
 * Checks the credentials of the request against what the provider wants. `kept` is what is chosen so far
 * (NULL: not chosen): a secret that is set already may be left out.
 */
static void check_credentials(struct call *call, const struct provider *provider, const struct value *kept)
{
    const struct value *given = value_member(call->body, "credentials");
    const struct value *set = kept ? value_member(kept, "secrets_set") : NULL;

    shape_check(&shape_of_credentials, call->body, "", call->faults);
    if (!given || given->kind != VALUE_MAP)
        return;
    for (const struct credential *one = provider->credentials; one->name; one++) {
        const struct value *member = value_member(given, one->name);
        bool missing = !member || (member->scalar == SCALAR_TEXT && value_is_empty(member));
        char *at = pointer_join("/credentials", one->name);

        if (one->required && missing && !(!member && one->secret && set && value_list_has(set, one->name)))
            fault_add(call->faults, at, "%s is missing.", one->label);
        free(at);
    }
    for (size_t i = 0; i < value_count(given); i++) {
        char *at = pointer_join("/credentials", value_name(given, i));

        if (!provider_credential(provider, value_name(given, i)))
            fault_add(call->faults, at, "%s has no such credential.", provider->name);
        free(at);
    }
}

void provider_test(struct call *call)
{
    const struct provider *provider = asked_provider(call);
    const struct value *given = value_member(call->body, "credentials");

    if (!provider)
        return;
    struct value *kept = document_read(call, "chosen-payment-providers", provider->id, NULL);

    check_credentials(call, provider, kept);
    value_free(kept);
    if (call_is_faulty(call))
        return;
    /* There is nobody to ask: the word "wrong" stands for what a provider would not accept. */
    for (size_t i = 0; i < value_count(given); i++) {
        const struct credential *one = provider_credential(provider, value_name(given, i));
        char *at = pointer_join("/credentials", one->name);

        if (strstr(value_item(given, i)->text, "wrong"))
            fault_add(call->faults, at, "The provider did not accept the %s.", one->label);
        free(at);
    }
    if (call_is_faulty(call))
        return;
    struct value *body = value_new_map();
    char *message = text_format("%s accepted the credentials.", provider->name);

    value_put(body, "ok", yes_or_no(true));
    value_put_text(body, "message", message);
    call_reply(call, 200, body);
    free(message);
}

void chosen_list(struct call *call)
{
    list_answer_rows(call, row_items(call, "chosen-payment-providers", "provider"), "provider");
}

static void answer_chosen(struct call *call, int status, const struct value *body, int64_t version)
{
    struct value *item = value_new_map();

    value_put_text(item, "provider", call->args[0]);
    value_put(item, "credentials", value_copy(value_member(body, "credentials")));
    value_put(item, "secrets_set", value_copy(value_member(body, "secrets_set")));
    put_etag(item, version);
    call_reply_version(call, status, item, version);
}

void chosen_get(struct call *call)
{
    int64_t version;
    struct value *body = document_read(call, "chosen-payment-providers", call->args[0], &version);

    if (body)
        answer_chosen(call, 200, body, version);
    else
        call_problem(call, 404, NULL, "The payment provider \"%s\" is not chosen.", call->args[0]);
    value_free(body);
}

/* Nobody is paid here, so no secret is kept: only that it is set. */
static struct value *without_secrets(const struct provider *provider, const struct value *given,
                                     const struct value *kept)
{
    const struct value *set = kept ? value_member(kept, "secrets_set") : NULL;
    struct value *body = value_new_map();
    struct value *public = value_put(body, "credentials", value_new_map());
    struct value *secrets = value_put(body, "secrets_set", value_new_list());

    for (const struct credential *one = provider->credentials; one->name; one++) {
        const struct value *member = value_member(given, one->name);

        if (!one->secret && member)
            value_put(public, one->name, value_copy(member));
        if (one->secret && (member ? !value_is_empty(member) : set && value_list_has(set, one->name)))
            value_append(secrets, value_new_text(one->name));
    }
    return body;
}

void chosen_put(struct call *call)
{
    const struct provider *provider = asked_provider(call);
    int64_t version;

    if (!provider)
        return;
    struct value *kept = document_read(call, "chosen-payment-providers", provider->id, &version);

    check_credentials(call, provider, kept);
    if (!call_is_faulty(call) && call_condition(call, version)) {
        struct value *body = without_secrets(provider, value_member(call->body, "credentials"), kept);

        version = document_write(call, "chosen-payment-providers", provider->id, body);
        answer_chosen(call, kept ? 200 : 201, body, version);
        value_free(body);
    }
    value_free(kept);
}

void chosen_delete(struct call *call)
{
    row_delete(call, "chosen-payment-providers", call->args[0]);
}

void shipping_list(struct call *call)
{
    list_answer_rows(call, row_items(call, "shipping-methods", "code"), "code");
}

void shipping_get(struct call *call)
{
    row_get(call, "shipping-methods", call->args[0]);
}

void shipping_put(struct call *call)
{
    const struct value *regions = value_member(call->body, "regions");

    check_key(call, call->args[0], "/code");
    shape_check(&shape_of_shipping_method, call->body, "", call->faults);
    for (size_t i = 0; regions && regions->kind == VALUE_LIST && i < value_count(regions); i++) {
        for (size_t before = 0; before < i; before++) {
            if (!value_equal(value_item(regions, before), value_item(regions, i)))
                continue;
            char *at = text_format("/regions/%zu", i);

            fault_add(call->faults, at, "This region is in the list already.");
            free(at);
            break;
        }
    }
    if (!call_is_faulty(call))
        row_put(call, "shipping-methods", call->args[0], value_copy(call->body));
}

void shipping_delete(struct call *call)
{
    row_delete(call, "shipping-methods", call->args[0]);
}

/* The name under which the rows of a --collection are kept; yours. */
static char *asked_collection(struct call *call)
{
    return text_format("collection:%s", call->args[0]);
}

void collection_list(struct call *call)
{
    char *name = asked_collection(call);

    list_answer_rows(call, row_items(call, name, "key"), "key");
    free(name);
}

void collection_get(struct call *call)
{
    char *name = asked_collection(call);

    row_get(call, name, call->args[1]);
    free(name);
}

void collection_put(struct call *call)
{
    char *name = asked_collection(call);

    check_key(call, call->args[1], "/key");
    shape_check_flat(call->body, call->faults);
    if (!call_is_faulty(call))
        row_put(call, name, call->args[1], value_copy(call->body));
    free(name);
}

void collection_delete(struct call *call)
{
    char *name = asked_collection(call);

    row_delete(call, name, call->args[1]);
    free(name);
}
