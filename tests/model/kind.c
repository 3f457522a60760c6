#include "support/model.h"

#include "model/checklist.h"
#include "model/kind.h"

static struct choices *states(void)
{
    static const char *const all[][2] = {
        { "WA", "Washington" }, { "OR", "Oregon" }, { "CA", "California" }, { "DC", "District of Columbia" },
        { "GA", "Georgia" }, { "GE", "Georgia" }, { "NO", "Norway" },
    };
    struct choices *choices = choices_new();

    for (size_t i = 0; i < LENGTH(all); i++)
        choices_add(choices, all[i][0], all[i][1], NULL);
    choices_set_complete(choices, true);
    return choices;
}

static const struct { const char *kind, *given, *kept; } answers[] = {
    { "text", "'  Contoso  '", "\"Contoso\"" },
    { "text", "'   '", "\"\"" },
    /* What YAML calls a boolean, a number or nothing is text where text is expected. */
    { "text", "NO", "\"NO\"" },
    { "text", "True", "\"True\"" },
    { "text", "on", "\"on\"" },
    { "text", "Null", "\"Null\"" },
    { "text", "0123", "\"0123\"" },
    { "text", "1e3", "\"1e3\"" },
    { "text", "7.50", "\"7.50\"" },
    { "text", "2026-11-20", "\"2026-11-20\"" },
    { "identifier", "NO", "\"NO\"" },
    { "identifier", "007", "\"007\"" },
    { "one", "NO", "\"NO\"" },
    { "many", "[NO, No, WA]", "[\"NO\",\"WA\"]" },
    { "many", "NO", "[\"NO\"]" },
    { "text", "[a]", NULL },
    { "text", "{a: b}", NULL },
    { "text", "\"two\\nlines\"", NULL },
    { "text", "\"\\e[2J\"", NULL },
    { "text", "\"\\x9B2J\"", NULL },
    { "email", "kim@contoso.example", "\"kim@contoso.example\"" },
    { "email", "kim.akers+shop@mail.contoso.example", "\"kim.akers+shop@mail.contoso.example\"" },
    { "email", "kim", NULL },
    { "email", "kim@contoso", NULL },
    { "email", "kim@@contoso.example", NULL },
    { "email", "'@contoso.example'", NULL },
    { "email", "kim akers@contoso.example", NULL },
    { "email", ".kim@contoso.example", NULL },
    { "email", "kim@contoso..example", NULL },
    { "email", "kim@-contoso.example", NULL },
    { "email", "Kim <kim@contoso.example>", NULL },
    { "phone", "'+1 (425) 555-0150'", "\"+1 (425) 555-0150\"" },
    { "phone", "425.555.0150", "\"425.555.0150\"" },
    { "phone", "555", NULL },
    { "phone", "1234567890123456", NULL },
    { "phone", "425 555 0150 ask Kim", NULL },
    { "phone", "425+5550150", NULL },
    { "host", "erp-sql.example.com", "\"erp-sql.example.com\"" },
    { "host", "192.0.2.7", "\"192.0.2.7\"" },
    { "host", "'2001:db8::1'", "\"2001:db8::1\"" },
    { "host", "-erp", NULL },
    { "host", "erp..example", NULL },
    { "host", "erp_sql", NULL },
    { "host", "https://erp", NULL },
    { "url", "https://shop.example/a?b=c", "\"https://shop.example/a?b=c\"" },
    { "url", "http://127.0.0.1:8080", "\"http://127.0.0.1:8080\"" },
    { "url", "'https://[::1]:8443/x'", "\"https://[::1]:8443/x\"" },
    { "url", "https://kim:secret@shop.example", NULL },
    { "url", "https://shop.example:99999", NULL },
    { "url", "https://shop.example:x", NULL },
    { "url", "ftp://shop.example", NULL },
    { "url", "javascript:alert(1)", NULL },
    { "url", "https://", NULL },
    { "identifier", "2DAY-air_1.b", "\"2DAY-air_1.b\"" },
    { "identifier", "..", NULL },
    { "identifier", "a/b", NULL },
    { "identifier", "two words", NULL },
    { "number", "42", "42" },
    { "number", "' 007 '", "7" },
    { "number", "-3", "-3" },
    { "number", "-0", "0" },
    { "number", "1.5", NULL },
    { "number", "'1,000'", NULL },
    { "number", "0x50", NULL },
    { "number", "1234567890123456789", NULL },
    { "money", "7.95", "\"7.95\"" },
    { "money", "7.5", "\"7.5\"" },
    { "money", ".5", "\"0.5\"" },
    { "money", "007.50", "\"7.50\"" },
    { "money", "'$ 7.95'", "\"7.95\"" },
    { "money", "0", "\"0\"" },
    { "money", "7.955", NULL },
    { "money", "7.", NULL },
    { "money", "-7", NULL },
    { "money", "'7,95'", NULL },
    { "money", "1e3", NULL },
    { "money", "1234567890", NULL },
    { "rate", "6.5", "\"6.5\"" },
    { "rate", "6.5000", "\"6.5000\"" },
    { "rate", "'6.5 %'", "\"6.5\"" },
    { "rate", "100", "\"100\"" },
    { "rate", "100.0000", "\"100.0000\"" },
    { "rate", "100.0001", NULL },
    { "rate", "101", NULL },
    { "rate", "6.50000", NULL },
    { "rate", "-1", NULL },
    { "rate", "'%'", NULL },
    { "yes-no", "NO", "false" },
    { "yes-no", "True", "true" },
    { "yes-no", "off", "false" },
    { "yes-no", "yes", "true" },
    { "yes-no", "'Y'", "true" },
    { "yes-no", "false", "false" },
    { "yes-no", "'no'", "false" },
    { "yes-no", "maybe", NULL },
    { "yes-no", "1", NULL },
    { "date", "2026-11-20", "\"2026-11-20\"" },
    { "date", "2028-02-29", "\"2028-02-29\"" },
    { "date", "2026-02-29", NULL },
    { "date", "2100-02-29", NULL },
    { "date", "2026-13-01", NULL },
    { "date", "2026-1-1", NULL },
    { "date", "20.11.2026", NULL },
    { "time", "'23:59'", "\"23:59\"" },
    { "time", "'24:00'", NULL },
    { "time", "'9:00'", NULL },
    { "secret", "' with blanks '", "\" with blanks \"" },
    { "secret", "\"from a file\\n\"", "\"from a file\"" },
    { "one", "WA", "\"WA\"" },
    { "one", "Washington", "\"WA\"" },
    { "one", "' washington '", "\"WA\"" },
    { "one", "wa", "\"WA\"" },
    { "one", "Georgia", NULL },
    { "one", "XX", NULL },
    { "tree", "oregon", "\"OR\"" },
    { "many", "[WA, oregon, WA]", "[\"WA\",\"OR\"]" },
    { "many", "WA", "[\"WA\"]" },
    { "many", "[WA, XX]", NULL },
    { "many", "[WA, [OR]]", NULL },
    { "many", "{WA: yes}", NULL },
};

