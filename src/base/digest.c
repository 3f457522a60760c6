#include "base/digest.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"

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

void digest_base64(const void *bytes, size_t size, struct text *out)
{
    size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_ORIGINAL);
    char *digits = mem_new(room);

    sodium_bin2base64(digits, room, bytes, size, sodium_base64_VARIANT_ORIGINAL);
    text_add(out, digits);
    mem_free_secret(digits);
}

void digest_unbase64(const char *from, size_t size, struct text *out)
{
    unsigned char *bytes = mem_new(size + 1);
    size_t count = 0;

    if (sodium_base642bin(bytes, size, from, size, NULL, &count, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0)
        text_add_bytes(out, (char *)bytes, count);
    mem_wipe(bytes, size);
    free(bytes);
}
