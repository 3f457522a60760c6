#include "faults.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "faults_plan.h"
#include "log.h"
#include "wire.h"

enum { CONNECTIONS_MOST = 32, DRIP_MS = 200 };

struct connection {
    struct faults *faults;
    pthread_t thread;
    int fd; /* -1: over, to be joined */
    bool used;
};

struct faults {
    struct service *service;
    int listener;
    int stop[2]; /* a pipe: written to once, at the end */
    pthread_t thread;
    pthread_mutex_t lock; /* of plan and connections */
    struct wire_keys *keys;
    struct fault_plan plan;
    struct connection connections[CONNECTIONS_MOST];
};

/* A request as it comes in over a socket. */
struct raw {
    struct text bytes;
    size_t head; /* bytes up to and with the empty line; 0 while it is not there */
    struct value *headers;
    char *method;
    char *target;
};

static bool send_text(struct wire *wire, const struct text *text)
{
    return wire_send(wire, text_bytes(text), text->size);
}

/* The next close() tells the other side that the connection was torn down. */
static void reset_at_close(int fd)
{
    struct linger now = {1, 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void read_head(struct raw *raw)
{
    char *end = raw->bytes.bytes ? strstr(raw->bytes.bytes, "\r\n\r\n") : NULL;
    char *line = raw->bytes.bytes, *next;

    if (!end || raw->head > 0)
        return;
    raw->head = (size_t)(end - raw->bytes.bytes) + 4;
    raw->headers = value_new_map();
    char *copy = mem_copy_bytes(line, raw->head - 2);
    size_t method = strcspn(copy, " \r"), target;

    raw->method = mem_copy_bytes(copy, method);
    line = copy + method + (copy[method] == ' ');
    target = strcspn(line, " \r");
    raw->target = mem_copy_bytes(line, target);
    for (line = strstr(copy, "\r\n"); line && (next = strstr(line + 2, "\r\n")); line = next) {
        char *name = line + 2, *colon = memchr(name, ':', (size_t)(next - name));

        if (!colon)
            continue;
        *colon = *next = '\0';
        for (char *c = name; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        value_put_text(raw->headers, name, colon + 1 + strspn(colon + 1, " "));
        *next = '\r';
    }
    free(copy);
}

/* Until all of the request is there; false when it does not come, or is too large. */
static bool read_request(struct wire *wire, struct raw *raw)
{
    char piece[4096];

    for (;;) {
        read_head(raw);
        const char *length = raw->head ? value_member_text(raw->headers, "content-length") : NULL;

        if (raw->head && raw->bytes.size >= raw->head + (length ? strtoull(length, NULL, 10) : 0))
            return true;
        ssize_t got = wire_receive(wire, piece, sizeof piece);

        if (got <= 0 || memchr(piece, '\0', (size_t)got) ||
            raw->bytes.size > SERVICE_MAP_LIMIT + SERVICE_HEADERS_LIMIT)
            return false;
        text_add_bytes(&raw->bytes, piece, (size_t)got);
    }
}

static void ask_service(struct faults *faults, const struct raw *raw, bool secure, struct reply *reply)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    struct request request = {.method = raw->method,
                              .target = raw->target,
                              .address = "127.0.0.1",
                              .secure = secure,
                              .headers = raw->headers,
                              .body = raw->bytes.bytes + raw->head,
                              .body_size = raw->bytes.size - raw->head,
                              .now_ms = now.tv_sec * 1000LL + now.tv_nsec / 1000000};

    if (request.body_size > service_body_limit(request.target))
        service_refuse(&request, 413, "The body is too large.", reply);
    else
        service_answer(faults->service, &request, reply);
    log_line(faults->service, &request, reply);
}

/* Status line and headers, without the one that tells how the body ends. */
static void add_head(struct text *out, const struct reply *reply)
{
    struct tm parts;
    time_t now = time(NULL);
    char date[40];

    gmtime_r(&now, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text_addf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", reply->status, reply_reason(reply->status), date);
    if (reply->type && reply->body.size)
        text_addf(out, "Content-Type: %s\r\n", reply->type);
    for (size_t i = 0; i < value_count(reply->headers); i++)
        text_addf(out, "%s: %s\r\n", value_name(reply->headers, i), value_item(reply->headers, i)->text);
}

static void add_whole(struct text *out, const struct reply *reply, const char *method)
{
    add_head(out, reply);
    if (reply->status != 204 && reply->status != 304)
        text_addf(out, "Content-Length: %zu\r\n", reply->body.size);
    text_add(out, "Connection: close\r\n\r\n");
    if (strcmp(method, "HEAD") != 0)
        text_add_bytes(out, text_bytes(&reply->body), reply->body.size);
}

static void send_endless(struct wire *wire)
{
    char junk[4096];

    memset(junk, ' ', sizeof junk);
    if (wire_send(wire, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{", 53))
        while (wire_send(wire, junk, sizeof junk))
            continue;
}

static void send_drip(struct wire *wire, const struct text *whole)
{
    for (size_t i = 0; i < whole->size && wire_stays(wire, DRIP_MS); i++)
        if (!wire_send(wire, whole->bytes + i, 1))
            break;
}

/* {"a":1} by gzip -9n */
static const char zipped[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf"
    "\xac\x1b\x56\x07\x00\x00\x00";

/* The answer, bent as the fault wants it: those that only differ in what is sent. */
static void bend(struct text *out, enum fault fault, const struct reply *reply)
{
    const char *body = text_bytes(&reply->body);
    size_t size = reply->body.size;

    if (fault != FAULT_HTTP09)
        add_head(out, reply);
    switch (fault) {
    case FAULT_RESET_BODY:
    case FAULT_SHORT:
        text_addf(out, "Content-Length: %zu\r\n\r\n", size + 10);
        text_add_bytes(out, body, size / 2);
        break;
    case FAULT_CUT:
        text_add(out, "Connection: close\r\n\r\n");
        text_add_bytes(out, body, size / 2);
        break;
    case FAULT_BYTES:
        text_add(out, "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (size_t i = 0; i < size; i++)
            text_addf(out, "1\r\n%c\r\n", body[i]);
        text_add(out, "0\r\n\r\n");
        break;
    case FAULT_LARGE_HEADERS:
        for (int i = 0; i < 80; i++)
            text_addf(out, "X-Large-%d: %01000d\r\n", i, i);
        text_addf(out, "Content-Length: %zu\r\n\r\n%s", size, body);
        break;
    case FAULT_GZIP:
        text_addf(out, "Content-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", sizeof zipped - 1);
        text_add_bytes(out, zipped, sizeof zipped - 1);
        break;
    case FAULT_HTTP09:
        text_add(out, body);
        break;
    case FAULT_BAD_CHUNK:
        text_addf(out, "Transfer-Encoding: chunked\r\n\r\nzz\r\n%s\r\n0\r\n\r\n", body);
        break;
    case FAULT_TWO_LENGTHS:
        text_addf(out, "Content-Length: %zu\r\nContent-Length: %zu\r\n\r\n%s", size, size + 7, body);
        break;
    case FAULT_KEPT_CLOSED:
        text_addf(out, "Connection: keep-alive\r\nContent-Length: %zu\r\n\r\n%s", size, body);
        break;
    case FAULT_NONE:
    case FAULT_CLOSE:
    case FAULT_STALL:
    case FAULT_RESET_HEADERS:
    case FAULT_DRIP:
    case FAULT_ENDLESS:
    case FAULT_LOST:
    case FAULT_ANSWER:
    case FAULT_BEND:
    case FAULT_TLS_PLAIN:
    case FAULT_TLS_STALL:
    case FAULT_TLS_RESET:
    case FAULT_TLS_SELF_SIGNED:
    case FAULT_TLS_EXPIRED:
    case FAULT_TLS_EARLY:
    case FAULT_TLS_OTHER_HOST:
    case FAULT_COUNT:
        break;
    }
}

/* The answer that was told: see faults.h. */
static void add_told(struct faults *faults, struct text *out)
{
    pthread_mutex_lock(&faults->lock);
    const struct fault_plan *plan = &faults->plan;
    const char *header = fault_plan_text(plan, "header", NULL), *body = fault_plan_text(plan, "body", "");
    int status = atoi(fault_plan_text(plan, "status", "500"));

    text_addf(out, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n", status, reply_reason(status),
              fault_plan_text(plan, "type", "application/problem+json"));
    if (header)
        text_addf(out, "%s\r\n", header);
    text_addf(out, "Content-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
    pthread_mutex_unlock(&faults->lock);
}

static void answer_fault(struct faults *faults, struct wire *wire, const struct raw *raw, enum fault fault,
                         enum bend how)
{
    struct reply reply = {0};
    struct text out = {0};

    if (fault == FAULT_ANSWER) {
        add_told(faults, &out);
    } else if (fault == FAULT_STALL) {
        wire_stays(wire, -1);
    } else if (fault == FAULT_ENDLESS) {
        send_endless(wire);
    } else if (fault == FAULT_RESET_HEADERS) {
        text_add(&out, "HTTP/1.1 200 OK\r\nContent-Ty");
    } else if (fault != FAULT_CLOSE) {
        ask_service(faults, raw, wire->session, &reply);
        bend_reply(&reply, how);
        if (fault == FAULT_NONE || fault == FAULT_DRIP || fault == FAULT_BEND)
            add_whole(&out, &reply, raw->method);
        else
            bend(&out, fault, &reply);
    }
    if (fault == FAULT_DRIP)
        send_drip(wire, &out);
    else if (fault != FAULT_LOST)
        send_text(wire, &out);
    if (fault == FAULT_RESET_HEADERS || fault == FAULT_RESET_BODY) {
        wire_stays(wire, DRIP_MS); /* a reset at once would take back what is not read yet */
        reset_at_close(wire->fd);
    }
    reply_clear(&reply);
    text_wipe(&out);
}

/* GET, PUT and DELETE /faults. */
static void answer_control(struct faults *faults, struct wire *wire, const struct raw *raw)
{
    struct value *form = form_read(raw->bytes.bytes + raw->head, raw->bytes.size - raw->head);
    struct text out = {0};
    bool done = true;

    pthread_mutex_lock(&faults->lock);
    if (strcmp(raw->method, "DELETE") == 0)
        fault_plan_clear(&faults->plan);
    else if (strcmp(raw->method, "GET") != 0)
        done = strcmp(raw->method, "PUT") == 0 && form && fault_plan_set(&faults->plan, form);
    if (done && strcmp(raw->method, "PUT") == 0)
        form = NULL; /* it is the plan's now */
    text_addf(&out, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n%d\n",
              done ? "200 OK" : "400 Bad Request", faults->plan.times);
    pthread_mutex_unlock(&faults->lock);
    if (!done)
        text_addf(&out, "%s%s", faults_help, bend_help);
    send_text(wire, &out);
    text_clear(&out);
    value_free(form);
}

static void answer(struct faults *faults, struct wire *wire, const struct raw *raw)
{
    if (strcmp(raw->target, "/faults") == 0) {
        answer_control(faults, wire, raw);
        wire_end(wire, true);
        return;
    }
    pthread_mutex_lock(&faults->lock);
    enum fault fault = fault_plan_next(&faults->plan, raw->method, raw->target);
    enum bend how = fault == FAULT_BEND ? faults->plan.bend : BEND_NONE;

    pthread_mutex_unlock(&faults->lock);
    answer_fault(faults, wire, raw, fault, how);
    wire_end(wire, fault == FAULT_NONE || fault == FAULT_BEND || fault == FAULT_ANSWER || fault == FAULT_CUT);
}

/* What happens in place of a handshake, true when it did; else *wrong is the certificate that it is to be
 * done with. */
static bool spoil_handshake(struct faults *faults, struct wire *wire, int *wrong)
{
    static const char plain[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

    if (!faults->keys || !wire_is_tls(wire->fd))
        return false;
    pthread_mutex_lock(&faults->lock);
    enum fault fault = fault_plan_greeting(&faults->plan);

    pthread_mutex_unlock(&faults->lock);
    if (fault >= FAULT_TLS_SELF_SIGNED && fault <= FAULT_TLS_OTHER_HOST) {
        *wrong = (int)(fault - FAULT_TLS_SELF_SIGNED);
        return false;
    }
    if (fault == FAULT_TLS_PLAIN)
        wire_send(wire, plain, sizeof plain - 1);
    if (fault == FAULT_TLS_STALL)
        wire_stays(wire, -1);
    if (fault == FAULT_TLS_RESET)
        reset_at_close(wire->fd);
    return fault != FAULT_NONE;
}

static void *serve(void *of)
{
    struct connection *connection = of;
    struct faults *faults = connection->faults;
    struct wire wire = {.fd = connection->fd};
    struct raw raw = {0};
    int wrong = -1;

    if (!spoil_handshake(faults, &wire, &wrong) && wire_begin(&wire, connection->fd, faults->keys, wrong) &&
        read_request(&wire, &raw))
        answer(faults, &wire, &raw);
    wire_end(&wire, false);
    text_wipe(&raw.bytes);
    value_free(raw.headers);
    free(raw.method);
    free(raw.target);
    pthread_mutex_lock(&faults->lock);
    close(connection->fd);
    connection->fd = -1;
    pthread_mutex_unlock(&faults->lock);
    return NULL;
}

/* A place for a connection, those that are over being joined first; NULL when all are taken. */
static struct connection *free_place(struct faults *faults)
{
    for (size_t i = 0; i < CONNECTIONS_MOST; i++) {
        struct connection *connection = &faults->connections[i];

        pthread_mutex_lock(&faults->lock);
        bool over = connection->used && connection->fd < 0;
        pthread_mutex_unlock(&faults->lock);
        if (over)
            pthread_join(connection->thread, NULL);
        if (over || !connection->used)
            return connection;
    }
    return NULL;
}

static void take_connection(struct faults *faults)
{
    int fd = accept4(faults->listener, NULL, NULL, SOCK_CLOEXEC);
    struct connection *connection = fd >= 0 ? free_place(faults) : NULL;

    if (connection) {
        *connection = (struct connection){.faults = faults, .fd = fd, .used = true};
        if (pthread_create(&connection->thread, NULL, serve, connection) == 0)
            return;
        connection->used = false;
    }
    if (fd >= 0)
        close(fd);
}

static void *listen_on(void *of)
{
    struct faults *faults = of;
    struct pollfd waits[] = {{faults->listener, POLLIN, 0}, {faults->stop[0], POLLIN, 0}};

    while (poll(waits, 2, -1) >= 0 || errno == EINTR) {
        if (waits[1].revents)
            break;
        if (waits[0].revents)
            take_connection(faults);
    }
    return NULL;
}

struct faults *faults_start(struct service *service, const struct tls *tls,
                            const struct tls flawed[TLS_FLAWS], int port, struct problem *why)
{
    struct faults *faults = mem_new(sizeof *faults);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof address;
    int on = 1;

    faults->service = service;
    faults->keys = wire_keys_new(tls, flawed);
    faults->stop[0] = faults->stop[1] = -1;
    pthread_mutex_init(&faults->lock, NULL);
    faults->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (faults->listener >= 0)
        setsockopt(faults->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (faults->listener < 0 || bind(faults->listener, (struct sockaddr *)&address, size) < 0 ||
        listen(faults->listener, CONNECTIONS_MOST) < 0 ||
        getsockname(faults->listener, (struct sockaddr *)&address, &size) < 0 ||
        pipe2(faults->stop, O_CLOEXEC) < 0 || pthread_create(&faults->thread, NULL, listen_on, faults) != 0) {
        problem_set(why, PROBLEM_UNREACHABLE,
                    "Port %d cannot be listened on. Is something else there already?", port);
        if (faults->listener >= 0)
            close(faults->listener);
        wire_keys_free(faults->keys);
        free(faults);
        return NULL;
    }
    service->faults_port = ntohs(address.sin_port);
    return faults;
}

void faults_stop(struct faults *faults)
{
    if (!faults)
        return;
    close(faults->stop[1]);
    pthread_join(faults->thread, NULL);
    for (size_t i = 0; i < CONNECTIONS_MOST; i++) {
        struct connection *connection = &faults->connections[i];

        if (!connection->used)
            continue;
        pthread_mutex_lock(&faults->lock);
        if (connection->fd >= 0)
            shutdown(connection->fd, SHUT_RDWR);
        pthread_mutex_unlock(&faults->lock);
        pthread_join(connection->thread, NULL);
    }
    close(faults->listener);
    close(faults->stop[0]);
    fault_plan_clear(&faults->plan);
    wire_keys_free(faults->keys);
    pthread_mutex_destroy(&faults->lock);
    free(faults);
}
