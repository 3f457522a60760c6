#include "setup.h"

#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "document.h"
#include "providers.h"
#include "shape.h"

static const char account_start[] =
    "{\"organization\":null,\"legal_entity\":null,\"contact_name\":null,\"email\":null,\"phone\":null,"
    "\"address\":"
    "{\"street\":null,\"city\":null,\"state\":null,\"zip\":null,\"country\":\"US\"},\"time_zone\":null,"
    "\"currency\":null,\"environment\":null}";

static void answer_document(struct call *call, const char *collection, const char *key, const char *start)
{
    int64_t version;
    struct value *body = document_read_or_start(call, collection, key, start, &version);

    call_reply_version(call, 200, body, version);
}

/* Writes the body of the request, which was found good. */
static void put_document(struct call *call, const char *collection, const char *key)
{
    int64_t version;

    if (call_is_faulty(call))
        return;
    value_free(document_read_or_start(call, collection, key, "{}", &version));
    if (!call_condition(call, version))
        return;
    version = document_write(call, collection, key, call->body);
    call_reply_version(call, 200, value_copy(call->body), version);
}

struct value *account_read(struct call *call, int64_t *version)
{
    int64_t ignored;

    return document_read_or_start(call, "account", "", account_start, version ? version : &ignored);
}

void account_get(struct call *call)
{
    answer_document(call, "account", "", account_start);
}

void account_put(struct call *call)
{
    shape_check(&shape_of_account, call->body, "", call->faults);
    put_document(call, "account", "");
}

void assignments_get(struct call *call)
{
    answer_document(call, "payment-method-assignments", "", "{\"assignments\":{}}");
}

/* What is wrong with giving this payment method to this provider, or NULL; yours. */
static char *assignment_fault(const char *method, const char *name, const struct value *chosen)
{
    struct catalogue methods = catalogue_of_methods();
    const struct provider *provider = provider_find(name);

    if (catalogue_find(&methods, method) == CATALOGUE_NONE)
        return text_format("There is no payment method \"%s\".", method);
    if (!provider)
        return text_format("There is no payment provider \"%s\".", name);
    if (!value_find(chosen, "key", name, NULL))
        return text_format("%s is not one of the chosen payment providers.", provider->name);
    if (!provider_supports(provider, method))
        return text_format("%s does not support this payment method.", provider->name);
    return NULL;
}

static void check_assignments(struct call *call, const struct value *assignments, const char *pointer,
                              struct value *faults)
{
    struct value *chosen = document_rows(call, "chosen-payment-providers");

    for (size_t i = 0; assignments && assignments->kind == VALUE_MAP && i < value_count(assignments); i++) {
        const struct value *provider = value_item(assignments, i);
        char *at = pointer_join(pointer, value_name(assignments, i)), *wrong = NULL;

        if (provider->kind == VALUE_TEXT && provider->scalar == SCALAR_TEXT)
            wrong = assignment_fault(value_name(assignments, i), provider->text, chosen);
        if (wrong)
            fault_add(faults, at, "%s", wrong);
        free(wrong);
        free(at);
    }
    value_free(chosen);
}

void assignments_put(struct call *call)
{
    shape_check(&shape_of_assignments, call->body, "", call->faults);
    check_assignments(call, value_member(call->body, "assignments"), "/assignments", call->faults);
    put_document(call, "payment-method-assignments", "");
}

void sales_tax_get(struct call *call)
{
    answer_document(call, "sales-tax", "", "{\"computed_by\":null,\"rates\":[]}");
}

void sales_tax_put(struct call *call)
{
    const struct value *rates = value_member(call->body, "rates");

    shape_check(&shape_of_sales_tax, call->body, "", call->faults);
    for (size_t i = 0; rates && rates->kind == VALUE_LIST && i < value_count(rates); i++) {
        const char *state = value_member_text(value_item(rates, i), "state");

        for (size_t before = 0; state && before < i; before++) {
            const char *other = value_member_text(value_item(rates, before), "state");

            if (other && strcmp(state, other) == 0) {
                char *at = text_format("/rates/%zu/state", i);

                fault_add(call->faults, at, "%s has a rate already, in row %zu.", state, before + 1);
                free(at);
                break;
            }
        }
    }
    put_document(call, "sales-tax", "");
}

void attribute_map_get(struct call *call)
{
    if (!marketplace_find(call->args[0])) {
        call_problem(call, 404, NULL, "There is no such marketplace.");
        return;
    }
    answer_document(call, "attribute-maps", call->args[0], "{\"map\":{}}");
}

