/* Characters beyond ASCII, typed and pasted, in every kind of locale: accepted, or rejected with the reason. Never dropped. */
#include "support/stage.h"

static struct field plain = {.kind = KIND_TEXT};
static unsigned entered = 100;

static struct view form(struct control_view *control, enum control kind)
{
    *control = (struct control_view){.control = kind, .name = "name", .label = "Name", .text = "", .field = &plain};
    return (struct view){.screen = SCREEN_FORM, .title = "Title", .step = "account", .entered = ++entered, .controls = control,
                         .control_count = 1, .wait = {.percent = -1}};
}

static void open_in(struct stage *stage, const char *locale, const struct view *view)
{
    stage_open_as(stage, 24, 80, "xterm-256color", locale, &(struct tui_options){0});
    show(stage, view);
}

static void test_utf8_is_accepted_in_every_locale(void **state)
{
    static const char *const locales[] = {"C.UTF-8", "de_DE.UTF-8", "de_DE.utf8@euro", "xx_XX.UTF-8", "C", "POSIX", "de_DE"};
    static const char *const ways[] = {"M\xC3\xBCller", "\033[200~M\xC3\xBCller\033[201~", "M\xC3\xBCller is a name of ours\n"};
    (void)state;
    for (size_t i = 0; i < LENGTH(locales); i++)
        for (size_t j = 0; j < LENGTH(ways); j++) {
            struct control_view control;
            struct view view = form(&control, CONTROL_LINE);
            struct stage stage;
            open_in(&stage, locales[i], &view);
            type(&stage, &view, ways[j]);
            assert_true(sees(&stage, "Müller"));
            type(&stage, &view, "\033[B");      /* not Enter, which would belong to the burst */
            assert_true(text_starts(stage.event.value->text, "M\xC3\xBCller"));
            stage_close(&stage);
        }
}

static void test_other_bytes_are_rejected_with_a_message_that_stays(void **state)
{
    static const char *const locales[] = {"C.UTF-8", "de_DE.UTF-8", "C"};
    static const enum control kinds[] = {CONTROL_LINE, CONTROL_SECRET, CONTROL_YESNO};
    (void)state;
    for (size_t i = 0; i < LENGTH(locales); i++)
        for (size_t j = 0; j < LENGTH(kinds); j++) {
            struct control_view control;
            struct view view = form(&control, kinds[j]);
            struct stage stage;
            open_in(&stage, locales[i], &view);
            type(&stage, &view, "M\xFCller");       /* in one go: the message is seen although letters follow */
            assert_true(sees(&stage, "Rejected: this is not UTF-8. Set the terminal's character encoding to UTF-8."));
            type(&stage, &view, "\xFC");
            assert_true(sees(&stage, "Rejected: this is not UTF-8."));
            type(&stage, &view, "x");
            assert_false(sees(&stage, "Rejected"));
            stage_close(&stage);
        }
}

static void test_a_paste_with_other_bytes_is_rejected_whole(void **state)
{
    static const char *const ways[] = {"\033[200~M\xFCller\033[201~", "M\xFCller is a long name here\n"};
    (void)state;
    for (size_t i = 0; i < LENGTH(ways); i++) {
        struct control_view control;
        struct view view = form(&control, CONTROL_LINE);
        struct stage stage;
        open_in(&stage, "C.UTF-8", &view);
        type(&stage, &view, ways[i]);
        assert_true(sees(&stage, "Rejected: this is not UTF-8."));
        assert_false(sees(&stage, "Mller"));
        stage_close(&stage);
    }
}

static void test_a_filter_rejects_other_bytes_too(void **state)
{
    struct choices *choices = choices_new();
    struct control_view control;
    struct view view = form(&control, CONTROL_ONE);
    struct stage stage;
    (void)state;
    choices_add(choices, "zh", "Z\xC3\xBCrich", NULL);
    control.choices = choices;
    open_in(&stage, "C", &view);
    type(&stage, &view, "z\xFC");
    assert_true(sees(&stage, "Rejected: this is not UTF-8."));
    type(&stage, &view, "\033[200~\xFC\033[201~");
    assert_true(sees(&stage, "Rejected: this is not UTF-8."));
    type(&stage, &view, "\xC3\xBC");
    assert_true(sees(&stage, "Zürich"));
    stage_close(&stage);
    choices_free(choices);
}

static void test_control_characters_beyond_ascii_are_rejected_by_name(void **state)
{
    struct control_view control;
    struct view view = form(&control, CONTROL_LINE);
    struct stage stage;
    (void)state;
    open_in(&stage, "C.UTF-8", &view);
    type(&stage, &view, "\xC2\x9B");
    assert_true(sees(&stage, "Rejected: U+009B is a control character."));
    stage_close(&stage);
}

static void test_an_unmarked_paste_may_be_cut_within_a_character(void **state)
{
    struct control_view control;
    struct view view = form(&control, CONTROL_LINE);
    struct stage stage;
    (void)state;
    open_in(&stage, "C.UTF-8", &view);
    type(&stage, &view, "twenty characters are a paste\nM\xC3");
    assert_false(sees(&stage, "Rejected"));
    type(&stage, &view, "\xBCller");
    assert_true(sees(&stage, "pasteMüller"));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_is_accepted_in_every_locale),
        cmocka_unit_test(test_other_bytes_are_rejected_with_a_message_that_stays),
        cmocka_unit_test(test_a_paste_with_other_bytes_is_rejected_whole),
        cmocka_unit_test(test_a_filter_rejects_other_bytes_too),
        cmocka_unit_test(test_control_characters_beyond_ascii_are_rejected_by_name),
        cmocka_unit_test(test_an_unmarked_paste_may_be_cut_within_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
