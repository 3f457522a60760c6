#!/bin/sh
# Five steps that the shipped checklist does not have, added by editing descriptions alone: the program that was built for
# the others asks them, sends them to a service that has the resources, and keeps them, unattended and line by line.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
added=$here/tests/assets/added
. "$here/tests/support/sandbox.sh"
asked= status=
start --activation-seconds 0 --collection users --collection selling --collection jobs --collection operation-log --collection store

# The shipped descriptions with what is added in its place.
sed -e "/^service: /s|.*|service: ./service.yaml|" -e "/^choices:/r $added/choices.yaml" "$here/assets/checklists/commerce-services.yaml" |
    awk -v steps="$added/steps.yaml" '/^- id: sign-out/ { while ((getline line < steps) > 0) print line } { print }' >"$work/checklist.yaml"
cat "$here/assets/services/commerce-services.yaml" "$added/operations.yaml" >"$work/service.yaml"
sed -e "s|^checklist:.*|checklist: $work/checklist.yaml|" -e "s|^  address:.*|  address: $base\n  ca_file: $ca|" \
    "$here/assets/examples/config.yaml" >"$work/config.yaml"
cat "$here/assets/examples/answers.yaml" "$added/answers.yaml" >"$work/answers.yaml"
cp -r "$here/assets/examples/secrets" "$work/"

setup() { timeout 100 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --token-file "$work/token"; }
changes() { grep -cE '^(PUT|POST|DELETE|PATCH)' "$work/log"; }
ends() { wanted=$1; shift; setup "$@" >"$work/out" 2>"$work/err"; [ $? = "$wanted" ]; }
said() { grep -qF -- "$1" "$work/out"; }

check "the checklist with the added steps passes lint" "$BUILD/commerce-setup" lint "$work/checklist.yaml"
check "the service with the added operations passes lint" "$BUILD/commerce-setup" lint "$work/service.yaml"

check "a plan names what the added steps would send" ends 2 plan "$work/answers.yaml" --state-dir "$work/state"
check "a row of the added table is told" said "Users, ada@contoso.example"
check "a default of the added fields is told" said "Inventory: Every 15 minutes"
check "apply goes through the added steps to the end" ends 0 apply "$work/answers.yaml" --wait --state-dir "$work/state"
check "each of them is sent" sh -c "for step in 'Set up users' 'Select marketplaces' 'Set up data synchronization' 'Operation logging' \
    'Store parameters'; do grep -qx \"\$step: sent\" '$work/out' || exit 1; done"

ask GET /v1/users
check "users are on the service, labels as their values" answer 200 \
    '"key":"ada@contoso.example","name":"Ada Torres","roles":["owner"],"invite":true' '"roles":["orders","buyer"],"invite":false'
ask GET /v1/settings/selling
check "so are the marketplaces" answer 200 '"marketplaces":["ebay","amazon"]'
ask GET /v1/settings/jobs
check "so are five jobs, each with its recurrence" answer 200 '"inventory":"every-15-minutes"' '"orders":"every-15-minutes"' \
    '"trade_agreements":"daily"' '"trade_agreements_at":"03:30"' '"delivery_modes":"as-required"' '"complete_data":"as-required"'
ask GET /v1/settings/operation-log
check "so is the switch of the operation log" answer 200 '"on":true'
ask GET /v1/settings/store
check "so are the store's parameters, amounts as they were written" answer 200 '"address":"https://shop.contoso.example"' '"free_from":"75.00"'

before=$(changes)
check "a second apply ends with 0" ends 0 apply "$work/answers.yaml" --wait --state-dir "$work/state"
check "and changes nothing" test "$(changes)" = "$before"
check "and a plan finds nothing to do" ends 0 plan "$work/answers.yaml" --state-dir "$work/state"

sed -e '/ben@/d' -e 's/roles: \[owner\]/roles: [owner, buyer]/' "$work/answers.yaml" >"$work/fewer.yaml"
check "a row that is changed and one that is taken away are applied" ends 0 apply "$work/fewer.yaml" --wait --state-dir "$work/state"
ask GET /v1/users
check "the service has the one changed" answer 200 '"roles":["owner","buyer"]' '"total":1'
check "with one request for each" test "$(changes)" = $((before + 2))

# The same by hand, one question at a time; what the service knows is taken over, a user more is asked for.
type_in() {
    n=0
    until grep -q 'Signed in' "$work/out" || [ $n = 600 ]; do n=$((n + 1)); sleep 0.05; done
    printf 'Set up users\nadd\ncy@contoso.example\nCy Young\nCatalogue manager, buyer\nno\n\n\nlist\n'
    printf 'back\nOperation logging\nno\n\nback\nquit\n'
}
: >"$work/out"
type_in | timeout 100 "$BUILD/commerce-setup" --line --config "$work/config.yaml" --token-file "$work/token" \
    --state-dir "$work/by-hand" >"$work/out" 2>"$work/err"
check "line mode asks the added steps" said "Send an invitation"
ask GET /v1/users
check "and a row given by hand is on the service, beside the others" answer 200 '"key":"cy@contoso.example","name":"Cy Young","roles":["catalogue","buyer"],"invite":false' '"total":2'
ask GET /v1/settings/operation-log
check "and the switch is off" answer 200 '"on":false'
finish
