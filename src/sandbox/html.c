#include "html.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "session.h"

static const char style[] =
    "body{margin:0 auto;max-width:34rem;padding:1rem;font:1.05rem/1.5 "
    "system-ui,sans-serif;color:#1a1a1a;background:#fff}\n"
    "h1{font-size:1.5rem}\n"
    "label{display:block;margin-top:1rem;font-weight:600}\n"
    "input{box-sizing:border-box;width:100%;padding:.6rem;font:inherit;border:1px solid "
    "#767676;border-radius:.3rem}\n"
    "button{margin:1.2rem .6rem 0 0;padding:.7rem 1.4rem;font:inherit;border:1px solid "
    "#0b5394;border-radius:.3rem;"
    "background:#0b5394;color:#fff}\n"
    "button.quiet{background:#fff;color:#0b5394}\n"
    ".fault{margin:.2rem 0 0;color:#a80000}\n"
    ".alert{padding:.6rem .8rem;border-left:.3rem solid #a80000;background:#fdecea}\n"
    ".code{font:700 1.8rem/1.2 ui-monospace,monospace;letter-spacing:.1em}\n"
    "dt{font-weight:600}dd{margin:0 0 .6rem}\n"
    "@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}input{color:#eee;background:#222}"
    ".fault{color:#ff9d96}.alert{background:#3a1512}button.quiet{background:#161616;color:#8ec1ff}}\n";

void html_text(struct text *out, const char *text)
{
    char *visible = clean_copy(text, CLEAN_NAME); /* nothing may hide or turn the direction round */

    for (const char *c = visible; c && *c; c++) {
        switch (*c) {
        case '&':
            text_add(out, "&amp;");
            break;
        case '<':
            text_add(out, "&lt;");
            break;
        case '>':
            text_add(out, "&gt;");
            break;
        case '"':
            text_add(out, "&quot;");
            break;
        case '\'':
            text_add(out, "&#39;");
            break;
        default:
            text_add_char(out, *c);
        }
    }
    free(visible);
}

void html_begin(struct text *out, const char *title)
{
    text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<link rel=\"stylesheet\" href=\"/style.css\">\n<title>");
    html_text(out, title);
    text_add(out, " - Commerce Services</title>\n</head>\n<body>\n<main>\n<h1>");
    html_text(out, title);
    text_add(out, "</h1>\n");
}

void html_end(struct text *out)
{
    text_add(out, "</main>\n<footer><p>Commerce Services, try-out on this computer "
                  "only.</p></footer>\n</body>\n</html>\n");
}

void html_alert(struct text *out, const char *message)
{
    if (!message)
        return;
    text_add(out, "<p class=\"alert\" role=\"alert\">");
    html_text(out, message);
    text_add(out, "</p>\n");
}

void html_hidden(struct text *out, const char *name, const char *value)
{
    text_addf(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    html_text(out, value);
    text_add(out, "\">\n");
}

void html_form(struct text *out, const struct call *call, const char *action)
{
    char *token = session_form_token(call);

    text_addf(out, "<form method=\"post\" action=\"%s\">\n", action);
    html_hidden(out, "form", token);
    free(token);
}

void html_input(struct text *out, const struct html_input *input)
{
    text_addf(out, "<label for=\"%s\">", input->name);
    html_text(out, input->label);
    text_addf(out, "</label>\n<input id=\"%s\" name=\"%s\" type=\"%s\" autocomplete=\"%s\" value=\"",
              input->name, input->name, input->type, input->complete ? input->complete : "off");
    html_text(out, input->value);
    text_add(out, "\"");
    if (input->fault)
        text_addf(out, " aria-invalid=\"true\" aria-describedby=\"%s-fault\"", input->name);
    text_add(out, ">\n");
    if (input->fault) {
        text_addf(out, "<p class=\"fault\" id=\"%s-fault\">", input->name);
        html_text(out, input->fault);
        text_add(out, "</p>\n");
    }
}

/* No scripts at all; nothing from elsewhere; in nobody's frame. */
static void put_headers(struct call *call)
{
    reply_header(
        call->reply, "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    reply_header(call->reply, "X-Frame-Options", "DENY");
    reply_header(call->reply, "Cross-Origin-Opener-Policy", "same-origin");
    /* Not "no-referrer": browsers would send "Origin: null" with our own forms then. */
    reply_header(call->reply, "Referrer-Policy", "same-origin");
}

void html_reply(struct call *call, int status, struct text *out)
{
    call->reply->status = status;
    call->reply->type = "text/html; charset=utf-8";
    text_wipe(&call->reply->body);
    call->reply->body = *out;
    *out = (struct text){0};
    put_headers(call);
}

void html_redirect(struct call *call, const char *path)
{
    call->reply->status = 303;
    reply_header(call->reply, "Location", "%s", path);
    put_headers(call);
}

void style_get(struct call *call)
{
    call->reply->status = 200;
    call->reply->type = "text/css; charset=utf-8";
    reply_header(call->reply, "Cache-Control", "max-age=3600");
    text_add(&call->reply->body, style);
}
