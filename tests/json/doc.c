#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "json/doc.h"
#include "support/random.h"

static struct value *read_text(const char *text, struct problem *why)
{
    return json_read(text, strlen(text), "response", why);
}

static void a_document_becomes_a_value(void **state)
{
    struct problem why = { 0 };
    struct value *root = read_text("{\"z\": \"x\\u00e9\", \"a\": {\"b.c\": [true, false, null, -12]}}", &why);
    struct value *list = value_member(value_member(root, "a"), "b.c");

    (void)state;
    assert_string_equal(value_text(root, "z"), "x\xC3\xA9");
    assert_string_equal(value_name(root, 1), "a");
    assert_int_equal(value_count(list), 4);
    assert_string_equal(value_item(list, 0)->text, "yes");
    assert_int_equal(value_item(list, 1)->scalar, SCALAR_YESNO);
    assert_int_equal(value_item(list, 2)->scalar, SCALAR_NOTHING);
    assert_string_equal(value_item(list, 3)->text, "-12");
    value_free(root);
}

static void test_numbers_keep_their_digits(void **state)
{
    static const char *const numbers[] = {
        "0", "-0", "19.99", "7.50", "100.0", "1e3", "1E-7", "9007199254740993.5", "123456789012345678901234567890", "1e400", "-1e-400",
        "9223372036854775808",
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(numbers); i++) {
        struct problem why = { 0 };
        struct value *value = read_text(numbers[i], &why);
        struct text out = { 0 };

        assert_non_null(value);
        assert_int_equal(value->scalar, SCALAR_NUMBER);
        assert_string_equal(value->text, numbers[i]);
        json_write(value, &out);
        assert_string_equal(out.bytes, numbers[i]);
        text_clear(&out);
        value_free(value);
    }
}

static void test_unused_content_does_not_make_a_document_invalid(void **state)
{
    static const char *const members[] = {
        "\"x\": \"\\ud800\"", "\"x\": \"\\udc00a\"", "\"x\": \"\\ud800\\u0041\"", "\"x\": \"a\\u0000b\"", "\"x\": 1, \"x\": 2",
        "\"\\ud83d\": 1", "\"x\": 1e999", "\"x\": [-1.5e+10, 12345678901234567890123]",
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(members); i++) {
        struct problem why = { 0 };
        char *text = text_format("\xEF\xBB\xBF{%s, \"city\": \"Salem \\ud83d\\ude00\"}", members[i]);
        struct value *value = read_text(text, &why);

        assert_non_null(value);
        assert_string_equal(value_text(value, "city"), "Salem \xF0\x9F\x98\x80");
        assert_false(value_member(value, "city")->damaged);
        value_free(value);
        free(text);
    }
}

static void test_what_is_not_a_character_is_replaced_and_marked(void **state)
{
    struct problem why = { 0 };
    struct value *value = read_text("[\"a\\ud800b\", \"\\u0000\", \"s\", \"\\u0073\"]", &why);

    (void)state;
    assert_string_equal(value_item(value, 0)->text, "a\xEF\xBF\xBD""b");
    assert_true(value_item(value, 0)->damaged);
    assert_true(value_item(value, 1)->damaged);
    assert_string_equal(value_item(value, 2)->text, "s");
    assert_string_equal(value_item(value, 3)->text, "s");
    value_free(value);
}

static void nonsense_is_told_with_its_place_and_without_its_text(void **state)
{
    static const struct { const char *json; int line; const char *says; } rows[] = {
        { "", 1, "this is not valid JSON: it is empty" }, { "[", 1, "this is not valid JSON: ']' expected near end of file" },
        { "{\"a\": 1,\n 2: 2}", 2, "this is not valid JSON: string or '}' expected" },
        { "[1,\n 01]", 2, "this is not valid JSON: invalid token" }, { "[1.]", 1, "this is not valid JSON: invalid token" },
        { "[1 2]", 1, "this is not valid JSON: ']' expected" }, { "\"\\uZZZZ\"", 1, "this is not valid JSON: invalid escape" },
        { "{\"token\": \"secret\"\n", 2, "this is not valid JSON: '}' expected near end of file" },
        { "<html>", 1, "this is not valid JSON: invalid token" },
        { "[1] x", 1, "this is not valid JSON: end of file expected" },
        { "\"\xFF\"", 1, "this is not valid JSON: unable to decode byte 0xff" },
        { "[1, NaN]", 1, "this is not valid JSON: invalid token" },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct problem why = { 0 };

        assert_null(read_text(rows[i].json, &why));
        assert_int_equal(why.kind, PROBLEM_SERVICE);
        assert_string_equal(why.file, "response");
        if (strcmp(why.text, rows[i].says) != 0 || why.mark.line != rows[i].line)
            print_error("%s is told at %d: %s\n", rows[i].json, why.mark.line, why.text);
        assert_string_equal(why.text, rows[i].says);
        assert_int_equal(why.mark.line, rows[i].line);
        assert_null(why.excerpt);
        assert_null(strstr(why.text, "secret"));
        problem_clear(&why);
    }
    assert_null(json_read("1\0", 2, "response", NULL));
}

