#include "once.h"

#include <string.h>

#include "base/digest.h"

#define DAY_MS (24 * 3600 * 1000LL)

static void request_hash(const struct call *call, char hex[65])
{
    const struct request *request = call->request;
    struct text all = {0};

    text_addf(&all, "%s %s\n", request->method, request->target);
    text_add_bytes(&all, request->body, request->body_size);
    digest_sha256(all.bytes, all.size, hex);
    text_wipe(&all); /* may hold credentials */
}

static void replay(struct call *call, const struct value *row)
{
    struct reply *reply = call->reply;

    reply->status = (int)row_number(row, "status");
    reply->type = "application/json";
    reply->replayed = true;
    text_add(&reply->body, value_member_text(row, "body"));
    if (*value_member_text(row, "location"))
        reply_header(reply, "Location", "%s", value_member_text(row, "location"));
}

bool once_begin(struct call *call)
{
    const char *key = request_header(call->request, "idempotency-key");
    size_t length = key ? strlen(key) : 0;
    char hash[65];

    if (length == 0 || length > 255) {
        call_problem(call, 400, "idempotency-key-missing",
                     "Every POST needs an Idempotency-Key of 1 to 255 characters.");
        return false;
    }
    request_hash(call, hash);
    struct value *row =
        accounts_row(call->service->accounts,
                     "SELECT request, status, coalesce(location, '') AS location, body FROM answers"
                     " WHERE tenant = ? AND key = ? AND created > ?",
                     "ssi", call->tenant, key, call->request->now_ms - DAY_MS);

    if (!row)
        return true;
    if (strcmp(value_member_text(row, "request"), hash) == 0)
        replay(call, row);
    else
        call_problem(call, 422, "idempotency-key-reused",
                     "This Idempotency-Key was used for another request.");
    value_free(row);
    return false;
}

void once_keep(struct call *call)
{
    const char *location = call->reply->headers ? value_member_text(call->reply->headers, "Location") : NULL;
    char hash[65];

    if (call->reply->status < 200 || call->reply->status > 299)
        return;
    request_hash(call, hash);
    accounts_run(call->service->accounts, "DELETE FROM answers WHERE created <= ?", "i",
                 call->request->now_ms - DAY_MS);
    accounts_run(call->service->accounts, "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
                 "sssissi", call->tenant, request_header(call->request, "idempotency-key"), hash,
                 (int64_t)call->reply->status, location, text_bytes(&call->reply->body),
                 call->request->now_ms);
}
