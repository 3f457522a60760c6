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
    ASSERT_WAITS(&scene, 5100, 10100, 20100, 40100, 60100, 60100, 5100);    /* a response restores the given interval */
    scene_end(&scene);
}

static void test_after_an_outage_the_interval_with_all_slow_downs_is_back(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"expires_in\": 900"), SLOWER, SILENT, SILENT, SLOWER, PENDING, APPROVED, ME);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    ASSERT_WAITS(&scene, 5100, 10100, 20100, 40100, 15100, 15100);
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
    assert_int_equal(times_asked(&scene, "POST /token "), 4);      /* after 5, 10 and 15 seconds and a bit, and at the end */
    assert_int_equal(scene.wait_count, 4);
    assert_in_range(scene.waits[3], 20000 - 3 * 5100 - 1000, 20000 - 3 * 5100);
    scene_end(&scene);
}

static void test_a_code_approved_in_the_last_interval_signs_in(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"expires_in\": 12"), PENDING, PENDING, APPROVED, ME);
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_DONE);
    scene_end(&scene);
}

/* What is not a response of the token endpoint ends nothing: it comes from a proxy, a portal, or a service that is being restarted. */
static void test_only_a_definite_oauth_error_ends_a_sign_in(void **state)
{
    (void)state;
    static const char *const answers[] = {
        HTTP("200 OK", "Content-Type: text/html\r\n", "<html><body>Please log in to the hotel</body></html>"),
        HTTP("200 OK", JSON, ""), HTTP("200 OK", JSON, "{}"), HTTP("200 OK", JSON, "[]"), HTTP("200 OK", JSON, "null"),
        HTTP("200 OK", JSON, "{\"access_tok"), HTTP("204 None", "", ""), HTTP("302 Found", "Location: https://portal.example/\r\n", ""),
        HTTP("307 Moved", "Location: https://portal.example/\r\n", "{\"error\": \"access_denied\"}"),
        HTTP("400 Bad", "Content-Type: text/html\r\n", "<h1>Bad Request</h1>"), HTTP("400 Bad", JSON, "{\"error\": 7}"),
        HTTP("400 Bad", JSON, "{\"error\": {\"code\": 7}}"), HTTP("400 Bad", JSON, "{\"error\": \"Bad Request\"}"),
        HTTP("401 No", "", ""), HTTP("403 No", "", ""), HTTP("403 No", "Content-Type: text/html\r\n", "<html>access_denied by the proxy</html>"),
        HTTP("403 No", JSON, "{\"status\": 403, \"error\": \"Forbidden\"}"), HTTP("404 None", "Content-Type: text/html\r\n", "<html>404</html>"),
        HTTP("404 None", JSON, "{\"error\": \"not_found\"}"), HTTP("407 Proxy", "", ""), HTTP("408 Late", "", ""), HTTP("429 Many", "", ""),
        HTTP("429 Many", JSON, "{\"error\": \"access_denied\"}"), HTTP("500 Bad", JSON, "{\"error\": \"invalid_grant\"}"),
        HTTP("502 Bad", "", "<html>"), HTTP("503 Busy", "", ""), HTTP("400 Bad", JSON, "{\"error\": \"temporarily_unavailable\"}"), CLOSED,
    };
    for (size_t i = 0; i < LENGTH(answers); i++) {
        BEGIN(META, CODE(""), PENDING, {"POST /token ", answers[i]}, APPROVED, ME);
        sign_in(&scene);
        if (scene.phases[1] != SIGN_IN_DONE)
            fail_msg("%s: %s", answers[i], scene.said);
        assert_int_equal(scene.wait_count, 3);
        assert_int_equal(scene.waits[2], 10100);       /* not a response: asked less often */
        scene_end(&scene);
    }
}

static void test_a_definite_error_ends_a_sign_in_with_any_status(void **state)
{
    (void)state;
    static const struct { const char *answer, *said; enum sign_in_phase phase; } table[] = {
        {HTTP("200 OK", JSON, "{\"error\": \"access_denied\"}"), "refused in the browser", SIGN_IN_REFUSED},
        {HTTP("200 OK", JSON, "{\"error\": \"expired_token\"}"), "expired", SIGN_IN_EXPIRED},
        {HTTP("200 OK", JSON, "{\"error\": \"device_flow_disabled\"}"), "rejected the sign-in (device_flow_disabled)", SIGN_IN_REFUSED},
        {HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\", \"error_description\": \"The code is unknown.\"}"),
         "rejected the sign-in: \"The code is unknown.\" (invalid_grant)", SIGN_IN_REFUSED},
        {HTTP("403 No", JSON, "{\"error\": \"access_denied\", \"error_description\": \"Not \\u001b[2Jin\\u202e this\\nroom\"}"),
         "The sign-in was refused in the browser: \"Not <1B>[2Jin this room\"", SIGN_IN_REFUSED},
        {HTTP("404 None", JSON, "{\"error\": \"invalid_grant\"}"), "invalid_grant", SIGN_IN_REFUSED},
        {HTTP("401 No", JSON, "{\"error\": \"invalid_client\", \"error_description\": \"No such client\"}"),
         "does not accept this client: \"No such client\" (invalid_client)", SIGN_IN_REFUSED},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN(META, CODE(""), {"POST /token ", table[i].answer}, APPROVED, ME);
        sign_in(&scene);
        if (scene.phases[1] != table[i].phase || !strstr(scene.said, table[i].said))
            fail_msg("%s: %d %s", table[i].answer, scene.phases[1], scene.said);
        assert_null(value_member(scene.kept, "pending"));
        scene_end(&scene);
    }
}

