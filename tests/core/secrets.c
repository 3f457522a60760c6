/* Values that a request carries in its headers, or only when it creates something: sent once, and again when they change. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: store\n  section: Shop\n  title: Store\n  load: [get-store]\n  save: [put-store]\n  fields:\n"
    "  - {name: store.name, label: Name, kind: text, required: yes}\n"
    "  - {name: store.region, label: Region, kind: text}\n"
    "  - {name: store.key, label: Key, kind: secret}\n"
    "  - {name: store.owner, label: Owner password, kind: secret}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /message}\noperations:\n"
    "  get-store: {request: GET /store, keep: {store.id: /id, store.name: /name}}\n"
    "  put-store:\n    request: PUT /store/$store.id\n"
    "    create: {request: POST /store, send: {owner: $store.owner}}\n"
    "    headers: {X-Key: $store.key, X-Region: $store.region}\n"
    "    send: {name: $store.name}\n    keep: {store.id: /id}\n";

static struct reply replies[] = {
    {.request = "GET /store", .status = 200, .body = "{}", .once = true},
    {.request = "POST /store", .status = 201, .body = "{\"id\": \"s1\"}"},
    {.request = "PUT /store/s1", .status = 200, .body = "{\"id\": \"s1\"}"},
    {.request = "GET /store", .status = 200, .body = "{\"id\": \"s1\", \"name\": \"Corner\"}"},
    {0},
};

/* A store that was created with all four values. */
static void play_created(struct play *play)
{
    play_new(play, checklist, service, "{}", replies);
    play_do(play, EVENT_START);
    play_sign_in(play);
    play_open(play, "store");
    play_say(play, "store.name", "Corner");
    play_say(play, "store.region", "west");
    play_say(play, "store.key", "k1");
    play_say(play, "store.owner", "o1");
    text_clear(&play->log);
    play_do(play, EVENT_SUBMIT);
    play_asked(play, "POST /store [X-Key: k1] [X-Region: west] {\"name\":\"Corner\",\"owner\":\"o1\"}\nGET /store\n");
}

static void test_secrets_in_headers_and_create_are_sent_once(void **unused)
{
    struct play play;
    (void)unused;
    play_created(&play);
    play_open(&play, "store");
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "");
    play_free(&play);
}

static void test_a_changed_secret_in_a_header_is_sent_again(void **unused)
{
    struct play play;
    (void)unused;
    play_created(&play);
    play_open(&play, "store");
    play_say(&play, "store.key", "k2");
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "PUT /store/s1 [X-Key: k2] [X-Region: west] {\"name\":\"Corner\"}\nGET /store\n");
    play_open(&play, "store");
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "");
    play_free(&play);
}

static void test_a_changed_answer_in_a_header_is_sent_again(void **unused)
{
    struct play play;
    (void)unused;
    play_created(&play);
    play_open(&play, "store");
    play_say(&play, "store.region", "east");
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "PUT /store/s1 [X-Key: k1] [X-Region: east] {\"name\":\"Corner\"}\nGET /store\n");
    play_free(&play);
}

/* The service takes it only with the request that creates the store: another request would not contain it. */
static void test_a_secret_for_creation_changed_later_is_an_error(void **unused)
{
    struct play play;
    (void)unused;
    play_created(&play);
    play_open(&play, "store");
    play_say(&play, "store.owner", "o2");
    text_clear(&play.log);
    play_do(&play, EVENT_SUBMIT);
    play_asked(&play, "");
    play_shows(&play, "Owner password");
    play_shows(&play, "cannot be changed");
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_in_headers_and_create_are_sent_once),
        cmocka_unit_test(test_a_changed_secret_in_a_header_is_sent_again),
        cmocka_unit_test(test_a_changed_answer_in_a_header_is_sent_again),
        cmocka_unit_test(test_a_secret_for_creation_changed_later_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
