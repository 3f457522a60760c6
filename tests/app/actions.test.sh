#!/bin/sh
# Actions against the real sandbox: what is reported is what the service holds afterwards, also when a response was lost and
# when the program was killed before it came.
set -u
BUILD=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
case $BUILD in /*) ;; *) BUILD=$here/$BUILD ;; esac
. "$here/tests/support/sandbox.sh"
start --activation-seconds 0 --faults 0
printf 'service:\n  address: %s\nerp:\n  version: ax2012-r2\n  change_tracking_check: [echo, "1"]\n' "$faults" >"$work/config.yaml"
setup() { timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state" --token-file "$work/token" >"$work/told" 2>"$work/err"; }
ends() { wanted=$1; shift; setup "$@"; found=$?; cat "$work/told" "$work/err" >"$work/body"; [ $found = "$wanted" ]; }
told() { grep -qF -- "$1" "$work/told"; }
status_is() { ask GET /v1/activation; has "\"status\":\"$1\""; }
fault() { curl -sS --noproxy '*' -o /dev/null -X PUT -d "$1" "$faults/faults"; }

check "the account is set up and activated" ends 0 apply "$here/assets/examples/answers.yaml" --wait
for round in 1 2; do
    check "deactivate, round $round" ends 0 do deactivate --confirm yes
    check "the service shows inactive" status_is inactive
    check "reactivate, round $round" ends 0 do reactivate --wait
    check "the service shows active" status_is active
done

check "deactivate" ends 0 do deactivate --confirm yes
fault 'fault=lost&times=0&match=POST+/v1/activation'
check "a reactivation whose response is lost is not reported as done" ends 69 do reactivate --wait
check "the sentence is not in the output" sh -c "! grep -q 'active again' '$work/told'"
fault fault=none
check "the service has carried it out" status_is active
check "deactivate again" ends 0 do deactivate --confirm yes
check "the service shows inactive again" status_is inactive
check "reactivate is not answered by a replay" ends 0 do reactivate --wait
check "the service shows active again" status_is active

check "deactivate before the kill" ends 0 do deactivate --confirm yes
sent=$(grep -c '^POST /v1/activation' "$work/log")
fault 'fault=lost&times=0&match=POST+/v1/activation'
"$BUILD/commerce-setup" do reactivate --wait --config "$work/config.yaml" --state-dir "$work/state" --token-file "$work/token" >"$work/told" 2>&1 &
victim=$!
while kill -0 $victim 2>/dev/null && [ "$(grep -c '^POST /v1/activation' "$work/log")" = "$sent" ]; do :; done
kill -9 $victim
wait $victim 2>/dev/null
fault fault=none
key() { sed -n '/^intents:/,/^[a-z]/s/^ *key: //p' "$work/state/state.yaml"; }
check "after a kill between request and response the key is on disk" test -n "$(key)"
check "deactivate after the kill" ends 0 do deactivate --confirm yes
check "the key has ended" test -z "$(key)"
check "reactivate after the kill" ends 0 do reactivate --wait
check "the service shows active after all" status_is active
finish
