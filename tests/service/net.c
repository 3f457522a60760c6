/* The service room against a server of a few lines on loopback: each answer is written out here. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"

#include "base/mem.h"
#include "service/service.h"

#define HTTP(status, headers, body) "HTTP/1.1 " status "\r\nConnection: close\r\n" headers "\r\n" body
#define JSON "Content-Type: application/json\r\n"
#define GOOD HTTP("200 OK", JSON, "{\"a\": true}")
#define CLOSED ""       /* the connection ends without an answer */

/* Requests that start with `request` get `answer`; each page is used up once, the last of its kind stays. @ is the address. */
struct page {
    const char *request, *answer;
};

struct scene {
    struct loop *loop;
    struct net *net;
    struct net_options options;
    struct service service;
    pid_t server;
    char address[64];
    char *asked;                /* all the server was sent, from a pipe */
    int log;
    int listener;
    /* What came back. */
    unsigned responses;
    struct response response;
    char etag[32], next[128], body[64];
    enum sign_in_phase phases[8];
    size_t phase_count;
    enum problem_kind phase_problem;
    char code[16], user[32];
    struct value *kept;
    unsigned kept_count;
    struct text checks;
};

static void answer_one(int fd, const char *address, const struct page *pages, size_t count, bool *used, int log)
{
    char request[16384] = "";
    size_t size = 0, body = 0;
    const struct page *page = NULL;
    struct text out = {0};
    for (ssize_t got; size < sizeof request - 1 && (got = read(fd, request + size, sizeof request - 1 - size)) > 0;) {
        size += (size_t)got;
        request[size] = '\0';
        const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "content-length:");
        body = length ? strtoul(length + 15, NULL, 10) : 0;
        if (end && size >= (size_t)(end + 4 - request) + body)
            break;
    }
    for (size_t i = 0; i < count && (!page || used[page - pages]); i++)
        if (strncmp(request, pages[i].request, strlen(pages[i].request)) == 0)
            page = &pages[i];
    if (write(log, request, size) < 0 || write(log, "\n", 1) < 0)
        _exit(1);
    if (page)
        used[page - pages] = true;
    for (const char *at = page ? page->answer : HTTP("404 Not Found", "", ""); *at; at++)
        if (*at == '@')
            text_add(&out, address);
        else
            text_add_char(&out, *at);
    if (out.size && write(fd, out.bytes, out.size) < 0)
        _exit(1);
    text_clear(&out);
    shutdown(fd, SHUT_WR);
    close(fd);
}

static void on_response(void *user, unsigned number, const struct response *response)
{
    struct scene *scene = user;
    const char *a = value_member_text(response->body, "a");
    (void)number;
    scene->responses++;
    problem_clear(&scene->response.problem);
    scene->response = *response;
    scene->response.problem = problem_copy(&response->problem);
    snprintf(scene->etag, sizeof scene->etag, "%s", response->etag ? response->etag : "");
    snprintf(scene->next, sizeof scene->next, "%s", response->next ? response->next : "");
    snprintf(scene->body, sizeof scene->body, "%s", a ? a : "");
}

static void on_sign_in(void *user, const struct sign_in_fact *fact)
{
    struct scene *scene = user;
    if (scene->phase_count < LENGTH(scene->phases))
        scene->phases[scene->phase_count++] = fact->phase;
    scene->phase_problem = fact->problem ? fact->problem->kind : PROBLEM_NONE;
    if (fact->code)
        snprintf(scene->code, sizeof scene->code, "%s", fact->code);
    snprintf(scene->user, sizeof scene->user, "%s", fact->user ? fact->user : "");
}

static void on_check(void *user, const struct check_fact *fact)
{
    struct scene *scene = user;
    static const char *const words[] = {"running", "pass", "warn", "fail"};
    text_addf(&scene->checks, "%s %s%s\n", fact->id, words[fact->result], fact->last ? " last" : "");
}

static bool keep(void *user, const struct value *tokens, struct problem *why)
{
    struct scene *scene = user;
    (void)why;
    value_free(scene->kept);
    scene->kept = value_copy(tokens);
    scene->kept_count++;
    return true;
}

