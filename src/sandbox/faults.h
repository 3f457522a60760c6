/*
 * faults - a second port that can be told to misbehave, for trying how a client bears it.
 *
 * Plain http or, with the certificate of the service, https: as the other side begins. One request for each connection. As long as it was told nothing it answers like the service itself, with
 * the same data. It is told by PUT /faults with a form (DELETE /faults ends the fault, GET /faults tells how often it
 * still happens):
 *
 *      curl -X PUT -d 'fault=reset-body&times=1&match=/v1/account' http://127.0.0.1:PORT/faults
 *
 *      fault   which: see faults_help
 *      times   how often; 0, or left out, is until it is told otherwise
 *      match   only requests whose "METHOD target" has this text in it
 *      skip    let so many of those through first
 *      every   2: of the others only the first, third, fifth and so on fail
 *      status, type, header, body      of the fault "answer": header is one whole line, such as "Retry-After: -1"
 */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include "service.h"
#include "tls.h"

struct faults;      /* private to faults.c */

extern const char faults_help[];    /* the names of all faults, one on each line, with what they do */

/* tls  NULL: plain only, and nothing is flawed. service->faults_port is set to the port. */
struct faults *faults_start(struct service *service, const struct tls *tls, const struct tls flawed[TLS_FLAWS], int port,
                            struct problem *why);
void faults_stop(struct faults *faults);

#endif
