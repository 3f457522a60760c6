#include "wire.h"

#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"

enum { QUIET_MS = 30000, HANDSHAKE = 0x16 /* the type of the first record: RFC 8446, 5.1 */ };

struct wire_keys {
    gnutls_certificate_credentials_t right;
    gnutls_certificate_credentials_t flawed[TLS_FLAWS];
};

static bool load(gnutls_certificate_credentials_t *credentials, const struct tls *tls)
{
    gnutls_datum_t certificate = {(unsigned char *)tls->certificate.bytes, (unsigned)tls->certificate.size};
    gnutls_datum_t key = {(unsigned char *)tls->key.bytes, (unsigned)tls->key.size};

    return gnutls_certificate_allocate_credentials(credentials) >= 0 &&
           gnutls_certificate_set_x509_key_mem(*credentials, &certificate, &key, GNUTLS_X509_FMT_PEM) >= 0;
}

struct wire_keys *wire_keys_new(const struct tls *tls, const struct tls flawed[TLS_FLAWS])
{
    if (!tls)
        return NULL;
    struct wire_keys *keys = mem_new(sizeof *keys);
    bool loaded = load(&keys->right, tls);

    for (int i = 0; loaded && i < TLS_FLAWS; i++)
        loaded = load(&keys->flawed[i], &flawed[i]);
    if (loaded)
        return keys;
    wire_keys_free(keys);
    return NULL;
}

void wire_keys_free(struct wire_keys *keys)
{
    if (!keys)
        return;
    if (keys->right)
        gnutls_certificate_free_credentials(keys->right);
    for (int i = 0; i < TLS_FLAWS; i++)
        if (keys->flawed[i])
            gnutls_certificate_free_credentials(keys->flawed[i]);
    free(keys);
}

static bool comes(int fd)
{
    struct pollfd wait = {fd, POLLIN, 0};

    return poll(&wait, 1, QUIET_MS) == 1;
}

bool wire_is_tls(int fd)
{
    unsigned char first;

    return comes(fd) && recv(fd, &first, 1, MSG_PEEK) == 1 && first == HANDSHAKE;
}

bool wire_begin(struct wire *wire, int fd, const struct wire_keys *keys, int flaw)
{
    gnutls_session_t session = NULL;
    int status;

    *wire = (struct wire){.fd = fd};
    if (!keys || !wire_is_tls(fd))
        return true;
    if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) < 0)
        return false;
    wire->session = session;
    if (gnutls_set_default_priority(session) < 0 ||
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, flaw < 0 ? keys->right : keys->flawed[flaw]) <
            0)
        return false;
    gnutls_transport_set_int(session, fd);
    gnutls_handshake_set_timeout(session, QUIET_MS);
    do
        status = gnutls_handshake(session);
    while (status < 0 && !gnutls_error_is_fatal(status));
    return status >= 0;
}

ssize_t wire_receive(struct wire *wire, char *bytes, size_t size)
{
    bool there = wire->session && gnutls_record_check_pending(wire->session) > 0;
    ssize_t got;

    if (!there && !comes(wire->fd))
        return 0;
    if (!wire->session)
        return recv(wire->fd, bytes, size, 0);
    do
        got = gnutls_record_recv(wire->session, bytes, size);
    while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);
    return got;
}

bool wire_send(struct wire *wire, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = wire->session ? gnutls_record_send(wire->session, bytes, size)
                                     : send(wire->fd, bytes, size, MSG_NOSIGNAL);

        if (sent == GNUTLS_E_INTERRUPTED || sent == GNUTLS_E_AGAIN)
            continue;
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

bool wire_stays(const struct wire *wire, int ms)
{
    struct pollfd wait = {wire->fd, POLLRDHUP, 0};

    return poll(&wait, 1, ms) == 0;
}

void wire_end(struct wire *wire, bool fair)
{
    if (wire->session && fair)
        gnutls_bye(wire->session, GNUTLS_SHUT_WR);
    if (wire->session)
        gnutls_deinit(wire->session);
    wire->session = NULL;
}
