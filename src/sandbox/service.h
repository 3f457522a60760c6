/*
 * service - the try-out service: a request goes in, a reply comes out.
 *
 *      struct service *service = service_new(&options, accounts, now_ms);
 *      service_answer(service, &request, &reply);
 *
 * One request at a time. Every change runs in one transaction together with its stored answer, so a POST is done once
 * or not at all.
 */
#ifndef SANDBOX_SERVICE_H
#define SANDBOX_SERVICE_H

#include <pthread.h>

#include "accounts.h"
#include "options.h"
#include "request.h"

#define SERVICE_USER "admin@contoso.example"
#define SERVICE_PASSWORD "sandbox"      /* the try-out account's, printed at start: not a secret */

enum {
    SERVICE_BODY_LIMIT = 64 * 1024,             /* bytes */
    SERVICE_MAP_LIMIT = 2 * 1024 * 1024,        /* bytes of an attribute map */
    SERVICE_HEADERS_LIMIT = 16 * 1024,          /* bytes */
};

struct service {
    struct options options;     /* refusals are counted down here */
    struct accounts *accounts;
    unsigned char key[32];      /* of this database: forms and successors of tokens are derived from it */
    int log;                    /* descriptor of --log; -1: none */
    int port;                   /* known once it listens */
    int faults_port;            /* of --faults; 0: none */
    pthread_mutex_t lock;       /* held while a request is answered: the ports have threads of their own */
};

/* Makes the try-out account if the database has none. Yours; NULL when the database cannot be used. */
struct service *service_new(const struct options *options, struct accounts *accounts, int64_t now_ms,
                            struct problem *why);
void service_free(struct service *service);

void service_answer(struct service *service, const struct request *request, struct reply *reply);
/* A refusal before there is a whole request: 413 and its like. */
void service_refuse(const struct request *request, int status, const char *detail, struct reply *reply);
size_t service_body_limit(const char *target);

/* One line for each route: method, path, statuses; for --routes. */
void service_print_routes(struct text *out);

#endif
