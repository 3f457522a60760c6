/* The sign-in in a terminal of its own: what is to be seen, read by a phone, copied; which events its keys become. */
#include "support/stage.h"

#include <time.h>

#include "support/zbar.h"

#define ADDRESS "https://commerce.example.com/device"
#define WHOLE ADDRESS "?user_code=WDJB-MJH"

static struct view waiting(void)
{
    int64_t now = time(NULL);
    return (struct view){.screen = SCREEN_SIGN_IN, .title = "Sign in", .step = "sign-in", .step_number = 2, .step_count = 10, .entered = 2,
                         .wait = {.percent = -1},
                         .sign_in = {.phase = SIGN_IN_CODE, .address = ADDRESS, .address_complete = WHOLE, .code = "WDJB-MJHT", .host = "web1",
                                     .expires = now + 900, .asked = now - 3}};
}

static char *row_text(struct stage *stage, int row)
{
    int rows, columns;
    char line[2048];
    vterm_get_size(stage->terminal, &rows, &columns);
    size_t size = vterm_screen_get_text(stage->screen, line, sizeof line - 1, (VTermRect){.start_row = row, .end_row = row + 1, .end_col = columns});
    return mem_copy_bytes(line, size);
}

static bool is_white(struct stage *stage, VTermColor color)
{
    vterm_screen_convert_color_to_rgb(stage->screen, &color);
    return color.rgb.red > 127;
}

/* The cells as pixels, two in each: what is not told to be black on white is as dark as the terminal happens to be. */
static char *seen_by_a_phone(struct stage *stage)
{
    int rows, columns;
    vterm_get_size(stage->terminal, &rows, &columns);
    struct image image = image_new(columns, 2 * rows);
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            VTermScreenCell cell;
            vterm_screen_get_cell(stage->screen, (VTermPos){row, column}, &cell);
            bool ink = !is_white(stage, cell.fg), paper = !is_white(stage, cell.bg);
            bool upper = cell.chars[0] == 0x2580 || cell.chars[0] == 0x2588, lower = cell.chars[0] == 0x2584 || cell.chars[0] == 0x2588;
            image.black[2 * row * columns + column] = upper ? ink : paper;
            image.black[(2 * row + 1) * columns + column] = lower ? ink : paper;
        }
    return image_decode(&image);
}

static void assert_phone_reads(struct stage *stage, const char *wanted)
{
    char *read = seen_by_a_phone(stage);
    assert_string_equal(read, wanted);
    free(read);
}

static void address_and_code_stand_alone_in_their_lines_from_the_first_column(void **state)
{
    static const int columns[] = {60, 40, 132};
    (void)state;
    for (size_t i = 0; i < LENGTH(columns); i++) {
        struct view view = waiting();
        struct stage stage;
        stage_open(&stage, 24, columns[i]);
        show(&stage, &view);
        char *address = row_text(&stage, 3), *code = row_text(&stage, 5);
        address[strlen(ADDRESS)] = '\0';
        code[strlen("WDJB-MJHT")] = '\0';
        assert_string_equal(address, ADDRESS);
        assert_string_equal(code, "WDJB-MJHT");
        free(address);
        free(code);
        stage_close(&stage);
    }
}

static void what_the_page_must_show_is_told_and_how_long_there_is_time(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 160);
    show(&stage, &view);
    assert_true(sees(&stage, "server web1 and code WDJB-MJHT, then approve."));
    assert_true(sees(&stage, "Only approve if you started this."));
    assert_true(sees(&stage, "Waiting for approval   expires in 1"));
    assert_true(sees(&stage, "asked 3 s ago") || sees(&stage, "asked 4 s ago"));
    assert_in_range(stage.ui->patience(stage.ui), 1, 1000);     /* the countdown goes on, no faster than once a second */
    stage_close(&stage);
}

static void a_phone_reads_the_whole_address_beside_the_text_of_an_80x24_screen(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    assert_true(sees(&stage, "expires in"));
    assert_phone_reads(&stage, WHOLE);
    stage_close(&stage);
}

static void a_phone_reads_it_on_the_whole_screen_after_q(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 40);
    show(&stage, &view);
    assert_phone_reads(&stage, "");
    type(&stage, &view, "q");
    assert_false(sees(&stage, "Enter this code"));
    assert_phone_reads(&stage, WHOLE);
    type(&stage, &view, "x");
    assert_true(sees(&stage, "Enter this code"));
    assert_int_equal(stage.events, 0);
    stage_close(&stage);
}

static void an_address_that_is_too_long_with_its_code_is_shown_without(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    view.sign_in.address_complete = ADDRESS "?user_code=WDJB-MJHT&and=much&more=that&makes=the&code=larger&than=the&room=there&is=0123456789012345678901234567890123456789";
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    assert_phone_reads(&stage, ADDRESS);
    stage_close(&stage);
}

static void black_on_white_is_told_even_where_colours_are_not_wanted(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    setenv("NO_COLOR", "1", 1);
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    assert_phone_reads(&stage, WHOLE);
    stage_close(&stage);
    unsetenv("NO_COLOR");
}