static const struct { enum kind kind; const char *a, *b; bool same; } spellings[] = {
    { KIND_EMAIL, "Kim.Akers@Contoso.example", "kim.akers@contoso.example", true },
    { KIND_EMAIL, "kim@contoso.example", "kim@contoso.test", false },
    { KIND_HOST, "ERP.Contoso.example", "erp.contoso.example.", true },
    { KIND_HOST, "erp1", "erp2", false },
    { KIND_URL, "HTTPS://Shop.Contoso.example", "https://shop.contoso.example/", true },
    { KIND_URL, "https://shop.example:443/a", "https://shop.example/a", true },
    { KIND_URL, "http://shop.example:80", "http://shop.example/", true },
    { KIND_URL, "https://shop.example?a=1", "https://shop.example/?a=1", true },
    { KIND_URL, "https://shop.example/A", "https://shop.example/a", false },
    { KIND_URL, "https://shop.example:80/", "https://shop.example/", false },
    { KIND_URL, "http://shop.example/", "https://shop.example/", false },
    { KIND_PHONE, "+1 (425) 555-0150", "+14255550150", true },
    { KIND_PHONE, "+14255550150", "14255550150", false },
    { KIND_DATE, "2026-11-20", "2026-11-20T00:00:00Z", true },
    { KIND_DATE, "2026-11-20", "2026-11-20T00:00:00.000+00:00", true },
    { KIND_DATE, "2026-11-20", "2026-11-20 00:00:00", true },
    { KIND_DATE, "2026-11-20", "2026-11-20T01:00:00Z", false },
    { KIND_DATE, "2026-11-20", "2026-11-20T00:00:00+02:00", false },
    { KIND_DATE, "2026-11-20", "2026-11-21", false },
    { KIND_TIME, "09:05", "09:05:00", true },
    { KIND_TIME, "09:05", "09:05:00.000", true },
    { KIND_TIME, "09:05", "09:05:30", false },
    { KIND_YESNO, "yes", "1", true },
    { KIND_YESNO, "yes", "true", true },
    { KIND_YESNO, "no", "0", true },
    { KIND_YESNO, "yes", "no", false },
    { KIND_MONEY, "29.00", "29", true },
    { KIND_RATE, "7.50", "7.5", true },
    { KIND_NUMBER, "1000", "1e3", true },
    { KIND_NUMBER, "7", "8", false },
    { KIND_TEXT, "Caf\xC3\xA9", "Cafe\xCC\x81", true },
    { KIND_TEXT, "Contoso", "CONTOSO", false },
    { KIND_TEXT, "7.50", "7.5", false },
    { KIND_SECRET, "Caf\xC3\xA9", "Cafe\xCC\x81", false },
};

