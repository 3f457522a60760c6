/* The device grant as servers that others wrote speak it: their intervals, errors, codes, addresses, tokens. */
#include "support/issuer.h"

#define CODE(members) {"POST /device ", HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"WDJB-MJHT\"," \
    "\"verification_uri\": \"@/activate\"" members "}")}
#define SLOWER {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"slow_down\"}")}
#define SILENT {"POST /token ", CLOSED}
#define APPROVED {"POST /token ", TOKENS}
#define TOLD(status, headers, body) {"POST /token ", HTTP(status, headers, body)}

/* Signs in to the end; what it waited is in scene.waits. */
static void sign_in(struct scene *scene)
{
    net_sign_in(scene->net);
    skip_to_phase(scene, 2);
}

static void assert_waits(const struct scene *scene, const int *waits, size_t count)
{
    assert_int_equal(scene->wait_count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(scene->waits[i], waits[i]);
}
#define ASSERT_WAITS(scene, ...) \
    do { const int waits[] = {__VA_ARGS__}; assert_waits(scene, waits, LENGTH(waits)); } while (0)

static void without_an_interval_it_is_five_seconds(void **state)
{
    (void)state;
    BEGIN(META, CODE(""), PENDING, APPROVED, ME);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    ASSERT_WAITS(&scene, 5100, 5100);
    scene_end(&scene);
}

static void an_interval_that_makes_no_sense_is_made_one_that_does(void **state)
{
    (void)state;
    static const struct { const char *interval; int wait; } table[] = {
        {"0", 1100}, {"-1", 5100}, {"1", 1100}, {"7", 7100}, {"\"7\"", 7100}, {"1000000000", 60100}, {"4294967301", 60100},
        {"null", 5100}, {"\"soon\"", 5100}, {"[5]", 5100}, {"2.5", 2100},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *code = text_format(HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"WDJB-MJHT\", \"verification_uri\": \"@/a\","
                                      "\"expires_in\": 900, \"interval\": %s}"), table[i].interval);
        BEGIN(META, {"POST /device ", code}, APPROVED, ME);
        sign_in(&scene);
        assert_int_equal(scene.phases[1], SIGN_IN_DONE);
        ASSERT_WAITS(&scene, table[i].wait);
        scene_end(&scene);
        free(code);
    }
}

static void each_slow_down_is_five_seconds_more_for_good(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"interval\": 3"), PENDING, SLOWER, PENDING, SLOWER, SLOWER, PENDING, APPROVED, ME);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    ASSERT_WAITS(&scene, 3100, 3100, 8100, 8100, 13100, 18100, 18100);
    scene_end(&scene);
}

static void a_slow_down_is_known_to_the_next_start(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"interval\": 3"), SLOWER, PENDING, APPROVED, ME);
    net_sign_in(scene.net);
    while (scene.wait_count < 2) {
        int64_t wait_ms = net_skip_wait(scene.net);
        if (wait_ms > 0)
            scene.waits[scene.wait_count++] = (int)wait_ms;
        loop_turn(scene.loop, 20000);
    }
    struct value *kept = value_copy(scene.kept);
    scene_start_again(&scene);
    value_drop(value_member(kept, "pending"), "ask");
    net_set_tokens(scene.net, kept);
    value_free(kept);
    net_resume(scene.net, false);
    scene.wait_count = 0;
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.waits[0], 8100);
    scene_end(&scene);
}

static void a_server_that_does_not_answer_is_asked_half_as_often_down_to_once_a_minute(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"expires_in\": 900"), SILENT, SILENT, TOLD("502 Bad", "", "<html>"), SILENT, SILENT, PENDING, APPROVED, ME);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    ASSERT_WAITS(&scene, 5100, 10100, 20100, 40100, 60100, 60100, 60100);
    scene_end(&scene);
}

static void a_server_that_says_when_to_come_back_is_not_asked_earlier(void **state)
{
    (void)state;
    BEGIN(META, CODE(""), TOLD("503 Busy", "Retry-After: 45\r\n", ""), APPROVED, ME);
    sign_in(&scene);
    ASSERT_WAITS(&scene, 5100, 45100);
    scene_end(&scene);
}

static void it_is_not_asked_any_more_once_the_code_has_expired(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"expires_in\": 20"), PENDING);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_EXPIRED);
    assert_non_null(strstr(scene.said, "expired"));
    assert_null(value_member(scene.kept, "pending"));
    scene_stop(&scene);
    assert_int_equal(times_asked(&scene, "POST /token "), 3);      /* after 5, 10 and 15 seconds and a bit */
    scene_end(&scene);
}

