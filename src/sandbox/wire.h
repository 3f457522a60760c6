/*
 * wire - a connection of the fault port: TLS if the other side begins with a handshake, else plain.
 */
#ifndef SANDBOX_WIRE_H
#define SANDBOX_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tls.h"

struct wire {
    int fd;
    void *session;      /* gnutls_session_t; NULL: plain */
};

/* What connections share; NULL for no `tls`: all of them are plain then. Yours. */
struct wire_keys *wire_keys_new(const struct tls *tls, const struct tls flawed[TLS_FLAWS]);
void wire_keys_free(struct wire_keys *keys);

/* Whether the other side begins with a TLS handshake; waits for its first byte. */
bool wire_is_tls(int fd);
/* Takes a connection that was accepted, and shakes hands; false when that fails. flaw  an enum tls_flaw; -1: none */
bool wire_begin(struct wire *wire, int fd, const struct wire_keys *keys, int flaw);
/* What has come, at least a byte; 0 when nothing comes any more, or not for 30 seconds. */
ssize_t wire_receive(struct wire *wire, char *bytes, size_t size);
bool wire_send(struct wire *wire, const char *bytes, size_t size);
/* Whether the other side is still there after so long; -1 waits until it is not. */
bool wire_stays(const struct wire *wire, int ms);
/* fair  says goodbye; else the other side sees the connection end in the middle */
void wire_end(struct wire *wire, bool fair);

#endif
