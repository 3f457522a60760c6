/* What time does to codes, tokens, sessions and passwords. The rest of signing in is in sign-in.test.sh. */
#include "../src/sandbox/oauth.h"

#include "support/service.h"

#define DEVICE_GRANT "grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Adevice_code"

/* What the service says to a device that asks for its tokens: the error, or "" when it got them. */
static const char *poll_for(struct world *world, const char *device_code)
{
    char *form = text_format("client_id=commerce-setup&" DEVICE_GRANT "&device_code=%s", device_code);

    ask(world, "POST", "/oauth/token", NULL, form);
    free(form);
    return got(world, "error");
}

static const char *refresh(struct world *world, const char *token)
{
    char *form = text_format("client_id=commerce-setup&grant_type=refresh_token&refresh_token=%s", token);

    ask(world, "POST", "/oauth/token", NULL, form);
    free(form);
    return got(world, "error");
}

static void approve(struct world *world, const char *user_code)
{
    struct reply reply = {0};
    struct request request = {.now_ms = world->now_ms};
    struct call call = {.service = world->service, .request = &request, .reply = &reply};

    assert_true(user_find(world->service, SERVICE_USER, &call.user));
    device_decide(&call, user_code, true);
    free(call.user);
}

/* A server that is signed in: its refresh token, yours; its access token in world->token. */
static char *signed_in(struct world *world)
{
    char user_code[16], *device = begin(world, user_code);

    approve(world, user_code);
    assert_string_equal(poll_for(world, device), "");
    free(device);
    free(world->token);
    world->token = mem_copy(got(world, "access_token"));
    return mem_copy(got(world, "refresh_token"));
}

static void asking_too_soon_slows_a_device_down_for_good(void **state)
{
    struct world world = world_new();
    char user_code[16], *device = begin(&world, user_code);
    static const struct {
        int after_ms;
        const char *error;
    } polls[] = {
        {0, "authorization_pending"},    {5000, "authorization_pending"}, {4000, "slow_down"},
        {9000, "slow_down"},             {14000, "slow_down"},            {20000, "authorization_pending"},
        {20000, "authorization_pending"}, {19000, "slow_down"},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(polls); i++) {
        world.now_ms += polls[i].after_ms;
        assert_string_equal(poll_for(&world, device), polls[i].error);
    }
    free(device);
    world_free(&world);
}

static void a_code_lives_fifteen_minutes(void **state)
{
    struct world world = world_new();
    char user_code[16], *device = begin(&world, user_code);

    (void)state;
    world.now_ms += 899 * 1000;
    assert_string_equal(poll_for(&world, device), "authorization_pending");
    world.now_ms += 1000;
    assert_string_equal(poll_for(&world, device), "expired_token");
    free(device);
    world_free(&world);
}

static void an_access_token_lives_fifteen_minutes(void **state)
{
    struct world world = world_new();
    char *token = signed_in(&world);

    (void)state;
    world.now_ms += 899 * 1000;
    ask(&world, "GET", "/v1/me", NULL, NULL);
    assert_int_equal(world.reply.status, 200);
    world.now_ms += 1000;
    ask(&world, "GET", "/v1/me", NULL, NULL);
    assert_int_equal(world.reply.status, 401);
    free(token);
    world_free(&world);
}

static void a_used_refresh_token_gives_the_same_successor_for_a_minute(void **state)
{
    struct world world = world_new();
    char *first = signed_in(&world), *second;

    (void)state;
    assert_string_equal(refresh(&world, first), "");
    second = mem_copy(got(&world, "refresh_token"));
    assert_string_not_equal(first, second);
    world.now_ms += 60 * 1000;
    assert_string_equal(refresh(&world, first), "");
    assert_string_equal(got(&world, "refresh_token"), second);
    assert_string_equal(refresh(&world, second), "");
    free(first);
    free(second);
    world_free(&world);
}

static void a_refresh_token_used_again_later_ends_the_whole_sign_in(void **state)
{
    struct world world = world_new();
    char *first = signed_in(&world), *second;

    (void)state;
    assert_string_equal(refresh(&world, first), "");
    second = mem_copy(got(&world, "refresh_token"));
    world.now_ms += 61 * 1000;
    assert_string_equal(refresh(&world, first), "invalid_grant");
    assert_string_equal(refresh(&world, second), "invalid_grant");
    ask(&world, "GET", "/v1/me", NULL, NULL);
    assert_int_equal(world.reply.status, 401);
    free(first);
    free(second);
    world_free(&world);
}

