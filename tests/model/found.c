#include "support/model.h"

#include "base/mem.h"

#define REGIONS "{\"regions\":[{\"id\":\"r1\",\"name\":\"US\",\"cc\":[\"us\"]},{\"id\":\"r2\",\"name\":\"EU\"}],\"count\":2}"

static const struct { const char *words, *answers, *facts, *values; } founds[] = {
    { "find: {in: /regions, by: [{/id: $region.id}, {/name: $region.name}]}, keep: {region.id: /id, region.cc: /cc}",
      "{region: {name: US}}", "{}", "{\"region\":{\"id\":\"r1\",\"cc\":[\"us\"]}}" },
    { "find: {in: /regions, by: [{/id: $region.id}, {/name: $region.name}]}, keep: {region.id: /id, region.name: /name}",
      "{region: {name: US}}", "{region: {id: r2}}", "{\"region\":{\"id\":\"r2\",\"name\":\"EU\"}}" },
    { "find: {in: /regions, by: [{/id: $region.id}, {/name: $region.name}]}, keep: {region.id: /id}",
      "{region: {name: US}}", "{region: {id: gone}}", "{\"region\":{\"id\":\"r1\"}}" },
    { "find: {in: /regions, by: {/name: $region.name}}, keep: {region.id: /id}", "{region: {name: Asia}}", "{}", "{}" },
    { "find: {in: /regions, by: {/name: $region.name}}, keep: {region.id: /id}", "{}", "{}", "{}" },
    { "find: {in: /regions, by: {/name: EU, /id: r1}}, keep: {region.id: /id}", "{}", "{}", "{}" },
    { "keep: {a: {first: /regions, by: {/name: EU}, value: /id}}", "{}", "{}", "{\"a\":\"r2\"}" },
    { "keep: {a: {first: /regions, value: /id}}", "{}", "{}", "{\"a\":\"r1\"}" },
    { "keep: {a: {first: /regions, by: {/name: $x.y}, value: /id}}", "{}", "{}", "{}" },
    { "keep: {a: {first: /regions, by: {/cc: ''}, value: /id}}", "{}", "{}", "{\"a\":\"r1\"}" },
    { "keep: {a: {each: /regions, by: {/id: $x}, row: {n: /name, c: {first: /cc, value: ''}}}}", "{x: r1}", "{}",
      "{\"a\":[{\"n\":\"US\",\"c\":\"us\"}]}" },
};

static void an_answer_is_about_the_item_found_by_what_is_remembered_or_else_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(founds); i++) {
        char *words = text_format("{request: GET /x, %s}", founds[i].words);
        struct service *service = service_with("", words);
        struct value *answers = yaml(founds[i].answers), *facts = yaml(founds[i].facts), *values = value_new_map();
        struct scope scope = { .answers = answers, .facts = facts };
        struct response response = { .status = 200, .body = json(REGIONS) };

        operation_keep(&service->operations[0], &scope, &response, values);
        assert_json(values, founds[i].values);
        value_free(answers);
        value_free(facts);
        value_free(response.body);
        service_free(service);
        free(words);
    }
}

static const struct { const char *body; bool understood; } tolds[] = {
    { REGIONS, true }, { "{\"regions\":[]}", true }, { "{\"regions\":{}}", true }, { "{\"shops\":[]}", false }, { "{\"regions\":\"none\"}", false },
    { "null", false },
};

static void that_nothing_is_found_is_understood_that_there_is_no_list_to_look_in_is_not(void **state)
{
    struct service *service = service_with("", "{request: GET /x, find: {in: /regions, by: {/name: EU}}, keep: {r.cc: {each: /cc, value: ''}}}");

    (void)state;
    for (size_t i = 0; i < LENGTH(tolds); i++) {
        struct response response = { .status = 200, .body = json(tolds[i].body) };
        struct problem why = { 0 };

        if (operation_understood(&service->operations[0], &response, &why) != tolds[i].understood)
            fail_msg("%s", tolds[i].body);
        problem_clear(&why);
        value_free(response.body);
    }
    service_free(service);
}

static const struct { const char *keep, *values; } ours[] = {
    { "{t: {each: /i, of: t.code, row: {code: /c, name: /n}}}", "{\"t\":[{\"code\":\"A\",\"name\":\"1\"},{\"code\":\"B\",\"name\":\"2\"}]}" },
    { "{ids: {each: /i, of: t.code, name: /c, value: /n}}", "{\"ids\":{\"A\":\"1\",\"B\":\"2\"}}" },
    { "{l: {each: /i, of: l, value: /c}}", "{\"l\":[\"C\"]}" },
    { "{l: {each: /i, of: nobody.code, value: /c}}", "{\"l\":[]}" },
};

