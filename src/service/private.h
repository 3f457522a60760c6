/* What the files of the service room share. */
#ifndef SERVICE_PRIVATE_H
#define SERVICE_PRIVATE_H

#include "http.h"
#include "service/service.h"

struct transfer;
struct checking;

enum flow { FLOW_NONE, FLOW_DISCOVER, FLOW_DISCOVER_OIDC, FLOW_DEVICE, FLOW_POLL, FLOW_REFRESH, FLOW_WHO, FLOW_REVOKE };

#define RETRIES_A_MINUTE 10             /* of the whole process: reliability.md, section 2 */

struct net {
    struct net_options options;
    struct net_events events;
    struct loop *loop;
    struct http *http;
    struct value *tokens;               /* access, refresh, expires, user, account */
    struct transfer *transfers;         /* list */
    int64_t retried_ms[RETRIES_A_MINUTE];       /* when the last ones were: a ring */
    unsigned retry_count;
    /* The sign-in: one exchange at a time. */
    enum flow flow;
    struct http_call *call;
    unsigned timer;
    struct value *metadata;             /* of the authorization server; NULL until discovered */
    enum flow after_discovery;
    enum flow wanted;                   /* starts as soon as the loop turns */
    bool given;                         /* the token came from a file: it is proven, and not kept */
    int proofs;                         /* how often a given token was shown without an answer */
    unsigned token_number;              /* counts access tokens, so that a late 401 does not cost another refresh */
    char *device_code;
    int interval, slowed;
    int64_t expires_ms;                 /* of the device code, on the loop's clock: ours may be set meanwhile */
    struct checking *checking;
};

/* net.c */
const char *net_issuer(const struct net *net);
char *net_url(const struct net *net, const char *path);     /* address + path; yours; NULL: of another origin */
char *net_host(const char *address);                         /* "host:port" for messages, without a password; yours */
void net_split(const char *address, const char *usual_port, char **host, char **port);     /* both yours */
bool net_address_good(const char *address, bool plain, struct problem *why);

/* transfer.c */
/* A refresh is over: what waited for it goes on, or is answered with `why` (NULL: sign in again) when the loop turns. */
void transfers_refreshed(struct net *net, bool good, const struct problem *why);
void transfers_free(struct net *net);
void failure_problem(struct problem *why, const struct net *net, const struct http_answer *answer, const char *url);

/* sign_in.c */
bool sign_in_refresh(struct net *net);                      /* false: there is no refresh token, or a sign-in is under way */
void sign_in_stop(struct net *net);
void sign_in_free(struct net *net);

/* trust.c */
bool sign_in_page_good(const struct net *net, const char *page, struct problem *why);
bool sign_in_code_good(const char *code);
bool sign_in_token_good(const char *token);
const char *sign_in_error(const struct http_answer *answer, const struct value *body);      /* NULL: none; body NULL: not JSON */

/* form.c */
void form_add(struct text *form, const char *name, const char *value);     /* NULL value: left out */

/* checks.c */
void checks_free(struct net *net);

#endif
