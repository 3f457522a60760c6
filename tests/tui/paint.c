/* The full screen in a terminal of its own: what is to be seen, and which events keys become. */
#include "support/stage.h"

static struct step_view steps[] = {
    {.id = "account", .section = "Set up account", .title = "Account information", .state = STATE_REFUSED, .words = "refused: 2 problems", .problem_count = 2},
    {.id = "payment", .section = "Set up account", .title = "Payment providers", .state = STATE_TODO, .words = "to do"},
    {.id = "shipping", .section = "Set up delivery", .title = "Shipping methods", .state = STATE_SAVED, .words = "saved, not sent"},
};

static const struct view home = {.screen = SCREEN_HOME, .saved = "Your changes are saved.", .title = "Commerce Services", .heading = "Contoso", .entered = 1, .applicable_count = 3,
                                 .next = "Payment providers", .steps = steps, .steps_count = LENGTH(steps), .wait = {.percent = -1}};

static struct field plain = {.name = "zip", .label = "ZIP code", .kind = KIND_TEXT};
static struct problem wrong = {.kind = PROBLEM_ANSWER, .text = (char *)"\"9805\" is no ZIP code", .advice = (char *)"Give 5 digits."};

static void the_checklist_tells_states_in_words(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &home);
    assert_in_range(stage.bytes, 100, 2560);
    assert_true(sees(&stage, "Commerce Services"));
    assert_true(sees(&stage, "Set up delivery"));
    assert_true(sees(&stage, "refused: 2 problems"));
    assert_true(sees(&stage, " > · Payment providers"));
    assert_true(sees(&stage, "F1 help"));
    VTermPos cursor;
    vterm_state_get_cursorpos(vterm_obtain_state(stage.terminal), &cursor);
    assert_int_equal(cursor.row, 4);
    type(&stage, &home, "\033[B");
    assert_in_range(stage.bytes, 1, 90);
    type(&stage, &home, "\r");
    assert_int_equal(stage.event.kind, EVENT_OPEN);
    assert_string_equal(stage.event.step, "shipping");
    stage_close(&stage);
}

static void typed_text_is_a_draft_and_then_an_answer(void **state)
{
    struct control_view controls[] = {
        {.control = CONTROL_LINE, .name = "account.zip", .label = "ZIP code", .text = "", .field = &plain, .problem = &wrong, .problem_count = 1},
        {.control = CONTROL_LINE, .name = "account.city", .label = "City", .text = "Redmond\033[2J", .field = &plain},
    };
    struct view form = {.screen = SCREEN_FORM, .title = "Account information", .step = "account", .step_number = 1, .step_count = 3, .entered = 2,
                        .submit = "Save", .controls = controls, .control_count = 2, .steps = steps, .steps_count = 3, .wait = {.percent = -1}};
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &form);
    assert_true(sees(&stage, "step 1 of 3"));
    assert_true(sees(&stage, "! \"9805\" is no ZIP code. Give 5 digits."));
    assert_true(sees(&stage, "Redmond<1B>[2J"));
    type(&stage, &form, "98");
    assert_int_equal(stage.event.kind == EVENT_DRAFT || stage.event.kind == EVENT_FOCUS, 1);
    assert_true(sees(&stage, "98"));
    type(&stage, &form, "0\r");
    assert_int_equal(stage.event.kind, EVENT_ANSWER);
    assert_string_equal(stage.event.field, "account.zip");
    assert_string_equal(stage.event.value->text, "980");
    type(&stage, &form, "\033[21~");
    assert_int_equal(stage.event.kind, EVENT_SUBMIT);
    stage_close(&stage);
}

static void a_long_list_is_filtered_by_typing(void **state)
{
    struct choices *choices = choices_new();
    for (int i = 0; i < 249; i++) {
        char *value = text_format("v%d", i), *label = text_format("%s %d", i % 50 == 7 ? "Québec" : "State", i);
        choices_add(choices, value, label, NULL);
        free(value);
        free(label);
    }
    choices_set_complete(choices, true);
    struct control_view control = {.control = CONTROL_ONE, .name = "account.state", .label = "State", .text = "", .field = &plain, .choices = choices};
    struct view form = {.screen = SCREEN_FORM, .title = "Account", .step = "account", .entered = 3, .controls = &control, .control_count = 1,
                        .wait = {.percent = -1}};
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &form);
    type(&stage, &form, "\r");
    type(&stage, &form, "queb");
    assert_true(sees(&stage, "5 of 249"));
    type(&stage, &form, "\033[B\r");
    assert_int_equal(stage.event.kind, EVENT_ANSWER);
    assert_string_equal(stage.event.value->text, "v57");
    stage_close(&stage);
    choices_free(choices);
}

static void any_size_is_survived(void **state)
{
    static const int sizes[][2] = {{12, 40}, {1, 1}, {2, 200}, {100, 3}, {11, 39}, {0, 0}, {24, 80}};
    (void)state;
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct stage stage;
        stage_open(&stage, sizes[i][0], sizes[i][1]);
        show(&stage, &home);
        type(&stage, &home, "\033[B\033[B?");
        bool fits = sizes[i][0] >= 12 || sizes[i][0] == 0;
        if (fits && sizes[i][1] != 3)
            assert_true(sees(&stage, "Keys"));
        if (sizes[i][0] == 11)
            assert_true(sees(&stage, "40x12 is needed"));
        stage_close(&stage);
    }
}

static void control_c_twice_leaves(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &home);
    type(&stage, &home, "\003");
    assert_true(sees(&stage, "Your changes are saved. Exit?"));
    type(&stage, &home, "\r");
    assert_int_equal(stage.events, 0);
    type(&stage, &home, "\003\003");
    assert_int_equal(stage.event.kind, EVENT_QUIT);
    struct view other = home;       /* another screen came in between, as when something is loaded */
    other.entered++;
    type(&stage, &home, "\003");
    show(&stage, &other);
    assert_true(sees(&stage, "Your changes are saved. Exit?"));
    type(&stage, &other, "\003");
    assert_int_equal(stage.event.kind, EVENT_QUIT);
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checklist_tells_states_in_words), cmocka_unit_test(typed_text_is_a_draft_and_then_an_answer),
        cmocka_unit_test(a_long_list_is_filtered_by_typing), cmocka_unit_test(any_size_is_survived),
        cmocka_unit_test(control_c_twice_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
