/* Signing out: what is revoked, what is retried, and that nothing is deleted without being revoked or by choice (RFC 7009). */
#include "support/issuer.h"

#define REVOKED HTTP("200 OK", "", "")
#define RFC8414 "/.well-known/oauth-authorization-server"

static void sign_out(struct scene *scene, enum sign_out how, enum sign_in_phase phase)
{
    size_t before = scene->phase_count;
    net_sign_out(scene->net, how);
    skip_to_phase(scene, before + 1);
    assert_int_equal(scene->phases[before], phase);
}

/* As if stored by an earlier sign-in. */
static void store_tokens(struct scene *scene)
{
    set_tokens(scene, "acc", "ref");
    scene->kept = value_new_map();
    value_put_text(scene->kept, "access", "acc");
    value_put_text(scene->kept, "refresh", "ref");
}

static void the_refresh_token_is_revoked_first(void **state)
{
    (void)state;
    BEGIN(META, {"POST /revoke ", REVOKED});
    set_tokens(&scene, "acc", "ref");
    sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_OUT);
    assert_int_equal(scene.how, SIGN_OUT_REVOKE);
    assert_int_equal(scene.phase_problem, PROBLEM_NONE);
    assert_true(scene.kept_count && value_is_empty(scene.kept));
    scene_stop(&scene);
    const char *refresh = strstr(scene.asked, "token=ref"), *access = strstr(scene.asked, "token=acc");
    assert_true(refresh && access && refresh < access);
    scene_end(&scene);
}

static void a_revocation_that_may_succeed_later_is_retried(void **state)
{
    (void)state;
    static const char *const answers[] = {
        HTTP("503 Busy", "", ""), HTTP("500 Error", "", ""), HTTP("429 Slow", "Retry-After: 5\r\n", ""), HTTP("408 Timeout", "", ""), CLOSED, "no HTTP",
    };
    for (size_t i = 0; i < LENGTH(answers); i++) {
        BEGIN(META, {"POST /revoke ", answers[i]}, {"POST /revoke ", answers[i]}, {"POST /revoke ", REVOKED});
        set_tokens(&scene, "acc", "ref");
        sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_OUT);
        assert_int_equal(scene.how, SIGN_OUT_REVOKE);
        assert_true(value_is_empty(scene.kept));
        scene_stop(&scene);
        assert_int_equal(times_asked(&scene, "token=ref"), 3);
        assert_int_equal(times_asked(&scene, "token=acc"), 1);
        scene_end(&scene);
    }
}

static void a_retry_waits_as_long_as_the_service_says(void **state)
{
    (void)state;
    BEGIN(META, {"POST /revoke ", HTTP("503 Busy", "Retry-After: 7\r\n", "")}, {"POST /revoke ", REVOKED});
    set_tokens(&scene, "acc", NULL);
    sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_OUT);
    bool waited = false;
    for (size_t i = 0; i < scene.wait_count; i++)
        waited = waited || scene.waits[i] == 7000;
    assert_true(waited);
    scene_end(&scene);
}

static void what_is_not_revoked_stays_stored(void **state)
{
    (void)state;
    static const struct { const char *answer; unsigned asked; } table[] = {
        {HTTP("503 Busy", "", ""), 4}, {HTTP("503 Busy", "Retry-After: 100000\r\n", ""), 1}, {HTTP("400 Bad", JSON, "{}"), 1},
        {HTTP("400 Bad", JSON, "{\"error\": \"unsupported_token_type\"}"), 1}, {HTTP("401 No", JSON, "{\"error\": \"invalid_client\"}"), 1},
        {HTTP("302 Found", "Location: http://elsewhere.example/\r\n", ""), 1}, {HTTP("404 None", "", "<h1>None</h1>"), 1}, {CLOSED, 4},
        {HTTP("200 OK", "Content-Type: text/html\r\n", "<h1>Hotel</h1>"), 1},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN(META, {"POST /revoke ", table[i].answer});
        store_tokens(&scene);
        sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_NOT_REVOKED);
        assert_true(scene.phase_problem != PROBLEM_NONE);
        assert_non_null(strstr(scene.said, "not revoked"));
        assert_true(net_signed_in(scene.net));
        assert_non_null(value_member(scene.kept, "refresh"));
        scene_stop(&scene);
        assert_int_equal(times_asked(&scene, "token=ref"), table[i].asked);
        assert_int_equal(times_asked(&scene, "token=acc"), 0);
        scene_end(&scene);
    }
}

