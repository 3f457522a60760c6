/*
 * server - HTTP on the loopback interface: connections become requests, replies go back, each is one line in the log.
 *
 * One thread of its own asks the service one request at a time; whoever starts it keeps away from the service until
 * server_stop().
 */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include "service.h"
#include "tls.h"

struct server;      /* private to server.c */

/*
 * tls   NULL speaks plain http
 * port  0 takes any free one; service->port is set to the one it listens on
 * log   NULL: no log. One line for each request, added before its reply leaves: method, path without query, status,
 *       and "replayed" when an earlier answer was given again.
 */
struct server *server_start(struct service *service, const struct tls *tls, int port, const char *log,
                            struct problem *why);
void server_stop(struct server *server);

#endif
