/* Lists that come page by page: complete, or not used at all. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: methods\n  section: Shop\n  title: Methods\n  load: [list-methods]\n  save: [put-method]\n  fields:\n"
    "  - name: methods\n    label: Methods\n    kind: table\n    key: code\n    columns:\n"
    "    - {name: code, label: Code, kind: identifier, required: yes}\n"
    "    - {name: carrier, label: Carrier, kind: one, choices: carriers}\n"
    "- id: tools\n  section: Shop\n  title: Tools\n  does: actions\n  actions: [{id: count, label: Count, run: [count]}, {id: again, label: Again, when: {all.codes: A}, run: [count]}]\n";

#define SERVICE(paging)                                                                                                          \
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\npages: " paging "\noperations:\n"                           \
    "  list-methods: {request: GET /methods, keep: {methods: {each: /items, row: {code: /code, carrier: /carrier}}}}\n"          \
    "  put-method: {each: methods, request: PUT /methods/$code, send: {carrier: $carrier}, gone: DELETE /methods/$code}\n"       \
    "  list-carriers: {request: GET /carriers, offer: {to: carriers, each: /items, value: /id, label: /name}}\n"                 \
    "  count: {request: GET /all, keep: {all.codes: {each: /items, value: /code}}}\n"

#define CARRIERS {"GET /carriers", 200, "{\"items\": [{\"id\": \"ups\", \"name\": \"UPS\"}]}"}
#define METHOD(code) "{\"items\": [{\"code\": \"" code "\", \"carrier\": \"ups\"}]}"

static void open_methods(struct play *play, struct reply *replies)
{
    play_new(play, checklist, SERVICE("link"), "{}", replies);
    play_sign_in(play);
    play_open(play, "methods");
}

static void test_pages_are_one_list(void **unused)
{
    struct reply replies[] = {
        CARRIERS, {"GET /methods", 200, METHOD("A"), .next = "/methods?p=2"}, {"GET /methods?p=2", 200, METHOD("B"), .next = "/methods?p=3"},
        {"GET /methods?p=3", 200, METHOD("C")}, {0},
    };
    struct play play;
    (void)unused;
    open_methods(&play, replies);
    play_shows(&play, "Methods = 3 rows");
    play_free(&play);
}

static const struct { struct reply second; const char *shown; int status; } broken[] = {
    {{"GET /methods?p=2", 200, METHOD("B"), .next = "/methods"}, "bad: The pages of a list lead back to a page before. The list is not used", 76},
    {{"GET /methods?p=2", 200, METHOD("A"), .next = "/methods?p=3"}, "bad: The service returned the same page of a list twice.", 76},
    {{"GET /methods?p=2", 500, "{}"}, "bad: The service has failed", 69},
    {{"GET /methods?p=2", 0}, "bad: The service cannot be reached", 69},
    {{"GET /methods?p=2", 200, "{\"other\": 1}"}, "bad: The service's answer is not understood", 76},
};

static void test_list_that_cannot_be_read_whole_is_not_used(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct reply replies[] = {CARRIERS, {"GET /methods", 200, METHOD("A"), .next = "/methods?p=2"}, broken[i].second, {0}};
        struct play play;
        open_methods(&play, replies);
        play_shows(&play, broken[i].shown);
        play_shows(&play, "Methods = \n");
        play_do(&play, EVENT_SUBMIT);
        assert_null(strstr(text_bytes(&play.log), "DELETE"));
        assert_null(strstr(text_bytes(&play.log), "PUT"));
        play_do(&play, EVENT_QUIT);
        assert_int_equal(play.ended, broken[i].status);
        play_free(&play);
    }
}

static bool offers(const struct play *play)
{
    struct view view;
    wizard_view(play->wizard, &view);
    bool offered = false;
    for (size_t i = 0; i < view.control_count; i++)
        offered = offered || view.controls[i].choices != NULL;
    view_clear(&view);
    return offered;
}

static void test_choices_that_cannot_be_read_whole_are_not_offered_until_they_can(void **unused)
{
    struct reply replies[] = {
        {"GET /carriers", 200, "{\"items\": [{\"id\": \"ups\"}]}", .next = "/carriers?p=2", .once = true}, {"GET /carriers?p=2", 503, "{}"},
        CARRIERS, {"GET /methods", 200, METHOD("A")}, {0},
    };
    struct play play;
    (void)unused;
    open_methods(&play, replies);
    play_event(&play, (struct event){.kind = EVENT_ROW, .field = "methods", .row = "A"});
    assert_false(offers(&play));
    play_do(&play, EVENT_BACK);
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    play_event(&play, (struct event){.kind = EVENT_ROW, .field = "methods", .row = "A"});
    assert_true(offers(&play));
    play_free(&play);
}

static void test_action_reads_all_pages(void **unused)
{
    struct reply replies[] = {{"GET /all", 200, METHOD("A"), .next = "/all?p=2"}, {"GET /all?p=2", 200, METHOD("B")}, {0}};
    struct play play;
    (void)unused;
    play_new(&play, checklist, SERVICE("link"), "{}", replies);
    play_sign_in(&play);
    play_open(&play, "tools");
    play_event(&play, (struct event){.kind = EVENT_DO, .action = "count"});
    play_asked(&play, "GET /all\nGET /all?p=2\n");
    assert_int_equal(value_count(value_at(wizard_state(play.wizard), "facts.all.codes")), 2);
    play_shows(&play, "notice: Done.");
    play_free(&play);
}

static void test_action_with_a_list_without_end_fails(void **unused)
{
    struct reply replies[] = {{"GET /all", 200, METHOD("A"), .next = "/all?p=2"}, {"GET /all?p=2", 200, METHOD("B"), .next = "/all"}, {0}};
    struct play play;
    (void)unused;
    play_new(&play, checklist, SERVICE("link"), "{}", replies);
    play_sign_in(&play);
    play_open(&play, "tools");
    play_event(&play, (struct event){.kind = EVENT_DO, .action = "count"});
    play_shows(&play, "bad: The pages of a list lead back to a page before.");
    assert_int_equal(wizard_failure(play.wizard), PROBLEM_SERVICE);
    play_free(&play);
}

static const char maps[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: names\n  section: Shop\n  title: Names\n  load: [get-name]\n  save: [put-name]\n  fields:\n"
    "  - {name: names, label: Names, kind: text, each: markets, as: market}\n"
    "- {id: tools, section: Shop, title: Tools, does: actions, actions: [{id: compare, label: Compare, does: compare}]}\n";

static const char maps_service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\npages: link\noperations:\n"
    "  list-markets: {request: GET /markets, offer: {to: markets, each: /items, value: /id}}\n"
    "  get-name: {each: markets, as: market, request: GET /names/$market, keep: {\"names.{market}\": /name}}\n"
    "  put-name: {each: names, as: market, request: PUT /names/$market, send: {name: \"$names.{market}\"}}\n";

static void test_nothing_is_called_compared_that_could_not_be_read(void **unused)
{
    struct reply replies[] = {{"GET /markets", 200, "{\"items\": [{\"id\": \"ebay\"}]}", .next = "/markets"}, {0}};
    struct play play;
    (void)unused;
    play_new(&play, maps, maps_service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "tools");
    play_event(&play, (struct event){.kind = EVENT_DO, .action = "compare"});
    play_shows(&play, "bad: Not compared with the service: The pages of a list lead back");
    play_do(&play, EVENT_PLAN);
    play_shows(&play, "The pages of a list lead back");
    play_do(&play, EVENT_BACK);
    assert_int_equal(wizard_failure(play.wizard), PROBLEM_SERVICE);
    play_free(&play);
}

static void test_offset_that_the_service_ignores_is_noticed(void **unused)
{
    struct reply replies[] = {
        CARRIERS, {"GET /methods", 200, "{\"items\": [{\"code\": \"A\", \"carrier\": \"ups\"}], \"count\": 3}"},
        {"GET /methods?offset=1", 200, "{\"items\": [{\"code\": \"A\", \"carrier\": \"ups\"}], \"count\": 3}"}, {0},
    };
    struct play play;
    (void)unused;
    play_new(&play, checklist, SERVICE("{offset: offset, count: /count}"), "{}", replies);
    play_sign_in(&play);
    play_open(&play, "methods");
    play_shows(&play, "bad: The service returned the same page of a list twice.");
    play_shows(&play, "Methods = \n");
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_are_one_list),
        cmocka_unit_test(test_list_that_cannot_be_read_whole_is_not_used),
        cmocka_unit_test(test_choices_that_cannot_be_read_whole_are_not_offered_until_they_can),
        cmocka_unit_test(test_action_reads_all_pages),
        cmocka_unit_test(test_action_with_a_list_without_end_fails),
        cmocka_unit_test(test_nothing_is_called_compared_that_could_not_be_read),
        cmocka_unit_test(test_offset_that_the_service_ignores_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