static void test_spellings_of_the_same_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(spellings); i++)
        if (kind_same(spellings[i].kind, spellings[i].a, spellings[i].b) != spellings[i].same ||
            kind_same(spellings[i].kind, spellings[i].b, spellings[i].a) != spellings[i].same)
            fail_msg("%s: %s, %s", kind_word(spellings[i].kind), spellings[i].a, spellings[i].b);
}

static void each_kind_brings_an_answer_to_its_one_written_form_or_refuses_it(void **state)
{
    struct choices *choices = states();

    (void)state;
    for (size_t i = 0; i < LENGTH(answers); i++) {
        struct field field = { .name = "a.b", .label = "Thing" };
        struct problems problems = { 0 };
        struct value *value = yaml(answers[i].given), *before = value_copy(value);

        assert_true(kind_named(answers[i].kind, &field.kind));
        if (kind_check(&field, "a.b", &value, choices, NULL, &problems) != (answers[i].kept != NULL))
            fail_msg("%s: %s", answers[i].kind, answers[i].given);
        assert_int_equal(problems.count > 0, answers[i].kept == NULL);
        if (answers[i].kept) {
            assert_json(value_copy(value), answers[i].kept);
        } else {
            assert_true(value_equal(value, before));
            assert_string_equal(problems.items[0].field, "a.b");
        }
        problems_clear(&problems);
        value_free(before);
        value_free(value);
    }
    choices_free(choices);
}

static void every_kind_has_a_word_a_control_and_what_it_expects(void **state)
{
    (void)state;
    for (int i = 0; i < KIND_COUNT; i++) {
        enum kind kind;

        assert_true(kind_named(kind_word((enum kind)i), &kind));
        assert_int_equal(kind, i);
        assert_string_equal(kind_words()[i], kind_word((enum kind)i));
        assert_non_null(kind_expects((enum kind)i));
    }
    assert_false(kind_named("number of things", &(enum kind){ 0 }));
}

static const struct { const char *field, *given, *problem; } refusals[] = {
    { "{kind: text, label: ZIP code, pattern: '[0-9]{5}', say: 5 digits}", "'9805'",
      "f: \"9805\" is not a ZIP code. Give 5 digits.\n" },
    { "{kind: text, label: Organization, pattern: '[a-z]+'}", "'9805'", "f: \"9805\" is not an organization. Give any text.\n" },
    { "{kind: text, label: Name, max: 5}", "Contoso", "f: this has 7 characters, and at most 5 are allowed. Shorten it by 2.\n" },
    { "{kind: text, label: Name, min: 9, say: the long name}", "Contoso",
      "f: this has 7 characters, and at least 9 are wanted. Give the long name.\n" },
    { "{kind: number, label: Port, min: 1, max: 65535, say: a port from 1 to 65535}", "0",
      "f: 0 is less than 1. Give a port from 1 to 65535.\n" },
    { "{kind: number, label: Port, min: 1, max: 65535}", "65536", "f: 65536 is more than 65535. Give a whole number.\n" },
    { "{kind: secret, label: Key, pattern: 'sk_.*', say: the key that starts with sk_}", "hunter2",
      "f: this is not a key. Give the key that starts with sk_.\n" },
    { "{kind: one, label: State, choices: states}", "Washingtn",
      "f: \"Washingtn\" is not one of the choices. Did you mean Washington (WA)?\n" },
    { "{kind: one, label: State, choices: states}", "Q",
      "f: \"Q\" is not one of the choices. Choose one of: Washington (WA), Oregon (OR), California (CA), District of Columbia (DC), Georgia (GA), Georgia (GE), Norway (NO).\n" },
    { "{kind: one, label: State, choices: states}", "Georgia",
      "f: \"Georgia\" is the name of several choices. Give the code of the one you mean, such as \"GA\".\n" },
    { "{kind: one, label: Country, say: Only one.}", "Germany", "f: \"Germany\" is not one of the choices. Only one.\n" },
    { "{kind: text, label: A}", "[b]", "f: this is a list, and a text is wanted. Give any text.\n" },
};

