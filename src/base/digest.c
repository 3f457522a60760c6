#include "base/digest.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/random.h>

static const char digits_of[] = "0123456789abcdef";

void digest_sha256(const void *bytes, size_t size, char hex[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, bytes, size);
    for (size_t i = 0; i < sizeof hash; i++) {
        hex[2 * i] = digits_of[hash[i] >> 4];
        hex[2 * i + 1] = digits_of[hash[i] & 15];
    }
    hex[64] = '\0';
}

void digest_random(char *hex, size_t digits)
{
    unsigned char bytes[64];

    for (size_t i = 0; i < digits;) {
        ssize_t got = getrandom(bytes, sizeof bytes, 0);

        /* Up to 256 bytes only a signal can interrupt it, see getrandom(2); without random numbers nothing is safe. */
        if (got < 0 && errno != EINTR)
            abort();
        for (ssize_t b = 0; b < got && i < digits; b++)
            hex[i++] = digits_of[bytes[b] & 15];
    }
    hex[digits] = '\0';
}
