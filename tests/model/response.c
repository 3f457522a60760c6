#include "support/model.h"

#include "base/choices.h"

static const struct { const char *keep, *body, *values; } kept[] = {
    { "{a.b: /x/y}", "{\"x\":{\"y\":\"z\"}}", "{\"a\":{\"b\":\"z\"}}" },
    { "{a.b: /x, a.c: /y}", "{\"x\":null}", "{\"a\":{\"b\":null}}" },
    { "{a: /x}", "{\"x\":{\"visa\":\"paypal\",\"amex\":null}}", "{\"a\":{\"visa\":\"paypal\"}}" },
    { "{a: /x}", "{\"x\":true}", "{\"a\":true}" },
    { "{a: ''}", "[1]", "{\"a\":[1]}" },
    { "{a: {each: /items, value: /id}}", "{\"items\":[{\"id\":\"x\"},{\"id\":null},{},{\"id\":\"y\"}]}", "{\"a\":[\"x\",\"y\"]}" },
    { "{a: {each: /items, value: ''}}", "{\"items\":[\"x\",\"y\"]}", "{\"a\":[\"x\",\"y\"]}" },
    { "{a: {each: /items, value: /id}}", "{\"items\":[]}", "{\"a\":[]}" },
    { "{a: {each: /items, value: /id}}", "{\"items\":\"none\"}", "{}" },
    { "{a: {each: /items, value: /id}}", "{}", "{}" },
    { "{a: {each: /items, row: {code: /c, charge: /m/n}}}", "{\"items\":[{\"c\":\"G\",\"m\":{\"n\":\"1\"}},{\"c\":\"A\",\"m\":null}]}",
      "{\"a\":[{\"code\":\"G\",\"charge\":\"1\"},{\"code\":\"A\"}]}" },
    { "{a: {each: /items, name: /p, value: /c}}",
      "{\"items\":[{\"p\":\"x.y\",\"c\":{\"id\":\"1\",\"no\":null}},{\"p\":null,\"c\":{}},{\"c\":{}}]}", "{\"a\":{\"x.y\":{\"id\":\"1\"}}}" },
    { "{'a.{m}.b': /x}", "{\"x\":\"1\"}", "{\"a\":{\"e.bay\":{\"b\":\"1\"}}}" },
    { "{'a.{nobody}': /x}", "{\"x\":\"1\"}", "{}" },
    { "{a: /x}", "null", "{}" },
    { "{a: /0}", "[\"x\"]", "{\"a\":\"x\"}" },
};

static void what_is_kept_of_an_answer_is_what_its_words_say_and_no_more(void **state)
{
    struct value *row = yaml("{m: e.bay}");
    struct scope scope = { .row = row };

    (void)state;
    for (size_t i = 0; i < LENGTH(kept); i++) {
        char *words = text_format("{request: GET /x, keep: %s}", kept[i].keep);
        struct service *service = service_with("", words);
        struct response response = { .status = 200, .body = json(kept[i].body) };
        struct value *values = value_new_map();

        operation_keep(&service->operations[0], &scope, &response, values);
        assert_json(values, kept[i].values);
        value_free(response.body);
        service_free(service);
        free(words);
    }
    value_free(row);
}

static void an_answer_without_a_body_keeps_and_offers_nothing(void **state)
{
    struct service *service = service_with("", "{request: GET /x, keep: {a: /x}, offer: {to: s, each: /i, value: /v},"
                                         " refuse: {when: {/ok: no}}, again: {while: {/s: a}}}");
    struct response response = { .status = 204 };
    struct value *values = value_new_map();
    struct choices *choices = choices_new();
    struct problems problems = { 0 };
    struct scope scope = { 0 };
    int percent;
    char *say;

    (void)state;
    operation_keep(&service->operations[0], &scope, &response, values);
    operation_offer(&service->operations[0], &response, choices);
    assert_false(operation_refused(&service->operations[0], &response, &problems));
    assert_false(operation_again(&service->operations[0], &response, &percent, &say));
    assert_int_equal(percent, -1);
    assert_null(say);
    assert_json(values, "{}");
    assert_int_equal(choices_count(choices), 0);
    choices_free(choices);
    service_free(service);
}

