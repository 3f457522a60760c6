/* New tokens when they are wanted: proven before the old ones are given up. */
#include "support/issuer.h"

#define NOT_ACCEPTED {"GET /v1/me ", HTTP("401 Unauthorized", "", "")}

static const char *in_use(struct scene *scene)
{
    get(scene, "/a");
    scene_stop(scene);
    const char *at = strstr(scene->asked, "GET /a ");
    at = at ? strstr(at, "Bearer ") : NULL;
    return at ? at + 7 : "";
}

static void a_renewed_token_is_proven_and_then_used(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", TOKENS}, ME, {"GET /a ", GOOD});
    set_tokens(&scene, "old", "first");
    net_renew(scene.net);
    assert_int_equal(scene.phase_count, 0);
    assert_true(net_signing_in(scene.net));
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_RENEWED);
    assert_string_equal(scene.user, "ada");
    assert_string_equal(value_member_text(scene.kept, "access"), "new");
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");
    assert_true(text_starts(in_use(&scene), "new\r\n"));
    assert_int_equal(times_asked(&scene, "POST /revoke "), 0);      /* some servers would end the whole grant with it */
    scene_end(&scene);
}

static void a_renewed_token_that_is_not_accepted_leaves_the_old_one_in_use(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", TOKENS}, NOT_ACCEPTED, {"GET /a ", GOOD});
    set_tokens(&scene, "old", "first");
    net_renew(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_KEPT);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_true(net_signed_in(scene.net));
    assert_string_equal(value_member_text(scene.kept, "access"), "old");
    assert_string_equal(value_member_text(scene.kept, "refresh"), "next");      /* the first one is spent */
    assert_true(text_starts(in_use(&scene), "old\r\n"));
    scene_end(&scene);
}

static void a_renewed_token_that_nobody_looks_at_leaves_the_old_one_in_use(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", TOKENS}, {"GET /v1/me ", CLOSED});
    set_tokens(&scene, "old", "first");
    net_renew(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_KEPT);
    assert_int_equal(scene.phase_problem, PROBLEM_UNREACHABLE);
    assert_string_equal(value_member_text(scene.kept, "access"), "old");
    scene_end(&scene);
}

static void a_renewal_that_is_refused_ends_the_sign_in(void **state)
{
    (void)state;
    BEGIN(META, {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\"}")});
    set_tokens(&scene, "old", "first");
    net_renew(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_KEPT);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_null(value_member_text(scene.kept, "refresh"));
    scene_end(&scene);
}

static void without_a_refresh_token_nothing_is_renewed_and_the_token_stays(void **state)
{
    (void)state;
    BEGIN(META, {"GET /a ", GOOD});
    set_tokens(&scene, "old", NULL);
    net_renew(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_KEPT);
    assert_true(text_starts(in_use(&scene), "old\r\n"));
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_renewed_token_is_proven_and_then_used),
        cmocka_unit_test(a_renewed_token_that_is_not_accepted_leaves_the_old_one_in_use),
        cmocka_unit_test(a_renewed_token_that_nobody_looks_at_leaves_the_old_one_in_use),
        cmocka_unit_test(a_renewal_that_is_refused_ends_the_sign_in),
        cmocka_unit_test(without_a_refresh_token_nothing_is_renewed_and_the_token_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
