/*
 * rows - collections of rows: chosen payment providers, shipping methods, and those of --collection.
 */
#ifndef SANDBOX_ROWS_H
#define SANDBOX_ROWS_H

#include "call.h"

void providers_list(struct call *call);
void provider_test(struct call *call);
void chosen_list(struct call *call);
void chosen_get(struct call *call);
void chosen_put(struct call *call);
void chosen_delete(struct call *call);

void shipping_list(struct call *call);
void shipping_get(struct call *call);
void shipping_put(struct call *call);
void shipping_delete(struct call *call);

void collection_list(struct call *call);
void collection_get(struct call *call);
void collection_put(struct call *call);
void collection_delete(struct call *call);

#endif
