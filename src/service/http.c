#include "http.h"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "link.h"

/* Linking libcurl costs 4 ms and 30 libraries before main: it is loaded when the first request is made. */
struct library {
    void *handle;
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(curl_easy_setopt) *easy_setopt;
    __typeof__(curl_easy_getinfo) *easy_getinfo;
    __typeof__(curl_easy_cleanup) *easy_cleanup;
    __typeof__(curl_easy_strerror) *easy_strerror;
    __typeof__(curl_slist_append) *slist_append;
    __typeof__(curl_slist_free_all) *slist_free_all;
    __typeof__(curl_multi_init) *multi_init;
    __typeof__(curl_multi_setopt) *multi_setopt;
    __typeof__(curl_multi_add_handle) *multi_add_handle;
    __typeof__(curl_multi_remove_handle) *multi_remove_handle;
    __typeof__(curl_multi_socket_action) *multi_socket_action;
    __typeof__(curl_multi_info_read) *multi_info_read;
    __typeof__(curl_multi_cleanup) *multi_cleanup;
};

struct http {
    struct loop *loop;
    struct http_options options;
    struct library curl;
    CURLM *multi;
    unsigned timer;
};

struct http_call {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;
    struct http_answer answer;
    char error[CURL_ERROR_SIZE];
    char *proxy;                /* that it goes through; NULL: none; may contain a password */
    char *length;               /* Content-Length as it came; NULL: not yet */
    size_t headers_size;        /* bytes of all headers */
    bool is_final;              /* the status line was not that of a 1xx */
    bool headers_over;          /* what comes now are trailers */
    enum http_failure stopped;  /* why we did not want more of it; HTTP_GOOD: libcurl ended it */
    const char *stopped_by;     /* in words */
    http_done done;
    void *user;
};

struct http *http_new(struct loop *loop, const struct http_options *options)
{
    struct http *http = mem_new(sizeof *http);
    http->loop = loop;
    http->options = *options;
    return http;
}

static void finish(struct http *http);

static void act(struct http *http, curl_socket_t fd, int what)
{
    int running;
    http->curl.multi_socket_action(http->multi, fd, what, &running);
    finish(http);
}

static void ready(void *user, int fd, short seen)
{
    int what = (seen & (POLLIN | POLLHUP) ? CURL_CSELECT_IN : 0) | (seen & POLLOUT ? CURL_CSELECT_OUT : 0) |
               (seen & POLLERR ? CURL_CSELECT_ERR : 0);
    act(user, fd, what);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *own)
{
    struct http *http = user;
    (void)easy;
    (void)own;
    if (what == CURL_POLL_REMOVE)
        loop_unwatch(http->loop, fd);
    else
        loop_watch(http->loop, fd, (short)((what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0)), ready, http);
    return 0;
}

