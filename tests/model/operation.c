#include "support/model.h"

#include "model/operation.h"

#define SERVICE                                                                                                        \
    "service: s\nmatch: etag\nidempotency: key\npages: link\n"                                                         \
    "errors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"                                             \
    "operations:\n"                                                                                                    \
    "  put-account: {request: PUT /v1/account, send: {organization: $account.organization, country: US,"               \
    " dollar: $$5, sentence: pay $account.zip now, address: {zip: $account.zip, city: $account.city}, empty: {x: $no}}}\n" \
    "  put-row: {request: 'PUT /v1/ship/$code?x=$name', gone: DELETE /v1/ship/$code, each: shipping.methods,"          \
    " send: {name: $name, charge: $charge, regions: $regions, enabled: $enabled}}\n"                                   \
    "  put-provider: {request: PUT /v1/chosen/$provider, gone: DELETE /v1/chosen/$provider, each: payment.providers,"  \
    " as: provider, send: {credentials: '$payment.credentials.{provider}'},"                                           \
    " blame: {/credentials: 'payment.credentials.{provider}.*'}}\n"                                                    \
    "  put-methods: {request: PUT /v1/assignments, send: {assignments: $payment.methods}}\n"                           \
    "  put-map: {request: PUT /v1/markets/$market/map, each: attributes.map, as: market, send: {map: $value}}\n"       \
    "  put-tax: {request: PUT /v1/tax, send: {by: $sales_tax.by,"                                                      \
    " rates: {each: sales_tax.rates, row: {state: $state, rate: $rate, of: $account.zip}}}}\n"                         \
    "  put-pairs: {request: POST /v1/pairs, send: {pairs: {each: payment.methods, as: method,"                         \
    " row: {method: $method, to: $value}}, all: {each: payment.providers, as: p, row: $p}}}\n"                         \
    "  activate: {request: POST /v1/activation, send: {on: $checks.db.ok},"                                            \
    " blame: {/account: account.organization, /account/zip: account.zip, /ship: shipping.methods}}\n"                  \
    "  list: {request: 'GET /v1/h/$h/list', offer: {to: 'list.{h}', each: /items, value: /id}}\n"

struct world {
    struct service *service;
    struct value *answers, *secrets, *facts;
    struct scope scope;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct problems problems = { 0 };
    char *path = file_with(SERVICE);

    world->service = service_read(path, &problems);
    if (!world->service)
        fail_msg("%s", problems_lines(&problems));
    file_gone(path);
    world->answers = yaml("{account: {organization: \"Contoso \\\"Ltd\\\"\", zip: '98052', city: ''},"
                          " shipping: {methods: [{code: GROUND, name: a b/c, charge: '7.95', regions: [WA, OR], enabled: yes},"
                          " {code: AIR, charge: '19'}]}, payment: {providers: [paypal, stripe],"
                          " credentials: {paypal: {client_id: abc}}, methods: {visa: paypal, amex: stripe}},"
                          " attributes: {map: {ebay: {color: c1}, 'shop.example': {}}},"
                          " sales_tax: {by: table, rates: [{state: WA, rate: '6.5'}, {rate: '7'}]}}");
    world->secrets = yaml("{payment: {credentials: {paypal: {secret: s3cret}}}}");
    world->facts = yaml("{checks: {db: {ok: no}}}");
    world->scope = (struct scope){ .answers = world->answers, .secrets = world->secrets, .facts = world->facts };
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    service_free(world->service);
    value_free(world->answers);
    value_free(world->secrets);
    value_free(world->facts);
    free(world);
    return 0;
}

