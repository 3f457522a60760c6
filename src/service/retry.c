/* When to ask again. Pure. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service/service.h"

int device_wait_s(int interval, int slowed)
{
    /* RFC 8628, 3.5: 5 more for good with each slow_down. That none sent means 5 (3.2) is the caller's affair. */
    long wait = (interval < 1 ? 1 : interval > 600 ? 600 : interval) + 5L * (slowed > 0 ? slowed : 0);
    return wait > 3600 ? 3600 : (int)wait;
}

static int64_t http_date(const char *date)
{
    struct tm tm = {0};
    const char *end = date ? strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm) : NULL;
    return end && !*end ? (int64_t)timegm(&tm) : -1;
}

int retry_after_s(const char *retry_after, const char *date, int64_t now)
{
    char *end;
    if (!retry_after || !*retry_after)
        return -1;
    if (isdigit((unsigned char)*retry_after)) {
        long seconds = strtol(retry_after, &end, 10);
        return *end || seconds > 7 * 24 * 3600L ? -1 : (int)seconds;
    }
    int64_t then = http_date(retry_after), from = http_date(date);
    if (then < 0)
        return -1;
    then -= from >= 0 ? from : now;
    return then < 0 ? 0 : then > 7 * 24 * 3600 ? -1 : (int)then;
}
