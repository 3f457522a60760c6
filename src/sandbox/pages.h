/*
 * pages - the web site: sign up, sign in, approve a device, see and end the sign-ins of servers, see and change the
 * account, sign out.
 *
 * Nothing changes by a GET. A page that needs a user sends the browser to the sign-in and back.
 */
#ifndef SANDBOX_PAGES_H
#define SANDBOX_PAGES_H

#include "call.h"

void home_page(struct call *call);
void sign_up_page(struct call *call);
void sign_up_post(struct call *call);
void sign_in_page(struct call *call);
void sign_in_post(struct call *call);
void sign_out_post(struct call *call);
void device_page(struct call *call);
void device_post(struct call *call);
void decision_post(struct call *call);
void servers_page(struct call *call);       /* those that are signed in */
void servers_post(struct call *call);       /* signs one out */
void account_page(struct call *call);
void account_post(struct call *call);

/* Loads the session. False when the reply is written: to sign in first (GET), or the form was not ours (POST). */
bool page_begin(struct call *call, bool needs_user);
/* A page of one message. */
void page_message(struct call *call, int status, const char *title, const char *message);
const char *page_field(const struct call *call, const char *name);     /* of the form sent; "" if it is not there */

#endif
