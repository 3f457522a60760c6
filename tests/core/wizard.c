/* What the state machine does, told as sentences. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nafter: [Open it.]\nchoices:\n  states: {WA: Washington, OR: Oregon}\n"
    "steps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: account\n  section: Start\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes, max: 20}\n"
    "  - {name: account.state, label: State, kind: one, choices: states}\n"
    "  - {name: account.zip, label: ZIP code, kind: text, pattern: \"[0-9]{5}\", say: 5 digits}\n"
    "- id: methods\n  section: Shop\n  title: Methods\n  load: [list-methods]\n  save: [put-method]\n  fields:\n"
    "  - name: methods\n    label: Methods\n    kind: table\n    key: code\n    columns:\n"
    "    - {name: code, label: Code, kind: identifier, required: yes}\n"
    "    - {name: charge, label: Charge, kind: money, required: yes}\n"
    "- id: provider\n  section: Shop\n  title: Provider\n  load: [get-provider]\n  save: [put-provider]\n  fields:\n"
    "  - {name: provider.id, label: Provider, kind: one, choices: providers, required: yes}\n"
    "  - {name: provider.key, label: Key, kind: secret, required: yes}\n"
    "- id: activate\n  section: Shop\n  title: Activate\n  needs: [account]\n  load: [get-activation]\n  save: [activate, watch]\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\npages: link\n"
    "match: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name, account.state: /state, account.zip: /address/zip}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name, state: $account.state, address: {zip: $account.zip}}}\n"
    "  list-methods:\n    request: GET /methods\n"
    "    keep: {methods: {each: /items, row: {code: /code, charge: /charge}}}\n"
    "    etags: {each: /items, path: /methods/$code, etag: /etag}\n"
    "  put-method: {each: methods, request: PUT /methods/$code, send: {charge: $charge}, gone: DELETE /methods/$code}\n"
    "  list-providers: {request: GET /providers, offer: {to: providers, each: /items, value: /id, label: /name}}\n"
    "  get-provider: {request: GET /provider, keep: {provider.id: /id}}\n"
    "  put-provider: {request: PUT /provider, send: {id: $provider.id, key: $provider.key}}\n"
    "  get-activation: {request: GET /activation, keep: {activation.status: /status, activation.operation: /operation}}\n"
    "  activate:\n    when: {activation.status: [\"\", inactive]}\n    request: POST /activation\n"
    "    send: {go: yes}\n    keep: {activation.operation: /operation, activation.status: /status}\n"
    "  watch:\n    when: {activation.status: [pending]}\n    request: GET /operations/$activation.operation\n"
    "    again: {while: {/status: [running]}, every: 10, progress: /percent, say: /message}\n"
    "    refuse: {when: {/status: [failed]}, text: /problem/detail}\n";

static struct reply nothing[] = {{0}};

static void an_answer_is_saved_at_once(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "account");
    int before = play.saves;
    play_say(&play, "account.name", "  Contoso ");
    assert_int_equal(play.saves, before + 1);
    assert_string_equal(value_text(wizard_state(play.wizard), "answers.account.name"), "Contoso");
    play_free(&play);
}

static bool is_complete(const struct play *play)
{
    struct view view;
    wizard_view(play->wizard, &view);
    bool complete = view.complete;
    view_clear(&view);
    return complete;
}

static void where_signing_in_is_all_there_is_nothing_is_complete_before_it(void **unused)
{
    static const char only[] = "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
                               "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
                               "- {id: sign-out, section: Start, title: Sign out, does: sign-out}\n"
                               "- id: keep\n  section: Start\n  title: Keep\n  does: actions\n  actions:\n"
                               "  - {id: leave, label: Leave, run: [leave]}\n";
    static const char signs[] = "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\n"
                                "operations:\n  leave: {request: POST /leave}\n";
    struct play play;
    (void)unused;
    play_new(&play, only, signs, "{}", nothing);
    assert_false(is_complete(&play));
    play_sign_in(&play);
    assert_true(is_complete(&play));
    play_free(&play);
}

static void a_wrong_answer_is_told_at_its_field_and_not_lost(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "account");
    play_say(&play, "account.zip", "9805");
    play_shows(&play, "ZIP code =  | typed: 9805 ! ");
    assert_null(value_text(wizard_state(play.wizard), "answers.account.zip"));
    play_say(&play, "account.zip", "98052");
    play_shows(&play, "ZIP code = 98052\n");
    play_free(&play);
}

static void submitting_tells_every_problem_and_sends_nothing(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "account");
    play_say(&play, "account.zip", "x");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "bad: 2 problems to mend first");
    play_shows(&play, "Name* =  ! ");
    play_asked(&play, "");
    play_free(&play);
}

static void without_a_sign_in_a_step_is_saved_and_one_goes_on(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "account");
    play_say(&play, "account.name", "Contoso");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "form: Methods\nnotice: Account is not sent yet");
    play_do(&play, EVENT_BACK);
    play_shows(&play, "Account: saved, not sent\n");
    play_asked(&play, "");
    play_free(&play);
}

static struct reply account_taken[] = {
    {"GET /account", 200, "{\"name\": null, \"state\": null, \"address\": {\"zip\": null}}", "\"1\"", .once = true},
    {"PUT /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\", \"address\": {\"zip\": \"98052\"}}", "\"2\""},
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\", \"address\": {\"zip\": \"98052\"}}", "\"2\""},
    {"GET /methods", 200, "{\"items\": []}"},
    {0},
};

static void a_step_is_sent_with_if_match_and_read_back(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", account_taken);
    play_sign_in(&play);
    play_open(&play, "account");
    play_say(&play, "account.name", "Contoso");
    play_say(&play, "account.state", "washington");
    play_say(&play, "account.zip", "98052");
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "GET /account\n"
                      "PUT /account {\"name\":\"Contoso\",\"state\":\"WA\",\"address\":{\"zip\":\"98052\"}} if \"1\"\n"
                      "GET /account\nGET /methods\n");
    play_shows(&play, "form: Methods\nnotice: Account: sent.");
    play_open(&play, "account");
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "");      /* a second time there is nothing to send */
    play_free(&play);
}

