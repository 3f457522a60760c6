/*
 * html - pages as text: one frame, one escaper, forms that need no script and fit on a phone.
 */
#ifndef SANDBOX_HTML_H
#define SANDBOX_HTML_H

#include "call.h"

/* The only way by which a text that is not our own gets into a page or an attribute. */
void html_text(struct text *out, const char *text);

void html_begin(struct text *out, const char *title);
void html_end(struct text *out);
/* One sentence at the top that is read out at once; nothing if `message` is NULL. */
void html_alert(struct text *out, const char *message);
/* A form to `action`, with the session's token; closed by "</form>". */
void html_form(struct text *out, const struct call *call, const char *action);

struct html_input {
    const char *name;
    const char *label;
    const char *type;           /* "text", "password", "email", "tel" */
    const char *complete;       /* of the autocomplete attribute; NULL: "off" */
    const char *value;          /* NULL: empty */
    const char *fault;          /* what is wrong with it; NULL: nothing */
};
void html_input(struct text *out, const struct html_input *input);
void html_hidden(struct text *out, const char *name, const char *value);

/* Sends the page: takes `out`. Sets the headers that all pages have. */
void html_reply(struct call *call, int status, struct text *out);
/* "See other", to an address of our own. */
void html_redirect(struct call *call, const char *path);

void style_get(struct call *call);      /* GET /style.css */

#endif
