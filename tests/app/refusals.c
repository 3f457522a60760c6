/*
 * What cannot be is told where it belongs, through full screen, line mode and apply alike: what the service refuses stands
 * at its fields, a company elsewhere than in the United States is refused at once, and a service that is down costs nothing.
 */
#include <termios.h>

#include "support/typist.h"

static const char *const screen_words[] = {"--token-file", "token", NULL};
static const char *const line_words[] = {"--line", "--token-file", "token", NULL};
static const char *const apply_words[] = {"apply", "answers.yaml", "--token-file", "token", NULL};

/* A description that lets through what the service then refuses. */
static const char *const loose_screen_words[] = {"--checklist", "./loose.yaml", "--token-file", "token", NULL};
static const char *const loose_line_words[] = {"--line", "--checklist", "./loose.yaml", "--token-file", "token", NULL};
static const char *const loose_apply_words[] = {"apply", "answers.yaml", "--checklist", "./loose.yaml", "--token-file", "token", NULL};

static const char account[] =
    "account: {organization: Contoso Outdoor, legal_entity: USMF, contact_name: Kim Akers, email: %s,\n"
    "  phone: +1 425 555 0150, street: 4567 Main Street, city: Redmond, state: WA, zip: \"%s\", country: %s,\n"
    "  time_zone: America/Los_Angeles, currency: USD, environment: test}\n";
static const char others[] =
    "shipping:\n  methods:\n  - {code: GROUND, carrier: UPS, service: Ground, name: Standard, charge: \"7.95\", regions: [US]}\n"
    "sales_tax: {by: provider}\n"
    "payment:\n  providers: [paypal]\n  credentials:\n    paypal: {client_id: AYSq3RDGsmBL, client_secret: {file: paypal}}\n"
    "  methods: {visa: paypal}\n"
    "parameters: {hierarchy: retail-products, category: cat-0000001, charge_code: SHIP-ONLINE}\n";

static void write_answers(const char *email, const char *zip, const char *country)
{
    char *first = text_format(account, email, zip, country), *all = text_format("%s%s", first, others);
    place_write(&here, "answers.yaml", all);
    place_write(&here, "paypal", "hush\n");
    free(first);
    free(all);
}

/* The checklist with every e-mail and every ZIP code let through. */
static void write_loose_checklist(void)
{
    static const char pattern[] = "    pattern: \"[0-9]{5}(-[0-9]{4})?\"\n", email[] = "kind: email";
    struct text text = {0};
    struct problem why = {0};
    assert_true(file_read(ASSETS "/checklists/commerce-services.yaml", 1 << 20, false, &text, &why));
    char *at = strstr(text.bytes, pattern);
    assert_non_null(at);
    text_remove(&text, (size_t)(at - text.bytes), strlen(pattern));
    at = strstr(text.bytes, email);
    assert_non_null(at);
    memcpy(at, "kind: text ", strlen(email));
    place_write(&here, "loose.yaml", text.bytes);
    text_clear(&text);
}

static void account_on_screen(struct terminal *terminal, const char *email, const char *zip)
{
    wait_shown(terminal, "as admin@contoso.example");
    focus(terminal, "Account information   ");
    enter(terminal);
    fill(terminal, "Organization", "Contoso Outdoor");
    fill(terminal, "Legal entity", "USMF");
    fill(terminal, "Contact name", "Kim Akers");
    fill(terminal, "E-mail", email);
    fill(terminal, "Phone", "+1 425 555 0150");
    fill(terminal, "Street", "4567 Main Street");
    fill(terminal, "City", "Redmond");
    choose(terminal, "State *", "washi", "Washington");
    fill(terminal, "ZIP code", zip);
    choose(terminal, "Time zone", "los ang", "Pacific");
    choose(terminal, "Environment", "other", "An environment");
}

