/* Line mode: what is chosen from lists, tables, maps and trees. */
#include "support/talk.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nchoices:\n"
    "  states: {WA: Washington, OR: Oregon, NC: North Carolina, ND: North Dakota}\n"
    "  zones: [z01, z02, z03, z04, z05, z06, z07, z08, z09, z10, z11, z12, z13, z14, z15, z16, z17, z18, z19, z20, z21, z22, pacific]\n"
    "  ours: {color: Color, size: Size, weight: Weight}\n"
    "steps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: choose\n  section: Start\n  title: Choosing\n  load: [get-all]\n  save: [put-all]\n  fields:\n"
    "  - {name: choose.state, label: State, kind: one, choices: states, required: yes}\n"
    "  - {name: choose.zone, label: Zone, kind: one, choices: zones}\n"
    "  - {name: choose.regions, label: Regions, kind: many, choices: states}\n"
    "  - name: choose.rows\n    label: Methods\n    kind: table\n    key: code\n    columns:\n"
    "    - {name: code, label: Code, kind: identifier, required: yes}\n"
    "    - {name: charge, label: Charge, kind: money, required: yes}\n"
    "    - {name: state, label: State, kind: one, choices: states}\n"
    "  - {name: choose.map, label: Attributes, kind: map, keys: ours, choices: theirs}\n"
    "  - {name: choose.category, label: Category, kind: tree, choices: categories}\n"
    "- {id: sign-out, section: End, title: Sign out, does: sign-out}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-all: {request: GET /all, keep: {choose.state: /state, choose.zone: /zone, choose.regions: /regions, choose.map: /map,"
    " choose.category: /category, choose.rows: {each: /rows, row: {code: /code, charge: /charge, state: /state}}}}\n"
    "  put-all: {request: PUT /all, send: {state: $choose.state, zone: $choose.zone, regions: $choose.regions, map: $choose.map,"
    " category: $choose.category, rows: {each: choose.rows, row: {code: $code, charge: $charge, state: $state}}}}\n"
    "  list-theirs: {request: GET /theirs, offer: {to: theirs, each: /items, value: /id, label: /name}}\n"
    "  list-categories: {request: GET /categories, offer: {to: categories, each: /items, value: /id, label: /name, parent: /parent}}\n";

static struct reply replies[] = {
    {"GET /all", 200, "{}", "\"1\""},
    {"GET /theirs", 200, "{\"items\": [{\"id\": \"t1\", \"name\": \"Colour\"}, {\"id\": \"t2\", \"name\": \"Format\"}]}"},
    {"GET /categories", 200,
     "{\"items\": [{\"id\": \"c1\", \"name\": \"Clothing\"}, {\"id\": \"c2\", \"name\": \"Shoes\", \"parent\": \"c1\"},"
     " {\"id\": \"c3\", \"name\": \"Boots\", \"parent\": \"c2\"}, {\"id\": \"c4\", \"name\": \"Tools\"}]}"},
    {"PUT /all", 422, "{\"detail\": \"No.\", \"errors\": [{\"pointer\": \"/rows/0/charge\", \"detail\": \"Too cheap.\"}]}"},
    {0},
};

static void start(struct talk *talk, size_t question)
{
    talk_new(talk, checklist, service, replies);
    play_sign_in(&talk->play);
    talk_type(talk, "choosing\n");
    for (size_t i = 1; i < question; i++)
        talk_type(talk, "next\n");
}

static const struct value *answer(const struct talk *talk, const char *name)
{
    return value_at(value_at(wizard_state(talk->play.wizard), "answers"), name);
}

static void a_short_list_is_printed_with_its_question(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 1);
    talk_says(&talk, "State (required).\n  1. Washington\n  2. Oregon\n  3. North Carolina\n  4. North Dakota\n> ");
    talk_free(&talk);
}

static void a_choice_is_meant_by_number_value_label_or_unique_beginning(void **unused)
{
    static const char *const ways[] = {"2", "OR", "or", "Oregon", "oregon", "Ore"};
    (void)unused;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct talk talk;
        start(&talk, 1);
        char *typed = text_format("%s\n", ways[i]);
        talk_type(&talk, typed);
        assert_string_equal(talk_answer(&talk, "choose.state"), "OR");
        talk_says(&talk, "question 2 of 6");
        free(typed);
        talk_free(&talk);
    }
}

