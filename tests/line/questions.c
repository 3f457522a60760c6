/* Line mode asks one question at a time: how each reads, what may be typed, what comes next. */
#include "support/talk.h"

#include <pty.h>
#include <termios.h>

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nafter: [Open it.]\nchoices:\n"
    "  states: {WA: Washington, OR: Oregon, NC: North Carolina, ND: North Dakota}\n"
    "steps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: account\n  section: Start\n  title: Account\n  guide: Who sells.\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes, max: 20, help: As customers see it.}\n"
    "  - {name: account.state, label: State, kind: one, choices: states, default: WA}\n"
    "  - {name: account.zip, label: ZIP code, kind: text, required: yes, pattern: \"[0-9]{5}\", say: 5 digits}\n"
    "  - {name: account.open, label: Open now, kind: yes-no}\n"
    "  - {name: account.hours, label: Hours, kind: text, when: {account.open: yes}}\n"
    "  - {name: account.key, label: Key, kind: secret}\n"
    "- {id: sign-out, section: End, title: Sign out, does: sign-out}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name, account.state: /state, account.zip: /zip, account.open: /open,"
    " account.hours: /hours}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name, state: $account.state, zip: $account.zip, open: $account.open,"
    " hours: $account.hours, key: $account.key}}\n";

static struct reply nothing[] = {{0}};

static void start(struct talk *talk)
{
    talk_new(talk, checklist, service, nothing);
    talk_type(talk, "account\n");
}

static void a_question_tells_its_place_its_label_and_whether_it_is_required(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_says(&talk, "Step 2 of 3, question 1 of 5: Name (required).\n> ");
    talk_free(&talk);
}

static void a_question_tells_what_is_current(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\nback\n");
    talk_says(&talk, "question 1 of 5: Name (required). Current: Contoso.\n");
    talk_type(&talk, "next\n");
    talk_says(&talk, "State. Current: Washington (as nothing");
    talk_free(&talk);
}

static void a_step_is_introduced_once(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_says(&talk, "\nAccount.\nWho sells.\n");
    talk_type(&talk, "save\n");
    assert_null(strstr(text_bytes(&talk.said), "Who sells."));
    talk_free(&talk);
}

static void an_answer_leads_to_the_next_question(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\n");
    talk_says(&talk, "question 2 of 5: State");
    assert_string_equal(talk_answer(&talk, "account.name"), "Contoso");
    talk_free(&talk);
}

static void enter_leaves_the_answer_as_it_is(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\nback\n\n");
    talk_says(&talk, "question 2 of 5");
    assert_string_equal(talk_answer(&talk, "account.name"), "Contoso");
    talk_free(&talk);
}

static void what_is_required_and_left_out_is_said_to_be_open(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "\n");
    talk_says(&talk, "Left open for now.\n");
    talk_says(&talk, "question 2 of 5");
    talk_free(&talk);
}

static void a_wrong_answer_is_told_with_what_to_do_and_asked_again(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\n\n9805\n");
    talk_says(&talk, "  Problem: \"9805\" is not a ZIP code. Give 5 digits.\n> ");
    assert_string_equal(talk_answer(&talk, "account.zip"), "");
    talk_type(&talk, "98052\n");
    talk_says(&talk, "question 4 of 5: Open now");
    assert_string_equal(talk_answer(&talk, "account.zip"), "98052");
    talk_free(&talk);
}

static void what_is_expected_is_said_before_the_answer(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "next\nnext\n");
    talk_says(&talk, "ZIP code (required).\n  5 digits\n");
    talk_free(&talk);
}

static void a_half_typed_answer_of_another_day_is_offered(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_event(&talk, (struct event){.kind = EVENT_DRAFT, .field = "account.name", .text = "Conto"});
    talk_type(&talk, "next\nback\n");
    talk_says(&talk, "  Half-typed before: Conto. Enter accepts it, next leaves it.\n");
    talk_type(&talk, "\n");
    assert_string_equal(talk_answer(&talk, "account.name"), "Conto");
    talk_free(&talk);
}

static void questions_come_and_go_with_the_answers(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "next\nnext\nnext\nyes\n");
    talk_says(&talk, "question 5 of 6: Hours");
    talk_type(&talk, "back\nno\n");
    talk_says(&talk, "question 5 of 5: Key");
    talk_free(&talk);
}

static void back_at_the_first_question_returns_to_the_list_of_steps(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\nback\nback\n");
    talk_says(&talk, "A shop. 0 of 2 steps sent.\n");
    talk_says(&talk, "  2. Account: in progress\n");
    talk_free(&talk);
}

static void behind_the_last_question_one_is_asked_whether_to_go_on(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "next\nnext\nnext\nnext\nnext\n");
    talk_says(&talk, "Save? Enter does; back returns to the questions; next leaves it for\nlater.\n> ");
    talk_free(&talk);
}

static void save_ends_the_questions_from_anywhere(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\n\n98052\nsave\n");
    talk_says(&talk, "Account is not sent yet. Sign in, and it can be sent. Your changes are\nsaved.\n");
    assert_non_null(value_at(wizard_state(talk.play.wizard), "accepted.account"));
    talk_free(&talk);
}