static void a_lifetime_that_makes_no_sense_is_made_one_that_does(void **state)
{
    (void)state;
    static const struct { const char *lifetime; int expected; } table[] = {
        {"900", 900}, {"0", 600}, {"-1", 600}, {"\"300\"", 300}, {"1000000000000", 86400}, {"null", 600},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *code = text_format(HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"WDJB-MJHT\", \"verification_uri\": \"@/a\","
                                      "\"expires_in\": %s}"), table[i].lifetime);
        BEGIN(META, {"POST /device ", code}, PENDING);
        time_t before = time(NULL);
        net_sign_in(scene.net);
        skip_to_phase(&scene, 1);
        assert_in_range(scene.code_expires, before + table[i].expected, time(NULL) + table[i].expected);
        scene_end(&scene);
        free(code);
    }
}

static void what_the_server_says_while_it_waits_may_take_any_form(void **state)
{
    (void)state;
    static const struct { const char *answer; enum sign_in_phase phase; } table[] = {
        {HTTP("400 Bad", JSON, "{\"error\": \"authorization_pending\"}"), SIGN_IN_DONE},
        {HTTP("401 No", JSON, "{\"error\": \"authorization_pending\", \"error_description\": \"access_denied is another matter\"}"), SIGN_IN_DONE},
        {HTTP("403 No", JSON, "{\"error\": \"authorization_pending\"}"), SIGN_IN_DONE},
        {HTTP("428 Wait", JSON, "{\"error\": \"authorization_pending\"}"), SIGN_IN_DONE},
        {HTTP("400 Bad", "", ""), SIGN_IN_DONE},
        {HTTP("400 Bad", "Content-Type: text/plain\r\n", "authorization_pending\n"), SIGN_IN_DONE},
        {HTTP("403 No", "Content-Type: text/html\r\n", "<h1>slow_down</h1>"), SIGN_IN_DONE},
        {HTTP("400 Bad", JSON, "\"authorization_pending\""), SIGN_IN_DONE},
        {HTTP("400 Bad", JSON, "{\"error\": \"expired_token\"}"), SIGN_IN_EXPIRED},
        {HTTP("401 No", "Content-Type: text/plain\r\n", "expired_token"), SIGN_IN_EXPIRED},
        {HTTP("400 Bad", JSON, "{\"error\": \"access_denied\"}"), SIGN_IN_REFUSED},
        {HTTP("403 No", "", ""), SIGN_IN_REFUSED},
        {HTTP("400 Bad", JSON, "{\"error\": \"authorization_declined\"}"), SIGN_IN_REFUSED},
        {HTTP("401 No", "", ""), SIGN_IN_REFUSED},
        {HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\"}"), SIGN_IN_REFUSED},
        {HTTP("400 Bad", JSON, "{\"error\": 7}"), SIGN_IN_REFUSED},
        {HTTP("400 Bad", JSON, "{\"error\": {\"code\": 7}}"), SIGN_IN_REFUSED},
        {HTTP("404 None", "Content-Type: text/html\r\n", "<h1>Not found</h1>"), SIGN_IN_REFUSED},
        {HTTP("302 Found", "Location: https://elsewhere.example/\r\n", ""), SIGN_IN_REFUSED},
        {HTTP("200 OK", "Content-Type: text/html\r\n", "<h1>Welcome</h1>"), SIGN_IN_FAILED},
        {HTTP("200 OK", JSON, "{}"), SIGN_IN_FAILED},
        {HTTP("200 OK", JSON, "[]"), SIGN_IN_FAILED},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN(META, CODE(""), {"POST /token ", table[i].answer}, APPROVED, ME);
        sign_in(&scene);
        if (scene.phases[1] != table[i].phase)
            fail_msg("%s: %d", table[i].answer, scene.phases[1]);
        assert_null(value_member(scene.kept, "pending"));
        assert_true(scene.phases[1] == SIGN_IN_DONE || *scene.said);
        scene_end(&scene);
    }
}

