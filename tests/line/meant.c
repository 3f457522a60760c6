/* Line mode: which entry a word or a number means, and what means none. */
#include "support/talk.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nchoices:\n"
    "  states: {NJ: New Jersey, NY: New York, AU: Australia, US: United States, WA: Washington}\n"
    "  twins: {g1: Georgia, g2: Georgia}\n"
    "  years: {\"2\": Two years, \"1\": One year, \"10\": Ten years}\n"
    "  cards: {visa: Visa, mastercard: Mastercard, paypal: PayPal}\n"
    "  providers: {paypal: PayPal, stripe: Stripe, striking: Striking}\n"
    "steps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: choose\n  section: Start\n  title: Choosing\n  load: [get-all]\n  save: [put-all]\n  fields:\n"
    "  - {name: choose.state, label: State, kind: one, choices: states, required: yes, help: Where most of the count is.}\n"
    "  - {name: choose.years, label: Years, kind: one, choices: years}\n"
    "  - {name: choose.regions, label: Regions, kind: many, choices: states}\n"
    "  - {name: choose.cards, label: Cards, kind: map, keys: cards, choices: providers}\n"
    "  - {name: choose.count, label: Count, kind: number}\n"
    "  - {name: choose.gift, label: Gift wrap, kind: yes-no}\n"
    "  - {name: choose.twin, label: Twin, kind: one, choices: twins}\n"
    "  - {name: choose.some, label: Some, kind: many, choices: states, among: choose.regions}\n"
    "  - name: choose.rows\n    label: Rows\n    kind: table\n    key: code\n    columns:\n"
    "    - {name: code, label: Code, kind: identifier, required: yes}\n"
    "    - {name: gift, label: Gift wrap, kind: yes-no}\n"
    "- {id: checking, section: End, title: Checking, load: [get-all], fields: [{name: checking.name, label: Name, kind: text}]}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-all: {request: GET /all, keep: {choose.state: /state, choose.years: /years, choose.regions: /regions, choose.cards: /cards,"
    " choose.count: /count, choose.gift: /gift, choose.twin: /twin, choose.some: /some, choose.rows: {each: /rows, row: {code: /code, gift: /gift}}}}\n"
    "  put-all: {request: PUT /all, send: {state: $choose.state, years: $choose.years, regions: $choose.regions, cards: $choose.cards,"
    " count: {take: $choose.count, as: number}, gift: $choose.gift, twin: $choose.twin, some: $choose.some,"
    " rows: {each: choose.rows, row: {code: $code, gift: $gift}}}}\n";

static struct reply replies[] = {
    {"GET /all", 200, "{}", "\"1\""},
    {0},
};

enum { STATE = 1, YEARS, REGIONS, CARDS, COUNT, GIFT, TWIN, SOME, ROWS };

static void start(struct talk *talk, int question)
{
    talk_new(talk, checklist, service, replies);
    play_sign_in(&talk->play);
    talk_type(talk, "choosing\n");
    for (int i = 1; i < question; i++)
        talk_type(talk, "next\n");
}

static const struct value *answer(const struct talk *talk, const char *name)
{
    return value_at(value_at(wizard_state(talk->play.wizard), "answers"), name);
}

static void test_exact_comes_before_prefix_before_words(void **unused)
{
    static const struct { const char *typed, *value; } rows[] = {
        {"new y", "NY"}, {"new york", "NY"}, {"NEW J", "NJ"}, {"us", "US"}, {"aus", "AU"}, {"unit", "US"}, {"wa", "WA"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct talk talk;
        start(&talk, STATE);
        char *typed = text_format("%s\n", rows[i].typed);
        talk_type(&talk, typed);
        assert_string_equal(talk_answer(&talk, "choose.state"), rows[i].value);
        free(typed);
        talk_free(&talk);
    }
}

static void test_an_abbreviation_is_confirmed_by_its_label(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, STATE);
    talk_type(&talk, "wash\n");
    talk_says(&talk, "State: Washington\n");
    talk_type(&talk, "back\n2\n");
    talk_says(&talk, "State: New York\n");
    talk_free(&talk);
}

