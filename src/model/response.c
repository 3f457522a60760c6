/* What good answers say. */
#include <stdlib.h>
#include <string.h>

#include "base/choices.h"
#include "base/mem.h"
#include "base/text.h"
#include "json/doc.h"
#include "model/operation.h"
#include "keep.h"
#include "template.h"

/* As it stands in a header: RFC 9110, 8.8.3. Some services tell it without its quotes in a list. */
static char *etag_written(const char *etag)
{
    bool quoted = etag[0] == '"' || text_starts(etag, "W/\"");

    return quoted ? mem_copy(etag) : text_format("\"%s\"", etag);
}

/* Items that the list does not hold any more have no etag either: what is known from before goes with the first page. */
static void forget_items(const char *path, struct value *etags)
{
    size_t size = strcspn(path, "$");

    for (size_t i = value_count(etags); i-- > 0;)
        if (strncmp(value_name(etags, i), path, size) == 0)
            value_drop(etags, value_name(etags, i));
}

static void keep_item_etags(const struct operation *operation, const struct request *request,
                            const struct response *response, struct value *etags)
{
    const struct value *items = keep_at(response->body, operation->etags, "each");
    const char *path = value_member_text(operation->etags, "path");

    if (!items || !path)
        return;
    if (!request->page && text_same(request->path, operation->path))
        forget_items(path, etags);
    for (size_t i = 0; i < value_count(items); i++) {
        const char *etag = keep_text_at(items->items[i], value_member_text(operation->etags, "etag"));
        struct scope scope = { .row = items->items[i] };
        char *of = etag ? template_path(path, &scope, NULL) : NULL;
        char *written = of ? etag_written(etag) : NULL;

        if (of)
            value_put_text(etags, of, written);
        free(written);
        free(of);
    }
}

void operation_etags(const struct operation *operation, const struct request *request, const struct response *response,
                     struct value *etags)
{
    bool post = strcmp(request->method, "POST") == 0;

    if (!request->page && !post) {
        char *bare = mem_copy_bytes(request->path, strcspn(request->path, "?"));

        if (response->etag)
            value_put_text(etags, bare, response->etag);
        else if (strcmp(request->method, "GET") != 0)
            value_drop(etags, bare);
        free(bare);
    }
    if (operation->etags)
        keep_item_etags(operation, request, response, etags);
}

static void offer_one(const struct value *offer, const struct value *item, struct choices *choices)
{
    const char *value = keep_text_at(item, value_member_text(offer, "value"));
    const struct value *fits = keep_at(item, offer, "fits"), *fields = keep_at(item, offer, "fields");
    struct value *extra;

    if (!value || !*value)
        return;
    choices_add(choices, value, keep_text_at(item, value_member_text(offer, "label")),
                keep_text_at(item, value_member_text(offer, "parent")));
    if (!fits && !fields)
        return;
    extra = value_new_map();
    if (fits && fits->kind == VALUE_LIST)
        value_put(extra, "fits", value_copy(fits));
    if (fields && fields->kind == VALUE_LIST)
        value_put(extra, "fields", value_copy(fields));
    choices_add_extra(choices, value, extra);
}

void operation_offer(const struct operation *operation, const struct response *response, struct choices *choices)
{
    const struct value *items = keep_at(response->body, operation->offer, "each");

    for (size_t i = 0; items && i < value_count(items); i++)
        offer_one(operation->offer, value_item(items, i), choices);
    choices_set_complete(choices, response->next == NULL);
}

/* Whether every pointer leads to one of its values. */
static bool pointed(const struct value *when, const struct value *body)
{
    for (size_t i = 0; i < value_count(when); i++) {
        if (!value_is_one_of(value_item(when, i), keep_scalar_at(body, value_name(when, i))))
            return false;
    }
    return value_count(when) > 0;
}

char *operation_says(const struct operation *operation, const struct response *response)
{
    return mem_copy(keep_text_at(response->body, operation->say));
}

bool operation_again(const struct operation *operation, const struct response *response, int *percent, char **say)
{
    const struct again *again = &operation->again;
    const char *progress = keep_text_at(response->body, again->progress), *told = keep_text_at(response->body, again->say);
    char *decimal = progress ? text_decimal(progress) : NULL;
    long number = decimal ? strtol(decimal, NULL, 10) : -1;

    free(decimal);
    *percent = number >= 0 && number <= 100 ? (int)number : -1;
    *say = mem_copy(told);
    return again->every_s > 0 && pointed(again->when, response->body);
}

int again_wait_s(const struct again *again, int64_t waited_s, int retry_after_s)
{
    int factor = waited_s >= 3600 ? 30 : waited_s >= 120 ? 6 : 1;

    if (retry_after_s > 0)
        return retry_after_s;
    return (again->every_s > 0 ? again->every_s : 1) * factor;
}

bool operation_refused(const struct operation *operation, const struct response *response, struct problems *problems)
{
    struct problem problem = { 0 };
    const char *told;

    if (!operation->refuse || !pointed(value_member(operation->refuse, "when"), response->body))
        return false;
    told = keep_text_at(response->body, value_member_text(operation->refuse, "text"));
    if (!told || !*told)
        told = value_member_text(operation->refuse, "say");
    problem_set(&problem, PROBLEM_ANSWER, "%s", told && *told ? told : "The service rejected the request without giving a reason.");
    problems_add(problems, &problem);
    return true;
}
