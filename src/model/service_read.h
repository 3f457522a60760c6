/*
 * service_read - reading the operations of a service description.
 */
#ifndef MODEL_SERVICE_READ_H
#define MODEL_SERVICE_READ_H

#include "model/operation.h"
#include "read.h"

/* `id` is borrowed. */
void operation_read(struct reader *reader, const char *id, const struct value *map, struct operation *operation);
void operation_read_enter(struct reader *reader, const struct value *map, struct operation *operation);

#endif
