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
static int pair_begin(struct pair *pair, const char *name, int from_days, int days)
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
        status = gnutls_x509_crt_set_activation_time(pair->certificate, now + (time_t)from_days * DAY);
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
    int status = pair_begin(ca, "commerce-sandbox CA", -1, 398);

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

/* What a certificate of ours is like; all of the names are of the loopback interface, or none of them. */
struct kind {
    const char *file; /* without ".pem" */
    const char *name;
    int from_days, days; /* from now */
    bool self_signed;
};

static const struct kind right = {"server", "localhost", -1, 397, false};
static const struct kind wrong[TLS_FLAWS] = {
    [TLS_SELF_SIGNED] = {"self-signed", "localhost", -1, 397, true},
    [TLS_EXPIRED] = {"expired", "localhost", -30, -2, false},
    [TLS_EARLY] = {"early", "localhost", 30, 60, false},
    [TLS_OTHER_HOST] = {"other-host", "other.example", -1, 397, false},
};

static int set_names(gnutls_x509_crt_t certificate, const char *name)
{
    struct in_addr four = {.s_addr = htonl(INADDR_LOOPBACK)};
    struct in6_addr six = IN6ADDR_LOOPBACK_INIT;
    int status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
                                                      (unsigned)strlen(name), GNUTLS_FSAN_SET);

    if (status < 0 || strcmp(name, "localhost") != 0)
        return status;
    if (status >= 0)
        status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &four, sizeof four,
                                                      GNUTLS_FSAN_APPEND);
    if (status >= 0)
        status = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &six, sizeof six,
                                                      GNUTLS_FSAN_APPEND);
    return status;
}

static int make_server(struct pair *server, const struct pair *ca, const struct kind *kind)
{
    const struct pair *signer = kind->self_signed ? server : ca;
    int status = pair_begin(server, kind->name, kind->from_days, kind->days);

    if (status >= 0)
        status = set_names(server->certificate, kind->name);
    if (status >= 0)
        status = gnutls_x509_crt_set_basic_constraints(server->certificate, 0, -1);
    if (status >= 0)
        status = gnutls_x509_crt_set_key_usage(server->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (status >= 0)
        status = gnutls_x509_crt_set_key_purpose_oid(server->certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (status >= 0)
        status = set_key_id(server->certificate, signer->certificate);
    if (status >= 0)
        status = gnutls_x509_crt_sign2(server->certificate, signer->certificate, signer->key,
                                       GNUTLS_DIG_SHA256, 0);
    return status;
}

static bool save_authority(const char *folder, const struct pair *ca, struct problem *why)
{
    gnutls_datum_t authority = {0};
    bool saved = gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_PEM, &authority) >= 0 &&
                 write_file(folder, "ca.pem", (char *)authority.data, authority.size, 0644, why);

    gnutls_free(authority.data);
    return saved;
}

static bool save(const char *folder, const struct kind *kind, const struct pair *server, struct problem *why)
{
    char *pem = text_format("%s.pem", kind->file), *key_pem = text_format("%s-key.pem", kind->file);
    gnutls_datum_t certificate = {0}, key = {0};
    bool saved = gnutls_x509_crt_export2(server->certificate, GNUTLS_X509_FMT_PEM, &certificate) >= 0 &&
                 gnutls_x509_privkey_export2_pkcs8(server->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                   &key) >= 0;

    if (!saved)
        problem_set(why, PROBLEM_INTERNAL, "The certificate cannot be put into PEM.");
    saved = saved && write_file(folder, pem, (char *)certificate.data, certificate.size, 0644, why) &&
            write_file(folder, key_pem, (char *)key.data, key.size, 0600, why);
    gnutls_free(certificate.data);
    if (key.data)
        gnutls_memset(key.data, 0, key.size);
    gnutls_free(key.data);
    free(pem);
    free(key_pem);
    return saved;
}

static void pair_clear(struct pair *pair)
{
    if (pair->key)
        gnutls_x509_privkey_deinit(pair->key);
    if (pair->certificate)
        gnutls_x509_crt_deinit(pair->certificate);
}

static bool make_one(const char *folder, const struct pair *ca, const struct kind *kind, struct problem *why)
{
    struct pair server = {0};
    int status = make_server(&server, ca, kind);
    bool made = status >= 0 && save(folder, kind, &server, why);

    if (status < 0)
        problem_set(why, PROBLEM_INTERNAL, "The certificate cannot be made: %s", gnutls_strerror(status));
    pair_clear(&server);
    return made;
}

static bool make(const char *folder, bool with_flaws, struct problem *why)
{
    struct pair ca = {0};
    int status = make_authority(&ca);
    bool made = status >= 0 && save_authority(folder, &ca, why) && make_one(folder, &ca, &right, why);

    if (status < 0)
        problem_set(why, PROBLEM_INTERNAL, "The CA cannot be made: %s", gnutls_strerror(status));
    for (int i = 0; made && with_flaws && i < TLS_FLAWS; i++)
        made = make_one(folder, &ca, &wrong[i], why);
    pair_clear(&ca);
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

static bool load_one(const char *folder, const struct kind *kind, struct tls *tls, struct problem *why)
{
    char *pem = text_format("%s.pem", kind->file), *key_pem = text_format("%s-key.pem", kind->file);
    bool loaded =
        read_file(folder, pem, &tls->certificate, why) && read_file(folder, key_pem, &tls->key, why);

    free(pem);
    free(key_pem);
    return loaded;
}

static bool load(const char *folder, struct tls *tls, struct tls *flawed, struct problem *why)
{
    struct text ca = {0};
    bool loaded = read_file(folder, "ca.pem", &ca, why) && load_one(folder, &right, tls, why) &&
                  is_fresh(&tls->certificate);

    for (int i = 0; loaded && flawed && i < TLS_FLAWS; i++)
        loaded = load_one(folder, &wrong[i], &flawed[i], why);
    text_clear(&ca);
    if (loaded)
        return true;
    tls_clear(tls);
    for (int i = 0; flawed && i < TLS_FLAWS; i++)
        tls_clear(&flawed[i]);
    return false;
}

bool tls_prepare(const char *folder, struct tls *tls, struct tls *flawed, struct problem *why)
{
    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return problem_errno(why, folder, "cannot be made");
    return load(folder, tls, flawed, NULL) ||
           (make(folder, flawed != NULL, why) && load(folder, tls, flawed, why));
}

static void remove_file(const char *folder, const char *name, const char *end)
{
    char *path = text_format("%s/%s%s", folder, name, end);

    unlink(path);
    free(path);
}

void tls_remove(const char *folder)
{
    remove_file(folder, "ca", ".pem");
    remove_file(folder, right.file, ".pem");
    remove_file(folder, right.file, "-key.pem");
    for (int i = 0; i < TLS_FLAWS; i++) {
        remove_file(folder, wrong[i].file, ".pem");
        remove_file(folder, wrong[i].file, "-key.pem");
    }
}

void tls_clear(struct tls *tls)
{
    text_clear(&tls->certificate);
    text_wipe(&tls->key);
}
