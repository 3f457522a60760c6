/* The unattended run: each step is opened, answered, submitted and told, once. */
#include "support/play.h"

#include "batch/batch.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nchoices:\n  states: {WA: Washington, OR: Oregon}\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: account\n  section: Shop\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes}\n"
    "  - {name: account.state, label: State, kind: one, choices: states, default: WA}\n"
    "  - {name: account.key, label: Key, kind: secret}\n"
    "- id: extra\n  section: Shop\n  title: Extra\n  load: [get-extra]\n  save: [put-extra]\n  when: {account.state: OR}\n  fields:\n"
    "  - {name: extra.text, label: Text, kind: text}\n"
    "- id: activate\n  section: Shop\n  title: Activate\n  needs: [account]\n  load: [get-activation]\n  save: [activate, watch]\n"
    "- {id: sign-out, section: End, title: Sign out, does: sign-out}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name, account.state: /state}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name, state: $account.state, key: $account.key}}\n"
    "  get-extra: {request: GET /extra, keep: {extra.text: /text}}\n"
    "  put-extra: {request: PUT /extra, send: {text: $extra.text}}\n"
    "  get-activation: {request: GET /activation, keep: {activation.status: /status, activation.operation: /operation}}\n"
    "  activate:\n    when: {activation.status: [\"\", inactive]}\n    request: POST /activation\n"
    "    send: {go: yes}\n    keep: {activation.operation: /operation, activation.status: /status}\n"
    "  watch:\n    when: {activation.status: [pending]}\n    request: GET /operations/$activation.operation\n"
    "    again: {while: {/status: [running]}, every: 10, progress: /percent, say: /message}\n"
    "    refuse: {when: {/status: [failed]}, text: /problem/detail}\n";

static struct reply fresh[] = {
    {"GET /account", 200, "{}", "\"1\"", .once = true},
    {"PUT /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"2\""},
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"2\""},
    {"GET /activation", 200, "{\"status\": \"inactive\"}", .once = true},
    {"GET /activation", 200, "{\"status\": \"active\"}"},
    {"POST /activation", 202, "{\"status\": \"pending\", \"operation\": \"op1\"}"},
    {"GET /operations/op1", 200, "{\"status\": \"running\", \"percent\": 40, \"message\": \"Creating\\u001b[31m the account.\"}", .once = true},
    {"GET /operations/op1", 200, "{\"status\": \"done\", \"percent\": 100}"},
    {0},
};

static struct reply held[] = {
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"2\""},
    {"GET /activation", 200, "{\"status\": \"active\"}"},
    {0},
};

static struct reply refusing[] = {
    {"GET /account", 200, "{}", "\"1\""},
    {"PUT /account", 422, "{\"detail\": \"No.\", \"errors\": [{\"pointer\": \"/name\", \"detail\": \"This name is taken.\"},"
                          " {\"pointer\": \"/state\", \"detail\": \"Not there.\"}]}"},
    {"GET /activation", 200, "{\"status\": \"inactive\"}"},
    {0},
};

static struct reply not_ready[] = {
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"2\""},
    {"GET /activation", 200, "{\"status\": \"inactive\"}"},
    {"POST /activation", 422, "{\"detail\": \"Not yet.\", \"errors\": [{\"pointer\": \"\", \"detail\": \"Change tracking is not on.\"},"
                              " {\"pointer\": \"\", \"detail\": \"The tax rates are missing.\"}]}"},
    {0},
};

static struct reply changed[] = {
    {"GET /account", 200, "{\"name\": \"Northwind\", \"state\": \"WA\"}", "\"9\"", .once = true},
    {"PUT /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"10\""},
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"10\""},
    {"GET /activation", 200, "{\"status\": \"active\"}"},
    {0},
};

static struct reply down[] = {{"GET /account", 0}, {"PUT /account", 0}, {"GET /activation", 0}, {0}};

struct run {
    struct play play;
    struct view view;
    struct ui *ui;
    struct value *answers;
    char *told;             /* all that was printed */
    size_t size;
    FILE *out;
};

static void show(struct run *run)
{
    view_clear(&run->view);
    wizard_view(run->play.wizard, &run->view);
    run->ui->show(run->ui, &run->view);
}

/* Until it has nothing more to say. */
static void go_on(struct run *run)
{
    struct event event = {0};
    show(run);
    while (run->play.ended < 0 && run->ui->take(run->ui, &event)) {
        play_event(&run->play, event);
        show(run);
    }
    fflush(run->out);
}

