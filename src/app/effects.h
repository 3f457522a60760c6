/*
 * effects - what the wizard wants done, done: requests, the sign-in, checks, timers; what comes of it goes back as events.
 */
#ifndef APP_EFFECTS_H
#define APP_EFFECTS_H

#include "run.h"

void effects_carry_out(struct run *run, const struct effect *effect);
/* The service room, made when it is first needed; NULL when the address or the client cannot be used: told by an event. */
struct net *effects_net(struct run *run);
/* What came of signing in: kept for the commands, and told to the wizard. */
void effects_sign_in(struct run *run, const struct sign_in_fact *fact);

#endif
