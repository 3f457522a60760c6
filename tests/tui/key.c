#include "support/check.h"

#include <string.h>

#include "../../src/tui/key.h"

static bool feed(struct keys *keys, const char *bytes, size_t size, int64_t now, struct key *key)
{
    keys_feed(keys, bytes, size, now);
    return keys_next(keys, now, key);
}

/* The spellings of xterm, PuTTY, screen, tmux, the Linux console, VT100, VT220 and rxvt. */
static const struct { const char *bytes; enum key_kind kind; int number; } known[] = {
    {"\033[H", KEY_HOME, 0}, {"\033OH", KEY_HOME, 0}, {"\033[1~", KEY_HOME, 0}, {"\033[7~", KEY_HOME, 0},
    {"\033[F", KEY_END, 0}, {"\033OF", KEY_END, 0}, {"\033[4~", KEY_END, 0}, {"\033[8~", KEY_END, 0},
    {"\x7f", KEY_BACKSPACE, 0}, {"\b", KEY_BACKSPACE, 0}, {"\033[3~", KEY_DELETE, 0}, {"\033[Z", KEY_BACK_TAB, 0},
    {"\033[A", KEY_UP, 0}, {"\033[B", KEY_DOWN, 0}, {"\033[C", KEY_RIGHT, 0}, {"\033[D", KEY_LEFT, 0},
    {"\033OA", KEY_UP, 0}, {"\033OB", KEY_DOWN, 0}, {"\033OC", KEY_RIGHT, 0}, {"\033OD", KEY_LEFT, 0},
    {"\033[5~", KEY_PAGE_UP, 0}, {"\033[6~", KEY_PAGE_DOWN, 0}, {"\r", KEY_ENTER, 0}, {"\n", KEY_ENTER, 0}, {"\t", KEY_TAB, 0},
    {"\033OP", KEY_FUNCTION, 1}, {"\033[11~", KEY_FUNCTION, 1}, {"\033[[A", KEY_FUNCTION, 1}, {"\0331", KEY_FUNCTION, 1},
    {"\033OS", KEY_FUNCTION, 4}, {"\033[14~", KEY_FUNCTION, 4}, {"\033[[E", KEY_FUNCTION, 5}, {"\033[15~", KEY_FUNCTION, 5},
    {"\033[17~", KEY_FUNCTION, 6}, {"\033[18~", KEY_FUNCTION, 7}, {"\033[19~", KEY_FUNCTION, 8}, {"\033[20~", KEY_FUNCTION, 9},
    {"\033[21~", KEY_FUNCTION, 10}, {"\0330", KEY_FUNCTION, 10}, {"\033[24~", KEY_FUNCTION, 12},
    {"\005", KEY_CONTROL, 'e'}, {"\032", KEY_CONTROL, 'z'}, {"x", KEY_TEXT, 0}, {"\u00e9", KEY_TEXT, 0}, {"\U0001F600", KEY_TEXT, 0},
};

static void every_spelling_of_a_key_is_known_whatever_the_terminal(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(known); i++) {
        struct keys keys = {.utf8 = true};
        struct key key = {0};
        assert_true(feed(&keys, known[i].bytes, strlen(known[i].bytes), 1000, &key));
        assert_int_equal(key.kind, known[i].kind);
        assert_int_equal(key.number, known[i].number);
        assert_false(keys_next(&keys, 1000, &key));
        keys_clear(&keys);
    }
}

static void a_sequence_that_comes_byte_by_byte_is_the_same_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(known); i++) {
        struct keys keys = {.utf8 = true};
        struct key key = {0};
        size_t size = strlen(known[i].bytes);
        for (size_t at = 0; at < size; at++)
            assert_int_equal(feed(&keys, known[i].bytes + at, 1, 1000 + (int64_t)at * 20, &key), at + 1 == size);
        assert_int_equal(key.kind, known[i].kind);
        assert_int_equal(key.number, known[i].number);
        keys_clear(&keys);
    }
}

static void sequences_that_are_no_key_are_swallowed_whole(void **state)
{
    static const char *const others[] = {
        "\033[2~", "\033[1;5C", "\033[?62;22c", "\033[99~", "\033[<0;10;10M", "\033Ox", "\033[I", "\033[O", "\033[200;1~",
        "\033]11;rgb:ffff/ffff/ffff\a", "\033]0;title\033\\", "\033P1$r0m\033\\", "\033_private\033\\", "\033[[Q",
        "\033[12345678901234567890;9999999999~",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(others); i++) {
        struct keys keys = {.utf8 = true};
        struct key key = {0};
        assert_false(feed(&keys, others[i], strlen(others[i]), 1000, &key));
        assert_int_equal(keys_patience(&keys, 1000), -1);
        assert_true(feed(&keys, "z", 1, 1001, &key));
        assert_int_equal(key.kind, KEY_TEXT);
        assert_int_equal(*key.text, 'z');
        keys_clear(&keys);
    }
}

static void escape_acts_after_a_tenth_of_a_second(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key = {0};
    (void)state;
    assert_false(feed(&keys, "\033", 1, 1000, &key));
    assert_int_equal(keys_patience(&keys, 1000), 100);
    assert_int_equal(keys_patience(&keys, 1060), 40);
    assert_false(keys_next(&keys, 1099, &key));
    assert_true(keys_next(&keys, 1100, &key));
    assert_int_equal(key.kind, KEY_ESCAPE);
    assert_int_equal(keys_patience(&keys, 1100), -1);
    keys.escape_ms = 20;
    assert_false(feed(&keys, "\033", 1, 2000, &key));
    assert_true(keys_next(&keys, 2020, &key));
    keys_clear(&keys);
}

