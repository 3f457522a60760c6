/*
 * html - pages as text: one frame, one escaper, forms that need no script and fit on a phone.
 */
#ifndef SANDBOX_HTML_H
#define SANDBOX_HTML_H

#include "call.h"
#include "catalogue.h"

/* The only way by which a text that is not our own gets into a page or an attribute. */
void html_text(struct text *out, const char *text);

/* With the way to the other pages, and out, for who is signed in. */
void html_begin(struct text *out, const struct call *call, const char *title);
void html_end(struct text *out);
/* One sentence at the top: what is wrong (read out at once), or what was done; nothing if `message` is NULL. */
void html_alert(struct text *out, const char *message);
void html_notice(struct text *out, const char *message);
/* A form to `action`, with the session's token; closed by "</form>". */
void html_form(struct text *out, const struct call *call, const char *action);

struct html_input {
    const char *name;
    const char *label;
    const char *type;           /* "text", "password", "email", "tel"; of no account where there are choices */
    const char *complete;       /* of the autocomplete attribute; NULL: "off" */
    const char *more;           /* attributes of its own, with a blank in front; NULL: none */
    struct catalogue (*choices)(void);      /* what to choose from; NULL: it is typed */
    const char *value;          /* NULL: empty */
    const char *fault;          /* what is wrong with it; NULL: nothing */
    bool focus;                 /* where the cursor is first */
};
void html_input(struct text *out, const struct html_input *input);
void html_hidden(struct text *out, const char *name, const char *value);

/* Sends the page: takes `out`. Sets the headers that all pages have. */
void html_reply(struct call *call, int status, struct text *out);
/* "See other", to an address of our own. */
void html_redirect(struct call *call, const char *path);

void style_get(struct call *call);      /* GET /style.css: style.c */

#endif