static void what_the_service_refuses_stands_at_its_fields_in_full_screen(void **unused)
{
    struct terminal terminal;
    (void)unused;
    place_new(&here, NULL);
    write_loose_checklist();
    open_terminal(&terminal, "xterm-256color", loose_screen_words);
    account_on_screen(&terminal, "nobody", "9805");
    type(&terminal, "\016");
    wait_shown(&terminal, "The service rejected");
    int email = row_of(&terminal, "E-mail *"), zip = row_of(&terminal, "ZIP code *");
    char *below_email = row_text(&terminal, email + 1), *below_zip = row_text(&terminal, zip + 1);
    assert_non_null(strstr(below_email, "!"));
    assert_non_null(strstr(below_zip, "!"));
    wait_cursor_at(&terminal, "E-mail *");
    free(below_email);
    free(below_zip);
    type(&terminal, "\033[20~");
    wait_left(&terminal, 3);
    place_free(&here);
}

static void what_the_service_refuses_stands_at_its_questions_in_line_mode(void **unused)
{
    struct terminal terminal;
    (void)unused;
    place_new(&here, NULL);
    write_loose_checklist();
    open_terminal(&terminal, "dumb", loose_line_words);
    say(&terminal, "Signed in as", "3\n");
    say(&terminal, "Organization (required)", "Contoso Outdoor\nUSMF\nKim Akers\nnobody\n+1 425 555 0150\n4567 Main Street\nRedmond\n"
                   "washi\n9805\n\nPacific (Los\n\ntest\nsave\n");
    wait_shown(&terminal, "E-mail (required). Current: nobody.");
    wait_shown(&terminal, "  Problem: ");
    say(&terminal, "Problem: ", "kim@contoso.example\nfind zip\ngo 1\n");
    wait_shown(&terminal, "ZIP code (required). Current: 9805.");
    say(&terminal, "Problem: ", "98052\nsave\n");
    say(&terminal, "Account information: sent.", "quit\n");
    wait_left(&terminal, 3);
    place_free(&here);
}

static void what_the_service_refuses_is_told_with_its_fields_by_apply(void **unused)
{
    (void)unused;
    place_new(&here, NULL);
    write_loose_checklist();
    write_answers("nobody", "9805", "US");
    assert_int_equal(place_run(&here, NULL, loose_apply_words), 65);
    place_says(&here, "Account information: rejected: 2 problems\n");
    place_says(&here, "  E-mail: ");
    place_says(&here, "  ZIP code: ");
    place_free(&here);
}

static void a_company_elsewhere_is_refused_at_the_country(void **unused)
{
    static const char only[] = "Accounts exist for companies in the United States only.";
    struct terminal terminal;
    (void)unused;
    place_new(&here, NULL);
    write_answers("kim@contoso.example", "98052", "CA");
    assert_int_equal(place_run(&here, NULL, apply_words), 65);
    place_says(&here, "answers.yaml:2:");
    place_says(&here, only);

    open_terminal(&terminal, "dumb", line_words);
    say(&terminal, "Signed in as", "3\nfind country\ngo 1\nCanada\n");
    wait_shown(&terminal, "No entry matches \"Canada\".");
    say(&terminal, "in the United States only.", "quit\n");
    wait_left(&terminal, 3);

    open_terminal(&terminal, "xterm-256color", screen_words);
    wait_shown(&terminal, "Account information");
    focus(&terminal, "Country *");
    enter(&terminal);
    wait_shown(&terminal, "Filter:");
    type(&terminal, "\025Canada");
    wait_shown(&terminal, only);
    type(&terminal, "\033");
    wait_shown(&terminal, "1 of 1");
    type(&terminal, "\033");
    wait_gone(&terminal, "Filter:");
    type(&terminal, "\033[20~");
    wait_left(&terminal, 3);
    place_free(&here);
}