static void a_token_type_is_read_in_any_case_and_no_other_is_taken(void **state)
{
    (void)state;
    static const struct { const char *type; enum sign_in_phase phase; } table[] = {
        {"\"Bearer\"", SIGN_IN_DONE}, {"\"bearer\"", SIGN_IN_DONE}, {"\"BEARER\"", SIGN_IN_DONE}, {"null", SIGN_IN_DONE},
        {"\"DPoP\"", SIGN_IN_FAILED}, {"\"bearer2\"", SIGN_IN_FAILED},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *tokens = text_format(HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"token_type\": %s}"), table[i].type);
        BEGIN(META, CODE(""), {"POST /token ", tokens}, ME);
        sign_in(&scene);
        assert_int_equal(scene.phases[1], table[i].phase);
        scene_end(&scene);
        free(tokens);
    }
}

static void what_was_granted_less_than_asked_for_is_told(void **state)
{
    (void)state;
    static const struct { const char *scope; bool told; } table[] = {
        {", \"scope\": \"all of it\"", false}, {"", false}, {", \"scope\": \"it all of more\"", false},
        {", \"scope\": \"all it\"", true}, {", \"scope\": \"\"", true}, {", \"scope\": \"allof it\"", true},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *tokens = text_format(HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"refresh_token\": \"next\"%s}"), table[i].scope);
        BEGIN(META, CODE(""), {"POST /token ", tokens}, ME);
        sign_in(&scene);
        assert_int_equal(scene.phases[1], SIGN_IN_DONE);
        assert_int_equal(strstr(scene.note, "of is missing") || strstr(scene.note, "all, of"), table[i].told);
        assert_int_equal(*scene.note != '\0', table[i].told);
        scene_end(&scene);
        free(tokens);
    }
}

static void the_words_about_signing_in_itself_need_not_come_back(void **state)
{
    (void)state;
    BEGIN(META, CODE(""), TOLD("200 OK", JSON, "{\"access_token\": \"new\", \"refresh_token\": \"next\", \"scope\": \"api://x/manage\"}"), ME);
    scene.options.scope = "openid offline_access profile email api://x/manage";
    scene_start_again(&scene);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    assert_string_equal(scene.note, "");
    scene_end(&scene);
}

static void without_a_refresh_token_it_is_told_when_signing_in_again_is_needed(void **state)
{
    (void)state;
    BEGIN(META, CODE(""), TOLD("200 OK", JSON, "{\"access_token\": \"new\", \"expires_in\": 3600}"), ME);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    assert_non_null(strstr(scene.note, "signing in again will be needed at "));
    scene_end(&scene);
}

static void tokens_of_ten_thousand_characters_are_kept_and_used(void **state)
{
    (void)state;
    char *access = mem_new(10001), *refresh = mem_new(10001);
    memset(access, 'a', 10000);
    memset(refresh, 'r', 10000);
    char *tokens = text_format(HTTP("200 OK", JSON, "{\"access_token\": \"%s\", \"refresh_token\": \"%s\", \"expires_in\": 600}"), access, refresh);
    BEGIN(META, CODE(""), {"POST /token ", tokens}, ME, {"GET /a ", GOOD});
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    assert_string_equal(value_member_text(scene.kept, "access"), access);
    assert_string_equal(value_member_text(scene.kept, "refresh"), refresh);
    get(&scene, "/a");
    assert_int_equal(scene.response.status, 200);
    net_renew(scene.net);
    skip_to_phase(&scene, 3);
    assert_int_equal(scene.phases[2], SIGN_IN_RENEWED);
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, access));
    assert_non_null(strstr(scene.asked, refresh));
    scene_end(&scene);
    free(access);
    free(refresh);
    free(tokens);
}

