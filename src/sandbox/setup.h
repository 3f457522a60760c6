/*
 * setup - the documents that every tenant has from the start: account information, assignments, tax, maps, parameters.
 */
#ifndef SANDBOX_SETUP_H
#define SANDBOX_SETUP_H

#include "call.h"

void account_get(struct call *call);
void account_put(struct call *call);
void assignments_get(struct call *call);
void assignments_put(struct call *call);
void sales_tax_get(struct call *call);
void sales_tax_put(struct call *call);
void attribute_map_get(struct call *call);
void attribute_map_put(struct call *call);
void parameters_get(struct call *call);
void parameters_put(struct call *call);
void settings_get(struct call *call);
void settings_put(struct call *call);

/* The account information and what is missing in it; the web pages use them too. */
struct value *account_read(struct call *call, int64_t *version);
/* Adds a fault for each member of the required information that is not there yet. */
void information_check(struct call *call, struct value *faults);

#endif