static const struct { const char *operation, *body; } bodies[] = {
    { "put-account", "{\"organization\":\"Contoso \\\"Ltd\\\"\",\"country\":\"US\",\"dollar\":\"$5\",\"sentence\":"
                     "\"pay $account.zip now\",\"address\":{\"zip\":\"98052\"}}" },
    { "put-methods", "{\"assignments\":{\"visa\":\"paypal\",\"amex\":\"stripe\"}}" },
    { "put-tax", "{\"by\":\"table\",\"rates\":[{\"state\":\"WA\",\"rate\":\"6.5\",\"of\":\"98052\"},{\"rate\":\"7\",\"of\":\"98052\"}]}" },
    { "put-pairs", "{\"pairs\":[{\"method\":\"visa\",\"to\":\"paypal\"},{\"method\":\"amex\",\"to\":\"stripe\"}],"
                   "\"all\":[\"paypal\",\"stripe\"]}" },
    { "activate", "{\"on\":false}" },
    { "list", "(none)" },
};

static void a_body_is_its_template_with_names_replaced_and_what_has_no_value_left_out(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LENGTH(bodies); i++)
        assert_json(operation_body(service_operation(world->service, bodies[i].operation), &world->scope), bodies[i].body);
}

static void rows_to_send_are_a_list_even_when_there_are_none(void **state)
{
    struct world *world = *state;

    value_unset(world->answers, "sales_tax");
    assert_json(operation_body(service_operation(world->service, "put-tax"), &world->scope), "{\"rates\":[]}");
    value_unset(world->answers, "payment");
    assert_json(operation_body(service_operation(world->service, "put-methods"), &world->scope), "{}");
}

/* Each row's key and request, one line each. */
static char *row_lines(struct world *world, const char *id, const struct value *held, const char *key)
{
    const struct operation *operation = service_operation(world->service, id);
    struct scope of_held = { .answers = held };
    struct text out = { 0 };
    struct rows rows;

    text_add(&out, "");
    operation_rows(operation, &world->scope, &of_held, key, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        struct scope scope = world->scope;
        struct request request = { 0 };
        struct problem why = { 0 };

        scope.row = rows.items[i].row;
        text_addf(&out, "%s: ", rows.items[i].key);
        if (operation_request(world->service, operation, &scope, rows.items[i].gone, NULL, &request, &why))
            text_addf(&out, "%s %s ", request.method, request.path);
        else
            text_add(&out, why.text);
        if (request.body)
            json_write(request.body, &out);
        text_add_char(&out, '\n');
        request_clear(&request);
        problem_clear(&why);
    }
    rows_clear(&rows);
    return text_take(&out);
}

static const struct { const char *operation, *held, *key, *lines; } rows_sent[] = {
    { "put-row", "{shipping: {methods: [{code: AIR}, {code: OLD/1}]}}", "code",
      "GROUND: PUT /v1/ship/GROUND?x=a%20b%2Fc {\"name\":\"a b/c\",\"charge\":\"7.95\",\"regions\":[\"WA\",\"OR\"],\"enabled\":true}\n"
      "AIR: name has no value that a request can name: \"\"\n"
      "OLD/1: DELETE /v1/ship/OLD%2F1 \n" },
    { "put-provider", "{payment: {providers: [paypal, adyen]}}", NULL,
      "paypal: PUT /v1/chosen/paypal {\"credentials\":{\"client_id\":\"abc\",\"secret\":\"s3cret\"}}\n"
      "stripe: PUT /v1/chosen/stripe {}\n"
      "adyen: DELETE /v1/chosen/adyen \n" },
    { "put-map", "{}", NULL,
      "ebay: PUT /v1/markets/ebay/map {\"map\":{\"color\":\"c1\"}}\n"
      "shop.example: PUT /v1/markets/shop.example/map {\"map\":{}}\n" },
    { "put-methods", "{}", NULL, ": PUT /v1/assignments {\"assignments\":{\"visa\":\"paypal\",\"amex\":\"stripe\"}}\n" },
};

static void an_operation_with_each_is_sent_once_a_row_and_for_rows_that_were_taken_away(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LENGTH(rows_sent); i++) {
        struct value *held = yaml(rows_sent[i].held);
        char *lines = row_lines(world, rows_sent[i].operation, held, rows_sent[i].key);

        assert_string_equal(lines, rows_sent[i].lines);
        free(lines);
        value_free(held);
    }
}

