/* Tokens are renewed without a word, by one program at a time, and are on disk before they are used. */
#include "support/issuer.h"

#define RENEWED {"POST /token ", TOKENS}
#define LOST {"POST /token ", CLOSED}
#define ENDED {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\"}")}
#define BUSY {"POST /token ", HTTP("503 Busy", "", "")}
#define A {"GET /a ", GOOD}

/* Tokens of an earlier start: the access token expires in so many seconds, and is due to be renewed. */
static void set_due_tokens(struct scene *scene, int left_s)
{
    struct value *tokens = value_new_map();
    char *expires = text_format("%lld", (long long)time(NULL) + left_s);
    value_put_text(tokens, "access", "old");
    value_put_text(tokens, "refresh", "first");
    value_put_text(tokens, "expires", expires);
    value_put_text(tokens, "renew", "1000000000");
    net_set_tokens(scene->net, tokens);
    value_free(scene->kept);
    scene->kept = tokens;
    free(expires);
}

/* Asks for /a; the sign-in's waits take no time. */
static void skip_to_response(struct scene *scene)
{
    unsigned before = scene->responses;
    net_request(scene->net, 1, &(struct request){.method = "GET", .path = (char *)"/a"});
    while (scene->responses == before) {
        net_skip_wait(scene->net);
        assert_true(loop_turn(scene->loop, 20000));
    }
}

static void what_is_about_to_expire_is_renewed_before_it_is_used(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, 30);
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    assert_int_equal(scene.phase_count, 0);         /* without a word */
    get(&scene, "/a");
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /token "), 1);
    assert_int_equal(times_asked(&scene, "Bearer old"), 0);
    assert_int_equal(times_asked(&scene, "Bearer new"), 2);
    scene_end(&scene);
}

static void what_is_not_about_to_expire_is_used_as_it_is(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, 600);
    value_put_text(scene.kept, "renew", "9000000000");
    net_set_tokens(scene.net, scene.kept);
    get(&scene, "/a");
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /token "), 0);
    assert_int_equal(times_asked(&scene, "Bearer old"), 1);
    scene_end(&scene);
}

static void a_token_that_cannot_be_renewed_now_is_used_as_long_as_it_lasts(void **state)
{
    (void)state;
    BEGIN(META, BUSY, A);
    set_due_tokens(&scene, 300);
    skip_to_response(&scene);
    assert_int_equal(scene.response.status, 200);
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "Bearer old"), 1);
    assert_int_equal(times_asked(&scene, "refresh_token=first"), 3);
    scene_end(&scene);
}

static void an_expired_token_that_cannot_be_renewed_now_is_not_the_end_of_the_sign_in(void **state)
{
    (void)state;
    BEGIN(META, BUSY, A);
    set_due_tokens(&scene, -10);
    skip_to_response(&scene);
    assert_int_equal(scene.response.problem.kind, PROBLEM_UNREACHABLE);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "first");
    assert_true(net_signed_in(scene.net));
    scene_end(&scene);
}

static void an_answer_that_is_lost_is_asked_for_again_with_the_same_token(void **state)
{
    (void)state;
    BEGIN(META, LOST, RENEWED, A);
    set_due_tokens(&scene, -10);
    skip_to_response(&scene);
    assert_int_equal(scene.response.status, 200);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");
    assert_null(value_member(scene.kept, "renewing"));
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "refresh_token=first"), 2);
    scene_end(&scene);
}

static void when_the_lost_answer_is_not_given_again_it_is_told_why_the_sign_in_ended(void **state)
{
    (void)state;
    BEGIN(META, LOST, ENDED, A);
    set_due_tokens(&scene, -10);
    skip_to_response(&scene);
    assert_int_equal(scene.response.problem.kind, PROBLEM_SIGN_IN);
    assert_non_null(strstr(scene.response.problem.text, "lost on the way"));
    assert_null(value_member_text(scene.kept, "refresh"));
    scene_end(&scene);
}

static void that_a_token_leaves_is_on_disk_so_that_the_next_start_asks_again_at_once(void **state)
{
    (void)state;
    BEGIN(META, LOST, LOST, LOST, RENEWED);
    set_due_tokens(&scene, -10);
    skip_to_response(&scene);
    assert_int_equal(scene.response.problem.kind, PROBLEM_UNREACHABLE);
    assert_non_null(value_member(scene.kept, "renewing"));
    assert_string_equal(value_member_text(scene.kept, "refresh"), "first");
    scene_start_again(&scene);
    net_set_tokens(scene.net, scene.kept);
    net_resume(scene.net, false);       /* nothing is asked of the service: it asks by itself */
    while (!text_same(value_member_text(scene.kept, "refresh"), "next") && loop_turn(scene.loop, 20000))
        continue;
    assert_null(value_member(scene.kept, "renewing"));
    scene_end(&scene);
}

