#!/bin/sh
# A server that means harm: what it says is refused with a sentence, and nothing of it reaches the terminal as it came; in full screen,
# in line mode and unattended, by the bytes that are written.
set -u
BUILD=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
case $BUILD in /*) ;; *) BUILD=$here/$BUILD ;; esac
. "$here/tests/support/sandbox.sh"
. "$here/tests/support/tmux.sh"
trap 'no_more_panes; kill $hostile 2>/dev/null; rm -rf "$work"' EXIT
perl "$here/tests/support/hostile.pl" >"$work/port" 2>"$work/asked" &
hostile=$!
until [ -s "$work/port" ]; do sleep 0.05; done
port=$(cat "$work/port")

asked= status= refusal=
: >"$work/body"

configure() {
    printf 'service:\n  address: http://127.0.0.1:%s\n  issuer: http://127.0.0.1:%s/%s\nerp:\n  version: ax2012-r2\n' "$port" "$port" "$1" >"$work/config.yaml"
}
unharmed() { ! LC_ALL=C grep -qa 'owned' "$1" && ! LC_ALL=C grep -qaE 'WWWWWWWW' "$1"; }

for case in escapes long script elsewhere plain password line-ends; do
    configure $case
    case $case in
    escapes | long) refusal='code for signing in cannot be used' ;;
    *) refusal='names an unsafe address for signing in' ;;
    esac
    pane 80x24 "$BUILD/commerce-setup" --config "$work/config.yaml" --state-dir "$work/full-$case"
    shows 'Check prerequisites'
    keys Down Enter
    check "$case: refused on the full screen with a sentence" shows "$refusal"
    check "$case: nothing of it is written to the terminal" unharmed "$work/bytes"
    gone
    timeout 20 "$BUILD/commerce-setup" sign-in --config "$work/config.yaml" --state-dir "$work/line-$case" >"$work/bytes" 2>&1
    check "$case: refused unattended" test $? -ne 0
    check "$case: with a sentence" grep -qaF "$refusal" "$work/bytes"
    check "$case: and without a byte of it" unharmed "$work/bytes"
    mkfifo "$work/typed"
    "$BUILD/commerce-setup" --line --config "$work/config.yaml" --state-dir "$work/line-$case" <"$work/typed" >"$work/bytes" 2>&1 &
    line_pid=$!
    exec 3>"$work/typed"
    echo 2 >&3
    turns=0
    until tr '\n' ' ' <"$work/bytes" | grep -qaF "$refusal"; do turns=$((turns + 1)); [ $turns -gt 400 ] && break; sleep 0.05; done
    check "$case: refused in line mode with a sentence" test $turns -le 400
    check "$case: and nothing of it is said" unharmed "$work/bytes"
    exec 3>&-
    wait $line_pid
    rm -f "$work/typed"
    check "$case: nothing of it is kept" sh -c "! grep -rq owned '$work/full-$case' '$work/line-$case'"
done

configure whole
pane 80x24 "$BUILD/commerce-setup" --config "$work/config.yaml" --state-dir "$work/whole"
shows 'Check prerequisites'
keys Down Enter
check "a whole address that is unsafe is left out: the short one is shown" shows "http://127.0.0.1:$port/page"
check "the service's description of an error is shown with its escapes made visible" shows 'The sign-in was refused in the browser: "<1B>]0;owned<07>"'
escape=$(printf '\033')
check "no escape of the service reaches the terminal" sh -c "! LC_ALL=C grep -qaF '$escape]0;owned' '$work/bytes'"
gone
exit $failed
