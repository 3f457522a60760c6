#!/bin/sh
# The files of the program: what it keeps, what it refuses, and what it leaves alone.
set -u
program=$1/commerce-setup
case $program in /*) ;; *) program=$PWD/$program ;; esac
. "$(dirname "$0")/../support/tell.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
state=$work/state/state.yaml

setup() { timeout 60 "$program" "$@" --config "$root/assets/examples/config.yaml" --state-dir "$work/state" >"$work/out" 2>"$work/err"; }
# Line mode with nothing to read: it saves where it is, and leaves.
visit() { setup --line </dev/null; }

visit
tell $((! $(stat -c %a "$state" | grep -c '^600$'))) "the state has mode 0600 from its first moment"
tell $((! $(stat -c %a "$work/state" | grep -c '^700$'))) "its folder has mode 0700"

sed -i 's/^place:/future: {kept: "yes"}\nplace:/' "$state"
visit
grep -q 'edited outside this program' "$work/err"
tell $? "an edit by hand is told"
visit
tell $(grep -c 'edited outside' "$work/err") "once"
grep -q '^future:' "$state"
tell $? "what this version does not know is kept"

cp "$state" "$work/good"
printf 'cut off' >"$state"
setup status
grep -q 'state.yaml is damaged: the one saved before it is used' "$work/err"
tell $? "a damaged state is told, and the one before it is used"
cp "$work/good" "$state"

sed -i 's/^schema: .*/schema: 99/' "$state"
cp "$state" "$work/later"
visit
tell $(($? != 78)) "a state of a later version ends with 78"
grep -q 'later version' "$work/err"
tell $? "and says so"
cmp -s "$state" "$work/later"
tell $? "and is left as it is"
cp "$work/good" "$state"

printf 'secrets: {}\n...\n' >"$work/state/credentials.yaml"
chmod 644 "$work/state/credentials.yaml"
visit
tell $(($? != 78)) "credentials that others may read end with 78"
grep -q 'mode 0644.*holds secrets' "$work/err" && grep -q 'chmod 600' "$work/err"
tell $? "with what is wrong and what to do"

mkdir -p "$work/home/.config/commerce-setup"
printf 'nonsense: [' >"$work/home/.config/commerce-setup/config.yaml"
if [ "$(id -u)" = 0 ] && chown -R 65534 "$work/home"; then
    HOME=$work/home "$program" status --state-dir "$work/other" >"$work/out" 2>&1
    tell $(grep -c "$work/home" "$work/out") "as root the home of somebody else, which sudo leaves there, is not used"
else
    echo "ok - as root the home of somebody else is not used # SKIP not run as root"
fi
exit $failed
