#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "pages.h"
#include "routes.h"
#include "session.h"
#include "shape.h"
#include "user.h"

const char *page_field(const struct call *call, const char *name)
{
    const char *text = call->body ? value_member_text(call->body, name) : NULL;

    return text ? text : "";
}

void page_message(struct call *call, int status, const char *title, const char *message)
{
    struct text out = {0};

    html_begin(&out, call, title);
    text_add(&out, "<p>");
    html_text(&out, message);
    text_add(&out, "</p>\n");
    html_end(&out);
    html_reply(call, status, &out);
}

/* Addresses of our own pages only: whoever made the link must not choose where the sign-in leads. */
static const char *safe_next(const char *next)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/?=_-";
    bool ours = text_same(next, "/device") || text_same(next, "/servers") ||
                (next && strncmp(next, "/device?user_code=", 18) == 0);

    return ours && strlen(next) < 64 && strspn(next, letters) == strlen(next) ? next : "/account";
}

bool page_begin(struct call *call, bool needs_user)
{
    struct text address = {0};

    session_load(call);
    if (route_changes(call->route) && !session_form_is_ours(call)) {
        page_message(
            call, 403, "Not sent from here",
            "This form was not sent by a page of this site, or the page was open for too long. Go back, "
            "load the page again and send the form again.");
        return false;
    }
    if (!needs_user || call->user)
        return true;
    text_add(&address, "/sign-in?next=");
    url_encode(&address, safe_next(call->request->target));
    html_redirect(call, address.bytes);
    text_clear(&address);
    return false;
}

void home_page(struct call *call)
{
    html_redirect(call, "/account");
}

static void show_sign_in(struct call *call, int status, const char *next, const char *message)
{
    struct text out = {0};

    html_begin(&out, call, "Sign in");
    html_alert(&out, message);
    html_form(&out, call, "/sign-in");
    html_hidden(&out, "next", next);
    html_input(&out, &(struct html_input){.name = "email",
                                          .label = "E-mail",
                                          .type = "email",
                                          .complete = "username",
                                          .value = page_field(call, "email"),
                                          .focus = true});
    html_input(&out, &(struct html_input){.name = "password",
                                          .label = "Password",
                                          .type = "password",
                                          .complete = "current-password"});
    text_add(&out, "<button>Sign in</button>\n</form>\n<p><a href=\"/sign-up\">Make a new account</a></p>\n");
    html_end(&out);
    html_reply(call, status, &out);
}

void sign_in_page(struct call *call)
{
    if (page_begin(call, false))
        show_sign_in(call, 200, safe_next(call_query(call, "next")), NULL);
}

void sign_in_post(struct call *call)
{
    const char *next = safe_next(page_field(call, "next"));
    int wait_s = 0;

    if (!page_begin(call, false))
        return;
    char *user = user_check(call->service, page_field(call, "email"), page_field(call, "password"),
                            call->request->now_ms, &wait_s);

    if (user) {
        session_sign_in(call, user);
        html_redirect(call, next);
    } else if (wait_s > 0) {
        char *message = text_format("Too many wrong tries. Try again in %d seconds.", wait_s);

        reply_header(call->reply, "Retry-After", "%d", wait_s);
        show_sign_in(call, 429, next, message);
        free(message);
    } else {
        show_sign_in(call, 422, next, "The e-mail address or the password is wrong.");
    }
    free(user);
}

static void show_sign_up(struct call *call, int status)
{
    struct text out = {0};

    html_begin(&out, call, "New account");
    html_alert(&out, status == 200 ? NULL : "Nothing was made yet: see what is said below.");
    html_form(&out, call, "/sign-up");
    static const struct html_input inputs[] = {
        {.name = "name", .label = "Your name", .type = "text", .complete = "name"},
        {.name = "email", .label = "E-mail", .type = "email", .complete = "username"},
        {.name = "password",
         .label = "Password, 10 characters or more",
         .type = "password",
         .complete = "new-password"},
    };

    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct html_input input = inputs[i];
        char *pointer = pointer_join("", input.name);
        const struct value *fault = value_find(call->faults, "pointer", pointer, NULL);

        input.value = strcmp(input.type, "password") == 0 ? NULL : page_field(call, input.name);
        input.fault = fault ? value_member_text(fault, "detail") : NULL;
        html_input(&out, &input);
        free(pointer);
    }
    text_add(&out,
             "<button>Make the account</button>\n</form>\n<p><a href=\"/sign-in\">Sign in instead</a></p>\n");
    html_end(&out);
    html_reply(call, status, &out);
}

void sign_up_page(struct call *call)
{
    if (page_begin(call, false))
        show_sign_up(call, 200);
}

void sign_up_post(struct call *call)
{
    const char *email = page_field(call, "email"), *password = page_field(call, "password");
    char *user = NULL;

    if (!page_begin(call, false))
        return;
    struct value *given = value_new_map();

    value_put(given, "name", value_new_scalar(SCALAR_TEXT, page_field(call, "name")));
    value_put(given, "email", value_new_scalar(SCALAR_TEXT, email));
    shape_check(&shape_of_person, given, "", call->faults);
    value_free(given);
    if (user_find(call->service, email, NULL))
        fault_add(call->faults, "/email", "There is an account with this address already.");
    if (strlen(password) < PASSWORD_LEAST || strlen(password) > PASSWORD_MOST)
        fault_add(call->faults, "/password", "Give %d to %d characters.", PASSWORD_LEAST, PASSWORD_MOST);
    if (value_count(call->faults) > 0) {
        show_sign_up(call, 422);
        return;
    }
    user_add(call->service, email, page_field(call, "name"), password, call->request->now_ms);
    if (user_find(call->service, email, &user))
        session_sign_in(call, user);
    html_redirect(call, "/account");
    free(user);
}

void sign_out_post(struct call *call)
{
    if (!page_begin(call, false))
        return;
    session_sign_out(call);
    html_redirect(call, "/sign-in");
}
