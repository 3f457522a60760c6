/*
 * operation - the description of a service, read from assets/services/: what is sent, what is kept of the answer.
 *
 * Everything here is pure: a request is built from a scope, a response is read into values. assets/README.md tells the
 * words. The service room carries requests; core decides which and when.
 */
#ifndef MODEL_OPERATION_H
#define MODEL_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "base/value.h"
#include "model/scope.h"

struct again {              /* `again`: ask the same once more, later */
    const struct value *when;   /* pointer -> values: `while` */
    int every_s;
    const char *progress;       /* pointer to 0..100, or NULL */
    const char *say;            /* pointer to a sentence, or NULL */
};

struct operation {
    const char *id;
    const char *method;                 /* GET PUT POST PATCH DELETE */
    const char *path;                   /* as written: "/v1/shipping-methods/$code?x=1" */
    const char *create;                 /* sent instead while a name in `path` has no value: "POST /v1/regions" split; NULL */
    const char *create_method;
    const struct value *create_send;    /* laid over `send` then; NULL */
    const struct value *headers;        /* name -> text or $name; NULL */
    const char *gone;                   /* the same for rows taken away, "DELETE /v1/..." split: */
    const char *gone_method;
    const char *each;                   /* name of the answer whose rows it is sent for; NULL: once */
    const char *as;                     /* what a row that is a text is called; a map row: what its left side is called ("key") */
    const struct value *when;           /* condition; NULL: always */
    const struct value *send;           /* template of the body; NULL: none */
    const struct value *held;           /* template: what the service holds of `send`; NULL: `send` made from the answers it holds */
    const struct value *find;           /* {in, by}: the item of a list that the answer is about; NULL: the answer itself */
    const struct value *keep;           /* name -> pointer or shape */
    const struct value *offer;          /* {to, each, value, label, parent, fits, fields, ...}; NULL */
    const struct value *etags;          /* {each, path, etag}; NULL */
    const struct value *blame;          /* pointer -> field; NULL */
    struct again again;                 /* every_s 0: none */
    const struct value *refuse;         /* {when, text}; NULL */
    const char *say;                    /* pointer to a sentence to show afterwards; NULL */
    struct mark mark;
};

enum pages { PAGES_NONE, PAGES_LINK, PAGES_OFFSET };
enum match { MATCH_NONE, MATCH_ETAG, MATCH_READ };

struct service {
    struct value *root;             /* as it was read; all texts and values here and in the operations are borrowed from it */
    const char *id;
    const struct value *sign_in;    /* {kind: device, client_id, scope, ...}: the service room reads it */
    struct operation *enter;        /* `kind: password`: the request that takes them; NULL */
    const struct value *version;    /* {request, at, accept: [...]} for the API version check; NULL */
    const struct value *errors;     /* {text, each, at, say, named} */
    enum pages pages;
    const struct value *offset;     /* PAGES_OFFSET: {offset: name in the query, count: pointer} */
    enum match match;               /* etag: If-Match on changes, If-None-Match: * where none is known; read: read anew and compare first */
    bool idempotency;               /* `idempotency: key`: Idempotency-Key on POST */
    struct operation *operations;
    size_t operation_count;
};

struct request {
    const struct operation *operation;      /* borrowed */
    const char *method;     /* of the operation */
    char *path;             /* percent-encoded, with query; from Link: rel=next it may be a full address */
    bool page;              /* a further page of a list */
    struct value *body;     /* NULL: none */
    char *if_match;         /* "*" never; NULL: none */
    bool if_none_match;     /* If-None-Match: * */
    char *idempotency_key;  /* NULL: none */
    struct value *headers;  /* name -> text; NULL: none */
};

struct response {
    int status;             /* HTTP; 0: none came, see `problem` */
    struct value *body;     /* parsed JSON; NULL: empty */
    char *etag;             /* NULL: none */
    char *next;             /* Link rel="next", as a request path or a full address of the service; NULL: none */
    char *next_elsewhere;   /* Link rel="next" on another server: its host; NULL: none */
    int retry_after_s;      /* -1: none */
    char *request_id;       /* X-Request-Id sent; NULL */
    bool maybe_done;        /* the request left, and no answer came: the service may have acted */
    struct problem problem; /* PROBLEM_UNREACHABLE, PROBLEM_SERVICE, PROBLEM_SIGN_IN, PROBLEM_LATER; PROBLEM_NONE when status speaks */
};

struct service *service_read(const char *path, struct problems *problems);
void service_free(struct service *service);
const struct operation *service_operation(const struct service *service, const char *id);
/* The operation that offers a set; what its braces mean is put into *bound (yours). NULL if none does. */
const struct operation *service_offering(const struct service *service, const char *set, struct value **bound);

/*
 * The rows of an operation with `each`: wanted rows and rows to take away, as bound maps for the scope.
 * Without `each` there is one row, an empty map.
 */
