/* Where the authorization server tells how to sign in; how a client shows who it is; whose the token is. */
#include "support/issuer.h"

#define ENDPOINTS "\"token_endpoint\": \"@/token\", \"device_authorization_endpoint\": \"@/device\", \"revocation_endpoint\": \"@/revoke\"," \
    "\"userinfo_endpoint\": \"@/userinfo\""
#define DOCUMENT(path) HTTP("200 OK", JSON, "{\"issuer\": \"@" path "\"," ENDPOINTS "}")
#define NONE(path) {"GET " path " ", HTTP("404 None", "Content-Type: text/html\r\n", "<h1>Not found</h1>")}
#define RFC8414 "/.well-known/oauth-authorization-server"
#define OPENID "/.well-known/openid-configuration"

static enum sign_in_phase first_phase(struct scene *scene)
{
    net_sign_in(scene->net);
    skip_to_phase(scene, 1);
    return scene->phases[0];
}

static void openid_discovery_is_the_second_try(void **state)
{
    (void)state;
    BEGIN(NONE(RFC8414), {"GET " OPENID " ", DOCUMENT("")}, DEVICE, PENDING);
    assert_int_equal(first_phase(&scene), SIGN_IN_CODE);
    scene_end(&scene);
}

static void an_issuer_with_a_path_is_asked_in_every_form_there_is(void **state)
{
    (void)state;
    static const char *const places[] = {
        "GET " RFC8414 "/realms/one ", "GET /realms/one" OPENID " ", "GET /realms/one" RFC8414 " ", "GET " OPENID "/realms/one ",
    };
    for (size_t i = 0; i < LENGTH(places); i++) {
        BEGIN({places[i], DOCUMENT("/realms/one")}, DEVICE, PENDING);
        char *issuer = text_format("%s/realms/one", scene.address);
        scene.options.issuer = issuer;
        scene_start_again(&scene);
        assert_int_equal(first_phase(&scene), SIGN_IN_CODE);
        scene_stop(&scene);
        for (size_t j = 0; j < LENGTH(places); j++)
            assert_int_equal(times_asked(&scene, places[j]), j <= i);
        scene_end(&scene);
        free(issuer);
    }
}

static void a_slash_at_the_end_of_the_issuer_is_forgiven(void **state)
{
    (void)state;
    BEGIN({"GET " RFC8414 " ", DOCUMENT("/")}, DEVICE, PENDING);
    assert_int_equal(first_phase(&scene), SIGN_IN_CODE);
    scene_end(&scene);
}

static void another_issuer_is_not_believed_and_both_are_named(void **state)
{
    (void)state;
    static const char *const others[] = {
        "https://elsewhere.example", "@.elsewhere.example", "@/realms/one", "",
    };
    for (size_t i = 0; i < LENGTH(others); i++) {
        char *document = text_format(HTTP("200 OK", JSON, "{\"issuer\": \"%s\"," ENDPOINTS "}"), others[i]);
        BEGIN({"GET ", document}, DEVICE);
        assert_int_equal(first_phase(&scene), SIGN_IN_FAILED);
        assert_int_equal(scene.phase_problem, PROBLEM_SERVICE);
        assert_non_null(strstr(scene.said, scene.address));
        assert_non_null(strstr(scene.said, others[i][0] == '@' ? others[i] + 1 : others[i]));
        scene_stop(&scene);
        assert_int_equal(times_asked(&scene, "POST "), 0);
        scene_end(&scene);
        free(document);
    }
}

static void what_one_document_leaves_out_may_be_in_the_other(void **state)
{
    (void)state;
    BEGIN({"GET " RFC8414 " ", HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"token_endpoint\": \"@/token\"}")},
          {"GET " OPENID " ", HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"token_endpoint\": \"@/other\","
                                   "\"device_authorization_endpoint\": \"@/device\"}")}, DEVICE, {"POST /token ", TOKENS}, ME);
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    scene_end(&scene);
}

static void lists_of_what_the_server_can_do_are_not_trusted(void **state)
{
    (void)state;
    BEGIN({"GET " RFC8414 " ", HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"grant_types_supported\": [\"authorization_code\"],"
                                    "\"token_endpoint_auth_methods_supported\": [\"private_key_jwt\"], \"scopes_supported\": [\"openid\"],"
                                    ENDPOINTS "}")}, DEVICE, {"POST /token ", TOKENS}, ME);
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    scene_end(&scene);
}

static void an_endpoint_without_tls_or_of_no_kind_is_not_used(void **state)
{
    (void)state;
    static const char *const endpoints[] = {"http://elsewhere.example/device", "javascript:alert(1)", "/device", "@@elsewhere.example/", ""};
    for (size_t i = 0; i < LENGTH(endpoints); i++) {
        char *document = text_format(HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"device_authorization_endpoint\": \"%s\"}"), endpoints[i]);
        BEGIN({"GET " RFC8414 " ", document}, DEVICE);
        assert_int_equal(first_phase(&scene), SIGN_IN_FAILED);
        assert_int_equal(scene.phase_problem, PROBLEM_SERVICE);
        scene_end(&scene);
        free(document);
    }
}