static void a_beginning_of_several_lists_them(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 1);
    talk_type(&talk, "north\n");
    talk_says(&talk, "Several entries start with \"north\":\n  1. North Carolina\n  2. North Dakota\n> ");
    talk_type(&talk, "2\n");
    assert_string_equal(talk_answer(&talk, "choose.state"), "ND");
    talk_free(&talk);
}

static void a_word_from_within_is_offered_and_not_taken(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 1);
    talk_type(&talk, "dakota\n");
    talk_says(&talk, "No entry starts with \"dakota\". Entries that contain it:\n  1. North Dakota\n");
    assert_string_equal(talk_answer(&talk, "choose.state"), "");
    talk_free(&talk);
}

static void what_is_no_choice_is_refused_at_its_question(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 1);
    talk_type(&talk, "Ontario\n");
    talk_says(&talk, "No entry matches \"Ontario\".");
    talk_type(&talk, "99\n");
    talk_says(&talk, "There is no entry 99: the list printed last for this question has 4.");
    talk_free(&talk);
}

static void a_long_list_waits_to_be_asked_for_and_goes_on(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 2);
    talk_says(&talk, "  23 to choose from: type the beginning of one, list, or /word");
    talk_type(&talk, "list\n");
    talk_says(&talk, "  20. z20\n  There are more, 23 in all:");
    talk_type(&talk, "list\n");
    talk_says(&talk, "  21. z21\n  22. z22\n  23. pacific\n> ");
    talk_type(&talk, "21\n");
    assert_string_equal(talk_answer(&talk, "choose.zone"), "z21");
    talk_free(&talk);
}

static void a_slash_lists_what_has_a_word(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 2);
    talk_type(&talk, "/CIF\n");
    talk_says(&talk, "  1. pacific\n> ");
    talk_type(&talk, "/nowhere\n");
    talk_says(&talk, "  None.\n");
    talk_free(&talk);
}

static void several_are_chosen_with_commas_and_taken_away_with_a_minus(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 3);
    talk_type(&talk, "wash, 2\nback\n");
    talk_says(&talk, "Current: 2 chosen: Washington,\nOregon.\n  1. Washington (chosen)\n  2. Oregon (chosen)\n  3. North Carolina\n");
    talk_type(&talk, "-oregon, north d\nback\n");
    talk_says(&talk, "Current: 2 chosen: Washington,\nNorth Dakota.\n");
    assert_string_equal(value_item(answer(&talk, "choose.regions"), 1)->text, "ND");
    talk_type(&talk, "\\\n");
    assert_true(value_is_empty(answer(&talk, "choose.regions")));
    talk_free(&talk);
}

static void a_row_is_added_column_by_column(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 4);
    talk_type(&talk, "add\n");
    talk_says(&talk, "Step 2 of 3, new row, question 1 of 3: Code (required).\n");
    talk_type(&talk, "GROUND\n7.95\nwash\n");
    talk_says(&talk, "Methods. Current: 1 row.\n  1. GROUND, 7.95, Washington\n");
    assert_string_equal(talk_answer(&talk, "choose.rows.0.charge"), "7.95");
    talk_free(&talk);
}

static void a_row_that_lacks_something_is_not_taken(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 4);
    talk_type(&talk, "add\nGROUND\n\n\n");
    talk_says(&talk, "question 2 of 3: Charge (required).\n  Problem: Charge is missing.");
    talk_type(&talk, "1\n\n");
    talk_says(&talk, "  1. GROUND, 1\n");
    talk_free(&talk);
}

static void a_row_is_changed_or_taken_away_by_its_number_or_key(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 4);
    talk_type(&talk, "add\nA\n1\n\nadd\nB\n2\n\n");
    talk_type(&talk, "2\n");
    talk_says(&talk, "row B, question 1 of 3: Code (required). Current: B.\n");
    talk_type(&talk, "\n3\n\n");
    talk_says(&talk, "  1. A, 1\n  2. B, 3\n");
    talk_type(&talk, "remove 1\n");
    talk_says(&talk, "  1. B, 3\n");
    talk_type(&talk, "remove B\n");
    talk_says(&talk, "Methods.\n  add adds a row; Enter goes on.\n");
    talk_type(&talk, "remove B\n");
    talk_says(&talk, "There is no row \"B\".");
    talk_free(&talk);
}

