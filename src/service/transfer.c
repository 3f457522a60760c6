/* Requests of the core: sent, retried where that is safe, and read into a response. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "base/digest.h"
#include "base/mem.h"
#include "json/doc.h"
#include "link.h"
#include "private.h"

#define TRIES 4                 /* reliability.md, section 2 */
#define HEADERS 8               /* of an operation, beside ours */
#define WAIT_MOST_S 120         /* a longer Retry-After is told, not waited for */
#define PATH_MOST 65536u        /* bytes; common servers accept 8 KiB */

struct transfer {
    struct transfer *next;
    struct net *net;
    unsigned number;
    char *method, *path;
    struct text body;
    bool has_body, safe;        /* safe: doing it twice does what doing it once does */
    char *if_match, *key, id[17];
    struct value *headers;      /* further ones, from the description */
    bool if_none_match;
    int tries;
    bool refreshed;             /* a new token was asked for, or waited for: no second time */
    bool waits_for_token;
    bool refused_token;         /* the service has refused the token it was sent with */
    bool maybe_done;            /* one of the tries left, and was not answered */
    unsigned token_number;      /* the token it was sent with */
    struct problem refused;     /* why there is no new token */
    struct http_call *call;
    unsigned timer;
};

static void send(struct transfer *transfer);

static void transfer_drop(struct transfer *transfer)
{
    struct transfer **at = &transfer->net->transfers;
    while (*at != transfer)
        at = &(*at)->next;
    *at = transfer->next;
    if (transfer->call)
        http_cancel(transfer->call);
    loop_cancel(transfer->net->loop, transfer->timer);
    free(transfer->method);
    free(transfer->path);
    free(transfer->if_match);
    free(transfer->key);
    value_free(transfer->headers);
    problem_clear(&transfer->refused);
    text_wipe(&transfer->body);
    free(transfer);
}

void transfers_free(struct net *net)
{
    while (net->transfers)
        transfer_drop(net->transfers);
}

static void respond(struct transfer *transfer, struct response *response)
{
    struct net *net = transfer->net;
    unsigned number = transfer->number;
    response->request_id = mem_copy(transfer->id);
    transfer_drop(transfer);
    net->events.response(net->events.user, number, response);
    response_clear(response);
}

static void again(void *user)
{
    struct transfer *transfer = user;
    transfer->timer = 0;
    send(transfer);
}

/* Full jitter: 0.1 s to 0.5 s, 1 s, 2 s. */
static int64_t backoff_ms(int tries)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof random, 0) < 0)
        random = (uint32_t)time(NULL);
    return 100 + random % (uint32_t)(500 << (tries - 1));
}

/* What may go better in a moment; what the service may have done already, only if doing it twice is the same. */
static bool may_pass(const struct transfer *transfer, const struct http_answer *answer)
{
    static const int statuses[] = {408, 425, 429, 500, 502, 503, 504};     /* reliability.md, section 2 */
    bool passes = false;
    switch (answer->failure) {
    case HTTP_NAME: case HTTP_CONNECT:
        return true;
    case HTTP_PROXY:
        return answer->proxy_status == 0 || answer->proxy_status >= 500;
    case HTTP_TIME: case HTTP_BROKEN: case HTTP_INVALID:
        return transfer->safe || !answer->sent;
    case HTTP_GOOD:
        for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
            passes = passes || answer->status == statuses[i];
        return passes && transfer->safe;
    case HTTP_TLS: case HTTP_CA_FILE: case HTTP_TOO_LARGE: case HTTP_OTHER:
        break;
    }
    return false;
}

static bool retry(struct transfer *transfer, const struct http_answer *answer)
{
    struct net *net = transfer->net;
    bool nobody = answer->failure == HTTP_NAME || answer->failure == HTTP_CONNECT || answer->proxy;
    int64_t wait_ms = backoff_ms(transfer->tries), now_ms = loop_now_ms();
    int64_t *oldest = &net->retried_ms[net->retry_count % RETRIES_A_MINUTE];
    int asked = answer->failure == HTTP_GOOD ? retry_after_s(answer->retry_after, answer->date, time(NULL)) : -1;
    /* A port nobody listens on will not be listened on in a second: one more try, then it is told. */
    if (!may_pass(transfer, answer) || transfer->tries >= (nobody ? 2 : TRIES) || asked > WAIT_MOST_S)
        return false;
    if (*oldest && now_ms - *oldest < 60000)
        return false;               /* a service in trouble is not helped by all that we have to ask */
    *oldest = now_ms;
    net->retry_count++;
    if (asked >= 0)
        wait_ms = asked * 1000LL + 100;
    transfer->timer = loop_timer(net->loop, now_ms + wait_ms, again, transfer);
    if (net->events.retrying)       /* may cancel it: nothing of the transfer is touched any more */
        net->events.retrying(net->events.user, transfer->number,
                             asked >= 0 ? "the service asks to wait" : answer->failure != HTTP_GOOD ? "the connection failed"
                                                                                                    : "the service cannot answer now",
                             (int)((wait_ms + 999) / 1000));
    return true;
}

