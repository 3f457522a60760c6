/*
 * Somebody at a browser, on the pages of the try-out service.
 *
 *      struct browser browser = sign_in(&world);
 *      visit(&world, &browser, "/account");
 *      assert_int_equal(world.reply.status, 200);
 *      browser_clear(&browser);
 */
#ifndef SUPPORT_BROWSER_H
#define SUPPORT_BROWSER_H

#include "support/service.h"

/* Who sits at a browser: the header lines that go with each request. */
struct browser {
    char *cookie;       /* "__Host-commerce=..." */
    char *form;         /* the token of the forms that were shown last */
};

static inline void look(struct browser *browser, const struct world *world)
{
    const char *cookie = got_header(world, "Set-Cookie");
    const char *hidden = strstr(text_bytes(&world->reply.body), "name=\"form\" value=\"");

    if (*cookie) {
        free(browser->cookie);
        browser->cookie = mem_copy_bytes(cookie, strcspn(cookie, ";"));
    }
    if (hidden) {
        free(browser->form);
        browser->form = mem_copy_bytes(hidden + 19, 64);
    }
}

static inline void visit(struct world *world, struct browser *browser, const char *target)
{
    char *line = browser->cookie ? text_format("cookie: %s", browser->cookie) : NULL;

    ask(world, "GET", target, line, NULL);
    look(browser, world);
    free(line);
}

/* Sends `form` with the token of the form that was shown, from our own origin. */
static inline void send_form(struct world *world, struct browser *browser, const char *target, const char *form)
{
    char *lines = text_format("cookie: %s\norigin: https://localhost:8443", browser->cookie);
    char *body = text_format("form=%s&%s", browser->form, form);

    ask(world, "POST", target, lines, body);
    look(browser, world);
    free(lines);
    free(body);
}

static inline struct browser sign_in(struct world *world)
{
    struct browser browser = {0};

    visit(world, &browser, "/sign-in");
    send_form(world, &browser, "/sign-in", "email=admin%40contoso.example&password=sandbox");
    assert_int_equal(world->reply.status, 303);
    visit(world, &browser, "/account");
    assert_int_equal(world->reply.status, 200);
    return browser;
}

static inline void browser_clear(struct browser *browser)
{
    free(browser->cookie);
    free(browser->form);
}

#endif
