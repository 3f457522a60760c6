#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/tui/edit.h"
#include "base/glyph.h"

static void press(struct edit *edit, enum key_kind kind, int number)
{
    bool changed = false;
    assert_true(edit_key(edit, &(struct key){.kind = kind, .number = number}, &changed));
}

static void shows(struct edit *edit, int columns, bool masked, const char *expected, int column)
{
    int cursor = -1;
    char *shown = edit_show(edit, columns, masked, &cursor);
    assert_string_equal(shown, expected);
    assert_int_equal(cursor, column);
    free(shown);
}

static void a_cluster_is_never_split(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "ae\u0301\U0001F1E9\U0001F1EA");
    press(&edit, KEY_BACKSPACE, 0);
    assert_string_equal(edit.text.bytes, "ae\u0301");
    press(&edit, KEY_LEFT, 0);
    assert_int_equal(edit.at, 1);
    press(&edit, KEY_DELETE, 0);
    assert_string_equal(edit.text.bytes, "a");
    edit_clear(&edit);
}

static void control_keys_do_as_in_a_shell(void **state)
{
    static const struct { int letter; const char *text; size_t at; } keys[] = {
        {'a', "one two three", 0}, {'e', "one two three", 13}, {'k', "one two", 7}, {'u', "", 0},
        {'w', "one  three", 4}, {'d', "one twothree", 7},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(keys); i++) {
        struct edit edit = {0};
        edit_set(&edit, "one two three");
        edit.at = 7;
        press(&edit, KEY_CONTROL, keys[i].letter);
        assert_string_equal(text_bytes(&edit.text), keys[i].text);
        assert_int_equal(edit.at, keys[i].at);
        edit_clear(&edit);
    }
}

static void what_was_cleared_comes_back(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "Contoso");
    press(&edit, KEY_CONTROL, 'u');
    press(&edit, KEY_CONTROL, 'y');
    assert_string_equal(edit.text.bytes, "Contoso");
    edit_clear(&edit);
}

static void a_long_value_scrolls_sideways(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "abcdefghijklmnopqrstuvwxyz");
    press(&edit, KEY_HOME, 0);
    shows(&edit, 10, false, "abcdefghi>", 0);
    press(&edit, KEY_END, 0);
    shows(&edit, 10, false, "<vwxyz", 6);
    edit_clear(&edit);
}

static void wide_characters_are_shown_whole_or_not(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "\u4e2d\u6587\u5b57\u7b26");
    for (int columns = 1; columns < 12; columns++) {
        int cursor = -1;
        char *shown = edit_show(&edit, columns, false, &cursor);
        assert_true(glyph_columns(shown) <= columns);
        assert_true(glyph_is_utf8(shown, strlen(shown)));
        assert_true(cursor <= columns);
        free(shown);
    }
    edit_clear(&edit);
}

static void a_secret_shows_marks_and_how_many(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "abc");
    shows(&edit, 40, true, "***  3 characters", 3);
    edit_set(&edit, "abcdefghijklmnop");
    shows(&edit, 40, true, "************  16 characters", 12);
    edit_clear(&edit);
}

static void a_paste_loses_newlines_tabs_and_controls(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "<");
    assert_true(edit_paste(&edit, "  a\tb\r\n\033[31mc \n", 15, true));
    assert_string_equal(edit.text.bytes, "<ab[31mc");
    assert_false(edit_paste(&edit, "plain", 5, true));
    assert_true(edit_paste(&edit, "\u00e9", 2, false));
    assert_string_equal(edit.text.bytes, "<ab[31mcplain");
    edit_clear(&edit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster_is_never_split),
        cmocka_unit_test(control_keys_do_as_in_a_shell),
        cmocka_unit_test(what_was_cleared_comes_back),
        cmocka_unit_test(a_long_value_scrolls_sideways),
        cmocka_unit_test(wide_characters_are_shown_whole_or_not),
        cmocka_unit_test(a_secret_shows_marks_and_how_many),
        cmocka_unit_test(a_paste_loses_newlines_tabs_and_controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