/* The request's number is told with it: whoever runs the service finds it in their log. */
static void read_body(const struct transfer *transfer, struct response *response, const struct http_answer *answer)
{
    bool json = answer->type && strcasestr(answer->type, "json");
    struct problem why = {0};
    if (!answer->body.size || answer->status == 204)
        return;
    response->body = json_read(answer->body.bytes, answer->body.size, NULL, &why);
    if (!json && response->body && response->body->kind == VALUE_TEXT) {    /* a word or a number under another type is a page */
        value_free(response->body);
        response->body = NULL;
    }
    if (!json)
        problem_clear(&why);
    if (!response->body && response->status < 300) {
        problem_set(&response->problem, PROBLEM_SERVICE, "The service's answer is not understood: %s (request %s)",
                    why.text ? why.text : "it is not JSON", transfer->id);
        problem_advise(&response->problem, "Check service.address; a proxy or the login page of a network may stand between");
    }
    problem_clear(&why);
}

static void read_next(const struct transfer *transfer, const struct http_answer *answer, struct response *response)
{
    char *url = answer->next ? net_url(transfer->net, transfer->path) : NULL;
    if (url)
        response->next = link_path(transfer->net->options.address, url, answer->next, &response->next_elsewhere);
    free(url);
}

static void done(void *user, const struct http_answer *answer)
{
    struct transfer *transfer = user;
    struct net *net = transfer->net;
    struct response response = {.status = answer->status, .retry_after_s = retry_after_s(answer->retry_after, answer->date, time(NULL))};

    transfer->call = NULL;
    if (answer->failure == HTTP_GOOD && answer->status == 401 && !transfer->refreshed) {
        transfer->refreshed = true;
        if (transfer->token_number != net->token_number) {      /* renewed meanwhile, for another request */
            send(transfer);
            return;
        }
        transfer->refused_token = true;
        if (password_used(net))
            password_rejected(net);
        transfer->waits_for_token = sign_in_refresh(net);
        if (transfer->waits_for_token)
            return;
    }
    if (answer->failure != HTTP_GOOD && answer->sent && strcmp(transfer->method, "GET") != 0)
        transfer->maybe_done = true;
    if (retry(transfer, answer))
        return;
    /* A 412 after a try without an answer may be our own doing: who asked compares. */
    response.maybe_done = transfer->maybe_done && (answer->failure != HTTP_GOOD || answer->status >= 400);
    if (answer->failure != HTTP_GOOD) {
        response.status = 0;
        failure_problem(&response.problem, net, answer, net->options.address);
    } else if (answer->status == 401) {
        sign_in_rejected(net, &response.problem);
    } else if (answer->status >= 300 && answer->status < 400) {
        redirect_problem(&response.problem, answer, net->options.address);
    } else {
        response.etag = mem_copy(answer->etag);
        read_next(transfer, answer, &response);
        read_body(transfer, &response, answer);
        if (answer->status >= 400 && response.retry_after_s > WAIT_MOST_S)
            later_problem(&response.problem, net->options.address, response.retry_after_s);
    }
    respond(transfer, &response);
}

static bool is_one_line(const char *text)
{
    return !text || !strpbrk(text, "\r\n");
}

static bool are_one_line(const struct value *headers)
{
    for (size_t i = 0; i < value_count(headers); i++)
        if (!is_one_line(value_item(headers, i)->text))
            return false;
    return true;
}

/*
 * Return true if the address fits into a request. A value that the service sent, or an answer, may be in it. libcurl reports "Out of
 * memory" beyond 1 MiB (DYN_HTTP_REQUEST in its lib/dynbuf.h); no service accepts a tenth of that.
 */
static bool path_fits(const struct transfer *transfer)
{
    return strlen(transfer->path) <= PATH_MOST;
}

static void path_problem(const struct transfer *transfer, struct problem *why)
{
    problem_set(why, PROBLEM_SERVICE, "The request %s %.40s... was not sent: its address has %zu bytes, and the limit is %u", transfer->method,
                transfer->path, strlen(transfer->path), PATH_MOST);
    problem_advise(why, "Check the value that the service has stored for this step, and your answer");
}

