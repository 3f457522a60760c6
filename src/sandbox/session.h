/*
 * session - who sits at the browser.
 *
 * The cookie holds 256 random bits, the database their hash. A visitor who has not signed in has a cookie too, of which
 * nothing is kept: the hidden token of a form is derived from the cookie, so a form can only be sent by the browser
 * that was shown it. Signing in makes a new id.
 */
#ifndef SANDBOX_SESSION_H
#define SANDBOX_SESSION_H

#include "call.h"

enum { SESSION_SECONDS = 8 * 3600 };

/* Fills in call->session (a new one if the browser had none) and, if signed in, user and tenant. */
void session_load(struct call *call);
/* The token that forms carry in their member "form"; yours. */
char *session_form_token(const struct call *call);
/* Whether a POST comes from one of our own forms: the token, and Origin (or Referer, from browsers that send no Origin). */
bool session_form_is_ours(const struct call *call);
void session_sign_in(struct call *call, const char *user);
void session_sign_out(struct call *call);

#endif
