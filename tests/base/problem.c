#include "support/check.h"

#include <errno.h>
#include <string.h>

#include "base/problem.h"

static void says(const struct problem *problem, const char *line)
{
    struct text out = { 0 };

    problem_line(problem, &out);
    assert_string_equal(out.bytes, line);
    text_clear(&out);
}

static void a_problem_is_told_in_one_line(void **state)
{
    struct problem why = { 0 };

    (void)state;
    problem_set(&why, PROBLEM_ANSWER, "\"%s\" is not a ZIP code", "9805");
    says(&why, "\"9805\" is not a ZIP code");
    problem_advise(&why, "Give 5 digits, or 5 digits, a dash and 4 digits.");
    says(&why, "\"9805\" is not a ZIP code. Give 5 digits, or 5 digits, a dash and 4 digits.");
    problem_at_field(&why, "account.zip", NULL);
    problem_at(&why, "answers.yaml", (struct mark){ 12, 9 });
    says(&why, "answers.yaml:12:9: account.zip: \"9805\" is not a ZIP code. "
               "Give 5 digits, or 5 digits, a dash and 4 digits.");
    problem_at_field(&why, "shipping.methods.code", "ground");
    problem_at(&why, NULL, (struct mark){ 0 });
    says(&why, "shipping.methods.code, row ground: \"9805\" is not a ZIP code. "
               "Give 5 digits, or 5 digits, a dash and 4 digits.");
    problem_clear(&why);
    assert_int_equal(why.kind, PROBLEM_NONE);
}

static void a_full_stop_is_not_put_twice(void **state)
{
    struct problem why = { 0 };

    (void)state;
    problem_set(&why, PROBLEM_SERVICE, "The name is taken.");
    problem_advise(&why, "Choose another.");
    says(&why, "The name is taken. Choose another.");
    problem_clear(&why);
}

static void nothing_from_outside_reaches_a_terminal_raw(void **state)
{
    struct problem why = { 0 };

    (void)state;
    problem_set(&why, PROBLEM_SERVICE, "refused: \x1B]52;c;eA==\x07 \xE2\x80\xAE");
    problem_at(&why, "a\nb\x1B[31m", (struct mark){ 1, 1 });
    says(&why, "a b<1B>[31m:1:1: refused: <1B>]52;c;eA==<07> <202E>");
    problem_clear(&why);
}

static void the_line_at_fault_is_shown_with_a_caret(void **state)
{
    static const char file[] = "first\r\n\tname: \xC3\xA9\xE4\xB8\xAD x\r\nlast";
    struct problem why = { 0 };
    struct text out = { 0 };

    (void)state;
    problem_set(&why, PROBLEM_CONFIG, "wrong");
    problem_at(&why, "f", (struct mark){ 2, 11 });
    problem_quote(&why, file, sizeof file - 1);
    problem_page(&why, &out);
    /* A tab is one blank, the wide character takes two columns. */
    assert_string_equal(out.bytes, "f:2:11: wrong\n     name: \xC3\xA9\xE4\xB8\xAD x\n               ^\n");
    text_empty(&out);
    problem_at(&why, "f", (struct mark){ 3, 4 });
    problem_quote(&why, file, sizeof file - 1);
    problem_page(&why, &out);
    assert_string_equal(out.bytes, "f:3:4: wrong\n    last\n       ^\n");
    text_clear(&out);
    problem_clear(&why);
}

static void of_a_long_line_the_part_around_the_caret_is_shown(void **state)
{
    char line[1000];
    struct problem why = { 0 };
    struct text out = { 0 };
    char *second, *third;

    (void)state;
    memset(line, 'x', sizeof line);
    line[600] = '!';
    problem_set(&why, PROBLEM_CONFIG, "wrong");
    problem_at(&why, "f", (struct mark){ 1, 601 });
    problem_quote(&why, line, sizeof line);
    problem_page(&why, &out);
    second = strchr(out.bytes, '\n') + 1;
    third = strchr(second, '\n') + 1;
    assert_true(third - second < 90);
    assert_int_equal(strchr(second, '!') - second, strchr(third, '^') - third);
    text_clear(&out);
    problem_clear(&why);
}

