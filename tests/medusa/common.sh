# What the tests of Medusa share: the server, the program, and what is counted on the server; sourced.
BUILD=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
failed=0
say() { if [ "$1" = 0 ]; then echo "ok - $2"; else echo "not ok - $2"; failed=1; fi; }
check() { what=$1; shift; if "$@"; then say 0 "$what"; else say 1 "$what"; return 1; fi; }

. "$here/server.sh"
medusa_install || { echo "ok - a Medusa server # SKIP npm or PostgreSQL is not available"; rm -rf "$work"; exit 0; }
trap 'medusa_end; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
medusa_database && medusa_start || { echo "not ok - a Medusa server starts"; exit 1; }
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac

configure() { printf 'checklist: medusa\nservice:\n  address: %s\n' "$base" >"$work/config.yaml"; }
# setup COMMAND...: on the state folder $state, by the address $base
setup() {
    configure
    MEDUSA_PASSWORD=supersecret "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$state"
}
# How many changes the server was asked for; signing in is none.
changes() { grep -acE 'http: *(POST|DELETE) /(admin|store)' "$work/server.log"; }
# is JQ WANTED: of an answer on stdin
is() { [ "$(jq -c "$1" | tr '\n' ' ')" = "$2 " ]; }
