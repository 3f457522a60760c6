/*
 * locale - the character encoding that the environment states: LC_ALL, LC_CTYPE or LANG, the first that is set.
 *
 * The C library rejects a locale that is not installed and stays with C, which has ASCII alone. C.UTF-8 is always there on
 * Debian, and takes its place: the encoding is known from the name of the locale.
 */
#ifndef BASE_LOCALE_H
#define BASE_LOCALE_H

#include <stdbool.h>

/*
 * Set LC_CTYPE so that the C library can convert UTF-8, and return whether the environment states UTF-8. Other categories are
 * not changed: neither numbers nor order nor words depend on the locale.
 */
bool locale_open(void);
bool locale_can_utf8(void);         /* whether the C library converts UTF-8 now, whatever the environment states */
const char *locale_name(void);      /* as the environment states it; "C" if it does not */

#endif
