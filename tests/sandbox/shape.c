/* What may stand in each member of a body. */
#include "../src/sandbox/shape.h"

#include <string.h>

#include "json/doc.h"
#include "support/check.h"

/* How many faults a body has. */
static size_t faults_of(const struct shape *shape, const char *json)
{
    struct value *body = json_read(json, strlen(json), NULL, NULL), *faults = value_new_list();
    size_t count;

    assert_non_null(body);
    shape_check(shape, body, "", faults);
    count = value_count(faults);
    value_free(faults);
    value_free(body);
    return count;
}

/* The same, with `text` in place of the %s. */
static size_t faults_with(const struct shape *shape, const char *json, const char *text)
{
    const char *place = strstr(json, "%s");
    struct text all = {0};

    text_add_bytes(&all, json, (size_t)(place - json));
    text_add(&all, text);
    text_add(&all, place + 2);
    size_t count = faults_of(shape, all.bytes);

    text_clear(&all);
    return count;
}

static const struct {
    const char *charge;
    bool good;
} charges[] = {
    {"0", true}, {"4.95", true}, {"4.9", true}, {"0.00", true}, {"999999999.99", true}, {"", false}, {"-1", false},
    {"4.955", false}, {"04", false}, {".5", false}, {"4.", false}, {"1e3", false}, {"4,95", false}, {" 4", false},
    {"4\\n", false},
};

static void a_charge_is_an_amount_with_up_to_two_decimals(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(charges); i++)
        assert_int_equal(faults_with(&shape_of_shipping_method,
                                     "{\"carrier\":\"a\",\"service\":\"a\",\"name\":\"a\",\"charge\":\"%s\","
                                     "\"regions\":[\"US\"],\"enabled\":true}",
                                     charges[i].charge),
                         charges[i].good ? 0 : 1);
}

static const struct {
    const char *rate;
    bool good;
} rates[] = {
    {"0", true}, {"6.5", true}, {"6.1234", true}, {"99.9999", true}, {"100", true}, {"100.0000", true},
    {"100.0001", false}, {"101", false}, {"999", false}, {"6.12345", false}, {"-1", false}, {"06", false}, {"", false},
    {"6%", false},
};

static void a_rate_is_0_to_100_percent_with_up_to_four_decimals(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rates); i++)
        assert_int_equal(faults_with(&shape_of_sales_tax,
                                     "{\"computed_by\":\"table\",\"rates\":[{\"state\":\"WA\",\"rate\":\"%s\","
                                     "\"shipping_taxed\":false}]}",
                                     rates[i].rate),
                         rates[i].good ? 0 : 1);
}

static const struct {
    const char *address;
    bool good;
} addresses[] = {
    {"a@contoso.example", true}, {"a.b+c@sub.contoso.example", true}, {"a@contoso.x1", true}, {"a", false}, {"a@b", false},
    {"@contoso.example", false}, {"a@@contoso.example", false}, {"a b@contoso.example", false}, {"a@.example", false},
    {"a@contoso.", false}, {"", false},
};

static void an_address_has_a_name_and_a_domain(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(addresses); i++)
        assert_int_equal(faults_with(&shape_of_person, "{\"name\":\"Ada\",\"email\":\"%s\"}", addresses[i].address),
                         addresses[i].good ? 0 : 1);
}

static void a_name_is_counted_in_characters_and_is_not_blank(void **state)
{
    static const struct {
        const char *name;
        bool good;
    } names[] = {
        {"\u00c5da", true},
        {"\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e"
         "\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e",
         true},     /* 30 characters, 90 bytes */
        {"", false},
        {"   ", false},
        {"a\\u001b[31m", false},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890", true},
        {"123456789012345678901234567890123456789012345678901234567890123456789012345678901", false},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++)
        assert_int_equal(faults_with(&shape_of_person, "{\"name\":\"%s\",\"email\":\"a@contoso.example\"}", names[i].name),
                         names[i].good ? 0 : 1);
}

static void wrong_types_are_told_and_do_no_harm(void **state)
{
    static const char *const bodies[] = {
        "[]", "[{}]", "{\"assignments\":[]}", "{\"assignments\":null}", "{\"assignments\":{\"visa\":null}}",
        "{\"assignments\":{\"visa\":{}}}", "{\"assignments\":{\"visa\":1}}", "{\"assignments\":\"visa\"}", "{}",
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(bodies); i++)
        assert_int_equal(faults_of(&shape_of_assignments, bodies[i]), 1);
}

static void a_parameter_may_be_null_but_not_missing(void **state)
{
    (void)state;
    assert_int_equal(faults_of(&shape_of_parameters, "{\"hierarchy\":null,\"category\":null,\"charge_code\":null}"), 0);
    assert_int_equal(faults_of(&shape_of_parameters, "{\"hierarchy\":null,\"category\":null}"), 1);
    assert_int_equal(faults_of(&shape_of_parameters, "{\"hierarchy\":1,\"category\":null,\"charge_code\":null}"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_charge_is_an_amount_with_up_to_two_decimals),
        cmocka_unit_test(a_rate_is_0_to_100_percent_with_up_to_four_decimals),
        cmocka_unit_test(an_address_has_a_name_and_a_domain),
        cmocka_unit_test(a_name_is_counted_in_characters_and_is_not_blank),
        cmocka_unit_test(wrong_types_are_told_and_do_no_harm),
        cmocka_unit_test(a_parameter_may_be_null_but_not_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
