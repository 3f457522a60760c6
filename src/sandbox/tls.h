/*
 * tls - a certificate for the loopback names, and the CA that vouches for it.
 *
 * The CA signs once and its key is never written, so nobody can make other certificates that those who trust the CA
 * would believe. What is in the folder already is used again while it is valid for another week.
 */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H

#include <stdbool.h>

#include "base/problem.h"
#include "base/text.h"

struct tls {
    struct text certificate;    /* PEM */
    struct text key;            /* PEM; a secret */
};

/* Reads or makes ca.pem, server.pem and server-key.pem in `folder`. */
bool tls_prepare(const char *folder, struct tls *tls, struct problem *why);
void tls_remove(const char *folder);    /* those three files */
void tls_clear(struct tls *tls);

#endif