static void a_line_that_is_not_there_is_not_quoted(void **state)
{
    struct problem why = { 0 };

    (void)state;
    problem_set(&why, PROBLEM_CONFIG, "wrong");
    problem_at(&why, "f", (struct mark){ 5, 1 });
    problem_quote(&why, "one\ntwo", 7);
    problem_quote(&why, NULL, 0);
    assert_null(why.excerpt);
    problem_clear(&why);
}

static void what_the_system_refused_names_file_and_reason(void **state)
{
    struct problem why = { 0 };

    (void)state;
    errno = EACCES;
    assert_false(problem_errno(&why, "/etc/shadow", "cannot be read"));
    assert_int_equal(why.kind, PROBLEM_FILE);
    says(&why, "/etc/shadow cannot be read: Permission denied");
    problem_clear(&why);
}

static void nobody_needs_to_listen(void **state)
{
    (void)state;
    problem_set(NULL, PROBLEM_FILE, "unheard");
    problem_advise(NULL, "unheard");
    problem_at(NULL, "f", (struct mark){ 0 });
    problem_at_field(NULL, "f", NULL);
    problem_quote(NULL, "x", 1);
    assert_false(problem_errno(NULL, "p", "w"));
}

static void a_problem_may_be_set_from_its_own_parts(void **state)
{
    struct problem why = { 0 }, copy;

    (void)state;
    problem_set(&why, PROBLEM_FILE, "inner");
    problem_at_field(&why, "a.b", "r");
    problem_at_field(&why, why.field, why.row);
    problem_set(&why, PROBLEM_CONFIG, "outer: %s", why.text);
    copy = problem_copy(&why);
    says(&copy, "outer: inner");
    problem_clear(&copy);
    problem_clear(&why);
}

static void problems_are_gathered_and_found_by_field(void **state)
{
    struct problems all = { 0 };
    struct problem why = { 0 };

    (void)state;
    problem_set(&why, PROBLEM_ANSWER, "first");
    problem_at_field(&why, "a", "1");
    problems_add(&all, &why);
    assert_null(why.text);
    problem_set(&why, PROBLEM_ANSWER, "second");
    problem_at_field(&why, "a", "2");
    problems_add(&all, &why);
    assert_string_equal(problems_at(&all, "a", NULL)->text, "first");
    assert_string_equal(problems_at(&all, "a", "2")->text, "second");
    assert_null(problems_at(&all, "a", "3"));
    assert_null(problems_at(&all, "b", NULL));
    problems_clear(&all);
    assert_int_equal(all.count, 0);
}

/* Scripts depend on them: /usr/include/sysexits.h and design.md. */
static void exit_statuses_are_frozen(void **state)
{
    static const struct { enum problem_kind kind; int status; } rows[] = {
        { PROBLEM_NONE, 0 },      { PROBLEM_USAGE, 64 },  { PROBLEM_ANSWER, 65 }, { PROBLEM_UNREACHABLE, 69 },
        { PROBLEM_INTERNAL, 70 }, { PROBLEM_CREATE, 73 }, { PROBLEM_FILE, 74 },   { PROBLEM_LATER, 75 },
        { PROBLEM_SERVICE, 76 },  { PROBLEM_SIGN_IN, 77 }, { PROBLEM_CONFIG, 78 },
        { PROBLEM_CHANGED, 4 },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(problem_exit_status(rows[i].kind), rows[i].status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_is_told_in_one_line),
        cmocka_unit_test(a_full_stop_is_not_put_twice),
        cmocka_unit_test(nothing_from_outside_reaches_a_terminal_raw),
        cmocka_unit_test(the_line_at_fault_is_shown_with_a_caret),
        cmocka_unit_test(of_a_long_line_the_part_around_the_caret_is_shown),
        cmocka_unit_test(a_line_that_is_not_there_is_not_quoted),
        cmocka_unit_test(what_the_system_refused_names_file_and_reason),
        cmocka_unit_test(nobody_needs_to_listen),
        cmocka_unit_test(a_problem_may_be_set_from_its_own_parts),
        cmocka_unit_test(problems_are_gathered_and_found_by_field),
        cmocka_unit_test(exit_statuses_are_frozen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
