#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/choices.h"
#include "base/glyph.h"
#include "base/text.h"
#include "support/random.h"

static void choices_keep_their_order_and_are_found_by_value(void **state)
{
    struct choices *choices = choices_new();

    (void)state;
    choices_add(choices, "WA", "Washington", NULL);
    choices_add(choices, "OR", "Oregon", "");
    choices_add(choices, "plain", NULL, NULL);
    choices_add(choices, "WA", "Washington State", NULL);
    assert_int_equal(choices_count(choices), 3);
    assert_string_equal(choices_value(choices, 0), "WA");
    assert_string_equal(choices_label(choices, 0), "Washington State");
    assert_string_equal(choices_label(choices, 2), "plain");
    assert_string_equal(choices_label_of(choices, "OR"), "Oregon");
    assert_string_equal(choices_label_of(choices, "XX"), "XX");
    assert_int_equal(choices_find(choices, "OR"), 1);
    assert_true(choices_find(choices, "or") == CHOICES_NONE);
    assert_null(choices_value(choices, 3));
    assert_false(choices_complete(choices));
    choices_set_complete(choices, true);
    assert_true(choices_complete(choices));
    choices_free(choices);
}

static void no_choices_are_like_an_empty_list(void **state)
{
    struct choices *choices = choices_new();
    struct choice_match found[1];
    size_t next = 0;

    (void)state;
    assert_int_equal(choices_count(NULL), 0);
    assert_false(choices_complete(NULL));
    assert_true(choices_find(NULL, "x") == CHOICES_NONE);
    assert_string_equal(choices_label_of(NULL, "x"), "x");
    assert_true(choices_fits(NULL, "x", "y"));
    assert_int_equal(choices_child_count(NULL, CHOICES_NONE), 0);
    assert_true(choices_find(choices, "x") == CHOICES_NONE);
    assert_int_equal(choices_search(choices, "", &next, 10, found, 1), 0);
    assert_true(choices_likest(choices, "x", 0) == CHOICES_NONE);
    choices_free(choices);
    choices_free(NULL);
}

static void a_parent_may_come_after_its_children(void **state)
{
    struct choices *choices = choices_new();

    (void)state;
    choices_add(choices, "shirts", "Shirts", "clothes");
    choices_add(choices, "hats", "Hats", "clothes");
    assert_int_equal(choices_child_count(choices, CHOICES_NONE), 2);    /* unknown so far: roots */
    choices_add(choices, "clothes", "Clothes", NULL);
    choices_add(choices, "t-shirts", "T-shirts", "shirts");
    assert_int_equal(choices_child_count(choices, CHOICES_NONE), 1);
    assert_int_equal(choices_child(choices, CHOICES_NONE, 0), 2);
    assert_int_equal(choices_child_count(choices, 2), 2);
    assert_int_equal(choices_child(choices, 2, 1), 1);
    assert_true(choices_child(choices, 2, 2) == CHOICES_NONE);
    assert_int_equal(choices_parent(choices, 3), 0);
    assert_int_equal(choices_depth(choices, 3), 2);
    assert_int_equal(choices_depth(choices, 2), 0);
    choices_add(choices, "t-shirts", "T-shirts", "hats");               /* moved */
    assert_int_equal(choices_parent(choices, 3), 1);
    choices_free(choices);
}

static void a_cycle_is_cut_at_its_first_member(void **state)
{
    struct choices *choices = choices_new();

    (void)state;
    choices_add(choices, "outside", NULL, "c");
    choices_add(choices, "a", NULL, "b");
    choices_add(choices, "b", NULL, "c");
    choices_add(choices, "c", NULL, "a");
    choices_add(choices, "self", NULL, "self");
    assert_true(choices_parent(choices, 1) == CHOICES_NONE);
    assert_int_equal(choices_parent(choices, 2), 3);
    assert_int_equal(choices_parent(choices, 3), 1);
    assert_int_equal(choices_depth(choices, 0), 2);
    assert_true(choices_parent(choices, 4) == CHOICES_NONE);
    assert_int_equal(choices_child_count(choices, CHOICES_NONE), 2);
    choices_free(choices);
}