/* count 0: nobody listens at the address. */
static void scene_begin(struct scene *scene, const struct page *pages, size_t count)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int log[2];
    struct value *who = value_new_map(), *version = value_new_map();

    *scene = (struct scene){.log = -1};
    scene->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(scene->listener, (struct sockaddr *)&at, size), 0);
    getsockname(scene->listener, (struct sockaddr *)&at, &size);
    snprintf(scene->address, sizeof scene->address, "http://127.0.0.1:%d", ntohs(at.sin_port));
    assert_int_equal(pipe(log), 0);
    scene->log = log[0];
    if (count) {
        assert_int_equal(listen(scene->listener, 8), 0);
        scene->server = fork();
        if (scene->server == 0) {
            bool used[32] = {false};
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;)
                answer_one(accept(scene->listener, NULL, NULL), scene->address, pages, count, used, log[1]);
        }
    }
    close(log[1]);
    value_put_text(who, "client_id", "setup");
    value_put_text(who, "scope", "all of it");
    value_set(who, "who.request", "GET /v1/me");
    value_set(who, "who.user", "/user");
    value_put_text(version, "request", "GET /v1");
    value_put_text(version, "at", "/version");
    value_append(value_put(version, "accept", value_new_list()), value_new_text("1.0"));
    scene->service.sign_in = who;
    scene->service.version = version;
    scene->loop = loop_new();
    scene->options = (struct net_options){.service = &scene->service, .address = scene->address, .host = "erp1", .user_agent = "test",
                                          .plain = true, .keep_tokens = keep, .user = scene};
    scene->net = net_new(scene->loop, &scene->options,
                         &(struct net_events){.response = on_response, .sign_in = on_sign_in, .check = on_check, .user = scene}, NULL);
    assert_non_null(scene->net);
}

/* Ends the server, and reads what it was sent. */
static void scene_stop(struct scene *scene)
{
    struct text all = {0};
    char bytes[4096];
    if (scene->server) {
        kill(scene->server, SIGKILL);
        waitpid(scene->server, NULL, 0);
    }
    scene->server = 0;
    for (ssize_t got; (got = read(scene->log, bytes, sizeof bytes)) > 0;)
        text_add_bytes(&all, bytes, (size_t)got);
    scene->asked = mem_copy(text_bytes(&all));
    text_clear(&all);
}

static void scene_end(struct scene *scene)
{
    if (!scene->asked)
        scene_stop(scene);
    net_free(scene->net);
    loop_free(scene->loop);
    close(scene->log);
    close(scene->listener);
    problem_clear(&scene->response.problem);
    value_free(scene->service.sign_in);
    value_free(scene->service.version);
    value_free(scene->kept);
    text_clear(&scene->checks);
    free(scene->asked);
}

static void set_tokens(struct scene *scene, const char *access, const char *refresh)
{
    struct value *tokens = value_new_map();
    value_put_text(tokens, "access", access);
    value_put_text(tokens, "refresh", refresh);
    net_set_tokens(scene->net, tokens);
    value_free(tokens);
}

static void ask(struct scene *scene, const struct request *request)
{
    unsigned before = scene->responses;
    net_request(scene->net, 1, request);
    assert_int_equal(scene->responses, before);     /* never from within */
    while (scene->responses == before && loop_turn(scene->loop, 20000))
        continue;
    assert_int_equal(scene->responses, before + 1);
}

static void get(struct scene *scene, const char *path)
{
    ask(scene, &(struct request){.method = (char *)"GET", .path = (char *)path});
}

static void wait_for_phase(struct scene *scene, size_t count)
{
    while (scene->phase_count < count && loop_turn(scene->loop, 20000))
        continue;
    assert_int_equal(scene->phase_count, count);
}

#define BEGIN(...) \
    const struct page pages[] = {__VA_ARGS__}; \
    struct scene scene; \
    scene_begin(&scene, pages, LENGTH(pages))

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
        {"http://a.example", true, false}, {"http://127.0.0.1.a.example", true, false}, {"http://localhost", true, false},
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
    ask(&scene, &(struct request){.method = (char *)"PUT", .path = (char *)"/busy", .if_match = (char *)"\"7\""});
    assert_int_equal(scene.response.status, 200);
    ask(&scene, &(struct request){.method = (char *)"POST", .path = (char *)"/busy"});
    assert_int_equal(scene.response.status, 503);       /* without a key it may be done twice */
    scene_stop(&scene);
    assert_non_null(strstr(scene.asked, "If-Match: \"7\"\r\n"));
    scene_end(&scene);
}

