/*
 * Every screen and every event: what comes of it. One row for each pair, read as a sentence: on this screen, when this happens,
 * this is done. Requests that were on their way when it happened are not answered, so that nothing else moves the screen.
 */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nafter: [Open it.]\n"
    "steps:\n"
    "- {id: checks, section: Start, title: Checks, does: checks, checks: [{id: db, label: Tracking, kind: command, from: erp.db_check}]}\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: account\n  section: Start\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes}\n"
    "  - name: methods\n    label: Methods\n    kind: table\n    key: code\n    columns:\n"
    "    - {name: code, label: Code, kind: identifier, required: yes}\n"
    "- {id: maintain, section: Later, title: Maintain, does: actions, actions: [{id: online, label: Online, open: /account},"
    " {id: compare, label: Compare, does: compare}]}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\npages: link\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name, methods: {each: /methods, row: {code: /code}}}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name, methods: {each: methods, row: {code: $code}}}}\n";

static const char *const screens[] = {"home", "form", "row", "checks", "sign-in", "token", "plan", "address", "drift", "problems", "confirm", "end"};
static const char *const effects_words[] = {
    [EFFECT_SAVE] = "save", [EFFECT_SAVE_SOON] = "save-soon", [EFFECT_REQUEST] = "request", [EFFECT_CANCEL] = "cancel",
    [EFFECT_TIMER] = "timer", [EFFECT_CHECK] = "check", [EFFECT_CHECK_STOP] = "check-stop", [EFFECT_SIGN_IN] = "sign-in",
    [EFFECT_SIGN_IN_STOP] = "sign-in-stop", [EFFECT_TOKEN] = "token", [EFFECT_RENEW] = "renew", [EFFECT_SIGN_OUT] = "sign-out", [EFFECT_END] = "end",
};

static const struct row_of_table {
    enum screen on;
    enum event_kind event;
    const char *sentence;
    const char *then;       /* the screen afterwards, and the effects */
} table[] = {
#include "events.h"
};

#define CONTOSO "{\"name\": \"Contoso\", \"methods\": [{\"code\": \"AIR\"}]}"

static struct reply answers[] = {
    {"GET /account", 200, CONTOSO, "\"1\""},
    {0},
};

static void begin(struct play *play, bool watches)
{
    play_new(play, checklist, service, "{}", answers);
    if (watches) {
        wizard_free(play->wizard);
        play->watches = true;
        play_wizard(play, NULL, NULL);
    }
    play_sign_in(play);
}

/* By the way a person takes. */
static void go(struct play *play, enum screen screen)
{
    switch (screen) {
    case SCREEN_HOME:
        break;
    case SCREEN_FORM:
        play_open(play, "account");
        break;
    case SCREEN_ROW:
        play_open(play, "account");
        play_event(play, (struct event){.kind = EVENT_ROW, .field = "methods", .row = "AIR"});
        break;
    case SCREEN_CHECKS:
        play_open(play, "checks");
        break;
    case SCREEN_SIGN_IN:
        play_event(play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &(struct sign_in_fact){.phase = SIGN_IN_OUT}});
        play_open(play, "sign-in");
        break;
    case SCREEN_TOKEN:
        play_event(play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &(struct sign_in_fact){.phase = SIGN_IN_OUT}});
        play_open(play, "sign-in");
        play_event(play, (struct event){.kind = EVENT_DO, .action = ACTION_TOKEN});
        break;
    case SCREEN_PLAN:
        play_event(play, (struct event){.kind = EVENT_PLAN});
        break;
    case SCREEN_ADDRESS:
        play_open(play, "maintain");
        play_event(play, (struct event){.kind = EVENT_DO, .action = "online"});
        break;
    case SCREEN_DRIFT:
        play_open(play, "account");
        play_say(play, "account.name", "Northwind");
        answers[0].body = "{\"name\": \"Fabrikam\", \"methods\": [{\"code\": \"AIR\"}]}";
        play_open(play, "maintain");
        play_event(play, (struct event){.kind = EVENT_DO, .action = "compare"});
        answers[0].body = CONTOSO;
        break;
    case SCREEN_PROBLEMS:
        play_event(play, (struct event){.kind = EVENT_PROBLEMS});
        break;
    case SCREEN_CONFIRM:
        play_do(play, EVENT_BACK);
        break;
    case SCREEN_END:
        play_event(play, (struct event){.kind = EVENT_CHECK, .check = &(struct check_fact){.id = "db", .label = "Tracking", .result = CHECK_PASS, .last = true}});
        play_open(play, "account");
        play_do(play, EVENT_SUBMIT);
        break;
    }
}

