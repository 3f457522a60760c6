/* Tenants, operations, stored answers and pages, where the clock or a second user matters. */
#include "support/service.h"

#define METHOD                                                                                                             \
    "{\"carrier\":\"UPS\",\"service\":\"Ground\",\"name\":\"%s\",\"charge\":\"1\",\"regions\":[\"US\"],\"enabled\":true}"

static void put_method(struct world *world, const char *code, const char *name)
{
    char *target = text_format("/v1/shipping-methods/%s", code), *body = text_format(METHOD, name);

    ask(world, "PUT", target, "if-none-match: *", body);
    free(target);
    free(body);
}

/* Everything an activation needs. */
static void fill(struct world *world)
{
    ask(world, "PUT", "/v1/account", "if-match: *",
        "{\"organization\":\"Contoso\",\"legal_entity\":\"USMF\",\"contact_name\":\"Ada\",\"email\":\"a@b.example\","
        "\"phone\":\"425-555-0100\",\"address\":{\"street\":\"1 Main\",\"city\":\"R\",\"state\":\"WA\",\"zip\":\"98052\","
        "\"country\":\"US\"},\"time_zone\":\"America/Denver\",\"currency\":\"USD\",\"environment\":\"test\"}");
    ask(world, "PUT", "/v1/chosen-payment-providers/givex", "if-none-match: *",
        "{\"credentials\":{\"user_id\":\"1\",\"password\":\"2\"}}");
    ask(world, "PUT", "/v1/payment-method-assignments", "if-match: *", "{\"assignments\":{\"gift-card\":\"givex\"}}");
    put_method(world, "G", "Ground");
    ask(world, "PUT", "/v1/sales-tax", "if-match: *", "{\"computed_by\":\"provider\",\"rates\":[]}");
    assert_int_equal(world->reply.status, 200);
}

static char *activate(struct world *world)
{
    ask(world, "POST", "/v1/activation", "idempotency-key: one", "{\"change_tracking\":true}");
    assert_int_equal(world->reply.status, 202);
    return mem_copy(got_header(world, "Location"));
}

static void what_belongs_to_another_tenant_is_not_there(void **state)
{
    struct world world = world_new();
    char *operation;

    (void)state;
    fill(&world);
    operation = activate(&world);
    free(world.token);
    world.token = somebody_else(&world);
    ask(&world, "GET", operation, NULL, NULL);
    assert_int_equal(world.reply.status, 404);
    ask(&world, "GET", "/v1/shipping-methods/G", NULL, NULL);
    assert_int_equal(world.reply.status, 404);
    ask(&world, "GET", "/v1/account", NULL, NULL);
    assert_string_equal(got(&world, "organization"), "");
    ask(&world, "GET", "/v1/activation", NULL, NULL);
    assert_string_equal(got(&world, "status"), "inactive");
    put_method(&world, "G", "Another");
    assert_int_equal(world.reply.status, 201);
    free(operation);
    world_free(&world);
}

static void an_operation_goes_on_with_the_clock(void **state)
{
    static const struct {
        int after_ms;
        const char *status, *percent, *activation;
    } stages[] = {
        {0, "queued", "0", "pending"},         {900, "queued", "4", "pending"},   {1000, "running", "5", "pending"},
        {10000, "running", "50", "pending"},   {19999, "running", "99", "pending"},
        {20000, "succeeded", "100", "active"}, {-5000, "queued", "0", "pending"},   /* the clock was set back */
    };
    struct world world = world_new();
    int64_t start = world.now_ms;

    (void)state;
    fill(&world);
    char *operation = activate(&world);

    for (size_t i = 0; i < LENGTH(stages); i++) {
        world.now_ms = start + stages[i].after_ms;
        ask(&world, "GET", operation, NULL, NULL);
        assert_string_equal(got(&world, "status"), stages[i].status);
        assert_string_equal(got(&world, "percent"), stages[i].percent);
        ask(&world, "GET", "/v1/activation", NULL, NULL);
        assert_string_equal(got(&world, "status"), stages[i].activation);
    }
    free(operation);
    world_free(&world);
}

static void a_deactivation_ends_the_activation_that_is_under_way(void **state)
{
    struct world world = world_new();

    (void)state;
    fill(&world);
    char *operation = activate(&world);

    world.now_ms += 10000;
    ask(&world, "POST", "/v1/deactivation", "idempotency-key: two", "{}");
    assert_string_equal(got(&world, "status"), "inactive");
    world.now_ms += 60000;
    ask(&world, "GET", operation, NULL, NULL);
    assert_string_equal(got(&world, "status"), "failed");
    assert_string_equal(got(&world, "problem.detail"), "The service was deactivated meanwhile.");
    ask(&world, "GET", "/v1/activation", NULL, NULL);
    assert_string_equal(got(&world, "status"), "inactive");
    free(operation);
    world_free(&world);
}

static void a_disconnection_ends_every_sign_in_of_its_account_and_of_no_other(void **state)
{
    struct world world = world_new();
    char *first = mem_copy(world.token), *eve = somebody_else(&world);

    (void)state;
    fill(&world);
    free(world.token);
    world.token = token_issue(world.service, world.now_ms);
    ask(&world, "POST", "/v1/disconnection", "idempotency-key: one", "{\"organization\":\"Contoso\"}");
    assert_int_equal(world.reply.status, 200);
    ask(&world, "GET", "/v1/me", NULL, NULL);
    assert_int_equal(world.reply.status, 401);
    free(world.token);
    world.token = first;
    ask(&world, "GET", "/v1/me", NULL, NULL);
    assert_int_equal(world.reply.status, 401);
    free(world.token);
    world.token = eve;
    ask(&world, "GET", "/v1/me", NULL, NULL);
    assert_int_equal(world.reply.status, 200);
    world_free(&world);
}

