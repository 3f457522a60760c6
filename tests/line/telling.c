/* Line mode: how it tells, and what it tells beside questions: steps, checks, changes, problems, waiting, the end. */
#include "support/talk.h"

#include <time.h>

#include "base/glyph.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nafter: [\"Open it.\"]\n"
    "steps:\n"
    "- id: prerequisites\n  section: Start\n  title: Check prerequisites\n  does: checks\n  submit: Run the checks\n  checks:\n"
    "  - {id: tracking, label: Change tracking is on, kind: command, from: erp.tracking_check,"
    " remedy: \"ALTER DATABASE x\\nSET CHANGE_TRACKING = ON;\", unset: Not tested.}\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in, guide: \"With a browser, on any device that has one; nothing secret is typed here.\"}\n"
    "- id: account\n  section: Shop\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes, help: \"The name of the company as customers see it on their"
    " invoices and in the online store, and nowhere else at all.\"}\n"
    "- id: activate\n  section: Shop\n  title: Activate\n  submit: Activate\n  needs: [account]\n  load: [get-activation]\n"
    "  save: [activate, watch]\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name}}\n"
    "  get-activation: {request: GET /activation, keep: {activation.status: /status, activation.operation: /operation}}\n"
    "  activate:\n    when: {activation.status: [\"\", inactive]}\n    request: POST /activation\n"
    "    send: {go: yes}\n    keep: {activation.operation: /operation, activation.status: /status}\n"
    "  watch:\n    when: {activation.status: [pending]}\n    request: GET /operations/$activation.operation\n"
    "    again: {while: {/status: [running]}, every: 10, progress: /percent, say: /message}\n"
    "    refuse: {when: {/status: [failed]}, text: /problem/detail}\n";

static struct reply replies[] = {
    {"GET /account", 200, "{\"name\": \"Contoso\"}", "\"1\""},
    {"GET /activation", 200, "{\"status\": \"inactive\"}", .once = true},
    {"GET /activation", 200, "{\"status\": \"active\"}"},
    {"POST /activation", 202, "{\"status\": \"pending\", \"operation\": \"op1\"}"},
    {"GET /operations/op1", 200, "{\"status\": \"running\", \"percent\": 40, \"message\": \"Creating the account.\"}", .once = true},
    {"GET /operations/op1", 200, "{\"status\": \"done\", \"percent\": 100}"},
    {0},
};

static struct reply refusing[] = {
    {"GET /account", 200, "{\"name\": \"Contoso\"}", "\"1\""},
    {"GET /activation", 200, "{\"status\": \"inactive\"}"},
    {"POST /activation", 422, "{\"detail\": \"Not yet.\", \"errors\": [{\"pointer\": \"\", \"detail\": \"Change tracking is not on.\"},"
                              " {\"pointer\": \"\", \"detail\": \"The tax rates are missing.\"}]}"},
    {0},
};

static void start(struct talk *talk, struct reply *answers)
{
    talk_new(talk, checklist, service, answers);
    play_sign_in(&talk->play);
    talk_go_on(talk);
}

static void check_told(struct talk *talk, enum check_result result, const char *text)
{
    const struct check_fact fact = {.id = "tracking", .label = "Change tracking is on", .result = result, .text = text,
                                    .remedy = "ALTER DATABASE x\nSET CHANGE_TRACKING = ON;", .last = true};
    talk_event(talk, (struct event){.kind = EVENT_CHECK, .check = &fact});
}

static void no_line_is_wider_than_72_columns(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, replies);
    talk_type(&talk, "help\n2\nnext\nhelp\nlist\nfind a\n\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97 \xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"
                     "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"
                     "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\n"
                     "back\nplan\n\nlist\nback\nback\n");
    size_t lines = 0;
    for (const char *at = text_bytes(&talk.all); *at; lines++) {
        size_t size = strcspn(at, "\n");
        assert_in_range(glyph_columns_of(at, size), 0, 72);
        at += size + (at[size] == '\n');
    }
    assert_true(lines > 50);
    talk_free(&talk);
}

static struct reply hostile[] = {
    {"GET /account", 200, "{\"name\": \"Con\\u001b[31mtoso\\r\\u0007\\u202e\"}", "\"1\""},
    {"GET /activation", 404, "{\"detail\": \"\\u001b]0;gone\\u0007\\u009b1m\"}"},
    {0},
};