static void test_a_word_that_matches_nothing_is_not_stored(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, STATE);
    talk_type(&talk, "Ontario\n");
    assert_string_equal(talk_answer(&talk, "choose.state"), "");
    talk_type(&talk, "wash\nOntario\nback\nOntario\n");
    assert_string_equal(talk_answer(&talk, "choose.state"), "WA");
    talk_says(&talk, "No entry matches \"Ontario\".");
    talk_free(&talk);
}

static void test_an_unknown_word_changes_no_list_of_choices(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, REGIONS);
    talk_type(&talk, "wash\nback\n");
    talk_type(&talk, "new york, Ontario\n");
    talk_says(&talk, "No entry matches \"Ontario\".");
    talk_says(&talk, "Nothing was changed.\n> ");
    assert_int_equal(value_count(answer(&talk, "choose.regions")), 1);
    talk_type(&talk, "-new york\n");
    talk_says(&talk, "New York is not chosen.\n> ");
    talk_type(&talk, "-Ontario\n");
    talk_says(&talk, "No entry matches \"Ontario\".");
    assert_int_equal(value_count(answer(&talk, "choose.regions")), 1);
    talk_free(&talk);
}

static void test_numbers_refer_to_the_list_of_their_question(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, CARDS);
    talk_type(&talk, "1\n");
    talk_says(&talk, "Visa: open\n");
    talk_type(&talk, "1\n");
    talk_says(&talk, "Visa = PayPal.\nNumbers refer to the list of Cards again; list prints it.\n> ");
    talk_type(&talk, "2\n");
    talk_says(&talk, "Mastercard: open\n");
    talk_type(&talk, "2\n");
    assert_string_equal(talk_answer(&talk, "choose.cards.visa"), "paypal");
    assert_string_equal(talk_answer(&talk, "choose.cards.mastercard"), "stripe");
    assert_string_equal(talk_answer(&talk, "choose.cards.paypal"), "");
    talk_free(&talk);
}

static void test_several_right_sides_are_chosen_from_at_their_own_prompt(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, CARDS);
    talk_type(&talk, "mastercard = str\n");
    talk_says(&talk, "Several entries start with \"str\":\n  1. Stripe\n  2. Striking\n> ");
    talk_type(&talk, "2\n");
    talk_says(&talk, "Mastercard = Striking.\n");
    assert_int_equal(value_count(answer(&talk, "choose.cards")), 1);
    talk_type(&talk, "1\n");
    talk_says(&talk, "Visa: open\n");
    talk_free(&talk);
}

static void test_a_right_side_that_matches_nothing_is_not_stored(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, CARDS);
    talk_type(&talk, "visa = 3\n");
    talk_says(&talk, "No entry matches \"3\".");
    talk_type(&talk, "visa = Nobody\nNobody = stripe\n");
    talk_says(&talk, "No entry matches \"Nobody\".");
    assert_true(value_is_empty(answer(&talk, "choose.cards")));
    talk_type(&talk, "2\n");
    talk_says(&talk, "Mastercard: open\n");
    talk_free(&talk);
}

static void test_a_number_of_the_list_comes_before_a_value_and_a_backslash_after_it(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, YEARS);
    talk_says(&talk, "  1. Two years\n  2. One year\n  3. Ten years\n");
    talk_type(&talk, "2\n");
    talk_says(&talk, "Years: One year\n");
    talk_type(&talk, "back\n\\2\n");
    talk_says(&talk, "Years: Two years\n");
    talk_free(&talk);
}

static void test_a_number_at_a_question_is_never_a_jump(void **unused)
{
    static const char *const lists[] = {"find state\n", "list\n", "find\n"};
    (void)unused;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct talk talk;
        start(&talk, COUNT);
        talk_type(&talk, lists[i]);
        talk_says(&talk, "Type go and a number to go there, such as \"go 1\".\n");
        talk_type(&talk, "1\n");
        assert_string_equal(talk_answer(&talk, "choose.count"), "1");
        talk_type(&talk, "find state\n");
        talk_type(&talk, "go 1\n");
        talk_says(&talk, "question 1 of 9: State");
        talk_type(&talk, "go 7\n");
        talk_says(&talk, "There is no place 7.");
        talk_free(&talk);
    }
}