void attribute_map_put(struct call *call)
{
    const struct place *marketplace = marketplace_find(call->args[0]);
    const struct value *map = value_member(call->body, "map");

    if (!marketplace) {
        call_problem(call, 404, NULL, "There is no such marketplace.");
        return;
    }
    struct catalogue ours = catalogue_of_attributes();
    const struct options *options = &call->service->options;
    struct catalogue theirs =
        catalogue_of_marketplace(marketplace, (size_t)options->attributes, (unsigned)options->seed);

    shape_check(&shape_of_attribute_map, call->body, "", call->faults);
    for (size_t i = 0; map && map->kind == VALUE_MAP && i < value_count(map); i++) {
        const char *to = value_item(map, i)->kind == VALUE_TEXT ? value_item(map, i)->text : NULL;
        char *at = pointer_join("/map", value_name(map, i));

        if (catalogue_find(&ours, value_name(map, i)) == CATALOGUE_NONE)
            fault_add(call->faults, at, "There is no product attribute \"%s\".", value_name(map, i));
        else if (to && catalogue_find(&theirs, to) == CATALOGUE_NONE &&
                 value_item(map, i)->scalar == SCALAR_TEXT)
            fault_add(call->faults, at, "%s has no attribute \"%s\".", marketplace->name, to);
        free(at);
    }
    put_document(call, "attribute-maps", call->args[0]);
}

void parameters_get(struct call *call)
{
    answer_document(call, "parameters", "", "{\"hierarchy\":null,\"category\":null,\"charge_code\":null}");
}

void parameters_put(struct call *call)
{
    const char *hierarchy = value_text(call->body, "hierarchy"),
               *category = value_text(call->body, "category");
    const char *charge_code = value_text(call->body, "charge_code");
    const struct place *place = hierarchy ? hierarchy_find(hierarchy) : NULL;
    struct catalogue codes = catalogue_of_charge_codes();

    shape_check(&shape_of_parameters, call->body, "", call->faults);
    if (hierarchy && !place)
        fault_add(call->faults, "/hierarchy", "There is no category hierarchy \"%s\".", hierarchy);
    if (category && !place) {
        fault_add(call->faults, "/category", "Give the hierarchy that the category is in.");
    } else if (category) {
        struct catalogue all = catalogue_of_hierarchy(place, (size_t)call->service->options.categories,
                                                      (unsigned)call->service->options.seed);

        if (catalogue_find(&all, category) == CATALOGUE_NONE)
            fault_add(call->faults, "/category", "%s has no category \"%s\".", place->name, category);
    }
    if (charge_code && catalogue_find(&codes, charge_code) == CATALOGUE_NONE)
        fault_add(call->faults, "/charge_code", "There is no charge code \"%s\".", charge_code);
    put_document(call, "parameters", "");
}

void settings_get(struct call *call)
{
    answer_document(call, "settings", call->args[0], "{}");
}

void settings_put(struct call *call)
{
    shape_check_flat(call->body, call->faults);
    put_document(call, "settings", call->args[0]);
}

static void check_filled(const struct value *body, const char *pointer, struct value *faults)
{
    for (size_t i = 0; i < value_count(body); i++) {
        const struct value *member = value_item(body, i);
        char *at = pointer_join(pointer, value_name(body, i));

        if (member->kind == VALUE_MAP)
            check_filled(member, at, faults);
        else if (value_is_empty(member))
            fault_add(faults, at, "This is missing in the account information.");
        free(at);
    }
}

static void check_shipping(struct call *call, struct value *faults)
{
    struct value *rows = document_rows(call, "shipping-methods");
    bool enabled = false;

    for (size_t i = 0; i < value_count(rows); i++)
        enabled = enabled || value_yes(value_item(rows, i), "body.enabled");
    if (!enabled)
        fault_add(faults, "/shipping-methods", "There is no enabled shipping method.");
    value_free(rows);
}

void information_check(struct call *call, struct value *faults)
{
    int64_t ignored;
    struct value *account_body = account_read(call, NULL);
    struct value *chosen = document_rows(call, "chosen-payment-providers");
    struct value *given = document_read(call, "payment-method-assignments", "", NULL);
    struct value *tax = document_read_or_start(call, "sales-tax", "", "{}", &ignored);

    check_filled(account_body, "/account", faults);
    if (value_count(chosen) == 0)
        fault_add(faults, "/chosen-payment-providers", "No payment provider is chosen.");
    if (value_count(given ? value_member(given, "assignments") : NULL) == 0)
        fault_add(faults, "/payment-method-assignments", "No payment method is assigned to a provider.");
    else
        check_assignments(call, value_member(given, "assignments"), "/payment-method-assignments", faults);
    check_shipping(call, faults);
    if (!value_text(tax, "computed_by") || (strcmp(value_text(tax, "computed_by"), "table") == 0 &&
                                            value_count(value_member(tax, "rates")) == 0))
        fault_add(faults, "/sales-tax", "The sales tax is not set up.");
    value_free(account_body);
    value_free(chosen);
    value_free(given);
    value_free(tax);
}
