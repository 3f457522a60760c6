/* Warnings about a description: what is allowed, and probably a mistake. */
#include "model/lint.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist_private.h"
#include "names.h"
#include "template.h"

struct lint {
    const struct checklist *checklist;      /* NULL: a service alone */
    const struct service *service;
    struct reader of_checklist, of_service;
};

static void warn(struct reader *reader, struct mark mark, const char *text, const char *advice)
{
    reader_fault(reader, mark, "%s", text);
    reader->problems->items[reader->problems->count - 1].is_warning = true;
    reader_advise(reader, "%s", advice);
}

static void warn_name(struct reader *reader, struct mark mark, const char *format, const char *name, const char *advice)
{
    char *text = text_format(format, name);

    warn(reader, mark, text, advice);
    free(text);
}

static const struct value *description_of(const struct service *service, const struct operation *operation)
{
    const struct value *all = value_member(service->root, "operations"), *one = value_member(all, operation->id);

    return one ? one : value_member(service->root, "sign_in");
}

static struct mark keyword_mark(const struct value *map, const char *keyword, struct mark otherwise)
{
    const struct value *found = value_member(map, keyword);

    return found ? found->mark : otherwise;
}

/* A "$name" that is only a part of a text is not replaced. */
static bool has_name_inside(const char *text)
{
    const char *dollar = text[0] == '$' && text[1] == '$' ? strchr(text + 2, '$') : strchr(text, '$');

    while (dollar && !(isalpha((unsigned char)dollar[1]) && names_size(dollar + 1) > 0))
        dollar = strchr(dollar + 1, '$');
    return dollar && !names_alone(text);
}

static void check_texts(struct lint *lint, const struct value *template)
{
    if (template && template->kind == VALUE_TEXT && template->scalar == SCALAR_TEXT && has_name_inside(template->text))
        warn_name(&lint->of_service, template->mark, "\"%s\" is sent as it is written: a $name inside a text is not replaced",
                  template->text, "Write the $name alone, or $$ for a text that starts with $.");
    if (template && template->kind == VALUE_TEXT && template->scalar == SCALAR_YESNO && !text_same(template->text, "true") &&
        !text_same(template->text, "false"))
        warn_name(&lint->of_service, template->mark,
                  value_boolean(template) == 1 ? "%s is sent as the JSON value true" : "%s is sent as the JSON value false", template->text,
                  "Write true or false, or put it in quotes if it is text, such as the country \"NO\".");
    for (size_t i = 0; i < value_count(template); i++)
        check_texts(lint, value_item(template, i));
}

static void check_path(struct lint *lint, const char *path, struct mark mark)
{
    const char *dollar = path ? strchr(path, '$') : NULL;

    while (dollar && names_size(dollar + 1) > 0)
        dollar = strchr(dollar + 1, '$');
    if (dollar)
        warn_name(&lint->of_service, mark, "\"%s\" has a \"$\" without a name", path, "Write the name after the $.");
}

/* "/v1/users/$code?x=1" as "/v1/users/$": two paths of the same shape are about the same thing. */
static char *path_shape(const char *path)
{
    struct text out = { 0 };
    size_t end = strcspn(path, "?");

    text_add(&out, "");
    for (size_t i = 0; i < end;) {
        text_add_char(&out, path[i]);
        i += path[i] == '$' ? 1 + names_size(path + i + 1) : 1;
    }
    return text_take(&out);
}

static bool same_shape(const char *a, const char *b)
{
    char *one = path_shape(a), *other = path_shape(b);
    bool same = text_same(one, other);

    free(one);
    free(other);
    return same;
}

/* Whether some answer contains the version of what is at this path. */
static bool has_version(const struct service *service, const char *path)
{
    bool has = false;

    for (size_t i = 0; i < service->operation_count && !has; i++) {
        const struct operation *operation = &service->operations[i];
        const char *listed = value_member_text(operation->etags, "path");

        has = (listed && same_shape(listed, path)) ||
              (text_same(operation->method, "GET") && operation->path && same_shape(operation->path, path));
    }
    return has;
}