/* Every choice is in the tree exactly once, however the parents were drawn. */
static void every_tree_holds_every_choice_once(void **state)
{
    uint64_t seed = 3;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct choices *choices = choices_new();
        size_t count = 1 + random_below(&seed, 40), seen = 0;
        char value[32], parent[32];

        for (size_t i = 0; i < count; i++) {
            snprintf(value, sizeof value, "%zu", i);
            snprintf(parent, sizeof parent, "%zu", random_below(&seed, count + 5));
            choices_add(choices, value, NULL, parent);
        }
        for (size_t i = 0; i < count; i++) {
            assert_in_range(choices_depth(choices, i), 0, count);
            seen += choices_child_count(choices, i);
            for (size_t n = 0; n < choices_child_count(choices, i); n++)
                assert_int_equal(choices_parent(choices, choices_child(choices, i, n)), i);
        }
        assert_int_equal(seen + choices_child_count(choices, CHOICES_NONE), count);
        choices_free(choices);
    }
}

static void what_a_choice_says_beyond_is_kept_beside(void **state)
{
    struct choices *choices = choices_new();
    struct value *extra = value_new_map();
    struct value *fits = value_put(extra, "fits", value_new_list());

    (void)state;
    value_append(fits, value_new_text("visa"));
    choices_add(choices, "stripe", "Stripe", NULL);
    choices_add_extra(choices, "stripe", extra);
    assert_ptr_equal(choices_extra(choices, "stripe"), extra);
    assert_null(choices_extra(choices, "other"));
    assert_true(choices_fits(choices, "stripe", "visa"));
    assert_false(choices_fits(choices, "stripe", "amex"));
    assert_true(choices_fits(choices, "other", "amex"));
    choices_free(choices);
}

static void a_search_finds_every_word_in_label_or_value(void **state)
{
    static const struct { const char *query; size_t count, first; } rows[] = {
        { "", 4, 0 }, { "new", 2, 0 }, { "york new", 1, 0 }, { "ny", 1, 0 }, { "nm mexico", 1, 1 }, { "bogota", 1, 2 },
        { "xyz", 0, 0 }, { "mexicon", 0, 0 },
    };
    struct choices *choices = choices_new();

    (void)state;
    choices_add(choices, "NY", "New York", NULL);
    choices_add(choices, "NM", "New Mexico", NULL);
    choices_add(choices, "BOG", "Bogot\xC3\xA1", NULL);
    choices_add(choices, "plain", NULL, NULL);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct choice_match found[8];
        size_t next = 0;

        assert_int_equal(choices_search(choices, rows[i].query, &next, 100, found, 8), rows[i].count);
        assert_int_equal(next, 4);
        if (rows[i].count)
            assert_int_equal(found[0].choice, rows[i].first);
    }
    choices_free(choices);
}

static void test_a_search_ranks_its_matches(void **state)
{
    static const struct { const char *query; enum choice_rank ranks[3]; } rows[] = {
        { "new york", { CHOICE_EXACT, CHOICE_PHRASE, CHOICE_WORDS } }, { " new yo ", { CHOICE_PREFIX, CHOICE_PHRASE, CHOICE_WORDS } },
        { "york", { CHOICE_PHRASE, CHOICE_PHRASE, CHOICE_PREFIX } }, { "york new", { CHOICE_WORDS, CHOICE_WORDS, CHOICE_EXACT } },
    };
    struct choices *choices = choices_new();

    (void)state;
    choices_add(choices, "NY", "New York", NULL);
    choices_add(choices, "old new york", NULL, NULL);
    choices_add(choices, "york new", "York (new)", NULL);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct choice_match found[3];
        size_t next = 0;

        assert_int_equal(choices_search(choices, rows[i].query, &next, 10, found, 3), 3);
        for (size_t j = 0; j < 3; j++)
            assert_int_equal(found[j].rank, rows[i].ranks[j]);
    }
    choices_free(choices);
}

static void a_search_goes_on_where_it_stopped(void **state)
{
    struct choices *choices = choices_new();
    struct choice_match found[3];
    size_t next = 0, total = 0;
    char value[32];

    (void)state;
    for (int i = 0; i < 100; i++) {
        snprintf(value, sizeof value, "item %d", i);
        choices_add(choices, value, NULL, NULL);
    }
    assert_int_equal(choices_search(choices, "7", &next, 8, found, 3), 1);     /* 0 to 7 */
    assert_int_equal(next, 8);
    for (total = 1; next < choices_count(choices);) {
        size_t count = choices_search(choices, "7", &next, 50, found, 3);

        total += count;
        if (count)
            assert_true(found[count - 1].choice < next);
    }
    assert_int_equal(total, 19);
    choices_free(choices);
}

