#!/bin/sh
# The unattended run against the real sandbox, over TLS: from nothing to an activated account, and what may go wrong on the way.
set -u
build=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)

failed=0
say() { if [ "$1" = 0 ]; then echo "ok - $2"; else echo "not ok - $2"; failed=1; fi; }

case $build in /*) ;; *) build=$here/$build ;; esac
"$build/commerce-sandbox" --issue-token "$work/token" --activation-seconds 1 --log "$work/log" >"$work/out" 2>&1 &
sandbox=$!
trap 'kill $sandbox 2>/dev/null; rm -rf "$work"' EXIT
n=0
until grep -q '^READY' "$work/out"; do n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.05; done
address=$(sed -n 's/^READY //p' "$work/out") ca=$(sed -n 's/^CA //p' "$work/out")
sed "s|^  address:.*|  address: $address\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >"$work/config.yaml"
answers=$here/assets/examples/answers.yaml
setup() { timeout 60 "$build/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state"; }
changes() { grep -cE '^(PUT|POST|DELETE|PATCH)' "$work/log"; }

setup plan "$answers" --token-file "$work/token" >"$work/plan"
say $(($? == 2 ? 0 : 1)) "a plan before the first run finds changes and ends with 2"
say $(($(changes) == 0 ? 0 : 1)) "a plan sends nothing that changes anything"

setup apply "$answers" --token-file "$work/token" --wait >"$work/apply"
say $? "the whole checklist ends with 0"
grep -q '^Complete: every step is done' "$work/apply"; say $? "complete is said when every step is done"
status=$(curl -s --cacert "$ca" -H "Authorization: Bearer $(cat "$work/token")" "$address/v1/activation")
case $status in *'"active"'*) say 0 "the account is active on the service" ;; *) say 1 "the account is active on the service" ;; esac
say $(($(grep -c '^POST /v1/activation ' "$work/log") == 1 ? 0 : 1)) "the service saw exactly one activation"

before=$(changes)
setup apply "$answers" --token-file "$work/token" --wait >/dev/null
say $? "a second run ends with 0"
say $(($(changes) == before ? 0 : 1)) "a second run sends nothing that changes anything"
setup plan "$answers" --token-file "$work/token" | grep -q 'No changes'; say $? "a plan after apply finds no changes"
setup status --json | grep -q '"complete": true'; say $? "status tells in JSON that all is complete"

# What is said of the service was read just now, or it is an error.
echo other-secret >"$work/rotated"
cp "$answers" "$work/rotated.yaml"
sed -i "s|file: .*paypal.*|file: $work/rotated}|; s|{file: secrets/|{file: $here/assets/examples/secrets/|" "$work/rotated.yaml"
setup plan "$work/rotated.yaml" --token-file "$work/token" >"$work/plan"
say $(($? == 2 ? 0 : 1)) "a plan finds a rotated secret"
grep -q '(secret)' "$work/plan" && ! grep -q other-secret "$work/plan"; say $? "and lists it without its value"
setup status --refresh --token-file "$work/token" >"$work/status"
say $? "a status that was compared ends with 0"
grep -q '^Complete' "$work/status"; say $? "and reports that all is complete"
echo rejected >"$work/bad-token"
setup plan "$answers" --token-file "$work/bad-token" >"$work/plan" 2>"$work/err"
say $(($? == 77 ? 0 : 1)) "a plan with a rejected token ends with 77"
grep -q '^Could not compare with the service: ' "$work/err" && ! grep -q 'No changes' "$work/plan"; say $? "and claims nothing about the service"
setup status --refresh --token-file "$work/bad-token" >"$work/status"
say $(($? == 77 ? 0 : 1)) "a status with a rejected token ends with 77"
grep -q 'Could not compare' "$work/status" && ! grep -q '^Complete' "$work/status"; say $? "and is not called complete"
sed 's|  address: .*|  address: https://127.0.0.1:1|' "$work/config.yaml" >"$work/nobody.yaml"
for words in "plan $answers" "status --refresh" "apply $answers"; do
    timeout 60 "$build/commerce-setup" $words --config "$work/nobody.yaml" --state-dir "$work/state" --token-file "$work/token" >"$work/told" 2>&1
    say $(($? == 69 ? 0 : 1)) "${words%% *} without the service ends with 69, although all is sent"
    grep -q 'Could not compare with the service: ' "$work/told" && ! grep -q '^Complete\|No changes' "$work/told"
    say $? "${words%% *} without the service claims nothing about it"
done
! grep -rq example-paypal "$work/state/state.yaml"; say $? "no secret is in the state"
say $(($(stat -c %a "$work/state/credentials.yaml") == 600 ? 0 : 1)) "credentials have mode 0600"

etag=$(curl -s -D - -o "$work/account" --cacert "$ca" -H "Authorization: Bearer $(cat "$work/token")" "$address/v1/account" |
    tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
sed 's/Contoso Outdoor/Northwind/' "$work/account" >"$work/changed"
curl -s -o /dev/null --cacert "$ca" -X PUT -H "Authorization: Bearer $(cat "$work/token")" -H "If-Match: $etag" \
    -H 'Content-Type: application/json' --data-binary "@$work/changed" "$address/v1/account"
setup plan --token-file "$work/token" >"$work/plan"
grep -q '! Organization.*Northwind' "$work/plan"; say $? "what others changed on the service is told as that in the plan"
before=$(changes)
setup apply "$answers" --token-file "$work/token" >"$work/apply"
say $(($? == 4 ? 0 : 1)) "a run does not overwrite what others changed"
say $(($(changes) == before ? 0 : 1)) "and sends nothing for that step"
setup apply "$answers" --token-file "$work/token" --keep mine >/dev/null
say $? "with --keep mine it is sent"

sed 's/zip: .*/zip: "9805"/; s/  city:/  citty:/' "$answers" >"$work/wrong.yaml"
cp -r "$here/assets/examples/secrets" "$work/"
before=$(wc -l <"$work/log")
setup apply "$work/wrong.yaml" --token-file "$work/token" 2>"$work/err" >/dev/null
say $(($? == 65 ? 0 : 1)) "a wrong answers file ends with 65"
grep -q 'wrong.yaml:[0-9]*:[0-9]*: .*9805' "$work/err" && grep -q 'wrong.yaml:[0-9]*:[0-9]*: .*citty' "$work/err"
say $? "all its faults are told at once, with line and column"
say $(($(wc -l <"$work/log") == before ? 0 : 1)) "and nothing is asked of the service"

