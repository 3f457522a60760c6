/* What a form sends (application/x-www-form-urlencoded), member by member. */
#include <string.h>

#include "base/digest.h"
#include "private.h"

static void add_encoded(struct text *form, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || strchr("-._~", *at);
        if (!plain)
            text_add_char(form, '%');
        text_add_char(form, plain ? (char)*at : digits[*at >> 4]);
        if (!plain)
            text_add_char(form, digits[*at & 15]);
    }
}

void form_add(struct text *form, const char *name, const char *value)
{
    if (!value)
        return;
    text_addf(form, "%s%s=", form->size ? "&" : "", name);
    add_encoded(form, value);
}

/* Name and secret are encoded as in a form before they are joined: a colon in either is none then. */
char *form_basic(const char *name, const char *secret)
{
    struct text both = {0}, line = {0};
    add_encoded(&both, name);
    text_add(&both, ":");
    add_encoded(&both, secret);
    text_add(&line, "Authorization: Basic ");
    digest_base64(both.bytes, both.size, &line);
    text_wipe(&both);
    return text_take(&line);
}