static void check_versions(struct lint *lint, const struct operation *operation, const struct value *from)
{
    const char *const methods[] = { operation->method, operation->gone_method }, *const paths[] = { operation->path, operation->gone };
    static const char *const keywords[] = { "request", "gone" };

    for (size_t i = 0; i < 2 && operation->each && lint->service->match == MATCH_ETAG; i++)
        if (paths[i] && (text_same(methods[i], "PUT") || text_same(methods[i], "PATCH") || text_same(methods[i], "DELETE")) &&
            !has_version(lint->service, paths[i])) {
            warn_name(&lint->of_service, keyword_mark(from, keywords[i], operation->mark),
                      "no answer contains the versions of \"%s\", so a change that somebody else made is overwritten", paths[i],
                      "Add \"etags\" to the operation that reads the list.");
            return;
        }
}

/* Whether rows of this name are sent one by one, and no operation removes one. */
static bool keeps_rows(const struct lint *lint, const char *name)
{
    const struct field *field = lint->checklist ? checklist_field(lint->checklist, name, NULL) : NULL;
    bool keeps = field && (field->kind == KIND_TABLE || field->kind == KIND_MANY);

    for (size_t i = 0; i < lint->service->operation_count && keeps; i++)
        keeps = !text_same(lint->service->operations[i].each, name) || !lint->service->operations[i].gone;
    return keeps;
}

static void check_operation(struct lint *lint, const struct operation *operation)
{
    const struct value *from = description_of(lint->service, operation), *create = value_member(from, "create");
    struct mark at = keyword_mark(from, "request", operation->mark);

    check_path(lint, operation->path, at);
    check_path(lint, operation->create, keyword_mark(create, "request", at));
    check_path(lint, operation->gone, keyword_mark(from, "gone", at));
    check_path(lint, value_member_text(operation->etags, "path"), keyword_mark(operation->etags, "path", at));
    check_texts(lint, operation->headers);
    check_texts(lint, operation->send);
    check_texts(lint, operation->create_send);
    check_texts(lint, operation->held);
    check_texts(lint, value_member(operation->find, "by"));
    check_versions(lint, operation, from);
    if (text_same(operation->gone_method, "GET"))
        warn(&lint->of_service, keyword_mark(from, "gone", at), "a GET removes nothing", "\"gone\" is the request that removes a row.");
    if (text_same(operation->method, "GET") && value_member(operation->headers, "Content-Type"))
        warn(&lint->of_service, keyword_mark(operation->headers, "Content-Type", at), "a GET sends no body", "Remove the header.");
    if (operation->each && !operation->gone && !text_same(operation->method, "GET") && keeps_rows(lint, operation->each))
        warn_name(&lint->of_service, operation->mark, "rows that are removed from \"%s\" stay on the service", operation->each,
                  "Add \"gone\" with the request that removes a row.");
}

/* The columns that a template sends of a table, with their places. */
static void sent_columns(const struct value *template, const struct field *table, struct value *columns)
{
    if (template && template->kind == VALUE_TEXT && template->scalar == SCALAR_TEXT && names_alone(template->text))
        for (size_t i = 0; i < table->column_count; i++)
            if (text_same(table->columns[i].name, template->text + 1) && !value_member(columns, template->text + 1))
                value_put_text(columns, template->text + 1, "")->mark = template->mark;
    for (size_t i = 0; i < value_count(template); i++)
        sent_columns(value_item(template, i), table, columns);
}

/* The rows that a template makes of a table inside the body. */
static const struct value *rows_in(const struct value *template, const char *table)
{
    const struct value *found = NULL;

    if (template_is_rows(template) && text_same(value_member_text(template, "each"), table))
        return value_member(template, "row");
    for (size_t i = 0; i < value_count(template) && !found; i++)
        found = rows_in(value_item(template, i), table);
    return found;
}

static const struct value *read_row(const struct lint *lint, const struct step *step, const char *table)
{
    const struct value *row = NULL;

    for (size_t i = 0; i < value_count(step->load) && !row; i++) {
        const struct operation *load = service_operation(lint->service, value_item(step->load, i)->text);

        row = load ? value_member(value_member(load->keep, table), "row") : NULL;
    }
    return row;
}

