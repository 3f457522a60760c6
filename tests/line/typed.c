/* Line mode: bytes that are typed, and what of them is an answer. */
#include "support/talk.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: account\n  section: Start\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes}\n"
    "  - {name: account.key, label: Key, kind: secret}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name, key: $account.key}}\n";

static struct reply nothing[] = {{0}};

static void start(struct talk *talk)
{
    talk_new(talk, checklist, service, nothing);
    talk_type(talk, "account\n");
}

static void test_utf8_is_accepted_and_other_bytes_are_rejected(void **unused)
{
    static const char *const locales[] = {"C", "de_DE.UTF-8", "C.UTF-8"};
    (void)unused;
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        struct talk talk;
        setenv("LC_ALL", locales[i], 1);
        start(&talk);
        talk_type(&talk, "M\xFCller\n");
        talk_says(&talk, "The line was rejected: it is not UTF-8.");
        assert_string_equal(talk_answer(&talk, "account.name"), "");
        talk_type(&talk, "M\xC3\xBCller\n");
        assert_string_equal(talk_answer(&talk, "account.name"), "M\xC3\xBCller");
        talk_type(&talk, "k\xFC\n");
        talk_says(&talk, "The line was rejected: it is not UTF-8.");
        assert_null(value_text(wizard_secrets(talk.play.wizard), "secrets.account.key"));
        talk_free(&talk);
    }
}

static void test_half_a_line_of_other_bytes_is_not_stored(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "M\xFCl");
    talk_end(&talk);
    talk_says(&talk, "The line was rejected: it is not UTF-8.");
    assert_null(value_text(wizard_state(talk.play.wizard), "drafts.account.name"));
    talk_free(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_is_accepted_and_other_bytes_are_rejected),
        cmocka_unit_test(test_half_a_line_of_other_bytes_is_not_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