/* What would hurt a terminal, or lead elsewhere, is refused with a sentence that does not repeat it. */
static void a_hostile_code_or_address_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct { const char *code, *page; } table[] = {
        {"WDJB\\u001b[2J", "@/activate"}, {"WDJB\\u202eMJHT", "@/activate"}, {"<script>", "@/activate"}, {"", "@/activate"},
        {"two words", "@/activate"}, {"WDJB-MJHT\\nOpen https://elsewhere.example", "@/activate"}, {"\\u0410BCD", "@/activate"},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "@/activate"},
        {"WDJB-MJHT", "javascript:alert(1)"}, {"WDJB-MJHT", "https://elsewhere.example/activate"}, {"WDJB-MJHT", "http://elsewhere.example/a"},
        {"WDJB-MJHT", "http://localhost/activate"}, {"WDJB-MJHT", "https://good.example@elsewhere.example/"}, {"WDJB-MJHT", "/activate"},
        {"WDJB-MJHT", "@.elsewhere.example/activate"}, {"WDJB-MJHT", "@/\\u001b]52;c;aGFoYQ==\\u0007"}, {"WDJB-MJHT", "@/a b"},
        {"WDJB-MJHT", "data:text/html,hello"}, {"WDJB-MJHT", "https://elsewhere.example\\\\@127.0.0.1/"}, {"WDJB-MJHT", ""},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *code = text_format(HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"%s\", \"verification_uri\": \"%s\"}"),
                                 table[i].code, table[i].page);
        BEGIN(META, {"POST /device ", code}, APPROVED);
        net_sign_in(scene.net);
        skip_to_phase(&scene, 1);
        if (scene.phases[0] != SIGN_IN_FAILED)
            fail_msg("%s %s", table[i].code, table[i].page);
        assert_true(*scene.said);
        assert_null(strpbrk(scene.said, "\x1b\x07\n"));
        assert_null(strstr(scene.said, "elsewhere"));
        assert_false(net_signing_in(scene.net));
        assert_null(value_member(scene.kept, "pending"));
        scene_end(&scene);
        free(code);
    }
}

static void a_complete_address_that_is_not_safe_is_left_out(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"verification_uri_complete\": \"https://elsewhere.example/?code=WDJB-MJHT\""), PENDING);
    net_sign_in(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_CODE);
    assert_null(value_member_text(value_member(scene.kept, "pending"), "address_complete"));
    scene_end(&scene);
}

static void a_host_that_is_listed_may_have_the_page(void **state)
{
    (void)state;
    struct value *config = value_new_map();
    struct value *hosts = value_new_list();
    value_append(hosts, value_new_text("microsoft.com"));
    value_set_value(config, "service.sign_in_hosts", hosts);
    BEGIN(META, {"POST /device ", HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"CSRBRGHJ9\", \"expires_in\": \"900\","
                                       "\"verification_uri\": \"https://microsoft.com/devicelogin\", \"message\": \"To sign in ...\"}")}, PENDING);
    scene.options.config = config;
    scene_start_again(&scene);
    net_sign_in(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_CODE);
    assert_string_equal(scene.page, "https://microsoft.com/devicelogin");
    scene_end(&scene);
    value_free(config);
}

static void a_client_that_is_not_known_is_a_fault_of_the_configuration(void **state)
{
    (void)state;
    BEGIN(META, {"POST /device ", HTTP("401 No", JSON, "{\"error\": \"invalid_client\"}")});
    net_sign_in(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_CONFIG);
    scene_end(&scene);
}

static void a_code_that_cannot_be_kept_is_not_shown(void **state)
{
    (void)state;
    BEGIN(META, CODE(""), PENDING);
    scene.keeps = 0;
    net_sign_in(scene.net);
    skip_to_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_FILE);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_interval_it_is_five_seconds),
        cmocka_unit_test(an_interval_that_makes_no_sense_is_made_one_that_does),
        cmocka_unit_test(each_slow_down_is_five_seconds_more_for_good),
        cmocka_unit_test(a_slow_down_is_known_to_the_next_start),
        cmocka_unit_test(a_server_that_does_not_answer_is_asked_half_as_often_down_to_once_a_minute),
        cmocka_unit_test(a_server_that_says_when_to_come_back_is_not_asked_earlier),
        cmocka_unit_test(it_is_not_asked_any_more_once_the_code_has_expired),
        cmocka_unit_test(a_lifetime_that_makes_no_sense_is_made_one_that_does),
        cmocka_unit_test(what_the_server_says_while_it_waits_may_take_any_form),
        cmocka_unit_test(a_token_type_is_read_in_any_case_and_no_other_is_taken),
        cmocka_unit_test(what_was_granted_less_than_asked_for_is_told),
        cmocka_unit_test(the_words_about_signing_in_itself_need_not_come_back),
        cmocka_unit_test(without_a_refresh_token_it_is_told_when_signing_in_again_is_needed),
        cmocka_unit_test(tokens_of_ten_thousand_characters_are_kept_and_used),
        cmocka_unit_test(a_hostile_code_or_address_is_refused_with_a_sentence),
        cmocka_unit_test(a_complete_address_that_is_not_safe_is_left_out),
        cmocka_unit_test(a_host_that_is_listed_may_have_the_page),
        cmocka_unit_test(a_client_that_is_not_known_is_a_fault_of_the_configuration),
        cmocka_unit_test(a_code_that_cannot_be_kept_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
