/* What the try-out service keeps to itself: secrets in its database, who has an account, what belongs to others. */
#include <time.h>
#include <unistd.h>

#include "support/browser.h"

static void no_secret_is_in_the_database(void **state)
{
    struct world world = world_new();
    struct browser browser = sign_in(&world);
    char user_code[16], *device = begin(&world, user_code), *form = text_format("user_code=%s", user_code);

    (void)state;
    visit(&world, &browser, "/device");
    send_form(&world, &browser, "/device", form);
    free(form);
    form = text_format("user_code=%s&decision=approve", user_code);
    send_form(&world, &browser, "/device/decision", form);
    assert_int_equal(world.reply.status, 200);
    free(form);
    form = text_format("client_id=commerce-setup&grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Adevice_code"
                       "&device_code=%s",
                       device);
    ask(&world, "POST", "/oauth/token", NULL, form);
    const char *const secrets[] = {device, got(&world, "access_token"), got(&world, "refresh_token"), world.token,
                                   strchr(browser.cookie, '=') + 1, browser.form, "\"" SERVICE_PASSWORD "\""};
    char *all = dump(&world);

    assert_non_null(strstr(all, user_code));    /* the search finds what is there */
    for (size_t i = 0; i < LENGTH(secrets); i++) {
        assert_true(strlen(secrets[i]) > 8);
        assert_null(strstr(all, secrets[i]));
    }
    assert_non_null(strstr(all, "$argon2id$"));
    free(all);
    free(form);
    free(device);
    browser_clear(&browser);
    world_free(&world);
}

static int64_t cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void an_unknown_user_costs_as_much_work_as_a_wrong_password(void **state)
{
    struct world world = world_new();
    static const char *const users[] = {SERVICE_USER, "nobody@contoso.example"};
    int64_t work_us[2];
    int wait_s;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int64_t start = cpu_us();

        assert_null(user_check(world.service, users[i], "wrong", world.now_ms, &wait_s));
        work_us[i] = cpu_us() - start;
    }
    assert_true(work_us[1] > work_us[0] / 4);   /* without hashing it would be a thousandth */
    world_free(&world);
}

static void an_address_is_the_same_in_capital_letters(void **state)
{
    struct world world = world_new();
    int wait_s;

    (void)state;
    assert_true(user_find(world.service, "Admin@Contoso.Example", NULL));
    char *user = user_check(world.service, "ADMIN@contoso.example", SERVICE_PASSWORD, world.now_ms, &wait_s);

    assert_non_null(user);
    free(user);
    for (int i = 0; i < 3; i++)
        assert_null(user_check(world.service, "admin@contoso.example", "wrong", world.now_ms, &wait_s));
    assert_null(user_check(world.service, "aDMIN@contoso.example", SERVICE_PASSWORD, world.now_ms, &wait_s));
    assert_int_equal(wait_s, 1);
    world_free(&world);
}

/* 4000 codes have 1600 of each letter; six standard deviations of 39 either way are never left by chance. */
static void codes_have_every_letter_equally_often(void **state)
{
    static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";
    struct world world = world_new();
    int counts[128] = {0};

    (void)state;
    for (int i = 0; i < 4000; i++) {
        char code[16];

        free(begin(&world, code));
        assert_int_equal(strlen(code), 9);
        for (const char *c = code; *c; c++)
            counts[(unsigned char)*c & 127]++;
    }
    struct value *row = accounts_row(world.accounts, "SELECT count(DISTINCT user_code) AS codes FROM devices", "");

    assert_int_equal(row_number(row, "codes"), 4000);
    value_free(row);
    for (const char *c = letters; *c; c++)
        assert_in_range(counts[(unsigned char)*c], 1600 - 234, 1600 + 234);
    world_free(&world);
}

static void wrong_tries_are_forgotten_after_a_day_without_another(void **state)
{
    struct world world = world_new();
    int64_t until;
    int wait_s;

    (void)state;
    for (int i = 0; i < 4; i++)
        user_check(world.service, "a@contoso.example", "wrong", world.now_ms + i * 600000, &wait_s);
    world.now_ms += 25 * 3600 * 1000;
    tries_add(world.service, "another", world.now_ms);
    struct value *rows = accounts_rows(world.accounts, "SELECT what FROM tries", "");

    assert_int_equal(value_count(rows), 1);
    assert_int_equal(tries_count(world.service, "another", &until), 1);
    value_free(rows);
    world_free(&world);
}