static void due(void *user)
{
    struct http *http = user;
    http->timer = 0;
    act(http, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timer(CURLM *multi, long wait_ms, void *user)
{
    struct http *http = user;
    (void)multi;
    loop_cancel(http->loop, http->timer);
    http->timer = wait_ms < 0 ? 0 : loop_timer(http->loop, loop_now_ms() + wait_ms, due, http);
    return 0;
}

bool http_load(struct http *http)
{
    struct library *curl = &http->curl;
    const struct { const char *name; void *to; } wanted[] = {
        {"curl_global_init", &curl->global_init}, {"curl_easy_init", &curl->easy_init}, {"curl_easy_setopt", &curl->easy_setopt},
        {"curl_easy_getinfo", &curl->easy_getinfo}, {"curl_easy_cleanup", &curl->easy_cleanup},
        {"curl_easy_strerror", &curl->easy_strerror}, {"curl_slist_append", &curl->slist_append},
        {"curl_slist_free_all", &curl->slist_free_all}, {"curl_multi_init", &curl->multi_init},
        {"curl_multi_setopt", &curl->multi_setopt}, {"curl_multi_add_handle", &curl->multi_add_handle},
        {"curl_multi_remove_handle", &curl->multi_remove_handle}, {"curl_multi_socket_action", &curl->multi_socket_action},
        {"curl_multi_info_read", &curl->multi_info_read}, {"curl_multi_cleanup", &curl->multi_cleanup},
    };
    if (http->multi)
        return true;
    curl->handle = dlopen("libcurl.so.4", RTLD_NOW);
    for (size_t i = 0; curl->handle && i < sizeof wanted / sizeof *wanted; i++) {
        void *found = dlsym(curl->handle, wanted[i].name);
        if (!found)
            return false;
        memcpy(wanted[i].to, &found, sizeof found);
    }
    unsetenv("SSLKEYLOGFILE");      /* libcurl would write the keys of every connection to the file that it names */
    if (!curl->handle || curl->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return false;
    http->multi = curl->multi_init();
    curl->multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl->multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
    curl->multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl->multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
    return true;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    loop_cancel(http->loop, http->timer);
    if (http->multi)
        http->curl.multi_cleanup(http->multi);
    loop_cancel(http->loop, http->timer);       /* closing connections may have set it anew */
    free(http);     /* the library stays loaded: unloading OpenSSL is not safe */
}

static void keep_header(char **to, const char *value, size_t size)
{
    while (size && (value[size - 1] == '\r' || value[size - 1] == '\n' || value[size - 1] == ' '))
        size--;
    while (size && *value == ' ') {
        value++;
        size--;
    }
    free(*to);
    *to = mem_copy_bytes(value, size);
}

/* The target of rel="next" of a Link header; of several the first. */
static void keep_next(struct http_answer *answer, const char *value, size_t size)
{
    char *text = mem_copy_bytes(value, size);
    text[strcspn(text, "\r\n")] = '\0';
    if (!answer->next)
        answer->next = link_next(text);
    free(text);
}

/* Which of two lengths is true nobody can know (RFC 9110, 8.6); libcurl takes the last, and waits for what never comes. */
static bool is_other_length(struct http_call *call, const char *value, size_t size)
{
    char *before = call->length;
    call->length = NULL;
    keep_header(&call->length, value, size);
    bool other = before && !text_same(before, call->length);
    free(before);
    return other;
}

static void forget_headers(struct http_call *call)
{
    struct http_answer *answer = &call->answer;
    char **texts[] = {&answer->etag, &answer->next, &answer->retry_after, &answer->date, &answer->location, &answer->type, &call->length};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(*texts[i]);
        *texts[i] = NULL;
    }
}

/*
 * Return true if the line is a header of the final response. Those of a 1xx response say nothing about it (RFC 8297: they are hints),
 * and trailers must not be merged into the headers (RFC 9110, 6.5.1).
 */
static bool is_header(struct http_call *call, const char *line, size_t size)
{
    if (call->headers_over)
        return false;
    if (size > 5 && strncmp(line, "HTTP/", 5) == 0) {
        char *text = mem_copy_bytes(line, size);
        call->is_final = strtol(text + strcspn(text, " "), NULL, 10) >= 200;
        free(text);
        forget_headers(call);
        return false;
    }
    call->headers_over = call->is_final && (*line == '\r' || *line == '\n');
    return !call->headers_over;
}

static size_t stop(struct http_call *call, enum http_failure why, const char *words)
{
    call->stopped = why;
    call->stopped_by = words;
    return 0;
}

static size_t on_header(char *line, size_t one, size_t size, void *user)
{
    static const char length[] = "content-length:";
    struct http_call *call = user;
    struct http_answer *answer = &call->answer;
    const struct { const char *name; char **to; } kept[] = {
        {"etag:", &answer->etag}, {"retry-after:", &answer->retry_after}, {"date:", &answer->date}, {"location:", &answer->location},
        {"content-type:", &answer->type},
    };
    (void)one;
    call->headers_size += size;
    if (call->headers_size > HTTP_HEADERS_KIB * 1024)
        return stop(call, HTTP_TOO_LARGE, NULL);
    if (!is_header(call, line, size))
        return size;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        size_t name = strlen(kept[i].name);
        if (size > name && strncasecmp(line, kept[i].name, name) == 0)
            keep_header(kept[i].to, line + name, size - name);
    }
    if (size > 5 && strncasecmp(line, "link:", 5) == 0)
        keep_next(answer, line + 5, size - 5);
    if (size >= sizeof length && strncasecmp(line, length, sizeof length - 1) == 0 &&
        is_other_length(call, line + sizeof length - 1, size - (sizeof length - 1)))
        return stop(call, HTTP_INVALID, "it has two different lengths");
    return size;
}

/* Counted here: CURLOPT_MAXFILESIZE stops nothing when no length was announced. */
static size_t on_body(char *bytes, size_t one, size_t size, void *user)
{
    struct http_call *call = user;
    (void)one;
    if (call->answer.body.size + size > HTTP_BODY_MIB * 1024 * 1024)
        return stop(call, HTTP_TOO_LARGE, NULL);
    text_add_bytes(&call->answer.body, bytes, size);
    return size;
}

static void call_free(struct http_call *call)
{
    call->http->curl.slist_free_all(call->headers);
    call->http->curl.easy_cleanup(call->easy);
    forget_headers(call);
    text_wipe(&call->answer.body);
    mem_free_secret(call->proxy);
    free(call);
}

static enum http_failure failure_of(CURLcode code, const struct http_call *call)
{
    switch (code) {
    case CURLE_OK: return HTTP_GOOD;
    case CURLE_COULDNT_RESOLVE_HOST: case CURLE_COULDNT_RESOLVE_PROXY: return HTTP_NAME;
    case CURLE_COULDNT_CONNECT: return HTTP_CONNECT;
    case CURLE_OPERATION_TIMEDOUT: return HTTP_TIME;
    case CURLE_PROXY: return HTTP_PROXY;
    case CURLE_SSL_CACERT_BADFILE: return HTTP_CA_FILE;
    case CURLE_SSL_CONNECT_ERROR: case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CERTPROBLEM: case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return HTTP_TLS;
    /* A chunk without a size has no code of its own: libcurl tells it in words alone. */
    case CURLE_RECV_ERROR: return strstr(call->error, "chunk") ? HTTP_INVALID : HTTP_BROKEN;
    case CURLE_GOT_NOTHING: case CURLE_SEND_ERROR: case CURLE_PARTIAL_FILE: return HTTP_BROKEN;
    /* HTTP/0.9 is the one protocol that an answer can have and we do not: the addresses are looked at before. */
    case CURLE_WEIRD_SERVER_REPLY: case CURLE_UNSUPPORTED_PROTOCOL: return HTTP_INVALID;
    case CURLE_WRITE_ERROR: return call->stopped != HTTP_GOOD ? call->stopped : HTTP_OTHER;
    default: return HTTP_OTHER;
    }
}

static const char *words_of(CURLcode code, const struct http_call *call)
{
    if (call->stopped != HTTP_GOOD)
        return call->stopped_by;
    return *call->error ? call->error : code ? call->http->curl.easy_strerror(code) : NULL;
}

/*
 * Return true if a request failed at the proxy and not behind it. An HTTP proxy has done its part when it accepted CONNECT; a SOCKS
 * proxy has a code of its own for what it rejects.
 */
static bool failed_at_proxy(const struct http_call *call, CURLcode code)
{
    const struct library *curl = &call->http->curl;
    long connect_status = 0;
    curl_off_t connected = 0;
    bool socks = call->proxy && strncasecmp(call->proxy, "socks", 5) == 0;
    if (!call->proxy || code == CURLE_OK || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_SSL_CACERT_BADFILE)
        return false;
    curl->easy_getinfo(call->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
    curl->easy_getinfo(call->easy, CURLINFO_CONNECT_TIME_T, &connected);
    if (socks)
        return code == CURLE_PROXY || code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT || connected == 0;
    return connect_status / 100 != 2;
}

static void finish(struct http *http)
{
    CURLMsg *message;
    int left;
    while ((message = http->curl.multi_info_read(http->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        struct http_call *call = NULL;
        long status = 0, written = 0, refused = 0, system_error = 0;
        http->curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        http->curl.easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
        http->curl.easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &written);
        http->curl.easy_getinfo(call->easy, CURLINFO_HTTP_CONNECTCODE, &refused);
        call->answer.proxy_status = code && refused >= 300 ? (int)refused : 0;
        call->answer.failure = call->answer.proxy_status ? HTTP_PROXY : failure_of(code, call);
        call->answer.proxy = failed_at_proxy(call, code) ? call->proxy : NULL;
        http->curl.easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &system_error);
        call->answer.system_error = code == CURLE_COULDNT_CONNECT ? (int)system_error : 0;
        call->answer.status = (int)status;
        call->answer.sent = written > 0;
        call->answer.error = words_of(code, call);
        http->curl.multi_remove_handle(http->multi, call->easy);
        call->done(call->user, &call->answer);
        call_free(call);
    }
}

/*
 * Prevent libcurl from sending the request a second time by itself. It does so when a reused connection closes before the first
 * byte of the response, although the server may have acted on the request, and when an HTTP/2 server refuses a stream. A new
 * connection is never in the first state. Removing the seek function instead would not do: a request without a body, or whose
 * body was not sent yet, is resent without seeking.
 */
static void send_once(const struct library *curl, CURL *easy)
{
    curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

/* A CA file is the only one: without the NULLs the system's directory of certificates would be trusted besides it. */
static void trust(const struct http *http, CURL *easy)
{
    const struct library *curl = &http->curl;
    if (!http->options.ca_file)
        return;
    curl->easy_setopt(easy, CURLOPT_CAINFO, http->options.ca_file);
    curl->easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl->easy_setopt(easy, CURLOPT_PROXY_CAINFO, http->options.ca_file);
    curl->easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
}

struct http_call *http_send(struct http *http, const char *method, const char *url, const char *const *headers, const struct text *body,
                            int timeout_s, http_done done, void *user)
{
    struct library *curl = &http->curl;
    struct http_call *call = mem_new(sizeof *call);
    CURL *easy = call->easy = curl->easy_init();

    call->http = http;
    call->done = done;
    call->user = user;
    for (size_t i = 0; headers[i]; i++) {
        char *line = mem_copy_bytes(headers[i], strcspn(headers[i], "\r\n"));      /* one header stays one */
        call->headers = curl->slist_append(call->headers, line);
        mem_free_secret(line);
    }
    call->headers = curl->slist_append(call->headers, "Expect:");
    curl->easy_setopt(easy, CURLOPT_PRIVATE, (char *)call);
    curl->easy_setopt(easy, CURLOPT_URL, url);
    curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
    if (strcmp(method, "GET") != 0)
        send_once(curl, easy);
    if (body) {
        curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body->size);
        curl->easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, text_bytes(body));
    }
    curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, http->options.plain ? "http,https" : "https");
    curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    trust(http, easy);
    call->proxy = http_proxy(&http->options, url);
    curl->easy_setopt(easy, CURLOPT_PROXY, call->proxy ? call->proxy : "");
    curl->easy_setopt(easy, CURLOPT_NOPROXY, "");       /* decided above: not by the environment a second time */
    curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl->easy_setopt(easy, CURLOPT_USERAGENT, http->options.user_agent);
    curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl->easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);    /* cancelling while DNS is silent froze the loop 9.5 s without */
    curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 10L);
    curl->easy_setopt(easy, CURLOPT_TIMEOUT, (long)timeout_s);
    curl->easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 50L);
    curl->easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 15L);
    curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl->easy_setopt(easy, CURLOPT_HEADERDATA, call);
    curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl->easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
    curl->multi_add_handle(http->multi, easy);      /* starts by a timer of its own: nothing is called back from here */
    return call;
}

void http_cancel(struct http_call *call)
{
    call->http->curl.multi_remove_handle(call->http->multi, call->easy);
    call_free(call);
}
