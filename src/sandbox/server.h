/*
 * server - HTTP on the loopback interface: connections become requests, replies go back.
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
 */
struct server *server_start(struct service *service, const struct tls *tls, int port, struct problem *why);
void server_stop(struct server *server);

#endif