static void a_change_that_was_sent_and_not_answered_may_be_done(void **state)
{
    (void)state;
    BEGIN({"POST", CLOSED});
    ask(&scene, &(struct request){.method = (char *)"POST", .path = (char *)"/a"});
    assert_int_equal(scene.response.status, 0);
    assert_true(scene.response.maybe_done);
    assert_int_equal(scene.response.problem.kind, PROBLEM_UNREACHABLE);
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
    get(&scene, "/half");
    assert_int_equal(scene.response.problem.kind, PROBLEM_SERVICE);
    scene_end(&scene);
}

#define META {"GET /.well-known/oauth-authorization-server ", HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"token_endpoint\": \"@/token\"," \
    "\"device_authorization_endpoint\": \"@/device\", \"revocation_endpoint\": \"@/revoke\"}")}
#define DEVICE {"POST /device ", HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"WDJB-MJHT\", \"interval\": 0," \
    "\"verification_uri\": \"@/activate\", \"expires_in\": 60}")}
#define TOKENS HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"refresh_token\": \"next\", \"token_type\": \"bearer\", \"expires_in\": 600}")
#define ME {"GET /v1/me ", HTTP("200 OK", JSON, "{\"user\": \"ada\"}")}

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
    assert_int_equal(scene.kept_count, 0);
    scene_end(&scene);
}

static void a_device_that_is_approved_is_signed_in(void **state)
{
    (void)state;
    BEGIN(META, DEVICE, {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"authorization_pending\"}")}, {"POST /token ", TOKENS}, ME);
    net_sign_in(scene.net);
    assert_int_equal(scene.phase_count, 0);
    wait_for_phase(&scene, 2);
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
    wait_for_phase(&scene, 2);
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
    wait_for_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    scene_end(&scene);
}

static void a_server_that_says_it_is_another_issuer_is_not_believed(void **state)
{
    (void)state;
    BEGIN({"GET /.well-known/", HTTP("200 OK", JSON, "{\"issuer\": \"https://elsewhere.example\", \"token_endpoint\": \"@/token\"}")});
    net_sign_in(scene.net);
    wait_for_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_SERVICE);
    scene_end(&scene);
}

static void a_given_token_is_proven_and_not_kept(void **state)
{
    (void)state;
    BEGIN(ME, {"GET /v1/me ", HTTP("401 Unauthorized", "", "")});
    net_use_token(scene.net, "given");
    wait_for_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_DONE);
    net_use_token(scene.net, "other");
    wait_for_phase(&scene, 2);
    assert_int_equal(scene.phases[1], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_int_equal(scene.kept_count, 0);
    net_use_token(scene.net, "two\r\nlines");
    wait_for_phase(&scene, 3);
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
    wait_for_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_FAILED);
    assert_int_equal(scene.phase_problem, PROBLEM_UNREACHABLE);
    scene_end(&scene);
}

static void signing_out_revokes_the_refresh_token_first(void **state)
{
    (void)state;
    BEGIN(META, {"POST /revoke ", HTTP("200 OK", "", "")});
    set_tokens(&scene, "acc", "ref");
    net_sign_out(scene.net);
    wait_for_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_OUT);
    assert_int_equal(scene.phase_problem, PROBLEM_NONE);
    assert_true(scene.kept_count && value_is_empty(scene.kept));
    scene_stop(&scene);
    const char *refresh = strstr(scene.asked, "token=ref"), *access = strstr(scene.asked, "token=acc");
    assert_true(refresh && access && refresh < access);
    scene_end(&scene);
}

static void without_an_answer_one_is_signed_out_here_only(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    set_tokens(&scene, "acc", "ref");
    net_sign_out(scene.net);
    wait_for_phase(&scene, 1);
    assert_int_equal(scene.phases[0], SIGN_IN_OUT);
    assert_int_equal(scene.phase_problem, PROBLEM_SIGN_IN);
    assert_false(net_signed_in(scene.net));
    scene_end(&scene);
}