static void test_what_comes_instead_of_metadata_is_named(void **state)
{
    (void)state;
    static const struct { const char *answer, *said; enum problem_kind kind; } table[] = {
        {HTTP("404 None", "Content-Type: text/html\r\n", "<h1>404</h1>"), "publishes no metadata", PROBLEM_SERVICE},
        {HTTP("200 OK", JSON, "{\"issuer\": []}"), "publishes no metadata", PROBLEM_SERVICE},
        {HTTP("200 OK", "Content-Type: text/html\r\n", "<h1>Welcome</h1>"), "returned a web page instead of JSON", PROBLEM_SERVICE},
        {HTTP("200 OK", JSON, "[]"), "returned an invalid response", PROBLEM_SERVICE},
        {HTTP("200 OK", "", ""), "returned an invalid response", PROBLEM_SERVICE},
        {HTTP("302 Found", "Location: https://portal.example/x\r\n", ""), "redirects to portal.example", PROBLEM_SERVICE},
        {HTTP("403 No", "Content-Type: text/html\r\n", "<h1>Blocked</h1>"), "a web page instead of JSON (status 403)", PROBLEM_SERVICE},
        {HTTP("500 Bad", "", ""), "not available now (status 500)", PROBLEM_UNREACHABLE},
        {HTTP("503 Busy", "", ""), "not available now (status 503)", PROBLEM_UNREACHABLE},
        {HTTP("429 Many", "", ""), "too many requests", PROBLEM_LATER},
        {HTTP("503 Busy", "Retry-After: 3600\r\n", ""), "accepts no requests until", PROBLEM_LATER},
        {HTTP("429 Many", "Retry-After: 3600\r\n", ""), "accepts no requests until", PROBLEM_LATER},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN({"GET ", table[i].answer});
        assert_int_equal(first_phase(&scene), SIGN_IN_FAILED);
        if (scene.phase_problem != table[i].kind || !strstr(scene.said, table[i].said))
            fail_msg("%s: %d %s", table[i].answer, scene.phase_problem, scene.said);
        scene_end(&scene);
    }
}

static void test_a_service_that_asks_to_wait_is_not_asked_at_the_next_place(void **state)
{
    (void)state;
    BEGIN({"GET " RFC8414 " ", HTTP("503 Busy", "Retry-After: 60\r\n", "")}, {"GET " OPENID " ", DOCUMENT("")});
    assert_int_equal(first_phase(&scene), SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_LATER);
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "GET " OPENID), 0);
    scene_end(&scene);
}

static void test_a_code_is_not_shown_without_a_safe_token_endpoint(void **state)
{
    (void)state;
    static const struct { const char *member, *said; } table[] = {
        {"", "names no token_endpoint"}, {", \"token_endpoint\": \"http://elsewhere.example/token\"", "cannot be used"},
        {", \"token_endpoint\": \"javascript:alert(1)\"", "cannot be used"}, {", \"token_endpoint\": \"/token\"", "cannot be used"},
        {", \"token_endpoint\": 7", "names no token_endpoint|cannot be used"},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *document = text_format(HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"device_authorization_endpoint\": \"@/device\"%s}"), table[i].member);
        BEGIN({"GET " RFC8414 " ", document}, DEVICE, PENDING);
        assert_int_equal(first_phase(&scene), SIGN_IN_FAILED);
        assert_int_equal(scene.phase_problem, PROBLEM_SERVICE);
        if (!strstr(table[i].said, "|") && !strstr(scene.said, table[i].said))
            fail_msg("%s", scene.said);
        assert_non_null(strstr(scene.said, "token_endpoint"));
        scene_stop(&scene);
        assert_int_equal(times_asked(&scene, "POST "), 0);
        scene_end(&scene);
        free(document);
    }
}

static void the_next_try_looks_again_for_what_was_not_there(void **state)
{
    (void)state;
    BEGIN(NONE(RFC8414), NONE(OPENID), {"GET " RFC8414 " ", DOCUMENT("")}, DEVICE, PENDING);
    assert_int_equal(first_phase(&scene), SIGN_IN_FAILED);
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_CODE);
    scene_end(&scene);
}

/* The secret in a header is encoded as in a form first: RFC 6749, 2.3.1. */
static void a_confidential_client_shows_its_secret_in_a_header_or_in_the_form(void **state)
{
    (void)state;
    static const struct { bool post; const char *asked, *not_asked; } table[] = {
        {false, "Authorization: Basic bXklM0FjbGllbnQ6YSUyMHMlMkJjJTI2cmV0\r\n", "client_id="},
        {true, "client_id=my%3Aclient&client_secret=a%20s%2Bc%26ret&", "Authorization: Basic"},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN(META, DEVICE, {"POST /token ", TOKENS}, ME, {"POST /revoke ", HTTP("200 OK", "", "")});
        scene.options.client_id = "my:client";
        scene.options.client_secret = "a s+c&ret";
        scene.options.client_post = table[i].post;
        scene_start_again(&scene);
        net_sign_in(scene.net);
        skip_to_phase(&scene, 2);
        assert_int_equal(scene.phases[1], SIGN_IN_DONE);
        net_sign_out(scene.net, SIGN_OUT_REVOKE);
        skip_to_phase(&scene, 3);
        scene_stop(&scene);
        assert_int_equal(times_asked(&scene, table[i].asked), 4);      /* the code, the token, two tokens revoked */
        assert_int_equal(times_asked(&scene, table[i].not_asked), 0);
        scene_end(&scene);
    }
}

