#include "html.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "session.h"

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

static void add_link(struct text *out, const struct call *call, const char *path, const char *name)
{
    bool here = call->path && strcmp(call->path, path) == 0;

    text_addf(out, "<a href=\"%s\"%s>%s</a>\n", path, here ? " aria-current=\"page\"" : "", name);
}

/* Who is signed in, so that nobody changes or approves something as somebody else without seeing it. */
static void add_header(struct text *out, const struct call *call)
{
    text_add(out, "<header>\n<a class=\"home\" href=\"/\">Commerce Services</a>\n");
    if (call->user) {
        text_add(out, "<span class=\"who\">");
        html_text(out, call->email);
        text_add(out, "</span>\n");
        html_form(out, call, "/sign-out");
        text_add(out, "<button class=\"quiet\">Sign out</button>\n</form>\n<nav>\n");
        add_link(out, call, "/account", "Account");
        add_link(out, call, "/servers", "Servers");
        add_link(out, call, "/device", "Connect a server");
        text_add(out, "</nav>\n");
    }
    text_add(out, "</header>\n");
}

void html_begin(struct text *out, const struct call *call, const char *title)
{
    text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<link rel=\"stylesheet\" href=\"/style.css\">\n<title>");
    html_text(out, title);
    text_add(out, " - Commerce Services</title>\n</head>\n<body>\n");
    add_header(out, call);
    text_add(out, "<main>\n<h1>");
    html_text(out, title);
    text_add(out, "</h1>\n");
}

void html_end(struct text *out)
{
    text_add(out, "</main>\n<footer><p>Commerce Services, try-out on this computer "
                  "only.</p></footer>\n</body>\n</html>\n");
}

static void add_note(struct text *out, const char *attributes, const char *message)
{
    if (!message)
        return;
    text_addf(out, "<p %s>", attributes);
    html_text(out, message);
    text_add(out, "</p>\n");
}

void html_alert(struct text *out, const char *message)
{
    add_note(out, "class=\"note bad\" role=\"alert\"", message);
}

void html_notice(struct text *out, const char *message)
{
    add_note(out, "class=\"note\" role=\"status\"", message);
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

static void add_choices(struct text *out, const struct html_input *input)
{
    const struct catalogue choices = input->choices();
    const char *chosen = input->value ? input->value : "";
    struct entry entry;

    if (catalogue_find(&choices, chosen) == CATALOGUE_NONE)
        text_add(out, "<option value=\"\">Choose one</option>\n");
    for (size_t i = 0; i < choices.count; i++) {
        choices.entry(&choices, i, &entry);
        text_add(out, "<option value=\"");
        html_text(out, entry.id);
        text_addf(out, "\"%s>", strcmp(entry.id, chosen) == 0 ? " selected" : "");
        html_text(out, entry.name);
        text_add(out, "</option>\n");
    }
    text_add(out, "</select>\n");
}

void html_input(struct text *out, const struct html_input *input)
{
    text_addf(out, "<label for=\"%s\">", input->name);
    html_text(out, input->label);
    text_addf(out, "</label>\n<%s id=\"%s\" name=\"%s\" autocomplete=\"%s\" required",
              input->choices ? "select" : "input", input->name, input->name,
              input->complete ? input->complete : "off");
    if (input->fault)
        text_addf(out, " aria-invalid=\"true\" aria-describedby=\"%s-fault\"", input->name);
    if (input->focus)
        text_add(out, " autofocus");
    if (input->choices) {
        text_add(out, ">\n");
        add_choices(out, input);
    } else {
        text_addf(out, " type=\"%s\"%s value=\"", input->type, input->more ? input->more : "");
        html_text(out, input->value);
        text_add(out, "\">\n");
    }
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
