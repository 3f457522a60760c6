#!/bin/sh
# The commands around the checklist, against the real try-out service: what they print, for people and for programs.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
asked= status=
start --activation-seconds 0
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >"$work/config.yaml"
cp -r "$here/assets/examples/secrets" "$here/assets/examples/answers.yaml" "$work/"

setup() { timeout 100 "$BUILD/commerce-setup" "$@"; }
with() { setup "$@" --config "$work/config.yaml" --state-dir "$work/state"; }
ends() { wanted=$1; shift; "$@" >"$work/out" 2>"$work/err"; [ $? = "$wanted" ]; }
said() { grep -qF -- "$1" "$work/out"; }
complained() { grep -qF -- "$1" "$work/err"; }
is_json() { jq -e . <"$work/out"; }
changes() { grep -cE '^(PUT|POST|DELETE|PATCH)' "$work/log"; }

# --- before anything is set up ------------------------------------------------------------------------------------

HOME=$work XDG_CONFIG_HOME=$work/none
export HOME XDG_CONFIG_HOME
if [ -e /etc/commerce-setup/config.yaml ]; then
    bare() { with "$@"; }
else
    bare() { setup "$@"; }
fi
check "prepare needs no configuration" ends 0 bare prepare
check "prepare tells who has what" said 'Sales tax: ask the tax adviser'
check "prepare tells whose answer is another's than the step's" said 'Contact name: ask the department that sells online'
check "prepare tells what the rows of a table want" said 'for each: Code, Carrier, Service'
check "prepare tells what is taken when nothing is said" said 'Country (unless you say otherwise: United States)'
check "prepare leaves no braces in what it says" sh -c "! grep -q '[{}]' '$work/out'"
check "prepare speaks JSON" ends 0 bare prepare --json
check "which programs can read" is_json
sed 's/ax2012-r2/ax2012/' "$work/config.yaml" >"$work/first.yaml"
check "prepare leaves out steps that do not apply" ends 0 setup prepare --config "$work/first.yaml"
check "which the configuration decides" sh -c "! grep -q Parameters '$work/out'"
check "questions are told with kind, default and condition" ends 0 bare questions --json
check "as JSON" is_json
check "questions tell conditions of fields" sh -c "tr -d ' \n' <'$work/out' | grep -qF '\"when\":{\"sales_tax.by\":\"table\"}'"
check "and of steps" sh -c "tr -d ' \n' <'$work/out' | grep -qF '\"step_when\":{\"erp.version\":\"ax2012-r2\"}'"
check "questions tell columns of tables" sh -c "grep -q '\"columns\"' '$work/out'"
check "questions tell what may be chosen" sh -c "grep -q '\"WA\": \"Washington\"' '$work/out'"

# --- export and apply ---------------------------------------------------------------------------------------------

check "a whole run ends with 0" ends 0 with apply "$work/answers.yaml" --token-file "$work/token" --wait
check "export prints an answers file" ends 0 with export
check "export names files for secrets and tells none" sh -c "grep -q 'file: .*secrets/payment.credentials.paypal.client_secret' '$work/out' &&
    ! grep -qf '$work/secrets/paypal-client-secret' '$work/out'"
cp "$work/out" "$work/exported.yaml"
for name in paypal.client_secret authorize-net.transaction_key authorize-net.signature_key; do
    cp "$work/secrets/$(echo $name | tr ._ --)" "$work/secrets/payment.credentials.$name"
done
before=$(changes)
fresh() { setup "$@" --config "$work/config.yaml" --state-dir "$work/fresh"; }
check "what is exported can be applied on a fresh state" ends 0 fresh apply "$work/exported.yaml" --token-file "$work/token" --wait
check "export then gives the same again" sh -c "'$BUILD/commerce-setup' export --config '$work/config.yaml' --state-dir '$work/fresh' | cmp - '$work/exported.yaml'"
check "export speaks JSON" ends 0 with export --json
check "export as JSON can be read" is_json

sed 's|client_secret: .*|client_secret: {env: PAYPAL_SECRET}|' "$work/answers.yaml" >"$work/env.yaml"
PAYPAL_SECRET=from-the-environment
export PAYPAL_SECRET
check "a secret may come from the environment" ends 0 setup apply "$work/env.yaml" --config "$work/config.yaml" --state-dir "$work/env" --token-file "$work/token" --wait
check "and is kept where secrets are" grep -q 'from-the-environment' "$work/env/credentials.yaml"
unset PAYPAL_SECRET
check "one that is not there is told with its line" ends 65 setup apply "$work/env.yaml" --config "$work/config.yaml" --state-dir "$work/env" --token-file "$work/token"
check "and its name" complained 'has no variable PAYPAL_SECRET'
check "where it stands" sh -c "grep -q 'env.yaml:[0-9]*:[0-9]*: ' '$work/err'"

# --- what programs read -------------------------------------------------------------------------------------------

check "status speaks JSON" ends 0 with status --json
check "status as JSON can be read" is_json
check "a plan without a sign-in fails" ends 77 setup plan "$work/answers.yaml" --config "$work/config.yaml" --state-dir "$work/nobody"
check "and reports that it could not compare" complained 'Could not compare with the service: Nobody is signed in'
check "plan speaks JSON" ends 0 with plan --json --token-file "$work/token"
check "an empty plan is an empty list" equal "$(cat "$work/out")" "[]"
check "check speaks JSON, with the time that each line took" ends 0 with check --json
check "check as JSON can be read" sh -c "grep -q '\"milliseconds\": [0-9]' '$work/out'"
printf 'account:\n  zip: "9805"\n  citty: X\n' >"$work/wrong.yaml"
check "with --json faults are told in parts" ends 65 with apply "$work/wrong.yaml" --json --token-file "$work/token"
check "with the line and the column" complained '"line":2,"column":8'
check "one line of JSON for each" test "$(jq -r .status <"$work/err" | sort -u)" = 65
check "a usage error too" ends 64 setup aply --json
check "which says what was meant" complained 'Did you mean \"apply\"?'
finish
