/* Checks of the network and of commands. */
#include "support/net.h"

#include "json/doc.h"

/* A name that no resolver has to be asked for: it has an empty part. */
#define NOWHERE "https://no..where"

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

/* The service seen from a configuration that is somewhat different. */
static void check_service_of(struct scene *scene)
{
    const struct check check = {.id = (char *)"service", .label = (char *)"Service", .kind = CHECK_SERVICE, .remedy = (char *)"Mend it."};
    net_free(scene->net);
    scene->net = net_new(scene->loop, &scene->options, &(struct net_events){.check = on_check, .user = scene}, NULL);
    assert_non_null(scene->net);
    check_all(scene, &check, 1, "last");
}

static void assert_found(struct scene *scene, const char *lines, const char *text)
{
    assert_string_equal(text_bytes(&scene->checks), lines);
    if (!strstr(text_bytes(&scene->check_texts), text))
        fail_msg("\"%s\" is not said in\n%s", text, text_bytes(&scene->check_texts));
    scene_end(scene);
}

static void a_name_that_nobody_knows_fails_at_the_name(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    scene.options.address = NOWHERE;
    check_service_of(&scene);
    assert_found(&scene, "service.name fail\nservice fail last\n", "no..where: ");
}

static void a_port_where_nobody_listens_fails_at_tcp(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    check_service_of(&scene);
    assert_found(&scene, "service.name pass\nservice.tcp fail\nservice fail last\n", "Connection refused");
}

static void a_proxy_that_is_not_there_fails_at_tcp_with_its_name(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene, NULL, 0);
    scene.options.proxy = scene.address;
    scene.options.address = "https://service.invalid";
    check_service_of(&scene);
    assert_found(&scene, "service.name pass\nservice.tcp fail\nservice fail last\n", "127.0.0.1, port ");
}

