/*
 * offers - what is the same for every tenant: the service itself, states, marketplaces, categories and their like.
 */
#ifndef SANDBOX_OFFERS_H
#define SANDBOX_OFFERS_H

#include "call.h"

void root_get(struct call *call);
void me_get(struct call *call);
void states_list(struct call *call);
void methods_list(struct call *call);
void attributes_list(struct call *call);
void charge_codes_list(struct call *call);
void marketplaces_list(struct call *call);
void marketplace_attributes_list(struct call *call);
void hierarchies_list(struct call *call);
void categories_list(struct call *call);

#endif
