#include "base/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *locale_name(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *name = getenv(variables[i]);

        if (name && *name)
            return name;
    }
    return "C";
}

bool locale_can_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* A name is LANGUAGE_COUNTRY.ENCODING@MODIFIER; the encoding is spelled UTF-8, utf8 or utf-8. */
static bool names_utf8(const char *name)
{
    const char *encoding = strchr(name, '.');
    size_t size = encoding ? strcspn(++encoding, "@") : 0;

    return (size == 5 && strncasecmp(encoding, "utf-8", 5) == 0) || (size == 4 && strncasecmp(encoding, "utf8", 4) == 0);
}

bool locale_open(void)
{
    bool stated = (setlocale(LC_CTYPE, "") && locale_can_utf8()) || names_utf8(locale_name());

    if (!locale_can_utf8())
        setlocale(LC_CTYPE, "C.UTF-8");
    return stated && locale_can_utf8();
}
