/*
 * call - one request on its way through the service, and what its handlers share.
 *
 * A handler writes the reply, or faults. Faults gather: all that is wrong with a body is told at once.
 *
 *      struct value *body = call_body(call);
 *      shape_check(&shape_of_account, body, "", call->faults);
 *      if (call_is_faulty(call))
 *          return;
 *      call_reply(call, 200, body);
 */
#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H

#include "service.h"

struct route;

struct call {
    struct service *service;
    const struct request *request;
    struct reply *reply;
    const struct route *route;
    char *path;                 /* decoded only in its parts: args */
    struct value *query;
    char *args[2];              /* what stands for {name} in the route, decoded */
    struct value *body;         /* of a JSON request */
    struct value *faults;       /* list of {pointer, detail} */
    char *tenant;               /* from the token or the session, never from the request */
    char *user;                 /* id */
    char *email;                /* of the user; on pages only */
    char *session;              /* id of the browser's session, if it has one; a secret */
};

enum route_kind {
    ROUTE_API,      /* a bearer token is needed; errors are application/problem+json */
    ROUTE_OPEN,     /* the same without a token */
    ROUTE_OAUTH,    /* forms in, JSON out; errors as RFC 6749, 5.2 */
    ROUTE_PAGE,     /* HTML, with a session */
};

struct route {
    const char *method;         /* HEAD is answered wherever GET is */
    const char *path;           /* "/v1/shipping-methods/{code}" */
    enum route_kind kind;
    void (*answer)(struct call *call);
    const char *statuses;       /* what it may answer besides its kind's: see routes.c */
};

const char *call_query(const struct call *call, const char *name);  /* NULL if there is none */
char *call_base(const struct call *call);   /* "https://127.0.0.1:8443", as the asker calls us; yours */

/* A JSON answer; takes `body`. */
void call_reply(struct call *call, int status, struct value *body);
/* The same with the ETag of a document. */
void call_reply_version(struct call *call, int status, struct value *body, int64_t version);
/* `type` is a name such as "already-active", or NULL for "about:blank". */
void call_problem(struct call *call, int status, const char *type, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* pointer  RFC 6901 into the body; `detail` one sentence for the person at the field */
void fault_add(struct value *faults, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* pointer + "/" + name, escaped; yours. */
char *pointer_join(const char *pointer, const char *name);
/* True when there are faults: the reply is 422 with all of them then. */
bool call_is_faulty(struct call *call);

/* A problem of `type` with `faults` as its errors (may be NULL); yours. */
struct value *problem_body(int status, const char *type, const char *detail, const struct value *faults);
void reply_json(struct reply *reply, int status, const char *type, const struct value *body);

/*
 * Whether the If-Match or If-None-Match of a change agrees with the version the document has (-1: there is none).
 * Otherwise the reply is 412.
 */
bool call_condition(struct call *call, int64_t version);

#endif
