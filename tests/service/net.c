/* Requests of the core: what is sent, tried again, and read of answers. */
#include "support/net.h"

static void a_retry_after_is_seconds_or_a_date_against_the_answer_s_own(void **state)
{
    (void)state;
    static const struct { const char *after, *date; int expected; } table[] = {
        {"0", NULL, 0}, {"120", NULL, 120}, {NULL, NULL, -1}, {"", NULL, -1}, {"-1", NULL, -1}, {"12x", NULL, -1}, {"soon", NULL, -1},
        {"99999999999999999999", NULL, -1},
        {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:07 GMT", 30},
        {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:07 GMT", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", NULL, 37},
    };
    for (size_t i = 0; i < LENGTH(table); i++)
        assert_int_equal(retry_after_s(table[i].after, table[i].date, 784111740), table[i].expected);
}

static void the_device_is_asked_for_no_earlier_than_the_interval_and_5_s_more_for_each_slow_down(void **state)
{
    (void)state;
    static const struct { int interval, slowed, expected; } table[] = {{5, 0, 5}, {5, 2, 15}, {0, 0, 1}, {-3, 0, 1}, {1, 1, 6}, {99999, 0, 600}};
    for (size_t i = 0; i < LENGTH(table); i++)
        assert_int_equal(device_wait_s(table[i].interval, table[i].slowed), table[i].expected);
}

static void an_address_is_https_or_loopback_in_the_try_out(void **state)
{
    (void)state;
    static const struct { const char *address; bool plain, good; } table[] = {
        {"https://a.example", false, true}, {"https://a.example:8443/base", false, true}, {"https://[::1]:8443", false, true},
        {"http://127.0.0.1:8080", true, true}, {"http://[::1]:8080", true, true}, {"http://127.0.0.1:8080", false, false},
        {"http://a.example", true, false}, {"http://127.0.0.1.a.example", true, false},
        {"http://127.evil.example", true, false}, {"http://127.8.8.8", true, true}, {"http://localhost", true, false},
        {"https://me:secret@a.example", false, false}, {"https://", false, false}, {"a.example", false, false}, {"", false, false},
        {"ftp://a.example", true, false}, {"https://a.example:0", false, false}, {"https://a.example:x", false, false},
        {"https://a.example:", false, false}, {"https://a example", false, false}, {"https://a.example?x", false, false},
        {"https://[::1]x", false, false},
    };
    struct service service = {0};
    struct loop *loop = loop_new();
    for (size_t i = 0; i < LENGTH(table); i++) {
        struct problem why = {0};
        struct net *net = net_new(loop, &(struct net_options){.service = &service, .address = table[i].address, .plain = table[i].plain},
                                  &(struct net_events){0}, &why);
        if ((net != NULL) != table[i].good)
            fail_msg("%s", table[i].address);
        assert_int_equal(why.kind, table[i].good ? PROBLEM_NONE : PROBLEM_CONFIG);
        assert_true(!why.text || !strstr(why.text, "secret"));
        problem_clear(&why);
        net_free(net);
    }
    loop_free(loop);
}

static void an_answer_has_its_body_its_etag_and_the_next_page(void **state)
{
    (void)state;
    BEGIN({"GET /v1/a ", HTTP("200 OK", JSON "ETag: \"7\"\r\nLink: </v1/a?p=1>; rel=\"prev\", </v1/a?p=3>; rel=\"next\"\r\n", "{\"a\": true}")},
          {"GET /v1/a?p=3 ", GOOD});
    set_tokens(&scene, "tok", NULL);
    get(&scene, "/v1/a");
    assert_int_equal(scene.response.status, 200);
    assert_string_equal(scene.body, "yes");
    assert_string_equal(scene.etag, "\"7\"");
    assert_string_equal(scene.next, "/v1/a?p=3");
    get(&scene, "/v1/a?p=3");
    assert_int_equal(scene.response.status, 200);
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "Authorization: Bearer tok\r\n"));
    assert_non_null(strstr(scene.asked, "X-Request-Id: "));
    scene_end(&scene);
}