static void a_proxy_that_wants_a_password_fails_at_the_proxy(void **state)
{
    (void)state;
    BEGIN({"CONNECT service.invalid:443 ", HTTP("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"\r\n", "")});
    scene.options.proxy = scene.address;
    scene.options.address = "https://service.invalid";
    check_service_of(&scene);
    assert_found(&scene, "service.name pass\nservice.tcp pass\nservice.proxy fail\nservice fail last\n", "requires a user name and a password");
}

static void a_proxy_that_lets_nobody_through_fails_at_the_proxy(void **state)
{
    (void)state;
    BEGIN({"CONNECT service.invalid:443 ", HTTP("403 Forbidden", "", "")});
    scene.options.proxy = scene.address;
    scene.options.address = "https://service.invalid";
    check_service_of(&scene);
    assert_found(&scene, "service.name pass\nservice.tcp pass\nservice.proxy fail\nservice fail last\n", "status 403");
}

static void a_proxy_that_the_environment_goes_around_is_not_asked(void **state)
{
    (void)state;
    BEGIN({"CONNECT service.invalid:443 ", HTTP("403 Forbidden", "", "")});
    scene.options.proxy = scene.address;
    scene.options.address = NOWHERE;
    setenv("no_proxy", "example.com, .where", 1);
    check_service_of(&scene);
    unsetenv("no_proxy");
    assert_found(&scene, "service.name fail\nservice fail last\n", "no..where: ");
}

static void a_clock_that_is_far_off_fails_at_the_clock(void **state)
{
    (void)state;
    BEGIN({"GET /v1 ", HTTP("200 OK", JSON "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "{\"version\": \"1.0\"}")});
    check_service_of(&scene);
    assert_found(&scene, "service.name pass\nservice.tcp pass\nservice.proxy pass\nservice.tls pass\nservice.clock fail\nservice fail last\n",
                 "s ahead of the service / Set the clock");
}

static void a_version_that_is_not_spoken_here_fails_at_the_version(void **state)
{
    (void)state;
    BEGIN({"GET /v1 ", HTTP("200 OK", JSON, "{\"version\": \"9.0\"}")});
    check_service_of(&scene);
    assert_found(&scene, "service.name pass\nservice.tcp pass\nservice.proxy pass\nservice.tls pass\nservice.clock warn\n"
                         "service.version fail\nservice fail last\n", "version 9.0");
}

static void an_address_of_something_else_fails_at_the_version(void **state)
{
    (void)state;
    BEGIN({"GET /v1 ", HTTP("200 OK", "Content-Type: text/html\r\n", "<html>")});
    check_service_of(&scene);
    assert_found(&scene, "service.name pass\nservice.tcp pass\nservice.proxy pass\nservice.tls pass\nservice.clock warn\n"
                         "service.version fail\nservice fail last\n", "no version is told (status 200)");
}

/* Runs one command as a check and gives what was found. */
static void check_command_of(struct scene *scene, const char *config, const char *expect)
{
    const struct check check = {.id = (char *)"db", .label = (char *)"Tracking", .kind = CHECK_COMMAND, .from = (char *)"erp.db_check",
                                .expect = (char *)expect, .remedy = (char *)"ALTER DATABASE [AX2012]"};
    struct value *read = json_read(config, strlen(config), "config", NULL);
    assert_non_null(read);
    scene_begin(scene, NULL, 0);
    scene->options.config = read;
    net_free(scene->net);
    scene->net = net_new(scene->loop, &scene->options, &(struct net_events){.check = on_check, .user = scene}, NULL);
    check_all(scene, &check, 1, "last");
    value_free(read);
    scene->options.config = NULL;
}

static void words_of_a_command_are_given_as_they_stand_and_no_shell_reads_them(void **state)
{
    (void)state;
    struct scene scene;
    check_command_of(&scene, "{\"erp\": {\"db_check\": [\"printf\", \"%s|\", \"$HOME\", \"a b\", \"; false\"]}}", "$HOME|a");
    assert_found(&scene, "db pass last\n", "passed");
}

static void a_command_may_be_given_its_query_as_input(void **state)
{
    (void)state;
    struct scene scene;
    check_command_of(&scene, "{\"erp\": {\"db_check\": {\"run\": [\"cat\"], \"input\": \"1\\n\"}}}", "1");
    assert_found(&scene, "db pass last\n", "passed");
}

static void another_word_than_expected_fails_with_what_was_said_and_the_remedy(void **state)
{
    (void)state;
    struct scene scene;
    check_command_of(&scene, "{\"erp\": {\"db_check\": [\"echo\", \"0\"]}}", "1");
    assert_found(&scene, "db fail last\n", "echo said \"0\", not \"1\" / ALTER DATABASE [AX2012]");
}

static void a_command_that_is_not_installed_fails_and_says_so(void **state)
{
    (void)state;
    struct scene scene;
    check_command_of(&scene, "{\"erp\": {\"db_check\": [\"no-such-program\"]}}", "1");
    assert_found(&scene, "db fail last\n", "no-such-program cannot be run: is it installed?");
}

static void a_command_that_is_not_configured_is_a_warning_with_its_remedy(void **state)
{
    (void)state;
    struct scene scene;
    check_command_of(&scene, "{\"erp\": {}}", "1");
    assert_found(&scene, "db warn last\n", "ALTER DATABASE [AX2012]");
}

static void the_network_is_tested_with_the_rights_of_the_service_user(void **state)
{
    (void)state;
    const struct check check = {.id = (char *)"user", .label = (char *)"User", .kind = CHECK_SERVICE_USER};
    BEGIN({"", HTTP("200 OK", "", "")});
    scene.options.service_user = "nobody";
    net_free(scene.net);
    scene.net = net_new(scene.loop, &scene.options, &(struct net_events){.check = on_check, .user = &scene}, NULL);
    check_all(&scene, &check, 1, "last");
    if (geteuid() == 0)
        assert_found(&scene, "user pass last\n", "nobody reaches 127.0.0.1, port ");
    else
        assert_found(&scene, "user warn last\n", "only root, or nobody, can test with the rights of nobody");
}

static void what_a_command_may_do_it_does_with_the_rights_of_the_service_user(void **state)
{
    (void)state;
    const struct check check = {.id = (char *)"db", .label = (char *)"Tracking", .kind = CHECK_COMMAND, .from = (char *)"erp.db_check", .expect = (char *)"nobody"};
    struct scene scene;
    static const char text[] = "{\"erp\": {\"db_check\": [\"id\", \"-un\"]}}";
    struct value *config = json_read(text, strlen(text), "config", NULL);
    if (geteuid() != 0)
        skip();
    assert_non_null(config);
    scene_begin(&scene, NULL, 0);
    scene.options.config = config;
    scene.options.service_user = "nobody";
    net_free(scene.net);
    scene.net = net_new(scene.loop, &scene.options, &(struct net_events){.check = on_check, .user = &scene}, NULL);
    check_all(&scene, &check, 1, "last");
    assert_found(&scene, "db pass last\n", "passed");
    value_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_come_in_order_line_by_line),
        cmocka_unit_test(a_name_that_nobody_knows_fails_at_the_name),
        cmocka_unit_test(a_port_where_nobody_listens_fails_at_tcp),
        cmocka_unit_test(a_proxy_that_is_not_there_fails_at_tcp_with_its_name),
        cmocka_unit_test(a_proxy_that_wants_a_password_fails_at_the_proxy),
        cmocka_unit_test(a_proxy_that_lets_nobody_through_fails_at_the_proxy),
        cmocka_unit_test(a_proxy_that_the_environment_goes_around_is_not_asked),
        cmocka_unit_test(a_clock_that_is_far_off_fails_at_the_clock),
        cmocka_unit_test(a_version_that_is_not_spoken_here_fails_at_the_version),
        cmocka_unit_test(an_address_of_something_else_fails_at_the_version),
        cmocka_unit_test(words_of_a_command_are_given_as_they_stand_and_no_shell_reads_them),
        cmocka_unit_test(a_command_may_be_given_its_query_as_input),
        cmocka_unit_test(another_word_than_expected_fails_with_what_was_said_and_the_remedy),
        cmocka_unit_test(a_command_that_is_not_installed_fails_and_says_so),
        cmocka_unit_test(a_command_that_is_not_configured_is_a_warning_with_its_remedy),
        cmocka_unit_test(the_network_is_tested_with_the_rights_of_the_service_user),
        cmocka_unit_test(what_a_command_may_do_it_does_with_the_rights_of_the_service_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
