#!/bin/sh
# A list of choices that cannot be read once, in an unattended run: the questions that it describes were passed by then, so
# the run never ends as if there had been none, and says why.
set -u
BUILD=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
case $BUILD in /*) ;; *) BUILD=$here/$BUILD ;; esac
. "$here/tests/support/sandbox.sh"
start --activation-seconds 0 --faults 0
printf 'service:\n  address: %s\nerp:\n  version: ax2012-r2\n  change_tracking_check: [echo, "1"]\n' "$faults" >"$work/config.yaml"
answers=$here/assets/examples/answers.yaml
ends() {    # exit status, state directory, command
    wanted=$1 state=$2
    shift 2
    timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/$state" --token-file "$work/token" \
        >"$work/body" 2>&1 </dev/null
    status=$?
    [ $status = "$wanted" ]
}
fail_once() { curl -sS --noproxy '*' -o /dev/null -X PUT -d 'fault=answer&status=409&times=1&body={"detail":"Come+back"}' \
    --data-urlencode "match=GET $1" "$faults/faults"; }
why="Could not compare with the service: Come back"

check "the account is set up" ends 0 finished apply "$answers" --wait
check "plan in a new state directory shows the secrets as changes" ends 2 plain plan "$answers"
for set in payment-providers payment-methods marketplaces charge-codes; do
    fail_once "/v1/$set"
    check "$set: plan ends with the status of the failure" ends 76 "plan-$set" plan "$answers"
    check "$set: plan shows the reason" has "$why"
    check "$set: plan does not report that there are no changes" lacks "No changes"
    fail_once "/v1/$set"
    check "$set: apply ends with the status of the failure" ends 76 "apply-$set" apply "$answers"
    check "$set: apply shows the reason" has "$why"
    check "$set: apply does not report that all is complete" lacks "Complete:"
    check "$set: apply run again completes" ends 0 "apply-$set" apply "$answers"
done
finish
