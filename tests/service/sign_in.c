/* The device grant, renewed tokens, given tokens. */
#include "support/issuer.h"

static void a_401_without_a_refresh_token_asks_to_sign_in(void **state)
{
    (void)state;
    BEGIN({"GET", HTTP("401 Unauthorized", "", "")});
    set_tokens(&scene, "old", NULL);
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 401);
    assert_int_equal(scene.response.problem.kind, PROBLEM_SIGN_IN);
    scene_end(&scene);
}

static void a_401_renews_the_token_and_keeps_it_before_it_is_used(void **state)
{
    (void)state;
    BEGIN({"GET /a ", HTTP("401 Unauthorized", "", "")}, {"GET /a ", GOOD}, META, {"POST /token ", TOKENS});
    set_tokens(&scene, "old", "first");
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "grant_type=refresh_token&refresh_token=first"));
    assert_non_null(strstr(scene.asked, "Authorization: Bearer new\r\n"));
    scene_end(&scene);
}

static void a_refused_refresh_asks_to_sign_in(void **state)
{
    (void)state;
    BEGIN({"GET /a ", HTTP("401 Unauthorized", "", "")}, META, {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\"}")});
    set_tokens(&scene, "old", "first");
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SIGN_IN);
    assert_null(value_member_text(scene.kept, "refresh"));     /* sent twice it may end what somebody else was granted */
    assert_false(net_signed_in(scene.net));
    scene_end(&scene);
}

static void what_a_device_is_told_may_be_text_or_nothing(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", HTTP("400 Bad", "", "")}, {"POST /token ", HTTP("403 No", "Content-Type: text/plain\r\n", "expired_token\n")});
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_EXPIRED);
    scene_end(&scene);
}

static void a_token_that_is_no_bearer_token_is_not_taken(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"token_type\": \"mac\"}")});
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_SERVICE);
    assert_false(net_signed_in(scene.net));
    scene_end(&scene);
}

static void a_device_that_is_approved_is_signed_in(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"authorization_pending\"}")}, {"POST /token ", TOKENS}, ME);
    net_sign_in(scene.net);
    assert_int_equal(scene.phase_count, 0);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[0], SIGN_IN_CODE);
    assert_string_equal(scene.code, "WDJB-MJHT");
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    assert_string_equal(scene.user, "ada");
    assert_string_equal(value_member_text(scene.kept, "access"), "new");
    assert_true(net_signed_in(scene.net));
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "client_id=setup&scope=all%20of%20it&host=erp1"));
    scene_end(&scene);
}

static void a_device_that_is_denied_is_refused(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"access_denied\"}")});
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_REFUSED);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_false(net_signed_in(scene.net));
    scene_end(&scene);
}

static void a_page_for_signing_in_elsewhere_is_not_shown(void **state)
{
    (void)state;
    BEGIN(META, {"POST /device ", HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"WDJB-MJHT\","
                                       "\"verification_uri\": \"https://elsewhere.example/activate\", \"expires_in\": 60}")});
    net_sign_in(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    scene_end(&scene);
}

static void a_server_that_says_it_is_another_issuer_is_not_believed(void **state)
{
    (void)state;
    BEGIN({"GET /.well-known/", HTTP("200 OK", JSON, "{\"issuer\": \"https://elsewhere.example\", \"token_endpoint\": \"@/token\"}")});
    net_sign_in(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_SERVICE);
    scene_end(&scene);
}

static void a_given_token_is_proven_and_not_kept(void **state)
{
    (void)state;
    BEGIN(ME, {"GET /v1/me ", HTTP("401 Unauthorized", "", "")});
    net_use_token(scene.net, "given");
    assert_true(net_signing_in(scene.net));     /* from the call on, until it is told */
    skip_to_phase(&scene, 1);
    assert_false(net_signing_in(scene.net));
    assert_int_equal(scene.phases[0], SIGN_IN_DONE);
    net_use_token(scene.net, "other");
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_int_equal(scene.kept_count, 0);
    net_use_token(scene.net, "two\r\nlines");
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.phases[2], SIGN_IN_FAILED);
    assert_false(net_signed_in(scene.net));
    scene_end(&scene);
}

static void a_given_token_that_nobody_looks_at_fails_as_unreachable(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    net_use_token(scene.net, "given");
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_UNREACHABLE);
    scene_end(&scene);
}

static void test_a_page_between_neither_proves_nor_rejects_a_token(void **state)
{
    (void)state;
    static const struct { const char *answer; enum problem_kind kind; } table[] = {
        {HTTP("200 OK", "Content-Type: text/html\r\n", "<h1>Hotel</h1>"), PROBLEM_SERVICE}, {HTTP("200 OK", "", ""), PROBLEM_SERVICE},
        {HTTP("302 Found", "Location: https://portal.example/\r\n", ""), PROBLEM_SERVICE},
        {HTTP("403 No", "Content-Type: text/html\r\n", "<h1>Blocked</h1>"), PROBLEM_SERVICE}, {HTTP("503 Busy", "", ""), PROBLEM_UNREACHABLE},
        {HTTP("403 No", JSON, "{\"detail\": \"no\"}"), PROBLEM_SIGN_IN}, {HTTP("401 No", "", ""), PROBLEM_SIGN_IN},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN({"GET /v1/me ", table[i].answer});
        net_use_token(scene.net, "given");
        skip_to_phase(&scene, 1);
        assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
        if (scene.phase_problem != table[i].kind)
            fail_msg("%s: %d %s", table[i].answer, scene.phase_problem, scene.said);
        scene_end(&scene);
    }
}

/* The tokens have come: that a proxy blocks the question whose they are does not lose them. */
static void test_a_page_after_the_approval_does_not_lose_the_tokens(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", TOKENS}, {"GET /v1/me ", HTTP("403 No", "Content-Type: text/html\r\n", "<h1>Blocked</h1>")});
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_401_without_a_refresh_token_asks_to_sign_in),
        cmocka_unit_test(a_401_renews_the_token_and_keeps_it_before_it_is_used),
        cmocka_unit_test(a_refused_refresh_asks_to_sign_in),
        cmocka_unit_test(what_a_device_is_told_may_be_text_or_nothing),
        cmocka_unit_test(a_token_that_is_no_bearer_token_is_not_taken),
        cmocka_unit_test(a_device_that_is_approved_is_signed_in),
        cmocka_unit_test(a_device_that_is_denied_is_refused),
        cmocka_unit_test(a_page_for_signing_in_elsewhere_is_not_shown),
        cmocka_unit_test(a_server_that_says_it_is_another_issuer_is_not_believed),
        cmocka_unit_test(a_given_token_is_proven_and_not_kept),
        cmocka_unit_test(a_given_token_that_nobody_looks_at_fails_as_unreachable),
        cmocka_unit_test(test_a_page_between_neither_proves_nor_rejects_a_token),
        cmocka_unit_test(test_a_page_after_the_approval_does_not_lose_the_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