static void choices_are_offered_page_by_page_with_what_they_go_with_and_ask_for(void **state)
{
    struct service *service = service_with("", "{request: GET /x, offer: {to: s, each: /items, value: /id, label: /name, parent: /up,"
                                         " fits: /methods, fields: /credentials}}");
    struct response response = { .status = 200, .next = (char *)"https://s.example/x?page=2" };
    struct choices *choices = choices_new();
    const struct value *extra;

    (void)state;
    response.body = json("{\"items\":[{\"id\":\"b\",\"name\":\"B\",\"up\":\"a\",\"methods\":[\"visa\"],\"credentials\":"
                         "[{\"name\":\"key\"}]},{\"id\":null},{\"name\":\"nobody\"}]}");
    operation_offer(&service->operations[0], &response, choices);
    assert_int_equal(choices_count(choices), 1);
    assert_false(choices_complete(choices));
    value_free(response.body);
    response.body = json("{\"items\":[{\"id\":\"a\",\"up\":null}]}");
    response.next = NULL;
    operation_offer(&service->operations[0], &response, choices);
    assert_true(choices_complete(choices));
    assert_string_equal(choices_label_of(choices, "a"), "a");
    assert_int_equal(choices_parent(choices, choices_find(choices, "b")), choices_find(choices, "a"));
    assert_true(choices_fits(choices, "b", "visa"));
    assert_false(choices_fits(choices, "b", "amex"));
    extra = choices_extra(choices, "b");
    assert_string_equal(value_text(extra, "fields.0.name"), "key");
    value_free(response.body);
    choices_free(choices);
    service_free(service);
}

static const struct { const char *method, *path, *etag, *body, *etags; } versions[] = {
    { "GET", "/v1/ship?page_size=9", "\"2\"", "{\"items\":[{\"code\":\"A B\",\"etag\":\"3\"},{\"code\":\"C\",\"etag\":\"\\\"4\\\"\"},{\"code\":\"D\"}]}",
      "{\"/v1/account\":\"\\\"1\\\"\",\"/v1/ship\":\"\\\"2\\\"\",\"/v1/ship/A%20B\":\"\\\"3\\\"\",\"/v1/ship/C\":\"\\\"4\\\"\"}" },
    { "GET", "https://s.example/v1/ship?page=2", NULL, "{\"items\":[{\"code\":\"C\",\"etag\":\"W/\\\"4\\\"\"}]}",
      "{\"/v1/account\":\"\\\"1\\\"\",\"/v1/ship/OLD\":\"\\\"0\\\"\",\"/v1/ship/C\":\"W/\\\"4\\\"\"}" },
    { "PUT", "/v1/account", "\"5\"", "{}", "{\"/v1/account\":\"\\\"5\\\"\",\"/v1/ship/OLD\":\"\\\"0\\\"\"}" },
    { "PUT", "/v1/account", NULL, "{}", "{\"/v1/ship/OLD\":\"\\\"0\\\"\"}" },
    { "DELETE", "/v1/ship/OLD", NULL, "null", "{\"/v1/account\":\"\\\"1\\\"\"}" },
    { "POST", "/v1/account", "\"6\"", "{}", "{\"/v1/account\":\"\\\"1\\\"\",\"/v1/ship/OLD\":\"\\\"0\\\"\"}" },
};

static void versions_are_remembered_by_path_and_forgotten_when_they_are_no_more(void **state)
{
    struct service *service = service_with("", "{request: 'GET /v1/ship?page_size=9',"
                                         " etags: {each: /items, path: /v1/ship/$code, etag: /etag}}");

    (void)state;
    for (size_t i = 0; i < LENGTH(versions); i++) {
        struct value *etags = json("{\"/v1/account\":\"\\\"1\\\"\",\"/v1/ship/OLD\":\"\\\"0\\\"\"}");
        struct request request = { .method = versions[i].method, .path = (char *)versions[i].path, .page = versions[i].path[0] != '/' };
        struct response response = { .status = 200, .body = json(versions[i].body), .etag = (char *)versions[i].etag };

        operation_etags(&service->operations[0], &request, &response, etags);
        assert_json(etags, versions[i].etags);
        value_free(response.body);
    }
    service_free(service);
}

