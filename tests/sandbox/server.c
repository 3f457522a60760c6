/* How many may ask at once, and how much; over real sockets, with the server in this process. */
#include "../src/sandbox/server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/service.h"

enum { MOST = 256, BEYOND = 20 };

static int connect_to(int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void send_request(int fd, int port)
{
    char *request = text_format("GET /v1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", port);

    (void)!send(fd, request, strlen(request), MSG_NOSIGNAL);    /* one that is closed already: it is not answered either */
    free(request);
}

/* Whether the answer comes; the connection stays open. */
static bool is_answered(int fd, int wait_ms)
{
    struct pollfd wait = {fd, POLLIN, 0};
    char answer[32] = "";

    return poll(&wait, 1, wait_ms) == 1 && recv(fd, answer, sizeof answer - 1, 0) > 0 && strncmp(answer, "HTTP/1.1 200", 12) == 0;
}

/* Those beyond the most may wait or be closed unheard, as libmicrohttpd meets them: a client asks again. */
static bool is_served_in_the_end(int port)
{
    bool served = false;

    for (int i = 0; i < 1000 && !served; i++) {
        int fd = connect_to(port);
        send_request(fd, port);
        served = is_answered(fd, 10);
        close(fd);
    }
    return served;
}

static void two_hundred_and_fifty_six_connections_are_served_at_once_and_not_one_more(void **state)
{
    struct rlimit files = {2048, 2048};
    struct world world = world_new();
    int fds[MOST + BEYOND];

    (void)state;
    setrlimit(RLIMIT_NOFILE, &files);
    struct server *server = server_start(world.service, NULL, 0, NULL);
    int port = world.service->port;

    assert_non_null(server);
    for (int i = 0; i < MOST + BEYOND; i++) {
        fds[i] = connect_to(port);
        send_request(fds[i], port);
        if (i < MOST)
            assert_true(is_answered(fds[i], 10000));
    }
    for (int i = MOST; i < MOST + BEYOND; i++)
        assert_false(is_answered(fds[i], 5));
    for (int i = 0; i < MOST; i++)
        close(fds[i]);
    for (int i = MOST; i < MOST + BEYOND; i++)
        close(fds[i]);
    assert_true(is_served_in_the_end(port));
    server_stop(server);
    world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_hundred_and_fifty_six_connections_are_served_at_once_and_not_one_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