static void a_next_page_on_another_server_is_not_asked_for(void **state)
{
    (void)state;
    BEGIN({"GET", GOOD});
    get(&scene, "https://elsewhere.example/v1/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    scene_end(&scene);
}

static void test_next_page_is_resolved_against_the_request(void **state)
{
    (void)state;
    BEGIN({"GET /v1/a?p=1 ", HTTP("200 OK", JSON "Link: <?p=2>; rel=next\r\n", "{}")},
          {"GET /v1/a?p=2 ", HTTP("200 OK", JSON "Link: <a?p=3>; rel=next\r\n", "{}")},
          {"GET /v1/a?p=3 ", HTTP("200 OK", JSON "Link: <https://elsewhere.example/v1/a?p=4>; rel=next\r\n", "{}")});
    get(&scene, "/v1/a?p=1");
    assert_string_equal(scene.next, "/v1/a?p=2");
    get(&scene, scene.next);
    assert_string_equal(scene.next, "/v1/a?p=3");
    get(&scene, scene.next);
    assert_string_equal(scene.next, "");
    assert_string_equal(scene.next_elsewhere, "elsewhere.example");
    scene_end(&scene);
}

static void what_may_pass_is_tried_again(void **state)
{
    (void)state;
    BEGIN({"GET /busy ", HTTP("503 Busy", "Retry-After: 0\r\n", "")}, {"GET /busy ", GOOD},
          {"GET /closed ", CLOSED}, {"GET /closed ", GOOD},
          {"GET /long ", HTTP("503 Busy", "Retry-After: 600\r\n", "")}, {"GET /long ", GOOD},
          {"PUT /busy ", HTTP("503 Busy", "Retry-After: 0\r\n", "")}, {"PUT /busy ", GOOD},
          {"POST /busy ", HTTP("503 Busy", "Retry-After: 0\r\n", "")}, {"POST /busy ", GOOD});
    get(&scene, "/busy");
    assert_int_equal(scene.response.status, 200);
    get(&scene, "/closed");
    assert_int_equal(scene.response.status, 200);
    get(&scene, "/long");
    assert_int_equal(scene.response.status, 503);
    assert_int_equal(scene.response.retry_after_s, 600);
    assert_int_equal(scene.response.problem.kind, PROBLEM_LATER);      /* told, not waited for */
    ask(&scene, &(struct request){.method = "PUT", .path = (char *)"/busy", .if_match = (char *)"\"7\""});
    assert_int_equal(scene.response.status, 200);
    ask(&scene, &(struct request){.method = "POST", .path = (char *)"/busy"});
    assert_int_equal(scene.response.status, 503);       /* without a key it may be done twice */
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "If-Match: \"7\"\r\n"));
    scene_end(&scene);
}

static void a_change_that_was_sent_and_not_answered_may_be_done(void **state)
{
    (void)state;
    BEGIN({"POST", CLOSED});
    ask(&scene, &(struct request){.method = "POST", .path = (char *)"/a"});
    assert_int_equal(scene.response.status, 0);
    assert_true(scene.response.maybe_done);
    assert_int_equal(scene.response.problem.kind, PROBLEM_UNREACHABLE);
    scene_end(&scene);
}

static void a_change_whose_first_try_was_not_answered_may_be_done_whatever_the_second_says(void **state)
{
    (void)state;
    BEGIN({"PUT", CLOSED}, {"PUT", HTTP("412 Precondition Failed", JSON, "{}")});
    ask(&scene, &(struct request){.method = "PUT", .path = (char *)"/a", .if_match = (char *)"\"7\""});
    assert_int_equal(scene.response.status, 412);
    assert_true(scene.response.maybe_done);
    scene_end(&scene);
}

static void after_ten_retries_in_a_minute_nothing_is_tried_again(void **state)
{
    (void)state;
    BEGIN({"GET /busy ", HTTP("503 Busy", "Retry-After: 0\r\n", "")});
    for (int i = 0; i < 5; i++) {
        get(&scene, "/busy");
        assert_int_equal(scene.response.status, 503);
    }
    scene_stop(&scene);
    size_t asked = 0;
    for (const char *at = scene.asked; (at = strstr(at, "GET /busy ")); at++)
        asked++;
    assert_int_equal(asked, 5 + 10);
    scene_end(&scene);
}

