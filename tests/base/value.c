#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/value.h"
#include "support/random.h"

static void a_path_makes_the_maps_on_its_way(void **state)
{
    struct value *root = value_new_map();

    (void)state;
    value_set(root, "account.address.zip", "98052");
    assert_string_equal(value_text(root, "account.address.zip"), "98052");
    assert_int_equal(value_at(root, "account.address")->kind, VALUE_MAP);
    assert_ptr_equal(value_at(root, ""), root);
    assert_null(value_at(root, "account.nowhere.zip"));
    assert_null(value_at(root, "account.address.zip.deeper"));
    value_free(root);
}

static void a_number_in_a_path_picks_a_row(void **state)
{
    struct value *root = value_new_map();
    struct value *rows = value_put(root, "methods", value_new_list());

    (void)state;
    value_set(value_append(rows, value_new_map()), "code", "ground");
    value_set(root, "methods.1", "behind the last one");
    value_set(root, "methods.0.name", "UPS Ground");
    assert_string_equal(value_text(root, "methods.0.code"), "ground");
    assert_string_equal(value_text(root, "methods.0.name"), "UPS Ground");
    assert_string_equal(value_text(root, "methods.1"), "behind the last one");
    assert_null(value_at(root, "methods.2"));
    assert_null(value_at(root, "methods.x"));
    assert_null(value_at(root, "methods.-1"));
    value_set(root, "methods.1", "replaced");
    assert_int_equal(value_count(rows), 2);
    value_unset(root, "methods.0.code");
    value_unset(root, "methods.1");
    assert_int_equal(value_count(rows), 1);
    value_free(root);
}

static void unsetting_takes_the_maps_it_leaves_empty_too(void **state)
{
    struct value *root = value_new_map();

    (void)state;
    value_set(root, "a.b.c", "1");
    value_set(root, "a.d", "2");
    value_set(root, "a.b.c", NULL);
    assert_null(value_at(root, "a.b"));
    assert_string_equal(value_text(root, "a.d"), "2");
    value_unset(root, "a.d");
    value_unset(root, "never.there");
    assert_int_equal(value_count(root), 0);
    value_free(root);
}

static void a_member_may_have_dots_in_its_name(void **state)
{
    struct value *map = value_new_map();

    (void)state;
    value_put_text(map, "a.b", "one name");
    value_set(map, "a.b", "a path");
    assert_string_equal(value_member_text(map, "a.b"), "one name");
    assert_string_equal(value_text(map, "a.b"), "a path");
    assert_true(value_drop(map, "a.b"));
    assert_false(value_drop(map, "a.b"));
    assert_null(value_member(map, "a.b"));
    value_put_text(map, "a", NULL);
    assert_int_equal(value_count(map), 0);
    value_free(map);
}

static void any_name_can_be_one_segment_of_a_path(void **state)
{
    static const struct { const char *name, *segment; } rows[] = {
        { "plain", "plain" }, { "a.b", "a%2Eb" }, { "100%", "100%25" }, { "%2E", "%252E" }, { "", "" }, { "..", "%2E%2E" },
        { "50%x", "50%25x" }, { "Gr\xC3\xB6\xC3\x9F" "e (cm)", "Gr\xC3\xB6\xC3\x9F" "e (cm)" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct value *root = value_new_map();
        char *segment = value_segment(rows[i].name), *path = text_format("map.%s.to", segment);

        assert_string_equal(segment, rows[i].segment);
        value_set(root, path, "found");
        assert_string_equal(value_text(root, path), "found");
        assert_string_equal(value_name(value_member(root, "map"), 0), rows[i].name);
        value_unset(root, path);
        assert_int_equal(value_count(root), 0);
        value_free(root);
        free(segment);
        free(path);
    }
}

static void a_map_keeps_the_order_of_first_setting(void **state)
{
    struct value *map = value_new_map();

    (void)state;
    value_put_text(map, "z", "1");
    value_put_text(map, "a", "2");
    value_put_text(map, "m", "3");
    value_put_text(map, "z", "4");
    assert_string_equal(value_name(map, 0), "z");
    assert_string_equal(value_name(map, 1), "a");
    assert_string_equal(value_name(map, 2), "m");
    assert_null(value_name(map, 3));
    assert_string_equal(value_item(map, 0)->text, "4");
    assert_null(value_item(map, 3));
    value_free(map);
}

/* The same sets and drops on a map and on the plainest thing that can hold names: order and contents stay the same. */
static void a_large_map_forgets_and_confuses_nothing(void **state)
{
    enum { NAMES = 400 };
    struct value *map = value_new_map();
    int order[NAMES], count = 0, text[NAMES];
    uint64_t seed = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        int n = (int)random_below(&seed, NAMES), at = 0;
        char *name = text_format("name %d", n);
        char *number = text_format("%d", round);

        while (at < count && order[at] != n)
            at++;
        if (random_below(&seed, 3)) {
            value_put_text(map, name, number);
            if (at == count)
                order[count++] = n;
            text[n] = round;
        } else {
            assert_int_equal(value_drop(map, name), at < count);
            for (int i = at; i + 1 < count; i++)
                order[i] = order[i + 1];
            count -= at < count;
        }
        assert_int_equal(value_count(map), count);
        free(name);
        free(number);
    }
    for (int i = 0; i < count; i++) {
        char *name = text_format("name %d", order[i]), *number = text_format("%d", text[order[i]]);

        assert_string_equal(value_name(map, i), name);
        assert_string_equal(value_member_text(map, name), number);
        free(name);
        free(number);
    }
    value_free(map);
}