static void the_database_waits_for_the_disk_and_minds_its_keys(void **state)
{
    char folder[] = "/tmp/site.XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(folder));
    char *path = text_format("%s/data", folder);
    struct accounts *accounts = accounts_open(path, false, NULL);
    static const struct {
        const char *sql, *column, *value;
    } facts[] = {
        {"PRAGMA journal_mode", "journal_mode", "wal"},
        {"PRAGMA synchronous", "synchronous", "2"},     /* FULL */
        {"PRAGMA foreign_keys", "foreign_keys", "1"},
        {"PRAGMA trusted_schema", "trusted_schema", "0"},
        {"SELECT count(*) AS loose FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND NOT strict",
         "loose", "0"},
    };

    assert_non_null(accounts);
    for (size_t i = 0; i < LENGTH(facts); i++) {
        struct value *row = accounts_row(accounts, facts[i].sql, "");

        assert_string_equal(value_member_text(row, facts[i].column), facts[i].value);
        value_free(row);
    }
    accounts_close(accounts);
    static const char *const ends[] = {"", "-wal", "-shm"};

    for (size_t i = 0; i < LENGTH(ends); i++) {
        char *file = text_format("%s%s", path, ends[i]);

        unlink(file);
        free(file);
    }
    rmdir(folder);
    free(path);
}

static void what_belongs_to_others_is_answered_like_what_does_not_exist(void **state)
{
    static const struct {
        const char *method, *target, *headers, *body;
    } asked[] = {
        {"GET", "/v1/shipping-methods/G", NULL, NULL},
        {"DELETE", "/v1/shipping-methods/G", "if-match: *", NULL},
        {"PUT", "/v1/shipping-methods/G", "if-match: *",
         "{\"carrier\":\"U\",\"service\":\"G\",\"name\":\"G\",\"charge\":\"1\",\"regions\":[\"US\"],\"enabled\":true}"},
        {"GET", "/v1/chosen-payment-providers/givex", NULL, NULL},
        {"DELETE", "/v1/chosen-payment-providers/givex", "if-match: *", NULL},
        {"GET", "/v1/account", NULL, NULL},
        {"GET", "/v1/sales-tax", NULL, NULL},
        {"GET", "/v1/shipping-methods", NULL, NULL},
    };

    struct world empty = world_new(), full = world_new();

    (void)state;
    ask(&full, "PUT", "/v1/shipping-methods/G", "if-none-match: *", asked[2].body);
    ask(&full, "PUT", "/v1/chosen-payment-providers/givex", "if-none-match: *",
        "{\"credentials\":{\"user_id\":\"1\",\"password\":\"2\"}}");
    ask(&full, "PUT", "/v1/sales-tax", "if-match: *", "{\"computed_by\":\"provider\",\"rates\":[]}");
    ask(&full, "GET", "/v1/shipping-methods", NULL, NULL);
    assert_string_equal(got(&full, "total"), "1");
    free(empty.token);
    empty.token = somebody_else(&empty);
    free(full.token);
    full.token = somebody_else(&full);
    for (size_t i = 0; i < LENGTH(asked); i++) {
        ask(&empty, asked[i].method, asked[i].target, asked[i].headers, asked[i].body);
        ask(&full, asked[i].method, asked[i].target, asked[i].headers, asked[i].body);
        assert_int_equal(full.reply.status, empty.reply.status);
        assert_string_equal(got_header(&full, "ETag"), got_header(&empty, "ETag"));
        assert_string_equal(text_bytes(&full.reply.body), text_bytes(&empty.reply.body));
    }
    world_free(&empty);
    world_free(&full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_secret_is_in_the_database),
        cmocka_unit_test(an_unknown_user_costs_as_much_work_as_a_wrong_password),
        cmocka_unit_test(an_address_is_the_same_in_capital_letters),
        cmocka_unit_test(codes_have_every_letter_equally_often),
        cmocka_unit_test(wrong_tries_are_forgotten_after_a_day_without_another),
        cmocka_unit_test(the_database_waits_for_the_disk_and_minds_its_keys),
        cmocka_unit_test(what_belongs_to_others_is_answered_like_what_does_not_exist),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
