/* The rules that a web site and its database keep everywhere, tried on every page, route and secret there is. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "../src/sandbox/routes.h"
#include "../src/sandbox/user.h"
#include "support/service.h"

#define HOSTILE "\"><svg/onload=alert(1)>'&amp;"

/* Who sits at a browser: the header lines that go with each request. */
struct browser {
    char *cookie;       /* "__Host-commerce=..." */
    char *form;         /* the token of the forms that were shown last */
};

static void look(struct browser *browser, const struct world *world)
{
    const char *cookie = got_header(world, "Set-Cookie");
    const char *hidden = strstr(text_bytes(&world->reply.body), "name=\"form\" value=\"");

    if (*cookie) {
        free(browser->cookie);
        browser->cookie = mem_copy_bytes(cookie, strcspn(cookie, ";"));
    }
    if (hidden) {
        free(browser->form);
        browser->form = mem_copy_bytes(hidden + 19, 64);
    }
}

static void visit(struct world *world, struct browser *browser, const char *target)
{
    char *line = browser->cookie ? text_format("cookie: %s", browser->cookie) : NULL;

    ask(world, "GET", target, line, NULL);
    look(browser, world);
    free(line);
}

/* Sends `form` with the token of the form that was shown, from our own origin. */
static void send_form(struct world *world, struct browser *browser, const char *target, const char *form)
{
    char *lines = text_format("cookie: %s\norigin: https://localhost:8443", browser->cookie);
    char *body = text_format("form=%s&%s", browser->form, form);

    ask(world, "POST", target, lines, body);
    look(browser, world);
    free(lines);
    free(body);
}

static struct browser sign_in(struct world *world)
{
    struct browser browser = {0};

    visit(world, &browser, "/sign-in");
    send_form(world, &browser, "/sign-in", "email=admin%40contoso.example&password=sandbox");
    assert_int_equal(world->reply.status, 303);
    visit(world, &browser, "/account");
    assert_int_equal(world->reply.status, 200);
    return browser;
}

static void browser_clear(struct browser *browser)
{
    free(browser->cookie);
    free(browser->form);
}

/* A code that is waiting for its user; the device code is yours. */
static char *begin(struct world *world, char user_code[16])
{
    ask(world, "POST", "/oauth/device_authorization", NULL, "client_id=commerce-setup&host=erp01");
    snprintf(user_code, 16, "%s", got(world, "user_code"));
    return mem_copy(got(world, "device_code"));
}

/* All that is in the database, as text; yours. */
static char *dump(struct world *world)
{
    static const char *const queries[] = {
        "SELECT * FROM meta", "SELECT * FROM tenants", "SELECT * FROM users", "SELECT * FROM tries", "SELECT * FROM sessions",
        "SELECT * FROM devices", "SELECT * FROM grants", "SELECT * FROM tokens", "SELECT * FROM documents",
        "SELECT * FROM operations", "SELECT * FROM activations", "SELECT * FROM answers",
    };
    struct text out = {0};
    struct value *tables = accounts_rows(world->accounts, "SELECT name FROM sqlite_master WHERE type = 'table'", "");

    assert_int_equal(value_count(tables), LENGTH(queries));
    value_free(tables);
    for (size_t i = 0; i < LENGTH(queries); i++) {
        struct value *rows = accounts_rows(world->accounts, queries[i], "");

        json_write(rows, &out);
        value_free(rows);
    }
    return text_take(&out);
}

/* The address of a route with something for each {name}; yours. */
static char *address_of(const struct route *route)
{
    struct text out = {0};

    for (const char *c = route->path; *c; c++) {
        if (*c == '{') {
            text_add(&out, strncmp(c, "{marketplace}", 13) == 0 ? "ebay" : strncmp(c, "{hierarchy}", 11) == 0 ? "apparel" : "users");
            c += strcspn(c, "}");
        } else {
            text_add_char(&out, *c);
        }
    }
    return text_take(&out);
}

static void looking_changes_nothing(void **state)
{
    struct world world = world_new();
    struct browser browser;
    const struct route *route;
    char user_code[16], *device = begin(&world, user_code);

    (void)state;
    world.service->options.collections[world.service->options.collection_count++] = "users";
    browser = sign_in(&world);
    char *before = dump(&world), *line = text_format("cookie: %s", browser.cookie);

    for (size_t i = 0; (route = route_at(i)); i++) {
        char *address = address_of(route);

        if (!route_changes(route)) {
            ask(&world, "GET", address, line, NULL);
            assert_in_range(world.reply.status, 200, 404);
            ask(&world, "HEAD", address, line, NULL);
            assert_in_range(world.reply.status, 200, 404);
        }
        free(address);
    }
    char *with_code = text_format("/device?user_code=%s", user_code);

    visit(&world, &browser, with_code);
    char *after = dump(&world);

    assert_string_equal(before, after);
    free(before);
    free(after);
    free(line);
    free(with_code);
    free(device);
    browser_clear(&browser);
    world_free(&world);
}