/* The event as a front end or the world makes it. */
static struct event event_of(enum event_kind kind)
{
    static const struct check_fact passed = {.id = "db", .label = "Tracking", .result = CHECK_PASS, .last = true};
    static const struct sign_in_fact done = {.phase = SIGN_IN_DONE, .user = "admin@contoso.example", .account = "acc_1"};
    static const struct response nobody_waits = {.status = 200, .retry_after_s = -1};
    struct event event = {.kind = kind, .now = 1790000999};
    switch (kind) {
    case EVENT_OPEN:
        event.step = "account";
        break;
    case EVENT_FOCUS:
    case EVENT_TAKE:
        event.field = "account.name";
        break;
    case EVENT_DRAFT:
        event.field = "account.name";
        event.text = "Nor";
        break;
    case EVENT_ANSWER:
        event.field = "account.name";
        break;
    case EVENT_ROW:
        event.field = "methods";
        break;
    case EVENT_REMOVE:
        event.field = "methods";
        event.row = "AIR";
        break;
    case EVENT_DO:
        event.action = ACTION_RELOAD;
        break;
    case EVENT_CONFIRM:
        event.yes = true;
        break;
    case EVENT_RESPONSE:
        event.request = 999;
        event.response = &nobody_waits;
        break;
    case EVENT_TIMER:
        event.request = 999;
        break;
    case EVENT_CHECK:
        event.check = &passed;
        break;
    case EVENT_SIGN_IN:
        event.sign_in = &done;
        break;
    case EVENT_SUBMIT: case EVENT_PLAN: case EVENT_PROBLEMS: case EVENT_FIND: case EVENT_BACK: case EVENT_CANCEL: case EVENT_QUIT: case EVENT_START:
    case EVENT_SAVED: case EVENT_HANGUP:
        break;
    }
    return event;
}

/* Happens on that screen; what came of it, yours. */
static char *what_comes(enum screen screen, enum event_kind kind)
{
    struct play play;
    struct effects effects = {0};
    struct text told = {0};
    struct view view;
    struct event event = event_of(kind);
    struct value *name = value_new_text("Northwind");

    begin(&play, false);
    go(&play, screen);
    wizard_view(play.wizard, &view);
    if (view.screen != screen)
        fail_msg("this is not the %s screen but the %s screen", screens[screen], screens[view.screen]);
    view_clear(&view);
    if (kind == EVENT_ANSWER)
        event.value = name;
    wizard_update(play.wizard, &event, &effects);
    wizard_view(play.wizard, &view);
    text_add(&told, screens[view.screen]);
    view_clear(&view);
    for (size_t i = 0; i < effects.count; i++)
        text_addf(&told, "%s %s", i ? "," : ":", effects_words[effects.items[i].kind]);
    effects_clear(&effects);
    value_free(name);
    play_free(&play);
    return text_take(&told);
}

static void a_pair(void **state)
{
    const struct row_of_table *row = *state;
    char *came = what_comes(row->on, row->event);
    assert_string_equal(came, row->then);
    free(came);
}

static void every_screen_and_event_is_told_once(void **unused)
{
    (void)unused;
    for (int screen = 0; screen <= SCREEN_END; screen++)
        for (int kind = 0; kind <= EVENT_HANGUP; kind++) {
            int count = 0;
            for (size_t i = 0; i < sizeof table / sizeof *table; i++)
                count += table[i].on == (enum screen)screen && table[i].event == (enum event_kind)kind;
            if (getenv("TELL") && !count) {
                char *came = what_comes((enum screen)screen, (enum event_kind)kind);
                printf("%s %d %s\n", screens[screen], kind, came);
                free(came);
            } else {
                assert_int_equal(count, 1);
            }
        }
}

