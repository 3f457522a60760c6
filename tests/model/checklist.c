#include "support/model.h"

#include "model/checklist.h"
#include "model/operation.h"

/* The smallest checklist; what is to be tried stands behind it, as further fields of its only step. */
#define START "checklist: t\ntitle: T\nservice: s\nsteps:\n- id: one\n  section: S\n  title: One\n  fields:\n" \
              "  - {name: a.many, label: M, kind: many, choices: set}\n"

static const struct { const char *behind, *problems; } faults[] = {
    { "", "" },
    { "  - {name: a, label: A, kind: text, requierd: yes}",
      "10:37: \"requierd\" is not a word of a field. Did you mean \"required\"?\n" },
    { "  - {name: a, label: A, kind: texts}", "10:31: \"texts\" is not a word for \"kind\". Did you mean \"text\"?\n" },
    { "  - {name: a, kind: text}", "10:5: \"label\" is missing here\n" },
    { "  - {name: a, label: A}", "10:5: \"kind\" is missing here\n" },
    { "  - {name: a, label: A, kind: text, required: 1}", "10:47: \"required\" must be yes or no\n" },
    { "  - {name: a, label: A, kind: text, max: lots}", "10:42: \"max\" must be a whole number\n" },
    { "  - {name: a, label: A, kind: text, min: 3, max: 2}", "10:42: \"min\" is more than \"max\"\n" },
    { "  - {name: a, label: [A], kind: text}", "10:22: \"label\" must be a text\n" },
    { "  - {name: A b, label: A, kind: text}",
      "10:12: \"A b\" cannot be the name of a field. Use small letters, digits, _ and -, and dots between the parts.\n" },
    { "  - {name: a, label: A, kind: text, pattern: '('}", "10:46: the pattern is not understood: Unmatched ( or \\(\n" },
    { "  - {name: a, label: A, kind: number, default: many}",
      "10:48: the default is no answer: \"many\" is not a whole number. Give a whole number.\n" },
    { "  - {name: a, label: A, kind: one}", "10:5: a field of kind \"one\" needs \"choices\"\n" },
    { "  - {name: a, label: A, kind: map, choices: set}", "10:5: a field of kind \"map\" needs \"keys\"\n" },
    { "  - {name: a, label: A, kind: text, choices: set}",
      "10:46: \"choices\" means nothing for a field of kind \"text\"\n" },
    { "  - {name: a, label: A, kind: table, key: b, columns: [{name: c, label: C, kind: text}]}",
      "10:43: \"b\" is not a column of this table. There are: c.\n" },
    { "  - {name: a, label: A, kind: table, key: c, columns: [{name: c, label: C, kind: map, choices: set}]}",
      "10:82: a column cannot be of kind \"map\"\n" },
    { "  - {name: a, label: A, kind: table, key: c, columns: [{name: c, label: C, kind: text, when: {a: b}}]}",
      "10:88: \"when\" is not a word of a column. There are: name, label, kind, help, say, required, default, min, max,"
      " pattern, choices.\n" },
    { "  - {name: a, label: A, kind: text}\n  - {name: a, label: A, kind: text}",
      "11:5: \"a\" is there twice. The other one is in line 10.\n" },
    { "  - {name: a, label: A, kind: text, each: set}", "10:5: \"each\" and \"as\" go together\n" },
    { "  - {name: a, label: A, kind: one, choices: 'x.{by}'}",
      "10:45: \"by\" is not a field, and not bound by \"as\". There are: a.many, a.\n" },
    { "  - {name: a, label: A, kind: one, choices: x, among: a.mny}",
      "10:55: \"a.mny\" is not a field of kind \"many\". Did you mean \"a.many\"?\n" },
    { "  - {name: a, label: A, kind: text, when: [b]}",
      "10:43: \"when\" must be a map of names and the values they may have. Write {name: value}, or {name: [one, another]}.\n" },
    { "  needs: [two]", "10:11: \"two\" is not a step before this one\n" },
    { "  load: get", "10:9: \"load\" must be a list of texts. Write [one, two], or one \"- text\" in each line.\n" },
    { "  does: sing-in", "10:9: \"sing-in\" is not a word for \"does\". Did you mean \"sign-in\"?\n" },
    { "  checks: [{id: c, label: C, kind: command}]",
      "10:12: a check of kind \"command\" needs \"from\"\n10:11: \"checks\" are for a step that has \"does: checks\"\n" },
    { "  actions: [{id: c, label: C}]", "10:13: an action needs \"run\", \"does\" or \"open\"\n" },
    { "  actions: [{id: c, label: C, does: renwe}]", "10:37: \"renwe\" is not a word for \"does\". Did you mean \"renew\"?\n" },
    { "  actions: [{id: c, label: C, open: account}]", "10:37: \"open\" must be a path that starts with /\n" },
    { "  actions: [{id: c, label: C, open: /account, forget: yes}]", "10:55: \"forget\" goes with \"run\"\n" },
    { "  actions: [{id: c, label: C, run: [x], confrim: Really}]",
      "10:41: \"confrim\" is not a word of an action. Did you mean \"confirm\"?\n" },
    { "- {id: two, section: S, title: T, does: actions}", "10:3: a step that does actions needs \"actions\"\n" },
    { "- {id: two, section: S, title: T, does: actions, save: [x], actions: [{id: a, label: A, run: [x]}]}",
      "10:56: \"save\" is for a step that has \"does: form\"\n" },
    { "- {id: two, section: S, title: T, does: actions, load: [x], actions: [{id: a, label: A, run: [x], forget: yes, type: a.many, "
      "confirm: Really?}]}", "" },
    { "- {id: one, section: S, title: T}", "10:3: the step \"one\" is there twice\n" },
    { "- {id: two, section: S, title: T, needs: [oen]}", "10:43: \"oen\" is not a step before this one. Did you mean \"one\"?\n" },
    { "- {id: two, section: S, title: T, fields: [{name: a.many, label: A, kind: text}]}",
      "10:44: \"a.many\" is asked in the step \"one\" already\n" },
    { "choices: {set: text}", "10:16: the choices \"set\" must be a list of values, or a map of values and labels\n" },
    { "available: {erp.version: ax2012}",
      "10:13: \"erp.version\" is not a word of \"available\". There are: when, else.\n10:12: \"else\" is missing here\n"
      "10:12: \"when\" is missing here\n" },
    { "stpes: []", "10:1: \"stpes\" is not a word of a checklist. Did you mean \"steps\"?\n" },
};

