/* The next start comes back to the step that was open, but never to a button that acts at once. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- {id: account, section: Start, title: Account, load: [get-account], save: [put-account], fields: [{name: account.name, label: Name, kind: text}]}\n"
    "- {id: rows, section: Start, title: Rows, load: [get-rows], save: [put-rows], fields: [{name: rows, label: Rows, kind: table, key: code, columns:"
    " [{name: code, label: Code, kind: identifier}, {name: carrier, label: Carrier, kind: one, choices: carriers}]}]}\n"
    "- {id: activate, section: Start, title: Activate, load: [get-activation], save: [activate]}\n"
    "- {id: sign-out, section: End, title: Sign out, does: sign-out}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name}}\n  put-account: {request: PUT /account, send: {name: $account.name}}\n"
    "  get-rows: {request: GET /rows, keep: {rows: {each: /rows, row: {code: /code, carrier: /carrier}}}}\n"
    "  put-rows: {request: PUT /rows, send: {rows: {each: rows, row: {code: $code, carrier: $carrier}}}}\n"
    "  list-carriers: {request: GET /carriers, offer: {to: carriers, each: /items, value: /id, label: /name}}\n"
    "  get-activation: {request: GET /activation, keep: {activation.state: /state}}\n"
    "  activate: {request: POST /activation, when: {activation.state: inactive}}\n";

static struct reply replies[] = {{"GET /account", 200, "{}"}, {"GET /activation", 200, "{\"state\": \"inactive\"}"}, {0}};

static const struct { const char *step, *screen; } rows[] = {
    {"sign-out", "home: A shop"}, {"activate", "home: A shop"}, {"account", "form: Account"},
};

static void test_a_start_comes_back_to_no_button_that_acts_at_once(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct play play;
        struct view view;
        play_new(&play, checklist, service, "{}", replies);
        play_sign_in(&play);
        play_open(&play, rows[i].step);
        play_restart(&play);
        play_do(&play, EVENT_START);
        play_shows(&play, rows[i].screen);
        wizard_view(play.wizard, &view);
        assert_true(text_starts(rows[i].screen, "form") || text_same(view.focus, rows[i].step));
        view_clear(&view);
        play_do(&play, EVENT_SUBMIT);       /* one Enter */
        assert_null(strstr(text_bytes(&play.log), "POST"));
        assert_int_equal(play.ended, -1);
        play_free(&play);
    }
}

static void test_the_plan_comes_back_to_the_button_it_was_asked_at(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "activate");
    play_do(&play, EVENT_PLAN);
    play_do(&play, EVENT_BACK);
    play_shows(&play, "form: Activate");
    play_free(&play);
}

/* Line mode takes no answer before the choices of a column are known. */
static void test_a_row_waits_for_what_its_columns_are_chosen_from(void **unused)
{
    struct play play;
    struct view view;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "rows");
    play_event(&play, (struct event){.kind = EVENT_ROW, .field = "rows"});
    play_restart(&play);
    play_sign_in(&play);
    play.hold = true;
    play_do(&play, EVENT_START);
    wizard_view(play.wizard, &view);
    assert_int_equal(view.screen, SCREEN_ROW);
    assert_true(view.loading);
    view_clear(&view);
    play_free(&play);
}

static void test_steps_are_numbered_as_they_are_counted(void **unused)
{
    static const char mixed[] =
        "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
        "- {id: upkeep, section: Start, title: Upkeep, does: actions, actions: [{id: compare, label: Compare, does: compare}]}\n"
        "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n";
    struct play play;
    struct view view;
    (void)unused;
    play_new(&play, mixed, "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\noperations: {get-account: {request: GET /account}}\n", "{}", replies);
    play_open(&play, "sign-in");
    wizard_view(play.wizard, &view);
    assert_int_equal(view.step_number, 1);      /* not step 2 of 1 */
    assert_int_equal(view.step_count, 1);
    view_clear(&view);
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_start_comes_back_to_no_button_that_acts_at_once),
        cmocka_unit_test(test_a_row_waits_for_what_its_columns_are_chosen_from),
        cmocka_unit_test(test_the_plan_comes_back_to_the_button_it_was_asked_at),
        cmocka_unit_test(test_steps_are_numbered_as_they_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
