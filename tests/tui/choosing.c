/* Long lists and trees: what of them is shown, and how one gets about in them. */
#include "base/glyph.h"
#include "support/stage.h"

static struct field plain = {.kind = KIND_ONE};

static struct view view_of(struct control_view *control, unsigned entered)
{
    return (struct view){.screen = SCREEN_FORM, .title = "Title", .step = "account", .entered = entered, .controls = control, .control_count = 1,
                         .wait = {.percent = -1}};
}

static struct choices *goods(void)
{
    static const char *const all[][3] = {{"shoes", "Shoes", NULL}, {"boots", "Boots", "shoes"}, {"rubber", "Rubber boots", "boots"},
                                         {"hats", "Hats", NULL}, {"caps", "Caps", "hats"}};
    struct choices *choices = choices_new();
    for (size_t i = 0; i < LENGTH(all); i++)
        choices_add(choices, all[i][0], all[i][1], all[i][2]);
    choices_set_complete(choices, true);
    return choices;
}

static void a_tree_is_closed_until_it_is_opened_branch_by_branch(void **state)
{
    struct choices *choices = goods();
    struct control_view control = {.control = CONTROL_TREE, .name = "category", .label = "Category", .text = "", .field = &plain, .choices = choices};
    struct view view = view_of(&control, 1);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\r");
    assert_true(sees(&stage, "> + Shoes"));
    assert_true(sees(&stage, "  + Hats"));
    assert_false(sees(&stage, "Boots"));
    type(&stage, &view, "\033[C");
    assert_true(sees(&stage, "> - Shoes"));
    assert_true(sees(&stage, "    + Boots"));
    type(&stage, &view, "\033[B\033[C\033[B");
    assert_true(sees(&stage, ">       Rubber boots"));
    type(&stage, &view, "\033[D");
    assert_true(sees(&stage, ">   - Boots"));
    type(&stage, &view, "\033[D");
    assert_true(sees(&stage, ">   + Boots"));
    type(&stage, &view, "cap");
    assert_true(sees(&stage, "> Hats > Caps"));
    type(&stage, &view, "\r");
    assert_string_equal(stage.event.value->text, "caps");
    stage_close(&stage);
    choices_free(choices);
}

static void what_was_chosen_in_a_tree_is_found_again(void **state)
{
    struct choices *choices = goods();
    struct value *value = value_new_text("rubber");
    struct control_view control = {.control = CONTROL_TREE, .name = "category", .label = "Category", .text = "Rubber boots", .field = &plain,
                                   .choices = choices, .value = value};
    struct view view = view_of(&control, 2);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\r");
    assert_true(sees(&stage, ">       Rubber boots  (chosen)"));
    stage_close(&stage);
    value_free(value);
    choices_free(choices);
}

static void the_right_sides_of_a_map_stand_in_a_column(void **state)
{
    struct choices *left = choices_new(), *right = choices_new();
    choices_add(left, "visa", "Visa", NULL);
    choices_add(left, "amex", "American Express", NULL);
    choices_add(right, "adyen", "Adyen", NULL);
    struct value *value = value_new_map();
    value_put_text(value, "visa", "adyen");
    struct control_view control = {.control = CONTROL_MAP, .name = "methods", .label = "Methods", .text = "1 mapped", .field = &plain,
                                   .left = left, .choices = right, .value = value};
    struct view view = view_of(&control, 3);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\r");
    assert_true(sees(&stage, "> Visa                                 -> Adyen"));
    assert_true(sees(&stage, "  American Express                     ->"));
    assert_true(sees(&stage, "Del remove"));
    type(&stage, &view, "\033[3~");
    assert_int_equal(stage.event.kind, EVENT_ANSWER);
    assert_string_equal(stage.event.row, "visa");
    assert_null(stage.event.value);
    stage_close(&stage);
    value_free(value);
    choices_free(left);
    choices_free(right);
}

