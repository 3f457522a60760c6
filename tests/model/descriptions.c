/* The descriptions that are shipped: whole, fitting each other, and answered by the example. */
#include "support/model.h"

#include "model/checklist.h"
#include "model/condition.h"
#include "model/config.h"
#include "model/operation.h"

#define CHECKLIST ASSETS "/checklists/commerce-services.yaml"
#define SERVICE ASSETS "/services/commerce-services.yaml"
#define ANSWERS ASSETS "/examples/answers.yaml"
#define CONFIG ASSETS "/../config.example.yaml"

struct shipped {
    struct checklist *checklist;
    struct service *service;
    struct value *config, *answers;
};

static struct value *read_value(const char *path)
{
    struct problem why = { 0 };
    struct value *value = yaml_read_file(path, YAML_LIMIT, &why);

    if (!value)
        fail_msg("%s: %s", path, why.text);
    return value;
}

static int setup(void **state)
{
    struct shipped *shipped = calloc(1, sizeof *shipped);
    struct problems problems = { 0 };

    shipped->checklist = checklist_read(CHECKLIST, &problems);
    shipped->service = service_read(SERVICE, &problems);
    assert_problems(&problems, "");
    shipped->config = read_value(CONFIG);
    shipped->answers = read_value(ANSWERS);
    *state = shipped;
    return 0;
}

static int teardown(void **state)
{
    struct shipped *shipped = *state;

    checklist_free(shipped->checklist);
    service_free(shipped->service);
    value_free(shipped->config);
    value_free(shipped->answers);
    free(shipped);
    return 0;
}

static void the_checklist_fits_its_service(void **state)
{
    struct shipped *shipped = *state;
    struct problems problems = { 0 };

    checklist_fits(shipped->checklist, CHECKLIST, shipped->service, SERVICE, &problems);
    assert_problems(&problems, "");
}

static void the_example_of_a_configuration_and_of_answers_are_good_as_they_stand(void **state)
{
    struct shipped *shipped = *state;
    struct problems problems = { 0 };

    config_check(shipped->config, CONFIG, &problems);
    checklist_check_answers(shipped->checklist, shipped->answers, shipped->config, ANSWERS, true, &problems);
    assert_problems(&problems, "");
}

static void the_steps_stand_in_the_order_in_which_they_are_done(void **state)
{
    struct shipped *shipped = *state;
    struct text out = { 0 };

    for (size_t i = 0; i < shipped->checklist->step_count; i++)
        text_addf(&out, "%s ", shipped->checklist->steps[i].id);
    assert_string_equal(out.bytes, "prerequisites sign-in account payment-providers payment-methods shipping sales-tax attributes"
                                   " activate parameters sign-out maintain ");
    text_clear(&out);
}

static const struct { const char *version; bool available, parameters; } versions[] = {
    { "ax2012", true, false }, { "ax2012-fp", true, false }, { "ax2012-r2", true, true }, { "ax2012-r3", false, false },
    { "", false, false },
};

static void the_version_of_the_erp_system_decides_what_applies(void **state)
{
    struct shipped *shipped = *state;

    for (size_t i = 0; i < LENGTH(versions); i++) {
        struct value *config = value_new_map();
        struct scope scope = { .config = config };

        value_set(config, "erp.version", versions[i].version);
        assert_int_equal(condition_holds(shipped->checklist->available, &scope), versions[i].available);
        assert_int_equal(condition_holds(checklist_step(shipped->checklist, "parameters")->when, &scope), versions[i].parameters);
        value_free(config);
    }
}

static void every_step_and_field_is_explained_in_a_sentence(void **state)
{
    struct shipped *shipped = *state;

    for (size_t i = 0; i < shipped->checklist->step_count; i++) {
        const struct step *step = &shipped->checklist->steps[i];

        assert_non_null(step->guide);
        for (size_t k = 0; k < step->field_count; k++) {
            const char *help = step->fields[k].help;

            if (!help || help[strlen(help) - 1] != '.')
                fail_msg("%s", step->fields[k].name);
        }
    }
}

static void another_country_is_refused_with_the_reason(void **state)
{
    struct shipped *shipped = *state;
    const struct field *country = checklist_field(shipped->checklist, "account.country", NULL);
    struct value *value = value_new_text("Germany");
    struct problems problems = { 0 };

    assert_false(kind_check(country, country->name, &value, NULL, NULL, &problems));
    assert_problems(&problems, "account.country: \"Germany\" is not one of the choices. Accounts exist for companies in the United"
                               " States only.\n");
    value_free(value);
}

