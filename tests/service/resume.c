/* A code outlives the program: whoever comes back waits for the same one, or finds it approved. */
#include "support/issuer.h"

/* Another start of the program, with what is on disk. */
static void come_back(struct scene *scene, bool once)
{
    scene_start_again(scene);
    net_set_tokens(scene->net, scene->kept);
    net_resume(scene->net, once);
    scene->wait_count = 0;
}

static void show_code(struct scene *scene)
{
    net_sign_in(scene->net);
    skip_to_phase(scene, 1);
    assert_int_equal(scene->phases[0], SIGN_IN_CODE);
    assert_false(scene->resumed);
    scene->wait_count = 0;
}

static void the_code_is_on_disk_before_it_is_shown(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING);
    show_code(&scene);
    const struct value *pending = value_member(scene.kept, "pending");
    assert_string_equal(value_member_text(pending, "device_code"), "dev");
    assert_string_equal(value_member_text(pending, "code"), "WDJB-MJHT");
    scene_end(&scene);
}

static void after_another_start_the_same_code_is_waited_for(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING, {"POST /token ", TOKENS}, ME);
    show_code(&scene);
    int64_t expires = scene.code_expires;
    come_back(&scene, false);
    assert_true(net_signing_in(scene.net));
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_CODE);
    assert_true(scene.resumed);
    assert_string_equal(scene.code, "WDJB-MJHT");
    assert_non_null(strstr(scene.page, "/activate"));
    assert_int_equal(scene.code_expires, expires);
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.phases[2], SIGN_IN_DONE);
    assert_false(scene.resumed);        /* it was approved while somebody waited */
    assert_null(value_member(scene.kept, "pending"));
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /device "), 1);
    scene_end(&scene);
}

static void what_was_approved_while_nobody_waited_is_told_as_that(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", TOKENS}, ME);
    show_code(&scene);
    come_back(&scene, false);
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.phases[2], SIGN_IN_DONE);
    assert_true(scene.resumed);
    assert_string_equal(scene.user, "ada");
    scene_end(&scene);
}

static void a_program_that_was_killed_waits_the_interval_before_it_asks(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING, {"POST /token ", TOKENS}, ME);
    show_code(&scene);
    value_drop(value_member(scene.kept, "pending"), "ask");
    struct value *as_killed = value_copy(scene.kept);
    scene_start_again(&scene);      /* leaves in good order, which a killed program does not */
    net_set_tokens(scene.net, as_killed);
    value_free(as_killed);
    net_resume(scene.net, false);
    scene.wait_count = 0;
    skip_to_phase(&scene, 3);
    assert_true(scene.waits[0] >= 1000);
    scene_end(&scene);
}

static void who_left_in_good_order_asks_at_once_when_the_interval_is_over(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", TOKENS}, ME);
    show_code(&scene);
    scene_start_again(&scene);
    struct value *pending = value_member(scene.kept, "pending");
    assert_non_null(value_member_text(pending, "ask"));
    value_put_text(pending, "ask", "1000000000");       /* long ago */
    net_set_tokens(scene.net, scene.kept);
    net_resume(scene.net, false);
    scene.wait_count = 0;
    skip_to_phase(&scene, 3);
    assert_true(scene.waits[0] <= 100);
    scene_end(&scene);
}

/* Another start of the program whose clock is far ahead of that of the start before, as after the first NTP answer since 1970. */
static void come_back_after_the_clock_was_set(struct scene *scene, bool once)
{
    scene_start_again(scene);
    value_put_text(value_member(scene->kept, "pending"), "expires", "1000000000");
    value_put_text(value_member(scene->kept, "pending"), "ask", "1000000000");
    net_set_tokens(scene->net, scene->kept);
    net_resume(scene->net, once);
    scene->wait_count = 0;
}

static void a_code_that_expired_meanwhile_is_forgotten_and_told(void **state)
{
    (void)state;
    static const char *const errors[] = {"expired_token", "invalid_grant"};
    for (size_t i = 0; i < LENGTH(errors); i++) {
        char *answer = text_format(HTTP("400 Bad", JSON, "{\"error\": \"%s\"}"), errors[i]);
        BEGIN(META, DEVICE, {"POST /token ", answer});
        show_code(&scene);
        come_back_after_the_clock_was_set(&scene, false);
        skip_to_phase(&scene, 2);
        assert_int_equal(scene.phases[1], SIGN_IN_EXPIRED);
        assert_true(scene.resumed);
        assert_non_null(strstr(scene.said, "expired"));
        assert_null(value_member(scene.kept, "pending"));
        scene_end(&scene);
        free(answer);
    }
}

