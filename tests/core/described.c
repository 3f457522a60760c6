/* Fields that the choices of a set describe, whichever response comes first: that of the set, or that of the load. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: pay\n  section: Shop\n  title: Payment\n  load: [get-chosen]\n  save: [put-chosen]\n  fields:\n"
    "  - {name: pay.providers, label: Providers, kind: many, choices: catalogue}\n"
    "  - {name: pay.credentials, label: Credentials, kind: described, each: pay.providers, as: provider}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\noperations:\n"
    "  list: {request: GET /catalogue, offer: {to: catalogue, each: /items, value: /id, label: /name, fields: /fields}}\n"
    "  get-chosen:\n    request: GET /chosen\n    keep:\n      pay.providers: {each: /items, value: /provider}\n"
    "      pay.credentials: {each: /items, name: /provider, value: /credentials}\n"
    "  put-chosen: {each: pay.providers, as: provider, request: PUT /chosen/$provider, send: {credentials: \"$pay.credentials.{provider}\"}}\n";

static struct reply replies[] = {
    {"GET /catalogue", 200, "{\"items\": [{\"id\": \"p\", \"name\": \"Pay\", \"fields\": [{\"name\": \"email\", \"label\": \"E-mail\"}]}]}"},
    {"GET /chosen", 200, "{\"items\": [{\"provider\": \"p\", \"credentials\": {\"email\": \"a@contoso.example\"}}]}"},
    {0},
};

/* Requests that were made and not answered yet. */
struct waiting {
    unsigned numbers[8];
    char *paths[8];
    size_t count;
};

static void happen(struct play *play, struct waiting *waiting, struct event event)
{
    struct effects effects = {0};
    event.now = ++play->now;
    wizard_update(play->wizard, &event, &effects);
    for (size_t i = 0; i < effects.count; i++)
        if (effects.items[i].kind == EFFECT_REQUEST) {
            waiting->numbers[waiting->count] = effects.items[i].number;
            waiting->paths[waiting->count++] = mem_copy(effects.items[i].request.path);
        }
    effects_clear(&effects);
}

static void answer(struct play *play, struct waiting *waiting, size_t at)
{
    struct response response = {.status = 404, .retry_after_s = -1};
    for (struct reply *reply = replies; reply->request; reply++)
        if (strcmp(reply->request + strlen("GET "), waiting->paths[at]) == 0) {
            response.status = reply->status;
            response.body = json_read(reply->body, strlen(reply->body), "reply", NULL);
        }
    unsigned number = waiting->numbers[at];
    free(waiting->paths[at]);
    waiting->count--;
    for (size_t i = at; i < waiting->count; i++) {
        waiting->numbers[i] = waiting->numbers[i + 1];
        waiting->paths[i] = waiting->paths[i + 1];
    }
    happen(play, waiting, (struct event){.kind = EVENT_RESPONSE, .request = number, .response = &response});
    response_clear(&response);
}

static void read_in_order(bool last_first)
{
    struct play play;
    struct waiting waiting = {0};
    play_new(&play, checklist, service, "{}", replies);
    play_sign_in(&play);
    happen(&play, &waiting, (struct event){.kind = EVENT_OPEN, .step = "pay"});
    assert_int_equal(waiting.count, 2);
    while (waiting.count)
        answer(&play, &waiting, last_first ? waiting.count - 1 : 0);
    play_shows(&play, "E-mail = a@contoso.example");
    assert_string_equal(value_text(wizard_state(play.wizard), "sent.pay.credentials.p.email"), "a@contoso.example");
    /* The administrator's own value is a change to send, not a conflict. */
    play_say(&play, "pay.credentials.p.email", "b@contoso.example");
    happen(&play, &waiting, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    while (waiting.count)
        answer(&play, &waiting, 0);
    play_shows(&play, "E-mail = b@contoso.example\n");
    play_free(&play);
}

static void test_choices_come_first(void **unused)
{
    (void)unused;
    read_in_order(false);
}

static void test_choices_come_last(void **unused)
{
    (void)unused;
    read_in_order(true);
}

static const char tax[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: tax\n  section: Shop\n  title: Tax\n  load: [get-tax]\n  save: [put-tax]\n  fields:\n"
    "  - {name: tax.by, label: Computed by, kind: text}\n  - {name: tax.rate, label: Rate, kind: text, when: {tax.by: table}}\n";

static const char tax_service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\noperations:\n"
    "  get-tax: {request: GET /tax, keep: {tax.by: /by, tax.rate: /rate}}\n"
    "  put-tax: {request: PUT /tax, send: {by: $tax.by, rate: $tax.rate}}\n";

static void test_field_that_comes_to_apply_shows_what_was_read(void **unused)
{
    struct reply held[] = {{"GET /tax", 200, "{\"by\": \"service\", \"rate\": \"6.5\"}"}, {0}};
    struct play play;
    (void)unused;
    play_new(&play, tax, tax_service, "{}", held);
    play_sign_in(&play);
    play_open(&play, "tax");
    play_say(&play, "tax.by", "table");
    play_shows(&play, "Rate = 6.5\n");
    play_say(&play, "tax.rate", "7");
    play_event(&play, (struct event){.kind = EVENT_DO, .action = ACTION_RELOAD});
    play_shows(&play, "Rate = 7\n");
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices_come_first),
        cmocka_unit_test(test_choices_come_last),
        cmocka_unit_test(test_field_that_comes_to_apply_shows_what_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