static void a_sequence_that_never_ends_does_not_hold_the_keyboard(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key = {0};
    (void)state;
    assert_false(feed(&keys, "\033]0;half", 8, 1000, &key));
    assert_false(keys_next(&keys, 2000, &key));
    assert_int_equal(keys_patience(&keys, 2000), -1);
    assert_true(feed(&keys, "a", 1, 2001, &key));
    assert_int_equal(key.kind, KEY_TEXT);
    keys_clear(&keys);
}

static void a_bracketed_paste_is_one_key_with_all_that_was_in_it(void **state)
{
    static const char bytes[] = "\033[200~one\r\ntwo\033[Athree\033[201~x";
    (void)state;
    for (size_t split = 1; split < sizeof bytes - 2; split++) {
        struct keys keys = {.utf8 = true};
        struct key key = {0};
        keys_feed(&keys, bytes, split, 1000);
        bool early = keys_next(&keys, 1000, &key);
        if (!early) {
            keys_feed(&keys, bytes + split, sizeof bytes - 1 - split, 1010);
            assert_true(keys_next(&keys, 1010, &key));
        }
        assert_int_equal(key.kind, KEY_PASTE);
        assert_int_equal(key.size, strlen("one\r\ntwo\033[Athree"));
        assert_memory_equal(key.text, "one\r\ntwo\033[Athree", key.size);
        if (!early) {
            assert_true(keys_next(&keys, 1010, &key));
            assert_int_equal(key.kind, KEY_TEXT);
        }
        keys_clear(&keys);
    }
}

static void a_paste_whose_end_is_lost_is_given_out_after_a_while(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key = {0};
    (void)state;
    assert_false(feed(&keys, "\033[200~words", 11, 1000, &key));
    assert_true(keys_patience(&keys, 1000) > 0);
    assert_true(keys_next(&keys, 3000, &key));
    assert_int_equal(key.kind, KEY_PASTE);
    assert_int_equal(key.size, 5);
    keys_clear(&keys);
}

static void a_burst_of_text_with_a_newline_is_a_paste_though_nothing_marks_it(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key = {0};
    (void)state;
    assert_true(feed(&keys, "a long line that was pasted\nand more\n", 37, 1000, &key));
    assert_int_equal(key.kind, KEY_PASTE);
    assert_int_equal(key.size, 37);
    assert_false(keys_next(&keys, 1000, &key));

    size_t enters = 0, pastes = 0;
    keys_feed(&keys, "a long line that was pa", 23, 5000);
    while (keys_next(&keys, 5000, &key))
        assert_int_equal(key.kind, KEY_TEXT);
    keys_feed(&keys, "sted\n", 5, 5020);
    while (keys_next(&keys, 5020, &key)) {
        enters += key.kind == KEY_ENTER;
        pastes += key.kind == KEY_PASTE;
    }
    assert_int_equal(enters, 0);
    assert_int_equal(pastes, 1);
    keys_clear(&keys);
}

static void a_short_answer_and_enter_at_once_is_typing(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key = {0};
    size_t texts = 0;
    (void)state;
    keys_feed(&keys, "Contoso Retail\r", 15, 1000);
    while (keys_next(&keys, 1000, &key) && key.kind == KEY_TEXT)
        texts++;
    assert_int_equal(texts, 14);
    assert_int_equal(key.kind, KEY_ENTER);
    keys_clear(&keys);
}

static void half_a_character_waits_for_its_rest_and_a_broken_one_is_dropped(void **state)
{
    struct keys keys = {.utf8 = true};
    struct key key = {0};
    (void)state;
    assert_false(feed(&keys, "\xc3", 1, 1000, &key));
    assert_true(feed(&keys, "\xa9", 1, 1005, &key));
    assert_int_equal(key.size, 2);
    assert_true(feed(&keys, "\xff\xfe\xc3q", 4, 1010, &key));
    assert_int_equal(key.kind, KEY_TEXT);
    assert_int_equal(*key.text, 'q');
    keys_clear(&keys);
}

static void without_utf8_other_characters_are_refused(void **state)
{
    struct keys keys = {0};
    struct key key = {0};
    (void)state;
    assert_true(feed(&keys, "\xc3\xa9", 2, 1000, &key));
    assert_int_equal(key.kind, KEY_REFUSED);
    assert_false(keys_next(&keys, 1000, &key));
    assert_true(feed(&keys, "\xe9", 1, 1001, &key) || keys_next(&keys, 3000, &key));
    assert_int_equal(key.kind, KEY_REFUSED);
    keys_clear(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_key_is_known_whatever_the_terminal),
        cmocka_unit_test(a_sequence_that_comes_byte_by_byte_is_the_same_key),
        cmocka_unit_test(sequences_that_are_no_key_are_swallowed_whole),
        cmocka_unit_test(escape_acts_after_a_tenth_of_a_second),
        cmocka_unit_test(a_sequence_that_never_ends_does_not_hold_the_keyboard),
        cmocka_unit_test(a_bracketed_paste_is_one_key_with_all_that_was_in_it),
        cmocka_unit_test(a_paste_whose_end_is_lost_is_given_out_after_a_while),
        cmocka_unit_test(a_burst_of_text_with_a_newline_is_a_paste_though_nothing_marks_it),
        cmocka_unit_test(a_short_answer_and_enter_at_once_is_typing),
        cmocka_unit_test(half_a_character_waits_for_its_rest_and_a_broken_one_is_dropped),
        cmocka_unit_test(without_utf8_other_characters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
