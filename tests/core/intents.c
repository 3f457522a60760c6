/* Idempotency keys: how long one lasts, and which requests share it. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: rates\n  section: Start\n  title: Rates\n  load: [get-rates]\n  save: [post-rate]\n  fields:\n"
    "  - {name: rates, label: Rates, kind: table, key: code, columns: [{name: code, label: Code, kind: text, required: yes}, "
    "{name: rate, label: Rate, kind: text}]}\n"
    "- id: maintain\n  section: Later\n  title: Maintain\n  does: actions\n  load: [get-state]\n  actions:\n"
    "  - {id: stop, label: Stop, run: [stop], done_when: {shop.state: stopped}, done: Stopped.}\n"
    "  - {id: start, label: Start, run: [start], done_when: {shop.state: running}, done: Started.}\n"
    "  - {id: tell, label: Tell, run: [tell]}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail}\nidempotency: key\noperations:\n"
    "  get-rates: {request: POST /rates/query, send: {}, keep: {rates: {each: /items, row: {code: /code, rate: /rate}}}}\n"
    "  post-rate: {each: rates, request: POST /rates, send: {code: $code, rate: $rate}}\n"
    "  get-state: {request: GET /state, keep: {shop.state: /state}}\n"
    "  stop: {request: POST /stop, send: {}, keep: {shop.state: /state}}\n"
    "  start: {request: POST /start, send: {}, keep: {shop.state: /state}}\n"
    "  tell: {request: POST /tell, send: {state: $shop.state}}\n";

/* Makes a request by an action and returns its key; yours. */
static char *key_of(struct play *play, const char *action)
{
    free(play->key);
    play->key = NULL;
    play_event(play, (struct event){.kind = EVENT_DO, .action = action});
    assert_non_null(play->key);
    return mem_copy(play->key);
}

static void maintain(struct play *play, struct reply *replies)
{
    play_new(play, checklist, service, "{}", replies);
    play_sign_in(play);
    play_open(play, "maintain");
}

static void assert_keys(char *one, char *other, bool same)
{
    assert_int_equal(strcmp(one, other) == 0, same);
    free(one);
    free(other);
}

static void test_retry_without_response_has_the_same_key(void **unused)
{
    struct reply replies[] = {{"GET /state", 200, "{\"state\": \"stopped\"}"}, {"POST /start", 0}, {0}};
    struct play play;
    (void)unused;
    maintain(&play, replies);
    char *first = key_of(&play, "start");
    assert_keys(first, key_of(&play, "start"), true);
    play_free(&play);
}

static void test_key_is_saved_before_the_request_and_survives_a_crash(void **unused)
{
    struct reply replies[] = {{"GET /state", 200, "{\"state\": \"stopped\"}"}, {"POST /start", 200, "{\"state\": \"running\"}"}, {0}};
    struct play play;
    (void)unused;
    maintain(&play, replies);
    play.hold = true;
    char *first = key_of(&play, "start");
    assert_string_equal(value_text(wizard_state(play.wizard), "intents.start.key"), first);
    play.hold = false;
    play_restart(&play);
    play_sign_in(&play);
    play_open(&play, "maintain");
    assert_keys(first, key_of(&play, "start"), true);
    play_free(&play);
}

static void test_key_ends_when_a_read_shows_the_outcome(void **unused)
{
    struct reply replies[] = {
        {"GET /state", 200, "{\"state\": \"stopped\"}", .once = true}, {"POST /start", 0, .once = true},
        {"GET /state", 200, "{\"state\": \"running\"}", .once = true}, {"POST /stop", 200, "{\"state\": \"stopped\"}"},
        {"GET /state", 200, "{\"state\": \"stopped\"}", .once = true}, {"POST /start", 200, "{\"state\": \"running\"}"},
        {"GET /state", 200, "{\"state\": \"running\"}"}, {0},
    };
    struct play play;
    (void)unused;
    maintain(&play, replies);
    char *first = key_of(&play, "start");
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    free(key_of(&play, "stop"));
    play_shows(&play, "notice: Stopped.");
    assert_keys(first, key_of(&play, "start"), false);
    play_shows(&play, "notice: Started.");
    play_free(&play);
}

static void test_key_of_a_replay_that_did_nothing_ends(void **unused)
{
    struct reply replies[] = {{"GET /state", 200, "{\"state\": \"stopped\"}"}, {"POST /start", 200, "{\"state\": \"running\"}"}, {0}};
    struct play play;
    (void)unused;
    maintain(&play, replies);
    char *first = key_of(&play, "start");
    play_shows(&play, "bad: The service accepted the request \"Start\", but did not carry it out: shop.state is \"stopped\".");
    assert_keys(first, key_of(&play, "start"), false);
    play_free(&play);
}