static void every_page_forbids_scripts_frames_and_keeping(void **state)
{
    struct world world = world_new();
    struct browser nobody = {0}, browser = sign_in(&world);
    const struct route *route;
    size_t pages = 0;

    (void)state;
    for (size_t i = 0; (route = route_at(i)); i++) {
        if (route->kind != ROUTE_PAGE || route_changes(route) || strcmp(route->path, "/style.css") == 0)
            continue;
        for (int signed_in = 0; signed_in < 2; signed_in++) {
            visit(&world, signed_in ? &browser : &nobody, route->path);
            const char *policy = got_header(&world, "Content-Security-Policy");

            assert_non_null(strstr(policy, "default-src 'none'"));
            assert_non_null(strstr(policy, "frame-ancestors 'none'"));
            assert_non_null(strstr(policy, "form-action 'self'"));
            assert_non_null(strstr(policy, "base-uri 'none'"));
            assert_null(strstr(policy, "script"));
            assert_null(strstr(policy, "unsafe"));
            assert_string_equal(got_header(&world, "Cache-Control"), "no-store");
            assert_string_equal(got_header(&world, "X-Content-Type-Options"), "nosniff");
            assert_null(strstr(text_bytes(&world.reply.body), "<script"));
            assert_null(strstr(text_bytes(&world.reply.body), "style=\""));
            pages++;
        }
    }
    assert_in_range(pages, 12, 100);
    browser_clear(&nobody);
    browser_clear(&browser);
    world_free(&world);
}

static void no_other_site_is_let_in(void **state)
{
    struct world world = world_new();
    const struct route *route;

    (void)state;
    for (size_t i = 0; (route = route_at(i)); i++) {
        char *address = address_of(route);
        static const char *const methods[] = {"GET", "OPTIONS"};

        for (size_t k = 0; k < LENGTH(methods); k++) {
            ask(&world, methods[k], address, "origin: https://evil.example\naccess-control-request-method: PUT", NULL);
            for (size_t h = 0; h < value_count(world.reply.headers); h++)
                assert_false(text_starts(value_name(world.reply.headers, h), "Access-Control-"));
            if (k == 1)
                assert_in_range(world.reply.status, 404, 405);
        }
        free(address);
    }
    world_free(&world);
}

static void only_our_own_names_are_answered_to(void **state)
{
    static const struct {
        const char *host;
        int status;
    } hosts[] = {
        {"localhost:8443", 200}, {"127.0.0.1:8443", 200}, {"[::1]:8443", 200}, {"evil.example", 421}, {"localhost", 421},
        {"localhost:8444", 421}, {"localhost:08443", 421}, {"localhost:8443x", 421}, {"localhost:8443@evil.example", 421},
        {"localhost: 8443", 421}, {"localhost:+8443", 421}, {"localhost:8443.evil.example", 421}, {"", 421},
        {"evil.localhost:8443", 421}, {"127.0.0.1.evil.example:8443", 421}, {"localhost:0", 421},
    };
    struct world world = world_new();

    (void)state;
    for (size_t i = 0; i < LENGTH(hosts); i++) {
        char *line = text_format("host: %s", hosts[i].host);

        ask(&world, "GET", "/v1", line, NULL);
        assert_int_equal(world.reply.status, hosts[i].status);
        free(line);
    }
    world_free(&world);
}

static void a_form_is_taken_only_with_its_token_and_from_our_origin(void **state)
{
    static const struct {
        const char *lines;      /* instead of the right origin; what follows %s is the cookie */
        bool token;
        int status;
    } sent[] = {
        {"origin: https://localhost:8443", false, 403},
        {"origin: https://evil.example", true, 403},
        {"origin: null", true, 403},
        {"origin: http://localhost:8443", true, 403},
        {"origin: https://localhost:84430", true, 403},
        {"origin: null\nreferer: https://localhost:8443/account", true, 403},
        {"referer: https://localhost:8443.evil.example/", true, 403},
        {"x-nothing: at all", true, 403},
        {"origin: https://localhost:8443", true, 303},
        {"referer: https://localhost:8443/account", true, 303},
    };
    struct world world = world_new();
    struct browser browser = sign_in(&world);

    (void)state;
    for (size_t i = 0; i < LENGTH(sent); i++) {
        char *lines = text_format("cookie: %s\n%s", browser.cookie, sent[i].lines);
        char *body = text_format("form=%s", sent[i].token ? browser.form : "");

        ask(&world, "POST", "/sign-out", lines, body);
        assert_int_equal(world.reply.status, sent[i].status);
        visit(&world, &browser, "/account");
        assert_int_equal(world.reply.status, sent[i].status == 303 ? 303 : 200);
        free(lines);
        free(body);
        if (sent[i].status == 303) {
            browser_clear(&browser);
            browser = sign_in(&world);
        }
    }
    browser_clear(&browser);
    world_free(&world);
}

