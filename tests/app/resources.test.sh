#!/bin/sh
# Commands end without an open descriptor, without a child process and, under valgrind, without a leak or another memory error.
#   resources.test.sh BUILD_DIR                 descriptors and children
#   VALGRIND=1 resources.test.sh BUILD_DIR      memory and descriptors
BUILD=$1 here=$(cd "$(dirname "$0")" && pwd)
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
. "$here/../support/sandbox.sh"
. "$here/../support/tell.sh"
root=$(cd "$here/../.." && pwd)
answers=$root/assets/examples/answers.yaml program=$BUILD/commerce-setup ends=0
mkdir "$work/seen"

start --activation-seconds 0 --faults 0 --interval 1
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$root/assets/examples/config.yaml" >"$work/config.yaml"
sed "s|^  address:.*|  address: https://127.0.0.1:1\n  ca_file: $ca|" "$root/assets/examples/config.yaml" >"$work/nobody.yaml"
echo rejected >"$work/rejected"

# watched COMMAND...: run it and write what it leaves to $work/seen. The program has a free() of its own, which valgrind has to replace.
if [ -n "${VALGRIND:-}" ]; then
    watched() {
        timeout 300 valgrind -q --soname-synonyms=somalloc=NONE --leak-check=full --errors-for-leak-kinds=definite --track-fds=yes \
            --child-silent-after-fork=yes --log-file="$work/seen/%p" "$@"
    }
else
    ${CC:-cc} -shared -fPIC -O1 "$here/../support/at_exit.c" -o "$work/at_exit.so" || exit 1
    # The sanitizer wants to be loaded first, which does not matter here.
    watched() {
        env AT_EXIT="$work/seen" LD_PRELOAD="$work/at_exit.so" ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" timeout -k 5 60 "$@"
    }
fi

# Whatever was left, without what was inherited and the standard streams, which valgrind lists as well.
left() {
    for file in "$work"/seen/*; do
        [ -e "$file" ] && awk '
            / Open (file descriptor|AF_[A-Z]* socket)/ { open = $0; next }
            open { if (!/<inherited from parent>/) print open; open = ""; next }
            /FILE DESCRIPTORS:|^==[0-9]*== *$/ { next }
            { print }' "$file"
    done
}

# leaves_nothing STATUS WHAT COMMAND...
leaves_nothing() {
    wanted=$1 what=$2
    shift 2
    rm -f "$work"/seen/*
    watched "$program" "$@" --state-dir "$work/state" >"$work/told" 2>&1
    got=$?
    left >"$work/left"
    [ $got -eq "$wanted" ] && [ -n "$(ls "$work/seen")" ] && [ ! -s "$work/left" ]
    tell $? "test_${what}_leaves_nothing" || true
    if [ $got -eq "$wanted" ] && [ ! -s "$work/left" ]; then ends=$((ends + 1)); else { cat "$work/left"; echo "status $got"; tail -n 20 "$work/told"; } | sed 's/^/# /'; fi
}

config="--config $work/config.yaml" signed="--token-file $work/token"
# shellcheck disable=SC2086
{
    leaves_nothing 77 rejected_token plan "$answers" $config --token-file "$work/rejected"
    leaves_nothing 69 no_service plan "$answers" --config "$work/nobody.yaml" $signed
    leaves_nothing 2 plan plan "$answers" $config $signed
    leaves_nothing 0 apply apply "$answers" --wait $config $signed
    leaves_nothing 0 second_apply apply "$answers" --wait $config $signed
    leaves_nothing 0 check check $config
    leaves_nothing 0 status status --refresh $config $signed
    leaves_nothing 0 export export $config
    leaves_nothing 0 questions questions $config
    leaves_nothing 0 lint lint "$root/assets/checklists/commerce-services.yaml"
    leaves_nothing 78 invalid_description lint "$root/assets/examples/answers.yaml"
    rm -r "$work/state"
    printf 'check\n\nrun\nrun\nback\nquit\ny\n' >"$work/typed"
    leaves_nothing 3 line_mode --line $config $signed <"$work/typed"
}
count resources "$ends"
exit $failed