static struct reply refused[] = {
    {"GET /account", 200, "{\"name\": null}", "\"1\""},
    {"PUT /account", 422, "{\"detail\": \"Two faults.\", \"errors\": [{\"pointer\": \"/address/zip\", \"detail\": \"No such ZIP code.\"},"
                          "{\"pointer\": \"/name\", \"detail\": \"Taken.\"}]}"},
    {0},
};

static void what_the_service_refuses_lands_at_its_fields(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", refused);
    play_sign_in(&play);
    play_open(&play, "account");
    play_say(&play, "account.name", "Contoso");
    play_say(&play, "account.zip", "00000");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "ZIP code = 00000 ! No such ZIP code");
    play_shows(&play, "Name* = Contoso ! Taken");
    play_do(&play, EVENT_BACK);
    play_shows(&play, "Account: rejected: 2 problems");
    assert_int_equal(wizard_exit_status(play.wizard), 65);
    play_free(&play);
}

static struct reply unreachable[] = {{"GET /account", 0, NULL}, {0}};

static void with_the_service_down_everything_stays_saved(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", unreachable);
    play_sign_in(&play);
    play_open(&play, "account");
    play_say(&play, "account.name", "Contoso");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "bad: The service cannot be reached");
    play_do(&play, EVENT_BACK);
    play_shows(&play, "Account: saved, not sent\n");
    assert_int_equal(wizard_exit_status(play.wizard), 69);
    play_free(&play);
}

static struct reply changed[] = {
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"1\"", .once = true},
    {"GET /account", 200, "{\"name\": \"Northwind\", \"state\": \"WA\"}", "\"2\""},
    {"PUT /account", 200, "{}", "\"3\""},
    {0},
};

static void test_value_on_the_service_replaces_half_typed_text(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", changed);
    play_sign_in(&play);
    play_open(&play, "account");
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    play_event(&play, (struct event){.kind = EVENT_DRAFT, .field = "account.name", .text = "Contoso 2"});
    play_event(&play, (struct event){.kind = EVENT_TAKE, .field = "account.name", .yes = true});
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "Methods");
    assert_null(strstr(play.log.bytes, "Contoso 2"));
    assert_string_equal(value_text(wizard_state(play.wizard), "answers.account.name"), "Northwind");
    play_free(&play);
}