sed 's/ax2012-r2/ax2012-r3/' "$work/config.yaml" >"$work/r3.yaml"
timeout 20 "$build/commerce-setup" status --config "$work/r3.yaml" --state-dir "$work/r3" 2>"$work/err"
say $(($? == 78 ? 0 : 1)) "ax2012-r3 ends with 78"
grep -q 'online store' "$work/err"; say $? "and says what replaces it"
sed 's/ax2012-r2/ax2012/' "$work/config.yaml" >"$work/first.yaml"
! timeout 20 "$build/commerce-setup" status --config "$work/first.yaml" --state-dir "$work/first" | grep -q Parameters
say $? "ax2012 has no parameters step"

timeout 60 "$build/commerce-setup" apply "$answers" --config "$work/first.yaml" --state-dir "$work/first" --token-file "$work/token" >"$work/apply" 2>&1
grep -qx 'Ignored answers (no matching question): parameters.hierarchy, parameters.category, parameters.charge_code' "$work/apply"
say $? "answers of a step that does not apply are told as not used"

kill $sandbox
wait $sandbox 2>/dev/null
timeout 60 "$build/commerce-setup" apply "$answers" --config "$work/config.yaml" --state-dir "$work/down" --token-file "$work/token" >"$work/apply" 2>&1
say $(($? == 69 ? 0 : 1)) "with the service down a run ends with 69"
grep -q '^Account information: saved, not sent' "$work/apply" && ! grep -q ': sent$' "$work/apply"
say $? "steps are saved, and none is called sent"
grep -q '^Answers not used, because the service could not be read: payment.credentials.paypal.client_id' "$work/apply"
say $? "what the service did not describe is told as not used"
exit $failed
