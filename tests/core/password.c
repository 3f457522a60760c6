/* A sign-in whose step has fields: they are asked like others, and what is secret of them is kept nowhere. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- id: sign-in\n  section: Start\n  title: Sign in\n  does: sign-in\n  fields:\n"
    "  - {name: admin.email, label: E-mail, kind: email, required: yes}\n"
    "  - {name: admin.password, label: Password, kind: secret, required: yes}\n"
    "- id: account\n  section: Start\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: password, request: POST /enter, send: {email: $admin.email, password: $admin.password}, token: /token}\n"
    "operations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name}}\n";

static struct reply replies[] = {{"GET /account", 200, "{\"name\":\"Contoso\"}"}, {0}};

static void type(struct play *play)
{
    play_open(play, "sign-in");
    play_say(play, "admin.email", "a@b.example");
    play_say(play, "admin.password", "s3cret");
}

static bool is_written(const struct value *value, const char *what)
{
    struct text out = {0};
    json_write(value, &out);
    bool there = strstr(text_bytes(&out), what) != NULL;
    text_clear(&out);
    return there;
}

static void its_fields_are_sent_to_sign_in_and_the_password_is_not_saved(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    type(&play);
    play_shows(&play, "Password* =  (typed, and not kept)");
    play_shows(&play, "submit: Sign in");
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "POST /enter {\"email\":\"a@b.example\",\"password\":\"s3cret\"}\n");
    play_shows(&play, "Signing in");
    assert_true(is_written(wizard_state(play.wizard), "a@b.example"));
    assert_false(is_written(wizard_state(play.wizard), "s3cret"));
    assert_false(is_written(wizard_secrets(play.wizard), "s3cret"));
    struct value *exported = wizard_export(play.wizard);
    assert_true(is_written(exported, "{\"file\":\"secrets/admin.password\"}"));
    assert_false(is_written(exported, "s3cret"));
    value_free(exported);
    play_free(&play);
}

static void once_signed_in_it_leads_on_and_shows_who_it_is(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    type(&play);
    play_do(&play, EVENT_SUBMIT);
    play_sign_in(&play);
    play_shows(&play, "form: Account");
    play_open(&play, "sign-in");
    play_shows(&play, "sign-in: Sign in");
    play_free(&play);
}

static void a_refused_password_is_told_and_asked_again(void **unused)
{
    struct play play;
    struct problem why = {0};
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    type(&play);
    play_do(&play, EVENT_SUBMIT);
    problem_set(&why, PROBLEM_SIGN_IN, "Invalid email or password");
    play_event(&play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &(struct sign_in_fact){.phase = SIGN_IN_REFUSED, .problem = &why}});
    play_shows(&play, "bad: Invalid email or password");
    struct view view;
    wizard_view(play.wizard, &view);
    assert_string_equal(view.focus, "admin.password");
    view_clear(&view);
    text_empty(&play.log);
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "Password is missing");
    play_asked(&play, "");
    problem_clear(&why);
    play_free(&play);
}

static void what_is_missing_is_told_before_anything_is_sent(void **unused)
{
    struct play play;
    (void)unused;
    play_new(&play, checklist, service, "{}", replies);
    play_open(&play, "sign-in");
    play_do(&play, EVENT_SUBMIT);
    play_shows(&play, "2 problems to mend first");
    play_asked(&play, "");
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_fields_are_sent_to_sign_in_and_the_password_is_not_saved),
        cmocka_unit_test(once_signed_in_it_leads_on_and_shows_who_it_is),
        cmocka_unit_test(a_refused_password_is_told_and_asked_again),
        cmocka_unit_test(what_is_missing_is_told_before_anything_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
