#!/bin/sh
# The exit statuses, frozen: scripts rely on them. Each is provoked by what it stands for.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
asked= status=
start --activation-seconds 100000 --faults 0
cp -r "$here/assets/examples/secrets" "$here/assets/examples/answers.yaml" "$work/"
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >"$work/config.yaml"
setup() { timeout 60 "$BUILD/commerce-setup" "$@" </dev/null >"$work/out" 2>"$work/err"; }
with() { setup "$@" --config "$work/config.yaml" --state-dir "$work/state"; }

# ends STATUS "sentence" command...: also, what is told on standard error is told where something went wrong.
ends() {
    wanted=$1 sentence=$2
    shift 2
    "$@"
    found=$?
    if [ $found = "$wanted" ]; then
        echo "ok - $wanted: $sentence"
    else
        echo "not ok - $wanted: $sentence"
        echo "# $* ended with $found"
        sed 's/^/# /' "$work/err" "$work/out" | tail -n 5
        failed=1
    fi
}

ends 0 "what was asked for is told" setup --help
ends 0 "a good description" setup lint "$here/assets/checklists/commerce-services.yaml"
ends 64 "a word that is no command" setup aply
ends 64 "an option that is not known" setup status --frob
ends 64 "a file that is missing on the command line" setup apply
ends 64 "no terminal" with
ends 78 "a configuration that is wrong" setup status --config "$here/assets/examples/answers.yaml"
ends 78 "a description that is wrong" setup lint "$here/README.md"
sed 's/ax2012-r2/ax2012-r3/' "$work/config.yaml" >"$work/r3.yaml"
ends 78 "a checklist that is not available" setup status --config "$work/r3.yaml" --state-dir "$work/r3"
ends 74 "a configuration that cannot be read" setup status --config "$work/none.yaml"
ends 74 "answers that cannot be read" with apply "$work/none.yaml"
: >"$work/file"
ends 73 "a folder that cannot be made" setup apply "$work/answers.yaml" --config "$work/config.yaml" --state-dir "$work/file/state" --token-file "$work/token"

ends 2 "a plan that finds changes" with plan "$work/answers.yaml" --token-file "$work/token"
ends 3 "something is left to do, all is saved" with status
sed 's/zip: .*/zip: "9805"/' "$work/answers.yaml" >"$work/wrong.yaml"
ends 65 "an answer that is not valid" with apply "$work/wrong.yaml" --token-file "$work/token"
echo nonsense >"$work/other-token"
ends 77 "a sign-in that is refused" setup apply "$work/answers.yaml" --config "$work/config.yaml" --state-dir "$work/other" --token-file "$work/other-token"
sed 's|address: .*|address: https://127.0.0.1:1|' "$work/config.yaml" >"$work/nobody.yaml"
ends 69 "a service that cannot be reached" setup apply "$work/answers.yaml" --config "$work/nobody.yaml" --state-dir "$work/nobody" --token-file "$work/token"
sed "s|address: .*|address: $faults|; /ca_file/d" "$work/config.yaml" >"$work/faults.yaml"
curl -sS --noproxy '*' -o /dev/null -X PUT -d 'fault=answer&status=200&type=text/html&body=%3Chtml%3E&match=GET+/v1/account' "$faults/faults"
ends 76 "a service that answers nonsense" setup apply "$work/answers.yaml" --config "$work/faults.yaml" --state-dir "$work/faults" --token-file "$work/token"
for fault in bad-chunk two-lengths http09; do
    curl -sS --noproxy '*' -o /dev/null -X PUT -d "fault=$fault&match=GET+/v1/sales-tax" "$faults/faults"
    ends 76 "a service whose answer is no HTTP ($fault)" setup plan "$work/answers.yaml" --config "$work/faults.yaml" --state-dir "$work/$fault" --token-file "$work/token"
done
ends 75 "an activation that is under way" with apply "$work/answers.yaml" --token-file "$work/token"

