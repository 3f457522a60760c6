/* What the files of the service room share. */
#ifndef SERVICE_PRIVATE_H
#define SERVICE_PRIVATE_H

#include "http.h"
#include "service/service.h"

struct transfer;
struct checking;

/* What the sign-in is after, from the call until it is told; and the exchange with the authorization server it is at. */
enum aim { AIM_NONE, AIM_SIGN_IN, AIM_PROVE, AIM_REFRESH, AIM_RENEW, AIM_SIGN_OUT };
enum flow { FLOW_NONE, FLOW_DISCOVER, FLOW_DEVICE, FLOW_POLL, FLOW_REFRESH, FLOW_WHO, FLOW_REVOKE };

/* The code that waits for approval. */
struct device {
    char *code;                         /* device_code, a secret; NULL: none */
    int interval, slowed;               /* as given, seconds; the slow_downs */
    int backoff_s;                      /* the wait while the service does not answer; 0: it does */
    int lifetime;                       /* seconds, as given */
    int64_t expires_ms;                 /* on the clock of the sign-in: the machine's may be set meanwhile */
    int64_t asked;                      /* wall time, seconds; 0: not yet */
    bool resumed;                       /* of an earlier start; until it was asked for once */
    bool once;                          /* asked for once only: nobody is there to wait */
    bool unsure;                        /* expired by this machine's clock, which may have been set: the service has to say it */
    bool last;                          /* the request under way is the last: the code expires */
};

/* What signs in by name and password: kept in memory for the next time the token has expired, never on disk. */
struct login {
    char *url;                          /* NULL: nobody gave them */
    struct text body;                   /* JSON, a secret */
};

#define RETRIES_A_MINUTE 10             /* of the whole process: reliability.md, section 2 */

struct net {
    struct net_options options;
    struct net_events events;
    struct loop *loop;
    struct http *http;
    struct value *tokens;               /* those in use: include/service/service.h tells the members */
    struct transfer *transfers;         /* list */
    int64_t retried_ms[RETRIES_A_MINUTE];       /* when the last ones were: a ring */
    unsigned retry_count;
    /* The sign-in: one aim and one exchange at a time. */
    enum aim aim;
    enum flow flow, next;               /* next: what goes on once the metadata is known */
    struct http_call *call;
    unsigned timer;
    void (*due)(void *user);            /* of the timer */
    int64_t wait_ms, wake_ms;           /* how long it waits, and until when on the sign-in's own clock */
    int64_t skipped_ms;                 /* by how much that is ahead: net_skip_wait() */
    struct value *metadata;             /* of the authorization server; NULL until discovered */
    size_t place;                       /* the next place to look for metadata */
    struct problem no_metadata;         /* why there is none: the first place whose response was neither metadata nor 404 */
    char *other_issuer;                 /* who a server said it is that is not the one we asked for; NULL */
    bool given;                         /* the token came from a file: it is proven, and not kept */
    enum sign_out how;                  /* of the sign-out */
    bool alone;                         /* no other program renews these tokens now: lock_tokens() */
    bool unkept;                        /* the tokens in use are not on disk: not to be used until they are */
    int tries;                          /* how often the same was asked without an answer */
    unsigned token_number;              /* counts access tokens, so that a late 401 does not cost another refresh */
    struct device device;
    struct login login;
    bool renews;                        /* the exchange under way renews the token, and knows no password */
    struct value *unproven;             /* renewed tokens that nobody has accepted yet; NULL */
    struct value *claims;               /* of the id_token: to show, not to trust; NULL */
    struct text note;                   /* what a sign-in falls short of */
    struct checking *checking;
};

/* net.c */
const char *net_issuer(const struct net *net);
const char *net_client_id(const struct net *net);
const char *net_scope(const struct net *net);
void net_local_time(int64_t when, int64_t now, char *text, size_t size);    /* HH:MM, with the day when it is not near */
char *net_url(const struct net *net, const char *path);     /* address + path; yours; NULL: of another origin */
char *net_host(const char *address);                         /* "host:port" for messages, without a password; yours */
void net_split(const char *address, const char *usual_port, char **host, char **port);     /* both yours */
bool net_address_good(const char *address, bool plain, struct problem *why);

/* transfer.c */
/* A refresh is over: what waited for it goes on, or is answered with `why` (NULL: sign in again) when the loop turns. */
void transfers_refreshed(struct net *net, bool good, const struct problem *why);
void transfers_free(struct net *net);

/* failure.c: why there is no response, with the proxy that failed or the host of `url`, and what to do */
void failure_problem(struct problem *why, const struct net *net, const struct http_answer *answer, const char *url);
/* The same, and what a response is that its endpoint does not give: a redirect, a web page, "too many requests", "not now". */
void response_problem(struct problem *why, const struct net *net, const struct http_answer *answer, const char *url);
bool response_is_page(const struct http_answer *answer);    /* HTML: of a captive portal, a proxy, or a service behind neither */
void redirect_problem(struct problem *why, const struct http_answer *answer, const char *url);
void later_problem(struct problem *why, const char *url, int wait_s);

