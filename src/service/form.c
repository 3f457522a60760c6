/* What a form sends (application/x-www-form-urlencoded), member by member. */
#include <string.h>

#include "private.h"

void form_add(struct text *form, const char *name, const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    if (!value)
        return;
    text_addf(form, "%s%s=", form->size ? "&" : "", name);
    for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || strchr("-._~", *at);
        if (!plain)
            text_add_char(form, '%');
        text_add_char(form, plain ? (char)*at : digits[*at >> 4]);
        if (!plain)
            text_add_char(form, digits[*at & 15]);
    }
}
