/*
 * routes - what the service answers to: method, path, who answers, and with which statuses.
 */
#ifndef SANDBOX_ROUTES_H
#define SANDBOX_ROUTES_H

#include "call.h"

/*
 * The route for method and path, its {names} decoded into `args` (yours). NULL when there is none; `allowed` then
 * lists the methods that the path has, if any: "GET, HEAD, PUT".
 */
const struct route *route_find(const struct options *options, const char *method, const char *path, char *args[2],
                               struct text *allowed);
const struct route *route_at(size_t i);     /* NULL beyond the end */
/* All statuses the route may answer with, those of its kind included, ascending; see service_print_routes(). */
void route_statuses(const struct route *route, struct text *out);
bool route_changes(const struct route *route);      /* anything but GET */

#endif
