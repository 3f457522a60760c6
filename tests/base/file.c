#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"

/* A folder of its own, taken away at the end with what the tests put there. */
static char folder[] = "commerce-file-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    if (chdir(getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp") < 0 || !mkdtemp(folder))
        return -1;
    return chdir(folder);
}

static int remove_folder(void **state)
{
    static const char *const names[] = { "plain", "link", "fifo", "large" };

    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++)
        unlink(names[i]);
    return chdir("..") == 0 ? rmdir(folder) : -1;
}

static void write_file(const char *name, size_t size)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        fputc('a' + (int)(i % 26), file);
    assert_int_equal(fclose(file), 0);
}

static void a_file_is_read_whole(void **state)
{
    struct text out = { 0 };
    struct problem why = { 0 };

    (void)state;
    write_file("large", 100000);
    assert_true(file_read("large", 100000, false, &out, &why));
    assert_int_equal(out.size, 100000);
    assert_int_equal(out.bytes[99999], 'a' + 99999 % 26);
    assert_true(file_exists("large"));
    text_clear(&out);
}

static void what_is_no_readable_file_is_told(void **state)
{
    static const struct { const char *path; bool strict; const char *text; } rows[] = {
        { "missing", false, "missing cannot be read: No such file or directory" },
        { "link", true, "link is a symbolic link" },
        { "fifo", false, "fifo is a device or a pipe, not a file" },
        { ".", false, ". is a folder, not a file" },
        { "plain", false, "plain is larger than 9 bytes" },
    };

    (void)state;
    write_file("plain", 10);
    assert_int_equal(symlink("plain", "link"), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct text out = { 0 };
        struct problem why = { 0 };

        assert_false(file_read(rows[i].path, 9, rows[i].strict, &out, &why));
        assert_int_equal(why.kind, PROBLEM_FILE);
        assert_string_equal(why.text, rows[i].text);
        problem_clear(&why);
        text_clear(&out);
    }
    assert_false(file_exists("missing"));
}

static void a_link_is_followed_where_that_is_harmless(void **state)
{
    struct text out = { 0 };
    struct problem why = { 0 };

    (void)state;
    assert_true(file_read("link", 100, false, &out, &why));
    assert_int_equal(out.size, 10);
    text_clear(&out);
}

/* A file may say 0 bytes and have more: the limit holds all the same. */
static void the_limit_holds_for_files_that_do_not_tell_their_size(void **state)
{
    struct text out = { 0 };
    struct problem why = { 0 };

    (void)state;
    assert_false(file_read("/proc/self/maps", 10, false, &out, &why));
    assert_string_equal(why.text, "/proc/self/maps is larger than 10 bytes");
    problem_clear(&why);
    text_clear(&out);
}

/* FIPS 180-2, B.1 and B.2. */
static void digests_are_those_of_the_standard(void **state)
{
    static const struct { const char *text, *hex; } rows[] = {
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };
    char hex[65];

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        digest_sha256(rows[i].text, strlen(rows[i].text), hex);
        assert_string_equal(hex, rows[i].hex);
    }
}

static void random_identifiers_differ(void **state)
{
    char a[101], b[101], none[1];

    (void)state;
    digest_random(a, 100);
    digest_random(b, 100);
    digest_random(none, 0);
    assert_int_equal(strspn(a, "0123456789abcdef"), 100);
    assert_int_equal(a[100], '\0');
    assert_string_not_equal(a, b);
    assert_int_equal(none[0], '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole),
        cmocka_unit_test(what_is_no_readable_file_is_told),
        cmocka_unit_test(a_link_is_followed_where_that_is_harmless),
        cmocka_unit_test(the_limit_holds_for_files_that_do_not_tell_their_size),
        cmocka_unit_test(digests_are_those_of_the_standard),
        cmocka_unit_test(random_identifiers_differ),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