static void with_the_service_down_steps_are_saved_and_sent_when_it_is_back(void **unused)
{
    (void)unused;
    place_new(&here, NULL);
    char *db = place_path(&here, "db"), *port = mem_copy(strrchr(here.address, ':') + 1);
    char *tls = place_path(&here, "tls");
    const char *const more[] = {"--db", db, "--tls", tls, "--activation-seconds", "0", "--seed-categories", "2000", NULL};
    place_stop(&here);
    place_serve(&here, port, more);     /* what it keeps is still there when it is started again */
    char *config = text_format("checklist: commerce-services\nservice:\n  address: %s\n  ca_file: %s\nerp:\n  version: ax2012-r2\n"
                               "  change_tracking_check: [echo, \"1\"]\n", here.address, here.ca);
    place_write(&here, "config.yaml", config);
    write_answers("kim@contoso.example", "98052", "US");
    place_stop(&here);

    assert_int_equal(place_run(&here, NULL, apply_words), 69);
    place_says(&here, "Account information: saved, not sent\n");
    place_says(&here, "Shipping methods: saved, not sent\n");
    place_says(&here, "Sales tax: saved, not sent\n");
    place_says(&here, "Setup is not complete. Your changes are saved.\n");
    char *state = place_read(&here, "state/state.yaml");
    assert_non_null(strstr(state, "organization: \"Contoso Outdoor\""));
    assert_non_null(strstr(state, "code: \"GROUND\""));

    place_serve(&here, port, more);
    if (place_run(&here, NULL, apply_words) != 0)
        fail_msg("%s", text_bytes(&here.said));
    place_says(&here, "Complete: every step is done.\n");
    free(state);
    free(config);
    free(db);
    free(tls);
    free(port);
    place_free(&here);
}

static void line_mode_killed_within_a_step_comes_back_to_its_question(void **unused)
{
    struct terminal terminal;
    (void)unused;
    place_new(&here, NULL);
    open_terminal(&terminal, "dumb", line_words);
    say(&terminal, "Signed in as", "6\nadd\nGROUND\nUPS\n");
    wait_shown(&terminal, "new row, question 3 of 7: Service");
    close(terminal.fd);         /* the line breaks */
    int status = -1;
    assert_int_equal(waitpid(terminal.child, &status, 0), terminal.child);
    assert_int_equal(WEXITSTATUS(status), 129);      /* the signal or the end of input, whichever is seen first */
    terminal.fd = -1;
    forget(&terminal);

    open_terminal(&terminal, "dumb", line_words);
    say(&terminal, "new row, question 3 of 7: Service (required).", "back\n");
    say(&terminal, "Carrier (required). Current:", "next\nGround\n");
    wait_shown(&terminal, "question 4 of 7");
    kill(child_of(terminal.child), SIGKILL);
    wait_left(&terminal, 128 + SIGKILL);

    open_terminal(&terminal, "dumb", line_words);
    say(&terminal, "of 7: ", "back\nback\nback\nback\nlist\n");
    wait_shown(&terminal, "Shipping methods");
    type(&terminal, "add\nnext\nnext\n");
    wait_shown(&terminal, "Service (required). Current:");
    type(&terminal, "quit\n");
    wait_left(&terminal, 3);
    place_free(&here);
}

static void line_mode_killed_at_a_secret_leaves_a_terminal_that_echoes(void **unused)
{
    struct terminal terminal;
    struct termios modes;
    (void)unused;
    place_new(&here, NULL);
    open_terminal(&terminal, "dumb", line_words);
    say(&terminal, "Signed in as", "4\npaypal\n\n");
    wait_shown(&terminal, "PayPal, Client secret (required).");
    do      /* it is turned off right before the prompt */
        assert_int_equal(tcgetattr(terminal.fd, &modes), 0);
    while (modes.c_lflag & ECHO);
    kill(child_of(terminal.child), SIGKILL);
    wait_shown(&terminal, "Start it again to continue");
    tcgetattr(terminal.fd, &modes);
    assert_true(modes.c_lflag & ECHO);
    wait_left(&terminal, 128 + SIGKILL);
    place_free(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_service_refuses_stands_at_its_fields_in_full_screen),
        cmocka_unit_test(what_the_service_refuses_stands_at_its_questions_in_line_mode),
        cmocka_unit_test(what_the_service_refuses_is_told_with_its_fields_by_apply),
        cmocka_unit_test(a_company_elsewhere_is_refused_at_the_country),
        cmocka_unit_test(with_the_service_down_steps_are_saved_and_sent_when_it_is_back),
        cmocka_unit_test(line_mode_killed_within_a_step_comes_back_to_its_question),
        cmocka_unit_test(line_mode_killed_at_a_secret_leaves_a_terminal_that_echoes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
