/* The checklist and its service held against each other: operations, sets and names that hang in the air. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist_private.h"
#include "model/config.h"
#include "model/operation.h"
#include "names.h"
#include "template.h"

struct fitting {
    const struct checklist *checklist;
    const struct service *service;
    struct reader of_checklist;
    struct reader of_service;
    struct kept {
        const char *name;       /* that an operation keeps */
        char *shape;
        struct mark mark;
        bool used;
    } *kept;
    size_t kept_count;
};

/* A name as one that could be: "categories.{parameters.hierarchy}" as "categories.x". Yours. */
static char *name_shape(const char *name)
{
    struct text out = { 0 };

    text_add(&out, "");
    while (*name) {
        size_t plain = strcspn(name, "{");

        text_add_bytes(&out, name, plain);
        name += plain;
        if (*name) {
            text_add_char(&out, 'x');
            name += strcspn(name, "}");
            name += *name == '}';
        }
    }
    return text_take(&out);
}

/* "ID.submitted" */
static bool is_submitted(const struct checklist *checklist, const char *name)
{
    const char *part = strrchr(name, '.');

    for (size_t i = 0; part && i < checklist->step_count; i++) {
        const char *id = checklist->steps[i].id;

        if (strlen(id) == (size_t)(part - name) && strncmp(id, name, strlen(id)) == 0)
            return text_same(part, ".submitted");
    }
    return false;
}

/* Facts that the program itself knows. */
static bool is_own_fact(const struct checklist *checklist, const char *name)
{
    static const char *const facts[] = { "sign_in.state", "sign_in.user", "sign_in.account", NULL };
    const char *part;

    for (size_t i = 0; facts[i]; i++)
        if (text_same(name, facts[i]))
            return true;
    if (text_starts(name, "steps."))
        return is_submitted(checklist, name + strlen("steps."));
    if (!text_starts(name, "checks."))
        return false;
    name += strlen("checks.");
    part = strrchr(name, '.');
    for (size_t i = 0; part && i < checklist->step_count; i++)
        for (size_t k = 0; k < checklist->steps[i].check_count; k++) {
            const char *id = checklist->steps[i].checks[k].id;

            if (strlen(id) == (size_t)(part - name) && strncmp(id, name, strlen(id)) == 0)
                return text_same(part, ".result") || text_same(part, ".ok");
        }
    return false;
}

/* Whether a name means something; one that operations keep counts as used from then on. */
static bool is_known(struct fitting *fitting, const char *name)
{
    char *shape = name_shape(name);
    bool known = checklist_field(fitting->checklist, shape, NULL) || config_knows(shape) ||
                 is_own_fact(fitting->checklist, shape);

    for (size_t i = 0; i < fitting->kept_count; i++) {
        struct kept *kept = &fitting->kept[i];
        size_t size = strlen(kept->shape);

        /* The same name, or one entry of a map that is kept: "shipping.ids.x" of "shipping.ids". */
        if (*kept->shape == *shape && strncmp(kept->shape, shape, size) == 0 && (shape[size] == '\0' || shape[size] == '.'))
            known = kept->used = true;
    }
    free(shape);
    return known;
}

/* Names that are neither answers nor kept: columns of a row at hand, what checks found. */
static void gather_facts(struct value *names, const struct checklist *checklist)
{
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];

        for (size_t k = 0; k < step->check_count; k++) {
            char *ok = text_format("checks.%s.ok", step->checks[k].id), *result = text_format("checks.%s.result", step->checks[k].id);

            value_put_text(names, ok, "");
            value_put_text(names, result, "");
            free(ok);
            free(result);
        }
        for (size_t k = 0; k < step->field_count; k++)
            for (size_t n = 0; n < step->fields[k].column_count; n++)
                value_put_text(names, step->fields[k].columns[n].name, "");
    }
}

static void gather_fields(struct value *names, const struct checklist *checklist)
{
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t k = 0; k < checklist->steps[i].field_count; k++)
            value_put_text(names, checklist->steps[i].fields[k].name, "");
}

/* Names are gathered for the nearest right one, once there is a wrong one. */
static void unknown_name(struct fitting *fitting, struct reader *reader, struct mark mark, const char *name)
{
    struct value *names = value_new_map();
    const char **words;

    for (size_t i = 0; i < fitting->kept_count; i++)
        value_put_text(names, fitting->kept[i].name, "");
    gather_fields(names, fitting->checklist);
    config_names(names);
    gather_facts(names, fitting->checklist);
    words = map_words(names);
    reader_unknown(reader, mark, name, "a field, a name of the configuration or something that is kept", words);
    if (!text_nearest(name, words))
        reader_advise(reader, "A field of the checklist, or a name that an operation keeps, is wanted.");
    free(words);
    value_free(names);
}