static void leaving_a_row_keeps_what_was_typed(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 4);
    talk_type(&talk, "add\nGROUND\nback\nback\n");
    talk_says(&talk, "Methods. 1 unfinished row.\n  add continues the unfinished row");
    talk_type(&talk, "add\n");
    talk_says(&talk, "Code (required). Current: GROUND.\n");
    talk_free(&talk);
}

static void an_unfinished_new_row_is_named_and_discarded_with_remove(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 4);
    talk_type(&talk, "remove\n");
    talk_says(&talk, "No new row is unfinished. To remove a row, type remove and its number.\n");
    talk_type(&talk, "add\nGROUND\nback\nback\n");
    talk_says(&talk, "Methods. 1 unfinished row.\n  add continues the unfinished row, remove discards it; Enter goes on.\n");
    talk_type(&talk, "remove\n");
    talk_says(&talk, "The unfinished row was discarded.\n");
    talk_type(&talk, "add\n");
    talk_says(&talk, "new row, question 1 of 3: Code (required).\n");
    talk_free(&talk);
}

static void the_next_start_comes_back_to_the_column_of_a_row(void **unused)
{
    struct talk talk, again = {0};
    int pipes[2];
    (void)unused;
    start(&talk, 4);
    talk_type(&talk, "add\nGROUND\n");
    talk_end(&talk);
    struct value *state = value_copy(wizard_state(talk.play.wizard));
    play_new(&again.play, checklist, service, "{}", replies);
    wizard_free(again.play.wizard);
    play_wizard(&again.play, state, NULL);
    assert_int_equal(pipe(pipes), 0);
    talk_over(&again, pipes[0], pipes[1]);
    talk_says(&again, "new row, question 2 of 3: Charge (required).\n");
    talk_type(&again, "back\n");
    talk_says(&again, "Code (required). Current: GROUND.\n");
    value_free(state);
    talk_free(&talk);
    talk_free(&again);
}

static void plan_comes_back_to_the_question_it_was_asked_at(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 4);
    talk_type(&talk, "add\nGROUND\nplan\n\n");
    talk_says(&talk, "new row, question 2 of 3: Charge (required).\n");
    talk_free(&talk);
}

static void what_the_service_refuses_of_a_row_is_told_at_its_column(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 1);
    talk_type(&talk, "wash\n\n\nadd\nA\n1\n\nsave\n");
    talk_says(&talk, "question 4 of 6: Methods. Current: 1 row.\n  Problem: A: Too cheap.\n");
    talk_type(&talk, "1\n\n");
    talk_says(&talk, "row A, question 2 of 3: Charge (required). Current: 1.\n  Problem: A: Too cheap.\n");
    talk_type(&talk, "2\n\n");
    talk_says(&talk, "question 4 of 6: Methods. Current: 1 row.\n  1. A, 2\n");
    talk_free(&talk);
}

static void a_map_shows_what_stands_on_its_left_and_what_is_open(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 5);
    talk_says(&talk, "Attributes.\n  1. Color = (open)\n  2. Size = (open)\n  3. Weight = (open)\n");
    talk_free(&talk);
}

static void a_pair_is_given_at_once_or_asked_for(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 5);
    talk_type(&talk, "color = col\n");
    talk_says(&talk, "Color = Colour.\n> ");
    talk_type(&talk, "2\n");
    talk_says(&talk, "Size: open\n  1. Colour\n  2. Format\n");
    talk_type(&talk, "2\n");
    talk_says(&talk, "Size = Format.\nNumbers refer to the list of Attributes again; list prints it.\n> ");
    assert_string_equal(talk_answer(&talk, "choose.map.color"), "t1");
    assert_string_equal(talk_answer(&talk, "choose.map.size"), "t2");
    talk_free(&talk);
}

static void the_likest_choice_is_suggested_first(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 5);
    talk_type(&talk, "color\n");
    talk_says(&talk, "Color: open\n  1. Colour (suggested)\n  2. Format\n");
    talk_free(&talk);
}