static void the_form_of_one_browser_is_worth_nothing_in_another(void **state)
{
    struct world world = world_new();
    struct browser one = sign_in(&world), other = sign_in(&world);
    char *kept = one.form;

    (void)state;
    one.form = mem_copy(other.form);
    send_form(&world, &one, "/sign-out", "");
    assert_int_equal(world.reply.status, 403);
    free(kept);
    browser_clear(&one);
    browser_clear(&other);
    world_free(&world);
}

static void signing_in_again_ends_the_session_before(void **state)
{
    struct world world = world_new();
    struct browser browser = sign_in(&world), before = {.cookie = mem_copy(browser.cookie)};

    (void)state;
    visit(&world, &browser, "/sign-in");
    send_form(&world, &browser, "/sign-in", "email=admin%40contoso.example&password=sandbox");
    assert_string_not_equal(browser.cookie, before.cookie);
    visit(&world, &before, "/account");
    assert_int_equal(world.reply.status, 303);
    browser_clear(&before);
    browser_clear(&browser);
    world_free(&world);
}

static void a_text_of_others_never_becomes_html(void **state)
{
    struct world world = world_new();
    struct browser browser = sign_in(&world);
    char *encoded, *form;
    struct text value = {0};

    (void)state;
    url_encode(&value, HOSTILE);
    encoded = text_take(&value);
    form = text_format("version=0&organization=%s&legal_entity=%s&contact_name=%s&email=%s&phone=%s&street=%s&city=%s&state=%s"
                       "&zip=%s&country=%s&time_zone=%s&currency=%s&environment=%s",
                       encoded, encoded, encoded, encoded, encoded, encoded, encoded, encoded, encoded, encoded, encoded,
                       encoded, encoded);
    send_form(&world, &browser, "/account", form);
    assert_int_equal(world.reply.status, 422);
    assert_null(strstr(world.reply.body.bytes, "<svg"));
    assert_non_null(strstr(world.reply.body.bytes, "&quot;&gt;&lt;svg/onload=alert(1)&gt;&#39;&amp;amp;"));
    free(form);
    form = text_format("user_code=%s", encoded);
    send_form(&world, &browser, "/device", form);
    assert_null(strstr(world.reply.body.bytes, "<svg"));
    free(form);
    form = text_format("/device?user_code=%s", encoded);
    visit(&world, &browser, form);
    assert_null(strstr(world.reply.body.bytes, "<svg"));
    free(form);
    form = text_format("/sign-in?next=%s", encoded);
    visit(&world, &browser, form);
    assert_null(strstr(world.reply.body.bytes, "<svg"));
    free(form);
    form = text_format("name=%s&email=%s&password=%s", encoded, encoded, encoded);
    visit(&world, &browser, "/sign-up");
    send_form(&world, &browser, "/sign-up", form);
    assert_int_equal(world.reply.status, 422);
    assert_null(strstr(world.reply.body.bytes, "<svg"));
    free(form);
    free(encoded);
    browser_clear(&browser);
    world_free(&world);
}

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

static void nobody_signs_out_the_servers_of_others(void **state)
{
    struct world world = world_new();
    struct browser browser = {0};
    struct value *grant = accounts_row(world.accounts, "SELECT id FROM grants", "");
    char *form = text_format("server=%s", value_member_text(grant, "id"));

    (void)state;
    visit(&world, &browser, "/sign-up");
    send_form(&world, &browser, "/sign-up", "name=Eve&email=eve%40fabrikam.example&password=correct+horse+battery");
    visit(&world, &browser, "/servers");
    assert_int_equal(world.reply.status, 200);
    assert_null(strstr(world.reply.body.bytes, value_member_text(grant, "id")));
    send_form(&world, &browser, "/servers", form);
    assert_int_equal(world.reply.status, 404);
    ask(&world, "GET", "/v1/me", NULL, NULL);
    assert_int_equal(world.reply.status, 200);
    free(form);
    value_free(grant);
    browser_clear(&browser);
    world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(every_page_forbids_scripts_frames_and_keeping),
        cmocka_unit_test(no_other_site_is_let_in),
        cmocka_unit_test(only_our_own_names_are_answered_to),
        cmocka_unit_test(a_form_is_taken_only_with_its_token_and_from_our_origin),
        cmocka_unit_test(the_form_of_one_browser_is_worth_nothing_in_another),
        cmocka_unit_test(signing_in_again_ends_the_session_before),
        cmocka_unit_test(a_text_of_others_never_becomes_html),
        cmocka_unit_test(no_secret_is_in_the_database),
        cmocka_unit_test(an_unknown_user_costs_as_much_work_as_a_wrong_password),
        cmocka_unit_test(an_address_is_the_same_in_capital_letters),
        cmocka_unit_test(codes_have_every_letter_equally_often),
        cmocka_unit_test(wrong_tries_are_forgotten_after_a_day_without_another),
        cmocka_unit_test(the_database_waits_for_the_disk_and_minds_its_keys),
        cmocka_unit_test(what_belongs_to_others_is_answered_like_what_does_not_exist),
        cmocka_unit_test(nobody_signs_out_the_servers_of_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
