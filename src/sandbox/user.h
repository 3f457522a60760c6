/*
 * user - people who can sign in: an e-mail address, a password (argon2id), and the tenant they manage.
 */
#ifndef SANDBOX_USER_H
#define SANDBOX_USER_H

#include "service.h"

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 200 };

/* Whether there is such a user; the id into *id (may be NULL), yours. */
bool user_find(struct service *service, const char *email, char **id);
/* A new user with a tenant of its own. */
void user_add(struct service *service, const char *email, const char *name, const char *password, int64_t now_ms);

/*
 * The id of the user whose password this is, yours; NULL if it is not. After the third wrong try the next is looked at
 * only after 1 second, then 2, 4 ... 300; *wait_s tells how long still, 0 when it was looked at. Unknown users take as long.
 */
char *user_check(struct service *service, const char *email, const char *password, int64_t now_ms, int *wait_s);

/* Wrong tries at `what` are counted, and forgotten after a success. */
void tries_add(struct service *service, const char *what, int64_t until_ms);
void tries_forget(struct service *service, const char *what);
/* How many there were; *until_ms: as given last. */
int tries_count(struct service *service, const char *what, int64_t *until_ms);

#endif
