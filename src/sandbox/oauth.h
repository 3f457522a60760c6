/*
 * oauth - signing in a device: RFC 8414 (metadata), RFC 8628 (device grant), RFC 6749 (refresh), RFC 7009 (revocation).
 *
 * A device's row goes from pending to approved or refused (by its user, in a browser), and from approved to used (by
 * its tokens being fetched, once).
 */
#ifndef SANDBOX_OAUTH_H
#define SANDBOX_OAUTH_H

#include "call.h"

enum { WRONG_CODES_MOST = 5 };

void oauth_metadata(struct call *call);
void oauth_device_authorization(struct call *call);
void oauth_token(struct call *call);
void oauth_revoke(struct call *call);
void oauth_userinfo(struct call *call);

/* RFC 6749, 5.2. */
void oauth_error(struct call *call, int status, const char *error, const char *description);

/*
 * What a person typed as a code in the form it is kept in ("BCDF-GHJK": blanks, dashes and case do not count); yours.
 */
char *user_code_read(const char *typed);
/* The pending device with this code, a row of its table; NULL if there is none (any more). Yours. */
struct value *device_find(struct call *call, const char *user_code);
/* The decision of the person who is signed in, about a device that was found. */
void device_decide(struct call *call, const char *user_code, bool approve);

#endif