static void unknown_field(struct fitting *fitting, struct reader *reader, struct mark mark, const char *name, const char *what)
{
    struct value *names = value_new_map();
    const char **words;

    gather_fields(names, fitting->checklist);
    words = map_words(names);
    reader_unknown(reader, mark, name, what, words);
    free(words);
    value_free(names);
}

static void check_condition(struct fitting *fitting, struct reader *reader, const struct value *when)
{
    for (size_t i = 0; i < value_count(when); i++)
        if (!is_known(fitting, value_name(when, i)))
            unknown_name(fitting, reader, value_name_mark(when, i), value_name(when, i));
}

static void check_operations(struct fitting *fitting, const struct value *names)
{
    const struct service *service = fitting->service;
    const char **words = mem_new((service->operation_count + 1) * sizeof *words);

    for (size_t i = 0; i < service->operation_count; i++)
        words[i] = service->operations[i].id;
    for (size_t i = 0; i < value_count(names); i++) {
        const struct value *name = value_item(names, i);

        if (!service_operation(service, name->text))
            reader_unknown(&fitting->of_checklist, name->mark, name->text, "an operation of the service", words);
    }
    free(words);
}

static void check_set(struct fitting *fitting, const struct field *field, const char *word, const char *set)
{
    struct value *bound = NULL;
    struct value *all;
    const char **words;
    char *shape;

    const struct field *table = set ? checklist_field(fitting->checklist, set, NULL) : NULL;

    if (!set || value_member(fitting->checklist->sets, set) || (table && table->kind == KIND_TABLE))
        return;
    shape = name_shape(set);
    if (!service_offering(fitting->service, shape, &bound)) {
        all = value_new_map();
        for (size_t i = 0; i < value_count(fitting->checklist->sets); i++)
            value_put_text(all, value_name(fitting->checklist->sets, i), "");
        for (size_t i = 0; i < fitting->service->operation_count; i++)
            if (value_member_text(fitting->service->operations[i].offer, "to"))
                value_put_text(all, value_member_text(fitting->service->operations[i].offer, "to"), "");
        words = map_words(all);
        reader_unknown(&fitting->of_checklist, field_mark(field, word), set,
                       "a set of choices that the checklist lists or the service offers", words);
        free(words);
        value_free(all);
    }
    value_free(bound);
    free(shape);
}

static void check_field(void *user, const struct step *step, const struct field *field)
{
    struct fitting *fitting = user;

    (void)step;
    check_set(fitting, field, "choices", field->choices);
    check_set(fitting, field, "keys", field->keys);
    if (field->each && !field_of_each(fitting->checklist, field))
        check_set(fitting, field, "each", field->each);
    for (size_t i = 0; i < field->column_count; i++)
        check_set(fitting, &field->columns[i], "choices", field->columns[i].choices);
    check_condition(fitting, &fitting->of_checklist, field->when);
}

/* What must be typed is the text of an answer. */
static void check_typed(struct fitting *fitting, const struct action *action)
{
    if (action->type && !checklist_field(fitting->checklist, action->type, NULL))
        unknown_field(fitting, &fitting->of_checklist, action->mark, action->type, "a field");
}

/* The state after an action is read by its step. */
static void check_done_when(struct fitting *fitting, const struct step *step, const struct action *action)
{
    for (size_t i = 0; i < value_count(action->done_when); i++) {
        const struct value *wanted = value_item(action->done_when, i);
        bool read = false;

        for (size_t k = 0; k < value_count(step->load); k++) {
            const struct operation *load = service_operation(fitting->service, value_item(step->load, k)->text);

            read = read || (load && value_member(load->keep, value_name(action->done_when, i)));
        }
        if (read)
            continue;
        reader_fault(&fitting->of_checklist, wanted->mark, "\"%s\" is not read by an operation in \"load\" of this step",
                     value_name(action->done_when, i));
        reader_advise(&fitting->of_checklist, "\"done_when\" is compared with what the step reads after the action.");
    }
}

