/* What guides an administrator: what to do next, how a check went, what a table holds, what the service is at. */
#include <time.h>

#include "support/stage.h"

static struct field plain = {.kind = KIND_TEXT};

static struct step_view steps[] = {
    {.id = "checks", .title = "Check prerequisites", .state = STATE_SENT, .words = "passed"},
    {.id = "account", .title = "Account information", .state = STATE_TODO, .words = "to do"},
    {.id = "activate", .title = "Activate", .state = STATE_TODO, .words = "to do", .why_not = "To be done first: Account information."},
};

static struct view view_of(enum screen screen, const char *step, unsigned entered)
{
    return (struct view){.screen = screen, .title = "Title", .step = step, .entered = entered, .steps = steps, .steps_count = LENGTH(steps),
                         .applicable_count = 3, .step_count = 3, .step_number = step != NULL, .wait = {.percent = -1}};
}

static struct view form_of(struct control_view *controls, size_t count, unsigned entered)
{
    struct view view = view_of(SCREEN_FORM, "account", entered);
    view.controls = controls;
    view.control_count = count;
    return view;
}

static void home_says_what_to_do_next_and_why_a_step_must_wait(void **state)
{
    struct view view = view_of(SCREEN_HOME, NULL, 1);
    struct stage stage;
    (void)state;
    view.next = "Account information";
    stage_show(&stage, &view);
    assert_true(sees(&stage, "Next: Account information"));
    type(&stage, &view, "\033[B");
    assert_true(sees(&stage, "To be done first: Account information."));
    view.complete = true;
    show(&stage, &view);
    type(&stage, &view, "\033[A");
    assert_true(sees(&stage, "Complete: every step is done."));
    stage_close(&stage);
}

static void each_check_tells_how_long_it_took_and_says_nothing_twice(void **state)
{
    struct check_view checks[] = {
        {.id = "tracking", .label = "Change tracking", .text = "passed", .result = CHECK_PASS, .ran = true, .took_ms = 103},
        {.id = "user", .label = "The user", .text = "It is not configured.", .remedy = "Name one.", .result = CHECK_WARN, .ran = true},
        {.id = "service", .label = "The service", .text = "it answers", .result = CHECK_PASS, .ran = true, .took_ms = 1249},
        {.id = "service.tcp", .label = "TCP", .text = "accepted", .result = CHECK_PASS, .ran = true, .child = true},
        {.id = "later", .label = "Later"},
    };
    struct view view = view_of(SCREEN_CHECKS, "checks", 2);
    struct stage stage;
    (void)state;
    view.submit = "Run the checks";
    view.checks = checks;
    view.check_count = LENGTH(checks);
    stage_show(&stage, &view);
    assert_true(sees(&stage, "✓ Change tracking: passed in 103 ms"));
    assert_false(sees(&stage, "passed. passed"));
    assert_true(sees(&stage, "! The user: warning. It is not configured."));
    assert_true(sees(&stage, "Name one."));
    assert_true(sees(&stage, "passed in 1.2 s, it answers"));
    assert_true(sees(&stage, "TCP: passed in 0 ms, accepted"));
    assert_true(sees(&stage, "· Later: not yet"));
    stage_close(&stage);
}

static void passed_checks_lead_on_to_the_next_step(void **state)
{
    struct view view = view_of(SCREEN_CHECKS, "checks", 3);
    struct stage stage;
    (void)state;
    view.submit = "Run the checks";
    stage_show(&stage, &view);
    assert_true(sees(&stage, "> [ Go on: Account information ]"));
    type(&stage, &view, "\r");
    assert_int_equal(stage.event.kind, EVENT_OPEN);
    assert_string_equal(stage.event.step, "account");
    type(&stage, &view, "\033[21~");
    assert_int_equal(stage.event.kind, EVENT_OPEN);
    type(&stage, &view, "\033[B\r");
    assert_int_equal(stage.event.kind, EVENT_SUBMIT);
    stage_close(&stage);
}

static void typing_on_a_choice_looks_for_it(void **state)
{
    struct choices *choices = choices_new();
    choices_add(choices, "OR", "Oregon", NULL);
    choices_add(choices, "WA", "Washington", NULL);
    choices_set_complete(choices, true);
    struct control_view control = {.control = CONTROL_ONE, .name = "account.state", .label = "State", .text = "", .field = &plain, .choices = choices};
    struct view view = form_of(&control, 1, 4);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "was");
    assert_true(sees(&stage, "1 of 2"));
    type(&stage, &view, "\r");
    assert_string_equal(stage.event.value->text, "WA");
    stage_close(&stage);
    choices_free(choices);
}