static const char *const hostile[] = { ".", "..", "" };

static void a_path_is_never_led_elsewhere_by_a_value(void **state)
{
    struct world *world = *state;
    const struct operation *operation = service_operation(world->service, "put-provider");
    struct value *row = yaml("{provider: '../../x?y#z%2e'}");
    struct request request;
    struct problem why = { 0 };

    world->scope.row = row;
    assert_true(operation_request(world->service, operation, &world->scope, false, NULL, &request, &why));
    assert_string_equal(request.path, "/v1/chosen/..%2F..%2Fx%3Fy%23z%252e");
    request_clear(&request);
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        value_put_text(row, "provider", hostile[i]);
        assert_false(operation_request(world->service, operation, &world->scope, false, NULL, &request, &why));
        assert_int_equal(why.kind, PROBLEM_ANSWER);
        problem_clear(&why);
    }
    value_free(row);
}

static void a_change_says_which_version_it_was_made_from(void **state)
{
    struct world *world = *state;
    struct value *etags = json("{\"/v1/account\":\"\\\"7\\\"\",\"/v1/ship/OLD\":\"\\\"9\\\"\"}");
    struct value *row = yaml("{code: OLD, name: x}");
    struct request request;

    assert_true(operation_request(world->service, service_operation(world->service, "put-account"), &world->scope, false, etags,
                                  &request, NULL));
    assert_string_equal(request.if_match, "\"7\"");
    assert_false(request.if_none_match);
    request_clear(&request);
    assert_true(operation_request(world->service, service_operation(world->service, "put-tax"), &world->scope, false, etags,
                                  &request, NULL));
    assert_null(request.if_match);
    assert_true(request.if_none_match);
    request_clear(&request);
    world->scope.row = row;
    assert_true(operation_request(world->service, service_operation(world->service, "put-row"), &world->scope, true, etags,
                                  &request, NULL));
    assert_string_equal(request.if_match, "\"9\"");
    request_clear(&request);
    assert_true(operation_request(world->service, service_operation(world->service, "put-row"), &world->scope, true, NULL,
                                  &request, NULL));
    assert_null(request.if_match);
    assert_false(request.if_none_match);
    request_clear(&request);
    value_free(row);
    value_free(etags);
}

static const struct { const char *operation, *names; } spoken_of[] = {
    { "put-account", "[\"account.organization\",\"account.zip\",\"account.city\",\"no\"]" },
    { "put-row", "[\"shipping.methods\",\"code\",\"name\",\"charge\",\"regions\",\"enabled\"]" },
    { "put-provider", "[\"payment.providers\",\"provider\",\"payment.credentials.{provider}\"]" },
    { "put-tax", "[\"sales_tax.by\",\"sales_tax.rates\"]" },
};

static void an_operation_tells_which_names_it_speaks_of(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LENGTH(spoken_of); i++)
        assert_json(operation_names(service_operation(world->service, spoken_of[i].operation)), spoken_of[i].names);
}

static void a_set_is_offered_by_the_operation_whose_template_it_matches(void **state)
{
    struct world *world = *state;
    struct value *bound;

    assert_ptr_equal(service_offering(world->service, "list.food", &bound), service_operation(world->service, "list"));
    assert_json(bound, "{\"h\":\"food\"}");
    assert_null(service_offering(world->service, "food", &bound));
    assert_null(bound);
}

