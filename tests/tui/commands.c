/* Every function key on every screen, whatever is open: it works, or a message says why not. Long messages are shown in full. */
#include "support/stage.h"

static struct field plain = {.kind = KIND_TEXT};
static struct step_view steps[] = {
    {.id = "checks", .title = "Check prerequisites", .state = STATE_SENT, .words = "passed"},
    {.id = "account", .title = "Account information", .state = STATE_TODO, .words = "not started"},
    {.id = "activate", .title = "Activate", .state = STATE_TODO, .words = "not started"},
};
static struct check_view checks[] = {{.id = "dns", .label = "DNS"}};
static struct change_view changes[] = {{.step = "account", .step_title = "Account information", .field = "name", .label = "Name", .sign = '~',
                                        .from = "a", .to = "b"}};
static unsigned entered = 500;

static const enum screen screens[] = {SCREEN_HOME, SCREEN_FORM, SCREEN_ROW, SCREEN_CHECKS, SCREEN_SIGN_IN, SCREEN_TOKEN, SCREEN_PLAN,
                                      SCREEN_ADDRESS, SCREEN_DRIFT, SCREEN_PROBLEMS, SCREEN_CONFIRM, SCREEN_END};
_Static_assert(sizeof screens / sizeof *screens == SCREEN_END + 1, "every screen");

static struct view view_of(enum screen screen, struct control_view *controls, size_t count)
{
    bool home = screen == SCREEN_HOME || screen == SCREEN_END;
    struct view view = {.screen = screen, .title = "Title", .step = home ? NULL : "account", .entered = ++entered, .steps = steps,
                        .steps_count = LENGTH(steps), .applicable_count = 3, .step_count = 3, .step_number = home ? 0 : 2,
                        .wait = {.percent = -1}, .controls = controls, .control_count = count};
    if (screen == SCREEN_CHECKS)
        view.checks = checks, view.check_count = 1;
    if (screen == SCREEN_PLAN || screen == SCREEN_DRIFT)
        view.changes = changes, view.change_count = 1;
    if (screen == SCREEN_ADDRESS)
        view.address = "https://shop.example/settings";
    if (screen == SCREEN_CONFIRM)
        view.question = "Disconnect?", view.yes = "Disconnect", view.no = "Change nothing";
    if (screen == SCREEN_SIGN_IN)
        view.sign_in = (struct sign_in_view){.phase = SIGN_IN_CODE, .address = "https://shop.example/device", .code = "WDJB-MJHT", .expires = INT64_MAX};
    if (screen == SCREEN_ROW)
        view.row = "A";
    if (screen == SCREEN_FORM || screen == SCREEN_ROW || screen == SCREEN_TOKEN || screen == SCREEN_CHECKS || screen == SCREEN_ADDRESS)
        view.submit = "Save";
    return view;
}

static void type_all(struct stage *stage, struct view *view, const char *bytes, enum event_kind *last, size_t *events)
{
    struct event event;
    *events = 0;
    assert_int_equal(write(stage->master, bytes, strlen(bytes)), strlen(bytes));
    while (*events < 20 && stage->ui->take(stage->ui, &event)) {
        if (event.kind != EVENT_FOCUS && event.kind != EVENT_DRAFT && !(event.kind == EVENT_FIND && !event.yes)) {
            *last = event.kind;
            ++*events;
        }
        stage->ui->show(stage->ui, view);
    }
    drain(stage);
}

static char *picture(struct stage *stage)
{
    struct text all = {0};
    for (int row = 0; row < 24; row++) {
        char line[2048];
        VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = 80};
        size_t size = vterm_screen_get_text(stage->screen, line, sizeof line - 1, rect);
        text_add_bytes(&all, line, size);
        text_add(&all, "\n");
    }
    return text_take(&all);
}

