/* What can be chosen from: made by functions, so it must be shown that they never say one thing twice. */
#include "../src/sandbox/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "../src/sandbox/providers.h"
#include "base/value.h"
#include "support/check.h"

enum { MILLION = 1000000 };

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void no_two_of_a_million_categories_share_a_name(void **state)
{
    struct catalogue all = catalogue_of_hierarchy(hierarchy_find("retail-products"), MILLION, 1);
    char (*names)[64] = malloc(MILLION * sizeof *names);
    char **order = malloc(MILLION * sizeof *order);
    struct entry entry;

    (void)state;
    assert_non_null(names);
    assert_non_null(order);
    for (size_t i = 0; i < MILLION; i++) {
        all.entry(&all, i, &entry);
        assert_true(strlen(entry.name) < sizeof *names);
        order[i] = memcpy(names[i], entry.name, strlen(entry.name) + 1);
    }
    qsort(order, MILLION, sizeof *order, compare);
    for (size_t i = 1; i < MILLION; i++)
        assert_string_not_equal(order[i - 1], order[i]);
    free(names);
    free(order);
}

static void a_parent_stands_before_its_children_and_is_in_the_same_hierarchy(void **state)
{
    struct catalogue all = catalogue_of_hierarchy(hierarchy_find("retail-products"), 5000, 1);
    struct entry entry;

    (void)state;
    for (size_t i = 0; i < all.count; i++) {
        all.entry(&all, i, &entry);
        if (*entry.parent)
            assert_true(catalogue_find(&all, entry.parent) < i);
        else
            assert_true(i < 20);
    }
}

static void every_id_leads_back_to_its_entry(void **state)
{
    struct catalogue catalogues[] = {
        catalogue_of_states(),
        catalogue_of_methods(),
        catalogue_of_charge_codes(),
        catalogue_of_attributes(),
        catalogue_of_marketplace(marketplace_find("amazon"), 20000, 1),
        catalogue_of_hierarchy(hierarchy_find("apparel"), MILLION, 1),
    };
    size_t counts[] = {51, 12, 40, 300, 20000, 1200};
    struct entry entry;

    (void)state;
    for (size_t k = 0; k < LENGTH(catalogues); k++) {
        assert_int_equal(catalogues[k].count, counts[k]);
        for (size_t i = 0; i < catalogues[k].count; i++) {
            catalogues[k].entry(&catalogues[k], i, &entry);
            assert_int_equal(catalogue_find(&catalogues[k], entry.id), i);
        }
    }
}

static void a_marketplace_never_names_two_attributes_alike(void **state)
{
    (void)state;
    for (size_t k = 0; marketplace_at(k); k++) {
        struct catalogue all = catalogue_of_marketplace(marketplace_at(k), 20000, 1);
        struct value *seen = value_new_map();
        struct entry entry;

        for (size_t i = 0; i < all.count; i++) {
            all.entry(&all, i, &entry);
            assert_null(value_member(seen, entry.name));
            value_put_text(seen, entry.name, entry.id);
        }
        value_free(seen);
    }
}

static void what_is_not_an_id_leads_nowhere(void **state)
{
    struct catalogue all = catalogue_of_hierarchy(hierarchy_find("retail-products"), 100, 1);
    static const char *const ids[] = {"", "cat-", "cat-0000100", "cat-1", "cat-00000001", "cat--000001", "app-0000001",
                                      "cat-0000001 ", "cat-99999999999999999999999"};

    (void)state;
    for (size_t i = 0; i < LENGTH(ids); i++)
        assert_int_equal(catalogue_find(&all, ids[i]), CATALOGUE_NONE);
}

static void another_seed_makes_another_catalogue_and_the_same_seed_the_same(void **state)
{
    struct catalogue a = catalogue_of_hierarchy(hierarchy_find("services"), 1, 1);
    struct catalogue b = catalogue_of_hierarchy(hierarchy_find("services"), 1, 2);
    struct entry first, again, other;

    (void)state;
    a.entry(&a, 30, &first);
    a.entry(&a, 30, &again);
    b.entry(&b, 30, &other);
    assert_string_equal(first.name, again.name);
    assert_string_not_equal(first.name, other.name);
}

static void every_word_of_a_search_must_occur(void **state)
{
    static const struct {
        const char *query;
        bool matches;
    } searches[] = {
        {"", true}, {"  ", true}, {"screen", true}, {"SCREEN color", true}, {"lor scr", true},
        {"amazon-00042", true}, {"screen size", false}, {"screencolor", false},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(searches); i++)
        assert_int_equal(catalogue_matches("amazon-00042", "Screen Color", searches[i].query), searches[i].matches);
}

static void every_provider_wants_something_else_and_every_method_has_a_provider(void **state)
{
    struct catalogue methods = catalogue_of_methods();
    struct value *seen = value_new_map();
    struct entry entry;

    (void)state;
    for (size_t i = 0; provider_at(i); i++) {
        char all[256] = "";

        for (const struct credential *one = provider_at(i)->credentials; one->name; one++)
            strncat(all, one->name, sizeof all - strlen(all) - 1);
        assert_null(value_member(seen, all));
        value_put_text(seen, all, "seen");
        for (size_t k = 0; provider_at(i)->methods[k]; k++)
            assert_int_not_equal(catalogue_find(&methods, provider_at(i)->methods[k]), CATALOGUE_NONE);
    }
    for (size_t m = 0; m < methods.count; m++) {
        bool supported = false;

        methods.entry(&methods, m, &entry);
        for (size_t i = 0; provider_at(i); i++)
            supported = supported || provider_supports(provider_at(i), entry.id);
        assert_true(supported);
    }
    value_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_of_a_million_categories_share_a_name),
        cmocka_unit_test(a_parent_stands_before_its_children_and_is_in_the_same_hierarchy),
        cmocka_unit_test(every_id_leads_back_to_its_entry),
        cmocka_unit_test(a_marketplace_never_names_two_attributes_alike),
        cmocka_unit_test(what_is_not_an_id_leads_nowhere),
        cmocka_unit_test(another_seed_makes_another_catalogue_and_the_same_seed_the_same),
        cmocka_unit_test(every_word_of_a_search_must_occur),
        cmocka_unit_test(every_provider_wants_something_else_and_every_method_has_a_provider),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
