# Starts the try-out service and asks it things; sourced by tests that drive the real program.
#
#   . tests/support/sandbox.sh      with BUILD set to the folder that has commerce-sandbox
#   start [OPTION]...               base, ca, faults, token and pid are set once it is ready
#   ask GET /v1/account             status, and the files body and head in $work
#   token=$(sign_in [SCOPE])        another sign-in; needs here, the folder of the test
#   check "a sentence that tells what holds" command...
#   finish                          stops it; the exit code of the test

work=$(mktemp -d)
pid= failed=0
trap 'stop; rm -rf "$work"' EXIT

start() {
    mkfifo "$work/ready"
    "$BUILD/commerce-sandbox" --fast --issue-token "$work/token" --log "$work/log" "$@" \
        >"$work/ready" 2>>"$work/complaints" </dev/null &
    pid=$!
    ca= base= faults=
    while read -r word rest; do
        case $word in
        READY) base=$rest ;;
        CA) ca=$rest ;;
        FAULTS) faults=$rest ;;
        USER) break ;;
        esac
    done <"$work/ready"
    rm -f "$work/ready"
    [ -n "$base" ] || { echo "not ok - the try-out service starts"; sed 's/^/# /' "$work/complaints"; exit 1; }
    token=$(cat "$work/token")
}

stop() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    fi
    pid=
}

# Without a token.
plain_ask() {
    verb=$1 path=$2
    shift 2
    if [ "$verb" = HEAD ]; then set -- -I "$@"; else set -- -X "$verb" "$@"; fi
    if [ -n "$ca" ]; then set -- --cacert "$ca" "$@"; fi
    : >"$work/body"     # curl leaves it as it is when no body comes
    status=$(curl -sS --noproxy '*' --path-as-is -o "$work/body" -D "$work/head" -w '%{http_code}' "$@" "$base$path")
    asked="$verb $path"
    [ -z "${RECORD:-}" ] || record "$@"
}

# Keeps what was asked and answered in the folder $RECORD, to be held against the contract: see conformance.test.sh.
record() {
    recorded=$((${recorded:-0} + 1))
    kept=$RECORD/$(basename "$0").$recorded
    printf '%s\0' "$verb" "$path" "$status" "$@" >"$kept.asked"
    cp "$work/head" "$kept.head"
    if [ "$verb" = HEAD ] || [ ! -e "$work/body" ]; then : >"$kept.body"; else cp "$work/body" "$kept.body"; fi
}

ask() {
    verb=$1 path=$2
    shift 2
    plain_ask "$verb" "$path" -H "Authorization: Bearer $token" "$@"
}

keys=0
post() {    # path, body: with a key of its own
    keys=$((keys + 1))
    ask POST "$1" -H "Content-Type: application/json" -H "Idempotency-Key: key-$keys" -d "$2"
}

put() {     # path, body; with the ETag of what is there, or If-None-Match: * when there is nothing
    ask GET "$1"
    if [ "$status" = 200 ]; then condition="If-Match: $(header ETag)"; else condition="If-None-Match: *"; fi
    ask PUT "$1" -H "Content-Type: application/json" -H "$condition" -d "$2"
}

# An access token, as a server gets it: with a code that somebody approves in a browser.
sign_in() {
    plain_ask POST /oauth/device_authorization -d client_id=commerce-setup -d "scope=${1:-}"
    device=$(member device_code)
    sh "$here/../support/approve.sh" "$base" "${ca:--}" "$(member user_code)" || return
    plain_ask POST /oauth/token -d client_id=commerce-setup -d "device_code=$device" \
        -d grant_type=urn:ietf:params:oauth:grant-type:device_code
    member access_token
}

header() { sed -n "s/^$1: *\(.*[^ ]\) *\r\$/\1/Ip" "$work/head" | head -n 1; }
member() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$work/body" | head -n 1; }

is() { [ "$status" = "$1" ]; }
has() { grep -qF -- "$1" "$work/body"; }
lacks() { ! has "$1"; }
head_has() { grep -qi -- "$1" "$work/head"; }
equal() { [ "$1" = "$2" ]; }
answer() { is "$1" && shift && for text in "$@"; do has "$text" || return 1; done; }

check() {
    sentence=$1
    shift
    if "$@" >/dev/null 2>&1; then
        echo "ok - $sentence"
    else
        echo "not ok - $sentence"
        echo "# wanted: $*"
        echo "# ${asked-} answered ${status-}: $(head -c 600 "$work/body")"
        failed=1
    fi
}

finish() {
    stop
    check "the service complains about nothing" test ! -s "$work/complaints"
    sed 's/^/# /' "$work/complaints"
    exit $failed
}