static const char *const keys[] = {
    "\033[11~", "\033[12~", "\033[13~", "\033[14~", "\033[17~", "\033[18~", "\033[19~", "\033[20~", "\033[21~", "\033[23~", "\033[24~",
    "\007", "\017", "\006", "\024", "\030", "\026", "\020", "\016", "\0332", "\0333", "\0336", "\0337", "\0338", "\0339", "\0330",
};

/* What is open when the key comes. */
static const struct { const char *name, *typed; enum control control; bool form; } covers[] = {
    {"nothing", "", CONTROL_LINE, false}, {"help", "\033[11~", CONTROL_LINE, false}, {"the command", "\033[17~", CONTROL_LINE, false},
    {"the question whether to exit", "\003", CONTROL_LINE, false}, {"the search", "\033[13~", CONTROL_LINE, false},
    {"a list", "\r", CONTROL_ONE, true}, {"a filtered list", "stri", CONTROL_ONE, true}, {"a list of several", "\r", CONTROL_MANY, true},
    {"a list with marks", "\r ", CONTROL_MANY, true}, {"a tree", "\r", CONTROL_TREE, true}, {"left sides", "\r", CONTROL_MAP, true},
    {"right sides", "\r\r", CONTROL_MAP, true}, {"help over a list", "\r\033[11~", CONTROL_ONE, true},
};

static struct choices *providers(void)
{
    struct choices *choices = choices_new();
    choices_add(choices, "stripe", "Stripe", NULL);
    choices_add(choices, "paypal", "PayPal", NULL);
    choices_set_complete(choices, true);
    return choices;
}

static void test_every_key_works_or_says_why_not(void **state)
{
    struct choices *choices = providers();
    (void)state;
    for (size_t i = 0; i < LENGTH(screens); i++)
        for (size_t j = 0; j < LENGTH(covers); j++)
            for (size_t k = 0; k < LENGTH(keys); k++) {
                struct control_view control = {.control = covers[j].control, .name = "account.field", .label = "Field", .text = "",
                                               .field = &plain, .choices = choices, .left = choices};
                bool form = screens[i] == SCREEN_FORM || screens[i] == SCREEN_ROW || screens[i] == SCREEN_TOKEN;
                struct view view = view_of(screens[i], form ? &control : NULL, form);
                struct stage stage;
                enum event_kind last = EVENT_START;
                size_t events = 0;
                if ((covers[j].form && !form) || (screens[i] == SCREEN_CONFIRM && text_same(covers[j].typed, "\033[13~")))
                    continue;       /* it does not open there */
                view.places = choices;
                stage_show(&stage, &view);
                type_all(&stage, &view, covers[j].typed, &last, &events);
                char *before = picture(&stage);
                type_all(&stage, &view, keys[k], &last, &events);
                char *after = picture(&stage);
                if (!events && !stage.ui->switch_ui && strcmp(before, after) == 0)
                    fail_msg("screen %d, open: %s, key %zu does nothing and says nothing:\n%s", (int)screens[i], covers[j].name, k, after);
                free(before);
                free(after);
                stage_close(&stage);
            }
    choices_free(choices);
}

static void test_commands_work_while_a_list_is_open(void **state)
{
    static const struct { const char *key; enum event_kind event; } rows[] = {
        {"\033[12~", EVENT_BACK}, {"\033[13~", EVENT_FIND}, {"\033[18~", EVENT_PLAN}, {"\033[19~", EVENT_OPEN}, {"\033[20~", EVENT_QUIT},
        {"\033[21~", EVENT_SUBMIT}, {"\016", EVENT_SUBMIT}, {"\020", EVENT_OPEN},
    };
    static const enum control controls[] = {CONTROL_ONE, CONTROL_MANY, CONTROL_TREE, CONTROL_MAP};
    struct choices *choices = providers();
    (void)state;
    for (size_t i = 0; i < LENGTH(controls); i++)
        for (size_t j = 0; j < LENGTH(rows); j++) {
            struct control_view control = {.control = controls[i], .name = "account.field", .label = "Field", .text = "", .field = &plain,
                                           .choices = choices, .left = choices};
            struct view view = view_of(SCREEN_FORM, &control, 1);
            struct stage stage;
            stage_show(&stage, &view);
            type(&stage, &view, "\r");
            assert_true(sees(&stage, "Filter:"));
            type(&stage, &view, rows[j].key);
            assert_int_equal(stage.event.kind, rows[j].event);
            stage_close(&stage);
        }
    choices_free(choices);
}

