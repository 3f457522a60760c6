#include "support/model.h"

#include "model/condition.h"
#include "model/scope.h"

/* What every test of this file looks into. */
struct world {
    struct value *row, *bound, *answers, *secrets, *facts, *config;
    struct scope scope;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    world->row = yaml("{code: GROUND, name: of the row}");
    world->bound = yaml("{provider: paypal, marketplace: shop.example, parameters.hierarchy: food}");
    world->answers = yaml("{name: of the answers, account: {zip: '98052', city: ''}, payment: {providers: [paypal, stripe],"
                          " credentials: {paypal: {id: abc}}}, rates: [], attributes: {'shop.example': {color: c1}}}");
    world->secrets = yaml("{payment: {credentials: {paypal: {key: s3cret}}}}");
    world->facts = yaml("{activation: {status: pending}, checks: {change-tracking: {ok: yes}}}");
    world->config = yaml("{erp: {version: ax2012-r2}, activation: {status: of the configuration}}");
    world->scope = (struct scope){ world->row, world->bound, world->answers, world->secrets, world->facts, world->config };
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    value_free(world->row);
    value_free(world->bound);
    value_free(world->answers);
    value_free(world->secrets);
    value_free(world->facts);
    value_free(world->config);
    free(world);
    return 0;
}

static const struct { const char *name, *means; } names[] = {
    { "account.zip", "\"98052\"" },
    { "name", "\"of the row\"" },
    { "code", "\"GROUND\"" },
    { "provider", "\"paypal\"" },
    { "parameters.hierarchy", "\"food\"" },
    { "account.city", "(none)" },
    { "account.nothing", "(none)" },
    { "", "(none)" },
    { "payment.providers", "[\"paypal\",\"stripe\"]" },
    { "rates", "[]" },
    { "payment.credentials.{provider}", "{\"id\":\"abc\",\"key\":\"s3cret\"}" },
    { "payment.credentials.{code}", "(none)" },
    { "payment.credentials.{nobody}", "(none)" },
    { "payment.credentials.{provider", "(none)" },
    { "attributes.{marketplace}", "{\"color\":\"c1\"}" },
    { "activation.status", "\"pending\"" },
    { "checks.change-tracking.ok", "true" },
    { "erp.version", "\"ax2012-r2\"" },
};

static void a_name_means_the_row_then_answers_and_secrets_then_facts_then_the_configuration(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LENGTH(names); i++)
        assert_json(scope_get(&world->scope, names[i].name), names[i].means);
}

static void an_expanded_name_keeps_dots_of_values_out_of_its_path(void **state)
{
    struct world *world = *state;
    char *name = scope_expand(&world->scope, "attributes.{marketplace}.x");

    assert_string_equal(name, "attributes.shop%2Eexample.x");
    free(name);
    assert_null(scope_expand(&world->scope, "attributes.{nobody}"));
    assert_null(scope_expand(&world->scope, "attributes.{payment.providers}"));
}

static void only_a_scalar_has_a_text(void **state)
{
    struct world *world = *state;
    char *text = scope_text(&world->scope, "erp.version");

    assert_string_equal(text, "ax2012-r2");
    free(text);
    assert_null(scope_text(&world->scope, "payment.providers"));
}

static const struct { const char *template, *name, *bound; } unified[] = {
    { "categories.{hierarchy}", "categories.food", "{\"hierarchy\":\"food\"}" },
    { "categories.{hierarchy}", "categories.shop%2Eexample", "{\"hierarchy\":\"shop.example\"}" },
    { "categories.{hierarchy}", "categories.a%25b", "{\"hierarchy\":\"a%b\"}" },
    { "categories.{hierarchy}", "categories.", "(none)" },
    { "categories.{hierarchy}", "categories.a.b", "(none)" },
    { "categories.{hierarchy}", "charges.food", "(none)" },
    { "a.{x}.b.{y}", "a.1.b.2", "{\"x\":\"1\",\"y\":\"2\"}" },
    { "charge-codes", "charge-codes", "{}" },
    { "charge-codes", "charge-code", "(none)" },
    { "charge-code", "charge-codes", "(none)" },
};

static void a_name_is_matched_against_a_template_part_by_part(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(unified); i++)
        assert_json(scope_unify(unified[i].template, unified[i].name), unified[i].bound);
}

static const struct { const char *when; bool holds; } conditions[] = {
    { "{}", true },
    { "{erp.version: ax2012-r2}", true },
    { "{erp.version: [ax2012, ax2012-r2]}", true },
    { "{erp.version: ax2012}", false },
    { "{erp.version: ax2012-r2, account.zip: '98052'}", true },
    { "{erp.version: ax2012-r2, account.zip: '98053'}", false },
    { "{payment.providers: stripe}", true },
    { "{payment.providers: [adyen, stripe]}", true },
    { "{payment.providers: adyen}", false },
    { "{account.city: ['', Redmond]}", true },
    { "{account.city: Redmond}", false },
    { "{account.nothing: ''}", true },
    { "{account.nothing: [x]}", false },
    { "{rates: ''}", true },
    { "{checks.change-tracking.ok: yes}", true },
    { "{checks.change-tracking.ok: no}", false },
};

static void a_condition_holds_when_every_name_has_one_of_its_values(void **state)
{
    struct world *world = *state;

    assert_true(condition_holds(NULL, &world->scope));
    for (size_t i = 0; i < LENGTH(conditions); i++) {
        struct value *when = yaml(conditions[i].when);

        if (condition_holds(when, &world->scope) != conditions[i].holds)
            fail_msg("%s", conditions[i].when);
        value_free(when);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_name_means_the_row_then_answers_and_secrets_then_facts_then_the_configuration, setup, teardown),
        cmocka_unit_test_setup_teardown(an_expanded_name_keeps_dots_of_values_out_of_its_path, setup, teardown),
        cmocka_unit_test_setup_teardown(only_a_scalar_has_a_text, setup, teardown),
        cmocka_unit_test(a_name_is_matched_against_a_template_part_by_part),
        cmocka_unit_test_setup_teardown(a_condition_holds_when_every_name_has_one_of_its_values, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