static void the_first_question_has_the_focus_though_it_comes_late(void **state)
{
    struct control_view control = {.control = CONTROL_LINE, .name = "account.city", .label = "City", .text = "", .field = &plain};
    struct view view = view_of(SCREEN_FORM, "account", 5);
    struct stage stage;
    (void)state;
    view.submit = "Save";
    stage_show(&stage, &view);
    assert_true(sees(&stage, "> [ Save ]"));
    view.controls = &control;
    view.control_count = 1;
    show(&stage, &view);
    assert_true(sees(&stage, "> City"));
    type(&stage, &view, "\033[B");
    show(&stage, &view);
    assert_true(sees(&stage, "> [ Save ]"));
    stage_close(&stage);
}

static void enter_stays_at_an_answer_that_is_not_accepted_and_the_arrows_leave_it(void **state)
{
    struct problem problem = {.kind = PROBLEM_ANSWER, .text = (char *)"\"9\" is not a ZIP code"};
    struct control_view controls[] = {
        {.control = CONTROL_LINE, .name = "account.zip", .label = "ZIP code", .text = "", .field = &plain, .problem = &problem},
        {.control = CONTROL_LINE, .name = "account.city", .label = "City", .text = "", .field = &plain},
    };
    struct view view = form_of(controls, LENGTH(controls), 6);
    view.submit = "Save";
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "9\r");
    assert_int_equal(stage.event.kind, EVENT_ANSWER);
    type(&stage, &view, "");
    assert_true(sees(&stage, "> ZIP code"));
    type(&stage, &view, "\033[B");
    assert_true(sees(&stage, "> City"));
    type(&stage, &view, "x\r");
    type(&stage, &view, "");
    assert_true(sees(&stage, "> [ Save ]"));
    stage_close(&stage);
}

static void a_table_has_headings_above_its_columns(void **state)
{
    struct field columns[] = {{.name = "code", .label = "Code"}, {.name = (char *)"name", .label = (char *)"Name"},
                              {.name = (char *)"regions", .label = (char *)"Regions"}};
    struct field table = {.kind = KIND_TABLE, .key = "code", .columns = columns, .column_count = 3};
    struct value *rows = value_new_list(), *row = value_new_map(), *regions = value_new_list();
    value_put_text(row, "code", "GROUND");
    value_put_text(row, "name", "By road");
    value_append(regions, value_new_text("WA"));
    value_append(regions, value_new_text("OR"));
    value_put(row, "regions", regions);
    value_append(rows, row);
    struct control_view control = {.control = CONTROL_TABLE, .name = "shipping", .label = "Shipping", .text = "1 row", .field = &table, .value = rows};
    struct view view = form_of(&control, 1, 6);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    assert_true(sees(&stage, "Code    Name     Regions"));
    assert_true(sees(&stage, "GROUND  By road  2"));
    assert_true(sees(&stage, "Del remove"));
    stage_close(&stage);
    value_free(rows);
}

