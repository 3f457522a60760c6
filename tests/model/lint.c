/* Each warning of lint: the smallest description that has it, and the same without. */
#include "support/model.h"

#include "base/mem.h"
#include "model/checklist.h"
#include "model/lint.h"

#define STEP "checklist: c\ntitle: C\nservice: s\nsteps:\n- id: a\n  section: A\n  title: A\n"
#define FIELD "  fields: [{name: a.x, label: X, kind: text}]\n"
#define TABLE "  fields: [{name: t, label: T, kind: table, key: code, columns: [{name: code, label: C, kind: text}," \
              " {name: note, label: N, kind: text}]}]\n"
#define SERVICE "service: s\nerrors: {text: /m}\noperations:\n"
#define GET "  get: {request: GET /a, keep: {a.x: /x}}\n"
#define LIST "  get: {request: GET /t, keep: {t: {each: /i, row: {code: /c, note: /n}}}}\n"
#define BOTH "  load: [get]\n  save: [put]\n"

static const struct { const char *checklist, *service, *warning; } cases[] = {
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a, send: {x: $a.x}}\n", "" },
    { STEP "  load: [get]\n" FIELD, SERVICE GET, "c:5:3: warning: the step \"a\" has fields and no \"save\"" },
    { STEP "  save: [put]\n" FIELD, SERVICE "  put: {request: PUT /a, send: {x: $a.x}}\n", "c:8:9: warning: the step \"a\" has \"save\" and no \"load\"" },
    { STEP BOTH TABLE, SERVICE LIST "  put: {request: PUT /t, send: {t: {each: t, row: {c: $code, n: $note}}}}\n", "" },
    { STEP BOTH TABLE, SERVICE "  get: {request: GET /t, keep: {t: {each: /i, row: {code: /c}}}}\n"
      "  put: {request: PUT /t, send: {t: {each: t, row: {c: $code, n: $note}}}}\n",
      "s:5:65: warning: the column \"note\" is sent and never read" },
    { STEP BOTH TABLE, SERVICE LIST "  put: {request: PUT /t/$code, each: t, send: {n: $note}, gone: DELETE /t/$code}\n", "" },
    { STEP BOTH TABLE, SERVICE LIST "  put: {request: PUT /t/$code, each: t, send: {n: $note}}\n",
      "s:5:8: warning: rows that are removed from \"t\" stay on the service" },
    { STEP BOTH TABLE, "match: etag\n" SERVICE LIST "  put: {request: PUT /t/$code, each: t, send: {n: $note}, gone: DELETE /t/$code}\n",
      "s:6:18: warning: no answer contains the versions of \"/t/$code\"" },
    { STEP BOTH TABLE, "match: etag\n" SERVICE "  get: {request: GET /t, keep: {t: {each: /i, row: {code: /c, note: /n}}},"
      " etags: {each: /i, path: /t/$c, etag: /e}}\n"
      "  put: {request: PUT /t/$code, each: t, send: {n: $note}, gone: DELETE /t/$code}\n", "" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a, send: {x: $a.x}}\n  other: {request: GET /o}\n",
      "s:6:10: warning: the operation \"other\" is not used by the checklist" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a, headers: {Authorization: Basic $a.x}, send: {x: $a.x}}\n",
      "s:5:51: warning: \"Basic $a.x\" is sent as it is written" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a, send: {x: pay $a.x now, y: $$5, z: costs $5}}\n",
      "s:5:36: warning: \"pay $a.x now\" is sent as it is written" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a, send: {x: $a.x, origin: NO}}\n", "s:5:50: warning: NO is sent as the JSON value false" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a, send: {x: $a.x, list: [{y: Yes}]}}\n", "s:5:53: warning: Yes is sent as the JSON value true" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a, send: {x: $a.x, origin: \"NO\", y: true, z: false}}\n", "" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a/$, send: {x: $a.x}}\n", "s:5:18: warning: \"/a/$\" has a \"$\" without a name" },
    { STEP BOTH FIELD, SERVICE GET "  put: {request: PUT /a/$/b, send: {x: $a.x}}\n", "s:5:18: warning: \"/a/$/b\" has a \"$\" without a name" },
};

static char *warnings_of(const char *checklist_text, const char *service_text)
{
    struct problems errors = { 0 }, warnings = { 0 };
    struct text out = { 0 };
    char *checklist_path = file_with(checklist_text), *service_path = file_with(service_text);
    struct checklist *checklist = checklist_read(checklist_path, &errors);
    struct service *service = service_read(service_path, &errors);

    if (checklist && service)
        checklist_fits(checklist, checklist_path, service, service_path, &errors);
    if (errors.count)
        fail_msg("%s", problems_lines(&errors));
    lint_descriptions(checklist, checklist_path, service, service_path, &warnings);
    text_add(&out, "");
    for (size_t i = 0; i < warnings.count; i++) {
        struct problem *one = &warnings.items[i];
        bool of_service = strcmp(one->file, service_path) == 0;

        assert_true(one->is_warning);
        assert_true(one->mark.line > 0);
        free(one->file);
        one->file = mem_copy(of_service ? "s" : "c");
        problem_line(one, &out);
        text_add_char(&out, '\n');
    }
    problems_clear(&warnings);
    checklist_free(checklist);
    service_free(service);
    file_gone(checklist_path);
    file_gone(service_path);
    return text_take(&out);
}

static void test_each_warning_has_its_place_and_only_one_is_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char *found = warnings_of(cases[i].checklist, cases[i].service);
        size_t size = strlen(cases[i].warning);

        if (strncmp(found, cases[i].warning, size) != 0 || (size == 0 && *found) || (size && strchr(found, '\n') != found + strlen(found) - 1))
            fail_msg("case %zu: wanted \"%s\", found \"%s\"", i, cases[i].warning, found);
        free(found);
    }
}

/* Mistakes that were errors before stay errors: they cannot be used at all. */
static void test_min_over_max_and_a_get_with_a_body_are_errors(void **state)
{
    struct problems problems = { 0 };
    char *path = file_with(STEP "  fields: [{name: a.x, label: X, kind: number, min: 5, max: 0}]\n");

    (void)state;
    assert_null(checklist_read(path, &problems));
    assert_string_equal(problems.items[0].text, "\"min\" is more than \"max\"");
    problems_clear(&problems);
    file_gone(path);
    path = file_with(SERVICE "  get: {request: GET /a, send: {x: y}}\n");
    assert_null(service_read(path, &problems));
    assert_string_equal(problems.items[0].text, "a GET sends no body");
    problems_clear(&problems);
    file_gone(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_warning_has_its_place_and_only_one_is_reported),
        cmocka_unit_test(test_min_over_max_and_a_get_with_a_body_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
