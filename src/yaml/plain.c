#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "yaml_private.h"

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static bool is_digits_of(const char *text, const char *digits)
{
    return *text && text[strspn(text, digits)] == '\0';
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_decimal(const char *text)
{
    size_t whole, fraction = 0;

    if (*text == '-' || *text == '+')
        text++;
    whole = strspn(text, "0123456789");
    text += whole;
    if (*text == '.') {
        text++;
        fraction = strspn(text, "0123456789");
        text += fraction;
    }
    if (whole == 0 && fraction == 0)
        return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '-' || *text == '+')
            text++;
        return is_digits_of(text, "0123456789");
    }
    return *text == '\0';
}

static bool is_number(const char *text)
{
    static const char *const infinities[] = { ".inf", ".Inf", ".INF", NULL };
    static const char *const nans[] = { ".nan", ".NaN", ".NAN", NULL };
    bool sign = *text == '-' || *text == '+';

    if (text[0] == '0' && text[1] == 'o')
        return is_digits_of(text + 2, "01234567");
    if (text[0] == '0' && text[1] == 'x')
        return is_digits_of(text + 2, "0123456789abcdefABCDEF");
    return is_decimal(text) || is_one_of(text + sign, infinities) || is_one_of(text, nans);
}

enum scalar yaml_plain_scalar(const char *text)
{
    static const char *const yesno[] = { "true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes",
                                         "YES",  "no",   "No",   "NO",    NULL };
    static const char *const nothing[] = { "", "~", "null", NULL };     /* Null is a surname */

    /* Nearly all words are told by their first letter. */
    if (*text && !strchr("~nNtTfFyY+-.0123456789", *text))
        return SCALAR_TEXT;
    if (is_one_of(text, nothing))
        return SCALAR_NOTHING;
    if (is_one_of(text, yesno))
        return SCALAR_YESNO;
    return is_number(text) ? SCALAR_NUMBER : SCALAR_TEXT;
}