static void what_others_changed_is_shown_and_never_overwritten(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", changed);
    play_sign_in(&play);
    play_open(&play, "account");
    play_shows(&play, "Name* = Contoso");       /* found on the service */
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    play_shows(&play, "Name* = Contoso <> theirs: Northwind");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "bad: Account was not sent: Name changed on the service. Choose a value.");
    play_shows(&play, "  ~ Account: Name: Northwind -> Contoso\n");
    assert_null(strstr(play.log.bytes, "PUT"));
    play_event(&play, (struct event){.kind = EVENT_TAKE, .field = "account.name", .yes = true});
    play_shows(&play, "Name* = Northwind\n");
    play_free(&play);
}

static struct reply rows[] = {
    {"GET /methods", 200, "{\"items\": [{\"code\": \"AIR\", \"charge\": \"9.00\", \"etag\": \"\\\"a\\\"\"},"
                          "{\"code\": \"SEA\", \"charge\": \"2.00\", \"etag\": \"\\\"s\\\"\"}]}", .once = true},
    {"PUT /methods/AIR", 200, "{}", "\"b\""},
    {"PUT /methods/RAIL", 201, "{}", "\"r\""},
    {"DELETE /methods/SEA", 204, NULL},
    {"GET /methods", 200, "{\"items\": [{\"code\": \"AIR\", \"charge\": \"10.00\", \"etag\": \"\\\"b\\\"\"},"
                          "{\"code\": \"RAIL\", \"charge\": \"4\", \"etag\": \"\\\"r\\\"\"}]}"},
    {"GET /provider", 200, "{}"}, {"GET /providers", 200, "{\"items\": []}"},
    {0},
};

static void rows_are_changed_made_and_taken_away_one_request_each(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", rows);
    play_sign_in(&play);
    play_open(&play, "methods");
    play_event(&play, (struct event){.kind = EVENT_ROW, .field = "methods", .row = "AIR"});
    play_shows(&play, "row: Methods\n");
    play_say(&play, "methods.charge", "10.00");
    play_do(&play, EVENT_SUBMIT);
    play_event(&play, (struct event){.kind = EVENT_ROW, .field = "methods"});
    play_say(&play, "methods.code", "RAIL");
    play_say(&play, "methods.charge", "4");
    play_do(&play, EVENT_SUBMIT);
    play_event(&play, (struct event){.kind = EVENT_REMOVE, .field = "methods", .row = "SEA"});
    play_shows(&play, "Methods = 2 rows");
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    assert_non_null(strstr(play.log.bytes, "PUT /methods/AIR {\"charge\":\"10.00\"} if \"a\"\n"));
    assert_non_null(strstr(play.log.bytes, "PUT /methods/RAIL {\"charge\":\"4\"} if new\n"));
    assert_non_null(strstr(play.log.bytes, "DELETE /methods/SEA if \"s\"\n"));
    play_do(&play, EVENT_BACK);
    play_shows(&play, "Methods: sent\n");
    play_free(&play);
}

static void a_half_typed_row_is_there_after_a_restart(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "methods");
    play_event(&play, (struct event){.kind = EVENT_ROW, .field = "methods"});
    play_say(&play, "methods.code", "AIR");
    play_event(&play, (struct event){.kind = EVENT_DRAFT, .field = "methods.charge", .text = "12."});
    play_do(&play, EVENT_HANGUP);
    assert_true(play.ended >= 0);
    struct value *state = value_copy(wizard_state(play.wizard));
    wizard_free(play.wizard);
    play_wizard(&play, state, NULL);
    value_free(state);
    play_do(&play, EVENT_START);
    play_shows(&play, "row: Methods\n");
    play_shows(&play, "Code* = AIR\n");
    play_shows(&play, "Charge* =  | typed: 12.");
    play_free(&play);
}