static void saving_leads_to_the_first_question_with_a_problem(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\nsave\n");
    talk_says(&talk, "1 problem to mend first: ZIP code is missing.\n");
    talk_says(&talk, "question 3 of 5: ZIP code (required).\n  Problem: ZIP code is missing. Give 5 digits.\n");
    talk_free(&talk);
}

static void a_backslash_enters_a_word_as_an_answer(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "\\back\n");
    assert_string_equal(talk_answer(&talk, "account.name"), "back");
    talk_type(&talk, "back\n\\\\back\n");
    assert_string_equal(talk_answer(&talk, "account.name"), "\\back");
    talk_type(&talk, "back\nback to back\n");
    assert_string_equal(talk_answer(&talk, "account.name"), "back to back");
    talk_free(&talk);
}

static void any_other_backslash_is_part_of_the_answer(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "\\Contoso\n");
    assert_string_equal(talk_answer(&talk, "account.name"), "\\Contoso");
    talk_free(&talk);
}

static void a_backslash_alone_empties_an_answer(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "next\nnext\nnext\nyes\nback\n\\\n");
    assert_string_equal(talk_answer(&talk, "account.open"), "");
    talk_free(&talk);
}

static void the_words_work_at_every_prompt(void **unused)
{
    static const char *const places[] = {"", "account\n", "account\nsave\n", "1\ncancel\n", "plan\n", "problems\n", "back\n"};
    static const struct { const char *word, *says; } words[] = {
        {"list", ""}, {"find zip", ""}, {"why", ""}, {"help", "Words at every prompt:"}, {"save", ""}, {"plan", "Enter goes back."},
        {"back", ""}, {"next", ""},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t j = 0; j < sizeof words / sizeof *words; j++) {
            struct talk talk;
            talk_new(&talk, checklist, service, nothing);
            talk_type(&talk, places[i]);
            char *typed = text_format("%s\n", words[j].word);
            talk_type(&talk, typed);
            free(typed);
            talk_says(&talk, words[j].says);
            assert_true(talk.said.size > 2);
            talk_keeps_silent_of(&talk, "not known here");
            assert_int_equal(talk.play.ended, -1);
            talk_type(&talk, "cancel\nquit\n");      /* next leads to the sign-in, which begins at once */
            assert_int_not_equal(talk.play.ended, -1);
            talk_free(&talk);
        }
}

static void help_tells_what_a_question_is_for_and_what_it_takes(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "help\n");
    talk_says(&talk, "As customers see it.\nWhat it takes: ");
    talk_says(&talk, "A backslash before such a word");
    talk_free(&talk);
}

static void test_find_lists_places_and_go_leads_there(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "find zip\n");
    talk_says(&talk, "  1. Account > ZIP code\nType go and a number to go there, such as \"go 1\".\n");
    talk_type(&talk, "go 1\n");
    talk_says(&talk, "question 3 of 5: ZIP code");
    talk_type(&talk, "find sign\ngo 2\n");
    talk_says(&talk, "\nSign out.\n");
    talk_free(&talk);
}

static void why_tells_what_is_wrong_here(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "why\n");
    talk_says(&talk, "Nothing stands in the way.\n");
    talk_type(&talk, "next\nnext\nx\nwhy\n");
    talk_says(&talk, "ZIP code: \"x\" is not a ZIP code. Give 5 digits");
    talk_free(&talk);
}

static void a_secret_is_never_said_and_not_echoed(void **unused)
{
    struct talk talk = {0};
    struct termios terminal;
    int master, slave;
    (void)unused;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    play_new(&talk.play, checklist, service, "{}", nothing);
    talk_over(&talk, slave, master);
    talk_type(&talk, "account\nnext\nnext\nnext\nnext\n");
    talk_says(&talk, "question 5 of 5: Key.\n> ");
    tcgetattr(slave, &terminal);
    assert_false(terminal.c_lflag & ECHO);
    talk_type(&talk, "correct horse\n");
    talk_says(&talk, "13 characters.\n");
    tcgetattr(slave, &terminal);
    assert_true(terminal.c_lflag & ECHO);
    talk_type(&talk, "back\n");
    talk_says(&talk, "Key. It was set on 2026-09-21, leave empty");
    talk_keeps_silent_of(&talk, "horse");
    assert_string_equal(value_text(wizard_secrets(talk.play.wizard), "secrets.account.key"), "correct horse");
    tcgetattr(slave, &terminal);
    assert_false(terminal.c_lflag & ECHO);
    talk_free(&talk);
    tcgetattr(slave, &terminal);
    assert_true(terminal.c_lflag & ECHO);       /* the terminal is given back as it was */
    close(slave);
    close(master);
}

static void the_end_of_input_saves_and_leaves_and_takes_no_defaults(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\n");
    talk_end(&talk);
    assert_int_equal(talk.play.ended, 3);
    assert_string_equal(talk_answer(&talk, "account.name"), "Contoso");
    assert_string_equal(talk_answer(&talk, "account.state"), "");
    assert_null(value_at(wizard_state(talk.play.wizard), "accepted.account"));
    talk_free(&talk);
}

