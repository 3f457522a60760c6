#include "support/check.h"

#include <stdlib.h>

#include "base/address.h"

static void test_the_host_of_an_address_has_no_user_port_or_brackets(void **state)
{
    (void)state;
    static const struct { const char *url, *host; } table[] = {
        {"https://a.example", "a.example"}, {"https://a.example:8443/base?x#y", "a.example"}, {"http://[::1]:8080/", "::1"},
        {"http://me:secret@proxy.example:3128", "proxy.example"}, {"proxy.example:3128", "proxy.example"}, {"https://a.example?x", "a.example"},
        {"http://127.0.0.1@evil.example/", "evil.example"}, {"https://", ""}, {"", ""}, {"http://[::1", "["}, {"http://[::1].evil", "["},
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        char *host = address_host(table[i].url);
        assert_string_equal(host, table[i].host);
        free(host);
    }
}

static void test_only_a_literal_address_of_this_machine_is_loopback(void **state)
{
    (void)state;
    static const struct { const char *url; bool loopback; } table[] = {
        {"http://127.0.0.1:8080", true}, {"https://127.0.0.1", true}, {"http://127.8.9.10/base", true}, {"http://[::1]:8080", true},
        {"http://[0:0:0:0:0:0:0:1]/", true}, {"http://127.evil.example", false}, {"http://127.0.0.1.evil.example/", false},
        {"http://127.0.0.1@evil.example", false}, {"http://localhost", false}, {"http://[::1].evil.example", false},
        {"http://127.1", false}, {"http://0127.0.0.1", false}, {"http://[::2]", false}, {"http://128.0.0.1", false}, {"http://", false},
        {"http://evil.example/127.0.0.1", false}, {"http://evil.example?@127.0.0.1", false},
    };
    for (size_t i = 0; i < LENGTH(table); i++)
        if (address_is_loopback(table[i].url) != table[i].loopback)
            fail_msg("%s", table[i].url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_host_of_an_address_has_no_user_port_or_brackets),
        cmocka_unit_test(test_only_a_literal_address_of_this_machine_is_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