static void test_a_filter_ranks_exact_prefix_phrase_and_words(void **state)
{
    static const char *const labels[] = {"New Jersey", "Australia", "York, New", "Old New York", "New York", "New York City", "United States"};
    static const struct { const char *typed, *value; } rows[] = {
        {"new y", "new york"}, {"new york", "new york"}, {"us", "us"}, {"york n", "york, new"}, {"old", "old new york"}, {"new", "new jersey"},
    };
    struct choices *choices = choices_new();
    (void)state;
    for (size_t i = 0; i < LENGTH(labels); i++) {
        char *value = glyph_fold(i + 1 < LENGTH(labels) ? labels[i] : "us");
        choices_add(choices, value, labels[i], NULL);
        free(value);
    }
    choices_set_complete(choices, true);
    struct control_view control = {.control = CONTROL_ONE, .name = "state", .label = "State", .text = "", .field = &plain, .choices = choices};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct view view = view_of(&control, (unsigned)i + 10);
        struct stage stage;
        stage_show(&stage, &view);
        type(&stage, &view, rows[i].typed);     /* inline: without opening the list first */
        type(&stage, &view, "\r");
        assert_string_equal(stage.event.value->text, rows[i].value);
        stage_close(&stage);
    }
    choices_free(choices);
}

static void each_key_in_a_long_list_is_answered_before_the_search_is_over(void **state)
{
    struct choices *choices = choices_new();
    for (int i = 0; i < 400000; i++) {
        char name[32];
        snprintf(name, sizeof name, "entry %d", i);
        choices_add(choices, name, NULL, NULL);
    }
    choices_set_complete(choices, true);
    struct control_view control = {.control = CONTROL_ONE, .name = "list", .label = "List", .text = "", .field = &plain, .choices = choices};
    struct view view = view_of(&control, 4);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\r");
    assert_true(sees(&stage, "400000 of 400000"));
    text_empty(&stage.raw);
    type(&stage, &view, "7");
    assert_non_null(strstr(text_bytes(&stage.raw), "searching"));
    assert_true(sees(&stage, "163804 of 400000"));
    assert_false(sees(&stage, "searching"));
    type(&stage, &view, "\177\033[4~\r");
    assert_string_equal(stage.event.value->text, "entry 399999");
    stage_close(&stage);
    choices_free(choices);
}

static void what_is_typed_whole_stands_first(void **state)
{
    struct choices *choices = choices_new();
    choices_add(choices, "AU", "Australia", NULL);
    choices_add(choices, "RU", "Russia", NULL);
    choices_add(choices, "US", "United States", NULL);
    choices_set_complete(choices, true);
    struct control_view control = {.control = CONTROL_ONE, .name = "account.country", .label = "Country", .text = "", .field = &plain,
                                   .choices = choices};
    struct view view = view_of(&control, 6);
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    type(&stage, &view, "\r");
    type(&stage, &view, "us");
    assert_true(sees(&stage, "3 of 3"));
    type(&stage, &view, "\r");
    assert_string_equal(stage.event.value->text, "US");
    stage_close(&stage);
    choices_free(choices);
}

static void what_is_none_of_the_choices_is_answered_with_what_the_field_says(void **state)
{
    static struct field country = {.kind = KIND_ONE, .say = "Accounts exist for companies in the United States only."};
    struct choices *choices = choices_new();
    choices_add(choices, "US", "United States", NULL);
    choices_set_complete(choices, true);
    struct control_view control = {.control = CONTROL_ONE, .name = "country", .label = "Country", .text = "", .field = &country, .choices = choices};
    struct view view = view_of(&control, 5);
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    type(&stage, &view, "\rGermany");
    assert_true(sees(&stage, "No entry matches."));
    assert_true(sees(&stage, "Accounts exist for companies in the United States only."));
    stage_close(&stage);
    choices_free(choices);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_closed_until_it_is_opened_branch_by_branch),
        cmocka_unit_test(what_was_chosen_in_a_tree_is_found_again),
        cmocka_unit_test(the_right_sides_of_a_map_stand_in_a_column),
        cmocka_unit_test(what_is_typed_whole_stands_first),
        cmocka_unit_test(what_is_none_of_the_choices_is_answered_with_what_the_field_says),
        cmocka_unit_test(test_a_filter_ranks_exact_prefix_phrase_and_words),
        cmocka_unit_test(each_key_in_a_long_list_is_answered_before_the_search_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