static void ask_goes_through_what_is_open(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 5);
    talk_type(&talk, "size = 5\n");
    talk_says(&talk, "No entry matches \"5\".");
    talk_type(&talk, "size = form\nask\n1\n");
    talk_says(&talk, "Color = Colour.\nWeight: open\n");
    talk_type(&talk, "\n");
    talk_says(&talk, "Attributes. Current: 2 mapped.\n");
    talk_type(&talk, "weight = form\nask\n");
    talk_says(&talk, "None is open.\n");
    talk_free(&talk);
}

static void a_pair_is_made_open_again(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 5);
    talk_type(&talk, "color = col\nsize = form\ncolor =\n");
    talk_says(&talk, "Color is open.\n");
    talk_type(&talk, "size\n\\\n");
    talk_says(&talk, "Size is open.\n");
    assert_int_equal(value_count(answer(&talk, "choose.map")), 0);
    talk_free(&talk);
}

static void a_tree_is_gone_down_and_up(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 6);
    talk_type(&talk, "list\n");
    talk_says(&talk, "  1. Clothing (1 below)\n  2. Tools\nA number chooses; in and a number shows what is below.\n");
    talk_type(&talk, "in 1\n");
    talk_says(&talk, "Below Clothing:\n  1. Shoes (1 below)\n");
    talk_type(&talk, "in shoes\nup\n");
    talk_says(&talk, "Below Shoes:\n  1. Boots\n");
    talk_type(&talk, "1\n");
    assert_string_equal(talk_answer(&talk, "choose.category"), "c2");
    talk_free(&talk);
}

static void what_is_found_in_a_tree_is_told_with_its_way(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, 6);
    talk_type(&talk, "/boots\n");
    talk_says(&talk, "  1. Clothing / Shoes / Boots\n");
    talk_type(&talk, "1\n");
    assert_string_equal(talk_answer(&talk, "choose.category"), "c3");
    talk_free(&talk);
}

static void without_a_sign_in_one_is_told_who_knows_the_choices(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "choosing\nnext\nnext\nnext\nnext\nnext\nboots\n");
    talk_says(&talk, "The service tells the choices: sign in first.\n");
    talk_free(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_list_is_printed_with_its_question),
        cmocka_unit_test(a_choice_is_meant_by_number_value_label_or_unique_beginning),
        cmocka_unit_test(a_beginning_of_several_lists_them),
        cmocka_unit_test(a_word_from_within_is_offered_and_not_taken),
        cmocka_unit_test(what_is_no_choice_is_refused_at_its_question),
        cmocka_unit_test(a_long_list_waits_to_be_asked_for_and_goes_on),
        cmocka_unit_test(a_slash_lists_what_has_a_word),
        cmocka_unit_test(several_are_chosen_with_commas_and_taken_away_with_a_minus),
        cmocka_unit_test(a_row_is_added_column_by_column),
        cmocka_unit_test(a_row_that_lacks_something_is_not_taken),
        cmocka_unit_test(a_row_is_changed_or_taken_away_by_its_number_or_key),
        cmocka_unit_test(an_unfinished_new_row_is_named_and_discarded_with_remove),
        cmocka_unit_test(leaving_a_row_keeps_what_was_typed),
        cmocka_unit_test(the_next_start_comes_back_to_the_column_of_a_row),
        cmocka_unit_test(plan_comes_back_to_the_question_it_was_asked_at),
        cmocka_unit_test(what_the_service_refuses_of_a_row_is_told_at_its_column),
        cmocka_unit_test(a_map_shows_what_stands_on_its_left_and_what_is_open),
        cmocka_unit_test(a_pair_is_given_at_once_or_asked_for),
        cmocka_unit_test(the_likest_choice_is_suggested_first),
        cmocka_unit_test(ask_goes_through_what_is_open),
        cmocka_unit_test(a_pair_is_made_open_again),
        cmocka_unit_test(a_tree_is_gone_down_and_up),
        cmocka_unit_test(what_is_found_in_a_tree_is_told_with_its_way),
        cmocka_unit_test(without_a_sign_in_one_is_told_who_knows_the_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
