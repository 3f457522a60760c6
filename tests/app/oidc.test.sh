#!/bin/sh
# The whole sign-in against an authorization server that others wrote, over TLS: approved, refused, expired; unattended, line
# by line and in full screen; public and confidential clients; renewed, revoked; the terminal pulled away while a code waits.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
what="signing in to oidc-provider"
. "$(dirname "$0")/../support/tell.sh"
. "$(dirname "$0")/../support/node.sh"
node_prepare || skip "$what" "npm is not available"
. "$(dirname "$0")/../support/oidc.sh"
. "$(dirname "$0")/../support/mux.sh"
trap 'mux kill-server 2>/dev/null; oidc_end' EXIT
decide() { "$support/approve-oidc.sh" "$base/device" "$ca" "$1" "$2"; }
status_of() { curl -s -o "$work/body" -w '%{http_code}' --cacert "$ca" "$@"; }
full_screen() {     # NAME: in a terminal of its own, at the sign-in
    mux new-session -d -s "$1" -x 80 -y 24 "env TERM=tmux-256color '$BUILD/commerce-setup' --config '$work/$1.yaml' --state-dir '$work/$1.state'"
    until_seen 'Sign in' screen "$1" && mux send-keys -t "$1" Enter
    until_seen '^[B-Z]{4}-[B-Z]{4}' screen "$1"
    screen "$1" >"$work/$1.out"
}

issuer_start
printf 'a s+c&ret: 0123456789\n' >"$work/secret"
chmod 600 "$work/secret"
for name in public refused left screen away line refusedscreen refusedline; do configure $name public; done
configure basic basic 'client_secret: {file: secret}'
configure post post 'client_secret: {file: secret}'
sed -i '/client_secret/a\  client_auth: post' "$work/post.yaml"
configure wrong basic 'client_secret: {file: wrong}'
echo wrong >"$work/wrong"

setup wrong sign-in
tell $(($? == 78 ? 0 : 1)) "a client secret that is wrong is a fault of the configuration"
grep -q client_secret "$work/wrong.err" "$work/wrong.out"; tell $? "and the setting is named"
sed '/ca_file/d' "$work/public.yaml" >"$work/stranger.yaml"
setup stranger sign-in
tell $(($? == 69 ? 0 : 1)) "a server whose certificate nobody vouches for is not signed in to"
grep -q 'has no certificate that this server trusts' "$work/stranger.out"; tell $? "and that is told"

# The codes of all, then what is decided about each, then how each ends: the server's interval passes once.
for name in public refused left basic post; do
    setup $name sign-in --begin
    tell $? "a code is shown to a client: $name"
done
setup public sign-in --complete --no-wait
tell $(($? == 75 ? 0 : 1)) "not approved yet ends with 75"
full_screen screen; tell $? "full screen: a code is shown"
full_screen away; tell $? "full screen: a code is shown before the terminal goes away"
full_screen refusedscreen
line_mode() {       # NAME: what is typed there goes into $work/NAME.typed
    mkfifo "$work/$1.typed"
    "$BUILD/commerce-setup" --line --config "$work/$1.yaml" --state-dir "$work/$1.state" <"$work/$1.typed" >"$work/$1.out" 2>&1 &
}
line_mode line
lines=$!
exec 8>"$work/line.typed"
printf '\n\n' >&8
until_seen '[B-Z]{4}-[B-Z]{4}' cat "$work/line.out"; tell $? "line mode: a code is shown"
line_mode refusedline
lines="$lines $!"
exec 7>"$work/refusedline.typed"
printf '\n\n' >&7
until_seen '[B-Z]{4}-[B-Z]{4}' cat "$work/refusedline.out"
code=$(shown away)
pull_away away "$work/away.state"
for name in public basic post screen away line; do
    decide "$(shown $name)" approve; tell $? "approved in the browser: $name"
done
for name in refused refusedscreen refusedline; do decide "$(shown $name)" refuse; done
decide "$(shown left)" leave

for name in public refused left basic post; do
    (setup $name sign-in --complete; echo $? >"$work/$name.status") &
    waits="${waits:-} $!"