static void a_refresh_token_that_nobody_uses_ends_after_a_month(void **state)
{
    struct world world = world_new();
    char *token = signed_in(&world);

    (void)state;
    world.now_ms += 30LL * 24 * 3600 * 1000;
    assert_string_equal(refresh(&world, token), "invalid_grant");
    free(token);
    world_free(&world);
}

static void wrong_passwords_are_answered_more_and_more_slowly(void **state)
{
    struct world world = world_new();
    int waits[] = {0, 0, 0, 1, 2, 4, 8}, wait_s;

    (void)state;
    for (size_t i = 0; i < LENGTH(waits); i++) {
        if (waits[i] > 0) {
            assert_null(user_check(world.service, SERVICE_USER, SERVICE_PASSWORD, world.now_ms, &wait_s));
            assert_int_equal(wait_s, waits[i]);     /* not even the right one is looked at meanwhile */
            world.now_ms += waits[i] * 1000;
        }
        assert_null(user_check(world.service, SERVICE_USER, "wrong", world.now_ms, &wait_s));
        assert_int_equal(wait_s, 0);
    }
    world.now_ms += 300 * 1000;
    char *user = user_check(world.service, SERVICE_USER, SERVICE_PASSWORD, world.now_ms, &wait_s);

    assert_non_null(user);
    free(user);
    assert_null(user_check(world.service, "nobody@contoso.example", "wrong", world.now_ms, &wait_s));
    world_free(&world);
}

static void a_code_is_the_same_however_it_is_typed(void **state)
{
    static const char *const typed[] = {"BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "B-C-D-F-G-H-J-K"};

    (void)state;
    for (size_t i = 0; i < LENGTH(typed); i++) {
        char *code = user_code_read(typed[i]);

        assert_string_equal(code, "BCDF-GHJK");
        free(code);
    }
}

static void a_browser_is_signed_out_after_eight_hours(void **state)
{
    struct world world = world_new();
    char *cookie, *form, *line;

    (void)state;
    ask(&world, "GET", "/sign-in", NULL, NULL);
    cookie = mem_copy_bytes(got_header(&world, "Set-Cookie"), strcspn(got_header(&world, "Set-Cookie"), ";"));
    const char *hidden = strstr(world.reply.body.bytes, "name=\"form\" value=\"");

    assert_non_null(hidden);
    form = text_format("email=admin%%40contoso.example&password=sandbox&form=%.64s", hidden + 19);
    line = text_format("cookie: %s\norigin: https://localhost:8443", cookie);
    ask(&world, "POST", "/sign-in", line, form);
    assert_int_equal(world.reply.status, 303);
    free(cookie);
    free(line);
    cookie = mem_copy_bytes(got_header(&world, "Set-Cookie"), strcspn(got_header(&world, "Set-Cookie"), ";"));
    line = text_format("cookie: %s", cookie);
    world.now_ms += 8 * 3600 * 1000 - 1;
    ask(&world, "GET", "/account", line, NULL);
    assert_int_equal(world.reply.status, 200);
    world.now_ms += 1;
    ask(&world, "GET", "/account", line, NULL);
    assert_int_equal(world.reply.status, 303);
    free(cookie);
    free(line);
    free(form);
    world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asking_too_soon_slows_a_device_down_for_good),
        cmocka_unit_test(a_code_lives_fifteen_minutes),
        cmocka_unit_test(an_access_token_lives_fifteen_minutes),
        cmocka_unit_test(a_used_refresh_token_gives_the_same_successor_for_a_minute),
        cmocka_unit_test(a_refresh_token_used_again_later_ends_the_whole_sign_in),
        cmocka_unit_test(a_refresh_token_that_nobody_uses_ends_after_a_month),
        cmocka_unit_test(wrong_passwords_are_answered_more_and_more_slowly),
        cmocka_unit_test(a_code_is_the_same_however_it_is_typed),
        cmocka_unit_test(a_browser_is_signed_out_after_eight_hours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