static void a_service_that_is_down_loses_no_token(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    store_tokens(&scene);
    sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_NOT_REVOKED);
    assert_int_equal(scene.phase_problem, PROBLEM_UNREACHABLE);
    assert_true(net_signed_in(scene.net));
    assert_non_null(value_member(scene.kept, "refresh"));
    sign_out(&scene, SIGN_OUT_LOCAL, SIGN_IN_OUT);
    assert_int_equal(scene.how, SIGN_OUT_LOCAL);
    assert_false(net_signed_in(scene.net));
    assert_true(value_is_empty(scene.kept));
    scene_end(&scene);
}

static void a_token_that_the_service_rejects_is_already_invalid(void **state)
{
    (void)state;
    static const char *const answers[] = {HTTP("401 No", "", ""), HTTP("401 No", JSON, "{\"error\": \"invalid_token\"}"),
                                          HTTP("400 Bad", JSON, "{\"error\": \"invalid_token\"}")};
    for (size_t i = 0; i < LENGTH(answers); i++) {
        BEGIN(META, {"POST /revoke ", answers[i]});
        set_tokens(&scene, "acc", "ref");
        sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_OUT);
        assert_true(value_is_empty(scene.kept));
        scene_end(&scene);
    }
}

static void a_revoked_refresh_token_is_deleted_even_if_the_access_token_is_not_revoked(void **state)
{
    (void)state;
    BEGIN(META, {"POST /revoke ", REVOKED}, {"POST /revoke ", HTTP("400 Bad", JSON, "{\"error\": \"unsupported_token_type\"}")});
    store_tokens(&scene);
    sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_NOT_REVOKED);
    assert_null(value_member(scene.kept, "refresh"));
    assert_non_null(value_member(scene.kept, "access"));
    scene_end(&scene);
}

static void a_service_without_revocation_keeps_the_tokens_until_the_administrator_chooses(void **state)
{
    (void)state;
    BEGIN({"GET " RFC8414 " ", HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"token_endpoint\": \"@/token\"}")});
    store_tokens(&scene);
    sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_NOT_REVOKED);
    assert_non_null(strstr(scene.said, "The service has no endpoint to revoke a token"));
    assert_non_null(value_member(scene.kept, "refresh"));
    scene_end(&scene);
}

static void a_given_token_is_revoked_only_by_choice(void **state)
{
    (void)state;
    BEGIN(ME, META, {"POST /revoke ", REVOKED});
    net_use_token(scene.net, "given");
    skip_to_phase(&scene, 1);
    sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_NOT_REVOKED);
    assert_true(scene.given);
    assert_true(net_signed_in(scene.net));
    sign_out(&scene, SIGN_OUT_GIVEN, SIGN_IN_OUT);
    assert_int_equal(scene.kept_count, 0);      /* what is stored belongs to another sign-in */
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "token=given&token_type_hint=access_token"), 1);
    scene_end(&scene);
}

static void a_given_token_can_be_put_away_without_being_revoked(void **state)
{
    (void)state;
    BEGIN(ME, META, {"POST /revoke ", REVOKED});
    net_use_token(scene.net, "given");
    skip_to_phase(&scene, 1);
    sign_out(&scene, SIGN_OUT_LOCAL, SIGN_IN_OUT);
    assert_false(net_signed_in(scene.net));
    assert_int_equal(scene.kept_count, 0);
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /revoke"), 0);
    scene_end(&scene);
}

static void without_a_valid_token_nothing_is_called_revoked(void **state)
{
    (void)state;
    BEGIN(META, {"POST /revoke ", REVOKED});
    sign_out(&scene, SIGN_OUT_REVOKE, SIGN_IN_OUT);
    assert_int_equal(scene.how, SIGN_OUT_NOTHING);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_refresh_token_is_revoked_first),
        cmocka_unit_test(a_revocation_that_may_succeed_later_is_retried),
        cmocka_unit_test(a_retry_waits_as_long_as_the_service_says),
        cmocka_unit_test(what_is_not_revoked_stays_stored),
        cmocka_unit_test(a_service_that_is_down_loses_no_token),
        cmocka_unit_test(a_token_that_the_service_rejects_is_already_invalid),
        cmocka_unit_test(a_revoked_refresh_token_is_deleted_even_if_the_access_token_is_not_revoked),
        cmocka_unit_test(a_service_without_revocation_keeps_the_tokens_until_the_administrator_chooses),
        cmocka_unit_test(a_given_token_is_revoked_only_by_choice),
        cmocka_unit_test(a_given_token_can_be_put_away_without_being_revoked),
        cmocka_unit_test(without_a_valid_token_nothing_is_called_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