static const struct { const char *body; bool again; int percent; const char *say; } polled[] = {
    { "{\"status\":\"queued\",\"percent\":0,\"message\":\"Waiting.\"}", true, 0, "Waiting." },
    { "{\"status\":\"running\",\"percent\":40}", true, 40, NULL },
    { "{\"status\":\"running\",\"percent\":140}", true, -1, NULL },
    { "{\"status\":\"running\",\"percent\":\"soon\"}", true, -1, NULL },
    { "{\"status\":\"succeeded\",\"percent\":100,\"message\":null}", false, 100, NULL },
    { "{\"status\":\"unheard of\"}", false, -1, NULL },
    { "[]", false, -1, NULL },
};

static void a_poll_goes_on_while_the_answer_says_so(void **state)
{
    struct service *service = service_with("", "{request: GET /x, again: {while: {/status: [queued, running]}, every: 10,"
                                         " progress: /percent, say: /message}}");

    (void)state;
    for (size_t i = 0; i < LENGTH(polled); i++) {
        struct response response = { .status = 200, .body = json(polled[i].body) };
        int percent;
        char *say;

        assert_int_equal(operation_again(&service->operations[0], &response, &percent, &say), polled[i].again);
        assert_int_equal(percent, polled[i].percent);
        assert_true(text_same(say, polled[i].say));
        free(say);
        value_free(response.body);
    }
    service_free(service);
}

static const struct { int64_t waited_s; int retry_after_s, wait_s; } waits[] = {
    { 0, -1, 10 }, { 119, -1, 10 }, { 120, -1, 60 }, { 3599, -1, 60 }, { 3600, -1, 300 }, { 90000, -1, 300 },
    { 0, 45, 45 }, { 3600, 2, 2 }, { 0, 0, 10 },
};

static void a_poll_becomes_rarer_and_a_service_that_names_a_time_is_obeyed(void **state)
{
    struct again again = { .every_s = 10 };

    (void)state;
    for (size_t i = 0; i < LENGTH(waits); i++)
        assert_int_equal(again_wait_s(&again, waits[i].waited_s, waits[i].retry_after_s), waits[i].wait_s);
}

static const struct { const char *body, *problems; } denials[] = {
    { "{\"ok\":true,\"message\":\"Fine.\"}", "" },
    { "{\"ok\":false,\"message\":\"The key is not known.\"}", "The key is not known.\n" },
    { "{\"ok\":false}", "The service rejected the request without giving a reason.\n" },
    { "{}", "" },
};

static void an_answer_may_be_good_by_its_status_and_a_refusal_by_its_words(void **state)
{
    struct service *service = service_with("", "{request: POST /x, refuse: {when: {/ok: no}, text: /message}}");

    (void)state;
    for (size_t i = 0; i < LENGTH(denials); i++) {
        struct response response = { .status = 200, .body = json(denials[i].body) };
        struct problems problems = { 0 };

        assert_int_equal(operation_refused(&service->operations[0], &response, &problems), denials[i].problems[0] != '\0');
        assert_problems(&problems, denials[i].problems);
        value_free(response.body);
    }
    service_free(service);
}