static void a_key_is_remembered_for_a_day(void **state)
{
    struct world world = world_new();

    (void)state;
    fill(&world);
    free(activate(&world));
    char *operation = mem_copy(got(&world, "operation"));

    world.now_ms += 24 * 3600 * 1000 - 1;
    free(activate(&world));
    assert_true(world.reply.replayed);
    assert_string_equal(got(&world, "operation"), operation);
    world.now_ms += 1;
    ask(&world, "POST", "/v1/activation", "idempotency-key: one", "{\"change_tracking\":true}");
    assert_int_equal(world.reply.status, 409);      /* it is active already: this time the service was asked */
    free(operation);
    world_free(&world);
}

static void a_key_that_was_refused_may_be_tried_again(void **state)
{
    struct world world = world_new();

    (void)state;
    ask(&world, "POST", "/v1/activation", "idempotency-key: one", "{\"change_tracking\":true}");
    assert_int_equal(world.reply.status, 422);
    fill(&world);
    free(activate(&world));
    world_free(&world);
}

static void pages_of_rows_hold_while_rows_come_and_go(void **state)
{
    struct world world = world_new();
    char *next;

    (void)state;
    for (const char *code = "bdfh"; *code; code++) {
        char name[2] = {*code, '\0'};

        put_method(&world, name, name);
    }
    ask(&world, "GET", "/v1/shipping-methods?page_size=2", NULL, NULL);
    assert_string_equal(got(&world, "items.1.code"), "d");
    next = mem_copy_bytes(got_header(&world, "Link") + 1, strcspn(got_header(&world, "Link"), ">") - 1);
    put_method(&world, "a", "before");
    ask(&world, "DELETE", "/v1/shipping-methods/d", "if-match: *", NULL);
    assert_int_equal(world.reply.status, 204);
    ask(&world, "GET", next, NULL, NULL);
    assert_string_equal(got(&world, "items.0.code"), "f");
    assert_string_equal(got(&world, "items.1.code"), "h");
    assert_string_equal(got_header(&world, "Link"), "");
    free(next);
    world_free(&world);
}

static void a_row_that_was_made_again_has_no_old_etag(void **state)
{
    struct world world = world_new();

    (void)state;
    put_method(&world, "a", "same");
    char *etag = mem_copy(got_header(&world, "ETag"));

    ask(&world, "DELETE", "/v1/shipping-methods/a", "if-match: *", NULL);
    put_method(&world, "a", "same");
    assert_string_not_equal(got_header(&world, "ETag"), etag);
    free(etag);
    world_free(&world);
}

static void only_a_strong_etag_that_is_whole_matches_a_change(void **state)
{
    static const struct {
        const char *header;
        int status;
    } changes[] = {
        {"if-match: \"v1\"", 412},  {"if-match: W/\"v0\"", 412},         {"if-match: v0", 412},
        {"if-match: \"v00\"", 412}, {"if-match: \"v9\", \"v0\"", 200},
    };
    struct world world = world_new();

    (void)state;
    for (size_t i = 0; i < LENGTH(changes); i++) {
        ask(&world, "PUT", "/v1/sales-tax", changes[i].header, "{\"computed_by\":\"provider\",\"rates\":[]}");
        assert_int_equal(world.reply.status, changes[i].status);
    }
    world_free(&world);
}

static void nothing_is_changed_by_half_when_the_database_fails(void **state)
{
    struct world world = world_new();

    (void)state;
    put_method(&world, "a", "first");
    accounts_run(world.accounts, "PRAGMA query_only = 1", "");
    put_method(&world, "b", "second");
    assert_int_equal(world.reply.status, 500);
    assert_string_equal(got(&world, "status"), "500");
    accounts_run(world.accounts, "PRAGMA query_only = 0", "");
    ask(&world, "GET", "/v1/shipping-methods", NULL, NULL);
    assert_string_equal(got(&world, "total"), "1");
    world_free(&world);
}

static void odd_addresses_lead_nowhere(void **state)
{
    static const struct {
        const char *target;
        int status;
    } targets[] = {
        {"/v1/", 404}, {"//v1", 404}, {"/v1/account/", 404}, {"/v1/shipping-methods/", 404}, {"", 404}, {"*", 404},
        {"/v1/shipping-methods/%00", 404}, {"/v1/shipping-methods/%ff", 404}, {"/v1/shipping-methods/a/b", 404},
        {"/v1/shipping-methods/%2E%2E%2Faccount", 404}, {"/v1/states?q=%ff", 400}, {"/v1/states?q=%", 200},
        {"/v1/states?&&=&q", 200}, {"/v1/../v1/account", 404},
    };
    struct world world = world_new();

    (void)state;
    for (size_t i = 0; i < LENGTH(targets); i++) {
        ask(&world, "GET", targets[i].target, NULL, NULL);
        assert_int_equal(world.reply.status, targets[i].status);
    }
    world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_belongs_to_another_tenant_is_not_there),
        cmocka_unit_test(an_operation_goes_on_with_the_clock),
        cmocka_unit_test(a_deactivation_ends_the_activation_that_is_under_way),
        cmocka_unit_test(a_disconnection_ends_every_sign_in_of_its_account_and_of_no_other),
        cmocka_unit_test(a_key_is_remembered_for_a_day),
        cmocka_unit_test(a_key_that_was_refused_may_be_tried_again),
        cmocka_unit_test(pages_of_rows_hold_while_rows_come_and_go),
        cmocka_unit_test(a_row_that_was_made_again_has_no_old_etag),
        cmocka_unit_test(only_a_strong_etag_that_is_whole_matches_a_change),
        cmocka_unit_test(nothing_is_changed_by_half_when_the_database_fails),
        cmocka_unit_test(odd_addresses_lead_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
