#!/bin/sh
# The questions of line mode about accounts and tokens, in a terminal, against the real sandbox: another account than last time, and
# a sign-out while the service is down. And the same sign-out unattended.
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
setup() { (cd "$work" && "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state" </dev/null >"$work/said" 2>&1); }
lines() { pane 80x24 "$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$work/state"; }
says() { grep -qF -- "$1" "$work/said"; }
type_line() { keys -l "$1" && keys Enter; }
code_shape='[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}'
approve() {     # the code that is shown last
    in_time sh -c "tmux -L $socket capture-pane -p | grep -qE '^$code_shape'" &&
        sh "$here/tests/support/approve.sh" "$base" "$ca" "$(screen | grep -oE "^$code_shape" | tail -n 1)"
}
stored() { grep -q '^access:' "$work/state/tokens.yaml" 2>/dev/null; }
not_stored() { ! stored; }
revoked() { test "$(grep -c '^POST /oauth/revoke 200' "$work/log")" = "$1"; }

# --- another account --------------------------------------------------------------------------------------------------

start --interval 0
configure
setup sign-in --token-file "$work/token"
stop
start --interval 0          # its accounts are others
configure
lines
shows 'Sign in' && type_line 2
check "the sign-in is approved" approve
check "another account than last time is a question" shows 'another account than last time'
check "that names each answer to it" shows '(y, n or sign-out)'
type_line maybe
check "what is no answer changes nothing" shows 'Type y, n or sign-out.'
type_line help
check "help says what the answers mean" shows 'y: Go on with this account'
keys Enter
check "Enter asks again or changes nothing" shows 'is stored but not used'
check "and revokes nothing" revoked 0
type_line ''
check "the question comes back" shows '(y, n or sign-out)'
type_line sign-out
check "sign-out ends that sign-in" shows 'Signed out; the tokens are revoked.'
check "with its tokens" revoked 2
check "none of which is stored" not_stored
gone

# --- a sign-out while the service is down -------------------------------------------------------------------------------

rm -rf "$work/state"
cp -r "$here/assets/examples/secrets" "$work/"
cp "$here/assets/examples/answers.yaml" "$work/"
check "everything is set up" setup apply answers.yaml --token-file "$work/token" --wait
lines
shows 'Maintain the account' && type_line 2
check "somebody signs in" approve
check "and is signed in" shows 'Signed in as admin@contoso.example'
check "the tokens are stored" stored
gone
cp -r "$work/state" "$work/signed-in"
stop
lines
shows 'question 1 of' && type_line back
shows 'Maintain the account' && type_line 12
shows 'sign-out: Sign out' && type_line sign-out
check "what is not revoked is a question" shows 'Sign out on this server only?'
type_line n
check "n keeps the tokens" stored
gone
rm -rf "$work/state" && cp -r "$work/signed-in" "$work/state"
check "unattended it is not done, and a failure of the service" sh -c "cd '$work' && '$BUILD/commerce-setup' do sign-out --config config.yaml --state-dir state </dev/null >said 2>&1; test \$? = 69"
check "with the option for it" says '--local'
check "the tokens stay" stored
check "with --local it is done" setup do sign-out --local
check "which is said as it is" says 'Signed out on this server only. The tokens were not revoked'
check "and no token is stored" not_stored
setup status
check "the step of the sign-out is done" grep -qE '^ *Sign out +done' "$work/said"
exit $failed
