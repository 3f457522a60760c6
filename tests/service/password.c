/* Signing in by name and password: what is sent, what is kept, and how a token that ends is had anew. */
#include "support/net.h"

/* Claims {"iat": 1000, "exp": 4600}: a token that lives an hour. */
#define TOKEN "x.eyJpYXQiOjEwMDAsImV4cCI6NDYwMH0.x"
#define ENTERED HTTP("200 OK", JSON, "{\"token\": \"" TOKEN "\"}")
#define WHO {"GET /v1/me ", HTTP("200 OK", JSON, "{\"user\": \"admin\"}")}
#define WRONG HTTP("401 Unauthorized", JSON, "{\"message\": \"Invalid email or password\"}")

static void words(struct scene *scene)
{
    value_put_text(scene->sign_in, "kind", "password");
    value_put_text(scene->sign_in, "token", "/token");
    value_put_text(scene->sign_in, "renew", "POST /renew");
    scene->service.errors = scene->errors = value_new_map();
    value_put_text(scene->errors, "text", "/message");
}

static void enter(struct scene *scene)
{
    struct request request = {.method = "POST", .path = (char *)"/enter", .body = value_new_map()};
    size_t before = scene->phase_count;
    value_put_text(request.body, "password", "s3cret");
    net_sign_in_with(scene->net, &request);
    value_free(request.body);
    skip_to_phase(scene, before + 1);
}

static void keep_token(struct scene *scene, const char *access, const char *renew, const char *expires)
{
    struct value *tokens = value_new_map();
    value_put_text(tokens, "access", access);
    value_put_text(tokens, "renew", renew);
    value_put_text(tokens, "expires", expires);
    net_set_tokens(scene->net, tokens);
    value_free(tokens);
}

static void a_password_is_given_for_a_token_and_only_the_token_is_kept(void **state)
{
    (void)state;
    BEGIN({"POST /enter ", ENTERED}, WHO);
    words(&scene);
    enter(&scene);
    assert_int_equal(scene.phases[0], SIGN_IN_DONE);
    assert_string_equal(scene.user, "admin");
    assert_string_equal(value_member_text(scene.kept, "access"), TOKEN);
    assert_null(value_member(scene.kept, "password"));
    int64_t left = strtoll(value_member_text(scene.kept, "expires"), NULL, 10) - strtoll(value_member_text(scene.kept, "renew"), NULL, 10);
    assert_int_equal(left, 1200);       /* the last third of its life */
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "\r\n\r\n{\"password\":\"s3cret\"}"));
    assert_non_null(strstr(scene.asked, "Authorization: Bearer " TOKEN "\r\n"));
    scene_end(&scene);
}

static void a_wrong_password_is_told_in_the_words_of_the_service(void **state)
{
    (void)state;
    BEGIN({"POST /enter ", WRONG});
    words(&scene);
    enter(&scene);
    assert_int_equal(scene.phases[0], SIGN_IN_REFUSED);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_false(net_signed_in(scene.net));
    scene_end(&scene);
}

static void a_service_that_is_not_there_to_sign_in_at_is_told(void **state)
{
    (void)state;
    BEGIN({"POST /enter ", HTTP("404 Not Found", "Content-Type: text/html\r\n", "<html>")}, {"POST /other ", CLOSED});
    words(&scene);
    enter(&scene);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_SERVICE);
    scene_end(&scene);
}

static void a_token_that_is_not_accepted_any_more_is_had_anew_and_the_request_repeated(void **state)
{
    (void)state;
    BEGIN({"POST /enter ", ENTERED}, WHO, {"GET /a ", HTTP("401 Unauthorized", "", "")}, {"GET /a ", GOOD});
    words(&scene);
    enter(&scene);
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    scene_stop(&scene);
    assert_null(strstr(scene.asked, "POST /renew"));    /* what is not accepted cannot renew itself */
    scene_end(&scene);
}

static void without_a_password_in_memory_a_token_that_is_not_accepted_is_forgotten(void **state)
{
    (void)state;
    BEGIN({"GET /a ", HTTP("401 Unauthorized", "", "")});
    words(&scene);
    keep_token(&scene, "old", NULL, NULL);
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SIGN_IN);
    assert_string_equal(scene.response.problem.advice, "Sign in again with your password");
    assert_false(net_signed_in(scene.net));
    assert_null(value_member(scene.kept, "access"));
    scene_end(&scene);
}

static void a_token_in_the_last_part_of_its_life_renews_itself_first(void **state)
{
    (void)state;
    BEGIN({"POST /renew ", ENTERED}, {"GET /a ", GOOD});
    words(&scene);
    keep_token(&scene, "old", "1", "99999999999");
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    assert_string_equal(value_member_text(scene.kept, "access"), TOKEN);
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "Authorization: Bearer old\r\n"));
    assert_non_null(strstr(scene.asked, "Authorization: Bearer " TOKEN "\r\n"));
    scene_end(&scene);
}

static void a_token_that_is_not_renewed_is_used_while_it_is_good(void **state)
{
    (void)state;
    BEGIN({"POST /renew ", HTTP("500 Oops", "", "")}, {"GET /a ", GOOD});
    words(&scene);
    keep_token(&scene, "old", "1", "99999999999");
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    scene_end(&scene);
}

static void a_token_that_has_expired_is_not_renewed_but_had_anew(void **state)
{
    (void)state;
    BEGIN({"POST /enter ", ENTERED}, WHO, {"GET /a ", GOOD});
    words(&scene);
    enter(&scene);
    keep_token(&scene, "old", "1", "2");
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    scene_stop(&scene);
    assert_null(strstr(scene.asked, "POST /renew"));
    assert_null(strstr(scene.asked, "Bearer old"));
    scene_end(&scene);
}