static const struct { int status; bool maybe_done, ends; } outcomes[] = {
    {400, false, true}, {401, false, true}, {403, false, true}, {404, false, true}, {409, false, true}, {422, false, true}, {422, true, true},
    {401, true, false}, {403, true, false}, {409, true, false}, {408, false, false}, {425, false, false}, {429, false, false},
    {500, false, false}, {502, false, false}, {503, false, false}, {504, false, false}, {302, false, false},
};

static void test_key_ends_with_a_definite_response_only(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        struct reply replies[] = {
            {"GET /state", 200, "{\"state\": \"stopped\"}"},
            {"POST /start", outcomes[i].status, "{\"detail\": \"No.\"}", .maybe_done = outcomes[i].maybe_done}, {0},
        };
        struct play play;
        maintain(&play, replies);
        char *first = key_of(&play, "start");
        play_sign_in(&play);
        play_open(&play, "maintain");
        char *second = key_of(&play, "start");
        if ((strcmp(first, second) != 0) != outcomes[i].ends)
            fail_msg("%d %d", outcomes[i].status, outcomes[i].maybe_done);
        free(first);
        free(second);
        play_free(&play);
    }
}

static void test_other_body_has_another_key(void **unused)
{
    struct reply replies[] = {
        {"GET /state", 200, "{\"state\": \"stopped\"}", .once = true}, {"GET /state", 200, "{\"state\": \"running\"}"}, {"POST /tell", 0}, {0},
    };
    struct play play;
    (void)unused;
    maintain(&play, replies);
    char *first = key_of(&play, "tell");
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    assert_keys(first, key_of(&play, "tell"), false);
    play_free(&play);
}

static void test_action_that_is_not_read_back_is_accepted_not_done(void **unused)
{
    struct reply replies[] = {{"GET /state", 200, "{\"state\": \"stopped\"}"}, {"POST /tell", 200, "{}"}, {0}};
    struct play play;
    (void)unused;
    maintain(&play, replies);
    free(key_of(&play, "tell"));
    play_shows(&play, "notice: The service accepted the request \"Tell\".");
    play_free(&play);
}

static void add_rates(struct play *play, const char *yaml)
{
    struct problem why = {0};
    struct value *rows = yaml_read(yaml, strlen(yaml), "rows", &why);
    play_event(play, (struct event){.kind = EVENT_ANSWER, .field = "rates", .value = rows});
    value_free(rows);
    play_do(play, EVENT_SUBMIT);
}

static void test_each_row_has_its_own_key(void **unused)
{
    struct reply replies[] = {{"POST /rates/query", 200, "{\"items\": []}"}, {"POST /rates", 0}, {0}};
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "rates");
    add_rates(&play, "[{code: A, rate: '1'}]");
    char *first = mem_copy(play.key);
    add_rates(&play, "[{code: B, rate: '2'}]");
    char *second = mem_copy(play.key);
    assert_string_not_equal(first, second);
    add_rates(&play, "[{code: A, rate: '1'}]");
    assert_string_equal(play.key, first);
    add_rates(&play, "[{code: B, rate: '2'}]");
    assert_string_equal(play.key, second);
    free(first);
    free(second);
    play_free(&play);
}

static void test_key_ends_when_a_read_shows_the_row(void **unused)
{
    struct reply replies[] = {
        {"POST /rates/query", 200, "{\"items\": []}", .once = true}, {"POST /rates", 0},
        {"POST /rates/query", 200, "{\"items\": [{\"code\": \"A\", \"rate\": \"1\"}]}"}, {0},
    };
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "rates");
    add_rates(&play, "[{code: A, rate: '1'}]");
    assert_non_null(value_at(wizard_state(play.wizard), "intents.post-rate/A"));
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    assert_null(value_at(wizard_state(play.wizard), "intents.post-rate/A"));
    play_free(&play);
}

static void test_read_by_post_has_a_new_key_each_time(void **unused)
{
    struct reply replies[] = {{"POST /rates/query", 200, "{\"items\": []}"}, {0}};
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "rates");
    char *first = mem_copy(play.key);
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    assert_keys(first, mem_copy(play.key), false);
    assert_int_equal(value_count(value_member(wizard_state(play.wizard), "intents")), 0);
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retry_without_response_has_the_same_key),
        cmocka_unit_test(test_key_is_saved_before_the_request_and_survives_a_crash),
        cmocka_unit_test(test_key_ends_when_a_read_shows_the_outcome),
        cmocka_unit_test(test_key_of_a_replay_that_did_nothing_ends),
        cmocka_unit_test(test_key_ends_with_a_definite_response_only),
        cmocka_unit_test(test_other_body_has_another_key),
        cmocka_unit_test(test_action_that_is_not_read_back_is_accepted_not_done),
        cmocka_unit_test(test_each_row_has_its_own_key),
        cmocka_unit_test(test_key_ends_when_a_read_shows_the_row),
        cmocka_unit_test(test_read_by_post_has_a_new_key_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