static const struct { const char *operation, *row, *pointer, *field, *at; } blamed[] = {
    { "put-account", "{}", "/organization", "account.organization", NULL },
    { "put-account", "{}", "/address/zip", "account.zip", NULL },
    { "put-account", "{}", "#/address/zip", "account.zip", NULL },
    { "put-account", "{}", "/address", "account.zip", NULL },
    { "put-account", "{}", "/country", NULL, NULL },
    { "put-account", "{}", "/nowhere/at/all", NULL, NULL },
    { "put-methods", "{}", "/assignments/visa", "payment.methods", "visa" },
    { "put-methods", "{}", "/assignments/gift~1card~0", "payment.methods", "gift/card~" },
    { "put-methods", "{}", "/assignments", "payment.methods", NULL },
    { "put-tax", "{}", "/rates/0/rate", "sales_tax.rates.rate", "WA" },
    { "put-tax", "{}", "/rates/1/state", "sales_tax.rates.state", "#2" },
    { "put-tax", "{}", "/rates/0", "sales_tax.rates", "WA" },
    { "put-tax", "{}", "/rates/9/rate", "sales_tax.rates", NULL },
    { "put-tax", "{}", "/rates", "sales_tax.rates", NULL },
    { "put-row", "{code: GROUND, name: x, charge: '1'}", "/charge", "shipping.methods.charge", "GROUND" },
    { "put-row", "{code: GROUND, name: x}", "/regions", "shipping.methods", "GROUND" },
    { "put-row", "{code: GROUND, name: x}", "/nowhere", "shipping.methods", "GROUND" },
    { "put-row", "{code: GROUND, name: x}", NULL, "shipping.methods", "GROUND" },
    { "put-provider", "{provider: paypal}", "/credentials/api_key", "payment.credentials.paypal.api_key", NULL },
    { "put-provider", "{provider: paypal}", "/credentials", "payment.credentials.paypal", NULL },
    { "put-provider", "{}", "/credentials/api_key", "payment.providers", NULL },
    { "put-provider", "{provider: paypal}", NULL, "payment.providers", "paypal" },
    { "put-map", "{market: ebay, value: {color: c1}}", "/map/color", "attributes.map.ebay", "color" },
    { "put-map", "{market: ebay, value: {color: c1}}", NULL, "attributes.map.ebay", NULL },
    { "activate", "{}", "/account", "account.organization", NULL },
    { "activate", "{}", "/account/zip", "account.zip", NULL },
    { "activate", "{}", "/ship/GROUND", "shipping.methods", "GROUND" },
    { "activate", "{}", "/ship/3", "shipping.methods", NULL },
    { "activate", "{}", "/shipment", NULL, NULL },
};

static void a_fault_of_the_service_is_led_back_to_its_field_and_row(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LENGTH(blamed); i++) {
        char *body = blamed[i].pointer ? text_format("{\"errors\":[{\"pointer\":\"%s\",\"detail\":\"No.\"}]}", blamed[i].pointer)
                                       : text_format("{\"detail\":\"No.\"}");
        struct response response = { .status = 422, .body = json(body), .retry_after_s = -1 };
        struct value *row = yaml(blamed[i].row);
        struct problems problems = { 0 };

        world->scope.row = row;
        operation_errors(world->service, service_operation(world->service, blamed[i].operation), &world->scope, &response,
                         &problems);
        assert_int_equal(problems.count, 1);
        if (!text_same(problems.items[0].field, blamed[i].field) || !text_same(problems.items[0].row, blamed[i].at))
            fail_msg("%s %s: %s, row %s", blamed[i].operation, blamed[i].pointer, problems.items[0].field, problems.items[0].row);
        problems_clear(&problems);
        response_clear(&response);
        value_free(row);
        free(body);
    }
}

