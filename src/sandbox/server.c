#include "server.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "log.h"

enum {
    CONNECTIONS_MOST = 256,
    IDLE_SECONDS = 75,             /* then a quiet connection is closed */
    CONNECTION_MEMORY = 96 * 1024, /* bytes; more than the headers may be, so that we can say so ourselves */
    THROWN_AWAY_MOST = 16 * 1024 * 1024, /* bytes of a body that is too large, before the connection is cut */
};

struct server {
    struct MHD_Daemon *daemon;
    struct service *service;
    bool secure;
    int log; /* descriptor; -1: none */
};

/* A request while it comes in. */
struct incoming {
    char *target;
    bool begun;
    struct text body;
    size_t thrown_away; /* bytes beyond the limit */
};

/* The address as it was sent, before the library takes it apart. */
static void *request_begin(void *of, const char *target, struct MHD_Connection *connection)
{
    struct incoming *incoming = mem_new(sizeof *incoming);

    (void)of;
    (void)connection;
    incoming->target = mem_copy(target);
    return incoming;
}

static void request_end(void *of, struct MHD_Connection *connection, void **place,
                        enum MHD_RequestTerminationCode why)
{
    struct incoming *incoming = *place;

    (void)of;
    (void)connection;
    (void)why;
    if (!incoming)
        return;
    free(incoming->target);
    text_wipe(&incoming->body); /* may hold credentials */
    free(incoming);
    *place = NULL;
}

/* The library would decode the address too; url_decode() does, once it is cut into its parts. */
static size_t decode_nothing(void *of, struct MHD_Connection *connection, char *text)
{
    (void)of;
    (void)connection;
    return strlen(text);
}

struct gathered {
    struct value *headers;
    size_t size; /* bytes of all names and values */
};

static enum MHD_Result gather_header(void *of, enum MHD_ValueKind kind, const char *name, const char *text)
{
    struct gathered *gathered = of;
    char *lower = mem_copy(name);

    (void)kind;
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    gathered->size += strlen(name) + strlen(text ? text : "") + 4; /* with ": " and the line's end */
    if (!value_member(gathered->headers, lower))
        value_put(gathered->headers, lower, value_new_scalar(SCALAR_TEXT, text ? text : ""));
    free(lower);
    return MHD_YES;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply)
{
    size_t size = reply->body.size;
    struct MHD_Response *response =
        size ? MHD_create_response_from_buffer(size, text_take(&reply->body), MHD_RESPMEM_MUST_FREE)
             : MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued;

    if (!response)
        return MHD_NO;
    if (reply->type && size)
        MHD_add_response_header(response, "Content-Type", reply->type);
    for (size_t i = 0; i < value_count(reply->headers); i++)
        MHD_add_response_header(response, value_name(reply->headers, i), value_item(reply->headers, i)->text);
    queued = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Asks the service; with a status of our own (0: none) it is not asked. */
static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection, const char *method,
                              const struct incoming *incoming, int status, const char *detail)
{
    struct gathered gathered = {.headers = value_new_map(), .size = strlen(incoming->target)};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char address[INET_ADDRSTRLEN] = "";
    struct reply reply = {0};

    if (info && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, address,
                  sizeof address);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, gather_header, &gathered);
    if (status == 0 && gathered.size > SERVICE_HEADERS_LIMIT) {
        status = 431;
        detail = "The headers are too large.";
    }
    struct request request = {
        .method = method,
        .target = incoming->target,
        .address = address,
        .secure = server->secure,
        .headers = gathered.headers,
        .body = text_bytes(&incoming->body),
        .body_size = incoming->body.size,
        .now_ms = now_ms(),
    };

    if (status)
        service_refuse(&request, status, detail, &reply);
    else
        service_answer(server->service, &request, &reply);
    log_line(server->service, &request, &reply);
    enum MHD_Result sent = send_reply(connection, &reply);

    reply_clear(&reply);
    value_free(gathered.headers);
    return sent;
}

/*
 * Whether a body is refused before any of it is read: when the asker waits for our word, or would send for
 * too long. Others are read to their end first: closing while they still send would take the answer from
 * them.
 */
static bool is_refused_unread(struct MHD_Connection *connection, size_t limit)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    unsigned long long told = length ? strtoull(length, NULL, 10) : 0;
    bool waits = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Expect") != NULL;

    return told > limit && (waits || told > THROWN_AWAY_MOST);
}

/* Called once when the headers are there, then for each piece of the body, then once more. */
static enum MHD_Result handle(void *of, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *piece, size_t *size,
                              void **place)
{
    static const char too_large[] = "The body is too large.";
    struct server *server = of;
    struct incoming *incoming = *place;

    (void)url;
    (void)version;
    if (!incoming)
        return MHD_NO;
    size_t limit = service_body_limit(incoming->target);

    if (!incoming->begun) {
        incoming->begun = true;
        if (is_refused_unread(connection, limit))
            return answer(server, connection, method, incoming, 413, too_large);
        return MHD_YES;
    }
    if (*size == 0) {
        bool large = incoming->thrown_away > 0;

        return answer(server, connection, method, incoming, large ? 413 : 0, too_large);
    }
    if (incoming->body.size + *size <= limit && incoming->thrown_away == 0)
        text_add_bytes(&incoming->body, piece, *size);
    else
        incoming->thrown_away += *size;
    *size = 0;
    return incoming->thrown_away > THROWN_AWAY_MOST ? MHD_NO : MHD_YES;
}

static struct MHD_Daemon *start_daemon(struct server *server, const struct tls *tls, int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? tls->certificate.bytes : NULL},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? tls->key.bytes : NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};

    /* By poll: with epoll libmicrohttpd 0.9.75 may never listen again once it had all the connections it may have. */
    return MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | (tls ? MHD_USE_TLS : 0), 0, NULL, NULL, handle, server,
        MHD_OPTION_ARRAY, tls ? secure : plain, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_UNESCAPE_CALLBACK, decode_nothing, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, request_begin, NULL, MHD_OPTION_NOTIFY_COMPLETED, request_end, NULL,
        MHD_OPTION_END);
}

struct server *server_start(struct service *service, const struct tls *tls, int port, struct problem *why)
{
    struct server *server = mem_new(sizeof *server);

    server->service = service;
    server->secure = tls != NULL;
    service->port = port;
    server->daemon = start_daemon(server, tls, port);
    if (!server->daemon) {
        problem_set(why, PROBLEM_UNREACHABLE,
                    "Port %d cannot be listened on. Is something else there already?", port);
        server_stop(server);
        return NULL;
    }
    service->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return server;
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    free(server);
}