static void test_a_code_approved_before_the_clock_was_set_forward_signs_in(void **state)
{
    (void)state;
    for (int once = 0; once < 2; once++) {
        BEGIN(META, DEVICE, {"POST /token ", TOKENS}, ME);
        show_code(&scene);
        come_back_after_the_clock_was_set(&scene, once);
        skip_to_phase(&scene, 2);
        assert_int_equal(scene.phases[1], SIGN_IN_DONE);
        assert_true(scene.waits[0] <= 100);     /* at once: the last request is long ago */
        scene_end(&scene);
    }
}

static void test_a_code_that_the_service_still_knows_has_not_expired(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING, {"POST /token ", TOKENS}, ME);
    show_code(&scene);
    come_back_after_the_clock_was_set(&scene, false);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_CODE);
    assert_in_range(scene.code_expires, time(NULL) + 58, time(NULL) + 61);
    assert_in_range(strtoll(value_member_text(value_member(scene.kept, "pending"), "expires"), NULL, 10), time(NULL) + 58, time(NULL) + 61);
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.phases[2], SIGN_IN_DONE);
    scene_end(&scene);
}

static void test_without_an_answer_a_code_is_not_called_expired(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", HTTP("502 Bad", "", "<html>")});
    show_code(&scene);
    come_back_after_the_clock_was_set(&scene, false);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_UNREACHABLE);
    assert_non_null(value_member(scene.kept, "pending"));
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /token "), 3);
    scene_end(&scene);
}

static void test_a_clock_set_back_gives_a_code_no_more_than_its_lifetime(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING);
    show_code(&scene);
    scene_start_again(&scene);
    value_put_text(value_member(scene.kept, "pending"), "expires", "9000000000");
    net_set_tokens(scene.net, scene.kept);
    net_resume(scene.net, false);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_CODE);
    assert_in_range(scene.code_expires, time(NULL) + 58, time(NULL) + 61);
    scene_end(&scene);
}

static void without_anybody_to_wait_it_is_asked_once_and_the_code_stays(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING, {"POST /token ", TOKENS}, ME);
    show_code(&scene);
    come_back(&scene, true);
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.phases[2], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_LATER);
    assert_non_null(strstr(scene.said, "WDJB-MJHT"));
    assert_non_null(value_member(scene.kept, "pending"));
    come_back(&scene, true);
    skip_to_phase(&scene, 5);
    assert_int_equal(scene.phases[4], SIGN_IN_DONE);
    scene_end(&scene);
}

static void a_code_of_another_issuer_is_not_waited_for(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING);
    show_code(&scene);
    scene_start_again(&scene);
    value_put_text(value_member(scene.kept, "pending"), "issuer", "https://elsewhere.example");
    net_set_tokens(scene.net, scene.kept);
    net_resume(scene.net, false);
    while (net_signing_in(scene.net))
        loop_turn(scene.loop, 1000);
    assert_int_equal(scene.phase_count, 1);
    assert_null(value_member(scene.kept, "pending"));
    scene_end(&scene);
}

static void a_code_that_nobody_wants_any_more_is_forgotten(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING);
    show_code(&scene);
    net_sign_in_stop(scene.net);
    assert_null(value_member(scene.kept, "pending"));
    assert_false(net_signing_in(scene.net));
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_is_on_disk_before_it_is_shown),
        cmocka_unit_test(after_another_start_the_same_code_is_waited_for),
        cmocka_unit_test(what_was_approved_while_nobody_waited_is_told_as_that),
        cmocka_unit_test(a_program_that_was_killed_waits_the_interval_before_it_asks),
        cmocka_unit_test(who_left_in_good_order_asks_at_once_when_the_interval_is_over),
        cmocka_unit_test(a_code_that_expired_meanwhile_is_forgotten_and_told),
        cmocka_unit_test(test_a_code_approved_before_the_clock_was_set_forward_signs_in),
        cmocka_unit_test(test_a_code_that_the_service_still_knows_has_not_expired),
        cmocka_unit_test(test_without_an_answer_a_code_is_not_called_expired),
        cmocka_unit_test(test_a_clock_set_back_gives_a_code_no_more_than_its_lifetime),
        cmocka_unit_test(without_anybody_to_wait_it_is_asked_once_and_the_code_stays),
        cmocka_unit_test(a_code_of_another_issuer_is_not_waited_for),
        cmocka_unit_test(a_code_that_nobody_wants_any_more_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