static void of_a_list_that_others_use_too_only_what_is_wanted_or_was_sent_from_here_is_kept(void **state)
{
    struct value *answers = yaml("{t: [{code: A}, {code: X}], l: [C]}"), *sent = yaml("{t: [{code: B}]}");
    struct scope scope = { .answers = answers, .sent = sent };

    (void)state;
    for (size_t i = 0; i < LENGTH(ours); i++) {
        char *words = text_format("{request: GET /x, keep: %s}", ours[i].keep);
        struct service *service = service_with("", words);
        struct value *values = value_new_map();
        struct response response = { .status = 200, .body = json("{\"i\":[{\"c\":\"A\",\"n\":\"1\"},{\"c\":\"C\",\"n\":\"9\"},"
                                                                 "{\"c\":\"B\",\"n\":\"2\"},{\"c\":null}]}") };

        operation_keep(&service->operations[0], &scope, &response, values);
        assert_json(values, ours[i].values);
        value_free(response.body);
        service_free(service);
        free(words);
    }
    value_free(answers);
    value_free(sent);
}

static void of_two_items_of_one_name_the_first_is_kept(void **state)
{
    struct service *service = service_with("", "{request: GET /x, keep: {ids: {each: /i, name: /n, value: /id}}}");
    struct value *values = value_new_map();
    struct scope scope = { 0 };
    struct response response = { .status = 200, .body = json("{\"i\":[{\"n\":\"a\",\"id\":1},{\"n\":\"a\",\"id\":2}]}") };

    (void)state;
    operation_keep(&service->operations[0], &scope, &response, values);
    assert_json(values, "{\"ids\":{\"a\":1}}");
    value_free(response.body);
    service_free(service);
}

static const struct { const char *words, *path, *body, *next, *problem; } pages[] = {
    { "keep: {a: {each: /i, value: /v}}", "/x?limit=2", "{\"i\":[1,2],\"count\":5}", "/x?limit=2&offset=2", NULL },
    { "keep: {a: {each: /i, value: /v}}", "/x", "{\"i\":[1,2],\"count\":5}", "/x?offset=2", NULL },
    { "keep: {a: {each: /i, value: /v}}", "/x?offset=2&limit=2", "{\"i\":[1,2],\"count\":5}", "/x?offset=4&limit=2", NULL },
    { "keep: {a: {each: /i, value: /v}}", "/x?my-offset=7&offset=4", "{\"i\":[1],\"count\":5}", NULL, NULL },
    { "keep: {a: {each: /i, value: /v}}", "/x", "{\"i\":[1]}", NULL, NULL },
    { "keep: {a: {each: /i, value: /v}}", "/x?limit=2", "{\"i\":[1]}", NULL, NULL },
    { "keep: {a: /x, b: {first: /j, value: /v}}", "/x", "{\"x\":1,\"count\":9}", NULL, NULL },
    { "find: {in: /i, by: {/v: 3}}, keep: {a: /v}", "/x", "{\"i\":[1,2],\"count\":3}", "/x?offset=2", NULL },
    { "offer: {to: s, each: /i, value: /v}", "/x", "{\"i\":[1,2],\"count\":3}", "/x?offset=2", NULL },
    { "keep: {a: {each: /i, value: /v}}", "/x?offset=2", "{\"i\":[],\"count\":5}", NULL, "The list ends after 2 of 5 items" },
    { "keep: {a: {each: /i, value: /v}}", "/x?offset=2", "{\"i\":[1]}", NULL,
      "The service returned a page of a list without the count of its items" },
    { "keep: {a: {each: /i, value: /v}}", "/x?limit=2", "{\"i\":[1,2]}", NULL,
      "The service returned a page of a list without the count of its items" },
    { "keep: {a: {each: /i, value: /v}}", "/x?limit=1", "{\"i\":[1],\"count\":\"many\"}", NULL,
      "The service returned a page of a list without the count of its items" },
};