static const struct { const char *words, *problems; } faults[] = {
    { "{request: GET /x}", "" },
    { "{}", "3:7: \"request\" is missing here\n" },
    { "{request: FETCH /x}",
      "3:17: \"FETCH /x\" is no request. Write a method (GET, PUT, POST, PATCH, DELETE), one blank and a path: GET /v1/account.\n"},
    { "{request: GET x}",
      "3:17: \"GET x\" is no request. Write a method (GET, PUT, POST, PATCH, DELETE), one blank and a path: GET /v1/account.\n"},
    { "{request: GET /x, kepp: {}}", "3:25: \"kepp\" is not a word of an operation. Did you mean \"keep\"?\n" },
    { "{request: GET /x, keep: {a: x}}", "3:35: \"a\" must be a JSON pointer. Write /member, /member/inner, or \"\" for the whole.\n" },
    { "{request: GET /x, keep: {a: {each: /i}}}", "3:35: \"a\" needs either \"value\", or \"name\" and \"value\", or \"row\"\n" },
    { "{request: GET /x, keep: {a: {each: /i, value: /v, row: {c: /c}}}}",
      "3:35: \"a\" needs either \"value\", or \"name\" and \"value\", or \"row\"\n" },
    { "{request: GET /x, send: {}}", "3:31: a GET sends no body\n" },
    { "{request: PUT /x, gone: DELETE /x}", "3:31: \"gone\" is for an operation that has \"each\"\n" },
    { "{request: PUT /x, again: {while: {/s: a}}}", "3:32: only a GET can be repeated\n" },
    { "{request: GET /x, again: {while: {s: a}, every: 0}}",
      "3:41: \"s\" must be a JSON pointer\n3:55: \"every\" must be 1 to 3600 seconds\n" },
    { "{request: GET /x, offer: {to: s, each: /i}}", "3:32: \"value\" is missing here\n" },
    { "{request: GET /x, etags: {each: /i, path: /p}}", "3:32: \"etag\" is missing here\n" },
    { "{request: PUT /x, blame: {x: [a]}}", "3:36: this must be the name of a field\n" },
    { "{request: PUT /x, blame: {'x(': a}}", "3:33: the pattern is not understood: Unmatched ( or \\(\n" },
    { "{request: GET /x, keep: {a: {value: /v}}}", "3:35: \"a\" needs either \"each\" or \"first\"\n" },
    { "{request: GET /x, keep: {a: {first: /i, row: {c: /c}}}}", "3:35: \"first\" goes with \"value\" and \"by\" alone\n" },
    { "{request: GET /x, keep: {a: {each: /i, by: {id: 1}, value: /v}}}", "3:51: \"id\" must be a JSON pointer\n" },
    { "{request: GET /x, find: {in: /i}}", "3:31: \"by\" is missing here\n" },
    { "{request: GET /x, find: {in: /i, by: [x]}}", "3:45: \"by\" must be a map of JSON pointers and values\n" },
    { "{request: PUT /x, create: {request: POST /x}}", "3:33: \"create\" is for a change whose path has a $name\n" },
    { "{request: PUT /x/$id, create: {request: GET /x}}", "3:47: nothing is created with GET\n" },
    { "{request: POST /x, held: {a: 1}}", "3:32: \"held\" is for an operation that has \"send\"\n" },
    { "{request: POST /x, send: {a: {take: b, as: nummer}}}",
      "3:50: \"nummer\" is not a word for \"as\". Did you mean \"number\"?\n3:43: \"take\" must be a $name\n" },
    { "{request: GET /x, headers: {'x y': z}}", "3:35: \"x y\" cannot be the name of a header\n" },
};

static void a_service_description_is_read_strictly(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(faults); i++) {
        char *text = text_format("service: s\noperations:\n  it: %s\n", faults[i].words), *path = file_with(text);
        struct problems problems = { 0 };
        struct service *service = service_read(path, &problems);

        assert_int_equal(service == NULL, faults[i].problems[0] != '\0');
        assert_problems(&problems, faults[i].problems);
        service_free(service);
        file_gone(path);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_of_an_answer_is_what_its_words_say_and_no_more),
        cmocka_unit_test(an_answer_without_a_body_keeps_and_offers_nothing),
        cmocka_unit_test(choices_are_offered_page_by_page_with_what_they_go_with_and_ask_for),
        cmocka_unit_test(versions_are_remembered_by_path_and_forgotten_when_they_are_no_more),
        cmocka_unit_test(a_poll_goes_on_while_the_answer_says_so),
        cmocka_unit_test(a_poll_becomes_rarer_and_a_service_that_names_a_time_is_obeyed),
        cmocka_unit_test(an_answer_may_be_good_by_its_status_and_a_refusal_by_its_words),
        cmocka_unit_test(a_service_description_is_read_strictly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