static void test_marked_entries_are_not_lost_to_a_command(void **state)
{
    static const char *const leaving[] = {"\033[12~", "\033[13~", "\033[14~", "\033[18~", "\033[19~", "\033[20~", "\033[21~"};
    struct choices *choices = providers();
    (void)state;
    for (size_t i = 0; i < LENGTH(leaving); i++) {
        struct control_view control = {.control = CONTROL_MANY, .name = "account.field", .label = "Field", .text = "", .field = &plain,
                                       .choices = choices};
        struct view view = view_of(SCREEN_FORM, &control, 1);
        struct stage stage;
        stage_show(&stage, &view);
        type(&stage, &view, "\r ");
        type(&stage, &view, leaving[i]);
        assert_true(sees(&stage, "Press Enter to accept the marked entries, or Esc to discard them, first."));
        assert_true(sees(&stage, "[x] Stripe"));
        assert_false(stage.ui->switch_ui);
        type(&stage, &view, "\r");
        assert_int_equal(stage.event.kind, EVENT_ANSWER);
        assert_int_equal(value_count(stage.event.value), 1);
        stage_close(&stage);
    }
    choices_free(choices);
}

static void test_a_question_is_answered_before_it_is_left(void **state)
{
    static const char *const leaving[] = {"\033[12~", "\033[13~", "\033[18~", "\033[19~", "\033[21~", "\016", "\020"};
    (void)state;
    for (size_t i = 0; i < LENGTH(leaving); i++) {
        struct view view = view_of(SCREEN_CONFIRM, NULL, 0);
        struct stage stage;
        enum event_kind last = EVENT_START;
        size_t events;
        stage_show(&stage, &view);
        type_all(&stage, &view, leaving[i], &last, &events);
        assert_int_equal(events, 0);
        assert_true(sees(&stage, "Answer the question first. Esc changes nothing."));
        stage_close(&stage);
    }
}

static void test_a_wait_hides_no_message(void **state)
{
    struct view view = view_of(SCREEN_HOME, NULL, 0);
    struct stage stage;
    enum event_kind last = EVENT_START;
    size_t events;
    (void)state;
    view.wait = (struct wait_view){.on = true, .what = "Activate: working", .percent = -1, .may_leave = true};
    view.notice = "Nothing to send.";
    stage_show(&stage, &view);
    assert_true(sees(&stage, "Nothing to send.  Activate: working"));
    view.wait = (struct wait_view){.on = true, .what = "Account: sending", .percent = -1, .blocks = true};
    show(&stage, &view);
    assert_true(sees(&stage, "Account: sending"));
    type_all(&stage, &view, "\033[21~", &last, &events);
    assert_int_equal(events, 0);
    assert_true(sees(&stage, "Another request is in progress. Wait, or press Esc to stop waiting."));
    stage_close(&stage);
}

#define LONG "The service rejected the request: the company registration number is not known to the registry of companies, and " \
             "the tax number belongs to another company. Correct both, or ask the registry."

static void test_a_long_message_is_shown_in_full_by_the_help_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(screens); i++) {
        struct view view = view_of(screens[i], NULL, 0);
        struct stage stage;
        view.notice = LONG;
        view.notice_is_bad = true;
        stage_show(&stage, &view);
        assert_false(sees(&stage, "ask the registry"));
        assert_true(sees(&stage, " F1"));
        type(&stage, &view, "\033[11~");
        assert_true(sees(&stage, "Correct both, or ask the registry."));
        type(&stage, &view, "\033[11~");
        assert_false(sees(&stage, "ask the registry"));
        stage_close(&stage);
    }
}

