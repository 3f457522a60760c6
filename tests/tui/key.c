/* Bytes of many terminals, and the keys they are. */
#include "support/check.h"

#include <string.h>

#include "../../src/tui/key.h"

struct spelling { const char *bytes; enum key_kind kind; int number; };

static void every_spelling_of_a_key_is_known(void **state)
{
    static const struct spelling spellings[] = {
        {"\033[H", KEY_HOME, 0}, {"\033OH", KEY_HOME, 0}, {"\033[1~", KEY_HOME, 0}, {"\033[7~", KEY_HOME, 0},
        {"\033[F", KEY_END, 0}, {"\033OF", KEY_END, 0}, {"\033[4~", KEY_END, 0}, {"\033[8~", KEY_END, 0},
        {"\x7f", KEY_BACKSPACE, 0}, {"\b", KEY_BACKSPACE, 0}, {"\033[3~", KEY_DELETE, 0}, {"\033[Z", KEY_BACK_TAB, 0},
        {"\033[A", KEY_UP, 0}, {"\033OA", KEY_UP, 0}, {"\033[B", KEY_DOWN, 0}, {"\033OB", KEY_DOWN, 0},
        {"\033[C", KEY_RIGHT, 0}, {"\033OC", KEY_RIGHT, 0}, {"\033[D", KEY_LEFT, 0}, {"\033OD", KEY_LEFT, 0},
        {"\033[5~", KEY_PAGE_UP, 0}, {"\033[6~", KEY_PAGE_DOWN, 0}, {"\r", KEY_ENTER, 0}, {"\t", KEY_TAB, 0},
        {"\033OP", KEY_FUNCTION, 1}, {"\033[11~", KEY_FUNCTION, 1}, {"\033[[A", KEY_FUNCTION, 1}, {"\0331", KEY_FUNCTION, 1},
        {"\033[15~", KEY_FUNCTION, 5}, {"\033[21~", KEY_FUNCTION, 10}, {"\0330", KEY_FUNCTION, 10},
        {"\003", KEY_CONTROL, 'c'}, {"\016", KEY_CONTROL, 'n'},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(spellings); i++) {
        struct keys keys = {.utf8 = true};
        struct key key;
        keys_feed(&keys, spellings[i].bytes, strlen(spellings[i].bytes), 1000);
        assert_true(keys_next(&keys, 1000, &key));
        assert_int_equal(key.kind, spellings[i].kind);
        if (spellings[i].number)
            assert_int_equal(key.number, spellings[i].number);
        assert_false(keys_next(&keys, 1000, &key));
        keys_clear(&keys);
    }
}

static void other_sequences_are_swallowed_whole(void **state)
{
    static const char *const sequences[] = {
        "\033[1;5C", "\033[200z", "\033[?1;2c", "\033[99~", "\033Oz", "\033]0;title\a", "\033]11;rgb:0/0/0\033\\", "\033P1$r0m\033\\",
        "\033[<0;12;7M", "\033[I",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(sequences); i++) {
        struct keys keys = {.utf8 = true};
        struct key key;
        keys_feed(&keys, sequences[i], strlen(sequences[i]), 1000);
        keys_feed(&keys, "x", 1, 1000);
        assert_true(keys_next(&keys, 1000, &key));
        assert_int_equal(key.kind, KEY_TEXT);
        assert_memory_equal(key.text, "x", 1);
        assert_false(keys_next(&keys, 1000, &key));
        keys_clear(&keys);
    }
}

static void escape_alone_acts_after_a_tenth_of_a_second(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key;
    (void)state;
    keys_feed(&keys, "\033", 1, 1000);
    assert_false(keys_next(&keys, 1099, &key));
    assert_in_range(keys_patience(&keys, 1050), 1, 50);
    assert_true(keys_next(&keys, 1100, &key));
    assert_int_equal(key.kind, KEY_ESCAPE);
    assert_int_equal(keys_patience(&keys, 1100), -1);
    keys_clear(&keys);
}

static void a_sequence_may_come_byte_by_byte(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key;
    (void)state;
    keys_feed(&keys, "\033", 1, 1000);
    assert_false(keys_next(&keys, 1020, &key));
    keys_feed(&keys, "[", 1, 1040);
    assert_false(keys_next(&keys, 1060, &key));
    keys_feed(&keys, "A", 1, 1080);
    assert_true(keys_next(&keys, 1080, &key));
    assert_int_equal(key.kind, KEY_UP);
    keys_clear(&keys);
}

static void a_marked_paste_is_one_key(void **state)
{
    static const char bytes[] = "\033[200~one\ntwo\033[31m\033[201~";
    struct keys keys = {.utf8 = true};
    struct key key;
    (void)state;
    keys_feed(&keys, bytes, sizeof bytes - 1, 1000);
    assert_true(keys_next(&keys, 1000, &key));
    assert_int_equal(key.kind, KEY_PASTE);
    assert_int_equal(key.size, 12);
    assert_memory_equal(key.text, "one\ntwo\033[31m", 12);
    assert_false(keys_next(&keys, 1000, &key));
    keys_clear(&keys);
}

static void a_burst_with_a_newline_is_a_paste(void **state)
{
    static const char bytes[] = "a line of more than twenty characters\nand more";
    struct keys keys = {.utf8 = true};
    struct key key;
    (void)state;
    keys_feed(&keys, bytes, sizeof bytes - 1, 1000);
    assert_true(keys_next(&keys, 1000, &key));
    assert_int_equal(key.kind, KEY_PASTE);
    keys_clear(&keys);
}

static void what_cannot_be_shown_is_refused(void **state)
{
    struct keys keys = {.utf8 = false};
    struct key key;
    (void)state;
    keys_feed(&keys, "\xc3\xa9", 2, 1000);
    assert_true(keys_next(&keys, 1000, &key));
    assert_int_equal(key.kind, KEY_REFUSED);
    keys_clear(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_key_is_known), cmocka_unit_test(other_sequences_are_swallowed_whole),
        cmocka_unit_test(escape_alone_acts_after_a_tenth_of_a_second), cmocka_unit_test(a_sequence_may_come_byte_by_byte),
        cmocka_unit_test(a_marked_paste_is_one_key), cmocka_unit_test(a_burst_with_a_newline_is_a_paste),
        cmocka_unit_test(what_cannot_be_shown_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