struct rows {
    struct row {
        char *key;              /* tells it apart: the row's key, the text itself, or the left side of a map; "" when not `each` */
        struct value *row;      /* names -> values: columns; or {AS: text}; or {AS: left, value: right} */
        bool gone;
    } *items;
    size_t count;
};

/* `held` is the scope of what the service holds (its answers = held values). `key` is the table's key column or NULL. */
void operation_rows(const struct operation *operation, const struct scope *wanted, const struct scope *held, const char *key,
                    struct rows *rows);
void rows_clear(struct rows *rows);

/* The body for a scope, yours; NULL when the operation sends none. Members whose $name has no value are left out. */
struct value *operation_body(const struct operation *operation, const struct scope *scope);
/* The body as the service holds it by the words of `held`; yours; NULL when nothing is left of it. */
struct value *operation_held(const struct operation *operation, const struct scope *scope);
/* Whether every name in the path (or that of `gone`) and in the headers has a value. */
bool operation_reaches(const struct operation *operation, const struct scope *scope, bool gone);
/* Whether what it is about is not there yet, so that `create` is sent: a name in its path has no value. */
bool operation_is_new(const struct operation *operation, const struct scope *scope);
/*
 * Method, path, body and headers; etags is a map path -> etag (If-Match by service->match). The idempotency key is the caller's
 * affair. False: a name in the path or in a header has no value.
 */
bool operation_request(const struct service *service, const struct operation *operation, const struct scope *scope, bool gone,
                       const struct value *etags, struct request *request, struct problem *why);
void request_clear(struct request *request);
void response_clear(struct response *response);

/* The forms that a request of an operation takes. */
enum form { FORM_CHANGE, FORM_CREATE, FORM_DELETE };

/* The form that a request for this row takes now. */
enum form operation_form(const struct operation *operation, const struct scope *scope, bool gone);
/* The names whose values a request of this form contains: in `each`, path, headers and body; list of texts, yours. */
struct value *operation_names_in(const struct operation *operation, enum form form);
/* What a change is compared by: {headers, body} without what has no value in the scope; yours. */
struct value *operation_content(const struct operation *operation, const struct scope *scope);

/* The names of all forms, as written but without the $: "payment.credentials.{provider}"; list of texts, yours. */
struct value *operation_names(const struct operation *operation);

/* What a good answer says. `values`: full dotted names are paths into it. Only what the response holds; nulls come as nothing. */
void operation_keep(const struct operation *operation, const struct scope *scope, const struct response *response,
                    struct value *values);
/*
 * Path -> etag (members, not paths): from the ETag header for the request's own path (query left off), and from `etags`.
 * A change that was answered without an ETag, and what a list no longer holds, is forgotten.
 */
void operation_etags(const struct operation *operation, const struct request *request, const struct response *response,
                     struct value *etags);
struct choices;
/*
 * Whether a good answer to a question can be what was asked for: an object with the lists in it that are gone through, one
 * without any members, or a list. An answer without them would look as if the service held nothing any more.
 */
bool operation_understood(const struct operation *operation, const struct response *response, struct problem *why);
/* Whether what operation_keep() took of the response is text throughout. False and *why: part of it was replaced by U+FFFD. */
bool operation_kept_is_text(const struct value *values, const struct response *response, struct problem *why);
void operation_offer(const struct operation *operation, const struct response *response, struct choices *choices);
/*
 * Where the next page is, in *next (yours); NULL: that was the last. False (PROBLEM_SERVICE): there are further pages that cannot
 * be read, so that what is there is no whole list.
 *
 * visited      a map whose names are the pages read so far; this page is added
 * path         what this page was asked with
 */
bool operation_next(const struct service *service, const struct operation *operation, const char *path, const struct response *response,
                    struct value *visited, char **next, struct problem *why);
/* The sentence that `say` points to; yours; NULL when there is none. */
char *operation_says(const struct operation *operation, const struct response *response);
bool operation_again(const struct operation *operation, const struct response *response, int *percent, char **say);
/* Whether the answer is good by its words but a refusal by `refuse`; adds the problem. */
bool operation_refused(const struct operation *operation, const struct response *response, struct problems *problems);

/*
 * What an error answer says (status >= 400): one problem for each fault with field and row found from its pointer through
 * `blame` and the body's template, or one problem without a field. A cell of a table is named as kind_check() does: field
 * "shipping.methods.charge", row "GROUND". The request's number is in the text's end: "(request 7f3a)".
 */
void operation_errors(const struct service *service, const struct operation *operation, const struct scope *scope,
                      const struct response *response, struct problems *problems);

/* Seconds until a poll is repeated: `every` at first, 6 x after 2 minutes, 30 x after an hour (reliability.md); a Retry-After wins. */
int again_wait_s(const struct again *again, int64_t waited_s, int retry_after_s);

#endif
