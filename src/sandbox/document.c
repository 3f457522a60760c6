#include "document.h"

#include <string.h>

#include "json/doc.h"

static struct value *json_of(const char *text)
{
    return json_read(text, strlen(text), NULL, NULL);
}

struct value *document_read(struct call *call, const char *collection, const char *key, int64_t *version)
{
    struct value *row =
        accounts_row(call->service->accounts,
                     "SELECT body, version FROM documents WHERE tenant = ? AND collection = ? AND key = ?",
                     "sss", call->tenant, collection, key);
    struct value *body = row ? json_of(value_member_text(row, "body")) : NULL;

    if (version)
        *version = row ? row_number(row, "version") : -1;
    value_free(row);
    return body;
}

int64_t document_write(struct call *call, const char *collection, const char *key, const struct value *body)
{
    struct accounts *accounts = call->service->accounts;
    struct text out = {0};

    json_write(body, &out);
    accounts_run(accounts, "UPDATE meta SET value = value + 1 WHERE name = 'version'", "");
    struct value *row = accounts_row(accounts, "SELECT value FROM meta WHERE name = 'version'", "");
    int64_t version = row_number(row, "value");

    accounts_run(accounts,
                 "INSERT INTO documents VALUES (?1, ?2, ?3, ?4, ?5)"
                 " ON CONFLICT DO UPDATE SET body = excluded.body, version = excluded.version",
                 "ssssi", call->tenant, collection, key, text_bytes(&out), version);
    value_free(row);
    text_wipe(&out);
    return version;
}

void document_drop(struct call *call, const char *collection, const char *key)
{
    accounts_run(call->service->accounts,
                 "DELETE FROM documents WHERE tenant = ? AND collection = ? AND key = ?", "sss", call->tenant,
                 collection, key);
}

struct value *document_rows(struct call *call, const char *collection)
{
    struct value *rows = accounts_rows(
        call->service->accounts,
        "SELECT key, version, body FROM documents WHERE tenant = ? AND collection = ? ORDER BY key", "ss",
        call->tenant, collection);

    for (size_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_item(rows, i);

        value_put(row, "body", json_of(value_member_text(row, "body")));
    }
    return rows;
}

struct value *document_read_or_start(struct call *call, const char *collection, const char *key,
                                     const char *start, int64_t *version)
{
    struct value *body = document_read(call, collection, key, version);

    if (body)
        return body;
    *version = 0;
    return json_of(start);
}
