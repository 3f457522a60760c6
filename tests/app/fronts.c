/*
 * One core, three front ends: the same answers typed in full screen, typed in line mode and read by apply, each against a
 * try-out service of its own, leave the same state and the same credentials, byte for byte.
 *
 * Left out of the comparison is only what no two runs share: the day a secret was set, how often the file was written and
 * its checksum, and the ids that each service makes up for the account and the activation.
 */
#include <regex.h>

#include "support/typist.h"

static const char answers[] =
    "account: {organization: Contoso Outdoor, legal_entity: USMF, contact_name: Kim Akers, email: commerce@contoso.example,\n"
    "  phone: +1 425 555 0150, street: 4567 Main Street, city: Redmond, state: WA, zip: \"98052\", country: US,\n"
    "  time_zone: America/Los_Angeles, currency: USD, environment: test}\n"
    "payment:\n"
    "  providers: [paypal, authorize-net]\n"
    "  credentials:\n"
    "    paypal: {client_id: AYSq3RDGsmBL, client_secret: {file: paypal}, merchant_email: payments@contoso.example}\n"
    "    authorize-net: {api_login_id: 5KP3u95bQpv, transaction_key: {file: transaction}, signature_key: {file: signature}}\n"
    "  methods: {visa: authorize-net, mastercard: authorize-net, paypal: paypal}\n"
    "shipping:\n"
    "  methods:\n"
    "  - {code: GROUND, carrier: UPS, service: Ground, name: \"Standard delivery, 3 to 5 days\", charge: \"7.95\", regions: [US]}\n"
    "  - {code: 2DAY, carrier: UPS, service: 2nd Day Air, name: Second day, charge: \"19.50\", regions: [US], enabled: yes}\n"
    "  - {code: PICKUP, carrier: Contoso, service: Store, name: At our store, charge: \"0\", regions: [WA, OR], enabled: no}\n"
    "sales_tax:\n"
    "  by: table\n"
    "  rates:\n"
    "  - {state: WA, rate: \"6.5\", shipping_taxed: yes}\n"
    "  - {state: CA, rate: \"7.25\"}\n"
    "attributes:\n"
    "  map:\n"
    "    ebay: {color: ebay-00013, size: ebay-00015}\n"
    "    etsy: {color: etsy-00013}\n"
    "parameters: {hierarchy: retail-products, category: cat-0000001, charge_code: SHIP-ONLINE}\n";

static const char *const service[] = {"--activation-seconds", "0", "--seed-categories", "2000", NULL};
static const char *const screen_words[] = {"--token-file", "token", NULL};
static const char *const line_words[] = {"--line", "--token-file", "token", NULL};
static const char *const apply_words[] = {"apply", "answers.yaml", "--wait", "--token-file", "token", NULL};

/* Several choices of a list: each filter is followed by Space. */
static void choose_many(struct terminal *terminal, const char *label, const char *const *filters)
{
    focus(terminal, label);
    enter(terminal);
    wait_shown(terminal, "Filter:");
    for (; *filters; filters++) {
        type(terminal, filters[0]);
        char *marked = text_format("Filter: %s", *filters);
        wait_shown(terminal, marked);
        free(marked);
        type(terminal, " \025");
        wait_shown(terminal, "Filter:  ");
    }
    enter(terminal);
    wait_gone(terminal, "Filter:");
}

/* A row that has both. */
static void wait_row(struct terminal *terminal, const char *one, const char *other)
{
    int64_t until = now_ms() + PATIENCE_MS;
    for (bool found = false; !found;) {
        for (int row = 0; row < terminal->rows && !found; row++) {
            char *text = row_text(terminal, row);
            found = strstr(text, one) && strstr(text, other);
            free(text);
        }
        if (!found && !receive(terminal, 100) && now_ms() > until)
            fail_with_screen(terminal, other);
    }
}

struct pair { const char *left, *shown, *right, *choice; };

static void choose_pairs(struct terminal *terminal, const char *label, const struct pair *pairs, size_t count)
{
    focus(terminal, label);
    enter(terminal);
    for (size_t i = 0; i < count; i++) {
        wait_shown(terminal, "Filter:");
        type(terminal, "\025");
        type(terminal, pairs[i].left);
        char *left = text_format("> %s", pairs[i].shown), *asked = text_format(": %s", pairs[i].shown);
        char *right = text_format("> %s", pairs[i].choice), *done = text_format("-> %s", pairs[i].choice);
        wait_shown(terminal, left);
        enter(terminal);
        wait_shown(terminal, asked);
        type(terminal, pairs[i].right);
        wait_shown(terminal, right);
        enter(terminal);
        wait_row(terminal, pairs[i].shown, done);
        free(left);
        free(asked);
        free(right);
        free(done);
    }
    type(terminal, "\033");
    wait_shown(terminal, "Filter:  ");
    type(terminal, "\033");
    wait_gone(terminal, "Filter:");
}

static void send_step(struct terminal *terminal, const char *told)
{
    type(terminal, "\016");     /* Ctrl-N: on */
    wait_shown(terminal, told);
}

