/*
 * service_read - reading the operations of a service description.
 */
#ifndef MODEL_SERVICE_READ_H
#define MODEL_SERVICE_READ_H

#include "model/operation.h"
#include "read.h"

void operation_read(struct reader *reader, const char *id, const struct value *map, struct operation *operation);
void operation_free(struct operation *operation);

#endif
