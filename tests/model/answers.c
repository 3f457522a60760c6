#include "support/model.h"

#include "model/checklist.h"
#include "model/config.h"

#define CHECKLIST                                                                                                      \
    "checklist: t\ntitle: T\nservice: s\nchoices: {states: {WA: Washington, OR: Oregon}, by: [table, provider]}\n"       \
    "steps:\n- id: one\n  section: S\n  title: One\n  fields:\n"                                                        \
    "  - {name: a.name, label: Name, kind: text, required: yes}\n"                                                     \
    "  - {name: a.state, label: State, kind: one, choices: states}\n"                                                  \
    "  - {name: a.key, label: Key, kind: secret}\n"                                                                    \
    "  - {name: pay.providers, label: Providers, kind: many, choices: catalogue}\n"                                    \
    "  - {name: pay.methods, label: Methods, kind: map, keys: methods, choices: catalogue, among: pay.providers}\n"    \
    "  - {name: pay.credentials, label: Credentials, kind: described, each: pay.providers, as: p}\n"                   \
    "  - {name: map, label: Map, kind: map, each: markets, as: m, keys: ours, choices: 'theirs.{m}'}\n"                \
    "  - {name: tax.by, label: By, kind: one, choices: by, default: provider}\n"                                       \
    "  - {name: tax.rates, label: Rates, kind: table, key: state, required: yes, when: {tax.by: table}, columns:"      \
    " [{name: state, label: State, kind: one, choices: states, required: yes}, {name: rate, label: Rate, kind: rate}]}\n" \
    "- id: two\n  section: S\n  title: Two\n  when: {erp.version: r2}\n  fields:\n"                                    \
    "  - {name: extra.code, label: Code, kind: identifier, required: yes}\n"

static const struct { const char *config, *answers, *problems; } files[] = {
    { "{}", "a: {name: Contoso}", "" },
    { "{}", "{}", "1:1: a.name: Name is missing. Give any text.\n" },
    { "{}", "a:\n  state: WA\n", "2:3: a.name: Name is missing. Give any text.\n" },
    { "{erp: {version: r2}}", "a: {name: C}", "1:1: extra.code: Code is missing. Give letters, digits, dashes, dots and"
                                              " underscores, at most 64, a letter or digit first.\n" },
    { "{erp: {version: r1}}", "a: {name: C}\nextra: {code: a b}",
      "2:15: extra.code: \"a b\" is not a code. Give letters, digits, dashes, dots and underscores, at most 64, a letter or"
      " digit first.\n" },
    { "{}", "a: {name: C, stat: WA}", "1:14: there is no question \"a.stat\". Did you mean \"a.state\"?\n" },
    { "{}", "a: {name: C}\nb: c", "2:1: there is no question \"b\". \"commerce-setup questions\" lists them all.\n" },
    { "{}", "a: {name: C}\na.state: WA",
      "2:1: there is no question \"a.state\". Write the parts of the name inside each other, one level for each dot.\n" },
    { "{}", "a: {name: C}\ntax: provider", "2:6: \"tax\" stands for several questions: a map is wanted here\n" },
    { "{}", "a: {name: C}\ntax:", "" },
    { "{}", "a: {name: C, state: Washingtn}",
      "1:21: a.state: \"Washingtn\" is not one of the choices. Did you mean Washington (WA)?\n" },
    { "{}", "a: {name: C, key: hunter2}",
      "1:19: a.key: a secret cannot stand in an answers file. Name where it is: {file: PATH}, {credential: NAME} or {env: NAME}.\n" },
    { "{}", "a: {name: C, key: {file: /x}}", "" },
    { "{}", "a: {name: C, key: {env: X}}", "" },
    { "{}", "a: {name: C, key: {flie: /x}}",
      "1:19: a.key: a secret cannot stand in an answers file. Name where it is: {file: PATH}, {credential: NAME} or {env: NAME}.\n" },
    { "{}", "pay: {methods: {visa: stripe}, providers: [paypal]}\na: {name: C}",
      "1:23: pay.methods, row visa: \"stripe\" is not one of pay.providers. Add it there, or give one that is.\n" },
    { "{}", "a: {name: C}\npay: {credentials: {paypal: {id: x, key: {file: /y}}}, providers: [paypal]}", "" },
    { "{}", "a: {name: C}\npay: {credentials: {stripe: {id: [x]}}, providers: [paypal]}",
      "2:21: pay.credentials.stripe: \"stripe\" is not one of pay.providers. Add it there, or leave this out.\n"
      "2:34: pay.credentials.stripe: \"id\" must be a text, {file: PATH} or {env: NAME}\n" },
    { "{}", "a: {name: C}\nmap: {ebay: {color: c1}, amazon: [c2]}",
      "2:34: map.amazon: this is a list, and a map is wanted. Give a choice on the right for each on the left.\n" },
    { "{}", "a: {name: C}\ntax: {by: table}",
      "2:6: tax.rates: Rates is missing. Give a list of rows.\n" },
    { "{}", "a: {name: C}\ntax: {by: Table, rates: []}",
      "2:6: tax.rates: Rates is missing. Give a list of rows.\n" },
    { "{}", "a: {name: C}\ntax:\n  by: table\n  rates:\n  - {state: WA, rate: 101}\n  - {rate: 7}\n  - {state: wa, rat: 1}\n",
      "5:23: tax.rates.rate, row WA: \"101\" is not a rate. Give a rate from 0 to 100 percent with up to four decimals, such as"
      " 6.5.\n"
      "6:5: tax.rates.state, row #2: State is missing. Give one of the choices.\n"
      "7:5: tax.rates, row wa: there is no column \"rat\". Did you mean \"rate\"?\n"
      "7:5: tax.rates.state, row wa: \"WA\" is there twice. Keep one of the rows, or give the other a different one.\n" },
    { "{}", "[a]", "1:1: an answers file is a map of names and values\n" },
};