static void a_checklist_is_read_strictly_and_its_faults_are_told_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(faults); i++) {
        char *text = text_format(START "%s\n", faults[i].behind), *path = file_with(text);
        struct problems problems = { 0 };
        struct checklist *checklist = checklist_read(path, &problems);

        assert_int_equal(checklist == NULL, faults[i].problems[0] != '\0');
        assert_problems(&problems, faults[i].problems);
        checklist_free(checklist);
        file_gone(path);
        free(text);
    }
}

static void all_faults_of_a_checklist_are_told_at_once_each_with_its_line(void **state)
{
    char *path = file_with("checklist: t\ntitle: T\nservice: s\nsteps:\n- id: one\n  section: S\n  titel: One\n  fields:\n"
                           "  - {name: a, label: A, kind: txet}\n");
    struct problems problems = { 0 };
    struct text page = { 0 };

    (void)state;
    assert_null(checklist_read(path, &problems));
    assert_int_equal(problems.count, 3);
    free(problems.items[2].file);
    problems.items[2].file = NULL;
    problem_page(&problems.items[2], &page);
    assert_string_equal(page.bytes, "\"txet\" is not a word for \"kind\". Did you mean \"text\"?\n"
                                    "      - {name: a, label: A, kind: txet}\n"
                                    "                                  ^\n");
    text_clear(&page);
    problems_clear(&problems);
    file_gone(path);
}

static void a_checklist_that_is_not_there_is_a_problem_of_the_configuration(void **state)
{
    struct problems problems = { 0 };

    (void)state;
    assert_null(checklist_read("/nonexistent/checklist.yaml", &problems));
    assert_int_equal(problems.count, 1);
    assert_int_equal(problems.items[0].kind, PROBLEM_CONFIG);
    problems_clear(&problems);
}

/* A pair of descriptions that fit, to be spoiled in one place each. */
#define CHECKLIST                                                                                                      \
    "checklist: t\ntitle: T\nservice: s\nheading: a.name\nsteps:\n"                                                    \
    "- {id: look, section: S, title: L, does: checks, checks: [{id: db, label: D, kind: command, from: erp.db_check}]}\n" \
    "- id: one\n  section: S\n  title: One\n  load: [get-a]\n  save: [put-a]\n  fields:\n"                             \
    "  - {name: a.name, label: N, kind: text, when: {erp.version: ax2012}}\n"                                          \
    "  - {name: a.tree, label: T, kind: tree, choices: 'parts.{a.name}'}\n"                                            \
    "  - {name: a.rows, label: R, kind: table, key: code, columns: [{name: code, label: C, kind: text}]}\n"
#define SERVICE                                                                                                        \
    "service: s\noperations:\n"                                                                                        \
    "  get-a: {request: GET /a, keep: {a.name: /name, a.id: /id}}\n"                                                   \
    "  put-a: {request: PUT /a/$a.id, when: {checks.db.ok: yes}, send: {n: $a.name,"                                   \
    " r: {each: a.rows, row: {c: $code}}}, blame: {/x: a.name}}\n"                                                     \
    "  put-row: {request: PUT /r/$code, each: a.rows, send: {c: $code}}\n"                                             \
    "  list: {request: GET /p/$name, offer: {to: 'parts.{name}', each: /items, value: /id}}\n"