static void run_new(struct run *run, struct reply *replies, const struct value *state, const char *answers, struct batch_options options)
{
    struct problem why = {0};
    *run = (struct run){0};
    run->out = open_memstream(&run->told, &run->size);
    run->answers = yaml_read(answers, strlen(answers), "answers", &why);
    play_new(&run->play, checklist, service, "{}", replies);
    wizard_free(run->play.wizard);
    run->play.unattended = true;
    play_wizard(&run->play, state, NULL);
    play_sign_in(&run->play);
    options.answers = run->answers;
    options.out = run->out;
    run->ui = batch_new(&options);
    go_on(run);
}

static void run_free(struct run *run)
{
    run->ui->close(run->ui);
    view_clear(&run->view);
    play_free(&run->play);
    value_free(run->answers);
    fclose(run->out);
    free(run->told);
}

static void tells(const struct run *run, const char *what)
{
    if (!strstr(run->told, what))
        fail_msg("not told: \"%s\" in\n%s", what, run->told);
}

static const char good[] = "account: {name: Contoso, state: WA}";

static void each_step_is_sent_and_told_in_a_line(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, fresh, NULL, good, (struct batch_options){.wait = true});
    play_event(&run.play, (struct event){.kind = EVENT_TIMER, .request = run.play.timer});
    go_on(&run);
    tells(&run, "Sign in: as admin@contoso.example\nAccount: sent\n");
    tells(&run, "Activate: done\nComplete: every step is done.\n");
    assert_int_equal(run.play.ended, 0);
    run_free(&run);
}

static void with_wait_it_waits_for_long_operations_and_tells_how_far_they_are(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, fresh, NULL, good, (struct batch_options){.wait = true});
    tells(&run, "  40 %: Creating<1B>[31m the account.\n");
    assert_int_equal(run.play.ended, -1);
    run_free(&run);
}

static void without_wait_it_leaves_them_to_the_service(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, fresh, NULL, good, (struct batch_options){0});
    tells(&run, "Activate: waiting for the service\n");
    tells(&run, "Setup is not complete. Your changes are saved.\n");
    assert_int_equal(run.play.ended, 75);
    run_free(&run);
}

static struct reply silent[] = {
    {"GET /account", 200, "{\"name\": \"Contoso\", \"state\": \"WA\"}", "\"2\""},
    {"GET /activation", 200, "{\"status\": \"inactive\"}"},
    {"POST /activation", 202, "{\"status\": \"pending\", \"operation\": \"op1\"}"},
    {"GET /operations/op1", 503, "{}"},
    {0},
};

static void a_service_that_stays_silent_is_not_waited_for_without_end(void **unused)
{
    struct run run;
    int polls = 0;
    (void)unused;
    run_new(&run, silent, NULL, good, (struct batch_options){.wait = true});
    for (; run.play.ended < 0 && polls < 100; polls++) {
        play_event(&run.play, (struct event){.kind = EVENT_TIMER, .request = run.play.timer});
        go_on(&run);
    }
    assert_int_equal(polls, 6);
    tells(&run, "Setup is not complete");
    assert_int_equal(run.play.ended, 75);
    run_free(&run);
}

static void a_second_run_sends_nothing(void **unused)
{
    struct run run, again;
    (void)unused;
    run_new(&run, fresh, NULL, good, (struct batch_options){.wait = true});
    play_event(&run.play, (struct event){.kind = EVENT_TIMER, .request = run.play.timer});
    go_on(&run);
    run_new(&again, held, wizard_state(run.play.wizard), good, (struct batch_options){.wait = true});
    assert_null(strstr(text_bytes(&again.play.log), "PUT"));
    assert_null(strstr(text_bytes(&again.play.log), "POST"));
    assert_int_equal(again.play.ended, 0);
    run_free(&run);
    run_free(&again);
}

static void every_refusal_is_told_with_its_field(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, refusing, NULL, good, (struct batch_options){0});
    tells(&run, "Account: rejected: 2 problems\n  Name: This name is taken.\n  State: Not there.\n");
    assert_int_equal(run.play.ended, 65);
    run_free(&run);
}

