/*
 * activation - activating, watching, deactivating, disconnecting.
 *
 * An operation is its start and its length: how far it is follows from the clock, so it goes on while nobody looks and
 * over restarts.
 */
#ifndef SANDBOX_ACTIVATION_H
#define SANDBOX_ACTIVATION_H

#include "call.h"

void activation_get(struct call *call);
void activation_post(struct call *call);
void operation_get(struct call *call);
void deactivation_post(struct call *call);
void disconnection_post(struct call *call);

#endif