static void without_utf8_or_colours_q_says_why_there_is_none(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    stage_open_as(&stage, 24, 80, "xterm-256color", "C", &(struct tui_options){0});
    show(&stage, &view);
    type(&stage, &view, "q");
    assert_true(sees(&stage, "needs a terminal with UTF-8"));
    assert_true(sees(&stage, ADDRESS));
    stage_close(&stage);
    stage_open_as(&stage, 24, 80, "vt220", "C.UTF-8", &(struct tui_options){0});
    show(&stage, &view);
    type(&stage, &view, "q");
    assert_true(sees(&stage, "this terminal has no colours"));
    stage_close(&stage);
}

static void c_copies_the_address_by_the_terminal_and_says_what_if_not(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    type(&stage, &view, "c");
    assert_non_null(strstr(text_bytes(&stage.sent), "\033]52;c;aHR0cHM6Ly9jb21tZXJjZS5leGFtcGxlLmNvbS9kZXZpY2U/dXNlcl9jb2RlPVdESkItTUpI\a"));
    assert_true(sees(&stage, "Sent to your terminal; if pasting gives nothing, press p."));
    view.entered++;
    view.notice = "Signed in as ann";
    show(&stage, &view);
    assert_true(sees(&stage, "Signed in as ann"));
    stage_close(&stage);
}

static void p_prints_the_address_alone_and_any_key_comes_back(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    type(&stage, &view, "p");
    assert_non_null(strstr(text_bytes(&stage.sent), "\033[?1049l"));
    assert_non_null(strstr(text_bytes(&stage.sent), ADDRESS "\r\nWDJB-MJHT\r\n"));
    show(&stage, &view);        /* nothing is drawn meanwhile */
    assert_int_equal(stage.bytes, 0);
    view.sign_in.code = "QQQQ-RRRR";
    view.sign_in.address = ADDRESS "2";
    show(&stage, &view);
    assert_non_null(strstr(text_bytes(&stage.sent), ADDRESS "2\r\nQQQQ-RRRR\r\n"));
    type(&stage, &view, "\003");
    assert_non_null(strstr(text_bytes(&stage.sent), "\033[?1049h"));
    assert_true(sees(&stage, "Waiting for approval"));
    assert_int_equal(stage.events, 0);
    type(&stage, &view, "p");
    view.sign_in.phase = SIGN_IN_DONE;
    show(&stage, &view);
    assert_true(sees(&stage, "Signed in as"));
    stage_close(&stage);
}

static void keys_ask_for_a_new_code_or_to_give_a_token_instead(void **state)
{
    struct view view = waiting();
    struct stage stage;
    (void)state;
    stage_open(&stage, 24, 80);
    show(&stage, &view);
    assert_true(sees(&stage, "c copy  p plain  q QR code  r new code  t token  Esc back"));
    type(&stage, &view, "r");
    assert_int_equal(stage.event.kind, EVENT_SUBMIT);
    type(&stage, &view, "t");
    assert_int_equal(stage.event.kind, EVENT_DO);
    assert_string_equal(stage.event.action, ACTION_TOKEN);
    stage_close(&stage);
}

/* What service/trust.c lets pass is plain already; what should slip through is made visible here all the same. */
static void nothing_the_service_says_reaches_the_terminal_as_it_is(void **state)
{
    static const char *const hostile[] = {"\033]0;owned\a", "\033[2J", "\xC2\x9B" "31m", "\r\n", "\xE2\x80\xAE"};
    (void)state;
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        struct view view = waiting();
        struct stage stage;
        char *text = text_format("AB%sCD", hostile[i]), *raw = text_format("AB%s", hostile[i]);
        view.sign_in.code = view.sign_in.address = view.sign_in.address_complete = view.sign_in.host = text;
        stage_open(&stage, 24, 80);
        show(&stage, &view);
        assert_null(strstr(text_bytes(&stage.sent), raw));
        type(&stage, &view, "p");
        assert_null(strstr(text_bytes(&stage.sent), raw));
        type(&stage, &view, "x");
        type(&stage, &view, "c");
        assert_null(strstr(text_bytes(&stage.sent), raw));
        stage_close(&stage);
        free(text);
        free(raw);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_and_code_stand_alone_in_their_lines_from_the_first_column),
        cmocka_unit_test(what_the_page_must_show_is_told_and_how_long_there_is_time),
        cmocka_unit_test(a_phone_reads_the_whole_address_beside_the_text_of_an_80x24_screen),
        cmocka_unit_test(a_phone_reads_it_on_the_whole_screen_after_q),
        cmocka_unit_test(an_address_that_is_too_long_with_its_code_is_shown_without),
        cmocka_unit_test(black_on_white_is_told_even_where_colours_are_not_wanted),
        cmocka_unit_test(without_utf8_or_colours_q_says_why_there_is_none),
        cmocka_unit_test(c_copies_the_address_by_the_terminal_and_says_what_if_not),
        cmocka_unit_test(p_prints_the_address_alone_and_any_key_comes_back),
        cmocka_unit_test(keys_ask_for_a_new_code_or_to_give_a_token_instead),
        cmocka_unit_test(nothing_the_service_says_reaches_the_terminal_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
