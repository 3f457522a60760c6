#!/bin/sh
# The house stands, and tests/floors.sh would see it if it did not.
set -u
. tests/support/tell.sh

tests/floors.sh
tell $? "every file includes its own room and the floors below only"

house=$(mktemp -d) || exit 1
trap 'rm -rf "$house"' EXIT

# try FILE HEADER STATUS: that the one includes the other must be refused (1) or not (0).
try() {
    rm -rf "$house/src" "$house/include"
    mkdir -p "$house/src" "$house/include" "$house/$(dirname "$1")"
    printf '#include "base/text.h"\n  #  include <%s>\n' "$2" >"$house/$1"
    (cd "$house" && GIT_CEILING_DIRECTORIES=$house "$OLDPWD/tests/floors.sh" . >/dev/null)
    found=$?
    may="may include"
    [ "$3" -eq 0 ] || may="may not include"
    [ $found -eq "$3" ]
    tell $? "$1 $may $2"
}

try src/core/wizard.c model/kind.h 0
try src/core/wizard.c core/view.h 0
try src/core/wizard.c stdio.h 0
try src/core/wizard.c sys/stat.h 0
try src/core/wizard.c store/state.h 1
try src/tui/paint.c line/line.h 1
try src/yaml/doc.c json/doc.h 1
try include/base/text.h yaml/doc.h 1
try src/sandbox/server.c json/doc.h 0
try src/sandbox/server.c model/kind.h 1
try src/app/main.c sandbox/server.h 1
try src/tui/screen.c ncursesw/curses.h 0
try src/tui/paint.c curses.h 1
try src/service/http.c curl/curl.h 0
try src/service/sign_in.c curl/curl.h 1
try src/json/write.c jansson.h 1
try src/base/glyph.c unistr.h 0
try src/base/clean.c uniwidth.h 1
try src/core/wizard.c unistd.h 0
try src/store/lock.c sodium.h 1
try src/sandbox/password.c sodium.h 0
try src/attic/old.c stdio.h 1
exit $failed
