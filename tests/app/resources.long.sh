#!/bin/sh
# resources.test.sh under valgrind, if it is installed.
if ! command -v valgrind >/dev/null 2>&1; then
    echo "ok - no command leaks memory # SKIP valgrind is not installed"
    [ -z "${COUNTS:-}" ] || echo "count resources skipped" >>"$COUNTS"
    exit 0
fi
VALGRIND=1 exec "$(dirname "$0")/resources.test.sh" "$@"
