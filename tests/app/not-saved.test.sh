#!/bin/sh
# A save that fails, on every way out: no message says that anything is saved, the reason is the last line, the status is 74.
# The limit on the size of files (ulimit -f) makes every write to a file fail; what is printed goes through a pipe.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
. "$here/tests/support/tmux.sh"
trap 'no_more_panes; stop; rm -rf "$work"' EXIT
asked= status=
start --activation-seconds 100000
cp -r "$here/assets/examples/secrets" "$here/assets/examples/answers.yaml" "$work/"
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >"$work/config.yaml"

# Run with a disk that takes nothing. The input is what the caller's is.
run() {
    {
        (
            trap '' XFSZ
            ulimit -f 0
            timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state"
            echo "status $?"
        ) 2>&1
    } | cat >"$work/out"
}

reports() {     # "sentence": it ended with 74, said so last, and claimed nothing
    grep -q '^status 74$' "$work/out" && sed '$d' "$work/out" | tail -n 1 | grep -q 'not saved: Cannot save .*: File too large' &&
        ! grep -iE 'changes are saved|all is saved|: saved|everything.*saved' "$work/out" >/dev/null
    found=$?
    tell $found "$1"
    [ $found -eq 0 ] || sed 's/^/# /' "$work/out" | tail -n 8
}
. "$here/tests/support/tell.sh"

run --line </dev/null
reports "line mode at the end of its input"
printf 'account\nContoso\nquit\n' | run --line
reports "line mode after quit"
[ "$(grep -c 'Your changes are not saved' "$work/out")" -ge 2 ]
tell $? "which reports the failure when it happens, too"
printf 'account\nContoso\n\n\n1 Main St\nsave\nquit\n' | run --line
[ "$(grep -c 'Cannot save' "$work/out")" -ge 5 ]
tell $? "and again with each answer"
run apply "$work/answers.yaml" --token-file "$work/token" </dev/null
reports "apply"
ask GET /v1/account
grep -q '"organization":""\|"organization":null\|^{}' "$work/body" || ! grep -q Contoso "$work/body"
tell $? "which sent nothing"
timeout 60 "$BUILD/commerce-setup" status --config "$work/config.yaml" --state-dir "$work/state" >"$work/out" 2>&1 </dev/null
grep -qx 'Setup is not complete.' "$work/out"
tell $? "status afterwards does not claim that the changes are saved"
run do send-all --token-file "$work/token" </dev/null
reports "an action"
run do renew-token --token-file "$work/token" </dev/null
grep -q '^status 74$\|^status 64$\|^status 77$' "$work/out" && ! grep -q 'Renewed\|renewed' "$work/out"
tell $? "a renewal that cannot be stored is not called one"
run sign-in --begin </dev/null
grep -q '^status 7[34]$' "$work/out" && ! grep -q 'Enter the code\|enter the code' "$work/out"
tell $? "a code that cannot be stored is not shown"
run check </dev/null
grep -q '^status 7[34]$' "$work/out"
tell $? "results of checks that cannot be stored"

# Signals: the session ends at once, and says why it could not save.
for signal in HUP INT TERM; do
    mkfifo "$work/in"
    run --line <"$work/in" &
    runner=$!
    exec 7>"$work/in"
    rm "$work/in"
    until grep -q '^> ' "$work/out" 2>/dev/null; do :; done
    kill -s $signal "$(pgrep -n -f "commerce-setup --line --config $work/config.yaml")"
    wait $runner
    exec 7>&-
    reports "line mode ended by SIG$signal"
done

# The full screen: what is in the way of the files is put there while the session is open, and taken away again.
cat >"$work/full-screen" <<END
"$BUILD/commerce-setup" --config "$work/config.yaml" --state-dir "$work/screen"
echo "status \$?"
read -r wait
END
pane 80x24 sh "$work/full-screen"
shows 'Check prerequisites'
mkdir "$work/screen/state.yaml.tmp" "$work/screen/credentials.yaml.tmp"
keys Down Down Enter
shows 'Your changes are not saved'
tell $? "the full screen says at once that nothing can be saved"
rmdir "$work/screen/state.yaml.tmp" "$work/screen/credentials.yaml.tmp"
hides 'Your changes are not saved'
tell $? "and takes it back by itself when saving works again"
mkdir "$work/screen/state.yaml.tmp" "$work/screen/credentials.yaml.tmp"
keys C o n t
shows 'Your changes are not saved'
tell $? "it says so for half-typed text, without another key"
keys F9
shows 'not saved. Exit?'
tell $? "and does not claim otherwise when one exits"
keys y
shows 'status 74'
tell $? "which ends with 74"
screen | tr -d '\n' | grep -q 'not saved: Cannot save .*File exists'
tell $? "and the reason on the normal screen"
unseen 'changes are saved'
tell $? "and no claim that anything is saved"
keys Enter

for command in status "plan --token-file $work/token" export questions prepare --help --version "lint $here/assets/checklists/commerce-services.yaml" "status --json" "plan --json" \
    "apply $work/answers.yaml --token-file $work/token"; do
    # shellcheck disable=SC2086
    "$BUILD/commerce-setup" $command --config "$work/config.yaml" --state-dir "$work/full" >/dev/full 2>"$work/err" </dev/null
    [ $? -eq 74 ] && grep -q 'Cannot write the output: No space left on device' "$work/err"
    tell $? "${command%% *} with a full disk behind its output"
    # shellcheck disable=SC2086
    "$BUILD/commerce-setup" $command --config "$work/config.yaml" --state-dir "$work/closed" >&- 2>"$work/err" </dev/null
    [ $? -eq 74 ] && grep -q 'Cannot write the output: Bad file descriptor' "$work/err"
    tell $? "${command%% *} with its output closed"
done
"$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$work/full" >/dev/full 2>"$work/err" </dev/null
[ $? -eq 74 ] && grep -q 'Cannot write the output: No space left on device' "$work/err"
tell $? "line mode with a full disk behind its output"
! grep -l 'usage:\|Account information  ' "$work"/closed/* 2>/dev/null | grep -q .
tell $? "and no output in a file of the state"

stop
exit $failed
