#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/doc.h"

#define PROBLEM_TYPES "https://commerce.example/problems/" /* a name, not a page: RFC 9457, 3.1.1 */

const char *call_query(const struct call *call, const char *name)
{
    return value_member_text(call->query, name);
}

char *call_base(const struct call *call)
{
    return text_format("%s://%s", call->request->secure ? "https" : "http",
                       request_header(call->request, "host"));
}

void reply_json(struct reply *reply, int status, const char *type, const struct value *body)
{
    reply->status = status;
    reply->type = type;
    text_empty(&reply->body);
    json_write(body, &reply->body);
}

void call_reply(struct call *call, int status, struct value *body)
{
    reply_json(call->reply, status, "application/json", body);
    value_free(body);
}

void call_reply_version(struct call *call, int status, struct value *body, int64_t version)
{
    reply_header(call->reply, "ETag", "\"v%lld\"", (long long)version);
    call_reply(call, status, body);
}

struct value *problem_body(int status, const char *type, const char *detail, const struct value *faults)
{
    struct value *body = value_new_map();
    char *name = type ? text_format("%s%s", PROBLEM_TYPES, type) : mem_copy("about:blank");
    char number[12];

    snprintf(number, sizeof number, "%d", status);
    value_put_text(body, "type", name);
    value_put_text(body, "title", reply_reason(status));
    value_put(body, "status", value_new_scalar(SCALAR_NUMBER, number));
    value_put_text(body, "detail", detail);
    if (faults && value_count(faults) > 0)
        value_put(body, "errors", value_copy(faults));
    free(name);
    return body;
}

void call_problem(struct call *call, int status, const char *type, const char *format, ...)
{
    struct text detail = {0};
    va_list args;

    va_start(args, format);
    text_addv(&detail, format, args);
    va_end(args);
    struct value *body = problem_body(status, type, text_bytes(&detail), call->faults);

    reply_json(call->reply, status, "application/problem+json", body);
    value_free(body);
    text_clear(&detail);
}

void fault_add(struct value *faults, const char *pointer, const char *format, ...)
{
    struct text detail = {0};
    struct value *fault = value_new_map();
    va_list args;

    va_start(args, format);
    text_addv(&detail, format, args);
    va_end(args);
    value_put_text(fault, "pointer", pointer);
    value_put_text(fault, "detail", text_bytes(&detail));
    value_append(faults, fault);
    text_clear(&detail);
}

char *pointer_join(const char *pointer, const char *name)
{
    struct text out = {0};

    text_addf(&out, "%s/", pointer);
    for (; *name; name++) {
        if (*name == '~' || *name == '/')
            text_add(&out, *name == '~' ? "~0" : "~1");
        else
            text_add_char(&out, *name);
    }
    return text_take(&out);
}

bool call_is_faulty(struct call *call)
{
    size_t count = value_count(call->faults);

    if (count == 0)
        return false;
    const char *first = value_member_text(value_item(call->faults, 0), "detail");

    if (count == 1)
        call_problem(call, 422, NULL, "%s", first);
    else
        call_problem(call, 422, NULL, "%zu members of the request are not valid.", count);
    return true;
}

/* Whether a list of entity tags ("v1", "v2") has this one. Weak ones never match a change: RFC 9110, 13.1.1.
 */
static bool tags_have(const char *tags, int64_t version)
{
    char tag[32];

    snprintf(tag, sizeof tag, "\"v%lld\"", (long long)version);
    for (const char *at = strstr(tags, tag); at; at = strstr(at + 1, tag))
        if (at == tags || at[-1] == ' ' || at[-1] == ',')
            return true;
    return false;
}

bool call_condition(struct call *call, int64_t version)
{
    const char *match = request_header(call->request, "if-match");
    const char *none = request_header(call->request, "if-none-match");
    bool holds = true;

    if (match)
        holds = version >= 0 && (strcmp(match, "*") == 0 || tags_have(match, version));
    if (none)
        holds = holds && (strcmp(none, "*") == 0 ? version < 0 : !tags_have(none, version));
    if (holds)
        return true;
    if (version >= 0) {
        reply_header(call->reply, "ETag", "\"v%lld\"", (long long)version);
        call_problem(call, 412, NULL,
                     none && !match ? "It exists already." : "It was changed since it was read.");
    } else {
        call_problem(call, 412, NULL, "It does not exist, or no longer.");
    }
    return false;
}
