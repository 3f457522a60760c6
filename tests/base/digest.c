#include "base/digest.h"

#include <string.h>

#include "base/mem.h"
#include "support/check.h"

static void a_digest_is_that_of_the_standard(void **state)
{
    char hex[65];

    (void)state;
    digest_sha256("abc", 3, hex);       /* FIPS 180-2, B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void a_random_identifier_has_the_digits_asked_for_and_is_another_each_time(void **state)
{
    char one[200], two[200];

    (void)state;
    digest_random(one, 150);
    digest_random(two, 150);
    assert_int_equal(strspn(one, "0123456789abcdef"), 150);
    assert_int_equal(strlen(one), 150);
    assert_string_not_equal(one, two);
}

/* RFC 4648, 10. */
static const struct { const char *plain, *base64, *unpadded; } pairs[] = {
    { "", "", "" }, { "f", "Zg==", "Zg" }, { "fo", "Zm8=", "Zm8" }, { "foo", "Zm9v", "Zm9v" }, { "foob", "Zm9vYg==", "Zm9vYg" },
    { "fooba", "Zm9vYmE=", "Zm9vYmE" }, { "foobar", "Zm9vYmFy", "Zm9vYmFy" }, { "\xfb\xff", "+/8=", "-_8" },
};

static void base64_is_that_of_the_standard_with_padding_out_and_without_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        struct text out = { 0 }, in = { 0 };

        digest_base64(pairs[i].plain, strlen(pairs[i].plain), &out);
        assert_string_equal(text_bytes(&out), pairs[i].base64);
        digest_unbase64(pairs[i].unpadded, strlen(pairs[i].unpadded), &in);
        assert_string_equal(text_bytes(&in), pairs[i].plain);
        text_clear(&out);
        text_clear(&in);
    }
}

static void what_is_no_base64_gives_nothing(void **state)
{
    static const char *const wrong[] = { "Zg==", "Zm9+", "Z", "Zm 9v", "Zm9v\n", "Zh" };

    (void)state;
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        struct text in = { 0 };

        digest_unbase64(wrong[i], strlen(wrong[i]), &in);
        assert_string_equal(text_bytes(&in), "");
        text_clear(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_digest_is_that_of_the_standard),
        cmocka_unit_test(a_random_identifier_has_the_digits_asked_for_and_is_another_each_time),
        cmocka_unit_test(base64_is_that_of_the_standard_with_padding_out_and_without_in),
        cmocka_unit_test(what_is_no_base64_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
