/*
 * A server of a few lines on loopback, in a child: each answer is written out by the test. And what came back from the room.
 *
 *      BEGIN({"GET /a ", CLOSED}, {"GET /a ", GOOD});
 *      get(&scene, "/a");
 *      assert_int_equal(scene.response.status, 200);
 *      scene_end(&scene);
 */
#ifndef SUPPORT_NET_H
#define SUPPORT_NET_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
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
    struct value *sign_in, *version, *errors;   /* what it borrows */
    pid_t server;
    char address[64];
    char *asked;                /* all the server was sent, from a pipe */
    int log;
    int listener;
    /* What came back. */
    unsigned responses;
    struct response response;
    char etag[32], next[128], next_elsewhere[128], body[64];
    enum sign_in_phase phases[16];
    size_t phase_count;
    enum problem_kind phase_problem;
    char said[512], note[256], code[64], user[64], page[256];
    bool resumed, given;
    enum sign_out how;
    int64_t code_expires;
    int waits[64];              /* ms, of the sign-in, that were skipped */
    size_t wait_count;
    struct value *kept;         /* what is on disk */
    unsigned kept_count;
    int keeps;                  /* so many times more there is room on the disk */
    bool busy, locked;          /* another program renews; we do */
    struct text checks, check_texts;    /* what was found, a line each */
};

static inline void answer_one(int fd, const char *address, const struct page *pages, size_t count, bool *used, int log)
{
    char request[32768] = "";
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

static inline void on_response(void *user, unsigned number, const struct response *response)
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
    snprintf(scene->next_elsewhere, sizeof scene->next_elsewhere, "%s", response->next_elsewhere ? response->next_elsewhere : "");
    snprintf(scene->body, sizeof scene->body, "%s", a ? a : "");
}

static inline void on_sign_in(void *user, const struct sign_in_fact *fact)
{
    struct scene *scene = user;
    if (fact->phase == SIGN_IN_CODE && fact->asked)
        return;     /* the same code, only asked about once more */
    if (scene->phase_count < LENGTH(scene->phases))
        scene->phases[scene->phase_count++] = fact->phase;
    scene->phase_problem = fact->problem ? fact->problem->kind : PROBLEM_NONE;
    snprintf(scene->said, sizeof scene->said, "%s", fact->problem && fact->problem->text ? fact->problem->text : "");
    snprintf(scene->note, sizeof scene->note, "%s", fact->note ? fact->note : "");
    scene->resumed = fact->resumed;
    scene->given = fact->given;
    scene->how = fact->how;
    if (fact->code) {
        snprintf(scene->code, sizeof scene->code, "%s", fact->code);
        snprintf(scene->page, sizeof scene->page, "%s", fact->address);
        scene->code_expires = fact->expires;
    }
    snprintf(scene->user, sizeof scene->user, "%s", fact->user ? fact->user : "");
}

static inline void on_check(void *user, const struct check_fact *fact)
{
    struct scene *scene = user;
    static const char *const words[] = {"running", "pass", "warn", "fail"};
    text_addf(&scene->checks, "%s %s%s\n", fact->id, words[fact->result], fact->last ? " last" : "");
    text_addf(&scene->check_texts, "%s%s%s\n", fact->text ? fact->text : "", fact->remedy ? " / " : "", fact->remedy ? fact->remedy : "");
}

static inline bool keep(void *user, const struct value *tokens, struct problem *why)
{
    struct scene *scene = user;
    if (scene->keeps-- <= 0) {
        problem_set(why, PROBLEM_FILE, "The disk is full");
        return false;
    }
    value_free(scene->kept);
    scene->kept = value_copy(tokens);
    scene->kept_count++;
    return true;
}

static inline bool lock(void *user, struct value **now)
{
    struct scene *scene = user;
    assert_false(scene->locked);
    scene->locked = !scene->busy;
    *now = scene->locked ? value_copy(scene->kept) : NULL;
    return scene->locked;
}

static inline void unlock(void *user)
{
    struct scene *scene = user;
    assert_true(scene->locked);
    scene->locked = false;
}

