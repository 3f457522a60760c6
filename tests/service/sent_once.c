/* Requests other than GET are sent once: a server that closes a reused connection without a response gets no second copy. */
#include "support/issuer.h"

struct reuse {
    struct scene scene;
    pid_t server;
    int log;
    int listener;
};

/* One connection: the first request is answered and the connection stays open, the second is read and not answered. */
static void serve_connection(int fd, const char *address, int log)
{
    for (int number = 0; number < 2; number++) {
        char request[8192] = "", *answer;
        size_t size = 0;
        for (ssize_t got; size < sizeof request - 1 && (got = read(fd, request + size, sizeof request - 1 - size)) > 0;) {
            size += (size_t)got;
            request[size] = '\0';
            const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "content-length:");
            if (end && size >= (size_t)(end + 4 - request) + (length ? strtoul(length + 15, NULL, 10) : 0))
                break;
        }
        if (!size || write(log, request, size) < 0 || write(log, "\n", 1) < 0)
            _exit(0);
        if (number)
            _exit(0);
        answer = strstr(request, ".well-known")
                     ? text_format("{\"issuer\": \"%s\", \"token_endpoint\": \"%s/token\", \"device_authorization_endpoint\": \"%s/device\","
                                   "\"revocation_endpoint\": \"%s/revoke\"}", address, address, address, address)
                     : mem_copy("{\"a\": true, \"token\": \"t\", \"access_token\": \"new\", \"refresh_token\": \"next\"}");
        dprintf(fd, "HTTP/1.1 200 OK\r\n" JSON "Content-Length: %zu\r\n\r\n%s", strlen(answer), answer);
        free(answer);
    }
}

static void reuse_begin(struct reuse *reuse)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int log[2];
    static char address[64];

    scene_begin(&reuse->scene, NULL, 0);
    reuse->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(reuse->listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(reuse->listener, 8), 0);
    getsockname(reuse->listener, (struct sockaddr *)&at, &size);
    snprintf(address, sizeof address, "http://127.0.0.1:%d", ntohs(at.sin_port));
    assert_int_equal(pipe(log), 0);
    reuse->log = log[0];
    reuse->server = fork();
    assert_true(reuse->server >= 0);
    if (reuse->server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGCHLD, SIG_IGN);
        for (int fd; (fd = accept(reuse->listener, NULL, NULL)) >= 0; close(fd))
            if (fork() == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                serve_connection(fd, address, log[1]);
                _exit(0);
            }
        _exit(0);
    }
    close(log[1]);
    reuse->scene.options.address = address;
    scene_start_again(&reuse->scene);
}

static void reuse_end(struct reuse *reuse)
{
    char bytes[4096];
    struct text all = {0};
    net_free(reuse->scene.net);         /* closes the connections, and so ends the server's children */
    reuse->scene.net = NULL;
    kill(reuse->server, SIGKILL);
    waitpid(reuse->server, NULL, 0);
    for (ssize_t got; (got = read(reuse->log, bytes, sizeof bytes)) > 0;)
        text_add_bytes(&all, bytes, (size_t)got);
    reuse->scene.asked = mem_copy(text_bytes(&all));
    text_clear(&all);
    close(reuse->log);
    close(reuse->listener);
}

static void assert_sent(const struct reuse *reuse, const char *what, unsigned times)
{
    if (times_asked(&reuse->scene, what) != times)
        fail_msg("%s: %u times", what, times_asked(&reuse->scene, what));
}

static void test_a_change_is_sent_once_when_a_reused_connection_closes(void **state)
{
    (void)state;
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < LENGTH(methods); i++) {
        struct reuse reuse;
        char *line = text_format("%s /b ", methods[i]);
        reuse_begin(&reuse);
        get(&reuse.scene, "/a");
        assert_int_equal(reuse.scene.response.status, 200);
        ask(&reuse.scene, &(struct request){.method = (char *)methods[i], .path = (char *)"/b", .idempotency_key = (char *)"k"});
        assert_int_equal(reuse.scene.response.status, 200);
        reuse_end(&reuse);
        assert_sent(&reuse, line, 1);
        scene_end(&reuse.scene);
        free(line);
    }
}