static const struct { int status; const char *body; enum problem_kind kind; const char *lines; } refused[] = {
    { 422, "{\"detail\":\"Both.\",\"errors\":[{\"pointer\":\"/organization\",\"detail\":\"Taken.\"},{\"detail\":\"Also this.\"}]}",
      PROBLEM_ANSWER, "account.organization: Taken. (request 7f3a)\nAlso this. (request 7f3a)\n" },
    { 422, "{\"detail\":\"One sentence.\"}", PROBLEM_ANSWER, "One sentence. (request 7f3a)\n" },
    { 422, "{\"errors\":[]}", PROBLEM_ANSWER, "The service rejected the request (HTTP 422) (request 7f3a)\n" },
    { 422, "{\"errors\":\"none\",\"detail\":7}", PROBLEM_ANSWER, "7 (request 7f3a)\n" },
    { 400, "null", PROBLEM_ANSWER, "The service rejected the request (HTTP 400) (request 7f3a)\n" },
    { 401, "null", PROBLEM_SIGN_IN, "The service does not accept this sign-in any more (HTTP 401) (request 7f3a). Sign in again.\n" },
    { 409, "{\"detail\":\"Another instance is running.\"}", PROBLEM_ANSWER, "Another instance is running. (request 7f3a)\n" },
    { 412, "{\"detail\":\"Stale.\"}", PROBLEM_CHANGED,
      "Stale. (request 7f3a). Compare the values, then keep your answers or use the values on the service.\n" },
    { 429, "null", PROBLEM_LATER, "The service received too many requests (HTTP 429) (request 7f3a). Try again later.\n" },
    { 503, "{\"detail\":\"Still being set up.\"}", PROBLEM_LATER, "Still being set up. (request 7f3a)\n" },
    { 502, "null", PROBLEM_UNREACHABLE,
      "The service has failed (HTTP 502) (request 7f3a). Try again later, and tell its operator if it stays so.\n" },
    { 302, "null", PROBLEM_SERVICE,
      "The service answered in a way that is not understood (HTTP 302) (request 7f3a). Try again later.\n" },
};

static void every_fault_in_an_error_is_told_and_an_error_without_words_by_its_status(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LENGTH(refused); i++) {
        struct response response = { .status = refused[i].status, .body = json(refused[i].body), .retry_after_s = -1,
                                     .request_id = (char *)"7f3a" };
        struct problems problems = { 0 };

        operation_errors(world->service, service_operation(world->service, "put-account"), &world->scope, &response, &problems);
        assert_int_equal(problems.items[0].kind, refused[i].kind);
        assert_problems(&problems, refused[i].lines);
        value_free(response.body);
    }
}

static void a_service_that_talks_without_end_is_cut_short(void **state)
{
    struct world *world = *state;
    struct value *body = value_new_map();
    struct response response = { .status = 422, .body = body, .retry_after_s = -1 };
    struct problems problems = { 0 };
    struct text long_text = { 0 };

    for (int i = 0; i < 100000; i++)
        text_add(&long_text, "\xC3\xA4");
    value_put_text(body, "detail", long_text.bytes);
    operation_errors(world->service, service_operation(world->service, "put-account"), &world->scope, &response, &problems);
    assert_int_equal(strlen(problems.items[0].text), 2 * 4000 + strlen("..."));
    problems_clear(&problems);
    text_clear(&long_text);
    value_free(body);
}

static void an_answer_that_never_came_is_told_as_it_is(void **state)
{
    struct world *world = *state;
    struct response response = { .retry_after_s = -1 };
    struct problems problems = { 0 };

    problem_set(&response.problem, PROBLEM_UNREACHABLE, "no answer within 30 s");
    operation_errors(world->service, service_operation(world->service, "put-account"), &world->scope, &response, &problems);
    assert_int_equal(problems.items[0].kind, PROBLEM_UNREACHABLE);
    assert_problems(&problems, "no answer within 30 s\n");
    response_clear(&response);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_body_is_its_template_with_names_replaced_and_what_has_no_value_left_out),
        WITH_WORLD(rows_to_send_are_a_list_even_when_there_are_none),
        WITH_WORLD(an_operation_with_each_is_sent_once_a_row_and_for_rows_that_were_taken_away),
        WITH_WORLD(a_path_is_never_led_elsewhere_by_a_value),
        WITH_WORLD(a_change_says_which_version_it_was_made_from),
        WITH_WORLD(an_operation_tells_which_names_it_speaks_of),
        WITH_WORLD(a_set_is_offered_by_the_operation_whose_template_it_matches),
        WITH_WORLD(a_fault_of_the_service_is_led_back_to_its_field_and_row),
        WITH_WORLD(every_fault_in_an_error_is_told_and_an_error_without_words_by_its_status),
        WITH_WORLD(a_service_that_talks_without_end_is_cut_short),
        WITH_WORLD(an_answer_that_never_came_is_told_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
