#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "support/random.h"

#define E_ACUTE "e\xCC\x81"                             /* e and a combining acute */
#define WIDE "\xE4\xB8\xAD"                             /* a Chinese character, two columns */
#define FLAG_DE "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA"
#define FLAG_US "\xF0\x9F\x87\xBA\xF0\x9F\x87\xB8"
#define FAMILY "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
#define HANGUL "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"   /* three jamo, one syllable */

static void a_cluster_is_never_split(void **state)
{
    /* Each starts with one cluster of so many bytes. */
    static const struct { const char *text; size_t size; } rows[] = {
        { "a", 1 }, { "ab", 1 }, { E_ACUTE "x", 3 }, { WIDE WIDE, 3 }, { FLAG_DE FLAG_US, 8 }, { FAMILY "x", 18 },
        { HANGUL "x", 9 }, { "\r\n", 2 }, { "\n\r", 1 }, { "\xFF\xCC\x81", 1 }, { "\xE4\xB8", 1 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        size_t size = strlen(rows[i].text);

        assert_int_equal(glyph_next(rows[i].text, size, 0), rows[i].size);
        assert_int_equal(glyph_previous(rows[i].text, size, rows[i].size), 0);
    }
    assert_int_equal(glyph_next("abc", 3, 3), 3);
    assert_int_equal(glyph_next("abc", 3, 9), 3);
    assert_int_equal(glyph_previous("abc", 3, 9), 2);
    assert_int_equal(glyph_previous("abc", 3, 0), 0);
}

static void flags_pair_up_from_the_start(void **state)
{
    static const char text[] = FLAG_DE FLAG_US FLAG_DE;

    (void)state;
    assert_int_equal(glyph_count(text), 3);
    assert_int_equal(glyph_previous(text, sizeof text - 1, sizeof text - 1), 16);
    assert_int_equal(glyph_previous(text, sizeof text - 1, 16), 8);
}

static void a_letter_with_a_thousand_accents_is_one_cluster(void **state)
{
    struct text text = { 0 };

    (void)state;
    text_add(&text, "a");
    for (int i = 0; i < 1000; i++)
        text_add(&text, "\xCC\x81");
    text_add(&text, "b");
    assert_int_equal(glyph_next(text.bytes, text.size, 0), 2001);
    assert_int_equal(glyph_columns(text.bytes), 2);
    text_clear(&text);
}

static void columns_are_those_of_a_terminal(void **state)
{
    static const struct { const char *text; int columns; } rows[] = {
        { "", 0 }, { "Washington", 10 }, { E_ACUTE, 1 }, { "\xC3\xA9", 1 }, { WIDE "x", 3 }, { HANGUL, 2 },
        { "\xFF\xFE", 2 }, { "\xE2\x80\xA6", 1 }, { "\xE2\x9C\x93", 1 }, { "\xF0\x9F\x98\x80", 2 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(glyph_columns(rows[i].text), rows[i].columns);
    assert_int_equal(glyph_columns_of("abc", 2), 2);
}

static void fitting_stops_before_half_a_character(void **state)
{
    static const struct { const char *text; int columns; size_t fits; int used; } rows[] = {
        { "abc", 2, 2, 2 }, { "abc", 3, 3, 3 }, { "abc", 9, 3, 3 }, { "abc", 0, 0, 0 }, { "abc", -1, 0, 0 },
        { WIDE WIDE, 3, 3, 2 }, { WIDE WIDE, 1, 0, 0 }, { E_ACUTE E_ACUTE, 1, 3, 1 }, { "", 5, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        int used = 99;

        assert_int_equal(glyph_fit(rows[i].text, rows[i].columns, &used), rows[i].fits);
        assert_int_equal(used, rows[i].used);
    }
    assert_int_equal(glyph_fit("abc", 1, NULL), 1);
}

static void a_word_ends_where_a_shell_ends_it(void **state)
{
    static const struct { const char *text; size_t start; } rows[] = {
        { "one two", 4 }, { "one two  ", 4 }, { "one", 0 }, { "  ", 0 }, { "", 0 }, { "a b-c.d", 2 },
        { "x " E_ACUTE E_ACUTE, 2 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(glyph_word_start(rows[i].text, strlen(rows[i].text), strlen(rows[i].text)), rows[i].start);
}

static void case_and_accents_do_not_count(void **state)
{
    static const struct { const char *text, *folded; } rows[] = {
        { "Washington", "washington" }, { "CAF\xC3\x89", "cafe" }, { "Cafe\xCC\x81", "cafe" },
        { "Stra\xC3\x9F" "e", "strasse" }, { "\xEF\xAC\x81ne", "fine" }, { "\xE2\x84\xA1", "tel" },
        { "\xCE\xA3\xCE\x91\xCF\x82", "\xCF\x83\xCE\xB1\xCF\x83" }, { "a\xC2\xAD" "b", "ab" },
        { "x\xFFy\xC3\x89", "x\xEF\xBF\xBDye" }, { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char *folded = glyph_fold(rows[i].text);

        assert_string_equal(folded, rows[i].folded);
        free(folded);
    }
}

static void every_word_of_a_query_must_occur(void **state)
{
    static const struct { const char *text, *query; bool matches; } rows[] = {
        { "new york", "york new", true }, { "new york", "w y", true }, { "new york", "ork", true },
        { "new york", "new jersey", false }, { "new york", "", true }, { "new york", "  ", true }, { "", "a", false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(glyph_matches(rows[i].text, rows[i].query), rows[i].matches);
}

static void likeness_puts_the_likelier_name_first(void **state)
{
    /* What it is compared with: the likelier one, the less likely one. */
    static const struct { const char *name, *more, *less; } rows[] = {
        { "color", "colour", "collar type" }, { "item weight", "weight", "item height" },
        { "shipping weight", "weight shipping", "shipping width" }, { "brand", "brand name", "branch" },
        { "upc", "upc code", "ups" }, { "screen_size", "screen size", "screen type" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        int more = glyph_likeness(rows[i].name, rows[i].more), less = glyph_likeness(rows[i].name, rows[i].less);

        if (more <= less)
            print_error("%s: %s %d, %s %d\n", rows[i].name, rows[i].more, more, rows[i].less, less);
        assert_true(more > less);
        assert_int_equal(more, glyph_likeness(rows[i].more, rows[i].name));
    }
    assert_int_equal(glyph_likeness("color", "color"), 100);
    assert_int_equal(glyph_likeness("size color", "color size"), 99);
    assert_int_equal(glyph_likeness("color", "width"), 0);
    assert_int_equal(glyph_likeness("", "width"), 0);
    assert_int_equal(glyph_likeness("", ""), 100);
}

static void only_well_formed_text_is_text(void **state)
{
    (void)state;
    assert_true(glyph_is_utf8("", 0));
    assert_true(glyph_is_utf8("caf\xC3\xA9", 5));
    assert_false(glyph_is_utf8("caf\xC3", 4));
    assert_false(glyph_is_utf8("a\0b", 3));
    assert_false(glyph_is_utf8("\xED\xA0\x80", 3));
}

/* Walking forwards and backwards meets the same boundaries, whatever the bytes are, and always comes to the end. */
static void a_walk_through_anything_ends(void **state)
{
    static const char *const pieces[] = { "a", " ", "\r", "\n", "\xCC\x81", WIDE, FLAG_DE, FAMILY, HANGUL, "\xE2\x80\x8D",
                                          "\xFF", "\xC3", "\xF0\x9F\x87\xA9", "\xD8\x80", NULL };
    uint64_t seed = 11;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct text text = { 0 };
        size_t starts[200], count = 0, at = 0;
        char *folded;

        if (round % 2)
            random_bytes(&seed, &text, 60, 0);
        else
            random_pieces(&seed, &text, 12, pieces);
        while (at < text.size) {
            size_t next = glyph_next(text.bytes, text.size, at);

            assert_true(next > at && next <= text.size);
            starts[count++] = at;
            at = next;
        }
        assert_int_equal(glyph_count(text_bytes(&text)), count);
        while (count > 0) {
            at = glyph_previous(text.bytes, text.size, at);
            assert_int_equal(at, starts[--count]);
        }
        assert_true(glyph_fit(text_bytes(&text), glyph_columns(text_bytes(&text)), NULL) == text.size);
        glyph_word_start(text_bytes(&text), text.size, text.size);
        folded = glyph_fold(text_bytes(&text));
        assert_true(glyph_is_utf8(folded, strlen(folded)));
        assert_int_equal(glyph_likeness(folded, folded), 100);
        free(folded);
        text_clear(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster_is_never_split),
        cmocka_unit_test(flags_pair_up_from_the_start),
        cmocka_unit_test(a_letter_with_a_thousand_accents_is_one_cluster),
        cmocka_unit_test(columns_are_those_of_a_terminal),
        cmocka_unit_test(fitting_stops_before_half_a_character),
        cmocka_unit_test(a_word_ends_where_a_shell_ends_it),
        cmocka_unit_test(case_and_accents_do_not_count),
        cmocka_unit_test(every_word_of_a_query_must_occur),
        cmocka_unit_test(likeness_puts_the_likelier_name_first),
        cmocka_unit_test(only_well_formed_text_is_text),
        cmocka_unit_test(a_walk_through_anything_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
