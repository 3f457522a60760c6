#include "model/operation.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "names.h"
#include "template.h"

static void rows_add(struct rows *rows, const struct value *answer, size_t i, const char *as, char *key, bool gone)
{
    rows->items = mem_resize(rows->items, (rows->count + 1) * sizeof *rows->items);
    rows->items[rows->count++] = (struct row){ .key = key, .row = row_of(answer, i, as), .gone = gone };
}

static void rows_add_wanted(const struct operation *operation, const struct value *wanted, const char *key,
                            struct value *keys, struct rows *rows)
{
    for (size_t i = 0; wanted && i < value_count(wanted); i++) {
        char *of = row_key(wanted, i, key);

        value_put_text(keys, of, "");
        rows_add(rows, wanted, i, operation->as, of, false);
    }
}

static void rows_add_gone(const struct operation *operation, const struct value *held, const char *key,
                          const struct value *keys, struct rows *rows)
{
    /* From the end: what hangs on another (a category on its parent) stands behind it, and goes first. */
    for (size_t i = value_count(held); i-- > 0;) {
        char *of = row_key(held, i, key);

        if (value_member(keys, of))
            free(of);
        else
            rows_add(rows, held, i, operation->as, of, true);
    }
}

void operation_rows(const struct operation *operation, const struct scope *wanted, const struct scope *held, const char *key,
                    struct rows *rows)
{
    struct value *want, *have, *keys;

    *rows = (struct rows){ 0 };
    if (!operation->each) {
        rows->items = mem_new(sizeof *rows->items);
        rows->items[rows->count++] = (struct row){ .key = mem_copy(""), .row = value_new_map() };
        return;
    }
    want = scope_get(wanted, operation->each);
    have = operation->gone && held ? scope_get(held, operation->each) : NULL;
    keys = value_new_map();
    rows_add_wanted(operation, want, key, keys, rows);
    rows_add_gone(operation, have, key, keys, rows);
    value_free(want);
    value_free(have);
    value_free(keys);
}

void rows_clear(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->items[i].key);
        value_free(rows->items[i].row);
    }
    free(rows->items);
    *rows = (struct rows){ 0 };
}

struct value *operation_body(const struct operation *operation, const struct scope *scope)
{
    struct value *body = operation->send ? template_fill(operation->send, scope) : NULL;

    return body || !operation->send ? body : value_new_map();
}

struct value *operation_content(const struct operation *operation, const struct scope *scope)
{
    struct value *content = value_new_map(), *body = operation_body(operation, scope);
    struct value *headers = operation->headers ? template_fill(operation->headers, scope) : NULL;

    if (body)
        value_put(content, "body", body);
    if (headers)
        value_put(content, "headers", headers);
    return content;
}

struct value *operation_held(const struct operation *operation, const struct scope *scope)
{
    return operation->held ? template_fill(operation->held, scope) : NULL;
}

/* `send`, and `create`'s own members over it. */
static struct value *body_created(const struct operation *operation, const struct scope *scope)
{
    struct value *body = operation_body(operation, scope);
    struct value *more = operation->create_send ? template_fill(operation->create_send, scope) : NULL;

    if (!body)
        return more;
    value_merge(body, more);
    value_free(more);
    return body;
}

static bool fill_headers(const struct operation *operation, const struct scope *scope, struct request *request, struct problem *why)
{
    if (!operation->headers)
        return true;
    request->headers = value_new_map();
    for (size_t i = 0; i < value_count(operation->headers); i++) {
        const char *name = value_name(operation->headers, i);
        struct value *text = template_fill(value_item(operation->headers, i), scope);

        if (text && text->kind == VALUE_TEXT)
            value_put(request->headers, name, text);
        else {
            problem_set(why, PROBLEM_ANSWER, "%s has no value that the header %s can hold", value_item(operation->headers, i)->text,
                        name);
            value_free(text);
            return false;
        }
    }
    return true;
}

bool operation_reaches(const struct operation *operation, const struct scope *scope, bool gone)
{
    char *path = template_path(gone ? operation->gone : operation->path, scope, NULL);
    struct request request = { 0 };
    bool reaches = path && fill_headers(operation, scope, &request, NULL);

    request_clear(&request);
    free(path);
    return reaches;
}

