#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/random.h"
#include "yaml/doc.h"

static struct value *read_text(const char *text, struct problem *why)
{
    return yaml_read(text, strlen(text), "f.yaml", why);
}

static void a_document_becomes_a_value(void **state)
{
    struct problem why = { 0 };
    struct value *root = read_text("# a comment\n"
                                   "account:\n"
                                   "  organization: Contoso Retail\n"
                                   "  zip: \"98052\"\n"
                                   "methods:\n"
                                   "- {code: ground, charge: 7.50, enabled: yes}\n"
                                   "- code: air\n"
                                   "  note: |\n"
                                   "    two\n"
                                   "    lines\n", &why);

    (void)state;
    assert_non_null(root);
    assert_string_equal(value_text(root, "account.organization"), "Contoso Retail");
    assert_string_equal(value_text(root, "methods.0.charge"), "7.50");
    assert_int_equal(value_at(root, "methods.0.charge")->scalar, SCALAR_NUMBER);
    assert_int_equal(value_at(root, "account.zip")->scalar, SCALAR_TEXT);
    assert_true(value_yes(root, "methods.0.enabled"));
    assert_string_equal(value_text(root, "methods.1.note"), "two\nlines\n");
    value_free(root);
}

static void test_byte_order_mark_and_crlf_are_skipped(void **state)
{
    static const char *const texts[] = { "a: x\nb: [y]\n", "\xEF\xBB\xBF" "a: x\nb: [y]\n", "\xEF\xBB\xBF" "a: x\r\nb: [y]\r\n", "a: x\r\nb: [y]\r\n...\r\n",
                                         "\xEF\xBB\xBF---\na: x\nb: [y]\n", "\xEF\xBB\xBF# c\r\na: x\r\nb: [y]\r\n" };

    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct problem why = { 0 };
        struct value *root = read_text(texts[i], &why);

        assert_non_null(root);
        assert_int_equal(value_count(root), 2);
        assert_string_equal(value_text(root, "a"), "x");
        assert_string_equal(value_text(root, "b.0"), "y");
        value_free(root);
    }
}

static void every_node_and_name_knows_its_place(void **state)
{
    struct problem why = { 0 };
    struct value *root = read_text("a: 1\nb:\n- \xC3\xA9: {c: x}\n", &why), *row = value_at(root, "b.0");

    (void)state;
    assert_int_equal(root->mark.line, 1);
    assert_int_equal(value_at(root, "a")->mark.column, 4);
    assert_int_equal(value_name_mark(root, 1).line, 2);
    assert_int_equal(value_name_mark(root, 1).column, 1);
    assert_int_equal(value_name_mark(row, 0).column, 3);
    assert_int_equal(value_item(row, 0)->mark.line, 3);
    assert_int_equal(value_item(row, 0)->mark.column, 6);      /* characters, not bytes */
    value_put_text(root, "more", "made later");
    assert_int_equal(value_name_mark(root, 2).line, 0);
    value_free(root);
}

/* YAML 1.2.2, 10.3.2, and yes and no. */
static void plain_scalars_follow_the_core_schema(void **state)
{
    static const struct { const char *plain; enum scalar scalar; const char *text; } rows[] = {
        { "word", SCALAR_TEXT, "word" }, { "true", SCALAR_YESNO, "true" }, { "False", SCALAR_YESNO, "False" },
        { "NO", SCALAR_YESNO, "NO" }, { "no", SCALAR_YESNO, "no" }, { "Null", SCALAR_TEXT, "Null" }, { "on", SCALAR_TEXT, "on" }, { "y", SCALAR_TEXT, "y" },
        { "yEs", SCALAR_TEXT, "yEs" }, { "null", SCALAR_NOTHING, "" }, { "~", SCALAR_NOTHING, "" }, { "", SCALAR_NOTHING, "" },
        { "0", SCALAR_NUMBER, "0" }, { "-12", SCALAR_NUMBER, "-12" }, { "+3", SCALAR_NUMBER, "+3" },
        { "007", SCALAR_NUMBER, "007" }, { "0x1F", SCALAR_NUMBER, "0x1F" }, { "0o17", SCALAR_NUMBER, "0o17" },
        { "1.50", SCALAR_NUMBER, "1.50" }, { ".5", SCALAR_NUMBER, ".5" }, { "1.", SCALAR_NUMBER, "1." },
        { "1e3", SCALAR_NUMBER, "1e3" }, { "-.inf", SCALAR_NUMBER, "-.inf" }, { ".NaN", SCALAR_NUMBER, ".NaN" },
        { "1e", SCALAR_TEXT, "1e" }, { "0x", SCALAR_TEXT, "0x" }, { "0o8", SCALAR_TEXT, "0o8" }, { ".", SCALAR_TEXT, "." },
        { "1.2.3", SCALAR_TEXT, "1.2.3" }, { "12:30", SCALAR_TEXT, "12:30" }, { "1_000", SCALAR_TEXT, "1_000" },
        { "2026-11-20", SCALAR_TEXT, "2026-11-20" }, { "\"yes\"", SCALAR_TEXT, "yes" }, { "'1'", SCALAR_TEXT, "1" },
        { "\"\"", SCALAR_TEXT, "" }, { ">-\n  1", SCALAR_TEXT, "1" }, { "+-1", SCALAR_TEXT, "+-1" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct problem why = { 0 };
        char *text = text_format("a: %s\n", rows[i].plain);
        struct value *root = read_text(text, &why), *value = value_member(root, "a");

        assert_non_null(value);
        assert_string_equal(value->text, rows[i].text);
        assert_int_equal(value->scalar, rows[i].scalar);
        value_free(root);
        free(text);
    }
}

static void an_empty_document_is_an_empty_map(void **state)
{
    static const char *const texts[] = { "", "\n\n", "# only a comment\n", "---\n...\n", "\xEF\xBB\xBF", "{}\n...\n" };

    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct problem why = { 0 };
        struct value *root = read_text(texts[i], &why);

        assert_non_null(root);
        assert_int_equal(value_count(root), 0);
        value_free(root);
    }
}