static void check_step(struct fitting *fitting, const struct step *step)
{
    check_operations(fitting, step->load);
    check_operations(fitting, step->save);
    check_condition(fitting, &fitting->of_checklist, step->when);
    for (size_t i = 0; i < step->action_count; i++) {
        check_operations(fitting, step->actions[i].run);
        check_typed(fitting, &step->actions[i]);
        check_condition(fitting, &fitting->of_checklist, step->actions[i].when);
        check_condition(fitting, &fitting->of_checklist, step->actions[i].done_when);
        check_done_when(fitting, step, &step->actions[i]);
    }
    for (size_t i = 0; i < step->check_count; i++)
        if (step->checks[i].from && !config_knows(step->checks[i].from)) {
            reader_fault(&fitting->of_checklist, step->checks[i].mark, "\"%s\" is no name of the configuration",
                         step->checks[i].from);
            reader_advise(&fitting->of_checklist, "A command of a check is called erp.NAME_check there.");
        }
}

/* What short names mean within one operation: columns, what `as` binds, what an offer's braces bind. */
struct within {
    const struct operation *operation;
    const char *each;           /* a table, list or map whose rows are gone through; NULL */
    const char *as;
};

static bool is_column(const struct fitting *fitting, const char *each, const char *as, const char *name)
{
    const struct field *field = each ? checklist_field(fitting->checklist, each, NULL) : NULL;

    if (!each)
        return false;
    if (text_same(name, as) || (!as && text_same(name, "key")) || text_same(name, "value"))
        return true;
    for (size_t i = 0; field && i < field->column_count; i++)
        if (text_same(field->columns[i].name, name))
            return true;
    return false;
}

static bool means_within(struct fitting *fitting, const struct within *within, const char *name)
{
    struct value *bound = names_in_braces(value_member_text(within->operation->offer, "to"));
    bool known = value_list_has(bound, name) || is_column(fitting, within->each, within->as, name) ||
                 is_column(fitting, within->operation->each, within->operation->as, name);

    value_free(bound);
    return known || is_known(fitting, name);
}

static void check_name(struct fitting *fitting, const struct within *within, struct mark mark, const char *name)
{
    struct value *inner = names_in_braces(name);

    for (size_t i = 0; i < value_count(inner); i++)
        if (!means_within(fitting, within, value_item(inner, i)->text))
            unknown_name(fitting, &fitting->of_service, mark, value_item(inner, i)->text);
    if (!means_within(fitting, within, name))
        unknown_name(fitting, &fitting->of_service, mark, name);
    value_free(inner);
}

static void check_path(struct fitting *fitting, const struct within *within, const char *path)
{
    size_t at = 0, from;
    char *name;

    while (path && (name = names_next(path, &at, &from))) {
        check_name(fitting, within, within->operation->mark, name);
        free(name);
    }
}

static void check_template(struct fitting *fitting, const struct within *within, const struct value *template)
{
    struct within inner = *within;

    if (template && template->kind == VALUE_TEXT && template->scalar == SCALAR_TEXT && names_alone(template->text))
        check_name(fitting, within, template->mark, template->text + 1);
    if (template_is_rows(template)) {
        const struct value *each = value_member(template, "each");

        check_name(fitting, within, each->mark, each->text);
        inner.each = each->text;
        inner.as = value_member_text(template, "as");
        check_template(fitting, &inner, value_member(template, "row"));
        return;
    }
    for (size_t i = 0; i < value_count(template); i++)
        check_template(fitting, within, value_item(template, i));
}

/* `of` speaks of a list of texts or of a column of a table. */
static void check_of(struct fitting *fitting, const struct value *of)
{
    const struct field *field = checklist_field(fitting->checklist, of->text, NULL);
    const char *dot = strrchr(of->text, '.');
    char *table = dot ? mem_copy_bytes(of->text, (size_t)(dot - of->text)) : NULL;

    if (!field && !(table && is_column(fitting, table, "", dot + 1)))
        unknown_field(fitting, &fitting->of_service, of->mark, of->text, "a field, or a column of a table");
    free(table);
}

/* The $names in `by`, and what `of` speaks of, wherever they stand in what is kept. */
static void check_shape(struct fitting *fitting, const struct within *within, const struct value *shape)
{
    const struct value *of = value_member(shape, "of"), *by = value_member(shape, "by");

    if (!shape || shape->kind != VALUE_MAP)
        return;
    check_template(fitting, within, by);
    if (of)
        check_of(fitting, of);
    check_shape(fitting, within, value_member(shape, "value"));
    for (size_t i = 0; i < value_count(value_member(shape, "row")); i++)
        check_shape(fitting, within, value_item(value_member(shape, "row"), i));
}

