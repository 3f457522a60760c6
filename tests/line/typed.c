/* Line mode: bytes that are typed, and what of them is an answer. */
#include "support/talk.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: account\n  section: Start\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes}\n"
    "  - {name: account.key, label: Key, kind: secret}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name, key: $account.key}}\n";

static struct reply nothing[] = {{0}};

static void start(struct talk *talk)
{
    talk_new(talk, checklist, service, nothing);
    talk_type(talk, "account\n");
}

static void test_utf8_is_accepted_and_other_bytes_are_rejected(void **unused)
{
    static const char *const locales[] = {"C", "de_DE.UTF-8", "C.UTF-8"};
    (void)unused;
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        struct talk talk;
        setenv("LC_ALL", locales[i], 1);
        start(&talk);
        talk_type(&talk, "M\xFCller\n");
        talk_says(&talk, "The line was rejected: it is not UTF-8.");
        assert_string_equal(talk_answer(&talk, "account.name"), "");
        talk_type(&talk, "M\xC3\001\xBCller\n");     /* not a character, even without what is between its halves */
        talk_says(&talk, "The line was rejected: it is not UTF-8.");
        talk_type(&talk, "M\xC3\xBCller\n");
        assert_string_equal(talk_answer(&talk, "account.name"), "M\xC3\xBCller");
        talk_type(&talk, "k\xFC\n");
        talk_says(&talk, "The line was rejected: it is not UTF-8.");
        assert_null(value_text(wizard_secrets(talk.play.wizard), "secrets.account.key"));
        talk_free(&talk);
    }
}

static void test_half_a_line_of_other_bytes_is_not_stored(void **unused)
{
    struct talk talk;
    (void)unused;
    start(&talk);
    talk_type(&talk, "M\xFCl");
    talk_end(&talk);
    talk_says(&talk, "The line was rejected: it is not UTF-8.");
    assert_null(value_text(wizard_state(talk.play.wizard), "drafts.account%2Ename"));
    talk_free(&talk);
}

static void test_escape_sequences_are_swallowed_whole(void **unused)
{
    static const char *const sequences[] = {
        "\033[A", "\033[1;5C", "\033[3~", "\033[[A", "\033OA", "\033OP", "\033]0;title\007", "\033]11;rgb:0000/0000/0000\033\\",
        "\033P1$r0m\033\\", "\033[200~", "\033[?1;2c", "\033", "\033[<0;10;10M",
        "\302\205", "\302\233",
    };
    (void)unused;
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        struct talk talk;
        char *line = text_format("Con%stoso\n", sequences[i]), *typed = mem_copy_bytes(line, strlen(line));
        start(&talk);
        for (char *at = typed; *at; at++)       /* split across reads at each byte */
            talk_type(&talk, (const char[]){*at, '\0'});
        if (strcmp(talk_answer(&talk, "account.name"), "Contoso") != 0)
            fail_msg("sequence %zu: %s", i, talk_answer(&talk, "account.name"));
        free(line);
        free(typed);
        talk_free(&talk);
    }
}

static void test_a_sequence_cut_off_ends_with_its_line(void **unused)
{
    static const char *const lines[] = {"Contoso\033[1;\n", "Contoso\033]0;title\n", "Contoso\033O\n", "Contoso\033\n", "Contoso\033[\n"};
    (void)unused;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct talk talk;
        start(&talk);
        talk_type(&talk, lines[i]);
        assert_string_equal(talk_answer(&talk, "account.name"), "Contoso");
        talk_free(&talk);
    }
}

static void test_half_a_line_of_control_characters_is_not_stored(void **unused)
{
    static const char *const halves[] = {"\024", "\001\002", "\302\233", "\033[A"};
    (void)unused;
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        struct talk talk;
        start(&talk);
        talk_type(&talk, halves[i]);
        talk_end(&talk);
        const char *draft = value_text(wizard_state(talk.play.wizard), "drafts.account%2Ename");
        if (draft && *draft)
            fail_msg("half line %zu is stored", i);
        talk_free(&talk);
    }
}

/* A script of lines, piped: the sign-in needs an approval in between. */
static void test_lines_from_a_pipe_wait_for_the_sign_in(void **unused)
{
    const struct sign_in_fact code = {.phase = SIGN_IN_CODE, .address = "https://shop.example/device", .code = "WDJB-MJHT", .expires = INT64_MAX};
    struct talk talk;
    (void)unused;
    talk_new(&talk, checklist, service, nothing);
    talk_type(&talk, "sign in\n\nContoso\n");
    talk_event(&talk, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &code});
    assert_int_equal(talk.view.screen, SCREEN_SIGN_IN);
    talk_type(&talk, "");
    talk_keeps_silent_of(&talk, "Still waiting");
    talk_keeps_silent_of(&talk, "Account.");
    close(talk.in);
    talk.in = -1;
    talk_go_on(&talk);
    assert_int_equal(talk.play.ended, -1);      /* the end of the input is behind the lines that wait */
    talk_event(&talk, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &(struct sign_in_fact){.phase = SIGN_IN_DONE, .user = "ann", .account = "1"}});
    assert_string_equal(talk_answer(&talk, "account.key"), "");
    assert_string_equal(value_text(wizard_secrets(talk.play.wizard), "secrets.account.key"), "Contoso");
    assert_true(talk.play.ended >= 0);
    talk_free(&talk);
}

static void test_words_of_the_sign_in_do_not_wait(void **unused)
{
    static const struct { const char *typed; enum screen screen; } rows[] = {
        {"back\n", SCREEN_HOME}, {"token\n", SCREEN_TOKEN}, {"cancel\n", SCREEN_SIGN_IN},
    };
    const struct sign_in_fact code = {.phase = SIGN_IN_CODE, .address = "https://shop.example/device", .code = "WDJB-MJHT", .expires = INT64_MAX};
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct talk talk;
        talk_new(&talk, checklist, service, nothing);
        talk_type(&talk, "sign in\n");
        talk_event(&talk, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &code});
        talk_type(&talk, rows[i].typed);
        assert_int_equal(talk.view.screen, rows[i].screen);
        assert_true(i < 2 || talk.view.sign_in.phase == SIGN_IN_NONE);
        talk_free(&talk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_is_accepted_and_other_bytes_are_rejected),
        cmocka_unit_test(test_half_a_line_of_other_bytes_is_not_stored),
        cmocka_unit_test(test_half_a_line_of_control_characters_is_not_stored),
        cmocka_unit_test(test_escape_sequences_are_swallowed_whole),
        cmocka_unit_test(test_a_sequence_cut_off_ends_with_its_line),
        cmocka_unit_test(test_lines_from_a_pipe_wait_for_the_sign_in),
        cmocka_unit_test(test_words_of_the_sign_in_do_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