static void a_public_client_shows_its_name_only(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, PENDING);
    assert_int_equal(first_phase(&scene), SIGN_IN_CODE);
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "client_id=setup&scope="));
    assert_int_equal(times_asked(&scene, "client_secret") + times_asked(&scene, "Authorization"), 0);
    scene_end(&scene);
}

static void ask_who_of(struct scene *scene, const char *from)
{
    value_set(scene->sign_in, "who.from", from);
    value_set(scene->sign_in, "who.user", "/name");
}

static void whose_token_it_is_may_be_told_by_the_issuer(void **state)
{
    (void)state;
    BEGIN({"GET " RFC8414 " ", DOCUMENT("")}, DEVICE, {"POST /token ", TOKENS},
          {"GET /userinfo ", HTTP("200 OK", JSON, "{\"sub\": \"7\", \"name\": \"Ada\"}")});
    ask_who_of(&scene, "userinfo");
    net_sign_in(scene.net);
    skip_to_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    assert_string_equal(scene.user, "Ada");
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "GET /v1/me "), 0);
    assert_int_equal(times_asked(&scene, "Bearer new"), 1);
    scene_end(&scene);
}

static void a_given_token_is_proven_by_the_issuer_when_that_one_tells_whose_it_is(void **state)
{
    (void)state;
    BEGIN({"GET " RFC8414 " ", DOCUMENT("")}, {"GET /userinfo ", HTTP("401 No", "", "")});
    ask_who_of(&scene, "userinfo");
    net_use_token(scene.net, "given");
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_false(net_signed_in(scene.net));
    scene_end(&scene);
}

/* {"name":"Ada Lovelace","x":"..."} in the middle; what signs it is not looked at: it came from the issuer itself. */
static void whose_token_it_is_may_be_read_in_the_id_token(void **state)
{
    (void)state;
    static const struct { const char *token, *user; } table[] = {
        {"eyJhbGciOiJub25lIn0.eyJuYW1lIjoiQWRhIExvdmVsYWNlIiwieCI6Ij8_Pj4ifQ.sig", "Ada Lovelace"},
        {"x.eyJuYW1lIjoi.y", ""}, {"x", ""}, {"x.!!.y", ""}, {"..", ""}, {"x.W10.y", ""}, {"x.eyJuYW1lIjpbXX0.y", ""},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *tokens = text_format(HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"id_token\": \"%s\"}"), table[i].token);
        BEGIN(META, DEVICE, {"POST /token ", tokens});
        ask_who_of(&scene, "id-token");
        net_sign_in(scene.net);
        skip_to_phase(&scene, 2);
        assert_int_equal(scene.phases[1], SIGN_IN_DONE);
        assert_string_equal(scene.user, table[i].user);
        scene_stop(&scene);
        assert_int_equal(times_asked(&scene, "Bearer"), 0);
        scene_end(&scene);
        free(tokens);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openid_discovery_is_the_second_try),
        cmocka_unit_test(an_issuer_with_a_path_is_asked_in_every_form_there_is),
        cmocka_unit_test(a_slash_at_the_end_of_the_issuer_is_forgiven),
        cmocka_unit_test(another_issuer_is_not_believed_and_both_are_named),
        cmocka_unit_test(what_one_document_leaves_out_may_be_in_the_other),
        cmocka_unit_test(lists_of_what_the_server_can_do_are_not_trusted),
        cmocka_unit_test(an_endpoint_without_tls_or_of_no_kind_is_not_used),
        cmocka_unit_test(test_what_comes_instead_of_metadata_is_named),
        cmocka_unit_test(test_a_service_that_asks_to_wait_is_not_asked_at_the_next_place),
        cmocka_unit_test(test_a_code_is_not_shown_without_a_safe_token_endpoint),
        cmocka_unit_test(the_next_try_looks_again_for_what_was_not_there),
        cmocka_unit_test(a_confidential_client_shows_its_secret_in_a_header_or_in_the_form),
        cmocka_unit_test(a_public_client_shows_its_name_only),
        cmocka_unit_test(whose_token_it_is_may_be_told_by_the_issuer),
        cmocka_unit_test(a_given_token_is_proven_by_the_issuer_when_that_one_tells_whose_it_is),
        cmocka_unit_test(whose_token_it_is_may_be_read_in_the_id_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