static void a_line_end_in_a_header_is_never_sent(void **state)
{
    (void)state;
    BEGIN({"PUT", GOOD});
    ask(&scene, &(struct request){.method = "PUT", .path = (char *)"/a", .if_match = (char *)"\"7\"\r\nX-Evil: yes"});
    assert_int_equal(scene.response.problem.kind, PROBLEM_INTERNAL);
    scene_stop(&scene);
    assert_string_equal(scene.asked, "");
    scene_end(&scene);
}

static void nobody_at_the_address_is_told_with_host_and_port(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_UNREACHABLE);
    assert_non_null(strstr(scene.response.problem.text, scene.address + 7));
    assert_non_null(strstr(scene.response.problem.text, "Connection refused"));
    assert_false(scene.response.maybe_done);
    scene_end(&scene);
}

static void a_redirect_is_not_followed_and_its_target_is_named(void **state)
{
    (void)state;
    BEGIN({"GET", HTTP("302 Found", "Location: https://elsewhere.example/x\r\n", "")});
    get(&scene, "/a");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    assert_non_null(strstr(scene.response.problem.text, "elsewhere.example"));
    scene_end(&scene);
}

static void a_good_answer_that_is_not_json_is_not_understood(void **state)
{
    (void)state;
    BEGIN({"GET /html ", HTTP("200 OK", "Content-Type: text/html\r\n", "<p>Pay for the wireless</p>")},
          {"GET /half ", HTTP("200 OK", JSON, "{\"a\":")});
    get(&scene, "/html");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    assert_null(strstr(scene.response.problem.text, "wireless"));
    assert_non_null(strstr(scene.response.problem.text, "(request "));
    get(&scene, "/half");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    scene_end(&scene);
}

static void what_is_no_http_is_nonsense_and_no_broken_connection(void **state)
{
    (void)state;
    static const struct { const char *path, *said; } table[] = {
        {"/chunk", "chunk"}, {"/lengths", "two different lengths"}, {"/bare", "HTTP/0.9"}, {"/length", "Content-Length"}};
    BEGIN({"POST /chunk ", HTTP("200 OK", JSON "Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")},
          {"POST /lengths ", HTTP("200 OK", JSON "Content-Length: 11\r\nContent-Length: 4\r\n", "{\"a\": true}")},
          {"POST /length ", HTTP("200 OK", JSON "Content-Length: many\r\n", "{}")}, {"POST /bare ", "{\"a\": true}"},
          {"GET /chunk ", HTTP("200 OK", JSON "Transfer-Encoding: chunked\r\n", "zz\r\n")}, {"GET /chunk ", GOOD},
          {"GET /same ", HTTP("200 OK", JSON "Content-Length: 11\r\nContent-Length: 11\r\n", "{\"a\": true}")});
    for (size_t i = 0; i < LENGTH(table); i++) {
        ask(&scene, &(struct request){.method = "POST", .path = (char *)table[i].path});
        assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
        assert_non_null(strstr(scene.response.problem.text, "is not valid"));
        assert_non_null(strstr(scene.response.problem.text, table[i].said));
        assert_true(scene.response.maybe_done);
    }
    get(&scene, "/chunk");
    assert_string_equal(scene.body, "yes");     /* it may have been garbled on its way: it is asked for again */
    get(&scene, "/same");
    assert_string_equal(scene.body, "yes");     /* RFC 9110, 8.6: said twice is no harm */
    scene_end(&scene);
}

