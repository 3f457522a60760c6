#include "tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define DAY 86400 /* seconds */

enum { PEM_LIMIT = 64 * 1024 };

struct pair {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
};

static bool write_file(const char *folder, const char *name, const char *bytes, size_t size, int mode,
                       struct problem *why)
{
    char *path = text_format("%s/%s", folder, name);

    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    bool written = fd >= 0 && write(fd, bytes, size) == (ssize_t)size;

    if (!written)
        problem_errno(why, path, "cannot be written");
    if (fd >= 0)
        close(fd);
    free(path);
    return written;
}

/* A key and a certificate that is filled in as far as both kinds of it agree; gnutls' status, negative when
 * it failed. */
static int pair_begin(struct pair *pair, const char *name, int days)
{
    unsigned char serial[16];
    time_t now = time(NULL);
    int status = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);

    serial[0] &= 0x7F; /* a serial number is positive: RFC 5280, 4.1.2.2 */
    if (status >= 0)
        status = gnutls_x509_privkey_init(&pair->key);
    if (status >= 0)
        status = gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (status >= 0)
        status = gnutls_x509_crt_init(&pair->certificate);
    if (status >= 0)
        status = gnutls_x509_crt_set_version(pair->certificate, 3);
    if (status >= 0)
        status = gnutls_x509_crt_set_serial(pair->certificate, serial, sizeof serial);
    if (status >= 0)
        status = gnutls_x509_crt_set_activation_time(pair->certificate, now - DAY);
    if (status >= 0)
        status = gnutls_x509_crt_set_expiration_time(pair->certificate, now + (time_t)days * DAY);
    if (status >= 0)
        status = gnutls_x509_crt_set_dn_by_oid(pair->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                               (unsigned)strlen(name));
    if (status >= 0)
        status = gnutls_x509_crt_set_key(pair->certificate, pair->key);
    return status;
}

static int set_key_id(gnutls_x509_crt_t certificate, gnutls_x509_crt_t authority)
{
    unsigned char id[64];
    size_t size = sizeof id;
    int status = gnutls_x509_crt_get_key_id(certificate, 0, id, &size);

    if (status >= 0)
        status = gnutls_x509_crt_set_subject_key_id(certificate, id, size);
    size = sizeof id;
    if (status >= 0)
        status = gnutls_x509_crt_get_key_id(authority, 0, id, &size);
    if (status >= 0)
        status = gnutls_x509_crt_set_authority_key_id(certificate, id, size);
    return status;
}

static int make_authority(struct pair *ca)
{
    int status = pair_begin(ca, "commerce-sandbox CA", 398);

    if (status >= 0)
        status = gnutls_x509_crt_set_basic_constraints(ca->certificate, 1, 0);
    if (status >= 0)
        status = gnutls_x509_crt_set_key_usage(ca->certificate, GNUTLS_KEY_KEY_CERT_SIGN);
    if (status >= 0)
        status = set_key_id(ca->certificate, ca->certificate);
    if (status >= 0)
        status = gnutls_x509_crt_sign2(ca->certificate, ca->certificate, ca->key, GNUTLS_DIG_SHA256, 0);
    return status;
}

static int set_names(gnutls_x509_crt_t certificate)
{
    struct in_addr four = {.s_addr = htonl(INADDR_LOOPBACK)};
    struct in6_addr six = IN6ADDR_LOOPBACK_INIT;
    int status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost",
                                                      strlen("localhost"), GNUTLS_FSAN_SET);

    if (status >= 0)
        status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &four, sizeof four,
                                                      GNUTLS_FSAN_APPEND);
    if (status >= 0)
        status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &six, sizeof six,
                                                      GNUTLS_FSAN_APPEND);
    return status;
}

