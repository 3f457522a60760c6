/* Which proxy is used, and what is reported when it fails. */
#include "support/net.h"

#include "../src/service/http.h"

static void clear_environment(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"};
    for (size_t i = 0; i < LENGTH(names); i++)
        unsetenv(names[i]);
}

static void test_the_setting_and_then_the_environment_name_the_proxy(void **state)
{
    (void)state;
    static const struct { const char *setting, *name, *value, *url, *proxy; } table[] = {
        {"http://set:1", NULL, NULL, "https://a.example", "http://set:1"},
        {"http://set:1", "https_proxy", "http://env:2", "https://a.example", "http://set:1"},
        {NULL, "https_proxy", "http://env:2", "https://a.example", "http://env:2"},
        {NULL, "HTTPS_PROXY", "http://env:2", "https://a.example", "http://env:2"},
        {NULL, "ALL_PROXY", "socks5h://env:2", "https://a.example", "socks5h://env:2"},
        {NULL, "https_proxy", "", "https://a.example", NULL},
        {NULL, "http_proxy", "http://env:2", "https://a.example", NULL},
        {"http://set:1", NULL, NULL, "https://127.0.0.1:8443", NULL},
        {"http://set:1", NULL, NULL, "https://[::1]/", NULL},
        {"http://set:1", NULL, NULL, "https://127.evil.example", "http://set:1"},
        {"http://set:1", "no_proxy", "a.example", "https://a.example", NULL},
        {"http://set:1", "NO_PROXY", "b.example .example", "https://a.example", NULL},
        {"http://set:1", "no_proxy", "le,ample", "https://a.example", "http://set:1"},
        {"http://set:1", "no_proxy", "*", "https://a.example", NULL},
        {"http://set:1", "no_proxy", "10.0.0.0/8", "https://10.9.8.7", NULL},
        {"http://set:1", "no_proxy", "10.0.0.0/8", "https://11.9.8.7", "http://set:1"},
        {"http://set:1", "no_proxy", "192.0.2.0/25", "https://192.0.2.128", "http://set:1"},
        {"http://set:1", "no_proxy", "192.0.2.7", "https://192.0.2.7", NULL},
        {"http://set:1", "no_proxy", "2.7", "https://192.0.2.7", "http://set:1"},
        {"http://set:1", "no_proxy", "fd00::/8", "https://[fd12::1]:8443", NULL},
        {"http://set:1", "no_proxy", "10.0.0.0/99", "https://10.9.8.7", "http://set:1"},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        clear_environment();
        if (table[i].name)
            setenv(table[i].name, table[i].value, 1);
        char *proxy = http_proxy(&(struct http_options){.proxy = table[i].setting}, table[i].url);
        if ((proxy == NULL) != (table[i].proxy == NULL) || (proxy && strcmp(proxy, table[i].proxy) != 0))
            fail_msg("%zu: %s", i, proxy ? proxy : "none");
        free(proxy);
    }
    clear_environment();
}

/* Sends a GET through a proxy that the environment names; its text is in scene.response. */
static void ask_through(struct scene *scene, const char *proxy)
{
    clear_environment();
    setenv("https_proxy", proxy, 1);
    scene->options.address = "https://service.invalid";
    scene_start_again(scene);
    get(scene, "/a");
    clear_environment();
}

static void assert_told(const struct scene *scene, const char *text)
{
    assert_int_equal(scene->response.problem.kind, PROBLEM_UNREACHABLE);
    if (!strstr(scene->response.problem.text, text) || strstr(scene->response.problem.text, "s3cret"))
        fail_msg("%s", scene->response.problem.text);
    assert_non_null(strstr(scene->response.problem.advice, "https_proxy"));
}

static void test_a_proxy_that_refuses_the_connection_is_named(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    char *proxy = text_format("http://kim:s3cret@%s", scene.address + 7), *text = text_format("The proxy %s does not accept a connection: Connection refused",
                                                                                             scene.address + 7);
    ask_through(&scene, proxy);
    assert_told(&scene, text);
    assert_null(strstr(scene.response.problem.text, "service.invalid"));
    scene_end(&scene);
    free(proxy);
    free(text);
}

static void test_a_proxy_whose_name_does_not_resolve_is_named(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    ask_through(&scene, "http://proxy..invalid:3128");
    assert_told(&scene, "The proxy proxy..invalid:3128 cannot be found");
    scene_end(&scene);
}

static void test_a_proxy_that_rejects_the_request_is_named_with_its_status(void **state)
{
    (void)state;
    BEGIN({"CONNECT service.invalid:443 ", HTTP("407 Proxy Authentication Required", "", "")});
    char *text = text_format("The proxy %s rejected the connection to service.invalid (status 407)", scene.address + 7);
    ask_through(&scene, scene.address);
    assert_told(&scene, text);
    assert_non_null(strstr(scene.response.problem.advice, "user name and a password"));
    scene_end(&scene);
    free(text);
}

static void test_a_proxy_that_closes_the_connection_is_named(void **state)
{
    (void)state;
    BEGIN({"CONNECT ", CLOSED});
    char *text = text_format("the proxy %s", scene.address + 7);
    ask_through(&scene, scene.address);
    assert_told(&scene, text);
    scene_end(&scene);
    free(text);
}

static void test_a_socks_proxy_that_refuses_the_connection_is_named(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    ask_through(&scene, "socks5h://127.0.0.1:1");
    assert_told(&scene, "The proxy 127.0.0.1:1 does not accept a connection");
    scene_end(&scene);
}

static void test_a_failure_behind_the_proxy_is_not_blamed_on_it(void **state)
{
    (void)state;
    BEGIN({"CONNECT ", "HTTP/1.1 200 OK\r\n\r\n"});
    ask_through(&scene, scene.address);
    assert_int_equal(scene.response.problem.kind, PROBLEM_UNREACHABLE);
    assert_null(strstr(scene.response.problem.text, "proxy"));
    assert_non_null(strstr(scene.response.problem.text, "service.invalid"));
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_setting_and_then_the_environment_name_the_proxy),
        cmocka_unit_test(test_a_proxy_that_refuses_the_connection_is_named),
        cmocka_unit_test(test_a_proxy_whose_name_does_not_resolve_is_named),
        cmocka_unit_test(test_a_proxy_that_rejects_the_request_is_named_with_its_status),
        cmocka_unit_test(test_a_proxy_that_closes_the_connection_is_named),
        cmocka_unit_test(test_a_socks_proxy_that_refuses_the_connection_is_named),
        cmocka_unit_test(test_a_failure_behind_the_proxy_is_not_blamed_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