static struct reply secret[] = {
    {"GET /provider", 200, "{\"id\": null}", "\"1\"", .once = true},
    {"GET /providers", 200, "{\"items\": [{\"id\": \"pp\", \"name\": \"PayPal\"}]}"},
    {"PUT /provider", 200, "{}", "\"2\""},
    {"GET /provider", 200, "{\"id\": \"pp\"}", "\"2\""},
    {"GET /activation", 200, "{\"status\": \"inactive\"}"},
    {0},
};

static void a_secret_is_in_no_view_and_not_in_the_state_and_sent_once(void **unused)
{
    struct play play;
    struct text out = {0};
    (void)unused;
    play_new(&play, checklist, service, "{}", secret);
    play_sign_in(&play);
    play_open(&play, "provider");
    play_say(&play, "provider.id", "PayPal");
    play_say(&play, "provider.key", "canary-77");
    play_shows(&play, "Key* =  (set on 2026-09-21, leave empty to keep)");
    yaml_write(wizard_state(play.wizard), &out);
    assert_null(strstr(out.bytes, "canary-77"));
    text_clear(&out);
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    assert_non_null(strstr(play.log.bytes, "PUT /provider {\"id\":\"pp\",\"key\":\"canary-77\"} if \"1\"\n"));
    play_open(&play, "provider");
    text_clear(&play.log);
    play_say(&play, "provider.key", "canary-77");
    play_do(&play, EVENT_SUBMIT);
    assert_null(strstr(text_bytes(&play.log), "PUT"));
    play_free(&play);
}

static struct reply activation[] = {
    {"GET /activation", 200, "{\"status\": \"inactive\"}", .once = true},
    {"POST /activation", 202, "{\"operation\": \"op1\", \"status\": \"pending\"}"},
    {"GET /operations/op1", 200, "{\"status\": \"running\", \"percent\": 40, \"message\": \"Copying\"}", .once = true},
    {"GET /operations/op1", 200, "{\"status\": \"succeeded\", \"percent\": 100}"},
    {"GET /activation", 200, "{\"status\": \"active\", \"operation\": \"op1\"}"},
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\", \"address\": {\"zip\": \"98052\"}}", "\"2\""},
    {0},
};

static void activation_waits_for_what_it_needs_then_polls_until_it_is_over(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", activation);
    play_sign_in(&play);
    play_open(&play, "activate");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "To be done first: Account.");
    play_open(&play, "account");
    play_open(&play, "activate");
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "POST /activation {\"go\":true}\nGET /operations/op1\n");
    play_shows(&play, "wait: Activate: the service is working on it");
    play_do(&play, EVENT_BACK);
    play_shows(&play, "Activate: waiting for the service");
    play_event(&play, (struct event){.kind = EVENT_TIMER, .request = play.timer});
    play_asked(&play, "GET /operations/op1\nGET /activation\n");
    play_shows(&play, "Activate: done");
    play_free(&play);
}

static void an_answer_to_a_cancelled_request_is_ignored(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", account_taken);
    play_sign_in(&play);
    play_open(&play, "account");
    play_say(&play, "account.name", "Contoso");
    play.hold = true;
    play_do(&play, EVENT_SUBMIT);
    unsigned number = play.held_back;
    play_do(&play, EVENT_CANCEL);
    play_shows(&play, "may have acted");
    const struct response late = {.status = 422, .retry_after_s = -1};
    play_event(&play, (struct event){.kind = EVENT_RESPONSE, .request = number, .response = &late});
    play_shows(&play, "may have acted");
    play_free(&play);
}

static void leaving_is_asked_once_and_staying_changes_nothing(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_do(&play, EVENT_START);
    play_do(&play, EVENT_BACK);
    play_shows(&play, "question: Your changes are saved. Exit?");
    play_event(&play, (struct event){.kind = EVENT_CONFIRM, .yes = false});
    play_shows(&play, "home: A shop");
    play_do(&play, EVENT_BACK);
    play_event(&play, (struct event){.kind = EVENT_CONFIRM, .yes = true});
    assert_int_equal(play.ended, 3);
    play_free(&play);
}