static void check_all(struct scene *scene, const struct check *checks, size_t count, const char *last)
{
    net_check(scene->net, checks, count);
    while (!strstr(text_bytes(&scene->checks), last) && loop_turn(scene->loop, 20000))
        continue;
}

static void checks_come_in_order_line_by_line(void **state)
{
    (void)state;
    BEGIN({"GET /v1 ", HTTP("200 OK", JSON, "{\"version\": \"1.0\"}")});
    struct value *config = value_new_map(), *words = value_new_list(), *loud = value_new_list();
    value_append(words, value_new_text("echo"));
    value_append(words, value_new_text("ready now"));
    value_append(loud, value_new_text("false"));
    value_put(config, "good", words);
    value_put(config, "bad", loud);
    scene.options.config = config;
    net_free(scene.net);
    scene.net = net_new(scene.loop, &scene.options, &(struct net_events){.check = on_check, .user = &scene}, NULL);
    const struct check checks[] = {
        {.id = (char *)"service", .label = (char *)"Service", .kind = CHECK_SERVICE},
        {.id = (char *)"good", .label = (char *)"Good", .kind = CHECK_COMMAND, .from = (char *)"good", .expect = (char *)"ready"},
        {.id = (char *)"bad", .label = (char *)"Bad", .kind = CHECK_COMMAND, .from = (char *)"bad"},
        {.id = (char *)"unset", .label = (char *)"Unset", .kind = CHECK_COMMAND, .from = (char *)"unset"},
        {.id = (char *)"user", .label = (char *)"User", .kind = CHECK_SERVICE_USER},
    };
    check_all(&scene, checks, LENGTH(checks), "user warn last");
    assert_string_equal(text_bytes(&scene.checks), "service.name pass\nservice.tcp pass\nservice.proxy pass\nservice.tls pass\n"
                        "service.clock warn\nservice.version pass\nservice warn last\ngood pass last\nbad fail last\nunset warn last\n"
                        "user warn last\n");
    scene_end(&scene);
    value_free(config);
}

static void after_a_failed_line_the_later_ones_are_left_out(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    const struct check check = {.id = (char *)"service", .label = (char *)"Service", .kind = CHECK_SERVICE};
    check_all(&scene, &check, 1, "last");
    assert_string_equal(text_bytes(&scene.checks), "service.name pass\nservice.tcp fail\nservice fail last\n");
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_retry_after_is_seconds_or_a_date_against_the_answer_s_own),
        cmocka_unit_test(the_device_is_asked_for_no_earlier_than_the_interval_and_5_s_more_for_each_slow_down),
        cmocka_unit_test(an_address_is_https_or_loopback_in_the_try_out),
        cmocka_unit_test(an_answer_has_its_body_its_etag_and_the_next_page),
        cmocka_unit_test(a_next_page_on_another_server_is_not_asked_for),
        cmocka_unit_test(what_may_pass_is_tried_again),
        cmocka_unit_test(a_change_that_was_sent_and_not_answered_may_be_done),
        cmocka_unit_test(nobody_at_the_address_is_told_with_host_and_port),
        cmocka_unit_test(a_redirect_is_not_followed_and_its_target_is_named),
        cmocka_unit_test(a_good_answer_that_is_not_json_is_not_understood),
        cmocka_unit_test(a_401_without_a_refresh_token_asks_to_sign_in),
        cmocka_unit_test(a_401_renews_the_token_and_keeps_it_before_it_is_used),
        cmocka_unit_test(a_refused_refresh_asks_to_sign_in),
        cmocka_unit_test(a_device_that_is_approved_is_signed_in),
        cmocka_unit_test(a_device_that_is_denied_is_refused),
        cmocka_unit_test(a_page_for_signing_in_elsewhere_is_not_shown),
        cmocka_unit_test(a_server_that_says_it_is_another_issuer_is_not_believed),
        cmocka_unit_test(a_given_token_is_proven_and_not_kept),
        cmocka_unit_test(a_given_token_that_nobody_looks_at_fails_as_unreachable),
        cmocka_unit_test(signing_out_revokes_the_refresh_token_first),
        cmocka_unit_test(without_an_answer_one_is_signed_out_here_only),
        cmocka_unit_test(checks_come_in_order_line_by_line),
        cmocka_unit_test(after_a_failed_line_the_later_ones_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
