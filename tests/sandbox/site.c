/* The rules that a web site keeps everywhere, tried on every page and route there is. */
#include "../src/sandbox/routes.h"
#include "support/browser.h"

#define HOSTILE "\"><svg/onload=alert(1)>'&amp;"

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
        cmocka_unit_test(nobody_signs_out_the_servers_of_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
