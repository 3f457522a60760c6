#!/bin/sh
# Each secret is another canary. After runs that end in every way, none of them is anywhere but where it belongs: not in a file,
# not in what is printed or logged, not in command line or environment; neither as it is nor in base64, hex or URL form.
set -u
BUILD=$1 here=$(cd "$(dirname "$0")" && pwd)
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
. "$here/../support/sandbox.sh"
root=$(cd "$here/../.." && pwd)
# Of the sanitizer: the search for leaks traces, too, and only one can; a crash that is meant is not its business.
ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0:handle_segv=0"
export ASAN_OPTIONS
asked=canary status=0 exits=0
: >"$work/body"

# The forms of a secret in which it might be carried off. Of base64 the three shifts, without the ends that hang on neighbours.
forms() {
    printf '%s\n' "$1"
    hex=$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')
    printf '%s\n' "$hex"
    printf '%s\n' "$hex" | tr a-f A-F
    printf '%s\n' "$hex" | sed 's/../%&/g'
    printf %s "$1" | sed -e 's/%/%25/g' -e 's/+/%2B/g' -e 's|/|%2F|g' -e 's/=/%3D/g' -e 's/&/%26/g'
    echo
    for shift in '' x xx; do
        case $shift in '') cut=1 ;; x) cut=3 ;; xx) cut=4 ;; esac
        printf '%s%s' "$shift" "$1" | base64 -w 0 | tr -d = | sed 's/..$//' | cut -c$cut-
    done
}
canary() { forms "$1" >>"$work/canaries"; }

# found FILE...: those with a canary in them.
found() { grep -rlaF -f "$work/canaries" "$@" 2>/dev/null | grep -vE '/(credentials\.yaml(\.prev|\.tmp)?|tokens\.yaml(\.tmp)?)$'; }

setup() { "$@" --config "$work/config.yaml" --state-dir "$work/state"; }
kept() { sed -n "s/^ *$1: *\"*\([^\"]*\)\"*\$/\1/p" "$work/state/tokens.yaml" | head -n 1; }

mkdir "$work/secrets" "$work/printed"
sed 's|file: secrets/|file: '"$work"'/secrets/|' "$root/assets/examples/answers.yaml" >"$work/answers.yaml"
for name in paypal-client-secret authorize-net-transaction-key authorize-net-signature-key; do
    secret="Canary+$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')/&=%"
    printf '%s\n' "$secret" >"$work/secrets/$name"
    canary "$secret"
done
program=$BUILD/commerce-setup
start --activation-seconds 0 --faults 0 --interval 1
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$root/assets/examples/config.yaml" >"$work/config.yaml"

setup "$program" sign-in --begin --json >"$work/printed/begin" 2>&1
canary "$(kept device_code)"
"$here/../support/approve.sh" "$base" "$ca" "$(sed -n 's/.*"code": "\([A-Z-]*\)".*/\1/p' "$work/printed/begin")" approve
setup "$program" sign-in --complete >"$work/printed/complete" 2>&1
canary "$(kept access)"
canary "$(kept refresh)"
check "there are six secrets, each in eight forms, though some look the same" equal "$(sort -u "$work/canaries" | grep -c .)" 42
check "one that was put somewhere is found" sh -c 'echo "x $(sed -n 7p "$1")" >"$2"' - "$work/canaries" "$work/printed/planted"
check "whatever its form" equal "$(found "$work/printed")" "$work/printed/planted"
rm "$work/printed/planted"

# ends HOW WANTED COMMAND...: a run from the beginning that ends so; what it prints and what it leaves is kept.
ends() {
    how=$1 wanted=$2
    shift 2
    mkdir -p "$work/states"
    cp -pr "$work/state" "$work/states/before-$how"
    rm -f "$work"/state/state.* "$work"/state/credentials.*
    setup "$@" >"$work/printed/$how" 2>&1
    got=$?
    check "a run that ends by $how" equal $got "$wanted"
    [ $got -ne "$wanted" ] || exits=$((exits + 1))
}
apply="$program apply $work/answers.yaml --wait"
at() { echo "strace -o /dev/null -e inject=$1"; }