static void an_unfinished_new_row_is_discarded_with_del(void **state)
{
    struct field columns[] = {{.name = "code", .label = "Code"}};
    struct field table = {.kind = KIND_TABLE, .key = "code", .columns = columns, .column_count = 1};
    struct control_view control = {.control = CONTROL_TABLE, .name = "shipping", .label = "Shipping", .text = "", .field = &table};
    struct view view = form_of(&control, 1, 6);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\033[3~");
    assert_false(sees(&stage, "(y/N)"));        /* there is none */
    control.new_row = true;
    control.note = "1 unfinished row";
    show(&stage, &view);
    assert_true(sees(&stage, "1 unfinished row"));
    assert_true(sees(&stage, "> + continue the unfinished row"));
    assert_true(sees(&stage, "Del discard"));
    type(&stage, &view, "\033[3~");
    assert_true(sees(&stage, "Discard the unfinished row? (y/N)"));
    type(&stage, &view, "n");
    assert_true(stage.event.kind != EVENT_REMOVE);
    type(&stage, &view, "\033[3~");
    type(&stage, &view, "y");
    assert_int_equal(stage.event.kind, EVENT_REMOVE);
    assert_string_equal(stage.event.field, "shipping");
    assert_null(stage.event.row);
    stage_close(&stage);
}

static void long_work_of_the_service_shows_its_progress_and_may_be_left(void **state)
{
    struct view view = view_of(SCREEN_FORM, "activate", 7);
    struct stage stage;
    (void)state;
    view.wait = (struct wait_view){.on = true, .what = "Activate: the service is working on it", .say = "Preparing", .percent = 50, .may_leave = true};
    stage_show(&stage, &view);
    assert_true(sees(&stage, "####....................] 50 %"));
    assert_true(sees(&stage, "Preparing"));
    assert_true(sees(&stage, "You may leave: it goes on without you"));
    view.wait.what = "Activate online service: the service does not answer";
    view.wait.until = time(NULL) + 40;
    show(&stage, &view);
    assert_true(sees(&stage, "  asked again in 40 s") || sees(&stage, "  asked again in 39 s"));
    view.wait.until = time(NULL) + 1200;
    show(&stage, &view);
    assert_true(sees(&stage, "  asked again in 20 min"));
    view.wait.until = time(NULL) - 1;       /* it is being asked */
    show(&stage, &view);
    assert_false(sees(&stage, "asked again in"));
    stage_close(&stage);
}

static void help_tells_what_a_field_is_and_where_its_answer_comes_from(void **state)
{
    struct control_view control = {.control = CONTROL_LINE, .name = "account.city", .label = "City", .text = "Redmond", .field = &plain,
                                   .help = "Where the company is.", .expects = "any text", .origin = "the service holds the same"};
    struct view view = form_of(&control, 1, 8);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\033OP");
    const char *const told[] = {"Where the company is.", "Allowed: any text.", "Now: Redmond.", "Where it comes from: the service holds the same.", "F6"};
    for (size_t i = 0; i < LENGTH(told); i++)
        assert_true(sees(&stage, told[i]));
    type(&stage, &view, "\033OP");
    assert_false(sees(&stage, "Allowed"));
    stage_close(&stage);
}

static void a_screen_is_told_as_a_command_with_secrets_as_references(void **state)
{
    struct value *city = value_new_text("Redmond");
    struct control_view controls[] = {
        {.control = CONTROL_LINE, .name = "account.city", .label = "City", .text = "Redmond", .field = &plain, .value = city},
        {.control = CONTROL_SECRET, .name = "account.key", .label = "Key", .text = "", .field = &plain, .note = "set on 2026-11-20"},
    };
    struct view view = form_of(controls, 2, 9);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\033[17~");
    const char *const told[] = {"commerce-setup apply answers.yaml", "account:", "city: \"Redmond\"", "key:", "file: \"secrets/account.key\""};
    for (size_t i = 0; i < LENGTH(told); i++)
        assert_true(sees(&stage, told[i]));
    stage_close(&stage);
    value_free(city);
}

static void looking_for_something_goes_to_its_field(void **state)
{
    struct view view = view_of(SCREEN_HOME, NULL, 10);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "\033OR");
    assert_int_equal(stage.event.kind, EVENT_FIND);
    assert_true(stage.event.yes);
    view.places = choices_new();
    choices_add(view.places, "account", "Account information", NULL);
    choices_add(view.places, "account\naccount.zip", "Account information > ZIP code", NULL);
    show(&stage, &view);
    type(&stage, &view, "zip\r");
    assert_int_equal(stage.event.kind, EVENT_OPEN);
    assert_string_equal(stage.event.step, "account");
    assert_string_equal(stage.event.field, "account.zip");
    stage_close(&stage);
    choices_free(view.places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(home_says_what_to_do_next_and_why_a_step_must_wait),
        cmocka_unit_test(each_check_tells_how_long_it_took_and_says_nothing_twice),
        cmocka_unit_test(passed_checks_lead_on_to_the_next_step),
        cmocka_unit_test(typing_on_a_choice_looks_for_it),
        cmocka_unit_test(the_first_question_has_the_focus_though_it_comes_late),
        cmocka_unit_test(enter_stays_at_an_answer_that_is_not_accepted_and_the_arrows_leave_it),
        cmocka_unit_test(a_table_has_headings_above_its_columns),
        cmocka_unit_test(an_unfinished_new_row_is_discarded_with_del),
        cmocka_unit_test(long_work_of_the_service_shows_its_progress_and_may_be_left),
        cmocka_unit_test(help_tells_what_a_field_is_and_where_its_answer_comes_from),
        cmocka_unit_test(a_screen_is_told_as_a_command_with_secrets_as_references),
        cmocka_unit_test(looking_for_something_goes_to_its_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