static void the_likest_choice_is_suggested(void **state)
{
    static const struct { const char *text; int least; const char *likest; } rows[] = {
        { "Colour", 50, "Color" }, { "weight", 50, "Item Weight" }, { "COLOR", 100, "Color" }, { "Tama\xC3\xB1o", 80, "Tamano" },
        { "frobnication", 50, NULL }, { "", 1, NULL },
    };
    static const char *const labels[] = { "Brand", "Color", "Item Height", "Item Weight", "Tamano", "Collar Color Type" };
    struct choices *choices = choices_new();

    (void)state;
    for (size_t i = 0; i < LENGTH(labels); i++)
        choices_add(choices, labels[i], NULL, NULL);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        size_t likest = choices_likest(choices, rows[i].text, rows[i].least);

        if (rows[i].likest)
            assert_string_equal(choices_label(choices, likest), rows[i].likest);
        else
            assert_true(likest == CHOICES_NONE);
    }
    choices_add(choices, "Colour", NULL, NULL);
    assert_string_equal(choices_label(choices, choices_likest(choices, "Colour", 50)), "Colour");
    choices_free(choices);
}

/* The shortcut must find what comparing with each finds. */
static void the_likest_is_as_like_as_any(void **state)
{
    static const char *const words[] = { "color ", "colour ", "weight ", "item ", "size ", "ship ", "shipping ", "type ",
                                         "brand ", "name ", "gr\xC3\xB6\xC3\x9F" "e ", NULL };
    struct choices *choices = choices_new();
    uint64_t seed = 9;

    (void)state;
    for (int i = 0; i < 300; i++) {
        struct text name = { 0 };

        text_addf(&name, "%d ", (int)random_below(&seed, 30));
        random_pieces(&seed, &name, 4, words);
        choices_add(choices, name.bytes, NULL, NULL);
        text_clear(&name);
    }
    for (int i = 0; i < 300; i++) {
        struct text wanted = { 0 };
        size_t likest;
        int best = 0;

        random_pieces(&seed, &wanted, 4, words);
        likest = choices_likest(choices, text_bytes(&wanted), 1);
        for (size_t c = 0; c < choices_count(choices); c++) {
            char *a = glyph_fold(text_bytes(&wanted)), *b = glyph_fold(choices_label(choices, c));
            int likeness = glyph_likeness(a, b);

            if (likeness > best)
                best = likeness;
            if (c == likest)
                assert_true(likeness > 0);
            free(a);
            free(b);
        }
        if (best > 0) {
            char *a = glyph_fold(wanted.bytes), *b = glyph_fold(choices_label(choices, likest));

            assert_int_equal(glyph_likeness(a, b), best);
            free(a);
            free(b);
        }
        text_clear(&wanted);
    }
    choices_free(choices);
}

static void there_may_be_hundreds_of_thousands(void **state)
{
    enum { COUNT = 300000 };
    struct choices *choices = choices_new();
    char value[32], label[32];

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        snprintf(value, sizeof value, "id-%d", i);
        snprintf(label, sizeof label, "Category %d", i);
        choices_add(choices, value, label, i ? "id-0" : NULL);
    }
    assert_int_equal(choices_count(choices), COUNT);
    for (int i = 0; i < COUNT; i += 997) {
        snprintf(value, sizeof value, "id-%d", i);
        assert_int_equal(choices_find(choices, value), i);
    }
    assert_int_equal(choices_child_count(choices, 0), COUNT - 1);
    choices_free(choices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_keep_their_order_and_are_found_by_value),
        cmocka_unit_test(no_choices_are_like_an_empty_list),
        cmocka_unit_test(a_parent_may_come_after_its_children),
        cmocka_unit_test(a_cycle_is_cut_at_its_first_member),
        cmocka_unit_test(every_tree_holds_every_choice_once),
        cmocka_unit_test(what_a_choice_says_beyond_is_kept_beside),
        cmocka_unit_test(a_search_finds_every_word_in_label_or_value),
        cmocka_unit_test(test_a_search_ranks_its_matches),
        cmocka_unit_test(a_search_goes_on_where_it_stopped),
        cmocka_unit_test(the_likest_choice_is_suggested),
        cmocka_unit_test(the_likest_is_as_like_as_any),
        cmocka_unit_test(there_may_be_hundreds_of_thousands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