ends 3 "a plan while only the end of an activation is missing" with plan "$work/answers.yaml" --token-file "$work/token"
ends 0 "an action while an activation is under way" with do compare --token-file "$work/token"
sed 's/providers: .*/providers: [paypal, authorize-net, no-such-provider]/' "$work/answers.yaml" >"$work/outside.yaml"
ends 65 "an answer outside the choices of the service" with apply "$work/outside.yaml" --token-file "$work/token"
ends 65 "the same in a second run" with apply "$work/outside.yaml" --token-file "$work/token" --json
ends 0 "it is named" grep -q no-such-provider "$work/err"
ask GET /v1/account
sed 's/"organization":"[^"]*"/"organization":"Northwind"/' "$work/body" >"$work/changed"
ask PUT /v1/account -H "If-Match: $(header ETag)" -H 'Content-Type: application/json' --data-binary "@$work/changed"
ends 4 "a value that was changed on the service" with apply "$work/answers.yaml" --token-file "$work/token"
ends 0 "the field is named" grep -q 'Organization: Your answer: .*On the service: Northwind' "$work/out"
ends 0 "and how to decide" grep -q -e '--keep mine' "$work/out"
ends 4 "a plan that cannot be applied before that is decided" with plan "$work/answers.yaml" --token-file "$work/token"
ends 4 "apply with JSON" with apply "$work/answers.yaml" --token-file "$work/token" --json
ends 0 "with both values" grep -q '"theirs": "Northwind"' "$work/out"
ends 75 "theirs is kept" with apply "$work/answers.yaml" --token-file "$work/token" --keep theirs
ask GET /v1/account
ends 0 "and nothing of ours was sent" has '"organization":"Northwind"'

# Somebody else is at it: a session that waits for what is typed.
mkfifo "$work/typed"
sleep 1000 >"$work/typed" &
typist=$!
"$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$work/state" <"$work/typed" >"$work/session" 2>&1 &
session=$!
trap 'kill $typist $session 2>/dev/null; stop; rm -rf "$work"' EXIT
opened() { n=0; until grep -q 'Check prerequisites' "$1" 2>/dev/null; do n=$((n + 1)); [ $n -lt 600 ] || return 1; sleep 0.05; done; }
opened "$work/session"
ends 75 "another administrator is at it" with apply "$work/answers.yaml" --token-file "$work/token"

# A session that a signal ends says so, and has saved.
ended_by() {
    "$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$work/$1" <"$work/typed" >"$work/session.$1" 2>&1 &
    opened "$work/session.$1"
    kill "-$1" $!
    wait $!
}
ends 129 "a hang-up" ended_by HUP
# A shell starts what is in the background deaf to interrupts: the only one who hears them here is who asks for them.
ends 130 "an interrupt" ended_by INT
ends 143 "a request to terminate" ended_by TERM
kill $typist $session
wait $session $typist 2>/dev/null

# Memory: as little as the program itself still starts with. A sanitizer and the counters of coverage need more than the limit.
if nm "$BUILD/commerce-setup" 2>/dev/null | grep -q '__asan_init\|__gcov_init'; then
    echo "ok - 70: out of memory # SKIP the sanitizer or the coverage needs more memory than the limit"
else
    printf 'checklist: t\ntitle: T\nservice: commerce-services\nsteps:\n- {id: a, section: S, title: A, does: sign-in}\n' >"$work/small.yaml"
    awk 'BEGIN { print "choices:\n  all:"; for (i = 0; i < 9000; i++) printf "    v%d: label %d\n", i, i }' | cat "$work/small.yaml" - >"$work/large.yaml"
    least=8000
    until (ulimit -v $least && setup lint "$work/small.yaml"; [ $? -ne 70 ] && [ $? -ne 127 ] && grep -q . "$work/out" "$work/err") 2>/dev/null || [ $least -gt 200000 ]; do
        least=$((least + 200))
    done
    starved() { (ulimit -v $least && setup lint "$work/large.yaml"); }
    ends 70 "memory that ran out" starved
fi
finish