static void a_list_told_in_parts_is_asked_for_from_where_the_last_part_ended_until_all_are_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(pages); i++) {
        char *words = text_format("{request: GET /x, %s}", pages[i].words), *next = NULL;
        struct service *service = service_with("pages: {offset: offset, count: /count}", words);
        struct response response = { .status = 200, .body = json(pages[i].body) };
        struct value *visited = value_new_map();
        struct problem why = { 0 };
        bool good = operation_next(service, &service->operations[0], pages[i].path, &response, visited, &next, &why);

        if (!text_same(next, pages[i].next) || good != !pages[i].problem || !text_same(why.text, pages[i].problem))
            fail_msg("%s of %s: %s, %s", pages[i].path, pages[i].body, next ? next : "(none)", why.text ? why.text : "(good)");
        free(next);
        problem_clear(&why);
        value_free(visited);
        value_free(response.body);
        service_free(service);
        free(words);
    }
}

/* Asks for page after page of a service that never ends, and returns why that stopped; yours. */
static char *endless(const char *paging, const char *next_of_page, bool same_items, int *asked)
{
    struct service *service = service_with(paging, "{request: GET /x, offer: {to: s, each: /i, value: /v}}");
    struct value *visited = value_new_map();
    struct problem why = { 0 };
    char *path = mem_copy("/x"), *told = NULL;

    for (*asked = 1; *asked < 5000 && path; ++*asked) {
        char *body = text_format("{\"i\":[{\"v\":\"%d\"}],\"count\":100000}", same_items ? 0 : *asked), *next = NULL;
        struct response response = { .status = 200, .body = json(body), .next = next_of_page ? text_format(next_of_page, *asked) : NULL };

        free(body);
        if (!operation_next(service, &service->operations[0], path, &response, visited, &next, &why))
            told = mem_copy(why.text);
        free(path);
        path = next;
        response_clear(&response);
    }
    free(path);
    problem_clear(&why);
    value_free(visited);
    service_free(service);
    return told;
}

static const struct { const char *paging, *next; bool same; const char *problem; int asked; } rounds[] = {
    { "pages: link", "/x?p=1", false, "The pages of a list lead back to a page before", 3 },
    { "pages: link", "/x", false, "The pages of a list lead back to a page before", 2 },
    { "pages: link", "/x?p=%d", true, "The service returned the same page of a list twice", 3 },
    { "pages: link", "/x?p=%d", false, "The list has more than 2000 pages", 2002 },
    { "pages: {offset: offset, count: /count}", NULL, true, "The service returned the same page of a list twice", 3 },
    { "pages: {offset: offset, count: /count}", NULL, false, "The list has more than 2000 pages", 2002 },
    { "pages: none", "/x?p=2", false, "The list has further pages, but the description of the service has \"pages: none\"", 2 },
};

static void test_list_without_end_is_a_problem(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rounds); i++) {
        int asked;
        char *told = endless(rounds[i].paging, rounds[i].next, rounds[i].same, &asked);

        if (!text_same(told, rounds[i].problem) || asked != rounds[i].asked)
            fail_msg("%zu: %s after %d", i, told ? told : "(none)", asked);
        free(told);
    }
}

static void test_list_that_continues_on_another_server_is_a_problem(void **state)
{
    struct service *service = service_with("pages: link", "{request: GET /x, offer: {to: s, each: /i, value: /v}}");
    struct response response = { .status = 200, .body = json("{\"i\":[]}"), .next_elsewhere = (char *)"evil.example" };
    struct value *visited = value_new_map();
    struct problem why = { 0 };
    char *next = NULL;

    (void)state;
    assert_false(operation_next(service, &service->operations[0], "/x", &response, visited, &next, &why));
    assert_string_equal(why.text, "The list continues on another server, evil.example, which is not followed");
    value_free(response.body);
    value_free(visited);
    problem_clear(&why);
    service_free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_about_the_item_found_by_what_is_remembered_or_else_by_its_name),
        cmocka_unit_test(that_nothing_is_found_is_understood_that_there_is_no_list_to_look_in_is_not),
        cmocka_unit_test(of_a_list_that_others_use_too_only_what_is_wanted_or_was_sent_from_here_is_kept),
        cmocka_unit_test(of_two_items_of_one_name_the_first_is_kept),
        cmocka_unit_test(a_list_told_in_parts_is_asked_for_from_where_the_last_part_ended_until_all_are_counted),
        cmocka_unit_test(test_list_without_end_is_a_problem),
        cmocka_unit_test(test_list_that_continues_on_another_server_is_a_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