static void an_answers_file_is_checked_without_the_service_and_all_at_once(void **state)
{
    char *path = file_with(CHECKLIST);
    struct problems problems = { 0 };
    struct checklist *checklist = checklist_read(path, &problems);

    (void)state;
    if (!checklist)
        fail_msg("%s", problems_lines(&problems));
    for (size_t i = 0; i < LENGTH(files); i++) {
        struct value *config = yaml(files[i].config), *answers = yaml(files[i].answers);

        assert_int_equal(checklist_check_answers(checklist, answers, config, "answers.yaml", true, &problems),
                         files[i].problems[0] == '\0');
        assert_problems(&problems, files[i].problems);
        value_free(config);
        value_free(answers);
    }
    checklist_free(checklist);
    file_gone(path);
}

static const struct { const char *config, *problems; } configs[] = {
    { "{}", "" },
    { "service:", "" },
    { "checklist: commerce-services", "" },
    { "{service: {address: https://commerce.example.com:8443/base}}", "" },
    { "{service: {address: http://127.0.0.1:8080}}", "" },
    { "{service: {address: 'http://[::1]:8080/'}}", "" },
    { "{service: {address: http://commerce.example.com}}",
      "1:21: service.address: \"http://commerce.example.com\" is not an address of a service. Give an https:// address: what is"
      " sent holds passwords.\n" },
    { "{service: {address: http://localhost.evil.example}}",
      "1:21: service.address: \"http://localhost.evil.example\" is not an address of a service. Give an https:// address: what"
      " is sent holds passwords.\n" },
    { "{service: {address: commerce.example.com}}",
      "1:21: service.address: \"commerce.example.com\" is not an address of a service. Give an address such as"
      " https://commerce.example.com.\n" },
    { "{service: {address: 'https://kim:hunter2@commerce.example.com'}}",
      "1:21: service.address may not hold a user name or password\n" },
    { "{service: {proxy: 'http://kim:hunter2@proxy.example.com:3128'}}", "" },
    { "{service: {proxy: 'hunter2@proxy'}}",
      "1:19: service.proxy is not the address of a proxy. Give an address such as http://proxy.example.com:3128.\n" },
    { "{service: {ca_file: ca.pem}}", "1:21: service.ca_file must be a path that starts with /\n" },
    { "{service: {adress: x}}", "1:12: \"service.adress\" is not a name of the configuration. Did you mean \"service.address\"?\n" },
    { "{service: https://x.example}", "1:11: \"service\" must be a map of names and values\n" },
    { "{service: {sign_in_hosts: [a.example, 'b c']}}",
      "1:27: service.sign_in_hosts must be a list of host names. Write [login.example.com].\n" },
    { "{service: {client_secret: {file: /etc/secret}, client_auth: post}}", "" },
    { "{service: {client_secret: {credential: commerce-setup.client-secret}}}", "" },
    { "{service: {client_secret: hunter2}}",
      "1:27: service.client_secret must say where the secret is. Write {file: /etc/commerce-setup/client-secret}, or"
      " {credential: NAME} for $CREDENTIALS_DIRECTORY/NAME.\n" },
    { "{service: {client_secret: {credential: ../x}}}",
      "1:27: service.client_secret must say where the secret is. Write {file: /etc/commerce-setup/client-secret}, or"
      " {credential: NAME} for $CREDENTIALS_DIRECTORY/NAME.\n" },
    { "{service: {client_auth: header}}", "1:25: \"header\" is not a word for service.client_auth. There are: basic, post.\n" },
    { "{erp: {version: ax2012-r2, change_tracking_check: [sqlcmd, -E], other_check: [true]}}",  "" },
    { "{erp: {version: 2012}}",
      "1:17: \"2012\" is not a word for erp.version. Did you mean \"ax2012\"?\n" },
    { "{erp: {version: ax2012r2}}", "1:17: \"ax2012r2\" is not a word for erp.version. Did you mean \"ax2012-r2\"?\n" },
    { "{erp: {change_tracking_check: {run: [isql, -b, ERP], input: SELECT 1}}}", "" },
    { "{erp: {change_tracking_check: {run: [isql], inptu: SELECT 1}}}",
      "1:45: \"inptu\" is not a word of a command. Did you mean \"input\"?\n" },
    { "{erp: {change_tracking_check: {input: SELECT 1}}}", "1:31: \"run\" is missing here\n" },
    { "{erp: {change_tracking_check: sqlcmd -E}}",
      "1:31: erp.change_tracking_check must be a list of texts: a program and its arguments. Write [sqlcmd, -S, server, -Q,"
      " \"...\"]: no shell reads it.\n" },
    { "{interface: {ascii: 1, color: sometimes}}",
      "1:21: interface.ascii must be yes or no\n"
      "1:31: \"sometimes\" is not a word for interface.color. There are: auto, always, never.\n" },
    { "[x]", "1:1: a configuration is a map of names and values\n" },
};

