#!/bin/sh
# A service with a sign-in by password, and a token from outside: the fields of the sign-in are not required then.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
asked= status=
start --activation-seconds 0
cp -r "$here/assets/examples/secrets" "$here/assets/examples/answers.yaml" "$work/"
awk '/^  kind: device/ { print "  kind: password\n  request: POST /enter\n  send: {email: $admin.email, password: $admin.password}\n  token: /token"; next }
    /^  (client_id|scope):/ { next } { print }' "$here/assets/services/commerce-services.yaml" >"$work/service.yaml"
sed -e 's|^service: .*|service: ./service.yaml|' \
    -e '/^  does: sign-in$/a\  fields:\n  - {name: admin.email, label: E-mail, kind: email, required: yes}\n  - {name: admin.password, label: Password, kind: secret, required: yes}' \
    "$here/assets/checklists/commerce-services.yaml" >"$work/checklist.yaml"
sed -e "s|^checklist:.*|checklist: $work/checklist.yaml|" -e "s|^  address:.*|  address: $base\n  ca_file: $ca|" \
    "$here/assets/examples/config.yaml" >"$work/config.yaml"
setup() { timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" </dev/null >"$work/out" 2>"$work/err"; }
ends() { wanted=$1; shift; setup "$@"; [ $? = "$wanted" ]; }
said() { grep -qF -- "$1" "$work/out" "$work/err"; }

check "the descriptions pass lint" "$BUILD/commerce-setup" lint "$work/checklist.yaml"
check "without a token the fields of the sign-in are required" ends 65 plan "$work/answers.yaml" --state-dir "$work/state"
check "both are named" said "E-mail is missing"
check "with --token-file they are not required for a plan" ends 2 plan "$work/answers.yaml" --state-dir "$work/state" --token-file "$work/token"
check "nor to apply" ends 0 apply "$work/answers.yaml" --wait --state-dir "$work/state" --token-file "$work/token"
check "no password was sent" sh -c "! grep -q 'POST /enter' '$work/log'"
mkdir "$work/credentials"
cp "$work/token" "$work/credentials/commerce-setup.token"
export CREDENTIALS_DIRECTORY="$work/credentials"
check "nor with a token as a credential of systemd" ends 0 apply "$work/answers.yaml" --wait --state-dir "$work/second"
unset CREDENTIALS_DIRECTORY
setup apply "$work/answers.yaml" --state-dir "$work/third" --token-fd 7 7<"$work/token"
check "nor with --token-fd" test $? = 0

echo wrong >"$work/wrong"
check "a token that is not accepted ends with 77" ends 77 apply "$work/answers.yaml" --state-dir "$work/fourth" --token-file "$work/wrong"
check "the message names the token, not a password" said "token"
check "and nothing asks for a password" sh -c "! grep -i 'password' '$work/out' '$work/err'"
finish
