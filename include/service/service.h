/*
 * service - the outside world over HTTP: requests of the core carried out, the sign-in, the checks of the network.
 *
 * Nothing here blocks; everything comes back by callbacks from the loop. libcurl is loaded (dlopen) when it is first needed.
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "loop/loop.h"
#include "model/checklist.h"
#include "model/operation.h"

struct net;

struct net_options {
    const struct service *service;      /* borrowed */
    const char *address;                /* https://host[:port][/base]; http only to a loopback literal and if `plain` */
    const char *issuer;                 /* NULL: the address */
    const char *proxy;                  /* NULL: the environment's */
    const char *ca_file;                /* NULL: the system's */
    const char *client_id, *scope;      /* of the configuration; NULL: of the service description */
    const char *client_secret;          /* of a confidential client; NULL: a public one */
    bool client_post;                   /* the secret goes into the form (client_secret_post), not into a header */
    const char *host;                   /* this server's name, told at the device grant */
    const char *user_agent;
    const char *service_user;           /* whose rights the checks of the network take when we are root; NULL */
    const struct value *config;         /* for checks; borrowed */
    bool plain;                         /* the sandbox: http to loopback is allowed */
    /* Called before an access token that was renewed is used: the new tokens must be on disk when it returns true. */
    bool (*keep_tokens)(void *user, const struct value *tokens, struct problem *why);
    /*
     * One program at a time renews. False: another is at it, ask again shortly. *now gets the tokens as they are kept (yours;
     * NULL: not known). unlock_tokens() follows each true. NULL: nobody else has these tokens.
     */
    bool (*lock_tokens)(void *user, struct value **now);
    void (*unlock_tokens)(void *user);
    void *user;
};

/* Callbacks: what they are given lives for the call. */
struct net_events {
    void (*response)(void *user, unsigned number, const struct response *response);
    void (*sign_in)(void *user, const struct sign_in_fact *fact);
    void (*check)(void *user, const struct check_fact *fact);
    void (*retrying)(void *user, unsigned number, const char *why, int wait_s);     /* may be NULL */
    void *user;
};

/* False when an address is not acceptable (PROBLEM_CONFIG). Loads nothing yet. */
struct net *net_new(struct loop *loop, const struct net_options *options, const struct net_events *events, struct problem *why);
void net_free(struct net *net);
void net_warm(struct net *net);         /* load libcurl and the CA now, after the first frame */

/* Carries one request out, with retries, refresh at 401, If-Match and keys as in the request. Exactly one response unless cancelled. */
void net_request(struct net *net, unsigned number, const struct request *request);
void net_cancel(struct net *net, unsigned number);      /* at once; no callback comes any more */

/*
 * Tokens, kept by the app: {access, refresh, expires and renew (wall time), user, account}, and while they are there
 * renewing (since when: the answer is not on disk yet) and pending {device_code, code, address, address_complete, expires,
 * lifetime, interval, ask (when it may be asked for next), issuer, client_id}.
 */
void net_set_tokens(struct net *net, const struct value *tokens);
/* A plain access token (--token-file): proven by asking whose it is; ends with a sign_in event. */
void net_use_token(struct net *net, const char *token);
void net_sign_in(struct net *net);      /* device grant, RFC 8628, with a new code */
/*
 * By name and password (`kind: password`): the request as built from `sign_in`. It is kept in memory, and sent again when the
 * token has expired; on disk goes the token alone.
 */
void net_sign_in_with(struct net *net, const struct request *request);
void net_sign_in_stop(struct net *net); /* nobody waits for the code any more: it is forgotten */
/*
 * Goes on with what an earlier start left in the tokens: waits for the same code (SIGN_IN_CODE, resumed), or renews what it
 * was renewing. `once`: asks for the code once; not approved is SIGN_IN_FAILED with PROBLEM_LATER, and the code stays. False: nothing was left.
 */
bool net_resume(struct net *net, bool once);
/* The kept tokens, by asking whose they are; renewed first when that is due. Refused ones are given up. Ends with a sign_in event. */
void net_prove(struct net *net);
/* New tokens, proven by asking whose they are before the old are given up: SIGN_IN_RENEWED, or SIGN_IN_KEPT and why. */
void net_renew(struct net *net);
/*
 * Revokes the tokens (RFC 7009: the refresh token first, with retries) and deletes them, or only deletes them; see enum sign_out.
 * SIGN_IN_OUT; or SIGN_IN_NOT_REVOKED, and what is not revoked stays stored.
 */
void net_sign_out(struct net *net, enum sign_out how);
bool net_signed_in(const struct net *net);
bool net_signing_in(const struct net *net);     /* an exchange of the sign-in is under way: an event will come */
/* Before the end: gives an answer with renewed tokens that is on its way so long to arrive. */
void net_settle(struct net *net, int wait_ms);
/* For tests: the sign-in's present wait is over now, as if its time had passed. Its milliseconds; -1: it waits for nothing. */
int64_t net_skip_wait(struct net *net);

/* Runs checks; lines come as check events, in order; `last` on the closing line of each check. */
void net_check(struct net *net, const struct check *checks, size_t count);
void net_check_stop(struct net *net);

/* Seconds until the device's token is asked for again, at least 1 (RFC 8628, 3.2 and 3.5). */
int device_wait_s(int interval, int slowed);
/* Seconds a Retry-After means against the answer's own Date (RFC 9110, 10.2.3); -1: nonsense. */
int retry_after_s(const char *retry_after, const char *date, int64_t now);

#endif