static void a_configuration_is_checked_name_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(configs); i++) {
        struct value *config = yaml(configs[i].config);
        struct problems problems = { 0 };

        assert_int_equal(config_check(config, "(test)", &problems), configs[i].problems[0] == '\0');
        assert_problems(&problems, configs[i].problems);
        value_free(config);
    }
}

static void the_line_of_an_address_with_a_password_is_not_repeated(void **state)
{
    char *path = file_with("service:\n  address: https://kim:hunter2@commerce.example.com\n  proxy: hunter2\n  ca_file: x\n");
    struct problem why = { 0 };
    struct value *config = yaml_read_file(path, YAML_LIMIT, &why);
    struct problems problems = { 0 };

    (void)state;
    assert_false(config_check(config, path, &problems));
    assert_int_equal(problems.count, 3);
    assert_null(problems.items[0].excerpt);
    assert_null(problems.items[1].excerpt);
    assert_string_equal(problems.items[2].excerpt, "  ca_file: x");
    for (size_t i = 0; i < problems.count; i++)
        assert_null(strstr(problems.items[i].text, "hunter2"));
    problems_clear(&problems);
    value_free(config);
    file_gone(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answers_file_is_checked_without_the_service_and_all_at_once),
        cmocka_unit_test(a_configuration_is_checked_name_by_name),
        cmocka_unit_test(the_line_of_an_address_with_a_password_is_not_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
