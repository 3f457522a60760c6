#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "oauth.h"
#include "pages.h"
#include "token.h"
#include "user.h"

static void show_code_form(struct call *call, int status, const char *code, const char *message)
{
    struct text out = {0};

    html_begin(&out, call, "Connect a server");
    html_alert(&out, message);
    text_add(&out, "<p>Enter the code that the server shows.</p>\n");
    html_form(&out, call, "/device");
    html_input(&out, &(struct html_input){.name = "user_code",
                                          .label = "Code",
                                          .type = "text",
                                          .more = " autocapitalize=\"characters\" spellcheck=\"false\"",
                                          .value = code,
                                          .focus = true});
    text_add(&out, "<button>Continue</button>\n</form>\n");
    html_end(&out);
    html_reply(call, status, &out);
}

/* The code of the address only fills in the form: looking it up is left to a POST, which counts wrong tries.
 */
void device_page(struct call *call)
{
    const char *code = call_query(call, "user_code");

    if (page_begin(call, true))
        show_code_form(call, 200, code ? code : "", NULL);
}

static void add_scopes(struct text *out, const char *scopes)
{
    static const char *const meanings[][2] = {
        {"openid", "see your name and e-mail address"},
        {"commerce.manage", "see and change the set-up of this account, and activate it"},
        {"offline_access", "stay connected until you disconnect it"},
    };

    text_add(out, "<p>It asks to be allowed to:</p>\n<ul>\n");
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (scope_has(scopes, meanings[i][0]))
            text_addf(out, "<li>%s</li>\n", meanings[i][1]);
    text_add(out, "</ul>\n");
}

static void add_fact(struct text *out, const char *name, const char *fact)
{
    if (!fact || !*fact)
        return;
    text_addf(out, "<dt>%s</dt><dd>", name);
    html_text(out, fact);
    text_add(out, "</dd>\n");
}

static void show_consent(struct call *call, const struct value *device)
{
    const char *host = value_member_text(device, "host");
    char *time = time_words(row_number(device, "created"));
    struct text out = {0};

    html_begin(&out, call, "Approve this server?");
    text_add(&out, "<p class=\"code\">");
    html_text(&out, value_member_text(device, "user_code"));
    text_add(&out, "</p>\n<dl>\n");
    add_fact(&out, "Server (as it calls itself)", host && *host ? host : "did not give its name");
    add_fact(&out, "Asked from", value_member_text(device, "address"));
    add_fact(&out, "Asked at", time);
    text_add(&out, "</dl>\n");
    add_scopes(&out, value_member_text(device, "scope"));
    text_add(
        &out,
        "<p><strong>Only approve if you started this yourself</strong> and the server shows the same code "
        "now. If somebody sent you the code or the link, refuse.</p>\n");
    html_form(&out, call, "/device/decision");
    html_hidden(&out, "user_code", value_member_text(device, "user_code"));
    text_add(&out, "<button name=\"decision\" value=\"approve\">Approve</button>\n"
                   "<button class=\"quiet\" name=\"decision\" value=\"refuse\">Refuse</button>\n</form>\n");
    html_end(&out);
    html_reply(call, 200, &out);
    free(time);
}

/* False when this user has tried too many wrong codes; the reply says so. */
static bool may_try(struct call *call, const char *what)
{
    int64_t until;
    int wrong = tries_count(call->service, what, &until);

    if (until <= call->request->now_ms) {
        tries_forget(call->service, what);
        return true;
    }
    if (wrong < WRONG_CODES_MOST)
        return true;
    int64_t wait_s = (until - call->request->now_ms + 999) / 1000;

    reply_header(call->reply, "Retry-After", "%lld", (long long)wait_s);
    page_message(call, 429, "Too many wrong codes",
                 "Wait a quarter of an hour, then ask the server for a new code.");
    return false;
}

/* The device that the form's code belongs to, yours; NULL when the reply is written. */
static struct value *asked_device(struct call *call)
{
    char *code = user_code_read(page_field(call, "user_code")), *what = text_format("code:%s", call->user);
    struct value *device = may_try(call, what) ? device_find(call, code) : NULL;

    if (!device && call->reply->status == 0) {
        tries_add(call->service, what, call->request->now_ms + call->service->options.code_seconds * 1000LL);
        show_code_form(
            call, 422, page_field(call, "user_code"),
            "This code is not right, or not valid any more. Compare it with what the server shows.");
    }
    free(what);
    free(code);
    return device;
}

void device_post(struct call *call)
{
    struct value *device = page_begin(call, true) ? asked_device(call) : NULL;

    if (device)
        show_consent(call, device);
    value_free(device);
}

void decision_post(struct call *call)
{
    struct value *device = page_begin(call, true) ? asked_device(call) : NULL;
    const char *decision = page_field(call, "decision");
    bool approve = strcmp(decision, "approve") == 0;

    if (!device)
        return;
    if (!approve && strcmp(decision, "refuse") != 0) {
        show_consent(call, device);
    } else {
        device_decide(call, value_member_text(device, "user_code"), approve);
        page_message(call, 200, approve ? "Approved" : "Refused",
                     approve ? "The server is connected. You can close this page and go back to the server."
                             : "The server was not connected. You can close this page.");
    }
    value_free(device);
}
