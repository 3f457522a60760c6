/*
 * request - one HTTP request and its reply, with nothing of the HTTP library in them.
 *
 * Everything the service does is a function from the first to the second, so a test can call it without a socket, and
 * at whatever time of day it likes.
 */
#ifndef SANDBOX_REQUEST_H
#define SANDBOX_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "base/value.h"

struct request {
    const char *method;
    const char *target;         /* path and query as sent, percent-encoded */
    const char *address;        /* the asker's network address, for the consent page; may be NULL */
    bool secure;                /* over TLS */
    struct value *headers;      /* lower-case name -> text */
    const char *body;
    size_t body_size;           /* bytes */
    int64_t now_ms;             /* milliseconds since 1970 */
};

struct reply {
    int status;
    const char *type;           /* Content-Type; a constant */
    struct value *headers;      /* name -> text; NULL until the first */
    struct text body;
    bool replayed;              /* an earlier answer, given again: nothing was done */
};

const char *request_header(const struct request *request, const char *name);    /* NULL if there is none */
void reply_header(struct reply *reply, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
void reply_clear(struct reply *reply);
const char *reply_reason(int status);   /* "Not Found" */

/*
 * Percent-decoding. `plus` reads + as a blank (queries and forms, not paths). NULL when the result holds a NUL or is
 * not UTF-8; otherwise yours.
 */
char *url_decode(const char *text, size_t size, bool plus);
void url_encode(struct text *out, const char *text);    /* RFC 3986: all but unreserved characters */
/* name=value&name=value as a map, the first of a name counts; NULL when a part cannot be decoded. Yours. */
struct value *form_read(const char *text, size_t size);

/* "2026-01-02T03:04:05Z" from milliseconds since 1970, RFC 3339; yours. */
char *time_words(int64_t ms);   /* "25 November 2026, 15:50 UTC"; yours */
char *time_text(int64_t ms);

#endif