bool operation_is_new(const struct operation *operation, const struct scope *scope)
{
    char *path = operation->create ? template_path(operation->path, scope, NULL) : NULL;
    bool new = operation->create && !path;

    free(path);
    return new;
}

static bool is_change(const char *method)
{
    return strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0 || strcmp(method, "DELETE") == 0;
}

static void match(const struct value *etags, struct request *request)
{
    char *bare = mem_copy_bytes(request->path, strcspn(request->path, "?"));
    const char *etag = value_member_text(etags, bare);

    if (etag)
        request->if_match = mem_copy(etag);
    else
        request->if_none_match = strcmp(request->method, "PUT") == 0;
    free(bare);
}

bool operation_request(const struct service *service, const struct operation *operation, const struct scope *scope, bool gone,
                       const struct value *etags, struct request *request, struct problem *why)
{
    bool new = !gone && operation_is_new(operation, scope);
    char *path = template_path(gone ? operation->gone : new ? operation->create : operation->path, scope, why);

    *request = (struct request){ 0 };
    if (!path)
        return false;
    if (!fill_headers(operation, scope, request, why)) {
        free(path);
        request_clear(request);
        return false;
    }
    request->operation = operation;
    request->method = gone ? operation->gone_method : new ? operation->create_method : operation->method;
    request->path = path;
    if (!gone)
        request->body = new ? body_created(operation, scope) : operation_body(operation, scope);
    if (service->match == MATCH_ETAG && is_change(request->method))
        match(etags, request);
    return true;
}

void request_clear(struct request *request)
{
    free(request->path);
    value_free(request->body);
    free(request->if_match);
    free(request->idempotency_key);
    value_free(request->headers);
    *request = (struct request){ 0 };
}

void response_clear(struct response *response)
{
    value_free(response->body);
    free(response->etag);
    free(response->next);
    free(response->next_elsewhere);
    free(response->request_id);
    problem_clear(&response->problem);
    *response = (struct response){ .retry_after_s = -1 };
}

static void add_name(struct value *names, const char *name)
{
    if (!value_list_has(names, name))
        value_append(names, value_new_text(name));
}

static void add_template_names(struct value *names, const struct value *template)
{
    const char *each = value_member_text(template, "each");

    if (template && template->kind == VALUE_TEXT && template->scalar == SCALAR_TEXT && names_alone(template->text))
        add_name(names, template->text + 1);
    if (template_is_rows(template)) {
        add_name(names, each);      /* what stands in the row are its columns */
        return;
    }
    for (size_t i = 0; i < value_count(template); i++)
        add_template_names(names, value_item(template, i));
}

static void add_path_names(struct value *names, const char *path)
{
    size_t at = 0, from;
    char *name;

    while (path && (name = names_next(path, &at, &from))) {
        add_name(names, name);
        free(name);
    }
}

static void add_form_names(struct value *names, const struct operation *operation, enum form form)
{
    const char *const paths[] = { [FORM_CHANGE] = operation->path, [FORM_CREATE] = operation->create, [FORM_DELETE] = operation->gone };

    if (operation->each)
        add_name(names, operation->each);
    add_path_names(names, paths[form]);
    if (form != FORM_DELETE)
        add_template_names(names, operation->send);
    if (form == FORM_CREATE)
        add_template_names(names, operation->create_send);
    add_template_names(names, operation->headers);
}

enum form operation_form(const struct operation *operation, const struct scope *scope, bool gone)
{
    return gone ? FORM_DELETE : operation_is_new(operation, scope) ? FORM_CREATE : FORM_CHANGE;
}

struct value *operation_names_in(const struct operation *operation, enum form form)
{
    struct value *names = value_new_list();

    add_form_names(names, operation, form);
    return names;
}

struct value *operation_names(const struct operation *operation)
{
    struct value *names = value_new_list();

    add_form_names(names, operation, FORM_CHANGE);
    add_form_names(names, operation, FORM_CREATE);
    return names;
}
