#!/bin/sh
# Checks that the house stands: every #include against the table of floors in src/README.md. Prints what is wrong, one
# line each; 0 if nothing is.
#
#       tests/floors.sh [FOLDER]        FOLDER holds src and include; the current one if not given
set -u
cd "${1:-.}" || exit 1

# Every #include as "FILE ROOM INCLUDED". Room is the folder below src or include.
grep -rHoE '^[ \t]*#[ \t]*include[ \t]*[<"][^>"]+[>"]' src include --include='*.c' --include='*.h' |
    sed -E 's/^((src|include)\/([^/:]+)[^:]*):[^<"]*[<"]([^>"]+)[>"]$/\1 \3 \4/' |
    awk '
BEGIN {
    split("base 0 yaml 1 json 1 loop 1 model 2 core 3 tui 4 line 4 batch 4 store 4 service 4 app 5", rooms, " ")
    for (i = 1; i in rooms; i += 2)
        floor[rooms[i]] = rooms[i + 1]

    # Outside libraries: what their headers look like, and the one file that includes them.
    library("(ncursesw/)?curses[.]h|(ncursesw/)?ncurses[.]h", "src/tui/screen[.]c")
    library("(ncursesw/)?term[.]h", "src/tui/[^/]+[.]c")
    library("curl/.*", "src/service/http[.]c")
    library("jansson[.]h", "src/json/doc[.]c")
    library("yaml[.]h", "src/yaml/doc[.]c")
    library("uni(case|conv|ctype|gbrk|lbrk|name|norm|stdio|str|types|wbrk|width)[.]h", "src/base/glyph[.]c")
    library("qrencode[.]h", "src/base/qr[.]c")
    library("sodium([./].*)?", "src/base/digest[.]c|src/sandbox/[^/]+")
    library("microhttpd[.]h", "src/sandbox/server[.]c")
    library("gnutls/.*", "src/sandbox/[^/]+[.]c")
    library("sqlite3[.]h", "src/sandbox/[^/]+[.]c")
}
function library(header, file) {
    headers[++libraries] = "^(" header ")$"
    files[libraries] = "^(" file ")$"
}
function wrong(what) {
    print $1 ": includes " $3 ", " what
    bad = 1
}
# A room includes itself and what is on floors below; the sandbox stands beside and uses documents only.
function may_include(room, other) {
    if (room == other)
        return 1
    if (room == "sandbox")
        return other == "base" || other == "json"
    return other in floor && floor[other] < floor[room]
}
{
    file = $1
    room = $2
    if (!(room in floor) && room != "sandbox") {
        print file ": is in no room of the house"
        bad = 1
        next
    }
    for (i = 1; i <= libraries; i++) {
        if ($3 !~ headers[i])
            continue
        if (file !~ files[i])
            wrong("which belongs to another file")
        else if ((i in owner) && owner[i] != file && headers[i] ~ /sqlite/)
            wrong("and so does " owner[i] ": one file is enough")
        owner[i] = file
    }
    other = $3
    if (sub("/.*", "", other) && (other in floor || other == "sandbox") && !may_include(room, other))
        wrong("which is not on a floor below " room)
}
END { exit bad }
' || bad=1

# At the top lies what a reader must see first, and nothing else.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files | sed 's|/.*||' | sort -u |
        grep -vxE '\..*|src|include|assets|tests|Makefile|config\.example\.yaml|README\.md' |
        sed 's/$/: does not belong at the top/' | grep . && bad=1
fi
[ "${bad:-0}" -eq 0 ]