/* The way to some screens is refused to a session that watches: then the event happens where that was. */
static void a_session_that_watches_changes_nothing_on_any_screen(void **unused)
{
    (void)unused;
    struct value *name = value_new_text("Northwind");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct play play;
        struct event event = event_of(table[i].event);
        if (event.kind == EVENT_ANSWER)
            event.value = name;
        begin(&play, true);
        go(&play, table[i].on);
        play_event(&play, event);
        play_free(&play);
    }
    value_free(name);
}

static struct event any_event(void)
{
    static const struct check_fact failed = {.id = "db", .label = "Tracking", .result = CHECK_FAIL, .last = true};
    static struct sign_in_fact fact;
    static const char *const steps[] = {"checks", "sign-in", "account", "maintain"};
    static const char *const actions[] = {"online", "compare", ACTION_TOKEN, ACTION_RELOAD, ACTION_SEND_ALL, ACTION_OUT, ACTION_OUT_LOCAL};
    enum event_kind kind = (enum event_kind)(random() % (EVENT_HANGUP + 1));
    struct event event = event_of(kind);
    event.yes = random() % 2;
    if (kind == EVENT_OPEN)
        event.step = steps[random() % 4];
    if (kind == EVENT_DO)
        event.action = actions[random() % 7];
    if (kind == EVENT_CHECK)
        event.check = &failed;
    if (kind == EVENT_SIGN_IN) {
        fact = (struct sign_in_fact){.phase = (enum sign_in_phase)(SIGN_IN_CODE + random() % (SIGN_IN_NOT_REVOKED - SIGN_IN_CODE + 1)),
                                     .account = random() % 2 ? "acc_1" : "acc_2", .user = "u", .code = "BCDF-GHJK",
                                     .address = "https://service.example/device", .given = random() % 2};
        static const struct problem problem = {.kind = PROBLEM_SIGN_IN, .text = (char *)"It failed"};
        fact.problem = &problem;
        event.sign_in = &fact;
    }
    return event;
}

/* One word of the sign-in led to a new code: what comes by itself is refused as what is asked for. */
static void a_session_that_watches_changes_nothing_whatever_happens(void **unused)
{
    (void)unused;
    srandom(18);
    for (int round = 0; round < 200; round++) {
        struct play play;
        begin(&play, true);
        for (int i = 0; i < 100; i++)
            play_event(&play, any_event());
        play_free(&play);
    }
}

static void a_session_that_watches_is_told_why_it_does_not_sign_in(void **unused)
{
    (void)unused;
    struct play play;
    begin(&play, true);
    play_event(&play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &(struct sign_in_fact){.phase = SIGN_IN_OUT}});
    play_open(&play, "sign-in");
    play_shows(&play, "You are watching: nothing can be changed or sent here.");
    play_shows(&play, "submit: Sign in");      /* it is not waited for */
    play_free(&play);
}

int main(void)
{
    enum { ROWS = sizeof table / sizeof *table, MORE = 4 };
    struct CMUnitTest tests[ROWS + MORE] = {
        cmocka_unit_test(every_screen_and_event_is_told_once), cmocka_unit_test(a_session_that_watches_changes_nothing_on_any_screen),
        cmocka_unit_test(a_session_that_watches_changes_nothing_whatever_happens),
        cmocka_unit_test(a_session_that_watches_is_told_why_it_does_not_sign_in),
    };
    char *names[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        names[i] = text_format("on the %s screen, %s", screens[table[i].on], table[i].sentence);
        tests[i + MORE] = (struct CMUnitTest){.name = names[i], .test_func = a_pair, .initial_state = (void *)&table[i]};
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < ROWS; i++)
        free(names[i]);
    return failed;
}
