/* Colour, frames and locales: what a terminal is given is what it can show, and nothing is told by colour alone. */
#include "support/stage.h"

static struct field plain = {.kind = KIND_TEXT};
static struct problem wrong = {.kind = PROBLEM_ANSWER, .text = (char *)"That is no city", .advice = (char *)"Give one."};
static struct step_view step = {.id = "account", .title = "Account information", .state = STATE_SENT, .words = "sent"};

static struct view form(struct control_view *control)
{
    *control = (struct control_view){.control = CONTROL_LINE, .name = "account.city", .label = "City", .text = "", .field = &plain,
                                     .problem = &wrong, .problem_count = 1};
    return (struct view){.screen = SCREEN_FORM, .title = "Account", .step = "account", .entered = 1, .controls = control, .control_count = 1,
                         .steps = &step, .steps_count = 1, .wait = {.percent = -1}};
}

/* SGR 30 to 49 in what was written. */
static bool has_colour(struct stage *stage)
{
    for (const char *at = text_bytes(&stage->raw); (at = strstr(at, "\033[")); at++)
        for (const char *number = at + 2; *number && strchr("0123456789;", *number); number++)
            if ((number[0] == '3' || number[0] == '4') && number[1] >= '0' && number[1] <= '8' && strchr(";[", number[-1]) &&
                strchr("m;", number[2]))
                return true;
    return false;
}

static void colour_adds_and_can_be_refused(void **state)
{
    static const struct { const char *no_color; int option; bool coloured; } cases[] = {
        {NULL, 0, true}, {"1", 0, false}, {"", 0, true}, {NULL, -1, false}, {"1", 1, true},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        const struct tui_options options = {.color = cases[i].option};
        struct control_view control;
        struct view view = form(&control);
        struct stage stage;
        if (cases[i].no_color)
            setenv("NO_COLOR", cases[i].no_color, 1);
        else
            unsetenv("NO_COLOR");
        stage_open_as(&stage, 24, 80, "xterm-256color", "C.UTF-8", &options);
        show(&stage, &view);
        assert_true(sees(&stage, "! That is no city. Give one."));
        assert_int_equal(has_colour(&stage), cases[i].coloured);
        stage_close(&stage);
    }
    unsetenv("NO_COLOR");
}

static bool is_ascii(struct stage *stage)
{
    for (size_t i = 0; i < stage->raw.size; i++)
        if ((unsigned char)stage->raw.bytes[i] >= 0x80)
            return false;
    return true;
}

static void frames_and_marks_are_ascii_where_it_is_asked_for_or_all_there_is(void **state)
{
    static const struct { bool ascii; const char *locale; bool all_ascii; } cases[] = {
        {false, "C.UTF-8", false}, {true, "C.UTF-8", true}, {false, "C", true},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        const struct tui_options options = {.ascii = cases[i].ascii};
        struct view view = {.screen = SCREEN_HOME, .title = "Checklist", .entered = 2, .steps = &step, .steps_count = 1, .wait = {.percent = -1}};
        struct stage stage;
        stage_open_as(&stage, 24, 80, "xterm-256color", cases[i].locale, &options);
        show(&stage, &view);
        assert_true(sees(&stage, cases[i].all_ascii ? "+ Account information" : "✓ Account information"));
        assert_int_equal(is_ascii(&stage), cases[i].all_ascii);
        stage_close(&stage);
    }
}

static void test_a_locale_without_utf8_shows_marks_until_the_terminal_sends_utf8(void **state)
{
    static const struct tui_options options = {0};
    struct control_view control;
    struct view view = form(&control);
    struct stage stage;
    (void)state;
    control.text = "Zürich";
    stage_open_as(&stage, 24, 80, "xterm-256color", "C", &options);
    show(&stage, &view);
    assert_true(sees(&stage, "Z?rich"));
    type(&stage, &view, "\xC3\xA9");
    assert_true(sees(&stage, "Züriché"));
    type(&stage, &view, "\177x\r");
    assert_string_equal(stage.event.value->text, "Zürichx");     /* what cannot be shown is not lost */
    stage_close(&stage);
}

static void the_keys_that_matter_most_are_told_on_a_narrow_screen_too(void **state)
{
    struct control_view control;
    struct view view = form(&control);
    struct stage stage;
    (void)state;
    stage_open(&stage, 12, 40);
    show(&stage, &view);
    assert_true(sees(&stage, "Enter accept  Esc back  F10 go on"));
    assert_false(sees(&stage, "F1 h"));
    stage_close(&stage);
}

static void nothing_is_asked_of_the_terminal_and_the_mouse_is_left_alone(void **state)
{
    static const char *const unwanted[] = {"\033[c", "\033[6n", "\033[?1000h", "\033[?1002h", "\033[?1006h", "\033]"};
    struct control_view control;
    struct view view = form(&control);
    struct stage stage;
    (void)state;
    stage_show(&stage, &view);
    type(&stage, &view, "abc\t\r");
    for (size_t i = 0; i < LENGTH(unwanted); i++)
        assert_null(strstr(text_bytes(&stage.raw), unwanted[i]));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colour_adds_and_can_be_refused),
        cmocka_unit_test(frames_and_marks_are_ascii_where_it_is_asked_for_or_all_there_is),
        cmocka_unit_test(test_a_locale_without_utf8_shows_marks_until_the_terminal_sends_utf8),
        cmocka_unit_test(the_keys_that_matter_most_are_told_on_a_narrow_screen_too),
        cmocka_unit_test(nothing_is_asked_of_the_terminal_and_the_mouse_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