static void fail_unsent(void *user)
{
    struct transfer *transfer = user;
    struct response response = {.retry_after_s = -1};
    transfer->timer = 0;
    if (!is_one_line(transfer->if_match) || !is_one_line(transfer->key) || !are_one_line(transfer->headers))
        problem_set(&response.problem, PROBLEM_INTERNAL, "A header of this request has a line end in it; it was not sent");
    else if (!http_load(transfer->net->http))
        problem_set(&response.problem, PROBLEM_INTERNAL, "libcurl.so.4 cannot be loaded: install the package libcurl4");
    else if (!path_fits(transfer))
        path_problem(transfer, &response.problem);
    else
        problem_set(&response.problem, PROBLEM_SERVICE, "The service names a page on another server, and that is not followed");
    respond(transfer, &response);
}

static void send(struct transfer *transfer)
{
    struct net *net = transfer->net;
    char *url = http_load(net->http) ? net_url(net, transfer->path) : NULL;
    const char *access = value_member_text(net->tokens, "access");
    char *lines[HEADERS + 8] = {0};
    size_t count = 0;

    if (!url || !path_fits(transfer) || !is_one_line(transfer->if_match) || !is_one_line(transfer->key) || !are_one_line(transfer->headers)) {
        free(url);
        transfer->timer = loop_timer(net->loop, loop_now_ms(), fail_unsent, transfer);
        return;
    }
    /* What is about to expire is renewed first, without a word. */
    if (!transfer->refreshed && (password_used(net) ? password_is_due(net) : refresh_is_due(net)) && sign_in_refresh(net)) {
        transfer->refreshed = transfer->waits_for_token = true;
        free(url);
        return;
    }
    transfer->tries++;
    transfer->token_number = net->token_number;
    lines[count++] = mem_copy("Accept: application/json, application/problem+json");
    lines[count++] = text_format("X-Request-Id: %s", transfer->id);
    if (access)
        lines[count++] = password_line(net, access);
    for (size_t i = 0; i < value_count(transfer->headers) && count < HEADERS; i++)
        lines[count++] = text_format("%s: %s", value_name(transfer->headers, i), value_item(transfer->headers, i)->text);
    if (transfer->has_body)
        lines[count++] = mem_copy("Content-Type: application/json");
    if (transfer->if_match)
        lines[count++] = text_format("If-Match: %s", transfer->if_match);
    if (transfer->if_none_match)
        lines[count++] = mem_copy("If-None-Match: *");
    if (transfer->key)
        lines[count++] = text_format("Idempotency-Key: %s", transfer->key);
    transfer->call = http_send(net->http, transfer->method, url, (const char *const *)lines, transfer->has_body ? &transfer->body : NULL, 30,
                               done, transfer);
    for (size_t i = 0; i < count; i++)
        mem_free_secret(lines[i]);
    free(url);
}

void net_request(struct net *net, unsigned number, const struct request *request)
{
    struct transfer *transfer = mem_new(sizeof *transfer);
    *transfer = (struct transfer){.next = net->transfers, .net = net, .number = number, .method = mem_copy(request->method),
                                  .path = mem_copy(request->path), .if_match = mem_copy(request->if_match),
                                  .key = mem_copy(request->idempotency_key), .if_none_match = request->if_none_match,
                                  .headers = value_copy(request->headers)};
    net->transfers = transfer;
    digest_random(transfer->id, 16);
    if (request->body) {
        transfer->has_body = true;
        json_write(request->body, &transfer->body);
    }
    transfer->safe = strcmp(request->method, "GET") == 0 || transfer->if_match || transfer->if_none_match || transfer->key;
    send(transfer);
}

void net_cancel(struct net *net, unsigned number)
{
    for (struct transfer *transfer = net->transfers; transfer; transfer = transfer->next)
        if (transfer->number == number) {
            transfer_drop(transfer);
            return;
        }
}

static void refused(void *user)
{
    struct transfer *transfer = user;
    struct response response = {.status = transfer->refused.kind == PROBLEM_SIGN_IN ? 401 : 0, .retry_after_s = -1,
                                .problem = problem_copy(&transfer->refused)};
    transfer->timer = 0;
    respond(transfer, &response);
}

void transfers_refreshed(struct net *net, bool good, const struct problem *why)
{
    for (struct transfer *transfer = net->transfers; transfer; transfer = transfer->next) {
        if (!transfer->waits_for_token)
            continue;
        transfer->waits_for_token = false;
        /* The old token may still do when it was only about to expire. */
        if (good || (why && !transfer->refused_token && refresh_has_time(net))) {
            send(transfer);
            continue;
        }
        problem_clear(&transfer->refused);
        if (why && why->kind != PROBLEM_NONE)
            transfer->refused = problem_copy(why);
        else
            sign_in_rejected(net, &transfer->refused);
        transfer->timer = loop_timer(net->loop, loop_now_ms(), refused, transfer);
    }
}
