/*
 * http - one HTTP exchange at a time and side by side, by libcurl's multi interface on our loop. Retries nothing, knows no JSON.
 *
 * Each request other than GET gets a connection of its own and leaves exactly once. A GET may be repeated on a new connection when the
 * server closes a reused one.
 */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "loop/loop.h"

/* The limits of every response. A page of 1 000 tax rates with long names is near 1 MiB. */
#define HTTP_BODY_MIB 4u
#define HTTP_HEADERS_KIB 64u

/*
 * HTTP_INVALID: a response came that is not valid HTTP. HTTP_CA_FILE: the certificates to trust cannot be read. HTTP_PROXY: the proxy
 * rejected the request; when it failed in another way, `proxy` of the answer says that it was the proxy.
 */
enum http_failure {
    HTTP_GOOD, HTTP_NAME, HTTP_CONNECT, HTTP_TIME, HTTP_TLS, HTTP_CA_FILE, HTTP_PROXY, HTTP_BROKEN, HTTP_INVALID, HTTP_TOO_LARGE, HTTP_OTHER
};

struct http_options {
    const char *proxy, *user_agent;             /* NULL where not set */
    const char *ca_file;                        /* the only certificates to trust; NULL: those of the system */
    bool plain;                                 /* http is allowed too */
};

struct http_answer {
    enum http_failure failure;
    bool sent;                  /* the request had left when it failed */
    int status;
    int system_error;           /* errno of a connection that was not made; 0: not known */
    const char *proxy;          /* the failure is that of this proxy; may contain a password; NULL: it is not */
    int proxy_status;           /* of the proxy's own response: 407 wants a password; 0: none */
    char *etag, *next, *retry_after, *date, *location, *type;   /* headers of the final response, not of a 1xx, no trailers; NULL */
    struct text body;
    const char *error;          /* what is wrong, in libcurl's words or ours; may be NULL */
};

struct http;
struct http_call;

typedef void (*http_done)(void *user, const struct http_answer *answer);

struct http *http_new(struct loop *loop, const struct http_options *options);
void http_free(struct http *http);

/*
 * Return the proxy that requests to the URL use, as configured or as https_proxy, all_proxy and no_proxy of the environment say; NULL
 * if none; yours, may contain a password. Loopback addresses never use one: a proxy means itself by 127.0.0.1. libcurl gets the result
 * and does not look at the environment.
 */
char *http_proxy(const struct http_options *options, const char *url);

bool http_load(struct http *http);      /* libcurl, now; false when it cannot be loaded */

/*
 * Sends; `done` comes once, from the loop, unless cancelled. headers: NULL-ended lines "Name: value"; body NULL: none.
 * The call is freed after `done`.
 */
struct http_call *http_send(struct http *http, const char *method, const char *url, const char *const *headers, const struct text *body,
                            int timeout_s, http_done done, void *user);
void http_cancel(struct http_call *call);

#endif