static void check_blame(struct fitting *fitting, const struct operation *operation)
{
    for (size_t i = 0; i < value_count(operation->blame); i++) {
        const struct value *to = value_item(operation->blame, i);
        size_t size = strlen(to->text);
        char *bare = mem_copy_bytes(to->text, size > 2 && strcmp(to->text + size - 2, ".*") == 0 ? size - 2 : size);
        char *shape = name_shape(bare);

        const char *dot = strrchr(shape, '.');
        char *table = dot ? mem_copy_bytes(shape, (size_t)(dot - shape)) : NULL;

        if (!checklist_field(fitting->checklist, shape, NULL) && !(table && is_column(fitting, table, "", dot + 1)))
            unknown_field(fitting, &fitting->of_service, to->mark, bare, "a field");
        free(table);
        free(shape);
        free(bare);
    }
}

static void check_operation(struct fitting *fitting, const struct operation *operation)
{
    struct within within = { .operation = operation };
    struct value *bound = NULL;
    bool set = operation->each && service_offering(fitting->service, operation->each, &bound);

    value_free(bound);
    if (operation->each && !set && !value_member(fitting->checklist->sets, operation->each))
        check_name(fitting, &within, operation->mark, operation->each);
    check_path(fitting, &within, operation->path);
    check_path(fitting, &within, operation->gone);
    check_path(fitting, &within, operation->create);
    check_template(fitting, &within, operation->send);
    check_template(fitting, &within, operation->create_send);
    check_template(fitting, &within, operation->held);
    check_template(fitting, &within, operation->headers);
    check_template(fitting, &within, value_member(operation->find, "by"));
    for (size_t i = 0; i < value_count(operation->keep); i++)
        check_shape(fitting, &within, value_item(operation->keep, i));
    check_condition(fitting, &fitting->of_service, operation->when);
    check_blame(fitting, operation);
}

static void gather_kept(struct fitting *fitting)
{
    size_t count = 0;

    for (size_t i = 0; i < fitting->service->operation_count; i++)
        count += value_count(fitting->service->operations[i].keep);
    fitting->kept = mem_new(count * sizeof *fitting->kept);
    for (size_t i = 0; i < fitting->service->operation_count; i++) {
        const struct value *keep = fitting->service->operations[i].keep;

        for (size_t k = 0; k < value_count(keep); k++)
            fitting->kept[fitting->kept_count++] = (struct kept){ value_name(keep, k), name_shape(value_name(keep, k)), value_name_mark(keep, k),
                                                                  false };
    }
}

/* What is kept and never asked for is a slip: an answer under a wrong name would be lost without a word. */
static void check_kept(struct fitting *fitting)
{
    for (size_t i = 0; i < fitting->kept_count; i++) {
        const struct kept *kept = &fitting->kept[i];

        if (!kept->used && !checklist_field(fitting->checklist, kept->shape, NULL) && !config_knows(kept->shape))
            unknown_field(fitting, &fitting->of_service, kept->mark, kept->name, "a field, and nothing asks for it");
    }
}

bool checklist_fits(const struct checklist *checklist, const char *path, const struct service *service, const char *service_path,
                    struct problems *problems)
{
    struct fitting fitting = { .checklist = checklist, .service = service };
    size_t before = problems->count;

    reader_reopen(&fitting.of_checklist, path, problems);
    reader_reopen(&fitting.of_service, service_path, problems);
    gather_kept(&fitting);
    if (!checklist_names_file(checklist) && !text_same(checklist->service, service->id))
        reader_fault(&fitting.of_checklist, checklist->service_mark, "the checklist is for the service \"%s\", and this is \"%s\"",
                     checklist->service, service->id);
    check_condition(&fitting, &fitting.of_checklist, checklist->available);
    for (size_t i = 0; i < value_count(checklist->heading); i++)
        if (!is_known(&fitting, value_item(checklist->heading, i)->text))
            unknown_name(&fitting, &fitting.of_checklist, value_item(checklist->heading, i)->mark, value_item(checklist->heading, i)->text);
    for (size_t i = 0; i < checklist->step_count; i++)
        check_step(&fitting, &checklist->steps[i]);
    checklist_visit(checklist, check_field, &fitting);
    for (size_t i = 0; i < service->operation_count; i++)
        check_operation(&fitting, &service->operations[i]);
    if (service->enter)
        check_operation(&fitting, service->enter);
    check_kept(&fitting);
    for (size_t i = 0; i < fitting.kept_count; i++)
        free(fitting.kept[i].shape);
    free(fitting.kept);
    reader_close(&fitting.of_checklist);
    reader_close(&fitting.of_service);
    return problems->count == before;
}
