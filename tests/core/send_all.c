/* Sending every saved step reports what was sent and what was not; a service that fails has rejected nothing. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- {id: account, section: Start, title: Account, load: [get-account], save: [put-account], fields: [{name: account.name, label: Name, kind: text}]}\n"
    "- {id: store, section: Start, title: Store, load: [get-store], save: [put-store], fields: [{name: store.name, label: Name, kind: text}]}\n"
    "- {id: last, section: Start, title: Last, load: [get-last], save: [put-last], fields: [{name: last.name, label: Name, kind: text, required: yes}]}\n"
    "- {id: later, section: Start, title: Later, needs: [last], load: [get-later], save: [put-later], fields: [{name: later.name, label: Name, kind: text}]}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name}}\n  put-account: {request: PUT /account, send: {name: $account.name}}\n"
    "  get-store: {request: GET /store, keep: {store.name: /name}}\n  put-store: {request: PUT /store, send: {name: $store.name}}\n"
    "  get-later: {request: GET /later, keep: {later.name: /name}}\n  put-later: {request: PUT /later, send: {name: $later.name}}\n"
    "  get-last: {request: GET /last, keep: {last.name: /name}}\n  put-last: {request: PUT /last, send: {name: $last.name}}\n";

static struct reply none[] = {{0}};

static void save(struct play *play, const char *step, const char *field, const char *text)
{
    play_open(play, step);
    play_say(play, field, text);
    play_do(play, EVENT_SUBMIT);
    while (play->wizard && wizard_busy(play->wizard))
        fail_msg("busy");
    play_do(play, EVENT_BACK);
}

static void test_sending_without_a_sign_in_says_so(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", none);
    save(&play, "account", "account.name", "Contoso");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "bad: Nothing was sent: sign in first.");
    play_free(&play);
}

static void test_nothing_to_send_is_reported(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", none);
    play_sign_in(&play);
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "home: A shop\nnotice: Nothing to send: no step is saved and not sent yet.");
    play_free(&play);
}

static void test_what_was_sent_and_what_was_not_is_reported(void **unused)
{
    static struct reply replies[] = {
        {"GET /account", 200, "{\"name\": null}", "\"1\"", .once = true}, {"PUT /account", 200, "{\"name\": \"Contoso\"}", "\"2\""},
        {"GET /account", 200, "{\"name\": \"Contoso\"}", "\"2\""},
        {"GET /store", 200, "{\"name\": null}", "\"1\"", .once = true}, {"PUT /store", 200, "{\"name\": \"Main\"}", "\"2\""},
        {"GET /store", 200, "{\"name\": \"Main\"}", "\"2\""}, {0},
    };
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    save(&play, "account", "account.name", "Contoso");
    save(&play, "store", "store.name", "Main");
    save(&play, "later", "later.name", "Later");
    play_sign_in(&play);
    play_open(&play, "sign-in");
    play_do(&play, EVENT_BACK);
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "bad: Sent: Account, Store. Not sent: Later. To be done first: Last.");
    play_free(&play);
}

static const struct { int status; const char *says; int exit; } statuses[] = {
    {500, "bad: Account: The service failed: Name is broken. Send the step again later", 69},
    {501, "bad: Account: The service failed: Name is broken.", 69},
    {502, "bad: Account: The service failed: Name is broken.", 69},
    {504, "bad: Account: The service failed: Name is broken.", 69},
    {599, "bad: Account: The service failed: Name is broken.", 69},
    {422, "Name = Contoso ! Name is broken.", 65},
};

static void test_a_failure_of_the_service_rejects_nothing(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct reply replies[] = {
            {"GET /account", 200, "{\"name\": null}", "\"1\""},
            {"PUT /account", statuses[i].status, "{\"detail\": \"Name is broken.\", \"errors\": [{\"pointer\": \"/name\", \"detail\": \"Name is broken.\"}]}"},
            {0},
        };
        struct play play;
        bool rejected = statuses[i].status < 500;
        play_new(&play, checklist, service, "{}", replies);
        play_sign_in(&play);
        play_open(&play, "account");
        play_say(&play, "account.name", "Contoso");
        play_do(&play, EVENT_SUBMIT);
        play_shows(&play, statuses[i].says);
        play_do(&play, EVENT_BACK);
        play_shows(&play, rejected ? "Account: rejected: 1 problem" : "Account: saved, not sent");
        assert_int_equal(wizard_exit_status(play.wizard), statuses[i].exit);
        play_free(&play);
    }
}

static void test_a_response_without_a_reason_is_reported_once(void **unused)
{
    static const struct { int status; const char *says; } silent[] = {
        {422, "bad: The service rejected the request (HTTP 422)"},
        {500, "bad: Account: The service has failed (HTTP 500). Send the step again later"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        struct reply replies[] = {{"GET /account", 200, "{\"name\": null}", "\"1\""}, {"PUT /account", silent[i].status, "{}"}, {0}};
        struct play play;
        play_new(&play, checklist, service, "{}", replies);
        play_sign_in(&play);
        play_open(&play, "account");
        play_say(&play, "account.name", "Contoso");
        play_do(&play, EVENT_SUBMIT);
        play_shows(&play, silent[i].says);
        play_free(&play);
    }
}

static void test_a_failure_while_reading_has_the_same_exit_status(void **unused)
{
    static struct reply replies[] = {{"GET /account", 500, "{\"detail\": \"Down.\"}"}, {0}};
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    play_open(&play, "account");
    play_shows(&play, "bad: Down.");
    assert_int_equal(wizard_exit_status(play.wizard), 69);
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sending_without_a_sign_in_says_so),
        cmocka_unit_test(test_nothing_to_send_is_reported),
        cmocka_unit_test(test_what_was_sent_and_what_was_not_is_reported),
        cmocka_unit_test(test_a_failure_of_the_service_rejects_nothing),
        cmocka_unit_test(test_a_response_without_a_reason_is_reported_once),
        cmocka_unit_test(test_a_failure_while_reading_has_the_same_exit_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