static void test_every_problem_is_shown(void **state)
{
    struct problem items[] = {
        {.kind = PROBLEM_ANSWER, .field = (char *)"account.field", .label = (char *)"Field", .text = (char *)"The first is wrong."},
        {.kind = PROBLEM_ANSWER, .field = (char *)"account.field", .label = (char *)"Field", .text = (char *)"The second is wrong."},
        {.kind = PROBLEM_ANSWER, .text = (char *)"The request as a whole is wrong."},
        {.kind = PROBLEM_ANSWER, .text = (char *)"And so is this."},
    };
    struct control_view control = {.control = CONTROL_LINE, .name = "account.field", .label = "Field", .text = "", .field = &plain,
                                   .problem = &items[0], .problem_count = 2};
    struct view view = view_of(SCREEN_FORM, &control, 1);
    struct stage stage;
    (void)state;
    view.refusals = (struct problems){items, LENGTH(items)};
    stage_show(&stage, &view);
    assert_true(sees(&stage, "! The request as a whole is wrong."));
    assert_true(sees(&stage, "! And so is this."));
    assert_true(sees(&stage, "! and 1 more here: F1"));
    type(&stage, &view, "\033[11~");
    assert_true(sees(&stage, "! Field: The second is wrong."));
    stage_close(&stage);
}

static void test_a_long_problem_is_shown_whole_by_help(void **state)
{
    struct text words = {0};
    for (int i = 0; i < 400; i++)
        text_addf(&words, "word%d ", i);
    text_add(&words, "the end.");
    struct problem one = {.kind = PROBLEM_ANSWER, .field = (char *)"account.field", .label = (char *)"Field", .text = words.bytes};
    struct control_view control = {.control = CONTROL_LINE, .name = "account.field", .label = "Field", .text = "", .field = &plain,
                                   .problem = &one, .problem_count = 1};
    struct view view = view_of(SCREEN_FORM, &control, 1);
    struct stage stage;
    (void)state;
    view.refusals = (struct problems){&one, 1};
    stage_show(&stage, &view);
    assert_true(sees(&stage, "! word0 word1"));
    assert_true(sees(&stage, "F1 shows all of it"));
    assert_false(sees(&stage, "word399"));
    type(&stage, &view, "\033[11~");
    for (int i = 0; i < 10 && !sees(&stage, "the end."); i++)
        type(&stage, &view, "\033[6~");
    assert_true(sees(&stage, "the end."));
    stage_close(&stage);
    text_clear(&words);
}

static void test_an_empty_list_says_why_it_is_empty(void **state)
{
    struct control_view control = {.control = CONTROL_ONE, .name = "account.field", .label = "Field", .text = "", .field = &plain,
                                   .choices_note = "The service failed while it listed the payment providers, with a long explanation that ends here."};
    struct view view = view_of(SCREEN_FORM, &control, 1);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\r");
    assert_true(sees(&stage, "There is nothing to choose from yet."));
    assert_true(sees(&stage, "that ends here."));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_works_or_says_why_not),
        cmocka_unit_test(test_commands_work_while_a_list_is_open),
        cmocka_unit_test(test_marked_entries_are_not_lost_to_a_command),
        cmocka_unit_test(test_a_question_is_answered_before_it_is_left),
        cmocka_unit_test(test_a_wait_hides_no_message),
        cmocka_unit_test(test_a_long_message_is_shown_in_full_by_the_help_key),
        cmocka_unit_test(test_every_problem_is_shown),
        cmocka_unit_test(test_a_long_problem_is_shown_whole_by_help),
        cmocka_unit_test(test_an_empty_list_says_why_it_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