static void a_line_cut_off_by_the_end_of_input_is_kept_half_typed(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "Conto");
    talk_end(&talk);
    assert_string_equal(talk_answer(&talk, "account.name"), "");
    const struct value *drafts = value_at(wizard_state(talk.play.wizard), "drafts");
    assert_string_equal(value_member_text(drafts, "account.name"), "Conto");
    talk_free(&talk);
}

static void a_secret_cut_off_by_the_end_of_input_is_not_kept(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "next\nnext\nnext\nnext\ncorrect ho");
    talk_end(&talk);
    assert_int_equal(value_count(value_at(wizard_state(talk.play.wizard), "drafts")), 0);
    assert_int_equal(value_count(value_at(wizard_secrets(talk.play.wizard), "secrets")), 0);
    talk_free(&talk);
}

static void the_next_start_comes_back_to_the_question(void **unused)
{
    struct talk talk, again = {0};
    int pipes[2];
    (void)unused;
    start(&talk);
    talk_type(&talk, "Contoso\nnext\n");
    talk_end(&talk);
    struct value *state = value_copy(wizard_state(talk.play.wizard));
    play_new(&again.play, checklist, service, "{}", nothing);
    wizard_free(again.play.wizard);
    play_wizard(&again.play, state, NULL);
    assert_int_equal(pipe(pipes), 0);
    talk_over(&again, pipes[0], pipes[1]);
    talk_says(&again, "question 3 of 5: ZIP code");
    value_free(state);
    talk_free(&talk);
    talk_free(&again);
}

static void control_characters_that_are_typed_are_left_out(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "  Con\033[31mto\x08so\r\n");
    assert_string_equal(talk_answer(&talk, "account.name"), "Contoso");
    talk_free(&talk);
}

static struct reply refusing[] = {
    {"GET /account", 200, "{}", "\"1\""},
    {"PUT /account", 422, "{\"detail\": \"No.\", \"errors\": [{\"pointer\": \"/zip\", \"detail\": \"This ZIP code does not exist.\"},"
                          " {\"pointer\": \"/name\", \"detail\": \"This name is taken.\"}]}"},
    {0},
};

static void what_the_service_refuses_is_asked_again_at_its_question(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, refusing);
    play_sign_in(&talk.play);
    talk_type(&talk, "account\nContoso\n\n98052\nsave\n");
    talk_says(&talk, "question 1 of 5: Name (required). Current: Contoso.\n  Problem: This name is taken.");
    talk_type(&talk, "\n\n");
    talk_says(&talk, "question 3 of 5: ZIP code (required). Current: 98052.\n  Problem: This ZIP code does not exist.");
    talk_free(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_tells_its_place_its_label_and_whether_it_is_required),
        cmocka_unit_test(a_question_tells_what_is_current),
        cmocka_unit_test(a_step_is_introduced_once),
        cmocka_unit_test(an_answer_leads_to_the_next_question),
        cmocka_unit_test(enter_leaves_the_answer_as_it_is),
        cmocka_unit_test(what_is_required_and_left_out_is_said_to_be_open),
        cmocka_unit_test(a_wrong_answer_is_told_with_what_to_do_and_asked_again),
        cmocka_unit_test(what_is_expected_is_said_before_the_answer),
        cmocka_unit_test(a_half_typed_answer_of_another_day_is_offered),
        cmocka_unit_test(questions_come_and_go_with_the_answers),
        cmocka_unit_test(back_at_the_first_question_returns_to_the_list_of_steps),
        cmocka_unit_test(behind_the_last_question_one_is_asked_whether_to_go_on),
        cmocka_unit_test(save_ends_the_questions_from_anywhere),
        cmocka_unit_test(saving_leads_to_the_first_question_with_a_problem),
        cmocka_unit_test(a_backslash_enters_a_word_as_an_answer),
        cmocka_unit_test(any_other_backslash_is_part_of_the_answer),
        cmocka_unit_test(a_backslash_alone_empties_an_answer),
        cmocka_unit_test(the_words_work_at_every_prompt),
        cmocka_unit_test(help_tells_what_a_question_is_for_and_what_it_takes),
        cmocka_unit_test(test_find_lists_places_and_go_leads_there),
        cmocka_unit_test(why_tells_what_is_wrong_here),
        cmocka_unit_test(a_secret_is_never_said_and_not_echoed),
        cmocka_unit_test(the_end_of_input_saves_and_leaves_and_takes_no_defaults),
        cmocka_unit_test(a_line_cut_off_by_the_end_of_input_is_kept_half_typed),
        cmocka_unit_test(a_secret_cut_off_by_the_end_of_input_is_not_kept),
        cmocka_unit_test(the_next_start_comes_back_to_the_question),
        cmocka_unit_test(control_characters_that_are_typed_are_left_out),
        cmocka_unit_test(what_the_service_refuses_is_asked_again_at_its_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
