/* Lists that come page by page: where the next page is, and whether all of them can be read. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"
#include "json/doc.h"
#include "model/operation.h"
#include "keep.h"

/* A list of a million entries has 1000 pages of 1000. */
#define PAGES_MOST 2000

/* The address behind the offset that counts the items so far; `name` is the offset's in the query. Yours. */
static char *path_from(const char *path, const char *name, long from)
{
    char *mark = text_format("%s=", name);
    const char *query = strchr(path, '?'), *at = query;
    char *next;

    while (at && strncmp(at + 1, mark, strlen(mark)) != 0)
        at = strchr(at + 1, '&');
    if (at)
        next = text_format("%.*s%s%ld%s", (int)(at + 1 - path), path, mark, from, at + 1 + strcspn(at + 1, "&"));
    else
        next = text_format("%s%c%s%ld", path, query ? '&' : '?', mark, from);
    free(mark);
    return next;
}

/* How far the pages are, as the path says it: "?offset=200". */
static long offset_of(const char *path, const char *name)
{
    char *query = strchr(path, '?') ? mem_copy(strchr(path, '?') + 1) : NULL;
    size_t size = strlen(name);
    long from = 0;

    for (char *part = query; part && *part; part += *part == '&') {
        if (strncmp(part, name, size) == 0 && part[size] == '=')
            from = strtol(part + size + 1, NULL, 10);
        part += strcspn(part, "&");
    }
    free(query);
    return from > 0 ? from : 0;
}

/* How many items the query asks for at most, by the usual names of such a parameter; 0: it does not say. */
static long size_asked(const char *path)
{
    static const char *const names[] = { "limit", "page_size", "per_page", "pageSize", "perPage", "size", "take", "$top" };
    long size = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names && size == 0; i++)
        size = offset_of(path, names[i]);
    return size;
}

static bool incomplete(struct problem *why, const char *text)
{
    problem_set(why, PROBLEM_SERVICE, "%s", text);
    problem_advise(why, "The list is not used, since it is not complete. Report this to the operator of the service");
    return false;
}

static bool next_by_link(const struct response *response, char **next, struct problem *why)
{
    if (response->next_elsewhere) {
        problem_set(why, PROBLEM_SERVICE, "The list continues on another server, %s, which is not followed", response->next_elsewhere);
        problem_advise(why, "The list is not used, since it is not complete. If the other server is right, set service.address to it");
        return false;
    }
    *next = mem_copy(response->next);
    return true;
}

static bool next_by_offset(const struct service *service, const struct operation *operation, const char *path,
                           const struct response *response, char **next, struct problem *why)
{
    const struct value *list = keep_list(operation, response->body);
    const char *told = keep_text_at(response->body, value_member_text(service->offset, "count")), *name = value_member_text(service->offset, "offset");
    char *whole = told ? text_decimal(told) : NULL, *end = whole, *text;
    long items = (long)value_count(list), from = offset_of(path, name), size = size_asked(path);
    long count = whole ? strtol(whole, &end, 10) : -1;
    bool counted = whole && !*end && count >= 0;

    free(whole);
    if (!list)
        return true;        /* one object */
    if (!counted)
        return (from == 0 && (size == 0 || items < size)) || incomplete(why, "The service returned a page of a list without the count of its items");
    if (from + items >= count)
        return true;
    if (items == 0) {
        text = text_format("The list ends after %ld of %ld items", from, count);
        incomplete(why, text);
        free(text);
        return false;
    }
    *next = path_from(path, name, from + items);
    return true;
}

/* A page by its address, or by its items: a service that does not know the offset returns the first page for ever. */
static bool is_new(const struct operation *operation, const char *path, const struct response *response, struct value *visited)
{
    const struct value *list = keep_list(operation, response->body);
    struct text text = { 0 };
    char hash[65];
    bool new = !value_member(visited, path);

    value_put_text(visited, path, "");
    if (!value_count(list))
        return new;
    json_write(list, &text);
    digest_sha256(text_bytes(&text), text.size, hash);
    text_clear(&text);
    new = new && !value_member(visited, hash);
    value_put_text(visited, hash, "");
    return new;
}

bool operation_next(const struct service *service, const struct operation *operation, const char *path, const struct response *response,
                    struct value *visited, char **next, struct problem *why)
{
    bool good = true;

    *next = NULL;
    switch (service->pages) {
    case PAGES_NONE:
        if (response->next && keep_list(operation, response->body))
            return incomplete(why, "The list has further pages, but the description of the service has \"pages: none\"");
        return true;
    case PAGES_LINK:
        good = next_by_link(response, next, why);
        break;
    case PAGES_OFFSET:
        good = next_by_offset(service, operation, path, response, next, why);
        break;
    }
    if (good && (*next || value_count(visited)) && !is_new(operation, path, response, visited))
        good = incomplete(why, "The service returned the same page of a list twice");
    if (good && *next && value_member(visited, *next))
        good = incomplete(why, "The pages of a list lead back to a page before");
    if (good && *next && value_count(visited) > 2 * PAGES_MOST)
        good = incomplete(why, "The list has more than 2000 pages");
    if (!good) {
        free(*next);
        *next = NULL;
    }
    return good;
}
