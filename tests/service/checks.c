/* Checks of the network and of commands. */
#include "support/net.h"

static void check_all(struct scene *scene, const struct check *checks, size_t count, const char *last)
{
    net_check(scene->net, checks, count);
    while (!strstr(text_bytes(&scene->checks), last) && loop_turn(scene->loop, 20000))
        continue;
}

static void checks_come_in_order_line_by_line(void **state)
{
    (void)state;
    BEGIN({"GET /v1 ", HTTP("200 OK", JSON, "{\"version\": \"1.0\"}")});
    struct value *config = value_new_map(), *words = value_new_list(), *loud = value_new_list();
    value_append(words, value_new_text("echo"));
    value_append(words, value_new_text("ready now"));
    value_append(loud, value_new_text("false"));
    value_put(config, "good", words);
    value_put(config, "bad", loud);
    scene.options.config = config;
    net_free(scene.net);
    scene.net = net_new(scene.loop, &scene.options, &(struct net_events){.check = on_check, .user = &scene}, NULL);
    const struct check checks[] = {
        {.id = (char *)"service", .label = (char *)"Service", .kind = CHECK_SERVICE},
        {.id = (char *)"good", .label = (char *)"Good", .kind = CHECK_COMMAND, .from = (char *)"good", .expect = (char *)"ready"},
        {.id = (char *)"bad", .label = (char *)"Bad", .kind = CHECK_COMMAND, .from = (char *)"bad"},
        {.id = (char *)"unset", .label = (char *)"Unset", .kind = CHECK_COMMAND, .from = (char *)"unset"},
        {.id = (char *)"user", .label = (char *)"User", .kind = CHECK_SERVICE_USER},
    };
    check_all(&scene, checks, LENGTH(checks), "user warn last");
    assert_string_equal(text_bytes(&scene.checks), "service.name pass\nservice.tcp pass\nservice.proxy pass\nservice.tls pass\n"
                        "service.clock warn\nservice.version pass\nservice warn last\ngood pass last\nbad fail last\nunset warn last\n"
                        "user warn last\n");
    scene_end(&scene);
    value_free(config);
}

static void after_a_failed_line_the_later_ones_are_left_out(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    const struct check check = {.id = (char *)"service", .label = (char *)"Service", .kind = CHECK_SERVICE};
    check_all(&scene, &check, 1, "last");
    assert_string_equal(text_bytes(&scene.checks), "service.name pass\nservice.tcp fail\nservice fail last\n");
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_come_in_order_line_by_line),
        cmocka_unit_test(after_a_failed_line_the_later_ones_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