static void a_refused_token_leads_to_the_sign_in_and_back_to_the_very_field(void **unused)
{
    static struct reply replies[] = {{"GET /account", 200, "{}"}, {"PUT /account", 401, NULL}, {0}};
    struct play play;
    struct view view;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "account");
    play_say(&play, "account.name", "Contoso");
    play_event(&play, (struct event){EVENT_FOCUS, .field = "account.zip"});
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "bad: The service no longer accepts this sign-in.");
    assert_int_equal(wizard_exit_status(play.wizard), 77);
    play_open(&play, "sign-in");
    play_sign_in(&play);
    play_shows(&play, "form: Account");
    wizard_view(play.wizard, &view);
    assert_string_equal(view.focus, "account.zip");
    view_clear(&view);
    play_free(&play);
}

/* Whether a place with that value and those words in its label is among those to go to. */
static bool place_says(const struct choices *places, const char *value, const char *words)
{
    size_t i = choices_find(places, value);
    return i != CHOICES_NONE && strstr(choices_label(places, i), words);
}

static void everything_can_be_found_but_no_secret(void **unused)
{
    struct play play;
    struct view view;
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "account");
    play_say(&play, "account.zip", "98x");
    play_say(&play, "account.name", "Contoso");
    play_do(&play, EVENT_SUBMIT);
    play_open(&play, "provider");
    play_say(&play, "provider.key", "hunter2");
    play_event(&play, (struct event){EVENT_FIND, .yes = true});
    wizard_view(play.wizard, &view);
    assert_true(place_says(view.places, "account", "Account ("));
    assert_true(place_says(view.places, "account\naccount.name", "Account > Name: Contoso"));
    assert_true(place_says(view.places, "account\naccount.zip", "! \"98x\" is not a ZIP code"));
    assert_true(place_says(view.places, "provider\nprovider.key", "Provider > Key"));
    assert_false(place_says(view.places, "provider\nprovider.key", "hunter2"));
    view_clear(&view);
    play_open(&play, "account");
    wizard_view(play.wizard, &view);
    assert_null(view.places);
    view_clear(&view);
    play_free(&play);
}

static void an_answer_says_where_it_comes_from(void **unused)
{
    struct reply replies[] = {{"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"1\"", NULL, false, false}, {0}};
    struct play play;
    struct view view;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "account");
    play_say(&play, "account.zip", "98052");
    play_event(&play, (struct event){EVENT_DRAFT, .field = "account.state", .text = "Ore"});
    wizard_view(play.wizard, &view);
    assert_string_equal(view_control(&view, "account.name")->origin, "the service holds the same");
    assert_string_equal(view_control(&view, "account.zip")->origin, "answered here, not sent yet");
    assert_string_equal(view_control(&view, "account.state")->origin, "typed here, not accepted yet");
    view_clear(&view);
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_saved_at_once),
        cmocka_unit_test(a_wrong_answer_is_told_at_its_field_and_not_lost),
        cmocka_unit_test(submitting_tells_every_problem_and_sends_nothing),
        cmocka_unit_test(without_a_sign_in_a_step_is_saved_and_one_goes_on),
        cmocka_unit_test(a_step_is_sent_with_if_match_and_read_back),
        cmocka_unit_test(what_the_service_refuses_lands_at_its_fields),
        cmocka_unit_test(with_the_service_down_everything_stays_saved),
        cmocka_unit_test(what_others_changed_is_shown_and_never_overwritten),
        cmocka_unit_test(test_value_on_the_service_replaces_half_typed_text),
        cmocka_unit_test(rows_are_changed_made_and_taken_away_one_request_each),
        cmocka_unit_test(a_half_typed_row_is_there_after_a_restart),
        cmocka_unit_test(a_secret_is_in_no_view_and_not_in_the_state_and_sent_once),
        cmocka_unit_test(activation_waits_for_what_it_needs_then_polls_until_it_is_over),
        cmocka_unit_test(an_answer_to_a_cancelled_request_is_ignored),
        cmocka_unit_test(leaving_is_asked_once_and_staying_changes_nothing),
        cmocka_unit_test(a_refused_token_leads_to_the_sign_in_and_back_to_the_very_field),
        cmocka_unit_test(everything_can_be_found_but_no_secret),
        cmocka_unit_test(an_answer_says_where_it_comes_from),
        cmocka_unit_test(where_signing_in_is_all_there_is_nothing_is_complete_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
