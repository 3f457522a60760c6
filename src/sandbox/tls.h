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

/* Certificates that nobody should trust, for the fault port. All but the first are of the same CA. */
enum tls_flaw { TLS_SELF_SIGNED, TLS_EXPIRED, TLS_EARLY, TLS_OTHER_HOST, TLS_FLAWS };

/*
 * Reads or makes ca.pem, server.pem and server-key.pem in `folder`.
 *
 * flawed  TLS_FLAWS of them, made as well; NULL: none are wanted
 */
bool tls_prepare(const char *folder, struct tls *tls, struct tls *flawed, struct problem *why);
void tls_remove(const char *folder);    /* all that tls_prepare() made */
void tls_clear(struct tls *tls);

#endif
