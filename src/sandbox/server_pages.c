#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "pages.h"
#include "token.h"

static void add_server(struct text *out, const struct call *call, const struct value *row)
{
    const char *host = value_member_text(row, "host");
    char *since = time_words(row_number(row, "created"));

    text_add(out, "<li>\n<div>\n<h2>");
    html_text(out, *host ? host : "A server that did not give its name");
    text_addf(out, "</h2>\n<p>Signed in %s</p>\n</div>\n", since);
    html_form(out, call, "/servers");
    html_hidden(out, "server", value_member_text(row, "id"));
    text_add(out, "<button class=\"quiet\" aria-label=\"Sign out ");
    html_text(out, *host ? host : "this server");
    text_add(out, "\">Sign out</button>\n</form>\n</li>\n");
    free(since);
}

void servers_page(struct call *call)
{
    struct text out = {0};

    if (!page_begin(call, true))
        return;
    struct value *rows = grants_of(call->service, call->user, call->request->now_ms);

    html_begin(&out, call, "Servers");
    html_notice(&out, call_query(call, "done") ? "The server is signed out." : NULL);
    text_add(&out, value_count(rows) ? "<p>These servers may see and change this account.</p>\n"
                                       "<ul class=\"list\">\n"
                                     : "<p>No server is signed in to this account.</p>\n");
    for (size_t i = 0; i < value_count(rows); i++)
        add_server(&out, call, value_item(rows, i));
    text_add(&out, value_count(rows) ? "</ul>\n" : "<p><a href=\"/device\">Connect a server</a></p>\n");
    html_end(&out);
    html_reply(call, 200, &out);
    value_free(rows);
}

void servers_post(struct call *call)
{
    if (!page_begin(call, true))
        return;
    if (grant_drop_of(call->service, page_field(call, "server"), call->user))
        html_redirect(call, "/servers?done=yes");
    else
        page_message(call, 404, "Not there", "This server is not signed in, or no longer.");
}