static void all_reasons_against_an_activation_are_told(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, not_ready, NULL, good, (struct batch_options){0});
    tells(&run, "Activate: rejected: 2 problems\n  Change tracking is not on.\n  The tax rates are missing.\n");
    assert_int_equal(run.play.ended, 65);
    run_free(&run);
}

static void what_was_changed_elsewhere_is_left_and_told(void **unused)
{
    struct run before, run;
    (void)unused;
    run_new(&before, fresh, NULL, good, (struct batch_options){0});
    run_new(&run, changed, wizard_state(before.play.wizard), good, (struct batch_options){0});
    tells(&run, "Account: changed on the service\n  Name: Your answer: Contoso. On the service: Northwind\n  Run apply again with --keep mine");
    assert_null(strstr(text_bytes(&run.play.log), "PUT"));
    assert_int_equal(run.play.ended, 4);
    run_free(&before);
    run_free(&run);
}

static void it_is_settled_by_keeping_mine_or_taking_theirs(void **unused)
{
    struct run before, mine, theirs;
    (void)unused;
    run_new(&before, fresh, NULL, good, (struct batch_options){0});
    run_new(&mine, changed, wizard_state(before.play.wizard), good, (struct batch_options){.settle = -1});
    tells(&mine, "Account: sent\n");
    assert_non_null(strstr(text_bytes(&mine.play.log), "PUT /account {\"name\":\"Contoso\""));
    run_new(&theirs, changed, wizard_state(before.play.wizard), "{}", (struct batch_options){.settle = 1});
    tells(&theirs, "Account: sent\n");
    assert_null(strstr(text_bytes(&theirs.play.log), "PUT"));
    run_free(&before);
    run_free(&mine);
    run_free(&theirs);
}

static void test_keep_theirs_sends_nothing_that_the_file_says_of_the_field(void **unused)
{
    struct run before, run;
    (void)unused;
    run_new(&before, fresh, NULL, good, (struct batch_options){0});
    run_new(&run, changed, wizard_state(before.play.wizard), good, (struct batch_options){.settle = 1});
    tells(&run, "Account: sent\n");
    assert_null(strstr(text_bytes(&run.play.log), "PUT"));
    assert_string_equal(value_text(wizard_state(run.play.wizard), "answers.account.name"), "Northwind");
    assert_int_equal(run.play.ended, 0);
    run_free(&before);
    run_free(&run);
}

static void test_answer_that_the_service_has_already_is_no_conflict(void **unused)
{
    struct run before, run;
    (void)unused;
    run_new(&before, fresh, NULL, good, (struct batch_options){0});
    run_new(&run, changed, wizard_state(before.play.wizard), "{account: {name: Northwind}}", (struct batch_options){0});
    tells(&run, "Account: sent\n");
    assert_null(strstr(text_bytes(&run.play.log), "PUT"));
    assert_int_equal(run.play.ended, 0);
    run_free(&before);
    run_free(&run);
}

