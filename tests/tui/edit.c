/* One line of text under the cursor. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/tui/edit.h"

static bool press(struct edit *edit, enum key_kind kind, int number)
{
    bool changed = false;
    edit_key(edit, &(struct key){.kind = kind, .number = number}, &changed);
    return changed;
}

static void a_cluster_is_taken_away_whole(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "ae\xcc\x81");
    assert_true(press(&edit, KEY_BACKSPACE, 0));
    assert_string_equal(text_bytes(&edit.text), "a");
    assert_true(press(&edit, KEY_BACKSPACE, 0));
    assert_false(press(&edit, KEY_BACKSPACE, 0));
    edit_clear(&edit);
}

static void control_keys_edit_as_in_a_shell(void **state)
{
    struct edit edit = {0};
    (void)state;
    edit_set(&edit, "one two");
    press(&edit, KEY_CONTROL, 'w');
    assert_string_equal(text_bytes(&edit.text), "one ");
    press(&edit, KEY_CONTROL, 'a');
    press(&edit, KEY_CONTROL, 'd');
    assert_string_equal(text_bytes(&edit.text), "ne ");
    press(&edit, KEY_CONTROL, 'u');
    assert_string_equal(text_bytes(&edit.text), "");
    press(&edit, KEY_CONTROL, 'y');
    assert_string_equal(text_bytes(&edit.text), "ne ");
    edit_clear(&edit);
}

static void a_paste_is_one_clean_line(void **state)
{
    static const char bytes[] = "  a\tb\r\nc\033[31m ";
    struct edit edit = {0};
    (void)state;
    assert_int_equal(edit_paste(&edit, bytes, sizeof bytes - 1, true), PASTED_LESS);
    assert_string_equal(text_bytes(&edit.text), "abc[31m");
    assert_int_equal(edit_paste(&edit, "d", 1, true), PASTED_ALL);
    assert_int_equal(edit_paste(&edit, "M\xfcller", 6, true), PASTED_NOTHING);
    assert_int_equal(edit_paste(&edit, "M\xc3\xbcller", 7, false), PASTED_NOTHING);
    assert_string_equal(text_bytes(&edit.text), "abc[31md");
    edit_clear(&edit);
}

static void a_long_line_scrolls_sideways(void **state)
{
    struct edit edit = {0};
    int cursor = -1;
    (void)state;
    edit_set(&edit, "0123456789abcdefghij");
    char *shown = edit_show(&edit, 10, false, &cursor);
    assert_int_equal(shown[0], '<');
    assert_in_range(cursor, 1, 9);
    free(shown);
    press(&edit, KEY_HOME, 0);
    shown = edit_show(&edit, 10, false, &cursor);
    assert_int_equal(cursor, 0);
    assert_int_equal(shown[strlen(shown) - 1], '>');
    free(shown);
    edit_clear(&edit);
}

static void a_secret_shows_marks_and_a_count(void **state)
{
    struct edit edit = {0};
    int cursor = -1;
    (void)state;
    edit_set(&edit, "abcdefghijklmnop");
    char *shown = edit_show(&edit, 40, true, &cursor);
    assert_string_equal(shown, "************  16 characters");
    free(shown);
    edit_clear(&edit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster_is_taken_away_whole), cmocka_unit_test(control_keys_edit_as_in_a_shell),
        cmocka_unit_test(a_paste_is_one_clean_line), cmocka_unit_test(a_long_line_scrolls_sideways),
        cmocka_unit_test(a_secret_shows_marks_and_a_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