static void account_on_screen(struct terminal *terminal)
{
    fill(terminal, "Organization", "Contoso Outdoor");
    fill(terminal, "Legal entity", "USMF");
    fill(terminal, "Contact name", "Kim Akers");
    fill(terminal, "E-mail", "commerce@contoso.example");
    fill(terminal, "Phone", "+1 425 555 0150");
    fill(terminal, "Street", "4567 Main Street");
    fill(terminal, "City", "Redmond");
    choose(terminal, "State *", "washi", "Washington");
    fill(terminal, "ZIP code", "98052");
    choose(terminal, "Time zone", "los ang", "Pacific");
    choose(terminal, "Environment", "other", "An environment");
    send_step(terminal, "Account information: sent.");
}

static void payment_on_screen(struct terminal *terminal)
{
    static const struct pair pairs[] = {{"visa", "Visa", "auth", "Authorize.Net"}, {"master", "Mastercard", "auth", "Authorize.Net"},
                                        {"paypal", "PayPal", "paypal", "PayPal"}};
    static const char *const providers[] = {"paypal", "authorize", NULL};
    choose_many(terminal, "Providers", providers);
    fill(terminal, "Client ID", "AYSq3RDGsmBL");
    fill_secret(terminal, "Client secret", "hush one");
    fill(terminal, "Merchant e-mail", "payments@contoso.example");
    fill(terminal, "API login ID", "5KP3u95bQpv");
    fill_secret(terminal, "Transaction key", "hush two");
    fill_secret(terminal, "Signature key", "hush three");
    send_step(terminal, "Payment providers: sent.");
    choose_pairs(terminal, "Payment methods *", pairs, LENGTH(pairs));
    send_step(terminal, "Payment methods: sent.");
}

static void shipping_on_screen(struct terminal *terminal)
{
    static const char *const rows[][5] = {
        {"GROUND", "UPS", "Ground", "Standard delivery, 3 to 5 days", "7.95"},
        {"2DAY", "UPS", "2nd Day Air", "Second day", "19.50"},
        {"PICKUP", "Contoso", "Store", "At our store", "0"},
    };
    static const char *const everywhere[] = {"united", NULL}, *const some[] = {"washington", "oregon", NULL};
    static const char *const labels[] = {"Code *", "Carrier *", "Service *", "Name *", "Charge *"};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        focus(terminal, "+ add a row");
        enter(terminal);
        wait_shown(terminal, "a new row");
        for (size_t j = 0; j < LENGTH(labels); j++)
            fill(terminal, labels[j], rows[i][j]);
        choose_many(terminal, "Delivery regions", i == 2 ? some : everywhere);
        if (i == 2) {
            focus(terminal, "Enabled");
            type(terminal, " ");
            wait_shown(terminal, "  No");
        }
        type(terminal, "\016");
        wait_gone(terminal, "a new row");
    }
    send_step(terminal, "Shipping methods: sent.");
}

static void tax_on_screen(struct terminal *terminal)
{
    choose(terminal, "Computed by", "table", "The table of rates");
    for (int i = 0; i < 2; i++) {
        focus(terminal, "+ add a row");
        enter(terminal);
        wait_shown(terminal, "a new row");
        choose(terminal, "State *", i ? "calif" : "washi", i ? "California" : "Washington");
        fill(terminal, "Rate *", i ? "7.25" : "6.5");
        if (i == 0) {
            focus(terminal, "Shipping is taxed");
            type(terminal, " ");
            wait_shown(terminal, "  Yes");
        }
        type(terminal, "\016");
        wait_gone(terminal, "a new row");
    }
    send_step(terminal, "Sales tax: sent.");
}

static void attributes_on_screen(struct terminal *terminal)
{
    static const struct pair pairs[] = {{"color", "Color", "color", "Color"}, {"size", "Size", "size", "Size"}};
    choose_pairs(terminal, "Attributes on eBay", pairs, 2);
    choose_pairs(terminal, "Attributes on Etsy", pairs, 1);
    send_step(terminal, "Attribute mapping: sent.");
}

static void in_full_screen(void)
{
    struct terminal terminal;
    open_terminal(&terminal, "xterm-256color", screen_words);
    wait_shown(&terminal, "as admin@contoso.example");
    wait_cursor_at(&terminal, "Check prerequisites");
    enter(&terminal);
    wait_shown(&terminal, "[ Run the checks ]");
    type(&terminal, "\016");
    wait_shown(&terminal, "the service answers");
    type(&terminal, "\033");
    wait_shown(&terminal, "passed, 1 warning");
    focus(&terminal, "Account information   ");
    enter(&terminal);
    wait_shown(&terminal, "Organization");
    account_on_screen(&terminal);
    payment_on_screen(&terminal);
    shipping_on_screen(&terminal);
    tax_on_screen(&terminal);
    attributes_on_screen(&terminal);
    send_step(&terminal, "Activate online service: done.");
    choose(&terminal, "Company category hierarchy", "retail", "Retail products");
    choose(&terminal, "Category *", "shoes", "Shoes");
    choose(&terminal, "Shipping charge code", "sold online", "Shipping of products sold online");
    send_step(&terminal, "Parameters: sent.");
    type(&terminal, "\033[20~");     /* F9 */
    wait_shown(&terminal, "Complete: every step is done.");     /* on the normal screen, and what is to be done elsewhere with it */
    wait_shown(&terminal, "What comes next:");
    wait_left(&terminal, 0);
}