/* The net again, as after another start of the program: what it had in memory is gone. */
static inline void scene_start_again(struct scene *scene)
{
    net_free(scene->net);
    scene->net = net_new(scene->loop, &scene->options,
                         &(struct net_events){.response = on_response, .sign_in = on_sign_in, .check = on_check, .user = scene}, NULL);
    assert_non_null(scene->net);
}

/* count 0: nobody listens at the address. */
static inline void scene_begin(struct scene *scene, const struct page *pages, size_t count)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int log[2];
    struct value *who = value_new_map(), *version = value_new_map();

    *scene = (struct scene){.log = -1, .keeps = 1000};
    scene->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(scene->listener, (struct sockaddr *)&at, size), 0);
    getsockname(scene->listener, (struct sockaddr *)&at, &size);
    snprintf(scene->address, sizeof scene->address, "http://127.0.0.1:%d", ntohs(at.sin_port));
    assert_int_equal(pipe(log), 0);
    scene->log = log[0];
    if (count) {
        assert_int_equal(listen(scene->listener, 8), 0);
        scene->server = fork();
        assert_true(scene->server >= 0);        /* -1 would be everybody when it is ended */
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
    scene->service.sign_in = scene->sign_in = who;
    scene->service.version = scene->version = version;
    scene->loop = loop_new();
    scene->options = (struct net_options){.service = &scene->service, .address = scene->address, .host = "erp1", .user_agent = "test",
                                          .plain = true, .keep_tokens = keep, .lock_tokens = lock, .unlock_tokens = unlock, .user = scene};
    scene_start_again(scene);
}

/* Ends the server, and reads what it was sent. */
static inline void scene_stop(struct scene *scene)
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

static inline void scene_end(struct scene *scene)
{
    if (!scene->asked)
        scene_stop(scene);
    net_free(scene->net);
    loop_free(scene->loop);
    close(scene->log);
    close(scene->listener);
    problem_clear(&scene->response.problem);
    value_free(scene->sign_in);
    value_free(scene->version);
    value_free(scene->errors);
    value_free(scene->kept);
    text_clear(&scene->checks);
    text_clear(&scene->check_texts);
    free(scene->asked);
}

static inline void set_tokens(struct scene *scene, const char *access, const char *refresh)
{
    struct value *tokens = value_new_map();
    value_put_text(tokens, "access", access);
    value_put_text(tokens, "refresh", refresh);
    net_set_tokens(scene->net, tokens);
    value_free(tokens);
}

static inline void ask(struct scene *scene, const struct request *request)
{
    unsigned before = scene->responses;
    net_request(scene->net, 1, request);
    assert_int_equal(scene->responses, before);     /* never from within */
    while (scene->responses == before && loop_turn(scene->loop, 20000))
        continue;
    assert_int_equal(scene->responses, before + 1);
}

static inline void get(struct scene *scene, const char *path)
{
    ask(scene, &(struct request){.method = (char *)"GET", .path = (char *)path});
}

/* Until so many phases are told; no wait of the sign-in takes its time. */
static inline void skip_to_phase(struct scene *scene, size_t count)
{
    while (scene->phase_count < count) {
        int64_t wait_ms = net_skip_wait(scene->net);
        if (wait_ms > 0 && scene->wait_count < LENGTH(scene->waits))
            scene->waits[scene->wait_count++] = (int)wait_ms;
        if (wait_ms < 0 && !loop_turn(scene->loop, 20000))
            break;
    }
    assert_int_equal(scene->phase_count, count);
}

/* How often the server was asked something that starts so. After scene_stop(). */
static inline unsigned times_asked(const struct scene *scene, const char *what)
{
    unsigned times = 0;
    for (const char *at = scene->asked; (at = strstr(at, what)); at++)
        times++;
    return times;
}

#define BEGIN(...) \
    const struct page pages[] = {__VA_ARGS__}; \
    struct scene scene; \
    scene_begin(&scene, pages, LENGTH(pages))

#endif
