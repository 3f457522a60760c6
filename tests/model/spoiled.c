/* Descriptions and answers spoiled at random: whatever they hold, there are problems or there are none, and nothing worse. */
#include "support/model.h"

#include "base/file.h"
#include "model/checklist.h"
#include "model/config.h"
#include "model/operation.h"
#include "support/random.h"

#define RUNS 300

static const char *const nonsense[] = {
    "[]", "{}", "7", "~", "''", "yes", "[a, [b], {c: d}]", "{each: x, row: y}", "$", "$a.{b", "{", "/", "a.b.c", "-", "'{}'", "\"\\n\"",
    "each: x", "kind: table", "kind: described", "name: account.zip", NULL,
};

static char *file_text(const char *path)
{
    struct text text = { 0 };

    assert_true(file_read(path, YAML_LIMIT, false, &text, NULL));
    return text_take(&text);
}

/* The text with a few of its words replaced or its lines left out; yours. */
static char *spoiled(const char *text, uint64_t *seed)
{
    struct text out = { 0 };

    text_add(&out, text);
    for (size_t left = 1 + random_below(seed, 3); left > 0; left--) {
        size_t at = random_below(seed, out.size), size;

        if (random_below(seed, 3) == 0) {
            while (at > 0 && out.bytes[at - 1] != '\n')
                at--;
            size = strcspn(out.bytes + at, "\n");
            text_remove(&out, at, size + (out.bytes[at + size] == '\n'));
            continue;
        }
        at += strcspn(out.bytes + at, " :,[]{}\n");
        at += strspn(out.bytes + at, " :,[]{}\n");
        size = strcspn(out.bytes + at, " :,[]{}\n");
        text_remove(&out, at, size);
        const char *word = nonsense[random_below(seed, LENGTH(nonsense) - 1)];

        text_insert(&out, at, word, strlen(word));
    }
    return text_take(&out);
}

/* Descriptions that belong together, and an answer of a service that has something of what they speak of. */
static const struct shipped {
    const char *checklist, *service, *answers, *answer;
} shipped[] = {
    { ASSETS "/checklists/commerce-services.yaml", ASSETS "/services/commerce-services.yaml", ASSETS "/examples/answers.yaml",
      "{\"errors\":[{\"pointer\":\"/rates/0/state\"},{\"pointer\":\"/credentials/x\"},{\"pointer\":\"/address\"}]}" },
    { ASSETS "/checklists/medusa.yaml", ASSETS "/services/medusa.yaml", ASSETS "/examples/medusa-answers.yaml",
      "{\"message\":\"Field 'name' is required; Field 'prices, 0, amount' already exists\",\"count\":9,\"stores\":[{\"name\":\"x\","
      "\"supported_currencies\":[{\"is_default\":true,\"currency_code\":null},7]}],\"regions\":[{\"id\":\"r\",\"name\":\"North America\","
      "\"countries\":[{\"iso_2\":\"us\"},null]}],\"product_categories\":[{\"handle\":\"tents\",\"parent_category\":[]},\"x\"],"
      "\"stock_locations\":{\"a\":{\"name\":\"Main warehouse\",\"fulfillment_sets\":[{\"type\":\"shipping\",\"service_zones\":\"none\"}]}}}" },
};

/* What is read is used: names looked up, fields spelled out, requests built. */
static void use(const struct checklist *checklist, const struct service *service, const struct value *answers, const char *answer)
{
    struct scope scope = { .answers = answers };

    for (size_t i = 0; i < checklist->step_count; i++) {
        struct field_uses uses;

        checklist_uses(checklist, &checklist->steps[i], &scope, NULL, NULL, &uses);
        field_uses_clear(&uses);
        value_free(checklist_wanted_sets(checklist, &checklist->steps[i], &scope, NULL, NULL));
    }
    for (size_t i = 0; i < service->operation_count; i++) {
        struct rows rows;

        value_free(operation_names(&service->operations[i]));
        operation_rows(&service->operations[i], &scope, &scope, NULL, &rows);
        for (size_t k = 0; k < rows.count; k++) {
            struct response response = { .status = 422, .body = json(answer) };
            struct problems problems = { 0 };
            struct value *values = value_new_map();
            struct request request;

            scope.row = rows.items[k].row;
            operation_request(service, &service->operations[i], &scope, false, NULL, &request, NULL);
            request_clear(&request);
            value_free(operation_held(&service->operations[i], &scope));
            struct value *visited = value_new_map();
            char *next = NULL;

            operation_next(service, &service->operations[i], "/x?offset=1", &response, visited, &next, NULL);
            value_free(visited);
            free(next);
            operation_errors(service, &service->operations[i], &scope, &response, &problems);
            operation_keep(&service->operations[i], &scope, &response, values);
            problems_clear(&problems);
            value_free(values);
            response_clear(&response);
        }
        scope.row = NULL;
        rows_clear(&rows);
    }
}

static void spoil(const struct shipped *what)
{
    char *texts[] = { file_text(what->checklist), file_text(what->service), file_text(what->answers),
                      file_text(ASSETS "/../config.example.yaml") };
    uint64_t seed = 20121126;
    size_t good = 0;

    for (size_t run = 0; run < RUNS; run++) {
        struct problems problems = { 0 };
        struct problem why = { 0 };
        char *files[LENGTH(texts)];

        for (size_t i = 0; i < LENGTH(texts); i++) {
            char *text = run % LENGTH(texts) == i ? spoiled(texts[i], &seed) : text_format("%s", texts[i]);

            files[i] = file_with(text);
            free(text);
        }
        struct checklist *checklist = checklist_read(files[0], &problems);
        struct service *service = service_read(files[1], &problems);
        struct value *answers = yaml_read_file(files[2], YAML_LIMIT, &why);
        struct value *config = yaml_read_file(files[3], YAML_LIMIT, &why);

        if (config)
            config_check(config, files[3], &problems);
        if (checklist && service)
            checklist_fits(checklist, files[0], service, files[1], &problems);
        if (checklist && answers)
            checklist_check_answers(checklist, answers, config, files[2], true, &problems);
        if (checklist && service && answers)
            use(checklist, service, answers, what->answer);
        good += problems.count == 0 && why.kind == PROBLEM_NONE;
        problem_clear(&why);
        problems_clear(&problems);
        checklist_free(checklist);
        service_free(service);
        value_free(answers);
        value_free(config);
        for (size_t i = 0; i < LENGTH(texts); i++)
            file_gone(files[i]);
    }
    assert_true(good > 0 && good < RUNS / 2);
    for (size_t i = 0; i < LENGTH(texts); i++)
        free(texts[i]);
}

static void spoiled_descriptions_and_answers_never_do_worse_than_problems(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(shipped); i++)
        spoil(&shipped[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spoiled_descriptions_and_answers_never_do_worse_than_problems),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