static void no_control_character_but_newline_is_said_whatever_comes_from_outside(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, hostile);
    talk_type(&talk, "account\nlist\nback\nactivate\nback\nplan\n\n");
    talk_event(&talk, (struct event){.kind = EVENT_DRAFT, .field = "account.name", .text = "\033[2J"});
    talk_type(&talk, "account\nback\n");
    talk_says(&talk, "Half-typed before: <1B>[2J");
    for (const char *at = text_bytes(&talk.all); *at; at++) {
        assert_true((unsigned char)*at >= ' ' || *at == '\n');
        assert_int_not_equal(*at, 0x7f);
    }
    talk_keeps_silent_of(&talk, "\xc2\x9b");
    talk_keeps_silent_of(&talk, "\xe2\x80\xae");
    talk_free(&talk);
}

static void what_is_typed_ahead_waits_its_turn(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, replies);
    talk_type(&talk, "account\nFabrikam\nback\nNorthwind\n");
    assert_string_equal(talk_answer(&talk, "account.name"), "Northwind");
    talk_free(&talk);
}

static void the_list_of_steps_tells_where_each_stands_and_what_is_next(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_says(&talk, "A shop. 0 of 4 steps sent.\nStart\n  1. Check prerequisites: to do\n  2. Sign in: to do\nShop\n  3. Account: to do\n"
                     "  4. Activate: to do\nEnter opens Check prerequisites; a number or the beginning of a title\nopens that step");
    talk_free(&talk);
}

static void enter_opens_what_is_next(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "\n");
    talk_says(&talk, "\nCheck prerequisites.\n");
    talk_type(&talk, "back\nacc\n");
    talk_says(&talk, "\nAccount.\n");
    talk_type(&talk, "back\nnonsense\n");
    talk_says(&talk, "\"nonsense\" is not known here. help tells what is.\n");
    talk_free(&talk);
}

static void a_failed_check_is_told_with_its_remedy_line_by_line(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "1\n");
    talk_says(&talk, "Enter runs the checks");
    talk_type(&talk, "\n");
    talk_says(&talk, "Running the checks ... (cancel stops waiting)\n");
    check_told(&talk, CHECK_FAIL, "It is off.");
    talk_says(&talk, "Change tracking is on: failed. It is off.\n    ALTER DATABASE x\n    SET CHANGE_TRACKING = ON;\n");
    talk_says(&talk, "Enter runs the checks");
    talk_free(&talk);
}

static void passed_checks_lead_on(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "1\n\n");
    check_told(&talk, CHECK_PASS, NULL);
    talk_says(&talk, "Change tracking is on: passed.\n");
    talk_says(&talk, "Enter goes on; run runs the checks again.\n");
    talk_type(&talk, "run\n");
    talk_says(&talk, "Running the checks");
    check_told(&talk, CHECK_PASS, NULL);
    talk_type(&talk, "\n");
    talk_says(&talk, "\nSign in.\n");
    talk_free(&talk);
}

static void changes_are_told_in_words(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, replies);
    talk_type(&talk, "account\nFabrikam\nplan\n");
    talk_says(&talk, "Account\n  Name\n    Your answer: Fabrikam\n    On the service: Contoso\n");
    talk_says(&talk, "Enter goes back.\n");
    talk_type(&talk, "\n");
    talk_says(&talk, "question 1 of 1: Name");
    talk_free(&talk);
}

static void problems_are_listed_and_a_number_goes_to_one(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "problems\n");
    talk_says(&talk, "No problems.\n");
    talk_type(&talk, "\naccount\nsave\nback\nproblems\n");
    talk_says(&talk, "  1. Account: Name: Name is missing.");
    talk_type(&talk, "1\n");
    talk_says(&talk, "question 1 of 1: Name");
    talk_free(&talk);
}

static void a_wait_is_told_at_its_start_and_when_it_is_over(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, replies);
    talk_type(&talk, "account\nsave\n");
    assert_int_equal(talk.ui->patience(talk.ui), -1);
    talk_type(&talk, "activate\n");
    talk_type(&talk, "\n");
    talk_says(&talk, "40 %: Creating the account. You\nmay leave");
    assert_in_range(talk.ui->patience(talk.ui), 1, 30000);      /* then it is told again */
    talk_event(&talk, (struct event){.kind = EVENT_TIMER, .request = talk.play.timer});
    talk_says(&talk, "Activate: done.\n");
    assert_int_equal(talk.ui->patience(talk.ui), -1);
    talk_free(&talk);
}

