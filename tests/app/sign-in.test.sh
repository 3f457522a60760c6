#!/bin/sh
# sign-in and sign-out as commands, against the sandbox over TLS: in one go, in two halves, with a token; what they tell and
# how they end.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
asked=sign-in status=0
: >"$work/body"
start --interval 1
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >"$work/config.yaml"
setup() { timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state" >"$work/out" 2>"$work/err"; }
ends() { wanted=$1; shift; setup "$@"; got=$?; cat "$work/out" "$work/err" >"$work/body"; [ $got = "$wanted" ]; }
told() { grep -q -- "$1" "$work/out"; }
kept() { sed -n "s/^ *$1: *\"*\([^\"]*\)\"*\$/\1/p" "$work/state/tokens.yaml" | head -n 1; }
decide() { "$here/tests/support/approve.sh" "$base" "$ca" "$1" "$2"; }
answers_of() { curl -s -o /dev/null -w '%{http_code}' --cacert "$ca" -H "Authorization: Bearer $1" "$base/v1/me"; }
asked_times() { grep -c "^POST $1 " "$work/log"; }

check "completing what was not begun ends with 77" ends 77 sign-in --complete
check "and says how to begin" grep -q -- '--begin' "$work/err"
check "the two halves at once are a mistake of the command line" ends 64 sign-in --begin --complete
check "beginning ends at once" ends 0 sign-in --begin --json
check "address and code are printed as JSON" told '"address": "https://127.0.0.1:[0-9]*/device"'
code=$(sed -n 's/.*"code": "\([A-Z-]*\)".*/\1/p' "$work/out")
check "with the address that holds the code" told "\"address_complete\": \".*=$code\""
check "and when it expires" told '"expires": "20[0-9-]*T[0-9:]*Z"'
check "the code that waits is a secret on disk" equal "$(stat -c %a "$work/state/tokens.yaml")" 600
check "beginning again shows the same code" ends 0 sign-in --begin
check "in words, each on a line of its own" grep -qx -- "$code" "$work/out"
check "one code was asked for" equal "$(asked_times /oauth/device_authorization)" 1
check "status knows that it waits and ends with 75" ends 75 status
check "and says so" told 'waiting for approval'
check "not approved yet ends with 75 when nobody waits" ends 75 sign-in --complete --no-wait
check "and says where to approve" told "$base/device and enter $code"
check "it is approved" decide "$code" approve
check "completing signs in" ends 0 sign-in --complete --json
check "and says whose sign-in it is" told '"user": "admin@contoso.example"'
check "with the first code" equal "$(asked_times /oauth/device_authorization)" 1
check "the code is forgotten" equal "$(kept device_code)" ""
check "who is signed in already is told so" ends 0 sign-in
check "with the name" told 'Signed in as admin@contoso.example'

access=$(kept access)
check "the token is good" equal "$(answers_of "$access")" 200
check "signing out revokes" ends 0 sign-out
check "and says so" told 'the tokens are revoked'
check "the service refuses the old token then" equal "$(answers_of "$access")" 401
check "nothing of it is left on disk" equal "$(kept access)$(kept refresh)" ""
check "signing out twice is no mistake" ends 0 sign-out

# In the background, until it has shown its code.
begin() {
    : >"$work/whole"
    timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state" >>"$work/whole" 2>&1 &
    waits=$!
    until grep -q '[B-Z]\{4\}-[B-Z]\{4\}$' "$work/whole"; do kill -0 $waits || break; sleep 0.05; done
    code=$(sed -n 's/.*\([B-Z]\{4\}-[B-Z]\{4\}\)$/\1/p' "$work/whole" | head -n 1)
}
begin sign-in
check "it is refused in the browser" decide "$code" refuse
wait $waits
check "a sign-in that is refused ends with 77" equal $? 77
check "and says so" grep -q 'refused in the browser' "$work/whole"
begin sign-in
check "it is approved in the browser" decide "$code" approve
wait $waits
check "a sign-in that is approved ends with 0" equal $? 0
check "and says whose it is" grep -q 'Signed in as admin@contoso.example' "$work/whole"

setup sign-out
setup sign-in --begin
before=$(asked_times /oauth/device_authorization)
begin apply "$here/assets/examples/answers.yaml"
check "an unattended run waits for the code that was begun" decide "$code" approve
wait $waits
check "and goes on once it is approved" equal $? 75
check "without another code" equal "$(asked_times /oauth/device_authorization)" "$before"

# In full screen, and then line by line, each in a state of its own.
. "$here/tests/support/mux.sh"
trap 'mux kill-server 2>/dev/null; stop; rm -rf "$work"' EXIT
open_screen() { mux new-session -d -s "$1" -x 80 -y 24 "env TERM=tmux-256color '$BUILD/commerce-setup' --config '$work/config.yaml' --state-dir '$work/$1'"; }
to_code() {         # from the checklist to the code
    open_screen "$1" && until_seen 'Check prerequisites' screen "$1" && mux send-keys -t "$1" Down Enter
    until_seen '^[B-Z]{4}-[B-Z]{4}' screen "$1"
    code=$(screen "$1" | grep -oE '^[B-Z]{4}-[B-Z]{4}')
}
check "full screen: a code is shown" to_code approved
check "full screen: it is approved" decide "$code" approve
check "full screen: signed in" until_seen 'Signed in as admin@contoso.example' screen approved
check "full screen: another code is shown" to_code refused
check "full screen: it is refused" decide "$code" refuse
check "full screen: that it is refused is told" until_seen 'refused in the browser' screen refused
check "full screen: a code is shown before the terminal goes away" to_code away
pull_away away "$work/away"
check "it is approved while nobody is there" decide "$code" approve
before=$(asked_times /oauth/device_authorization)
open_screen away
check "whoever comes back is signed in" until_seen 'as admin@contoso.example' screen away
check "without another code" equal "$(asked_times /oauth/device_authorization)" "$before"
lines() {   # NAME: a line session at the sign-in, typed to by descriptor 8; what it says is in $work/NAME.said
    mkfifo "$work/$1.typed"
    timeout 60 "$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$work/$1" <"$work/$1.typed" >"$work/$1.said" 2>&1 &
    waits=$!
    exec 8>"$work/$1.typed"
    printf '2\n\n' >&8
}
lines_end() {
    echo quit >&8
    exec 8>&-
    wait $waits
}
lines line
check "line mode: a code is shown" until_seen '^[B-Z]{4}-[B-Z]{4}$' cat "$work/line.said"
check "line mode: it is approved" decide "$(grep -m 1 -E '^[B-Z]{4}-[B-Z]{4}$' "$work/line.said")" approve
check "line mode: signed in" until_seen 'Signed in as admin@contoso.example' cat "$work/line.said"
lines_end

stop
refresh=$(kept refresh)
check "with the service down nobody is signed out" ends 69 sign-out
check "and the reason is printed" told 'Not signed out, because the tokens were not revoked: .* does not accept a connection'
check "and the way to sign out on this server only" told 'sign-out --local'
check "the tokens stay stored" equal "$(kept refresh)" "$refresh"
check "in JSON too" ends 69 sign-out --json
check "which does not claim that they are revoked" told '"revoked": false'
check "signing out on this server only is a choice" ends 0 sign-out --local
check "and says that the tokens stay valid" told 'Signed out on this server only'
check "nothing of it is left on disk" equal "$(kept access)$(kept refresh)" ""

start --interval 1 --code-seconds 2
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >"$work/config.yaml"
check "a code that nobody approves in time ends with 77" ends 77 sign-in
check "and is told" told 'expired'
lines late
check "line mode: when a code expires a new one is announced" until_seen 'The code has expired: here is a new one' cat "$work/late.said"
check "line mode: when that expires too it is told" sh -c 'until [ "$(grep -c "The code has expired" "$1")" -ge 2 ]; do sleep 0.1; done' - "$work/late.said"
lines_end
ends 0 sign-in --begin
until [ "$(date +%s)" -gt "$(kept expires)" ]; do sleep 0.1; done
check "a code that expired meanwhile ends with 77" ends 77 sign-in --complete
check "and is told" told 'expired while no session was waiting'

# The kept tokens are whole, but the service does not know them any more, or cannot be asked.
keep_token() { printf 'access: "%s"\nexpires: 99999999999\nuser: admin@contoso.example\n...\n' "$1" >"$work/state/tokens.yaml"; }
keep_token "$token"
check "kept tokens are asked about" ends 0 sign-in
check "and whose they are is told" told 'Signed in as admin@contoso.example'
keep_token revoked
check "tokens that are refused lead to a new sign-in" ends 0 sign-in --begin
check "after saying so" told 'does not accept this token'
check "with a new code" told '^[B-Z]\{4\}-[B-Z]\{4\}$'
keep_token "$token"
cp "$work/config.yaml" "$work/config.kept"
sed -i 's|^  address:.*|  address: https://127.0.0.1:1|' "$work/config.yaml"
check "where the service cannot be asked the sign-in ends with 69" ends 69 sign-in
check "and says so" told 'does not accept a connection'
check "the tokens are kept" equal "$(kept access)" "$token"
mv "$work/config.kept" "$work/config.yaml"

damage() { printf 'access: "abc"\nexpires: [1\n...\n' >"$work/state/tokens.yaml"; }
damage
check "with damaged tokens a command ends with 78" ends 78 status
check "it tells where the damage is" grep -q "$work/state/tokens.yaml:[0-9]*:[0-9]*: " "$work/err"
check "and how one gets new ones" grep -q 'Sign in again: commerce-setup sign-in' "$work/err"
check "signing out ends so too: there is nothing that could be revoked" ends 78 sign-out
check "the file is left as it is" grep -q 'expires: \[1' "$work/state/tokens.yaml"
check "deleting it on this server only is a choice" ends 0 sign-out --local
check "and keeps the damaged file" grep -q 'expires: \[1' "$work/state/tokens.yaml.damaged"
damage
check "signing in mends it" ends 0 sign-in --begin
check "and tells where the damaged one is kept" grep -q 'damaged, and is kept as tokens.yaml.damaged' "$work/err"
check "there it is" grep -q 'expires: \[1' "$work/state/tokens.yaml.damaged"
check "with the mode of a secret" equal "$(stat -c %a "$work/state/tokens.yaml.damaged")" 600
check "commands go on" ends 75 status

echo "$token" >"$work/given"
check "a token in a file is proven" ends 0 sign-in --token-file "$work/given"
check "and is not kept" equal "$(kept access)" ""
mkdir -p "$work/credentials"
cp "$work/given" "$work/credentials/commerce-setup.token"
CREDENTIALS_DIRECTORY=$work/credentials
export CREDENTIALS_DIRECTORY
check "a token among the credentials of systemd is found" ends 0 sign-in
check "and proven" told 'Signed in as'
echo wrong >"$work/credentials/commerce-setup.token"
check "one that is not accepted ends with 77" ends 77 sign-in
unset CREDENTIALS_DIRECTORY
exec 7<"$work/given"
check "a token from a descriptor is proven" ends 0 sign-in --token-fd 7
exec 7<&-

echo wrong >"$work/wrong"
for command in "do compare" "do deactivate --confirm yes" "do send-all"; do
    check "$command with a rejected token ends with 77" ends 77 $command --token-file "$work/wrong"
    check "and says that the token was rejected" grep -q 'does not accept the token that was given' "$work/err"
done
check "sign-out does not claim that a rejected token is revoked" ends 77 sign-out --token-file "$work/wrong"
check "and says why it was not" grep -q 'The given token was not revoked: The service does not accept the token that was given' "$work/err"
stop
check "do with the service down ends with 69" ends 69 do compare --token-file "$work/given"
check "and names the reason" grep -q 'does not accept a connection' "$work/err"
check "sign-out with the service down does not claim that a given token is revoked" ends 69 sign-out --token-file "$work/given"
check "and names the reason" grep -q 'The given token was not revoked: .* does not accept a connection' "$work/err"
check "nor does JSON" ends 69 sign-out --json --token-file "$work/given"
finish
