#include "user.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"

#define TRIES_KEPT_MS (24 * 3600 * 1000LL) /* a day without another, and wrong tries are forgotten */

/* Of nobody's password: checking it takes as long as checking a real one, so unknown users cannot be told
 * apart. */
static const char nobody[crypto_pwhash_STRBYTES] = "$argon2id$v=19$m=65536,t=2,p=1$c29kaXVtc29kaXVtc29kaQ$"
                                                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/* Addresses are kept, and tries counted, in small letters: nobody has two accounts by writing one otherwise.
 */
static char *small_letters(const char *email)
{
    char *small = mem_copy(email);

    for (char *c = small; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return small;
}

bool user_find(struct service *service, const char *email, char **id)
{
    char *address = small_letters(email);
    struct value *row = accounts_row(service->accounts, "SELECT id FROM users WHERE email = ?", "s", address);
    bool found = row != NULL;

    free(address);

    if (found && id)
        *id = mem_copy(value_member_text(row, "id"));
    value_free(row);
    return found;
}

void user_add(struct service *service, const char *email, const char *name, const char *password,
              int64_t now_ms)
{
    char digits[17], tenant[32], user[32], hash[crypto_pwhash_STRBYTES], *address = small_letters(email);

    if (crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        snprintf(hash, sizeof hash, "*"); /* no memory for it: a user whom no password lets in */
    digest_random(digits, sizeof digits - 1);
    snprintf(tenant, sizeof tenant, "acc_%s", digits);
    digest_random(digits, sizeof digits - 1);
    snprintf(user, sizeof user, "usr_%s", digits);
    accounts_run(service->accounts, "INSERT INTO tenants VALUES (?, ?)", "si", tenant, now_ms);
    accounts_run(service->accounts, "INSERT INTO users VALUES (?, ?, ?, ?, ?)", "sssss", user, address, name,
                 hash, tenant);
    mem_wipe(hash, sizeof hash);
    free(address);
}

static char *tries_key(const char *email)
{
    char hex[65];

    digest_sha256(email, strlen(email),
                  hex); /* of any length, and nobody's address is kept who is not a user */
    return text_format("password:%s", hex);
}

char *user_check(struct service *service, const char *email, const char *password, int64_t now_ms,
                 int *wait_s)
{
    char *address = small_letters(email), *what = tries_key(address), *id = NULL;
    struct value *row =
        accounts_row(service->accounts, "SELECT id, password FROM users WHERE email = ?", "s", address);
    int64_t until = 0;
    int wrong = tries_count(service, what, &until);

    *wait_s = until > now_ms ? (int)((until - now_ms + 999) / 1000) : 0;
    if (*wait_s == 0) {
        const char *hash = row ? value_member_text(row, "password") : nobody;
        bool good = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;

        if (good && row) {
            id = mem_copy(value_member_text(row, "id"));
            tries_forget(service, what);
        } else {
            int delay_s = wrong < 2 ? 0 : wrong > 9 ? 300 : 1 << (wrong - 2);

            tries_add(service, what, now_ms + delay_s * 1000LL);
        }
    }
    free(address);
    free(what);
    value_free(row);
    return id;
}

void tries_add(struct service *service, const char *what, int64_t until_ms)
{
    accounts_run(service->accounts, "DELETE FROM tries WHERE until < ?", "i", until_ms - TRIES_KEPT_MS);
    accounts_run(service->accounts,
                 "INSERT INTO tries VALUES (?, 1, ?)"
                 " ON CONFLICT DO UPDATE SET wrong = wrong + 1, until = excluded.until",
                 "si", what, until_ms);
}

void tries_forget(struct service *service, const char *what)
{
    accounts_run(service->accounts, "DELETE FROM tries WHERE what = ?", "s", what);
}

int tries_count(struct service *service, const char *what, int64_t *until_ms)
{
    struct value *row =
        accounts_row(service->accounts, "SELECT wrong, until FROM tries WHERE what = ?", "s", what);
    int wrong = (int)row_number(row, "wrong");

    *until_ms = row_number(row, "until");
    value_free(row);
    return wrong;
}
