/*
 * log - one line for each request, added before its reply leaves: method, path without query, status.
 *
 * "replayed" stands behind when an earlier answer was given again and nothing was done. No secret comes in here: they
 * travel in headers and bodies, and codes in queries.
 */
#ifndef SANDBOX_LOG_H
#define SANDBOX_LOG_H

#include "service.h"

/* Opens service->options.log for adding to it, if there is one. */
bool log_open(struct service *service, struct problem *why);
void log_line(const struct service *service, const struct request *request, const struct reply *reply);
void log_close(struct service *service);

#endif