static void test_a_slow_down_counts_with_status_429_and_200(void **state)
{
    (void)state;
    BEGIN(META, CODE(""), TOLD("429 Many", JSON, "{\"error\": \"slow_down\"}"), TOLD("200 OK", JSON, "{\"error\": \"slow_down\"}"), APPROVED, ME);
    sign_in(&scene);
    ASSERT_WAITS(&scene, 5100, 10100, 15100);
    scene_end(&scene);
}

/* At the end nobody knows whether it was approved: the code stays, so that the next start asks. */
static void test_a_code_whose_end_was_not_confirmed_stays(void **state)
{
    (void)state;
    BEGIN(META, CODE(", \"expires_in\": 20"), TOLD("503 Busy", "", ""));
    sign_in(&scene);
    assert_int_equal(scene.phases[1], SIGN_IN_EXPIRED);
    assert_int_equal(scene.phase_problem, PROBLEM_UNREACHABLE);
    assert_non_null(strstr(scene.said, "did not say whether it was approved"));
    assert_non_null(strstr(scene.said, "status 503"));
    assert_non_null(value_member(scene.kept, "pending"));
    scene_end(&scene);
}

/* The device endpoint: what came instead of a code is named as what it is. */
static void test_what_comes_instead_of_a_code_is_named(void **state)
{
    (void)state;
    static const struct { const char *answer, *said; enum problem_kind kind; } table[] = {
        {HTTP("200 OK", JSON, "{\"device_code\": "), "returned an invalid response", PROBLEM_SERVICE},
        {HTTP("200 OK", JSON, ""), "returned an invalid response", PROBLEM_SERVICE},
        {HTTP("200 OK", JSON, "{}"), "no address to sign in at", PROBLEM_SERVICE},
        {HTTP("200 OK", "Content-Type: text/html\r\n", "<h1>Hotel</h1>"), "returned a web page instead of JSON", PROBLEM_SERVICE},
        {HTTP("302 Found", "Location: https://portal.example/login\r\n", ""), "redirects to portal.example", PROBLEM_SERVICE},
        {HTTP("403 No", "Content-Type: text/html\r\n", "<h1>Blocked</h1>"), "returned a web page instead of JSON (status 403)", PROBLEM_SERVICE},
        {HTTP("429 Many", "Retry-After: 3600\r\n", ""), "accepts no requests until", PROBLEM_LATER},
        {HTTP("503 Busy", "Retry-After: 3600\r\n", ""), "accepts no requests until", PROBLEM_LATER},
        {HTTP("429 Many", "", ""), "too many requests", PROBLEM_LATER}, {HTTP("503 Busy", "", ""), "status 503", PROBLEM_UNREACHABLE},
        {HTTP("502 Bad", "Content-Type: text/html\r\n", "<h1>502</h1>"), "not available now (status 502)", PROBLEM_UNREACHABLE},
        {HTTP("400 Bad", JSON, "{\"error\": \"invalid_scope\", \"error_description\": \"No such scope\"}"),
         "rejected the request for a code: \"No such scope\" (invalid_scope)", PROBLEM_SIGN_IN},
        {HTTP("200 OK", JSON, "{\"error\": \"unauthorized_client\"}"), "does not accept this client", PROBLEM_CONFIG},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        BEGIN(META, {"POST /device ", table[i].answer});
        net_sign_in(scene.net);
        skip_to_phase(&scene, 1);
        assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
        if (scene.phase_problem != table[i].kind || !strstr(scene.said, table[i].said))
            fail_msg("%s: %d %s", table[i].answer, scene.phase_problem, scene.said);
        assert_null(strstr(scene.said, "unsafe"));
        scene_end(&scene);
    }
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
        {HTTP("400 Bad", JSON, "{\"error\": \"authorization_declined\"}"), SIGN_IN_REFUSED},
        {HTTP("400 Bad", JSON, "{\"error\": \"invalid_grant\"}"), SIGN_IN_REFUSED},
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
        cmocka_unit_test(test_after_an_outage_the_interval_with_all_slow_downs_is_back),
        cmocka_unit_test(test_a_code_approved_in_the_last_interval_signs_in),
        cmocka_unit_test(test_only_a_definite_oauth_error_ends_a_sign_in),
        cmocka_unit_test(test_a_definite_error_ends_a_sign_in_with_any_status),
        cmocka_unit_test(test_a_slow_down_counts_with_status_429_and_200),
        cmocka_unit_test(test_a_code_whose_end_was_not_confirmed_stays),
        cmocka_unit_test(test_what_comes_instead_of_a_code_is_named),
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
