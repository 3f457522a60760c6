#include "offers.h"

#include <stdio.h>

#include "list.h"

void root_get(struct call *call)
{
    struct value *body = value_new_map();

    value_put_text(body, "service", "commerce-services");
    value_put_text(body, "version", "1.0");
    value_append(value_put(body, "versions", value_new_list()), value_new_text("1"));
    call_reply(call, 200, body);
}

void me_get(struct call *call)
{
    struct value *row =
        accounts_row(call->service->accounts, "SELECT email, name FROM users WHERE id = ?", "s", call->user);
    struct value *body = value_new_map();

    value_put_text(body, "user", value_member_text(row, "email"));
    value_put_text(body, "account", call->tenant);
    value_put_text(body, "name", value_member_text(row, "name"));
    call_reply(call, 200, body);
    value_free(row);
}

void states_list(struct call *call)
{
    struct catalogue all = catalogue_of_states();

    list_answer_catalogue(call, &all);
}

void methods_list(struct call *call)
{
    struct catalogue all = catalogue_of_methods();

    list_answer_catalogue(call, &all);
}

void attributes_list(struct call *call)
{
    struct catalogue all = catalogue_of_attributes();

    list_answer_catalogue(call, &all);
}

void charge_codes_list(struct call *call)
{
    struct catalogue all = catalogue_of_charge_codes();

    list_answer_catalogue(call, &all);
}

static struct value *place_value(const struct place *place)
{
    struct value *item = value_new_map();

    value_put_text(item, "id", place->id);
    value_put_text(item, "name", place->name);
    return item;
}

static struct catalogue attributes_of(const struct call *call, const struct place *marketplace)
{
    const struct options *options = &call->service->options;

    return catalogue_of_marketplace(marketplace, (size_t)options->attributes, (unsigned)options->seed);
}

void marketplaces_list(struct call *call)
{
    struct value *items = value_new_list();
    const struct place *place;

    for (size_t i = 0; (place = marketplace_at(i)); i++) {
        struct value *item = value_append(items, place_value(place));
        char number[24];

        snprintf(number, sizeof number, "%zu", attributes_of(call, place).count);
        value_put(item, "attributes", value_new_scalar(SCALAR_NUMBER, number));
    }
    list_answer_rows(call, items, "id");
}

void marketplace_attributes_list(struct call *call)
{
    const struct place *place = marketplace_find(call->args[0]);

    if (!place) {
        call_problem(call, 404, NULL, "There is no marketplace \"%s\".", call->args[0]);
        return;
    }
    struct catalogue all = attributes_of(call, place);

    list_answer_catalogue(call, &all);
}

void hierarchies_list(struct call *call)
{
    struct value *items = value_new_list();
    const struct place *place;

    for (size_t i = 0; (place = hierarchy_at(i)); i++)
        value_append(items, place_value(place));
    list_answer_rows(call, items, "id");
}

void categories_list(struct call *call)
{
    const struct options *options = &call->service->options;
    const struct place *place = hierarchy_find(call->args[0]);

    if (!place) {
        call_problem(call, 404, NULL, "There is no category hierarchy \"%s\".", call->args[0]);
        return;
    }
    struct catalogue all =
        catalogue_of_hierarchy(place, (size_t)options->categories, (unsigned)options->seed);

    list_answer_catalogue(call, &all);
}