# The lines below are words to be split.
# shellcheck disable=SC2046,SC2086
{
    ends interrupt 130 $(at sendto:signal=INT:when=40) $apply
    ends hang-up 129 $(at sendto:signal=HUP:when=40) $apply
    ends crash 139 $(at sendto:signal=SEGV:when=30) $apply
    ends kill 137 $(at fsync:signal=KILL:when=50) $apply
    ends full-disk 74 $(at fsync:error=ENOSPC:when=12+) $apply
}

# A run that stands still in the middle of a request is looked at from outside.
rm -f "$work"/state/state.* "$work"/state/credentials.*
# shellcheck disable=SC2046,SC2086
$(at sendto:signal=STOP:when=20) $apply --config "$work/config.yaml" --state-dir "$work/state" >"$work/printed/stopped" 2>&1 &
tracer=$!
stopped() {
    inside=$(cut -d ' ' -f 1 "/proc/$tracer/task/$tracer/children" 2>/dev/null)
    [ -n "$inside" ] && grep -qs commerce-setup "/proc/$inside/comm" && grep -qs '^State:.[tT] ' "/proc/$inside/status" &&
        grep -qs . "$work/log" && [ "$(stat -c %Y "$work/log")" -lt "$(date +%s)" ]
}
until stopped || ! kill -0 $tracer 2>/dev/null; do sleep 0.1; done
tr '\0' '\n' <"/proc/$inside/cmdline" >"$work/printed/cmdline"
tr '\0' '\n' <"/proc/$inside/environ" >"$work/printed/environ"
check "a run is looked at while it is under way" grep -q answers.yaml "$work/printed/cmdline"
# More than once: what comes while the stop itself is still on its way is lost.
while kill -CONT $inside 2>/dev/null; do sleep 0.1; done
wait $tracer

# shellcheck disable=SC2086
ends success 0 $apply
for command in status 'status --json' export 'export --json' plan 'plan --json' questions; do
    # shellcheck disable=SC2086
    setup "$program" $command >"$work/printed/$(echo $command | tr -d ' ')" 2>&1
done
curl -sS --noproxy '*' -o /dev/null -X PUT -d 'fault=answer&status=500&type=text/html&body=no&match=GET+/v1/account' "$faults/faults"
sed "s|^  address:.*|  address: $faults|; /ca_file/d" "$work/config.yaml" >"$work/faulty.yaml"
timeout 60 "$program" plan --config "$work/faulty.yaml" --state-dir "$work/state" --token-file "$work/token" >"$work/printed/500" 2>&1
printf '\n\n\nq\n' | setup timeout 60 "$program" --line >"$work/printed/line" 2>&1
{
    tries=0
    until grep -qas 'F9 leave' "$work/printed/screen" || [ $tries -ge 200 ]; do sleep 0.1; tries=$((tries + 1)); done
    printf '\003\003'
} | TERM=xterm timeout 60 script -qefc "'$program' --config '$work/config.yaml' --state-dir '$work/state'" "$work/printed/screen" >/dev/null 2>&1
setup "$program" sign-out >"$work/printed/sign-out" 2>&1

check "the secrets are kept where they belong" grep -q 'Canary+' "$work/state/credentials.yaml"
check "the full screen was open" grep -qa 'F9 leave' "$work/printed/screen"
check "no secret is in what was printed" equal "$(found "$work/printed")" ""
check "none in the files of the program" equal "$(found "$work/state" "$work/states")" ""
check "none in the log of the service" equal "$(found "$work/log")" ""
check "no file for the time being is left behind" equal "$(ls "$work/state" | grep '\.tmp$')" ""
found "$work/printed" "$work/state" "$work/states" "$work/log" | sed 's/^/# /'
check "after signing out no token is on disk" equal "$(kept access)$(kept refresh)" ""
[ -n "$(found "$work/printed" "$work/state" "$work/states" "$work/log")" ] || [ -z "${COUNTS:-}" ] || echo "count canary $exits" >>"$COUNTS"
finish