static void a_wait_tells_when_a_service_that_does_not_answer_is_asked_again(void **unused)
{
    static struct reply silent[] = {
        {"GET /account", 200, "{\"name\": \"Contoso\"}", "\"1\""}, {"GET /activation", 200, "{\"status\": \"inactive\"}"},
        {"POST /activation", 202, "{\"status\": \"pending\", \"operation\": \"op1\"}"}, {"GET /operations/op1", 0}, {0},
    };
    struct talk talk;
    (void)unused;
    start(&talk, silent);
    talk_type(&talk, "account\nsave\n");
    talk_type(&talk, "activate\n");
    talk.play.now = time(NULL);
    talk_type(&talk, "\n");
    talk_says(&talk, "Activate: the service does not answer; asked again in ");
    talk_says(&talk, "Your changes are saved.");
    talk_free(&talk);
}

static void a_wait_is_ended_by_cancel(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "2\n");
    talk_says(&talk, "Asking the service for a code ... (cancel stops waiting)\n");
    talk_type(&talk, "nonsense\n");
    assert_string_equal(text_bytes(&talk.said), "");
    talk_free(&talk);
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "2\ncancel\n");
    talk_says(&talk, "Sign in? Enter does");
    talk_free(&talk);
}

static void address_and_code_stand_alone_in_their_lines(void **unused)
{
    struct talk talk;
    const struct sign_in_fact code = {.phase = SIGN_IN_CODE, .address = "https://commerce.example.com/device", .code = "WDJB-MJHT", .expires = time(NULL) + 900};
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "2\n");
    talk_event(&talk, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &code});
    talk_says(&talk, "\nhttps://commerce.example.com/device\n");
    talk_says(&talk, "\nWDJB-MJHT\n");
    talk_says(&talk, "server web1 and code WDJB-MJHT, then\napprove.");
    talk_says(&talk, "Waiting for approval; the code expires in 15 minutes.");
    talk_free(&talk);
}

static void all_that_the_service_refuses_is_told(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, refusing);
    talk_type(&talk, "account\nsave\nactivate\n\n");
    talk_says(&talk, "Change tracking is not on.");
    talk_says(&talk, "The tax rates are missing.");
    talk_free(&talk);
}

static void leaving_is_asked_at_the_list_of_steps(void **unused)
{
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, replies);
    talk_type(&talk, "back\n");
    talk_says(&talk, "Your changes are saved. Exit? (y or n)\n> ");
    talk_type(&talk, "maybe\n");
    talk_says(&talk, "Type y or n.\n");
    talk_type(&talk, "\n");
    assert_int_equal(talk.play.ended, -1);
    talk_type(&talk, "back\ny\n");
    assert_int_not_equal(talk.play.ended, -1);
    talk_free(&talk);
}

static void complete_is_said_when_all_is_with_what_comes_next(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk, replies);
    talk_type(&talk, "1\n\n");
    check_told(&talk, CHECK_PASS, NULL);
    talk_keeps_silent_of(&talk, "Complete");
    talk_type(&talk, "back\naccount\nsave\n\n");
    talk_event(&talk, (struct event){.kind = EVENT_TIMER, .request = talk.play.timer});
    talk_says(&talk, "Complete. What comes next:\n  Open it.\n");
    talk_type(&talk, "\n");
    assert_int_equal(talk.play.ended, 0);
    talk_free(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_is_wider_than_72_columns),
        cmocka_unit_test(no_control_character_but_newline_is_said_whatever_comes_from_outside),
        cmocka_unit_test(what_is_typed_ahead_waits_its_turn),
        cmocka_unit_test(the_list_of_steps_tells_where_each_stands_and_what_is_next),
        cmocka_unit_test(enter_opens_what_is_next),
        cmocka_unit_test(a_failed_check_is_told_with_its_remedy_line_by_line),
        cmocka_unit_test(passed_checks_lead_on),
        cmocka_unit_test(changes_are_told_in_words),
        cmocka_unit_test(problems_are_listed_and_a_number_goes_to_one),
        cmocka_unit_test(a_wait_is_told_at_its_start_and_when_it_is_over),
        cmocka_unit_test(a_wait_tells_when_a_service_that_does_not_answer_is_asked_again),
        cmocka_unit_test(a_wait_is_ended_by_cancel),
        cmocka_unit_test(address_and_code_stand_alone_in_their_lines),
        cmocka_unit_test(all_that_the_service_refuses_is_told),
        cmocka_unit_test(leaving_is_asked_at_the_list_of_steps),
        cmocka_unit_test(complete_is_said_when_all_is_with_what_comes_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
