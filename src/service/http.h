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

/* A page of 1 000 tax rates with long names is near 1 MiB; what is larger than this is no page of ours. */
#define HTTP_BODY_LIMIT (4u * 1024 * 1024)

/* HTTP_INVALID: an answer came, and is no HTTP. */
enum http_failure { HTTP_GOOD, HTTP_NAME, HTTP_CONNECT, HTTP_TIME, HTTP_TLS, HTTP_PROXY, HTTP_BROKEN, HTTP_INVALID, HTTP_TOO_LARGE, HTTP_OTHER };

struct http_options {
    const char *proxy, *ca_file, *user_agent;   /* NULL where not set */
    bool plain;                                 /* http is allowed too */
};

struct http_answer {
    enum http_failure failure;
    bool sent;                  /* the request had left when it failed */
    int status;
    int system_error;           /* errno of a connection that was not made; 0: not known */
    int proxy_status;           /* the proxy's own refusal: 407 wants a password; 0: none */
    char *etag, *next, *retry_after, *date, *location, *type;   /* headers; NULL */
    struct text body;
    const char *error;          /* what is wrong, in libcurl's words or ours; may be NULL */
};

struct http;
struct http_call;

typedef void (*http_done)(void *user, const struct http_answer *answer);

struct http *http_new(struct loop *loop, const struct http_options *options);
void http_free(struct http *http);
bool http_is_here(const char *url);     /* this machine itself: no proxy is asked */
bool http_load(struct http *http);      /* libcurl, now; false when it cannot be loaded */

/*
 * Sends; `done` comes once, from the loop, unless cancelled. headers: NULL-ended lines "Name: value"; body NULL: none.
 * The call is freed after `done`.
 */
struct http_call *http_send(struct http *http, const char *method, const char *url, const char *const *headers, const struct text *body,
                            int timeout_s, http_done done, void *user);
void http_cancel(struct http_call *call);

#endif
