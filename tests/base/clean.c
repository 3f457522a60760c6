#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "support/random.h"

static void what_could_harm_is_made_visible_or_dropped(void **state)
{
    static const struct { const char *text, *prose, *name, *page; } rows[] = {
        { "plain text", "plain text", "plain text", "plain text" },
        { "\x1B[31mred", "<1B>[31mred", "<1B>[31mred", "<1B>[31mred" },
        { "bell\x07", "bell<07>", "bell<07>", "bell<07>" },
        { "del\x7F", "del<7F>", "del<7F>", "del<7F>" },
        { "\xC2\x9B" "31m", "<9B>31m", "<9B>31m", "<9B>31m" },              /* CSI in one character */
        { "\xFF\xC3(", "<FF><C3>(", "<FF><C3>(", "<FF><C3>(" },
        { "a\xE2\x80\xAE" "b", "ab", "a<202E>b", "ab" },                    /* right-to-left override */
        { "a\xE2\x80\x8B" "b", "ab", "a<200B>b", "ab" },                    /* zero width space */
        { "\xEF\xBB\xBF" "a", "a", "<FEFF>a", "a" },
        { "\xF3\xA0\x81\x81", "", "<E0041>", "" },                          /* a tag character: hidden letters */
        { "\xEF\xB7\x90\xEF\xBF\xBE", "<FDD0><FFFE>", "<FDD0><FFFE>", "<FDD0><FFFE>" },
        { "one\r\ntwo\n\nthree", "one two three", "one two three", "one\ntwo\n\nthree" },
        { "one\ttwo\t\tthree", "one two three", "one two three", "one two three" },
        { "one\rtwo\xC2\x85three\xE2\x80\xA8" "four", "one two three four", "one two three four", "one\ntwo\nthree\nfour" },
        { "a\xCC\x81\xCC\x82\xCC\x83\xCC\x84" "b", "a\xCC\x81\xCC\x82" "b", "a\xCC\x81\xCC\x82" "b", "a\xCC\x81\xCC\x82" "b" },
        { "\xCC\x81" "a", "\xE2\x97\x8C\xCC\x81" "a", "\xE2\x97\x8C\xCC\x81" "a", "\xE2\x97\x8C\xCC\x81" "a" },
        { "\xE4\xB8\xAD \xD8\xA7", "\xE4\xB8\xAD \xD8\xA7", "\xE4\xB8\xAD \xD8\xA7", "\xE4\xB8\xAD \xD8\xA7" },
        { "", "", "", "" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char *prose = clean_copy(rows[i].text, CLEAN_PROSE);
        char *name = clean_copy(rows[i].text, CLEAN_NAME);
        char *page = clean_copy(rows[i].text, CLEAN_PAGE);

        assert_string_equal(prose, rows[i].prose);
        assert_string_equal(name, rows[i].name);
        assert_string_equal(page, rows[i].page);
        free(prose);
        free(name);
        free(page);
    }
}

static void nothing_added_is_nothing(void **state)
{
    struct text out = { 0 };

    (void)state;
    clean_add(&out, NULL, CLEAN_PROSE);
    assert_string_equal(text_bytes(&out), "");
    text_clear(&out);
}

static void a_cut_shows_that_it_is_one(void **state)
{
    static const struct { const char *text; int columns; bool utf8; const char *cut; } rows[] = {
        { "Washington", 10, true, "Washington" }, { "Washington", 9, true, "Washingt\xE2\x80\xA6" },
        { "Washington", 9, false, "Washingt~" }, { "Washington", 1, false, "~" }, { "Washington", 0, false, "" },
        { "Washington", -3, true, "" }, { "\xE4\xB8\xAD\xE4\xB8\xAD", 3, false, "\xE4\xB8\xAD~" },
        { "\xE4\xB8\xAD\xE4\xB8\xAD", 2, false, "~" }, { "a\x1B" "b", 4, false, "a<1~" }, { "", 0, true, "" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char *cut = clean_cut(rows[i].text, rows[i].columns, CLEAN_NAME, rows[i].utf8);

        assert_string_equal(cut, rows[i].cut);
        free(cut);
    }
}

/* Whatever comes in: what goes out is text, has no control characters, hides nothing, and stays as it is when cleaned again. */
static void anything_comes_out_harmless(void **state)
{
    static const char *const pieces[] = { "a", "\x1B", "\xC2\x9B", "\xE2\x80\xAE", "\xE2\x80\x8D", "\xCC\x81", "\xCC\x82",
                                          "\n", "\r", "\t", "\xFF", "\xC3", "\xE4\xB8\xAD", "\xF3\xA0\x81\x81", NULL };
    static const enum clean hows[] = { CLEAN_PROSE, CLEAN_NAME, CLEAN_PAGE };
    uint64_t seed = 5;

    (void)state;
    for (int round = 0; round < 6000; round++) {
        struct text text = { 0 };
        enum clean how = hows[round % 3];
        char *once, *twice, *cut;

        if (round % 2)
            random_bytes(&seed, &text, 60, 0);
        else
            random_pieces(&seed, &text, 20, pieces);
        once = clean_copy(text_bytes(&text), how);
        twice = clean_copy(once, how);
        cut = clean_cut(text_bytes(&text), 12, how, round & 4);
        assert_string_equal(once, twice);
        assert_true(glyph_is_utf8(once, strlen(once)));
        assert_true(glyph_columns(cut) <= 12);
        for (const char *c = once; *c; c++)
            assert_true((unsigned char)*c >= 0x20 ? *c != 0x7F : *c == '\n' && how == CLEAN_PAGE);
        free(once);
        free(twice);
        free(cut);
        text_clear(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_could_harm_is_made_visible_or_dropped),
        cmocka_unit_test(nothing_added_is_nothing),
        cmocka_unit_test(a_cut_shows_that_it_is_one),
        cmocka_unit_test(anything_comes_out_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
