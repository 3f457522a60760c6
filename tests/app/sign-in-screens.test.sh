#!/bin/sh
# The sign-in as an administrator meets it over SSH, against the real sandbox over TLS: full screen in a terminal of 80x24, line mode,
# and unattended; approved, refused, expired, broken off, and as somebody else.
set -u
BUILD=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
case $BUILD in /*) ;; *) BUILD=$here/$BUILD ;; esac
. "$here/tests/support/sandbox.sh"
. "$here/tests/support/tmux.sh"
trap 'no_more_panes; stop; rm -rf "$work"' EXIT
asked= status=

configure() {
    printf 'service:\n  address: %s\n  ca_file: %s\nerp:\n  version: ax2012-r2\n  change_tracking_check: [echo, "1"]\n' "$base" "$ca" >"$work/config.yaml"
}
start --interval 0
configure
code_shape='[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}'
open() { state=$work/$1; shift; pane 80x24 "$BUILD/commerce-setup" --config "$work/config.yaml" --state-dir "$state" "$@"; }
to_sign_in() { shows 'Check prerequisites' && keys Down Enter && shows 'Enter this code' && code=$(screen | grep -oE "^$code_shape"); }
browser() { sh "$here/tests/support/approve.sh" "$base" "$ca" "$@"; }
asked_for_codes() { grep -c '^POST /oauth/device_authorization' "$work/log"; }

# --- full screen --------------------------------------------------------------------------------------------------

open approved
check "entering the step shows a code, without another Enter" to_sign_in
check "address and code stand alone in their lines from the first column" sh -c "tmux -L $socket capture-pane -p | grep -qE '^$base/device( |\$)'"
check "a QR code stands beside them" shows '█▀▀▀▀▀█'
check "it is said what the page must show" shows "code $code, then approve"
check "and how long there is time" shows 'expires in 14:5'
check "and when it was asked last" shows 's ago'
keys q
check "q shows the QR code alone" hides 'Enter this code'
keys x
check "and any key leads back" shows 'Enter this code'
keys p
check "p prints the address alone" shows 'Any key comes back.'
check "in its own line" sh -c "tmux -L $socket capture-pane -p | grep -qxF '$base/device'"
keys x
check "a no one has waited for key leads back" shows 'Enter this code'
browser "$code"
check "once it is approved it is said who is signed in" shows 'Signed in as admin@contoso.example (account acc_'
check "with the next step open" shows 'step 3 of'
gone

open refused
check "another server gets a code of its own" to_sign_in
browser "$code" refuse
check "a no in the browser is told" shows 'The sign-in was refused in the browser: "The user denied the request."'
first=$code
keys Enter
check "Enter asks for a new code" shows 'Enter this code'
code=$(screen | grep -oE "^$code_shape")
check "which is another" test "$code" != "$first"
keys r
check "r asks for yet another" sh -c "until tmux -L $socket capture-pane -p | grep -oE '^$code_shape' | grep -qv '$code'; do sleep 0.05; done"
keys t
check "t takes a token instead" shows 'Sign in with a token'
keys Down
keys -l "$work/token"
keys F10
check "here one from a file" shows 'Signed in as admin@contoso.example'
gone

before=$(asked_for_codes)
open dropped
check "a code waits" to_sign_in
gone
check "the program ends with its terminal" test ! -e "/proc/$pane_pid"
first=$code
open dropped
check "the next start waits with the same code" shows 'Still waiting with the same code.'
check "and shows it" shows "$first"
gone
browser "$first"
open dropped
check "approved while the line was broken: signed in" shows 'Approved while you were away. Signed in as admin@contoso.example'
check "and the service was asked for one code only" equal "$(asked_for_codes)" $((before + 1))
gone

sed -i 's/account: "\{0,1\}acc_[0-9a-f]*"\{0,1\}/account: acc_of_somebody/' "$work/dropped/state.yaml"
revoked=$(grep -c '^POST /oauth/revoke' "$work/log")
open dropped
check "another account than last time is asked about" shows 'another account than last time (acc_of_somebody)'
check "the safe choice comes first" shows '> [ Change nothing ]'
keys Escape
check "Esc changes nothing" shows 'Nothing was changed'
check "and revokes nothing" equal "$(grep -c '^POST /oauth/revoke' "$work/log")" "$revoked"
gone
open dropped
check "the next start asks again" shows 'another account than last time (acc_of_somebody)'
keys Down Down Enter
check "signing out of that account is a choice of its own" shows 'Signed out; the tokens are revoked.'
check "which reaches the service" sh -c "[ \$(grep -c '^POST /oauth/revoke' '$work/log') -gt $revoked ]"
gone

revoked=$(grep -c '^POST /oauth/revoke' "$work/log")
sed -i 's/account: "\{0,1\}acc_[0-9a-z_]*"\{0,1\}/account: acc_of_somebody/' "$work/dropped/state.yaml"
echo "$token" >"$work/given"
open dropped --token-file "$work/given"
check "a given token of another account is asked about" shows 'another account than last time (acc_of_somebody)'
keys Escape
check "Esc changes nothing then, too" shows 'Nothing was changed'
gone
open dropped --token-file "$work/given"
check "it is asked about again" shows 'another account than last time (acc_of_somebody)'
keys Down Down Enter
check "to revoke a given token is asked about" shows 'Revoke the token'
keys Escape
gone
check "no given token was revoked" equal "$(grep -c '^POST /oauth/revoke' "$work/log")" "$revoked"
check "and it is still valid" equal "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$ca" -H "Authorization: Bearer $token" "$base/v1/me")" 200

# --- a second administrator who watches ---------------------------------------------------------------------------

open watched
check "the first administrator has the checklist open" shows 'Check prerequisites'
files() { find "$work/watched" -printf '%P %i %s %T@ %C@\n' | sort; cat "$work/watched/"*; }
files >"$work/before"
before=$(asked_for_codes)
printf 'w\n2\n\n1\nrun\nback\nquit\n' >"$work/watch.keys"
"$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$work/watched" <"$work/watch.keys" >"$work/watch.said" 2>&1
check "a session that watches says so at the sign-in" grep -q 'You are watching: nothing can be changed or sent here' "$work/watch.said"
check "and requests no code" equal "$(asked_for_codes)" "$before"
files >"$work/after"
check "and changes no file" cmp -s "$work/before" "$work/after"
gone

# --- line mode ----------------------------------------------------------------------------------------------------

# What was said before is gone first: the shell opens it only once somebody types.
lines() { state=$work/$1; : >"$work/said"; "$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$state" <"$work/typed" >"$work/said" 2>&1 & line_pid=$!; }
says() {
    turns=0
    until grep -qaF -- "$1" "$work/said"; do
        turns=$((turns + 1))
        [ $turns -gt 400 ] && { cp "$work/said" "$work/body"; return 1; }
        sleep 0.05
    done
}
mkfifo "$work/typed"
line_code() { says 'Enter this code' && code=$(grep -aoxE "$code_shape" "$work/said" | tail -n 1) && [ -n "$code" ]; }
LC_ALL=C.UTF-8
export LC_ALL
lines by-line
exec 3>"$work/typed"
echo 2 >&3
check "in line mode the code comes with the step" line_code
check "the address alone in its line" grep -aqxF "$base/device" "$work/said"
echo qr >&3
check "qr draws the QR code" says '█'
echo code >&3
check "code says it again" sh -c "until [ \$(grep -acx '$code' '$work/said') -ge 2 ]; do sleep 0.05; done"
browser "$code"
check "approved: who is signed in is said" says 'Signed in as admin@contoso.example (account acc_'
echo quit >&3
exec 3>&-
wait $line_pid
check "no escape and no control character was written" sh -c "! LC_ALL=C grep -qa \"\$(printf '[\\001-\\010\\013-\\037]')\" '$work/said'"
lines by-line-refused
exec 3>"$work/typed"
echo 2 >&3
check "a second line" line_code
browser "$code" refuse
check "a no in the browser is said" says 'The sign-in was refused in the browser: "The user'
exec 3>&-
wait $line_pid

# --- unattended ---------------------------------------------------------------------------------------------------

: >"$work/said"
"$BUILD/commerce-setup" apply "$here/assets/examples/answers.yaml" --wait --config "$work/config.yaml" --state-dir "$work/unattended" >"$work/said" 2>&1 &
line_pid=$!
check "an unattended run says where to approve" says 'Enter the code'
code=$(grep -aoE "$code_shape" "$work/said" | head -n 1)
browser "$code"
check "and goes on once that is done" says 'Account information: sent'
kill $line_pid
wait $line_pid

# --- expired ------------------------------------------------------------------------------------------------------

stop
rm -f "$work/token"
start --interval 0 --code-seconds 3
configure
open expired
check "a code that lives three seconds is shown" to_sign_in
check "when it expires one new code comes by itself" shows 'The code has expired: here is a new one.'
check "when that expires too it is asked for by hand" shows 'The code has expired'
check "with a button" shows 'Ask for a new code'
gone
finish
