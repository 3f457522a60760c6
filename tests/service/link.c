/* Link headers and what their references mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../src/service/link.h"
#include "base/text.h"

static const struct { const char *header, *next; } headers[] = {
    {"</v1/a?p=2>; rel=\"next\"", "/v1/a?p=2"},
    {"</v1/a?p=2>;rel=next", "/v1/a?p=2"},
    {"</v1/a?p=2> ; REL = \"Next\"", "/v1/a?p=2"},
    {"</p>; rel=\"prev\", </n>; rel=\"next\"", "/n"},
    {"</n>; rel=\"next\", </l>; rel=\"last\"", "/n"},
    {"</n>; title=\"a, <b>; rel=prev\"; rel=\"next\"", "/n"},
    {"</n?a=1,2;b=3>; rel=\"next\"", "/n?a=1,2;b=3"},
    {"</n>; rel=\"last next\"", "/n"},
    {"< /n >; rel=next", "/n"},
    {"</n>; rel=\"prev\"; rel=\"next\"", NULL},
    {"</n>; rel=\"nextish\"", NULL},
    {"</rel=next>; rel=\"prev\"", NULL},
    {"</n>; rel=\"next\"; anchor=\"/other\"", NULL},
    {"</n; rel=\"next\"", NULL},
    {"", NULL},
};

static void test_next_of_a_link_header(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char *next = link_next(headers[i].header);
        if (!text_same(next, headers[i].next))
            fail_msg("%s: %s", headers[i].header, next ? next : "(none)");
        free(next);
    }
}

#define BASE "https://api.example/base/v1/items?page=1"

static const struct { const char *address, *url, *reference, *path, *elsewhere; } references[] = {
    {"https://api.example/base", BASE, "?page=2", "/v1/items?page=2", NULL},
    {"https://api.example/base", BASE, "items?page=2", "/v1/items?page=2", NULL},
    {"https://api.example/base", BASE, "./items?page=2", "/v1/items?page=2", NULL},
    {"https://api.example/base", BASE, "../v1/items?page=2#x", "/v1/items?page=2", NULL},
    {"https://api.example/base", BASE, "/base/v1/items?page=2", "/v1/items?page=2", NULL},
    {"https://api.example/base/", BASE, "/base/v1/items?page=2", "/v1/items?page=2", NULL},
    {"https://api.example/base", BASE, "/other/items", "https://api.example/other/items", NULL},
    {"https://api.example/base", BASE, "/basement", "https://api.example/basement", NULL},
    {"https://api.example/base", BASE, "", "/v1/items?page=1", NULL},
    {"https://api.example/base", BASE, "//api.example/base/x", "/x", NULL},
    {"https://api.example/base", BASE, "https://api.example/base/v1/items?page=2", "/v1/items?page=2", NULL},
    {"https://api.example/base", BASE, "HTTPS://API.Example:443/base/v1/items?page=2", "/v1/items?page=2", NULL},
    {"https://api.example/base", BASE, "https://api.example.:/base/x", "/x", NULL},
    {"https://api.example/base", BASE, "http://api.example/base/x", "/x", NULL},
    {"https://API.example:443", "https://API.example:443/x", "https://api.example/y", "/y", NULL},
    {"http://127.0.0.1:8080", "http://127.0.0.1:8080/x", "http://127.0.0.1:8080/y?q=\xc3\xa4 b", "/y?q=%C3%A4%20b", NULL},
    {"https://[::1]:8443", "https://[::1]:8443/x", "https://[::1]:8443/y", "/y", NULL},
    {"https://api.example", "https://api.example/a/b/c", "../../../d/./e/..", "/d/", NULL},
    {"https://api.example/base", BASE, "https://evil.example/base/x", NULL, "evil.example"},
    {"https://api.example/base", BASE, "//evil.example/x", NULL, "evil.example"},
    {"https://api.example/base", BASE, "https://api.example:8443/x", NULL, "api.example:8443"},
    {"https://api.example/base", BASE, "https://api.example@evil.example/x", NULL, "api.example@evil.example"},
    {"https://api.example/base", BASE, "https://user@api.example/x", NULL, "user@api.example"},
    {"https://api.example/base", BASE, "https://api.example.evil.example/x", NULL, "api.example.evil.example"},
    {"http://127.0.0.1:8080", "http://127.0.0.1:8080/x", "https://127.0.0.1:8080/y", NULL, "127.0.0.1:8080"},
    {"https://api.example/base", BASE, "ftp://api.example/x", NULL, "api.example"},
    {"https://api.example/base", BASE, "javascript:alert(1)", NULL, "javascript:"},
};

static void test_reference_of_a_next_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        char *elsewhere, *path = link_path(references[i].address, references[i].url, references[i].reference, &elsewhere);
        if (!text_same(path, references[i].path) || !text_same(elsewhere, references[i].elsewhere))
            fail_msg("%s: %s, elsewhere %s", references[i].reference, path ? path : "(none)", elsewhere ? elsewhere : "(none)");
        free(path);
        free(elsewhere);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_of_a_link_header),
        cmocka_unit_test(test_reference_of_a_next_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