static const char choosing[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: pay\n  section: Shop\n  title: Payment\n  load: [get-pay]\n  save: [put-pay]\n  fields:\n"
    "  - {name: pay.providers, label: Providers, kind: many, choices: providers}\n"
    "  - {name: pay.note, label: Note, kind: text}\n";

static const char choosing_service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\noperations:\n"
    "  list-providers: {request: GET /providers, offer: {to: providers, each: /items, value: /id, label: /name}}\n"
    "  get-pay: {request: GET /pay, keep: {pay.providers: /providers, pay.note: /note}}\n"
    "  put-pay: {request: PUT /pay, send: {providers: $pay.providers, note: $pay.note}}\n";

static struct reply choices[] = {
    {"GET /providers", 200, "{\"items\": [{\"id\": \"a\", \"name\": \"Alpha\"}, {\"id\": \"b\", \"name\": \"Beta\"}]}"},
    {"GET /pay", 200, "{\"providers\": [\"a\"], \"note\": \"old\"}"},
    {0},
};

/* Its service holds another, valid answer: the step is complete, but the file's answer is not what it holds. */
static void test_answer_outside_the_choices_of_the_service_is_not_sent_and_fails(void **unused)
{
    struct run run = {0};
    struct problem why = {0};
    const char answers[] = "{pay: {providers: [a, gamma], note: new}}";
    (void)unused;
    run.out = open_memstream(&run.told, &run.size);
    run.answers = yaml_read(answers, strlen(answers), "answers", &why);
    play_new(&run.play, choosing, choosing_service, "{}", choices);
    wizard_free(run.play.wizard);
    run.play.unattended = true;
    play_wizard(&run.play, NULL, NULL);
    play_sign_in(&run.play);
    run.ui = batch_new(&(struct batch_options){.answers = run.answers, .out = run.out});
    go_on(&run);
    tells(&run, "gamma");
    assert_null(strstr(text_bytes(&run.play.log), "PUT"));
    assert_int_equal(batch_rejected(run.ui)->count, 1);
    assert_string_equal(batch_rejected(run.ui)->items[0].field, "pay.providers");
    tells(&run, "Not everything is sent: 1 answer of the file was not accepted.");
    run_free(&run);
}

/* A word that is no choice stays as a draft, so that nothing typed is lost; the corrected file replaces it. */
static void test_corrected_file_replaces_the_answer_that_was_not_accepted(void **unused)
{
    struct run before, wrong, run;
    (void)unused;
    run_new(&before, fresh, NULL, good, (struct batch_options){0});
    run_new(&wrong, held, wizard_state(before.play.wizard), "{account: {state: NOWHERE}}", (struct batch_options){0});
    assert_int_equal(batch_rejected(wrong.ui)->count, 1);
    run_new(&run, held, wizard_state(wrong.play.wizard), good, (struct batch_options){0});
    assert_int_equal(batch_rejected(run.ui)->count, 0);
    assert_int_equal(value_count(value_member(wizard_state(run.play.wizard), "drafts")), 0);
    run_free(&before);
    run_free(&wrong);
    run_free(&run);
}

static void steps_that_come_to_apply_by_an_answer_are_gone_through_too(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, fresh, NULL, "{account: {name: Contoso, state: OR}, extra: {text: more}}", (struct batch_options){0});
    tells(&run, "\nExtra: ");
    run_free(&run);
}

static void nobody_is_signed_out_who_did_not_ask_for_it(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, fresh, NULL, good, (struct batch_options){0});
    assert_null(strstr(run.told, "Sign out"));
    run_free(&run);
}

static void with_the_service_down_all_is_saved(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, down, NULL, good, (struct batch_options){0});
    tells(&run, "Account: saved, not sent\n");
    tells(&run, "Setup is not complete. Your changes are saved.\n");
    assert_int_equal(run.play.ended, 69);
    assert_string_equal(value_text(wizard_state(run.play.wizard), "answers.account.name"), "Contoso");
    run_free(&run);
}

static void a_secret_is_kept_apart_and_never_told(void **unused)
{
    struct run run;
    (void)unused;
    run_new(&run, fresh, NULL, "account: {name: Contoso, state: WA, key: correct horse}", (struct batch_options){0});
    assert_null(strstr(run.told, "horse"));
    assert_null(value_at(wizard_state(run.play.wizard), "answers.account.key"));
    assert_string_equal(value_text(wizard_secrets(run.play.wizard), "secrets.account.key"), "correct horse");
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_sent_and_told_in_a_line),
        cmocka_unit_test(with_wait_it_waits_for_long_operations_and_tells_how_far_they_are),
        cmocka_unit_test(without_wait_it_leaves_them_to_the_service),
        cmocka_unit_test(a_service_that_stays_silent_is_not_waited_for_without_end),
        cmocka_unit_test(a_second_run_sends_nothing),
        cmocka_unit_test(every_refusal_is_told_with_its_field),
        cmocka_unit_test(all_reasons_against_an_activation_are_told),
        cmocka_unit_test(what_was_changed_elsewhere_is_left_and_told),
        cmocka_unit_test(it_is_settled_by_keeping_mine_or_taking_theirs),
        cmocka_unit_test(test_keep_theirs_sends_nothing_that_the_file_says_of_the_field),
        cmocka_unit_test(test_answer_that_the_service_has_already_is_no_conflict),
        cmocka_unit_test(test_corrected_file_replaces_the_answer_that_was_not_accepted),
        cmocka_unit_test(test_answer_outside_the_choices_of_the_service_is_not_sent_and_fails),
        cmocka_unit_test(steps_that_come_to_apply_by_an_answer_are_gone_through_too),
        cmocka_unit_test(nobody_is_signed_out_who_did_not_ask_for_it),
        cmocka_unit_test(with_the_service_down_all_is_saved),
        cmocka_unit_test(a_secret_is_kept_apart_and_never_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
