# The unattended run, killed at some call and run again; sourced with BUILD and here set.
#
#   undisturbed                     one run without a kill: what is compared with, and how many calls there are
#   killed fsync 40                 a run killed at its 40th fsync, then run again until it ends
. "$here/../support/sandbox.sh"
root=$(cd "$here/../.." && pwd)
ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"     # the search for leaks traces, too: only one can
export ASAN_OPTIONS

fresh() {
    stop
    rm -rf "$work/state" "$work/log"
    start --activation-seconds 0
    sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$root/assets/examples/config.yaml" >"$work/config.yaml"
}

apply() {
    "$@" "$BUILD/commerce-setup" apply "$root/assets/examples/answers.yaml" --token-file "$work/token" --wait \
        --config "$work/config.yaml" --state-dir "$work/state" >"$work/told" 2>&1
}

# The state without what differs from run to run: sum, generation, the numbers that the service gave. Sorted: a map keeps the
# order in which it was filled.
plain_state() {
    sed -e '/^# sha256/d' -e '/^generation:/d' -e 's/\(acc\|op\)_[0-9a-f]*/\1/' "$work/state/state.yaml" | sort
}

undisturbed() {
    fresh
    apply strace -o "$work/trace" -e trace=%file,%desc,%network || return 1
    plain_state >"$work/wanted"
}

calls() { grep -c "^$1(" "$work/trace"; }

# Whether the state is the undisturbed one, and the service did one activation; else both are shown.
is_whole() {
    plain_state | diff "$work/wanted" - && [ "$(grep -cE '^POST /v1/activation 2[0-9]+$' "$work/log")" = 1 ]
}

killed() {
    fresh
    apply strace -o /dev/null -e "inject=$1:signal=KILL:when=$2"
    [ $? -eq 137 ] || { echo "not ok - a run is killed at $1 number $2"; failed=1; return; }
    tries=1
    while apply env; status=$?; [ $status -ne 0 ] && [ $tries -lt 3 ]; do tries=$((tries + 1)); done
    if [ $status -eq 0 ] && is_whole >"$work/differs"; then
        echo "ok - killed at $1 number $2, the next run ends as one that nobody disturbed, with one activation"
    else
        echo "not ok - killed at $1 number $2, the next run ends as one that nobody disturbed, with one activation"
        sed 's/^/# /' "$work/told" "$work/differs"
        failed=1
    fi
}

# spread CALL COUNT: kills at COUNT calls of that name, from the first to nearly the last.
spread() {
    most=$(calls "$1") kill=0
    while [ $kill -lt "$2" ]; do
        killed "$1" $((1 + kill * most * 9 / 10 / $2))
        kill=$((kill + 1))
    done
}