static void test_a_wrong_boolean_is_not_listed_as_no(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, GIFT);
    talk_type(&talk, "perhaps\n");
    talk_says(&talk, "Problem: \"perhaps\" is not yes or no.");
    talk_type(&talk, "list\n");
    talk_says(&talk, "Gift wrap: perhaps. Problem: \"perhaps\" is not yes or no");
    talk_type(&talk, "y\n");
    talk_says(&talk, "Gift wrap: Yes\n");
    talk_free(&talk);
    start(&talk, ROWS);
    talk_type(&talk, "add\nA\nperhaps\nlist\n");
    talk_says(&talk, "Gift wrap: perhaps");
    talk_keeps_silent_of(&talk, "No");
    talk_free(&talk);
}

static void test_entries_of_one_name_are_told_apart_by_their_values(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, TWIN);
    talk_type(&talk, "georgia\n");
    talk_says(&talk, "Several entries are named \"georgia\":\n  1. Georgia (g1)\n  2. Georgia (g2)\n> ");
    assert_string_equal(talk_answer(&talk, "choose.twin"), "");
    talk_type(&talk, "2\n");
    assert_string_equal(talk_answer(&talk, "choose.twin"), "g2");
    talk_free(&talk);
}

static void test_several_titles_that_start_alike_are_listed(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "c\n");
    talk_says(&talk, "Several steps start with \"c\":\n  2. Choosing\n  3. Checking\n> ");
    talk_type(&talk, "3\n");
    talk_says(&talk, "\nChecking.\n");
    talk_type(&talk, "back\nback\n");
    talk_type(&talk, "n\nchoosing\n");
    talk_says(&talk, "\nChoosing.\n");
    talk_free(&talk);
}

static void test_the_same_message_is_printed_each_time(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    for (int i = 0; i < 2; i++) {
        talk_type(&talk, "send\n");
        talk_says(&talk, "Nothing was sent: sign in first.\n");
    }
    talk_free(&talk);
}

static void test_a_place_is_found_by_its_name_first(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "find count\n");
    talk_says(&talk, "  1. Choosing > Count\n  2. Choosing > State  Where most of the count");
    talk_free(&talk);
}

static void test_an_error_names_a_choice_by_its_label(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, REGIONS);
    talk_type(&talk, "wash\nnext\nnext\nnext\nnext\nNew York\n");
    talk_says(&talk, "Problem: New York is not among Regions.");
    talk_free(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_comes_before_prefix_before_words),
        cmocka_unit_test(test_an_abbreviation_is_confirmed_by_its_label),
        cmocka_unit_test(test_a_word_that_matches_nothing_is_not_stored),
        cmocka_unit_test(test_an_unknown_word_changes_no_list_of_choices),
        cmocka_unit_test(test_numbers_refer_to_the_list_of_their_question),
        cmocka_unit_test(test_several_right_sides_are_chosen_from_at_their_own_prompt),
        cmocka_unit_test(test_a_right_side_that_matches_nothing_is_not_stored),
        cmocka_unit_test(test_a_number_of_the_list_comes_before_a_value_and_a_backslash_after_it),
        cmocka_unit_test(test_a_number_at_a_question_is_never_a_jump),
        cmocka_unit_test(test_a_wrong_boolean_is_not_listed_as_no),
        cmocka_unit_test(test_entries_of_one_name_are_told_apart_by_their_values),
        cmocka_unit_test(test_several_titles_that_start_alike_are_listed),
        cmocka_unit_test(test_the_same_message_is_printed_each_time),
        cmocka_unit_test(test_a_place_is_found_by_its_name_first),
        cmocka_unit_test(test_an_error_names_a_choice_by_its_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
