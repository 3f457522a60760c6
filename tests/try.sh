#!/bin/sh
# make try: the checklist on the try-out service; by hand in a terminal, else unattended with the example answers.
set -eu
build=$1
here=$(cd "$(dirname "$0")/.." && pwd)
case $build in /*) ;; *) build=$here/$build ;; esac

work=$(mktemp -d)
sandbox=
trap '[ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null; rm -rf "$work"' EXIT INT TERM

if [ -t 0 ] && [ -t 1 ]; then
    status=0
    "$build/commerce-setup" --sandbox --config "$here/assets/examples/config.yaml" --state-dir "$work/state" || status=$?
    echo "That was the try-out: its service and its answers are gone with it."
    case $status in 3 | 130) status=0 ;; esac   # left before the end is no failure of make's
    exit $status
fi

"$build/commerce-sandbox" --issue-token "$work/token" --activation-seconds 3 >"$work/out" 2>"$work/err" &
sandbox=$!
until grep -q '^READY' "$work/out"; do
    kill -0 "$sandbox" 2>/dev/null || { cat "$work/out" "$work/err" >&2; exit 1; }
    sleep 0.1
done
address=$(sed -n 's/^READY //p' "$work/out")
ca=$(sed -n 's/^CA //p' "$work/out")
sed "s|^  address:.*|  address: $address\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >"$work/config.yaml"
setup() { "$build/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state"; }
setup apply "$here/assets/examples/answers.yaml" --token-file "$work/token" --wait
echo
echo "The plan after this run:"
setup plan "$here/assets/examples/answers.yaml" --token-file "$work/token"
