#include "support/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

static void a_text_grows_with_what_is_added(void **state)
{
    struct text text = { 0 };

    (void)state;
    assert_string_equal(text_bytes(&text), "");
    text_add(&text, NULL);
    assert_null(text.bytes);
    text_add(&text, "Step ");
    text_addf(&text, "%d of %d", 3, 10);
    text_add_char(&text, '.');
    assert_string_equal(text.bytes, "Step 3 of 10.");
    assert_int_equal(text.size, 13);
    for (int i = 0; i < 10000; i++)
        text_add_bytes(&text, "abc", 3);
    assert_int_equal(text.size, 30013);
    assert_int_equal(text.bytes[text.size], '\0');
    text_wipe(&text);
    assert_null(text.bytes);
}

static void bytes_go_in_and_out_anywhere(void **state)
{
    struct text text = { 0 };

    (void)state;
    text_insert(&text, 0, "ac", 2);
    text_insert(&text, 1, "b", 1);
    text_insert(&text, 99, "d", 1);
    assert_string_equal(text.bytes, "abcd");
    text_remove(&text, 1, 2);
    assert_string_equal(text.bytes, "ad");
    text_remove(&text, 1, 99);
    text_remove(&text, 5, 1);
    assert_string_equal(text.bytes, "a");
    text_empty(&text);
    assert_string_equal(text.bytes, "");
    text_clear(&text);
}

static void a_taken_string_is_never_null(void **state)
{
    struct text text = { 0 };
    char *taken = text_take(&text);

    (void)state;
    assert_string_equal(taken, "");
    free(taken);
    text_add(&text, "x");
    taken = text_take(&text);
    assert_string_equal(taken, "x");
    assert_int_equal(text.size, 0);
    free(taken);
    taken = text_format("%s-%d", "a", 1);
    assert_string_equal(taken, "a-1");
    free(taken);
}

static void same_and_starts_compare_bytes(void **state)
{
    (void)state;
    assert_true(text_same(NULL, NULL));
    assert_false(text_same(NULL, ""));
    assert_true(text_same("a", "a"));
    assert_true(text_starts("account.zip", "account."));
    assert_true(text_starts("a", ""));
    assert_false(text_starts("a", "ab"));
}

static void the_nearest_word_is_what_was_probably_meant(void **state)
{
    static const char *const words[] = { "apply", "plan", "status", "check", "export", "sign-in", "sign-out", NULL };
    static const struct { const char *typed, *meant; } rows[] = {
        { "aply", "apply" }, { "plna", "plan" }, { "stauts", "status" }, { "chekc", "check" }, { "signin", "sign-in" },
        { "exprot", "export" }, { "xyz", NULL }, { "", NULL }, { "p", NULL }, { "frobnicate", NULL }, { "plan", "plan" },
    };
    char long_word[200];

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const char *nearest = text_nearest(rows[i].typed, words);

        if (rows[i].meant)
            assert_string_equal(nearest, rows[i].meant);
        else
            assert_null(nearest);
    }
    memset(long_word, 'a', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    assert_null(text_nearest(long_word, words));
}

static void memory_is_zeroed_and_copies_are_ended(void **state)
{
    unsigned char *bytes = mem_new(64);
    char *copy = mem_copy_bytes("abc", 2);

    (void)state;
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(bytes[i], 0);
    bytes = mem_resize(bytes, 128);
    memset(bytes, 1, 128);
    mem_wipe(bytes, 128);
    assert_int_equal(bytes[127], 0);
    free(bytes);
    assert_string_equal(copy, "ab");
    free(copy);
    assert_null(mem_copy(NULL));
    mem_free_secret(mem_copy("secret"));
    mem_free_secret(NULL);
}

static void restore_by_byte(void)
{
    if (write(STDOUT_FILENO, "restored", 8) < 0)
        _exit(1);
}

static void without_memory_the_terminal_is_restored_and_the_program_ends_with_70(void **state)
{
    char said[64] = "";
    int ends[2], status;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        mem_at_exhaustion(restore_by_byte);
        mem_copy_bytes("", SIZE_MAX);
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 70);
    assert_true(read(ends[0], said, sizeof said - 1) > 8);
    assert_memory_equal(said, "restoredcommerce-setup: out of", 30);
    close(ends[0]);
}

/* Markus Kuhn's stress test, shortened: https://www.cl.cam.ac.uk/~mgk25/ucs/examples/UTF-8-test.txt */
static void only_well_formed_characters_are_read(void **state)
{
    static const struct { const char *bytes; size_t size; uint32_t character; } rows[] = {
        { "a", 1, 'a' }, { "\xC3\xA9", 2, 0xE9 }, { "\xE2\x82\xAC", 3, 0x20AC }, { "\xF0\x9F\x98\x80", 4, 0x1F600 },
        { "\xF4\x8F\xBF\xBF", 4, 0x10FFFF },
        { "\x80", 0, 0 }, { "\xC3", 0, 0 }, { "\xC0\xAF", 0, 0 }, { "\xE0\x80\xAF", 0, 0 }, { "\xF0\x80\x80\xAF", 0, 0 },
        { "\xED\xA0\x80", 0, 0 }, { "\xF4\x90\x80\x80", 0, 0 }, { "\xFF", 0, 0 }, { "\xE2\x82", 0, 0 },
        { "\xE2\x28\xA1", 0, 0 }, { "", 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct text again = { 0 };
        uint32_t c = 0;

        assert_int_equal(utf8_read(rows[i].bytes, strlen(rows[i].bytes), &c), rows[i].size);
        assert_int_equal(c, rows[i].character);
        if (rows[i].size) {
            utf8_add(&again, c);
            assert_string_equal(again.bytes, rows[i].bytes);
        }
        text_clear(&again);
    }
}

static void what_is_no_character_is_written_as_the_replacement(void **state)
{
    struct text out = { 0 };

    (void)state;
    utf8_add(&out, 0xD800);
    utf8_add(&out, 0x110000);
    assert_string_equal(out.bytes, "\xEF\xBF\xBD\xEF\xBF\xBD");
    text_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows_with_what_is_added),
        cmocka_unit_test(bytes_go_in_and_out_anywhere),
        cmocka_unit_test(a_taken_string_is_never_null),
        cmocka_unit_test(same_and_starts_compare_bytes),
        cmocka_unit_test(the_nearest_word_is_what_was_probably_meant),
        cmocka_unit_test(memory_is_zeroed_and_copies_are_ended),
        cmocka_unit_test(without_memory_the_terminal_is_restored_and_the_program_ends_with_70),
        cmocka_unit_test(only_well_formed_characters_are_read),
        cmocka_unit_test(what_is_no_character_is_written_as_the_replacement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