static int make_server(struct pair *server, const struct pair *ca)
{
    int status = pair_begin(server, "localhost", 397);

    if (status >= 0)
        status = set_names(server->certificate);
    if (status >= 0)
        status = gnutls_x509_crt_set_basic_constraints(server->certificate, 0, -1);
    if (status >= 0)
        status = gnutls_x509_crt_set_key_usage(server->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (status >= 0)
        status = gnutls_x509_crt_set_key_purpose_oid(server->certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (status >= 0)
        status = set_key_id(server->certificate, ca->certificate);
    if (status >= 0)
        status = gnutls_x509_crt_sign2(server->certificate, ca->certificate, ca->key, GNUTLS_DIG_SHA256, 0);
    return status;
}

static bool save(const char *folder, const struct pair *server, const struct pair *ca, struct problem *why)
{
    gnutls_datum_t authority = {0}, certificate = {0}, key = {0};
    bool saved = gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_PEM, &authority) >= 0 &&
                 gnutls_x509_crt_export2(server->certificate, GNUTLS_X509_FMT_PEM, &certificate) >= 0 &&
                 gnutls_x509_privkey_export2_pkcs8(server->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                   &key) >= 0;

    if (!saved)
        problem_set(why, PROBLEM_INTERNAL, "The certificate cannot be put into PEM.");
    saved = saved && write_file(folder, "ca.pem", (char *)authority.data, authority.size, 0644, why) &&
            write_file(folder, "server.pem", (char *)certificate.data, certificate.size, 0644, why) &&
            write_file(folder, "server-key.pem", (char *)key.data, key.size, 0600, why);
    gnutls_free(authority.data);
    gnutls_free(certificate.data);
    if (key.data)
        gnutls_memset(key.data, 0, key.size);
    gnutls_free(key.data);
    return saved;
}

static void pair_clear(struct pair *pair)
{
    if (pair->key)
        gnutls_x509_privkey_deinit(pair->key);
    if (pair->certificate)
        gnutls_x509_crt_deinit(pair->certificate);
}

static bool make(const char *folder, struct problem *why)
{
    struct pair ca = {0}, server = {0};
    int status = make_authority(&ca);
    bool made = false;

    if (status >= 0)
        status = make_server(&server, &ca);
    if (status < 0)
        problem_set(why, PROBLEM_INTERNAL, "The certificate cannot be made: %s", gnutls_strerror(status));
    else
        made = save(folder, &server, &ca, why);
    pair_clear(&ca);
    pair_clear(&server);
    return made;
}

static bool read_file(const char *folder, const char *name, struct text *out, struct problem *why)
{
    char *path = text_format("%s/%s", folder, name);
    bool got = file_read(path, PEM_LIMIT, true, out, why);

    free(path);
    return got;
}

/* Whether the certificate is good for another week. */
static bool is_fresh(const struct text *pem)
{
    gnutls_datum_t datum = {(unsigned char *)pem->bytes, (unsigned)pem->size};
    gnutls_x509_crt_t certificate = NULL;
    bool fresh = gnutls_x509_crt_init(&certificate) >= 0 &&
                 gnutls_x509_crt_import(certificate, &datum, GNUTLS_X509_FMT_PEM) >= 0 &&
                 gnutls_x509_crt_get_expiration_time(certificate) > time(NULL) + 7 * DAY;

    if (certificate)
        gnutls_x509_crt_deinit(certificate);
    return fresh;
}

static bool load(const char *folder, struct tls *tls, struct problem *why)
{
    struct text ca = {0};
    bool loaded = read_file(folder, "ca.pem", &ca, why) &&
                  read_file(folder, "server.pem", &tls->certificate, why) &&
                  read_file(folder, "server-key.pem", &tls->key, why) && is_fresh(&tls->certificate);

    text_clear(&ca);
    if (!loaded)
        tls_clear(tls);
    return loaded;
}

bool tls_prepare(const char *folder, struct tls *tls, struct problem *why)
{
    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return problem_errno(why, folder, "cannot be made");
    return load(folder, tls, NULL) || (make(folder, why) && load(folder, tls, why));
}

void tls_remove(const char *folder)
{
    static const char *const names[] = {"ca.pem", "server.pem", "server-key.pem"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = text_format("%s/%s", folder, names[i]);

        unlink(path);
        free(path);
    }
}

void tls_clear(struct tls *tls)
{
    text_clear(&tls->certificate);
    text_wipe(&tls->key);
}