/* What a step sends for the example's answers: one line a request. */
static const struct { const char *operation, *lines; } sent[] = {
    { "put-account",
      "PUT /v1/account {\"organization\":\"Contoso Outdoor\",\"legal_entity\":\"USMF\",\"contact_name\":\"Kim Akers\",\"email\":"
      "\"commerce@contoso.example\",\"phone\":\"+1 425 555 0150\",\"address\":{\"street\":\"4567 Main Street\",\"city\":\"Redmond\","
      "\"state\":\"WA\",\"zip\":\"98052\",\"country\":\"US\"},\"time_zone\":\"America/Los_Angeles\",\"currency\":\"USD\","
      "\"environment\":\"test\"}\n" },
    { "put-payment-methods",
      "PUT /v1/payment-method-assignments {\"assignments\":{\"visa\":\"authorize-net\",\"mastercard\":\"authorize-net\",\"amex\":"
      "\"authorize-net\",\"discover\":\"authorize-net\",\"paypal\":\"paypal\"}}\n" },
    { "put-shipping-method",
      "PUT /v1/shipping-methods/GROUND {\"carrier\":\"UPS\",\"service\":\"Ground\",\"name\":\"Standard delivery, 3 to 5 days\","
      "\"charge\":\"7.95\",\"regions\":[\"US\"],\"enabled\":true}\n"
      "PUT /v1/shipping-methods/2DAY {\"carrier\":\"UPS\",\"service\":\"2nd Day Air\",\"name\":\"Second day delivery\",\"charge\":"
      "\"19.50\",\"regions\":[\"US\"],\"enabled\":true}\n"
      "PUT /v1/shipping-methods/PICKUP {\"carrier\":\"Contoso\",\"service\":\"Store pickup\",\"name\":\"Pick up at our store in"
      " Redmond\",\"charge\":\"0\",\"regions\":[\"WA\",\"OR\",\"ID\"],\"enabled\":false}\n" },
    { "put-attribute-map",
      "PUT /v1/marketplaces/ebay/attribute-map {\"map\":{\"color\":\"ebay-00000\",\"size\":\"ebay-00001\"}}\n" },
    { "put-parameters",
      "PUT /v1/parameters {\"hierarchy\":\"retail-products\",\"category\":\"cat-0000000\",\"charge_code\":\"SHIP-ONLINE\"}\n" },
};

/* The answers as they are kept: each in its one written form. */
static struct value *settled(const struct shipped *shipped)
{
    struct value *answers = value_copy(shipped->answers);
    struct problems problems = { 0 };

    for (size_t i = 0; i < shipped->checklist->step_count; i++)
        for (size_t k = 0; k < shipped->checklist->steps[i].field_count; k++) {
            const struct field *field = &shipped->checklist->steps[i].fields[k];
            struct value *value = field->each ? NULL : value_copy(value_at(answers, field->name));

            if (value && kind_check(field, field->name, &value, NULL, NULL, &problems))
                value_set_value(answers, field->name, value);
            else
                value_free(value);
        }
    assert_problems(&problems, "");
    return answers;
}

static void the_example_becomes_these_requests(void **state)
{
    struct shipped *shipped = *state;
    struct value *answers = settled(shipped);

    for (size_t i = 0; i < LENGTH(sent); i++) {
        const struct operation *operation = service_operation(shipped->service, sent[i].operation);
        struct scope scope = { .answers = answers };
        struct text out = { 0 };
        struct rows rows;

        operation_rows(operation, &scope, NULL, NULL, &rows);
        for (size_t k = 0; k < rows.count; k++) {
            struct request request;

            scope.row = rows.items[k].row;
            assert_true(operation_request(shipped->service, operation, &scope, false, NULL, &request, NULL));
            text_addf(&out, "%s %s ", request.method, request.path);
            json_write(request.body, &out);
            text_add_char(&out, '\n');
            request_clear(&request);
        }
        assert_string_equal(text_bytes(&out), sent[i].lines);
        text_clear(&out);
        rows_clear(&rows);
    }
    value_free(answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checklist_fits_its_service),
        cmocka_unit_test(the_example_of_a_configuration_and_of_answers_are_good_as_they_stand),
        cmocka_unit_test(the_steps_stand_in_the_order_in_which_they_are_done),
        cmocka_unit_test(the_version_of_the_erp_system_decides_what_applies),
        cmocka_unit_test(every_step_and_field_is_explained_in_a_sentence),
        cmocka_unit_test(another_country_is_refused_with_the_reason),
        cmocka_unit_test(the_example_becomes_these_requests),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
