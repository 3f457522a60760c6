/*
 * Idempotency keys. A key belongs to one request that the administrator asked for. It is on disk, with a hash of the body, before
 * the request leaves, and every retry of that request uses it, also after a crash. It ends when the outcome is known: by a
 * response, or by a later read that shows another state than the one known when the request was sent. A key that lived longer
 * would have the service replay an old response to a new request.
 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "json/doc.h"
#include "private.h"

enum { KEY_DIGITS = 32, SEEN_DIGITS = 16 };

static void hash_of(const struct value *value, const char *more, size_t digits, char hex[65])
{
    struct text text = {0};
    if (value)
        json_write(value, &text);
    text_add(&text, more);
    digest_sha256(text_bytes(&text), text.size, hex);
    hex[digits] = '\0';
    text_wipe(&text);       /* a body may hold credentials */
}

/* The number is never used twice, so that no two keys of one run are equal; the seed is that of the run. */
static void new_key(struct wizard *wizard, const struct operation *operation, char hex[65])
{
    const char *turn = value_member_text(wizard->state, "turn");
    char *number = text_format("%ld", turn ? strtol(turn, NULL, 10) + 1 : 1);
    char *grown = text_format("%s/%s/%s", wizard->options.seed ? wizard->options.seed : "", operation->id, number);
    value_put(wizard->state, "turn", value_new_scalar(SCALAR_NUMBER, number));
    hash_of(NULL, grown, KEY_DIGITS, hex);
    free(grown);
    free(number);
}

/* What the service holds of a name, as last read: fields are compared, all others are facts. */
static void seen_hash(const struct wizard *wizard, const char *name, char hex[65])
{
    const struct value *all = checklist_field(wizard->options.checklist, name, NULL) ? wizard->held : wizard->facts;
    hash_of(value_at(all, name), "", SEEN_DIGITS, hex);
}

static bool is_load(const struct wizard *wizard, const struct operation *operation)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = 0; i < checklist->step_count; i++)
        if (value_list_has(checklist->steps[i].load, operation->id))
            return true;
    return text_same(operation->method, "GET");
}

static bool is_read(const struct wizard *wizard, const char *name)
{
    const struct service *service = wizard->options.service;
    bool found = false;
    for (size_t i = 0; i < service->operation_count && !found; i++)
        for (size_t j = 0; j < value_count(service->operations[i].keep) && !found; j++) {
            struct value *bound = scope_unify(value_name(service->operations[i].keep, j), name);
            found = bound && is_load(wizard, &service->operations[i]);
            value_free(bound);
        }
    return found;
}

static void add_seen(const struct wizard *wizard, const struct scope *scope, const struct value *names, struct value *seen)
{
    char hex[65];
    for (size_t i = 0; i < value_count(names); i++) {
        char *name = scope_expand(scope, value_name(names, i));
        if (name && is_read(wizard, name)) {
            seen_hash(wizard, name, hex);
            value_put_text(seen, name, hex);
        }
        free(name);
    }
}

char *intent_name(const struct operation *operation, const struct row *row)
{
    return text_format("%s%s%s%s", operation->id, row && *row->key ? "/" : "", row ? row->key : "", row && row->gone ? " -" : "");
}

char *intent_key(struct wizard *wizard, const char *name, const struct request *request, const struct scope *scope)
{
    const struct operation *operation = request->operation;
    const struct action *action = wizard->job.action;
    struct value *intent = value_member(wizard->intents, name);
    char body[65], key[65];

    hash_of(request->body, request->path, 64, body);
    if (intent && text_same(value_member_text(intent, "body"), body))
        return mem_copy(value_member_text(intent, "key"));
    new_key(wizard, operation, key);
    intent = value_put(wizard->intents, name, value_new_map());
    value_put_text(intent, "key", key);
    value_put_text(intent, "body", body);
    struct value *seen = value_put(intent, "seen", value_new_map());
    add_seen(wizard, scope, operation->keep, seen);
    add_seen(wizard, scope, operation->when, seen);
    if (action)
        add_seen(wizard, scope, action->done_when, seen);
    return mem_copy(key);
}

char *intent_key_of_read(struct wizard *wizard, const struct operation *operation)
{
    char key[65];
    new_key(wizard, operation, key);
    return mem_copy(key);
}

/* 408, 425 and 429 are about the attempt. After an attempt without a response 401, 403 and 409 speak of the retry alone. */
static bool is_known(const struct response *response)
{
    int status = response->status;
    if (status >= 200 && status < 300)
        return response->problem.kind == PROBLEM_NONE;
    if (status < 400 || status >= 500 || status == 408 || status == 425 || status == 429)
        return false;
    return !response->maybe_done || (status != 401 && status != 403 && status != 409);
}

void intent_answered(struct wizard *wizard, const char *name, const struct response *response)
{
    if (name && is_known(response))
        value_drop(wizard->intents, name);
}

bool intents_read(struct wizard *wizard)
{
    bool ended = false;
    char hex[65];
    for (size_t i = value_count(wizard->intents); i-- > 0;) {
        const struct value *seen = value_member(value_item(wizard->intents, i), "seen");
        bool same = true;
        for (size_t j = 0; j < value_count(seen) && same; j++) {
            seen_hash(wizard, value_name(seen, j), hex);
            same = text_same(value_item(seen, j)->text, hex);
        }
        if (same)
            continue;
        value_drop(wizard->intents, value_name(wizard->intents, i));
        ended = true;
    }
    return ended;
}

static bool is_of(const char *intent, const struct operation *operation)
{
    size_t size = strlen(operation->id);
    return strncmp(intent, operation->id, size) == 0 && (!intent[size] || intent[size] == '/' || intent[size] == ' ');
}

static bool is_needed(const struct wizard *wizard, const struct operation *operation, const char *intent)
{
    struct rows rows = {0};
    bool needed = false;
    operation_rows_of(wizard, operation, wizard->held, &rows);
    for (size_t i = 0; i < rows.count && !needed; i++) {
        char *name = intent_name(operation, &rows.items[i]);
        needed = text_same(name, intent) && row_needed(wizard, operation, &rows.items[i], wizard->held);
        free(name);
    }
    rows_clear(&rows);
    return needed;
}

bool intents_not_needed(struct wizard *wizard, const struct step *step)
{
    bool ended = false;
    for (size_t i = 0; i < value_count(step->save); i++)
        for (size_t j = value_count(wizard->intents); j-- > 0;) {
            const struct operation *operation = step_operation(wizard, step->save, i);
            const char *intent = value_name(wizard->intents, j);
            if (is_of(intent, operation) && !is_needed(wizard, operation, intent))
                ended = value_drop(wizard->intents, intent);
        }
    return ended;
}