static void test_a_change_with_a_body_is_sent_once_when_a_reused_connection_closes(void **state)
{
    (void)state;
    struct reuse reuse;
    struct value *body = value_new_map();
    value_put_text(body, "name", "Contoso");
    reuse_begin(&reuse);
    get(&reuse.scene, "/a");
    ask(&reuse.scene, &(struct request){.method = (char *)"POST", .path = (char *)"/companies", .body = body});
    assert_int_equal(reuse.scene.response.status, 200);
    ask(&reuse.scene, &(struct request){.method = (char *)"POST", .path = (char *)"/companies", .body = body});
    assert_int_equal(reuse.scene.response.status, 200);
    reuse_end(&reuse);
    assert_sent(&reuse, "POST /companies ", 2);         /* two requests, one copy each */
    scene_end(&reuse.scene);
    value_free(body);
}

static void test_a_get_is_repeated_when_a_reused_connection_closes(void **state)
{
    (void)state;
    struct reuse reuse;
    reuse_begin(&reuse);
    get(&reuse.scene, "/a");
    get(&reuse.scene, "/c");
    assert_int_equal(reuse.scene.response.status, 200);
    reuse_end(&reuse);
    assert_sent(&reuse, "GET /c ", 2);
    scene_end(&reuse.scene);
}

/* A refresh token that is sent twice may end the whole grant. */
static void test_a_refresh_token_is_sent_once_when_a_reused_connection_closes(void **state)
{
    (void)state;
    struct reuse reuse;
    reuse_begin(&reuse);
    get(&reuse.scene, "/a");
    set_tokens(&reuse.scene, "old", "first");
    net_renew(reuse.scene.net);
    skip_to_phase(&reuse.scene, 1);
    assert_int_equal(reuse.scene.phases[0], SIGN_IN_RENEWED);
    reuse_end(&reuse);
    assert_sent(&reuse, "refresh_token=first", 1);
    scene_end(&reuse.scene);
}

static void test_a_revocation_is_sent_once_when_a_reused_connection_closes(void **state)
{
    (void)state;
    struct reuse reuse;
    reuse_begin(&reuse);
    get(&reuse.scene, "/a");
    set_tokens(&reuse.scene, "acc", NULL);
    net_sign_out(reuse.scene.net, SIGN_OUT_REVOKE);
    skip_to_phase(&reuse.scene, 1);
    assert_int_equal(reuse.scene.phases[0], SIGN_IN_OUT);
    reuse_end(&reuse);
    assert_sent(&reuse, "token=acc", 1);
    scene_end(&reuse.scene);
}

static void test_a_password_is_sent_once_when_a_reused_connection_closes(void **state)
{
    (void)state;
    struct reuse reuse;
    struct request request = {.method = "POST", .path = (char *)"/enter", .body = value_new_map()};
    reuse_begin(&reuse);
    value_put_text(reuse.scene.sign_in, "kind", "password");
    value_put_text(reuse.scene.sign_in, "token", "/token");
    value_put_text(request.body, "password", "s3cret");
    get(&reuse.scene, "/a");
    net_sign_in_with(reuse.scene.net, &request);
    skip_to_phase(&reuse.scene, 1);
    assert_int_equal(reuse.scene.phases[0], SIGN_IN_DONE);
    reuse_end(&reuse);
    assert_sent(&reuse, "POST /enter ", 1);
    value_free(request.body);
    scene_end(&reuse.scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_change_is_sent_once_when_a_reused_connection_closes),
        cmocka_unit_test(test_a_change_with_a_body_is_sent_once_when_a_reused_connection_closes),
        cmocka_unit_test(test_a_get_is_repeated_when_a_reused_connection_closes),
        cmocka_unit_test(test_a_refresh_token_is_sent_once_when_a_reused_connection_closes),
        cmocka_unit_test(test_a_revocation_is_sent_once_when_a_reused_connection_closes),
        cmocka_unit_test(test_a_password_is_sent_once_when_a_reused_connection_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