/* sign_in.c: what is wanted, and what comes of each exchange */
bool sign_in_refresh(struct net *net);                      /* false: there is no refresh token, or a sign-in is under way */
void sign_in_free(struct net *net);
void sign_in_exchange(struct net *net, enum flow flow);     /* starts it; looks for the metadata first when they are not known */
void sign_in_get(struct net *net, const char *url, const char *access);    /* access NULL: nobody in particular asks */
void sign_in_wait(struct net *net, int64_t wait_ms, void (*due)(void *user));      /* the one timer of the sign-in */
void sign_in_end(struct net *net);                          /* the aim, silently */
void sign_in_tell(struct net *net, struct sign_in_fact *fact);      /* ends the aim, unless it is a code */
void sign_in_fail(struct net *net, enum sign_in_phase phase, struct problem *why);      /* ends it as each aim fails; clears *why */
bool sign_in_keep(struct net *net, const struct value *tokens, struct problem *why);
int64_t sign_in_clock_ms(const struct net *net);
int64_t sign_in_time(const struct net *net);                /* wall time, seconds */
int sign_in_number(const struct value *body, const char *name, int least, int most, int otherwise);

/* who.c: whose token it is */
void who_ask(struct net *net);
void who_answer(struct net *net, const struct http_answer *answer, const struct value *body);
/* Report that the service rejected the token, with the advice that fits how it was obtained: given, password or device. */
void sign_in_rejected(const struct net *net, struct problem *why);
bool who_wants_issuer(const struct net *net);               /* it is asked, not the service */

/* discover.c: the metadata of the authorization server (RFC 8414, OpenID Connect Discovery) */
char *discover_place(const struct net *net);                /* the next address to ask; NULL: all were asked; yours */
void discovered(struct net *net, const struct http_answer *answer, const struct value *body);
const char *discover_endpoint(const struct net *net, enum flow flow);      /* NULL: not named, or not safe */
bool discover_has_all(const struct net *net, enum flow flow);              /* also the endpoint that comes after it */
void discover_missing(const struct net *net, enum flow flow, struct problem *why);      /* which endpoint that is not, and why */

/* device.c: the device grant (RFC 8628) */
void device_begin(struct net *net);               /* with a new code, or the kept one */
void device_answer(struct net *net, const struct http_answer *answer, const struct value *body);       /* of FLOW_DEVICE */
void device_polled(struct net *net, const struct http_answer *answer, const struct value *body);       /* of FLOW_POLL */
void device_clear(struct net *net);
void device_forget(struct net *net);                        /* on disk too */
void device_leave(struct net *net);                         /* the program ends: when it may be asked for again goes to disk */

/* revoke.c: signing out (RFC 7009) */
#define REVOKE_NO_WAY "The service has no endpoint to revoke a token"
void revoke_begin(struct net *net);
bool revoke_again(struct net *net, const struct http_answer *answer);      /* sent again later; false: it is worth no further try */
void revoke_answer(struct net *net, const struct http_answer *answer, const struct value *body);       /* of FLOW_REVOKE */
void revoke_failed(struct net *net, const struct problem *reason);         /* nothing is deleted */

/* password.c: name and password, and the token that they are given for */
bool password_used(const struct net *net);                  /* that is how this service signs in */
bool password_is_due(const struct net *net);                /* the token is better renewed before it is used again */
bool password_can_go_on(const struct net *net);             /* a new token can be had without asking anybody */
void password_begin(struct net *net);
void password_rejected(struct net *net);                    /* the service does not accept the token */
void password_forget(struct net *net);
char *password_line(const struct net *net, const char *access);     /* the header line that carries a token; yours, a secret */

/* refresh.c: tokens that come, and are renewed */
void refresh_begin(void *user);
int64_t token_time(const struct value *tokens, const char *name);          /* wall time, seconds; 0: not told */
void token_put_time(struct value *tokens, const char *name, int64_t time);
struct value *token_claims(const char *token);             /* what a token says of itself (RFC 7519), not to be trusted; yours; NULL: nothing */
void refresh_answer(struct net *net, const struct http_answer *answer, const struct value *body);      /* of FLOW_REFRESH */
void refresh_got_tokens(struct net *net, const struct value *body);        /* of either grant */
bool refresh_is_due(const struct net *net);
bool refresh_has_time(const struct net *net);               /* the access token may be used: on disk, not expired */

/* trust.c */
bool sign_in_page_good(const struct net *net, const char *page, struct problem *why);
bool sign_in_code_good(const char *code);
bool sign_in_token_good(const char *token);

/* grant.c: what a response of the token endpoint means */
enum grant {
    GRANT_NONE,         /* nothing: not its response, or not now. To be asked again */
    GRANT_TOKENS, GRANT_PENDING, GRANT_SLOW_DOWN,
    GRANT_UNUSABLE,     /* a token of a type that is not ours */
    GRANT_ERROR,        /* definite */
};
/* *error: the OAuth error, borrowed from `body` or constant; NULL: none. body NULL: not JSON */
enum grant grant_of(const struct http_answer *answer, const struct value *body, const char **error);
char *grant_words(const char *text, const struct value *body, const char *error);      /* with the service's description, sanitised; yours */

/* form.c */
char *form_basic(const char *name, const char *secret);     /* a header line: RFC 6749, 2.3.1; yours, a secret */
void form_add(struct text *form, const char *name, const char *value);     /* NULL value: left out */

/* checks.c */
void checks_free(struct net *net);
/*
 * In a check's child, which may block: one line of what was found, to `fd`; `last` when the check is over. text, remedy may be NULL.
 * since  loop_now_ms() when it was begun
 */
void check_report(int fd, const char *id, const char *label, enum check_result result, bool last, int64_t since, const char *text,
                  const char *remedy);

/* check_command.c, check_service.c: one check in its child. taken_on: we are the service user */
void check_command(int fd, const struct net *net, const struct check *check);
void check_service(int fd, const struct net *net, const struct check *check);
void check_user(int fd, const struct net *net, const struct check *check, bool taken_on);

#endif