static const struct { const char *old, *new, *problems; } misfits[] = {
    { NULL, NULL, "" },
    { "service: s\nheading", "service: x\nheading", "3:10: the checklist is for the service \"x\", and this is \"s\"\n" },
    { "heading: a.name", "heading: a.nam",
      "4:10: \"a.nam\" is not a field, a name of the configuration or something that is kept. Did you mean \"a.name\"?\n" },
    { "heading: a.name", "heading: [a.name, a.nam]",
      "4:19: \"a.nam\" is not a field, a name of the configuration or something that is kept. Did you mean \"a.name\"?\n" },
    { "service: s\nheading", "service: ./elsewhere.yaml\nheading", "" },
    { "load: [get-a]", "load: [get-b]", "10:10: \"get-b\" is not an operation of the service. Did you mean \"get-a\"?\n" },
    { "erp.version: ax", "erp.versoin: ax",
      "13:49: \"erp.versoin\" is not a field, a name of the configuration or something that is kept. Did you"
      " mean \"erp.version\"?\n" },
    { "'parts.{a.name}'", "'prats.{a.name}'",
      "14:51: \"prats.{a.name}\" is not a set of choices that the checklist lists or the service offers. Did you mean"
      " \"parts.{name}\"?\n" },
    { "from: erp.db_check", "from: erp.db",
      "6:59: \"erp.db\" is no name of the configuration. A command of a check is called erp.NAME_check there.\n" },
    { "keep: {a.name: /name,", "keep: {a.naem: /name,",
      "3:35: \"a.naem\" is not a field, and nothing asks for it. Did you mean \"a.name\"?\n" },
    { "{n: $a.name,", "{n: $a.nmae,",
      "4:71: \"a.nmae\" is not a field, a name of the configuration or something that is kept. Did you mean \"a.name\"?\n" },
    { "row: {c: $code}}}", "row: {c: $cdoe}}}",
      "4:107: \"cdoe\" is not a field, a name of the configuration or something that is kept. Did you mean \"code\"?\n" },
    { "checks.db.ok", "checks.dbx.ok",
      "4:41: \"checks.dbx.ok\" is not a field, a name of the configuration or something that is kept. Did you"
      " mean \"checks.db.ok\"?\n" },
    { "PUT /r/$code", "PUT /r/$coed",
      "5:12: \"coed\" is not a field, a name of the configuration or something that is kept. Did you mean"
      " \"code\"?\n" },
    { "blame: {/x: a.name}", "blame: {/x: a.id}",
      "4:129: \"a.id\" is not a field. There are: a.name, a.tree, a.rows.\n" },
};

/* The text with one place changed, where it has it; yours. */
static char *spoiled(const char *text, const char *old, const char *new)
{
    const char *at = old ? strstr(text, old) : NULL;

    return at ? text_format("%.*s%s%s", (int)(at - text), text, new, at + strlen(old)) : text_format("%s", text);
}

static void names_that_hang_in_the_air_between_the_two_descriptions_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(misfits); i++) {
        char *text = spoiled(CHECKLIST, misfits[i].old, misfits[i].new), *path = file_with(text);
        char *other = spoiled(SERVICE, misfits[i].old, misfits[i].new), *service_path = file_with(other);
        struct problems problems = { 0 };
        struct checklist *checklist = checklist_read(path, &problems);
        struct service *service = service_read(service_path, &problems);

        if (!checklist || !service)
            fail_msg("%s", problems_lines(&problems));
        assert_int_equal(checklist_fits(checklist, path, service, service_path, &problems), misfits[i].problems[0] == '\0');
        assert_problems(&problems, misfits[i].problems);
        checklist_free(checklist);
        service_free(service);
        file_gone(path);
        file_gone(service_path);
        free(text);
        free(other);
    }
}

static const struct { const char *name, *field, *step; } found[] = {
    { "a.name", "a.name", "one" }, { "a.rows", "a.rows", "one" }, { "a.rows.code", "a.rows", "one" },
    { "a.name.x", NULL, NULL },    { "a", NULL, NULL },           { "a.rowsx", NULL, NULL },
};

static void a_full_name_leads_to_its_field_and_step(void **state)
{
    char *path = file_with(CHECKLIST);
    struct problems problems = { 0 };
    struct checklist *checklist = checklist_read(path, &problems);

    (void)state;
    for (size_t i = 0; i < LENGTH(found); i++) {
        const struct step *step = NULL;
        const struct field *field = checklist_field(checklist, found[i].name, &step);

        assert_int_equal(field != NULL, found[i].field != NULL);
        if (field) {
            assert_string_equal(field->name, found[i].field);
            assert_string_equal(step->id, found[i].step);
        }
    }
    checklist_free(checklist);
    file_gone(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checklist_is_read_strictly_and_its_faults_are_told_with_their_place),
        cmocka_unit_test(all_faults_of_a_checklist_are_told_at_once_each_with_its_line),
        cmocka_unit_test(a_checklist_that_is_not_there_is_a_problem_of_the_configuration),
        cmocka_unit_test(names_that_hang_in_the_air_between_the_two_descriptions_are_told),
        cmocka_unit_test(a_full_name_leads_to_its_field_and_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