done
until_seen 'Signed in as Ms. ada' screen screen; tell $? "full screen: signed in once it is approved, with the name the issuer tells"
until_seen 'Signed in as Ms. ada' cat "$work/line.out"; tell $? "line mode: signed in once it is approved"
until_seen 'refused in the browser' screen refusedscreen; tell $? "full screen: what is refused in the browser is told"
until_seen 'refused in the browser' cat "$work/refusedline.out"; tell $? "line mode: what is refused in the browser is told"
echo quit >&8
echo quit >&7
exec 8>&- 7>&-
# shellcheck disable=SC2086
wait $lines
mux new-session -d -s again -x 80 -y 24 "env TERM=tmux-256color '$BUILD/commerce-setup' --config '$work/away.yaml' --state-dir '$work/away.state'"
until_seen 'Signed in as Ms. ada|as Ms. ada' screen again; tell $? "full screen: whoever comes back after the terminal went away is signed in"
[ -n "$code" ] && ! screen again | grep -qE '^[B-Z]{4}-[B-Z]{4}'; tell $? "and needs no second code"
# shellcheck disable=SC2086
wait $waits
for name in public basic post; do
    [ "$(cat "$work/$name.status")" = 0 ]; tell $? "unattended: signed in once it is approved, client $name"
    grep -q 'Signed in as Ms. ada' "$work/$name.out"; tell $? "with the name the issuer tells"
done
for name in refused left; do
    [ "$(cat "$work/$name.status")" = 77 ]; tell $? "unattended: what is refused in the browser ends with 77 ($name)"
    grep -q 'refused in the browser' "$work/$name.out"; tell $? "and is told"
done

# Renewed without a word: the token on disk says that it is over.
for name in public basic post; do
    refresh=$(kept $name refresh) access=$(kept $name access)
    sed -i "s/^renew: .*/renew: 1/;1d" "$work/$name.state/tokens.yaml"
    setup $name status --refresh
    grep -q 'as Ms. ada' "$work/$name.out"; tell $? "a token that is due is renewed without a word: $name"
    [ -n "$(kept $name access)" ] && [ "$(kept $name access)" != "$access" ]; tell $? "and is another then"
    if [ $name = public ]; then     # of confidential clients this server keeps it
        [ -n "$(kept $name refresh)" ] && [ "$(kept $name refresh)" != "$refresh" ]; tell $? "and so is the refresh token"
    fi
    [ "$(status_of -H "Authorization: Bearer $(kept $name access)" "$base/me")" = 200 ]; tell $? "the new one is good"
    refresh=$(kept $name refresh) access=$(kept $name access)
    setup $name sign-out
    tell $? "signing out ends with 0: $name"
    grep -q 'the tokens are revoked' "$work/$name.out"; tell $? "and says that the tokens are revoked"
    [ "$(status_of -H "Authorization: Bearer $access" "$base/me")" = 401 ]; tell $? "the server refuses the old access token then"
    [ "$name" = public ] || continue
    status_of -d client_id=public -d grant_type=refresh_token -d "refresh_token=$refresh" "$base/token" >/dev/null
    grep -q invalid_grant "$work/body"; tell $? "and the old refresh token"
done
grep -q 'refresh token reuse\|server_error' "$events"
tell $(($? == 1 ? 0 : 1)) "no refresh token was used twice, and the server had no trouble"

issuer_start CODE_SECONDS=2
configure late public
configure latescreen public
full_screen latescreen
until_seen 'expired' screen latescreen; tell $? "full screen: a code that nobody approves in time is told"
configure lateline public
line_mode lateline
lines=$!
exec 6>"$work/lateline.typed"
printf '\n\n' >&6
until_seen 'expired' cat "$work/lateline.out"; tell $? "line mode: a code that nobody approves in time is told"
echo quit >&6
exec 6>&-
wait $lines
setup late sign-in
tell $(($? == 77 ? 0 : 1)) "a code that nobody approves in time ends with 77"
grep -q expired "$work/late.out"; tell $? "and is told"
[ $failed = 0 ] || sed 's/^/# /' "$work"/*.out "$work"/*.err "$work"/events.* | tail -n 120
exit $failed
