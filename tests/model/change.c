#include "support/model.h"

#define REGION "{request: POST /regions/$region.id, create: {request: POST /regions, send: {kind: flat}}, send: {name: $region.name}}"
#define OPTION "{request: 'POST /options/$ids.{code}', create: {request: POST /options}, each: options, send: {code: $code}}"

static const struct { const char *words, *row, *facts; bool new; const char *request, *body; } requests[] = {
    { REGION, "{}", "{}", true, "POST /regions", "{\"name\":\"US\",\"kind\":\"flat\"}" },
    { REGION, "{}", "{region: {id: reg_1}}", false, "POST /regions/reg_1", "{\"name\":\"US\"}" },
    { REGION, "{}", "{region: {id: ''}}", true, "POST /regions", "{\"name\":\"US\",\"kind\":\"flat\"}" },
    { OPTION, "{code: a.b}", "{ids: {a.b: so_1}}", false, "POST /options/so_1", "{\"code\":\"a.b\"}" },
    { OPTION, "{code: c}", "{ids: {a.b: so_1}}", true, "POST /options", "{\"code\":\"c\"}" },
};

static void what_is_not_there_yet_is_created_and_what_is_remembered_is_changed(void **state)
{
    struct value *answers = yaml("{region: {name: US}}");

    (void)state;
    for (size_t i = 0; i < LENGTH(requests); i++) {
        struct service *service = service_with("", requests[i].words);
        struct value *row = yaml(requests[i].row), *facts = yaml(requests[i].facts);
        struct scope scope = { .row = row, .answers = answers, .facts = facts };
        struct request request;

        assert_int_equal(operation_is_new(&service->operations[0], &scope), requests[i].new);
        assert_true(operation_request(service, &service->operations[0], &scope, false, NULL, &request, NULL));
        char *line = text_format("%s %s", request.method, request.path);
        assert_string_equal(line, requests[i].request);
        assert_json(value_copy(request.body), requests[i].body);
        request_clear(&request);
        value_free(row);
        value_free(facts);
        service_free(service);
        free(line);
    }
    value_free(answers);
}

static const struct { const char *send, *body; } bodies[] = {
    { "{rate: {take: $rate, as: number}}", "{\"rate\":7.5}" },
    { "{rate: {take: $whole, as: number}}", "{\"rate\":7}" },
    { "{rate: {take: $name, as: number}}", "{\"rate\":\"US\"}" },
    { "{name: {take: $name, else: none}, parent: {take: $no, else: ~}}", "{\"name\":\"US\",\"parent\":null}" },
    { "{parent: {take: $no}}", "{}" },
    { "{metadata: {take: $known, with: {mine: $name}}}", "{\"metadata\":{\"theirs\":\"1\",\"mine\":\"US\"}}" },
    { "{metadata: {take: $no, with: {mine: $name}}}", "{\"metadata\":{\"mine\":\"US\"}}" },
    { "{metadata: {take: $known, with: {mine: $no}}}", "{\"metadata\":{\"theirs\":\"1\"}}" },
    { "{all: [{code: $name, main: yes}, {each: list, as: c, row: {code: $c}}, last]}",
      "{\"all\":[{\"code\":\"US\",\"main\":true},{\"code\":\"a\"},{\"code\":\"b\"},\"last\"]}" },
    { "{all: [{each: none, row: {code: $c}}]}", "{}" },
};

static void a_value_is_sent_in_the_form_that_the_service_wants(void **state)
{
    struct value *answers = yaml("{rate: '07.50', whole: '7.00', name: US, known: {theirs: '1'}, list: [a, b]}");
    struct scope scope = { .answers = answers };

    (void)state;
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        char *words = text_format("{request: POST /x, send: %s}", bodies[i].send);
        struct service *service = service_with("", words);

        assert_json(operation_body(&service->operations[0], &scope), bodies[i].body);
        service_free(service);
        free(words);
    }
    value_free(answers);
}