/* A field as a description would give it, without reading one. */
static struct field field_of(const struct value *words)
{
    struct field field = { .name = "f", .label = value_member_text(words, "label"),
                           .say = value_member_text(words, "say"), .pattern = (char *)value_member_text(words, "pattern") };

    assert_true(kind_named(value_member_text(words, "kind"), &field.kind));
    field.min = value_member_text(words, "min") ? atol(value_member_text(words, "min")) : 0;
    field.max = value_member_text(words, "max") ? atol(value_member_text(words, "max")) : 0;
    return field;
}

static void a_refusal_says_what_was_found_and_what_to_give(void **state)
{
    struct choices *choices = states();

    (void)state;
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        struct value *words = yaml(refusals[i].field), *value = yaml(refusals[i].given);
        struct field field = field_of(words);
        struct problems problems = { 0 };

        assert_false(kind_check(&field, "f", &value, choices, NULL, &problems));
        assert_problems(&problems, refusals[i].problem);
        value_free(words);
        value_free(value);
    }
    choices_free(choices);
}

static void choices_that_are_not_all_known_refuse_nothing(void **state)
{
    struct field field = { .name = "f", .label = "State", .kind = KIND_ONE };
    struct choices *choices = states();
    struct value *value = value_new_text("TX");
    struct problems problems = { 0 };

    (void)state;
    choices_set_complete(choices, false);
    assert_true(kind_check(&field, "f", &value, NULL, NULL, &problems));
    assert_true(kind_check(&field, "f", &value, choices, NULL, &problems));
    choices_set_complete(choices, true);
    assert_false(kind_check(&field, "f", &value, choices, NULL, &problems));
    problems_clear(&problems);
    value_free(value);
    choices_free(choices);
}

/* The table of shipping methods, as small as it can be. */
static struct field columns[] = {
    { .name = "code", .label = "Code", .kind = KIND_IDENTIFIER, .required = true },
    { .name = (char *)"charge", .label = (char *)"Charge", .kind = KIND_MONEY, .required = true },
    { .name = (char *)"regions", .label = (char *)"Regions", .kind = KIND_MANY },
    { .name = (char *)"enabled", .label = (char *)"Enabled", .kind = KIND_YESNO },
};
static struct field table = { .name = "shipping.methods", .label = "Shipping methods", .kind = KIND_TABLE,
                              .key = "code", .columns = columns, .column_count = LENGTH(columns), .max = 4 };

static void every_fault_of_every_row_is_told_with_its_row_and_column(void **state)
{
    struct problems problems = { 0 };
    struct value *rows = yaml("[{code: GROUND, charge: 7.955, regions: [XX]}, {charge: 1}, {code: 'a b', charge: ''},"
                              " {code: OK, charge: 1, chrage: 2}, text]");
    struct value *before = value_copy(rows);

    (void)state;
    columns[2].fixed = states();
    assert_false(kind_check(&table, "shipping.methods", &rows, NULL, NULL, &problems));
    assert_true(value_equal(rows, before));
    assert_problems(&problems,
                    "shipping.methods.charge, row GROUND: \"7.955\" is not an amount. Give an amount with up to two decimals,"
                    " such as 7.95.\n"
                    "shipping.methods.regions, row GROUND: \"XX\" is not one of the choices. Choose one of: Washington (WA), Oregon (OR), California (CA), District of Columbia (DC), Georgia (GA), Georgia (GE), Norway (NO).\n"
                    "shipping.methods.code, row #2: Code is missing. Give letters, digits, dashes, dots and underscores, at most"
                    " 64, a letter or digit first.\n"
                    "shipping.methods.code, row a b: \"a b\" is not a code. Give letters, digits, dashes, dots and underscores,"
                    " at most 64, a letter or digit first.\n"
                    "shipping.methods.charge, row a b: Charge is missing. Give an amount with up to two decimals, such as 7.95.\n"
                    "shipping.methods, row OK: there is no column \"chrage\". Did you mean \"charge\"?\n"
                    "shipping.methods, row #5: this row is not a map of columns\n"
                    "shipping.methods: there are 5, and at most 4 are allowed\n");
    choices_free(columns[2].fixed);
    columns[2].fixed = NULL;
    value_free(before);
    value_free(rows);
}

