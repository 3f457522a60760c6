/* The plan lists what apply sends: nothing of a step that sends nothing, and no removal that no request makes. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: notes\n  section: Shop\n  title: Notes\n  fields:\n"
    "  - {name: notes.text, label: Note, kind: text}\n"
    "  - {name: notes.key, label: Note key, kind: secret}\n"
    "- id: users\n  section: Shop\n  title: Users\n  load: [list-users]\n  save: [put-user]\n  fields:\n"
    "  - name: users\n    label: Users\n    kind: table\n    key: code\n    columns:\n"
    "    - {name: code, label: Code, kind: identifier, required: yes}\n"
    "    - {name: name, label: Name, kind: text, required: yes}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /message}\noperations:\n"
    "  list-users: {request: GET /users, keep: {users: {each: /items, row: {code: /code, name: /name}}}}\n"
    "  put-user: {request: PUT /users/$code, each: users, send: {name: $name}}\n";

static struct reply replies[] = {
    {.request = "GET /users", .status = 200,
     .body = "{\"items\": [{\"code\": \"ann\", \"name\": \"Ann\"}, {\"code\": \"ben\", \"name\": \"Ben\"}]}"},
    {.request = "PUT /users/ann", .status = 200, .body = "{}"},
    {0},
};

static char *plan_of(struct play *play)
{
    struct view view;
    struct text out = {0};
    play_event(play, (struct event){.kind = EVENT_PLAN});
    wizard_view(play->wizard, &view);
    for (size_t i = 0; i < view.change_count; i++)
        text_addf(&out, "%c %s\n", view.changes[i].sign, view.changes[i].place);
    view_clear(&view);
    return out.size ? text_take(&out) : mem_copy("");
}

static void planned(struct play *play, const char *wanted)
{
    char *found = plan_of(play);
    assert_string_equal(found, wanted);
    free(found);
    play_do(play, EVENT_BACK);
}

static void start(struct play *play)
{
    play_new(play, checklist, service, "{}", replies);
    play_do(play, EVENT_START);
    play_sign_in(play);
}

static void test_fields_of_a_step_that_sends_nothing_are_not_planned(void **unused)
{
    struct play play;
    (void)unused;
    start(&play);
    play_open(&play, "notes");
    play_say(&play, "notes.text", "Call Ann");
    play_say(&play, "notes.key", "k1");
    planned(&play, "");
    text_clear(&play.log);
    play_open(&play, "notes");
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "");
    planned(&play, "");
    play_free(&play);
}

static void test_a_removal_that_no_request_makes_is_not_planned(void **unused)
{
    struct play play;
    (void)unused;
    start(&play);
    play_open(&play, "users");
    play_event(&play, (struct event){.kind = EVENT_ROW, .field = "users", .row = "ann"});
    play_say(&play, "users.name", "Anna");
    play_do(&play, EVENT_SUBMIT);
    play_event(&play, (struct event){.kind = EVENT_REMOVE, .field = "users", .row = "ben"});
    planned(&play, "~ Users, ann\n");
    text_clear(&play.log);
    play_open(&play, "users");
    play_do(&play, EVENT_SUBMIT);
    assert_non_null(strstr(text_bytes(&play.log), "PUT /users/ann {\"name\":\"Anna\"}\n"));
    assert_null(strstr(text_bytes(&play.log), "ben"));
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_of_a_step_that_sends_nothing_are_not_planned),
        cmocka_unit_test(test_a_removal_that_no_request_makes_is_not_planned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