static void a_token_that_left_before_a_crash_and_is_refused_then_was_lost_on_the_way(void **state)
{
    (void)state;
    BEGIN(META, ENDED, A);
    set_due_tokens(&scene, -10);
    value_put_text(scene.kept, "renewing", "1000000000");
    net_set_tokens(scene.net, scene.kept);
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SIGN_IN);
    assert_non_null(strstr(scene.response.problem.text, "lost on the way"));
    scene_end(&scene);
}

static void leaving_waits_for_a_renewed_token_that_is_on_its_way(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, -10);
    net_request(scene.net, 1, &(struct request){.method = "GET", .path = (char *)"/a"});
    while (!value_member(scene.kept, "renewing"))
        loop_turn(scene.loop, 20000);
    net_settle(scene.net, 20000);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");
    scene_end(&scene);
}

static void while_another_program_renews_it_is_waited_for_and_its_tokens_are_used(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, 30);
    scene.busy = true;
    net_request(scene.net, 1, &(struct request){.method = "GET", .path = (char *)"/a"});
    for (int i = 0; i < 20; i++)
        net_skip_wait(scene.net);
    value_put_text(scene.kept, "access", "theirs");
    value_put_text(scene.kept, "refresh", "their-next");
    value_put_text(scene.kept, "renew", "9000000000");
    scene.busy = false;
    while (!scene.responses && loop_turn(scene.loop, 20000))
        continue;
    assert_int_equal(scene.response.status, 200);
    assert_false(scene.locked);
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /token "), 0);
    assert_int_equal(times_asked(&scene, "Bearer theirs"), 1);
    scene_end(&scene);
}

static void the_newest_refresh_token_on_disk_is_the_one_that_is_spent(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, 30);
    value_put_text(scene.kept, "refresh", "their-next");    /* renewed by another program long ago: it is due again */
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "refresh_token=their-next"), 1);
    assert_int_equal(times_asked(&scene, "refresh_token=first"), 0);
    scene_end(&scene);
}

static void when_another_program_has_signed_out_nothing_is_sent(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, 30);
    value_free(scene.kept);
    scene.kept = value_new_map();
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SIGN_IN);
    assert_false(net_signed_in(scene.net));
    scene_stop(&scene);
    assert_string_equal(scene.asked, "");
    scene_end(&scene);
}

static void a_renewed_token_that_is_not_on_disk_is_not_used_until_it_is(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, -10);
    scene.keeps = 1;                /* that it is renewed can be written, the tokens cannot */
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_FILE);
    scene.keeps = 1000;
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /token "), 1);
    assert_int_equal(times_asked(&scene, "GET /a "), 1);
    scene_end(&scene);
}

static void nothing_is_sent_when_it_cannot_be_written_that_it_is(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A);
    set_due_tokens(&scene, -10);
    scene.keeps = 0;
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_FILE);
    scene_stop(&scene);
    assert_string_equal(scene.asked, "");
    scene_end(&scene);
}

static void a_server_that_does_not_rotate_leaves_the_refresh_token_as_it_is(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"expires_in\": 600}")}, A);
    set_due_tokens(&scene, -10);
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "first");
    scene_end(&scene);
}

static void a_client_that_is_refused_costs_no_token(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", HTTP("401 No", JSON, "{\"error\": \"invalid_client\"}")}, A);
    set_due_tokens(&scene, -10);
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_CONFIG);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "first");
    scene_end(&scene);
}