/* A 103 names links of the page to come, and what comes behind the body may be anybody's: RFC 8297; RFC 9110, 6.5.1. */
static void test_only_the_headers_of_the_final_response_count(void **state)
{
    (void)state;
    BEGIN({"GET /early ", "HTTP/1.1 103 Early Hints\r\nLink: <@/hint>; rel=\"next\"\r\nETag: \"hint\"\r\nContent-Length: 5\r\n\r\n"
                          HTTP("200 OK", JSON "Content-Length: 11\r\n", "{\"a\": true}")},
          {"GET /trailer ", HTTP("200 OK", JSON "Transfer-Encoding: chunked\r\nETag: \"real\"\r\n",
                                 "b\r\n{\"a\": true}\r\n0\r\nETag: \"trailer\"\r\nLink: <@/trailer>; rel=\"next\"\r\nContent-Type: text/html\r\n\r\n")},
          {"POST /continue ", "HTTP/1.1 100 Continue\r\nRetry-After: 600\r\n\r\n" HTTP("503 Busy", "", "")});
    get(&scene, "/early");
    assert_string_equal(scene.body, "yes");
    assert_string_equal(scene.etag, "");
    assert_string_equal(scene.next, "");
    get(&scene, "/trailer");
    assert_string_equal(scene.body, "yes");
    assert_string_equal(scene.etag, "\"real\"");
    assert_string_equal(scene.next, "");
    ask(&scene, &(struct request){.method = "POST", .path = (char *)"/continue"});
    assert_int_equal(scene.response.status, 503);
    assert_int_equal(scene.response.retry_after_s, -1);
    scene_end(&scene);
}

static void test_a_response_over_the_limits_is_too_large(void **state)
{
    (void)state;
    char *filling = mem_new(5 * 1024 * 1024 + 1);
    memset(filling, 'x', 5 * 1024 * 1024);
    char *headers = text_format("HTTP/1.1 200 OK\r\nX-A: %.40000s\r\nX-B: %.40000s\r\nConnection: close\r\n\r\n{}", filling, filling);
    char *body = text_format(HTTP("200 OK", JSON, "\"%s\""), filling);
    BEGIN({"GET /headers ", headers}, {"GET /body ", body});
    get(&scene, "/headers");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    assert_non_null(strstr(scene.response.problem.text, "too large: the limit is 4 MiB, and 64 KiB for its headers"));
    get(&scene, "/body");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    assert_non_null(strstr(scene.response.problem.text, "too large"));
    scene_end(&scene);
    free(filling);
    free(headers);
    free(body);
}

static void test_an_address_that_is_too_long_is_reported_and_not_sent(void **state)
{
    (void)state;
    char *path = mem_new(2 * 1024 * 1024 + 1);
    memset(path, 'x', 2 * 1024 * 1024);
    memcpy(path, "/v1/", 4);
    BEGIN({"GET /after ", HTTP("200 OK", JSON, "true")});
    get(&scene, path);
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    assert_string_equal(scene.response.problem.text, "The request GET /v1/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... was not sent: its "
                                                     "address has 2097152 bytes, and the limit is 65536");
    get(&scene, "/after");
    assert_int_equal(scene.response.status, 200);
    scene_end(&scene);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_retry_after_is_seconds_or_a_date_against_the_answer_s_own),
        cmocka_unit_test(the_device_is_asked_for_no_earlier_than_the_interval_and_5_s_more_for_each_slow_down),
        cmocka_unit_test(an_address_is_https_or_loopback_in_the_try_out),
        cmocka_unit_test(an_answer_has_its_body_its_etag_and_the_next_page),
        cmocka_unit_test(a_next_page_on_another_server_is_not_asked_for),
        cmocka_unit_test(test_next_page_is_resolved_against_the_request),
        cmocka_unit_test(what_may_pass_is_tried_again),
        cmocka_unit_test(a_change_that_was_sent_and_not_answered_may_be_done),
        cmocka_unit_test(a_change_whose_first_try_was_not_answered_may_be_done_whatever_the_second_says),
        cmocka_unit_test(after_ten_retries_in_a_minute_nothing_is_tried_again),
        cmocka_unit_test(a_line_end_in_a_header_is_never_sent),
        cmocka_unit_test(nobody_at_the_address_is_told_with_host_and_port),
        cmocka_unit_test(a_redirect_is_not_followed_and_its_target_is_named),
        cmocka_unit_test(a_good_answer_that_is_not_json_is_not_understood),
        cmocka_unit_test(what_is_no_http_is_nonsense_and_no_broken_connection),
        cmocka_unit_test(test_only_the_headers_of_the_final_response_count),
        cmocka_unit_test(test_a_response_over_the_limits_is_too_large),
        cmocka_unit_test(test_an_address_that_is_too_long_is_reported_and_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