static void nesting_ends_at_32(void **state)
{
    static const struct { const char *open; int times; bool good; } rows[] = {
        { "[", 32, true }, { "[", 33, false }, { "{\"a\":", 33, false }, { "[", 100000, false },
    };
    struct problem why = { 0 };
    struct value *value;

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct text text = { 0 };

        for (int n = 0; n < rows[i].times; n++)
            text_add(&text, rows[i].open);
        for (int n = 0; n < rows[i].times; n++)
            text_add_char(&text, ']');
        value = json_read(text.bytes, text.size, "response", &why);
        assert_int_equal(value != NULL, rows[i].good);
        if (!value)
            assert_string_equal(why.text, "lists and objects lie more than 32 deep in each other");
        value_free(value);
        problem_clear(&why);
        text_clear(&text);
    }
    value = read_text("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[\"]", &why);
    assert_non_null(value);
    value_free(value);
}

static void a_body_leaves_as_it_should(void **state)
{
    struct value *root = value_new_map();
    struct text out = { 0 };

    (void)state;
    value_put_text(root, "zip", "98052");
    value_put(root, "n", value_new_scalar(SCALAR_NUMBER, "1.50"));
    value_put(root, "octal", value_new_scalar(SCALAR_NUMBER, "007"));
    value_put(root, "hex", value_new_scalar(SCALAR_NUMBER, "0x1F"));
    value_put(root, "yes", value_new_scalar(SCALAR_YESNO, "yes"));
    value_put(root, "no", value_new_scalar(SCALAR_YESNO, "no"));
    value_put(root, "nothing", value_new_text(NULL));
    value_put_text(root, "q\"", "\\ \" \n \t \r \x01 \x7F \xC3\xA9 \xFF");
    value_put(root, "list", value_new_list());
    value_put(root, "map", value_new_map());
    json_write(root, &out);
    assert_string_equal(out.bytes,
                        "{\"zip\":\"98052\",\"n\":1.50,\"octal\":\"007\",\"hex\":\"0x1F\",\"yes\":true,\"no\":false,"
                        "\"nothing\":null,\"q\\\"\":\"\\\\ \\\" \\n \\t \\r \\u0001 \\u007F \xC3\xA9 \xEF\xBF\xBD\","
                        "\"list\":[],\"map\":{}}");
    value_free(root);
    text_clear(&out);
}

static void a_page_is_indented(void **state)
{
    struct value *root = value_new_map();
    struct text out = { 0 };

    (void)state;
    value_set(root, "a.b", "c");
    value_append(value_put(root, "l", value_new_list()), value_new_list());
    json_write_page(root, &out);
    assert_string_equal(out.bytes, "{\n  \"a\": {\n    \"b\": \"c\"\n  },\n  \"l\": [\n    []\n  ]\n}\n");
    text_empty(&out);
    json_write_page(NULL, &out);
    assert_string_equal(out.bytes, "null\n");
    value_free(root);
    text_clear(&out);
}

/* The grammar of RFC 8259, 6, as numbers may have been written by people. */
static void only_json_numbers_leave_as_numbers(void **state)
{
    static const struct { const char *text; bool number; } rows[] = {
        { "0", true }, { "-0", true }, { "10", true }, { "1.5", true }, { "1e5", true }, { "1E+5", true }, { "1.5e-5", true },
        { "", false }, { "-", false }, { "01", false }, { "1.", false }, { ".5", false }, { "1e", false }, { "+1", false },
        { "1x", false }, { ".inf", false }, { "1,5", false },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct value *value = value_new_scalar(SCALAR_NUMBER, rows[i].text);
        struct text out = { 0 };

        json_write(value, &out);
        assert_int_equal(out.bytes[0] != '"', rows[i].number);
        value_free(value);
        text_clear(&out);
    }
}