static void a_key_that_is_there_twice_is_a_fault_of_the_second_row(void **state)
{
    struct problems problems = { 0 };
    struct value *rows = yaml("[{code: GROUND, charge: 1}, {code: AIR, charge: 2}, {code: ' GROUND ', charge: 3}]");

    (void)state;
    assert_false(kind_check(&table, "shipping.methods", &rows, NULL, NULL, &problems));
    assert_problems(&problems, "shipping.methods.code, row GROUND: \"GROUND\" is there twice. Keep one of the rows, or give the"
                               " other a different one.\n");
    value_free(rows);
}

static void a_good_table_has_its_cells_written_in_one_form_and_its_defaults_filled_in(void **state)
{
    struct problems problems = { 0 };
    struct value *rows = yaml("[{code: ' GROUND ', charge: 07.5, enabled: 'N', regions: ''}, {code: AIR, charge: '$19'}]");

    (void)state;
    columns[3].initial = value_new_scalar(SCALAR_YESNO, "yes");
    assert_true(kind_check(&table, "shipping.methods", &rows, NULL, NULL, &problems));
    assert_json(rows, "[{\"code\":\"GROUND\",\"charge\":\"7.5\",\"enabled\":false},"
                      "{\"code\":\"AIR\",\"charge\":\"19\",\"enabled\":true}]");
    value_free(columns[3].initial);
    columns[3].initial = NULL;
}

/* Methods on the left, providers on the right: not every provider supports every method. */
static void map_choices(struct choices **methods, struct choices **providers)
{
    *methods = choices_new();
    choices_add(*methods, "visa", "Visa", NULL);
    choices_add(*methods, "amex", "American Express", NULL);
    choices_set_complete(*methods, true);
    *providers = choices_new();
    choices_add(*providers, "paypal", "PayPal", NULL);
    choices_add(*providers, "givex", "Givex", NULL);
    choices_add_extra(*providers, "givex", yaml("{fits: [gift-card]}"));
    choices_set_complete(*providers, true);
}

static const struct { const char *given, *kept, *problems; } maps[] = {
    { "{visa: paypal}", "{\"visa\":\"paypal\"}", "" },
    { "{Visa: PayPal, american express: paypal}", "{\"visa\":\"paypal\",\"amex\":\"paypal\"}", "" },
    { "{visa: paypal, amex: ''}", "{\"visa\":\"paypal\"}", "" },
    { "{visa: givex}", NULL, "m, row visa: Givex does not go with Visa. Choose one that does.\n" },
    { "{visa: stripe, diners: paypal}", NULL,
      "m, row visa: \"stripe\" is not one of the choices. Choose one of: PayPal (paypal), Givex (givex).\n"
      "m, row diners: \"diners\" is not one of the names on the left. Choose one of: Visa (visa), American Express (amex).\n" },
    { "{visa: paypal, Visa: paypal}", NULL, "m, row Visa: \"visa\" is there twice\n" },
    { "{visa: [paypal]}", NULL, "m, row visa: this is a list, and one text is wanted\n" },
    { "[visa]", NULL, "m: this is a list, and a map is wanted. Give a choice on the right for each on the left.\n" },
};

static void a_map_pairs_what_is_on_the_left_with_what_goes_with_it(void **state)
{
    struct field field = { .name = "m", .label = "Methods", .kind = KIND_MAP };
    struct choices *methods, *providers;

    (void)state;
    map_choices(&methods, &providers);
    for (size_t i = 0; i < LENGTH(maps); i++) {
        struct problems problems = { 0 };
        struct value *value = yaml(maps[i].given);

        assert_int_equal(kind_check(&field, "m", &value, providers, methods, &problems), maps[i].kept != NULL);
        assert_problems(&problems, maps[i].problems);
        if (maps[i].kept)
            assert_json(value_copy(value), maps[i].kept);
        value_free(value);
    }
    choices_free(methods);
    choices_free(providers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_word_a_control_and_what_it_expects),
        cmocka_unit_test(each_kind_brings_an_answer_to_its_one_written_form_or_refuses_it),
        cmocka_unit_test(a_refusal_says_what_was_found_and_what_to_give),
        cmocka_unit_test(choices_that_are_not_all_known_refuse_nothing),
        cmocka_unit_test(every_fault_of_every_row_is_told_with_its_row_and_column),
        cmocka_unit_test(test_spellings_of_the_same_answer),
        cmocka_unit_test(a_key_that_is_there_twice_is_a_fault_of_the_second_row),
        cmocka_unit_test(a_good_table_has_its_cells_written_in_one_form_and_its_defaults_filled_in),
        cmocka_unit_test(a_map_pairs_what_is_on_the_left_with_what_goes_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
