#include "model/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "names.h"

/* What has a meaning: a text that is empty was cleared, which is the same as never given. */
static const struct value *meaning(const struct value *value)
{
    return value && value->kind == VALUE_TEXT && value->text[0] == '\0' ? NULL : value;
}

/* Names of a row and bound names are members first: "parameters.hierarchy" may be bound as one. */
static const struct value *in_row(const struct value *row, const char *name)
{
    const struct value *found = meaning(value_member(row, name));

    return found ? found : meaning(value_at(row, name));
}

static struct value *together(const struct value *answer, const struct value *secret)
{
    struct value *both;

    if (!answer || !secret)
        return value_copy(answer ? answer : secret);
    both = value_copy(answer);
    value_merge(both, secret);      /* does nothing unless both are maps */
    return both;
}

static struct value *get_plain(const struct scope *scope, const char *name)
{
    const struct value *found = in_row(scope->row, name);
    const struct value *answer, *secret;

    if (!found)
        found = in_row(scope->bound, name);
    if (found)
        return value_copy(found);
    answer = meaning(value_at(scope->answers, name));
    secret = meaning(value_at(scope->secrets, name));
    if (answer || secret)
        return together(answer, secret);
    found = meaning(value_at(scope->defaults, name));
    if (!found)
        found = meaning(value_at(scope->facts, name));
    if (!found)
        found = meaning(value_at(scope->config, name));
    return value_copy(found);
}

/* Adds what one name in braces means. False when it means nothing. */
static bool add_meaning(const struct scope *scope, const char *name, struct text *out)
{
    struct value *value = *name ? get_plain(scope, name) : NULL;
    bool good = value && value->kind == VALUE_TEXT;
    char *segment;

    if (good) {
        segment = value_segment(value->text);
        text_add(out, segment);
        free(segment);
    }
    value_free(value);
    return good;
}

char *scope_expand(const struct scope *scope, const char *name)
{
    struct text out = { 0 };

    text_add(&out, "");
    while (*name) {
        size_t plain = strcspn(name, "{"), size;
        char *inner;
        bool known;

        text_add_bytes(&out, name, plain);
        name += plain;
        if (!*name)
            break;
        size = strcspn(name + 1, "}");
        inner = mem_copy_bytes(name + 1, size);
        known = name[1 + size] == '}' && add_meaning(scope, inner, &out);
        free(inner);
        if (!known) {
            text_clear(&out);
            return NULL;
        }
        name += size + 2;
    }
    return text_take(&out);
}

struct value *scope_get(const struct scope *scope, const char *name)
{
    char *full = scope_expand(scope, name);
    struct value *found = full && *full ? get_plain(scope, full) : NULL;

    free(full);
    return found;
}

char *scope_text(const struct scope *scope, const char *name)
{
    struct value *found = scope_get(scope, name);
    char *text = found && found->kind == VALUE_TEXT ? mem_copy(found->text) : NULL;

    value_free(found);
    return text;
}

struct value *scope_unify(const char *template, const char *name)
{
    struct value *bound = value_new_map();

    while (*template && (*template == '{' || *template == *name)) {
        size_t brace, part;
        char *inner, *meant;

        if (*template != '{') {
            template++;
            name++;
            continue;
        }
        brace = strcspn(template + 1, "}");
        part = strcspn(name, ".");
        if (template[1 + brace] != '}' || part == 0)
            break;
        inner = mem_copy_bytes(template + 1, brace);
        meant = names_segment_read(name, part);
        value_put_text(bound, inner, meant);
        free(inner);
        free(meant);
        template += brace + 2;
        name += part;
    }
    if (*template == '\0' && *name == '\0')
        return bound;
    value_free(bound);
    return NULL;
}