/* --json goes to terminals as well: nothing there may act on them or hide, and no value changes. */
static void test_what_a_terminal_must_not_get_is_escaped(void **state)
{
    static const char text[] = "a\x1B[2J\x7F\xC2\x9B" "31m\xC2\x85\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8B\xE2\x80\xA8\xEF\xBB\xBF\xF3\xA0\x81\x81\xC3\xA9\xF0\x9F\x98\x80";
    struct value *root = value_new_map(), *back;
    struct text out = { 0 };

    (void)state;
    value_put_text(root, text, text);
    json_write(root, &out);
    assert_string_equal(out.bytes, "{\"a\\u001B[2J\\u007F\\u009B31m\\u0085\\u202E\\u2066\\u200B\\u2028\\uFEFF\\uDB40\\uDC41\xC3\xA9\xF0\x9F\x98\x80\":"
                                   "\"a\\u001B[2J\\u007F\\u009B31m\\u0085\\u202E\\u2066\\u200B\\u2028\\uFEFF\\uDB40\\uDC41\xC3\xA9\xF0\x9F\x98\x80\"}");
    back = read_text(out.bytes, NULL);
    assert_string_equal(value_member_text(back, text), text);
    value_free(back);
    value_free(root);
    text_clear(&out);
}

/* The examples of RFC 6901, 5, and what leads nowhere. */
static void pointers_lead_where_the_standard_says(void **state)
{
    struct problem why = { 0 };
    struct value *root = read_text("{\"foo\": [\"bar\", \"baz\"], \"\": \"0\", \"a/b\": \"1\", \"c%d\": \"2\", \"m~n\": \"8\", \"00\": \"x\"}", &why);
    static const struct { const char *pointer, *text; } rows[] = {
        { "/foo/0", "bar" }, { "/", "0" }, { "/a~1b", "1" }, { "/c%d", "2" }, { "/m~0n", "8" }, { "/00", "x" },
        { "/foo/00", NULL }, { "/foo/2", NULL }, { "/foo/-", NULL }, { "/foo/", NULL }, { "foo", NULL },
        { "/foo/0/x", NULL }, { "/nowhere/x", NULL }, { "/foo/99999999999999999999", NULL },
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct value *found = json_at(root, rows[i].pointer);

        if (rows[i].text)
            assert_string_equal(found->text, rows[i].text);
        else
            assert_null(found);
    }
    assert_ptr_equal(json_at(root, ""), root);
    assert_null(json_at(NULL, "/a"));
    value_free(root);
}

static void whatever_is_read_is_written_and_read_the_same(void **state)
{
    static const char *const pieces[] = { "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-1.5e3", "true", "null", " ", "\n", "\"\\u00e9\"",
                                          "\"", "\\", "\xC3\xA9", "\xFF", "{\"a\":", "[1,", "1]", "2}", NULL };
    uint64_t seed = 4;
    int good = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct problem why = { 0 };
        struct text text = { 0 }, once = { 0 }, twice = { 0 };
        struct value *value, *back;

        if (round % 8 == 0)
            random_bytes(&seed, &text, 60, 1);
        else
            random_pieces(&seed, &text, 8, pieces);
        value = json_read(text.bytes, text.size, "f", &why);
        assert_true(value ? why.kind == PROBLEM_NONE : why.kind == PROBLEM_SERVICE);
        if (value) {
            json_write(value, &once);
            back = json_read(once.bytes, once.size, "f", &why);
            assert_non_null(back);
            json_write_page(back, &twice);
            value_free(back);
            back = json_read(twice.bytes, twice.size, "f", &why);
            text_empty(&twice);
            json_write(back, &twice);
            assert_string_equal(once.bytes, twice.bytes);
            value_free(back);
            good++;
        }
        value_free(value);
        problem_clear(&why);
        text_clear(&text);
        text_clear(&once);
        text_clear(&twice);
    }
    assert_true(good > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_becomes_a_value),
        cmocka_unit_test(test_numbers_keep_their_digits),
        cmocka_unit_test(test_unused_content_does_not_make_a_document_invalid),
        cmocka_unit_test(test_what_is_not_a_character_is_replaced_and_marked),
        cmocka_unit_test(nonsense_is_told_with_its_place_and_without_its_text),
        cmocka_unit_test(nesting_ends_at_32),
        cmocka_unit_test(a_body_leaves_as_it_should),
        cmocka_unit_test(a_page_is_indented),
        cmocka_unit_test(only_json_numbers_leave_as_numbers),
        cmocka_unit_test(test_what_a_terminal_must_not_get_is_escaped),
        cmocka_unit_test(pointers_lead_where_the_standard_says),
        cmocka_unit_test(whatever_is_read_is_written_and_read_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