/* An error page in between says nothing about the refresh token. */
static void test_only_invalid_grant_costs_the_refresh_token(void **state)
{
    (void)state;
    static const struct { const char *answer; enum problem_kind kind; bool kept; unsigned tries; } table[] = {
        {HTTP("200 OK", "Content-Type: text/html\r\n", "<h1>Hotel</h1>"), PROBLEM_SERVICE, true, 3},
        {HTTP("200 OK", JSON, ""), PROBLEM_SERVICE, true, 3}, {HTTP("200 OK", JSON, "{}"), PROBLEM_SERVICE, true, 3},
        {HTTP("302 Found", "Location: https://portal.example/\r\n", ""), PROBLEM_SERVICE, true, 3},
        {HTTP("400 Bad", "", ""), PROBLEM_SERVICE, true, 3},
        {HTTP("400 Bad", "Content-Type: text/html\r\n", "<h1>Bad</h1>"), PROBLEM_SERVICE, true, 3},
        {HTTP("401 No", "", ""), PROBLEM_SERVICE, true, 3},
        {HTTP("403 No", "Content-Type: text/html\r\n", "<h1>Blocked</h1>"), PROBLEM_SERVICE, true, 3},
        {HTTP("404 None", "Content-Type: text/html\r\n", "<h1>404</h1>"), PROBLEM_SERVICE, true, 3},
        {HTTP("408 Late", "", ""), PROBLEM_UNREACHABLE, true, 3}, {HTTP("429 Many", "", ""), PROBLEM_LATER, true, 3},
        {HTTP("429 Many", "Retry-After: 3600\r\n", ""), PROBLEM_LATER, true, 1},
        {HTTP("503 Busy", "Retry-After: 3600\r\n", ""), PROBLEM_LATER, true, 1},
        {HTTP("500 Bad", JSON, "{\"error\": \"invalid_grant\"}"), PROBLEM_UNREACHABLE, true, 3},
        {HTTP("400 Bad", JSON, "{\"error\": \"invalid_request\"}"), PROBLEM_SIGN_IN, true, 1},
        {HTTP("401 No", JSON, "{\"error\": \"unauthorized_client\"}"), PROBLEM_CONFIG, true, 1},
        {HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"token_type\": \"mac\"}"), PROBLEM_SERVICE, true, 1},
        {HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\"}"), PROBLEM_SIGN_IN, false, 1},
        {HTTP("200 OK", JSON, "{\"error\": \"bad_refresh_token\"}"), PROBLEM_SIGN_IN, false, 1},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN(META, {"POST /token ", table[i].answer}, A);
        set_due_tokens(&scene, -10);
        skip_to_response(&scene);
        bool kept = text_same(value_member_text(scene.kept, "refresh"), "first");
        if (scene.response.problem.kind != table[i].kind || kept != table[i].kept)
            fail_msg("%s: %d, %s", table[i].answer, scene.response.problem.kind, scene.response.problem.text);
        scene_stop(&scene);
        if (times_asked(&scene, "POST /token ") != table[i].tries)
            fail_msg("%s: %u times", table[i].answer, times_asked(&scene, "POST /token "));
        scene_end(&scene);
    }
}

static void test_after_an_error_page_the_token_is_renewed(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", HTTP("404 None", "Content-Type: text/html\r\n", "<h1>404</h1>")}, RENEWED, A);
    set_due_tokens(&scene, -10);
    skip_to_response(&scene);
    assert_int_equal(scene.response.status, 200);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");
    scene_end(&scene);
}

static void test_why_a_sign_in_ended_is_reported_in_the_words_of_the_service(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\", \"error_description\": \"Revoked\\u001b by admin\"}")}, A);
    set_due_tokens(&scene, -10);
    skip_to_response(&scene);
    assert_string_equal(scene.response.problem.text, "The sign-in has ended: \"Revoked<1B> by admin\" (invalid_grant)");
    scene_end(&scene);
}

static void requests_side_by_side_cost_one_renewal(void **state)
{
    (void)state;
    BEGIN(META, RENEWED, A, A, A);
    set_due_tokens(&scene, -10);
    for (unsigned i = 1; i <= 3; i++)
        net_request(scene.net, i, &(struct request){.method = "GET", .path = (char *)"/a"});
    while (scene.responses < 3 && loop_turn(scene.loop, 20000))
        continue;
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /token "), 1);
    assert_int_equal(times_asked(&scene, "Bearer new"), 3);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_about_to_expire_is_renewed_before_it_is_used),
        cmocka_unit_test(what_is_not_about_to_expire_is_used_as_it_is),
        cmocka_unit_test(a_token_that_cannot_be_renewed_now_is_used_as_long_as_it_lasts),
        cmocka_unit_test(an_expired_token_that_cannot_be_renewed_now_is_not_the_end_of_the_sign_in),
        cmocka_unit_test(an_answer_that_is_lost_is_asked_for_again_with_the_same_token),
        cmocka_unit_test(when_the_lost_answer_is_not_given_again_it_is_told_why_the_sign_in_ended),
        cmocka_unit_test(that_a_token_leaves_is_on_disk_so_that_the_next_start_asks_again_at_once),
        cmocka_unit_test(a_token_that_left_before_a_crash_and_is_refused_then_was_lost_on_the_way),
        cmocka_unit_test(leaving_waits_for_a_renewed_token_that_is_on_its_way),
        cmocka_unit_test(while_another_program_renews_it_is_waited_for_and_its_tokens_are_used),
        cmocka_unit_test(the_newest_refresh_token_on_disk_is_the_one_that_is_spent),
        cmocka_unit_test(when_another_program_has_signed_out_nothing_is_sent),
        cmocka_unit_test(a_renewed_token_that_is_not_on_disk_is_not_used_until_it_is),
        cmocka_unit_test(nothing_is_sent_when_it_cannot_be_written_that_it_is),
        cmocka_unit_test(a_server_that_does_not_rotate_leaves_the_refresh_token_as_it_is),
        cmocka_unit_test(a_client_that_is_refused_costs_no_token),
        cmocka_unit_test(test_only_invalid_grant_costs_the_refresh_token),
        cmocka_unit_test(test_after_an_error_page_the_token_is_renewed),
        cmocka_unit_test(test_why_a_sign_in_ended_is_reported_in_the_words_of_the_service),
        cmocka_unit_test(requests_side_by_side_cost_one_renewal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