static void a_request_carries_the_headers_that_its_words_name_or_is_not_made(void **state)
{
    struct service *service = service_with("", "{request: GET /x, headers: {x-key: $key.token, x-kind: plain}}");
    struct value *facts = yaml("{key: {token: pk_1}}");
    struct scope scope = { .facts = facts };
    struct request request;
    struct problem why = { 0 };

    (void)state;
    assert_true(operation_request(service, &service->operations[0], &scope, false, NULL, &request, &why));
    assert_json(value_copy(request.headers), "{\"x-key\":\"pk_1\",\"x-kind\":\"plain\"}");
    request_clear(&request);
    scope.facts = NULL;
    assert_false(operation_request(service, &service->operations[0], &scope, false, NULL, &request, &why));
    assert_string_equal(why.text, "$key.token has no value that the header x-key can hold");
    problem_clear(&why);
    value_free(facts);
    service_free(service);
}

#define PUT_ROW "{request: 'POST /o/$ids.{code}', create: {request: POST /o}, each: options," \
                " send: {name: $name, prices: [{amount: {take: $charge, as: number}}], zone: $zone.id, tags: {each: tags, as: t, row: $t}}," \
                " blame: {'already (exists|there)': options.code, ^Countries: zone.countries}}"

static const struct { int status; const char *said, *lines; } sentences[] = {
    { 400, "Option with name: x, already exists.", "options.code, row GROUND: Option with name: x, already exists.\n" },
    { 400, "Countries with codes: us", "zone.countries: Countries with codes: us\n" },
    { 400, "Invalid request: Field 'name' is required", "options.name, row GROUND: Field 'name' is required\n" },
    { 400, "Invalid: Field 'name' is required; Expected type: 'number' for field 'prices, 0, amount', got: 'x'",
      "options.name, row GROUND: Field 'name' is required\noptions.charge, row GROUND: field 'prices, 0, amount', got: 'x'\n" },
    { 400, "Unrecognized fields: 'nobody'", "options, row GROUND: fields: 'nobody'\n" },
    { 400, "No.", "options, row GROUND: No.\n" },
    { 500, "Countries and already exists", "Countries and already exists\n" },
};

static void a_sentence_of_the_service_is_led_to_the_field_that_it_names(void **state)
{
    struct service *service = service_with("errors: {text: /message, named: \"[Ff]ields?:? '([^']+)'[^;]*\"}", PUT_ROW);
    struct value *row = yaml("{code: GROUND, name: x, charge: '1'}");
    struct scope scope = { .row = row };

    (void)state;
    for (size_t i = 0; i < LENGTH(sentences); i++) {
        struct response response = { .status = sentences[i].status, .body = value_new_map(), .retry_after_s = -1 };
        struct problems problems = { 0 };

        value_put_text(response.body, "message", sentences[i].said);
        operation_errors(service, &service->operations[0], &scope, &response, &problems);
        assert_problems(&problems, sentences[i].lines);
        response_clear(&response);
    }
    value_free(row);
    service_free(service);
}

static void an_error_page_that_is_no_json_is_told_by_its_status(void **state)
{
    struct service *service = service_with("errors: {text: /message}", "{request: GET /x}");
    struct scope scope = { 0 };
    struct response response = { .status = 404, .retry_after_s = -1 };
    struct problems problems = { 0 };

    (void)state;
    operation_errors(service, &service->operations[0], &scope, &response, &problems);
    assert_problems(&problems, "The service does not know this (HTTP 404). Load the step again.\n");
    service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_yet_is_created_and_what_is_remembered_is_changed),
        cmocka_unit_test(a_value_is_sent_in_the_form_that_the_service_wants),
        cmocka_unit_test(a_request_carries_the_headers_that_its_words_name_or_is_not_made),
        cmocka_unit_test(a_sentence_of_the_service_is_led_to_the_field_that_it_names),
        cmocka_unit_test(an_error_page_that_is_no_json_is_told_by_its_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
