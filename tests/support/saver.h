/*
 * A little administrator for the tests of saving: the k-th answer, k from 1, is saved and recognised again.
 *
 * The secret changes with each even answer only, so that some saves write one file and some write two.
 */
#ifndef SUPPORT_SAVER_H
#define SUPPORT_SAVER_H

#include <stdio.h>
#include <stdlib.h>

#include "store/store.h"
#include "support/folder.h"

/* {n: k, long: ...}: longer than a sector, and every part of it tells k. */
static inline struct value *saver_value(int k)
{
    struct value *value = value_new_map();
    struct text filling = {0};
    char *number = text_format("%d", k);
    value_put_text(value, "n", number);
    for (int i = 0; i < 300; i++)
        text_addf(&filling, "%s ", number);
    value_put_text(value, "long", filling.bytes);
    text_clear(&filling);
    free(number);
    return value;
}

/* Which answer this is: 0 for nothing at all, -1 for what was never saved so. */
static inline int saver_number(const struct value *value)
{
    const char *number = value_member_text(value, "n");
    if (value_count(value) == 0)
        return 0;
    int k = number ? atoi(number) : -1;
    struct value *meant = saver_value(k);
    bool same = value_equal(meant, value);
    value_free(meant);
    return same ? k : -1;
}

static inline int saver_secret(int k)
{
    return k - k % 2;
}

static inline bool saver_save(struct store *store, int k)
{
    struct value *state = saver_value(k), *secrets = k >= 2 ? saver_value(saver_secret(k)) : value_new_map();
    struct problem why = {0};
    bool saved = store_save(store, state, secrets, &why);
    value_free(state);
    value_free(secrets);
    problem_clear(&why);
    return saved;
}

static inline bool saver_save_token(struct store *store, int k)
{
    struct value *token = saver_value(k);
    struct problem why = {0};
    bool saved = store_write_file(store, "tokens.yaml", token, &why);
    value_free(token);
    problem_clear(&why);
    return saved;
}

/* What a start finds in a folder. */
struct found {
    bool loads;             /* everything could be read */
    bool told;              /* with a warning */
    int state, secret, token;
    char problem[256];
};

static inline struct found saver_look(const char *folder)
{
    struct found found = {0};
    struct value *state = NULL, *secrets = NULL, *token = NULL;
    struct problem why = {0}, warning = {0};
    struct holder holder = {0};
    bool taken;
    struct store *store = store_open(folder, false, &taken, &holder, &why);

    found.loads = store && store_load(store, &state, &secrets, &warning, &why) && store_read_file(store, "tokens.yaml", &token, &why);
    found.told = warning.kind != PROBLEM_NONE;
    if (found.loads) {
        found.state = saver_number(state);
        found.secret = saver_number(secrets);
        found.token = saver_number(token);
    }
    snprintf(found.problem, sizeof found.problem, "%s", why.text ? why.text : "");
    value_free(state);
    value_free(secrets);
    value_free(token);
    problem_clear(&why);
    problem_clear(&warning);
    holder_clear(&holder);
    store_close(store);
    return found;
}

/* Whether that is what may be there when `acknowledged` was said to be saved last and `tried` was tried last. */
static inline bool saver_lost_nothing(const struct found *found, int acknowledged, int tried, int token_acknowledged, int token_tried)
{
    return found->loads && !found->told && found->state >= acknowledged && found->state <= tried &&
           found->secret >= saver_secret(found->state) && found->secret <= saver_secret(tried) &&
           found->token >= token_acknowledged && found->token <= token_tried;
}

#endif
