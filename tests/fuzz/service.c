/* Descriptions of services; a request is made for each operation, and a response read. */
#include "fuzz.h"

#include "json/doc.h"
#include "model/operation.h"
#include "model/scope.h"

static const char body[] = "{\"items\": [{\"id\": \"a\", \"name\": \"A\"}], \"detail\": \"x\", \"errors\": [{\"pointer\": \"/a/0\", \"detail\": \"y\"}], \"count\": 2}";

static void use(const struct service *service, const struct operation *operation, const struct scope *scope)
{
    struct response response = {.status = 422, .body = json_read(body, strlen(body), "response", NULL)};
    struct problems problems = {0};
    struct problem why = {0};
    struct request request = {0};
    struct value *values = value_new_map();
    value_free(operation_names(operation));
    operation_request(service, operation, scope, false, NULL, &request, &why);
    request_clear(&request);
    value_free(operation_held(operation, scope));
    operation_errors(service, operation, scope, &response, &problems);
    operation_keep(operation, scope, &response, values);
    problems_clear(&problems);
    problem_clear(&why);
    value_free(values);
    response_clear(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problems problems = {0};
    struct value *answers = value_new_map();
    struct scope scope = {.answers = answers};
    struct service *service = service_read(file_of(data, size), &problems);
    require(service || problems.count, "a rejected description has a problem");
    for (size_t i = 0; service && i < service->operation_count; i++)
        use(service, &service->operations[i], &scope);
    require_texts(&problems);
    service_free(service);
    value_free(answers);
    return 0;
}