static void check_columns(struct lint *lint, const struct step *step, const struct field *table)
{
    const struct value *row = read_row(lint, step, table->name);
    struct value *columns = value_new_map();

    for (size_t i = 0; row && i < value_count(step->save); i++) {
        const struct operation *save = service_operation(lint->service, value_item(step->save, i)->text);

        if (save)
            sent_columns(text_same(save->each, table->name) ? save->send : rows_in(save->send, table->name), table, columns);
    }
    for (size_t i = 0; i < value_count(columns); i++)
        if (!value_member(row, value_name(columns, i)))
            warn_name(&lint->of_service, value_item(columns, i)->mark,
                      "the column \"%s\" is sent and never read, so a change on the service is not found", value_name(columns, i),
                      "Add it to \"keep\" of the operation that reads the table.");
    value_free(columns);
}

static void check_step(struct lint *lint, const struct step *step)
{
    if (step->kind == STEP_FORM && step->field_count && !value_count(step->save))
        warn_name(&lint->of_checklist, step->mark, "the step \"%s\" has fields and no \"save\": its answers are never sent", step->id,
                  "Add \"save\" with the operations that send them.");
    if (step->kind == STEP_FORM && value_count(step->save) && !value_count(step->load))
        warn_name(&lint->of_checklist, step->save->mark, "the step \"%s\" has \"save\" and no \"load\": what the service stored is not known",
                  step->id, "Add \"load\" with the operations that read it.");
    for (size_t i = 0; i < step->field_count; i++)
        if (step->fields[i].kind == KIND_TABLE)
            check_columns(lint, step, &step->fields[i]);
}

/* "categories.{a}" and "categories.{b}" name the same sets. */
static bool is_set_of(const char *set, const char *offered)
{
    size_t a = set ? strcspn(set, "{") : 0, b = strcspn(offered, "{");
    struct value *bound = set && !names_has_braces(set) ? scope_unify(offered, set) : NULL;
    bool same = set && (bound || (a == b && strncmp(set, offered, a) == 0 && !set[a] == !offered[b]));

    value_free(bound);
    return same;
}

static bool field_uses_set(const struct field *field, const char *offered)
{
    bool uses = is_set_of(field->choices, offered) || is_set_of(field->keys, offered) || is_set_of(field->each, offered);

    for (size_t i = 0; i < field->column_count && !uses; i++)
        uses = is_set_of(field->columns[i].choices, offered);
    return uses;
}

static bool is_used(const struct lint *lint, const struct operation *operation)
{
    const char *offered = value_member_text(operation->offer, "to");
    bool used = false;

    for (size_t i = 0; i < lint->checklist->step_count && !used; i++) {
        const struct step *step = &lint->checklist->steps[i];

        used = value_list_has(step->load, operation->id) || value_list_has(step->save, operation->id);
        for (size_t k = 0; k < step->action_count && !used; k++)
            used = value_list_has(step->actions[k].run, operation->id);
        for (size_t k = 0; k < step->field_count && offered && !used; k++)
            used = field_uses_set(&step->fields[k], offered);
    }
    for (size_t i = 0; i < lint->service->operation_count && offered && !used; i++)
        used = is_set_of(lint->service->operations[i].each, offered);
    return used;
}

void lint_descriptions(const struct checklist *checklist, const char *path, const struct service *service, const char *service_path,
                       struct problems *warnings)
{
    struct lint lint = { .checklist = checklist, .service = service };

    reader_reopen(&lint.of_service, service_path, warnings);
    reader_reopen(&lint.of_checklist, checklist ? path : service_path, warnings);
    for (size_t i = 0; checklist && i < checklist->step_count; i++)
        check_step(&lint, &checklist->steps[i]);
    for (size_t i = 0; i < service->operation_count; i++) {
        const struct operation *operation = &service->operations[i];

        check_operation(&lint, operation);
        if (checklist && !is_used(&lint, operation))
            warn_name(&lint.of_service, operation->mark, "the operation \"%s\" is not used by the checklist", operation->id,
                      "Remove it, or add it to \"load\", \"save\" or \"run\".");
    }
    if (service->enter)
        check_operation(&lint, service->enter);
    reader_close(&lint.of_checklist);
    reader_close(&lint.of_service);
}