static void fifty_thousand_members_are_found_without_walking(void **state)
{
    struct value *map = value_new_map();
    char name[32];

    (void)state;
    /* Walking would be 1 250 000 000 comparisons: minutes, the test's limit would end it. */
    for (int i = 0; i < 50000; i++) {
        snprintf(name, sizeof name, "attribute-%d", i);
        value_put_text(map, name, name);
    }
    for (int i = 0; i < 50000; i++) {
        snprintf(name, sizeof name, "attribute-%d", i);
        assert_string_equal(value_member_text(map, name), name);
    }
    value_free(map);
}

static void nothing_is_as_good_as_missing(void **state)
{
    static const struct { const char *a, *b; bool same; } rows[] = {
        { NULL, NULL, true }, { NULL, "", true }, { "", "", true }, { "x", "x", true }, { "x", "y", false },
        { "x", NULL, false }, { "1.0", "1", false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct value *a = value_new_map(), *b = value_new_map();

        value_put(a, "m", value_new_text(rows[i].a));
        value_put(b, "other", value_new_text(NULL));
        value_put_text(b, "m", rows[i].b);
        assert_int_equal(value_equal(a, b), rows[i].same);
        assert_int_equal(value_equal(b, a), rows[i].same);
        value_free(a);
        value_free(b);
    }
    assert_true(value_equal(NULL, NULL));
}

static void equality_looks_at_what_is_said_not_at_how(void **state)
{
    struct value *a = value_new_map(), *b = value_new_map();

    (void)state;
    value_put(a, "n", value_new_scalar(SCALAR_NUMBER, "1"));
    value_set(a, "m.x", "2");
    value_set_value(a, "empty.list", value_new_list());
    value_set(b, "m.x", "2");
    value_set(b, "n", "1");
    assert_true(value_equal(a, b));
    assert_true(value_equal(b, a));
    value_set_value(b, "l", value_new_list());
    assert_true(value_equal(a, b));
    value_append(value_at(b, "l"), value_new_text("1"));
    assert_false(value_equal(a, b));
    value_set_value(a, "l", value_new_map());
    value_set(a, "l.x", "1");
    assert_false(value_equal(a, b));
    value_free(a);
    value_free(b);
}

static void a_copy_is_equal_and_independent(void **state)
{
    struct value *a = value_new_map(), *copy;

    (void)state;
    for (int i = 0; i < 40; i++) {
        char *path = text_format("m.x%d", i);

        value_set(a, path, path);
        free(path);
    }
    value_set_value(a, "l", value_new_list());
    value_append(value_at(a, "l"), value_new_scalar(SCALAR_YESNO, "no"));
    copy = value_copy(a);
    assert_true(value_equal(a, copy));
    value_set(copy, "m.x30", "changed");
    value_set(copy, "m.more", "added");
    assert_string_equal(value_text(a, "m.x30"), "m.x30");
    assert_null(value_text(a, "m.more"));
    assert_int_equal(value_at(copy, "l.0")->scalar, SCALAR_YESNO);
    assert_null(value_copy(NULL));
    value_free(a);
    value_free(copy);
}

static void merging_lays_one_map_upon_another(void **state)
{
    struct value *under = value_new_map(), *over = value_new_map();

    (void)state;
    value_set(under, "a.kept", "1");
    value_set(under, "a.changed", "2");
    value_set(under, "list", "was a text");
    value_set(over, "a.changed", "3");
    value_set(over, "a.new", "4");
    value_append(value_put(over, "list", value_new_list()), value_new_text("item"));
    value_merge(under, over);
    assert_string_equal(value_text(under, "a.kept"), "1");
    assert_string_equal(value_text(under, "a.changed"), "3");
    assert_string_equal(value_text(under, "a.new"), "4");
    assert_string_equal(value_text(under, "list.0"), "item");
    value_free(under);
    value_free(over);
}

static void lists_are_searched_by_key_and_by_text(void **state)
{
    struct value *list = value_new_list();
    size_t at = 99;

    (void)state;
    value_append(list, value_new_text("plain"));
    value_set(value_append(list, value_new_map()), "code", "a");
    value_set(value_insert(list, 0, value_new_map()), "code", "b");
    assert_ptr_equal(value_find(list, "code", "a", &at), value_item(list, 2));
    assert_int_equal(at, 2);
    assert_null(value_find(list, "code", "c", NULL));
    assert_null(value_find(NULL, "code", "c", NULL));
    assert_true(value_list_has(list, "plain"));
    assert_false(value_list_has(list, "a"));
    value_remove(list, 1);
    value_remove(list, 17);
    assert_int_equal(value_count(list), 2);
    value_free(list);
}

static void yes_is_yes_as_a_text_and_as_yes_or_no_only(void **state)
{
    struct value *map = value_new_map();

    (void)state;
    value_set(map, "text", "yes");
    value_put(map, "yesno", value_new_scalar(SCALAR_YESNO, "yes"));
    value_put(map, "no", value_new_scalar(SCALAR_YESNO, "no"));
    value_put(map, "nothing", value_new_text(NULL));
    assert_true(value_yes(map, "text"));
    assert_true(value_yes(map, "yesno"));
    assert_false(value_yes(map, "no"));
    assert_false(value_yes(map, "nothing"));
    assert_false(value_yes(map, "missing"));
    assert_null(value_text(map, "nothing"));
    value_free(map);
}

static void what_stands_in_the_way_of_a_path_gives_way(void **state)
{
    struct value *root = value_new_map();

    (void)state;
    value_set(root, "a", "a text");
    value_set(root, "a.b", "below");
    assert_string_equal(value_text(root, "a.b"), "below");
    value_free(root);
}

static void the_members_of_a_map_stand_in_the_order_of_another(void **state)
{
    struct value *map = value_new_map(), *like = value_new_map();
    (void)state;
    for (int i = 30; i > 0; i--) {      /* enough to be looked up by an index */
        char *name = text_format("m%02d", i);
        value_put_text(map, name, name);
        free(name);
    }
    value_put_text(like, "m20", "");
    value_put_text(like, "other", "");
    value_put_text(like, "m03", "");
    value_order(map, like);
    assert_string_equal(value_name(map, 0), "m20");
    assert_string_equal(value_name(map, 1), "m03");
    assert_string_equal(value_name(map, 2), "m01");
    assert_string_equal(value_name(map, 29), "m30");
    value_order(map, NULL);
    for (size_t i = 0; i < value_count(map); i++) {
        char *name = text_format("m%02zu", i + 1);
        assert_string_equal(value_name(map, i), name);
        assert_string_equal(value_item(map, i)->text, name);
        assert_string_equal(value_member_text(map, name), name);
        free(name);
    }
    value_free(map);
    value_free(like);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_makes_the_maps_on_its_way),
        cmocka_unit_test(a_number_in_a_path_picks_a_row),
        cmocka_unit_test(unsetting_takes_the_maps_it_leaves_empty_too),
        cmocka_unit_test(a_member_may_have_dots_in_its_name),
        cmocka_unit_test(any_name_can_be_one_segment_of_a_path),
        cmocka_unit_test(a_map_keeps_the_order_of_first_setting),
        cmocka_unit_test(a_large_map_forgets_and_confuses_nothing),
        cmocka_unit_test(fifty_thousand_members_are_found_without_walking),
        cmocka_unit_test(nothing_is_as_good_as_missing),
        cmocka_unit_test(equality_looks_at_what_is_said_not_at_how),
        cmocka_unit_test(a_copy_is_equal_and_independent),
        cmocka_unit_test(merging_lays_one_map_upon_another),
        cmocka_unit_test(lists_are_searched_by_key_and_by_text),
        cmocka_unit_test(yes_is_yes_as_a_text_and_as_yes_or_no_only),
        cmocka_unit_test(what_stands_in_the_way_of_a_path_gives_way),
        cmocka_unit_test(the_members_of_a_map_stand_in_the_order_of_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
