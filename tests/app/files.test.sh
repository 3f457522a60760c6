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
# Each of these ends with a message and a way to continue.
explains() { grep -q "$1" "$work/err" && grep -q "$2" "$work/err"; }
rm -rf "$work/state" && mkdir -m 700 "$work/state" && touch "$state"
visit
tell $(($? != 78)) "an empty state file ends with 78"
explains 'state.yaml is empty' "mv $state $state.damaged"
tell $? "with what is wrong and what to do"
sh -c "$(sed -n 's/.*start without it: //p' "$work/err")" && visit
tell $(($? != 3)) "doing that starts without it"
printf 'cut' >"$state"
printf 'cut' >"$state.prev"
visit
tell $(($? != 78)) "two damaged versions end with 78"
explains 'and so is the version before it' "mv $state $state.damaged; rm $state.prev"
tell $? "with what is wrong and what to do"
sh -c "$(sed -n 's/.*start without them: //p' "$work/err")" && visit
tell $(($? != 3)) "doing that starts without them"
ln -s "$work/state" "$work/link"
"$program" --line --config "$root/assets/examples/config.yaml" --state-dir "$work/link" </dev/null >"$work/out" 2>"$work/err"
tell $(($? != 74)) "a state directory that is a symbolic link ends with 74"
explains 'is a symbolic link' "state-dir $(realpath "$work/state")"
tell $? "with the directory to name instead"
# The shell itself needs more: the limit is set right before the program starts.
limited() {
    which=$1 limit=$2
    shift 2
    sh -c 'ulimit "$1" "$2"; shift 2; exec "$@"' - "$which" "$limit" "$program" "$@" --config "$root/assets/examples/config.yaml" \
        --state-dir "$work/state" >"$work/out" 2>"$work/err"
}
for limit in 4 5 6 8 16; do
    for command in status --line check; do
        # shellcheck disable=SC2086
        limited -n $limit $command </dev/null
        [ $? = 74 ] && explains "Only $limit open files are allowed" 'ulimit -n' || { tell 1 "$command with $limit open files"; break 2; }
    done
done
tell 0 "too few file descriptors end with 74 and the limit to set"
limited -Sn 8 status
tell $(($? != 3)) "a soft limit is raised"

# status only reads.
"$program" status --config "$root/assets/examples/config.yaml" --state-dir "$work/never/made" >"$work/out" 2>"$work/err"
tell $(($? != 3)) "status needs no state directory"
tell $((! $(test -e "$work/never"; echo $?))) "and creates none"
env -i "$program" status --config "$root/assets/examples/config.yaml" --state-dir "$work/state" >"$work/out" 2>"$work/err"
tell $(($? != 3)) "status needs no HOME"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    open=$(TMPDIR=/tmp mktemp -d) && chmod 711 "$open" && cp -r "$work/state" "$open/state" && chown -R 65534 "$open/state" && chmod 500 "$open/state"
    env -i setpriv --reuid 65534 --clear-groups "$program" status --config "$root/assets/examples/config.yaml" --state-dir "$open/state" >"$work/out" 2>"$work/err"
    tell $(($? != 3)) "status needs no write access"
    rm -rf "$open"
else
    echo "ok - status needs no write access # SKIP not run as root"
fi

find "$work/state" -printf '%P %i %T@\n' | sort >"$work/before"
printf 'quit\n' | setup --line --sandbox
find "$work/state" -printf '%P %i %T@\n' | grep -v '^sandbox\|^ ' | sort >"$work/after"
grep -v '^ ' "$work/before" | cmp -s - "$work/after"
tell $? "--sandbox leaves the files of the state directory alone"
test -e "$work/state/sandbox/state.yaml" && test -e "$work/state/sandbox/sandbox.db"
tell $? "and keeps its own below it"

if [ "$(id -u)" = 0 ] && chown -R 65534 "$work/home"; then
    HOME=$work/home "$program" status --state-dir "$work/other" >"$work/out" 2>&1
    tell $(grep -c "$work/home" "$work/out") "as root the home of somebody else, which sudo leaves there, is not used"
else
    echo "ok - as root the home of somebody else is not used # SKIP not run as root"
fi
exit $failed