static void a_token_may_travel_in_a_header_of_its_own_and_so_may_others(void **state)
{
    (void)state;
    struct value *headers = value_new_map();
    value_put_text(headers, "x-key", "pk_1");
    BEGIN({"GET /a ", GOOD}, {"GET /b ", GOOD});
    words(&scene);
    value_put_text(scene.sign_in, "header", "x-token");
    keep_token(&scene, "old", NULL, NULL);
    ask(&scene, &(struct request){.method = "GET", .path = (char *)"/a", .headers = headers});
    value_put_text(headers, "x-key", "pk_1\r\nHost: elsewhere");
    ask(&scene, &(struct request){.method = "GET", .path = (char *)"/b", .headers = headers});
    assert_int_equal(scene.response.problem.kind, PROBLEM_INTERNAL);
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "x-token: old\r\n"));
    assert_non_null(strstr(scene.asked, "x-key: pk_1\r\n"));
    assert_null(strstr(scene.asked, "GET /b"));
    value_free(headers);
    scene_end(&scene);
}

/* A page in between rejects no password: with the same one the next request signs in again by itself. */
static void test_only_the_service_rejects_a_password(void **state)
{
    (void)state;
    static const struct { const char *answer; enum sign_in_phase phase; enum problem_kind kind; } table[] = {
        {WRONG, SIGN_IN_REFUSED, PROBLEM_SIGN_IN}, {HTTP("400 Bad", JSON, "{}"), SIGN_IN_REFUSED, PROBLEM_SIGN_IN},
        {HTTP("403 No", "Content-Type: text/html\r\n", "<h1>Blocked</h1>"), SIGN_IN_FAILED, PROBLEM_SERVICE},
        {HTTP("400 Bad", "Content-Type: text/html\r\n", "<h1>Bad</h1>"), SIGN_IN_FAILED, PROBLEM_SERVICE},
        {HTTP("200 OK", "Content-Type: text/html\r\n", "<h1>Hotel</h1>"), SIGN_IN_FAILED, PROBLEM_SERVICE},
        {HTTP("302 Found", "Location: https://portal.example/\r\n", ""), SIGN_IN_FAILED, PROBLEM_SERVICE},
        {HTTP("408 Late", JSON, "{}"), SIGN_IN_FAILED, PROBLEM_UNREACHABLE}, {HTTP("500 Bad", JSON, "{}"), SIGN_IN_FAILED, PROBLEM_UNREACHABLE},
        {HTTP("429 Many", "Retry-After: 3600\r\n", ""), SIGN_IN_FAILED, PROBLEM_LATER},
        {HTTP("503 Busy", "Retry-After: 3600\r\n", ""), SIGN_IN_FAILED, PROBLEM_LATER},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN({"POST /enter ", table[i].answer}, {"POST /enter ", ENTERED}, {"GET /a ", GOOD});
        words(&scene);
        enter(&scene);
        if (scene.phases[0] != table[i].phase || scene.phase_problem != table[i].kind)
            fail_msg("%s: %d %s", table[i].answer, scene.phase_problem, scene.said);
        get(&scene, "/a");
        scene_stop(&scene);
        assert_int_equal(times_asked(&scene, "POST /enter "), table[i].phase == SIGN_IN_FAILED ? 2 : 1);
        scene_end(&scene);
    }
}

static void test_a_page_in_between_does_not_cost_a_token_that_renews_itself(void **state)
{
    (void)state;
    BEGIN({"POST /enter ", ENTERED}, WHO, {"POST /renew ", HTTP("404 None", "Content-Type: text/html\r\n", "<h1>404</h1>")}, {"GET /a ", GOOD});
    words(&scene);
    enter(&scene);
    keep_token(&scene, "old", "1", "99999999999");
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "Bearer old"), 2);     /* the renewal, then the request */
    assert_int_equal(times_asked(&scene, "POST /enter "), 1);
    scene_end(&scene);
}

static void a_token_that_the_service_cannot_revoke_is_deleted_only_by_choice(void **state)
{
    (void)state;
    BEGIN({"POST /enter ", ENTERED}, WHO);
    words(&scene);
    enter(&scene);
    net_sign_out(scene.net, SIGN_OUT_REVOKE);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_NOT_REVOKED);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_non_null(value_member(scene.kept, "access"));
    net_sign_out(scene.net, SIGN_OUT_LOCAL);
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.phases[2], SIGN_IN_OUT);
    assert_null(value_member(scene.kept, "access"));
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_given_for_a_token_and_only_the_token_is_kept),
        cmocka_unit_test(a_wrong_password_is_told_in_the_words_of_the_service),
        cmocka_unit_test(a_service_that_is_not_there_to_sign_in_at_is_told),
        cmocka_unit_test(a_token_that_is_not_accepted_any_more_is_had_anew_and_the_request_repeated),
        cmocka_unit_test(without_a_password_in_memory_a_token_that_is_not_accepted_is_forgotten),
        cmocka_unit_test(a_token_in_the_last_part_of_its_life_renews_itself_first),
        cmocka_unit_test(a_token_that_is_not_renewed_is_used_while_it_is_good),
        cmocka_unit_test(a_token_that_has_expired_is_not_renewed_but_had_anew),
        cmocka_unit_test(a_token_may_travel_in_a_header_of_its_own_and_so_may_others),
        cmocka_unit_test(a_token_that_the_service_cannot_revoke_is_deleted_only_by_choice),
        cmocka_unit_test(test_only_the_service_rejects_a_password),
        cmocka_unit_test(test_a_page_in_between_does_not_cost_a_token_that_renews_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