static void in_line_mode(void)
{
    struct terminal terminal;
    open_terminal(&terminal, "dumb", line_words);
    say(&terminal, "Signed in as", "1\n\n");
    say(&terminal, "Enter goes on; run", "back\n3\n");
    say(&terminal, "Organization (required)", "Contoso Outdoor\nUSMF\nKim Akers\ncommerce@contoso.example\n+1 425 555 0150\n"
                   "4567 Main Street\nRedmond\nwashi\n98052\n\nPacific (Los\n\ntest\nsave\n");
    say(&terminal, "Account information: sent.", "paypal, auth\nAYSq3RDGsmBL\n");
    say(&terminal, "PayPal, Client secret (required).", "hush one\n");
    say(&terminal, "Merchant e-mail", "payments@contoso.example\n5KP3u95bQpv\n");
    say(&terminal, "Authorize.Net, Transaction key", "hush two\n");
    say(&terminal, "Authorize.Net, Signature key", "hush three\nsave\n");
    say(&terminal, "Payment providers: sent.", "visa = auth\nmastercard = auth\npaypal = paypal\nsave\n");
    say(&terminal, "Payment methods: sent.", "add\nGROUND\nUPS\nGround\nStandard delivery, 3 to 5 days\n7.95\nUS\n\n"
                                             "add\n2DAY\nUPS\n2nd Day Air\nSecond day\n19.50\nUS\nyes\n"
                                             "add\nPICKUP\nContoso\nStore\nAt our store\n0\nwashington, oregon\nno\nsave\n");
    say(&terminal, "Shipping methods: sent.", "table\nadd\nwashi\n6.5\nyes\nadd\ncalif\n7.25\n\nsave\n");
    say(&terminal, "Sales tax: sent.", "find ebay\ngo 1\ncolor = color\nsize = size\n\ncolor = color\nsave\n");
    say(&terminal, "Attribute mapping: sent.", "\n");
    say(&terminal, "Activate online service: done.", "retail\n/shoes\n1\nShipping of products sold\nsave\n");
    say(&terminal, "Complete. What comes next:", "\n");
    wait_left(&terminal, 0);
}

static void by_apply(void)
{
    place_write(&here, "answers.yaml", answers);
    place_write(&here, "paypal", "hush one\n");
    place_write(&here, "transaction", "hush two\n");
    place_write(&here, "signature", "hush three\n");
    if (place_run(&here, NULL, apply_words) != 0)
        fail_msg("%s", text_bytes(&here.said));
    place_says(&here, "Complete: every step is done.");
}

/* Each match is replaced by what it is. Yours. */
static char *without(char *text, const char *pattern, const char *what)
{
    struct text out = {0};
    regmatch_t match;
    regex_t regex;
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE), 0);
    const char *at = text;
    while (regexec(&regex, at, 1, &match, 0) == 0) {
        text_add_bytes(&out, at, (size_t)match.rm_so);
        text_add(&out, what);
        at += match.rm_eo;
    }
    text_add(&out, at);
    regfree(&regex);
    free(text);
    return text_take(&out);
}

static char *kept(const char *file)
{
    char *text = place_read(&here, file);
    assert_true(*text);
    text = without(text, "sha256 [0-9a-f]{64}", "(checksum)");
    text = without(text, "generation: [0-9]+", "(how often written)");
    text = without(text, "[0-9]{4}-[0-9]{2}-[0-9]{2}", "(day)");
    text = without(text, "acc_[0-9a-f]+", "(account)");
    return without(text, "op_[0-9a-f]+", "(operation)");
}

struct outcome {
    char *state, *credentials;
};

static struct outcome outcome_of(void (*front)(void))
{
    place_new(&here, service);
    front();
    struct outcome outcome = {kept("state/state.yaml"), kept("state/credentials.yaml")};
    place_free(&here);
    return outcome;
}

static void outcome_clear(struct outcome *outcome)
{
    free(outcome->state);
    free(outcome->credentials);
}

static void the_same_answers_leave_the_same_files_through_all_three_front_ends(void **unused)
{
    (void)unused;
    struct outcome apply = outcome_of(by_apply);
    struct outcome line = outcome_of(in_line_mode), screen = outcome_of(in_full_screen);
    assert_non_null(strstr(apply.state, "parameters: yes"));
    assert_string_equal(line.state, apply.state);
    assert_string_equal(line.credentials, apply.credentials);
    assert_string_equal(screen.state, apply.state);
    assert_string_equal(screen.credentials, apply.credentials);
    outcome_clear(&apply);
    outcome_clear(&line);
    outcome_clear(&screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_answers_leave_the_same_files_through_all_three_front_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