static void what_is_not_allowed_is_told_with_its_place(void **state)
{
    static const struct { const char *text; int line, column; const char *says; } rows[] = {
        { "a: 1\nb: &x 2\n", 2, 4, "the anchor \"&x\" is not allowed" },
        { "a: 1\nb: *x\n", 2, 4, "the alias \"*x\" is not allowed" },
        { "a: !!str 1\n", 1, 4, "the tag \"tag:yaml.org,2002:str\" is not allowed" },
        { "a: !x [1]\n", 1, 4, "the tag \"!x\" is not allowed" },
        { "&k a: 1\n", 1, 1, "the anchor \"&k\" is not allowed" },
        { "a: 1\nb: 2\na: 3\n", 3, 1, "\"a\" is given twice" },
        { "a: {b: 1, b: 2}\n", 1, 11, "\"b\" is given twice" },
        { "[a]: 1\n", 1, 1, "a list or map cannot be a name" },
        { "? {a: b}\n: 1\n", 1, 3, "a list or map cannot be a name" },
        { "*a : 1\n", 1, 1, "an alias is not allowed as a name" },
        { "a: 1\n---\nb: 2\n", 2, 1, "a second document starts here" },
        { "a: \"x\\0y\"\n", 1, 4, "a text holds the character NUL" },
        { "\"x\\0\": y\n", 1, 1, "a name holds the character NUL" },
        { "a: 1\nb: \xC3(\n", 2, 5, "there is a byte that is not text here: invalid trailing UTF-8 octet" },
        { "a: 1\nb: \x1B\n", 2, 4, "there is a byte that is not text here: control characters are not allowed" },
        { "a: b: c\n", 1, 5, "this is not valid YAML: mapping values are not allowed in this context" },
        { "a: \"x\n", 2, 1, "this is not valid YAML: found unexpected end of stream while scanning a quoted scalar" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct problem why = { 0 };

        assert_null(read_text(rows[i].text, &why));
        assert_int_equal(why.kind, PROBLEM_CONFIG);
        assert_string_equal(why.text, rows[i].says);
        assert_string_equal(why.file, "f.yaml");
        if (why.mark.line != rows[i].line || why.mark.column != rows[i].column)
            print_error("%s is told at %d:%d\n", rows[i].text, why.mark.line, why.mark.column);
        assert_int_equal(why.mark.line, rows[i].line);
        assert_int_equal(why.mark.column, rows[i].column);
        assert_non_null(why.advice);
        problem_clear(&why);
    }
}

static void the_line_at_fault_comes_with_the_problem(void **state)
{
    struct problem why = { 0 };

    (void)state;
    assert_null(read_text("a: 1\n  b: 2\n", &why));
    assert_string_equal(why.excerpt, "  b: 2");
    problem_clear(&why);
    assert_null(yaml_read("a: \0b\n", 6, "f.yaml", &why));
    assert_string_equal(why.text, "there is a NUL byte here");
    assert_int_equal(why.mark.column, 4);
    problem_clear(&why);
    assert_null(read_text("[", NULL));
}

static void nesting_ends_at_32(void **state)
{
    static const struct { const char *open; int times; bool good; } rows[] = {
        { "[", 32, true }, { "[", 33, false }, { "{a: ", 32, true }, { "{a: ", 33, false }, { "- ", 32, true }, { "- ", 33, false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct problem why = { 0 };
        struct text text = { 0 };
        struct value *root;

        for (int n = 0; n < rows[i].times; n++)
            text_add(&text, rows[i].open);
        for (int n = 0; n < rows[i].times && rows[i].open[0] != '-'; n++)
            text_add(&text, rows[i].open[0] == '[' ? "]" : "}");
        root = yaml_read(text.bytes, text.size, "f", &why);
        assert_int_equal(root != NULL, rows[i].good);
        if (!root)
            assert_string_equal(why.text, "lists and maps lie more than 32 deep in each other");
        value_free(root);
        problem_clear(&why);
        text_clear(&text);
    }
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* libyaml alone takes 4.2 s for 64 000 of them, 17 times as long for four times as many. */
static void a_quarter_million_brackets_are_refused_at_once(void **state)
{
    char *brackets = malloc(YAML_LIMIT);
    double start = seconds();
    struct problem why = { 0 };

    (void)state;
    memset(brackets, '[', YAML_LIMIT);
    assert_null(yaml_read(brackets, YAML_LIMIT, "f", &why));
    assert_true(seconds() - start < 2);
    problem_clear(&why);
    free(brackets);
}

static void what_is_written_has_one_form(void **state)
{
    struct value *root = value_new_map(), *rows = value_new_list();
    struct text out = { 0 };

    (void)state;
    value_set(root, "account.organization", "Contoso \"R\" \\ \xC3\xA9\n\t\x07\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF\xE2\x80\xAE\xF3\xA0\x81\x81");
    value_set_value(root, "account.n", value_new_scalar(SCALAR_NUMBER, "1.50"));
    value_set_value(root, "account.not", value_new_scalar(SCALAR_NUMBER, "one"));
    value_put(root, "rows", rows);
    value_set(value_append(rows, value_new_map()), "code", "a");
    value_set_value(value_item(rows, 0), "inner", value_new_list());
    value_append(value_at(root, "rows.0.inner"), value_new_scalar(SCALAR_YESNO, "yes"));
    value_append(value_append(rows, value_new_list()), value_new_text(NULL));
    value_append(rows, value_new_map());
    value_put(root, "empty", value_new_list());
    value_put_text(root, "yes", "x");
    value_put_text(root, "12", "x");
    value_put_text(root, "with blank", "");
    yaml_write(root, &out);
    assert_string_equal(out.bytes, "account:\n"
                                   "  organization: \"Contoso \\\"R\\\" \\\\ \xC3\xA9\\n\\t\\x07\\x85\\u2028\\uFEFF\\u202E\\U000E0041\"\n"
                                   "  n: 1.50\n"
                                   "  not: \"one\"\n"
                                   "rows:\n"
                                   "- code: \"a\"\n"
                                   "  inner:\n"
                                   "  - yes\n"
                                   "- - null\n"
                                   "- {}\n"
                                   "empty: []\n"
                                   "\"yes\": \"x\"\n"
                                   "\"12\": \"x\"\n"
                                   "\"with blank\": \"\"\n"
                                   "...\n");
    value_free(root);
    text_empty(&out);
    yaml_write(NULL, &out);
    assert_string_equal(out.bytes, "{}\n...\n");
    text_clear(&out);
}

static void bytes_that_are_not_text_are_written_as_the_replacement(void **state)
{
    struct value *value = value_new_text("a\xFF");
    struct text out = { 0 };

    (void)state;
    yaml_write(value, &out);
    assert_string_equal(out.bytes, "\"a\xEF\xBF\xBD\"\n...\n");
    value_free(value);
    text_clear(&out);
}

/* Not value_equal(): also how scalars were written and the order of names must come back. */
static void assert_same(const struct value *a, const struct value *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->count, b->count);
    if (a->kind == VALUE_TEXT) {
        assert_int_equal(a->scalar, b->scalar);
        assert_string_equal(a->text, b->text);
    }
    for (size_t i = 0; i < a->count; i++) {
        if (a->kind == VALUE_MAP)
            assert_string_equal(value_name(a, i), value_name(b, i));
        assert_same(value_item(a, i), value_item(b, i));
    }
}

static struct value *random_value(uint64_t *seed, int depth)
{
    static const char *const numbers[] = { "0", "-1", "1.50", "0x1F", "1e3", ".5", "007", "+4" };
    static const char *const tricky[] = { "", "yes", "null", "~", "1", " x", "x ", "# x", "a: b", "- a", "...", "---", "\n", "'", "?", "{" };
    struct text text = { 0 };
    struct value *value;

    switch (random_below(seed, depth > 4 ? 5 : 8)) {
    case 0:
        return value_new_scalar(SCALAR_NUMBER, numbers[random_below(seed, LENGTH(numbers))]);
    case 1:
        return value_new_scalar(SCALAR_YESNO, random_below(seed, 2) ? "yes" : "no");
    case 2:
        return value_new_text(random_below(seed, 3) ? tricky[random_below(seed, LENGTH(tricky))] : NULL);
    case 3:
    case 4:
        random_text(seed, &text, random_below(seed, 20) ? 20 : 2000);
        value = value_new_text(text_bytes(&text));
        text_clear(&text);
        return value;
    case 5:
        value = value_new_list();
        for (size_t n = random_below(seed, 5); n > 0; n--)
            value_append(value, random_value(seed, depth + 1));
        return value;
    default:
        value = value_new_map();
        for (size_t n = random_below(seed, 5); n > 0; n--) {
            text_empty(&text);
            if (random_below(seed, 2))
                text_add(&text, tricky[random_below(seed, LENGTH(tricky))]);
            else
                random_text(seed, &text, random_below(seed, 20) ? 12 : 1500);
            value_put(value, text_bytes(&text), random_value(seed, depth + 1));
        }
        text_clear(&text);
        return value;
    }
}

static void whatever_is_written_is_read_back_equal(void **state)
{
    uint64_t seed = 20261120;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct value *value = random_value(&seed, 0), *back;
        struct problem why = { 0 };
        struct text out = { 0 };

        yaml_write(value, &out);
        back = yaml_read(out.bytes, out.size, "back", &why);
        if (!back)
            print_error("%s\n%s\n", why.text, out.bytes);
        assert_non_null(back);
        assert_same(value, back);
        assert_string_equal(out.bytes + out.size - 4, "...\n");
        value_free(value);
        value_free(back);
        text_clear(&out);
    }
}

/* A file that is cut anywhere is read, or refused with a problem; nothing else happens. */
static void anything_is_read_or_refused(void **state)
{
    static const char *const pieces[] = { "a", ":", " ", "\n", "- ", "[", "]", "{", "}", ", ", "\"", "'", "|", ">", "&x ", "*x ", "!t ",
                                          "? ", "#", "---\n", "...\n", "\t", "  ", "1", "\\x", "%YAML 1.2\n", "\xC3\xA9", "\xFF", "~", NULL };
    uint64_t seed = 99;

    (void)state;
    for (int round = 0; round < 6000; round++) {
        struct problem why = { 0 };
        struct text text = { 0 }, page = { 0 };
        struct value *value;

        if (round % 3 == 0)
            random_bytes(&seed, &text, 80, 1);
        else
            random_pieces(&seed, &text, 30, pieces);
        value = yaml_read(text.bytes, text.size, "f", &why);
        assert_true(value ? why.kind == PROBLEM_NONE : why.kind == PROBLEM_CONFIG);
        if (!value) {
            assert_true(why.mark.line > 0 && why.mark.column > 0);
            problem_page(&why, &page);
        }
        value_free(value);
        problem_clear(&why);
        text_clear(&text);
        text_clear(&page);
    }
}

static void a_file_is_read_up_to_its_limit(void **state)
{
    const char *folder = getenv("TMPDIR");
    char *path = text_format("%s/commerce-yaml-XXXXXX", folder ? folder : "/tmp");
    int fd = mkstemp(path);
    struct problem why = { 0 };
    struct value *root;

    (void)state;
    assert_true(write(fd, "a: [\n", 5) == 5);
    assert_null(yaml_read_file(path, 100, &why));
    assert_int_equal(why.kind, PROBLEM_CONFIG);
    assert_string_equal(why.file, path);
    assert_true(write(fd, "]\n", 2) == 2);
    root = yaml_read_file(path, 7, &why);
    assert_non_null(root);
    value_free(root);
    assert_null(yaml_read_file(path, 6, &why));
    assert_int_equal(why.kind, PROBLEM_FILE);
    close(fd);
    unlink(path);
    assert_null(yaml_read_file(path, 7, &why));
    problem_clear(&why);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_becomes_a_value),
        cmocka_unit_test(test_byte_order_mark_and_crlf_are_skipped),
        cmocka_unit_test(every_node_and_name_knows_its_place),
        cmocka_unit_test(plain_scalars_follow_the_core_schema),
        cmocka_unit_test(an_empty_document_is_an_empty_map),
        cmocka_unit_test(what_is_not_allowed_is_told_with_its_place),
        cmocka_unit_test(the_line_at_fault_comes_with_the_problem),
        cmocka_unit_test(nesting_ends_at_32),
        cmocka_unit_test(a_quarter_million_brackets_are_refused_at_once),
        cmocka_unit_test(what_is_written_has_one_form),
        cmocka_unit_test(bytes_that_are_not_text_are_written_as_the_replacement),
        cmocka_unit_test(whatever_is_written_is_read_back_equal),
        cmocka_unit_test(anything_is_read_or_refused),
        cmocka_unit_test(a_file_is_read_up_to_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
