#!/bin/sh
# Runs the test programs that were built under BUILD_DIR and the test scripts, and counts.
#
#       tests/run.sh BUILD_DIR [FILTER]        only those with FILTER in their path
#       tests/run.sh --long BUILD_DIR [FILTER] the long ones instead: scripts NAME.long.sh, programs NAME.long (from NAME.long.c)
#
# Programs are BUILD_DIR/tests/ROOM/NAME (cmocka). Scripts are tests/ROOM/NAME.test.sh; they are given BUILD_DIR and
# print "ok - what" and "not ok - what". Two run at a time, each with a limit and a folder for its files. The last line
# is "N passed, N failed"; 0 only if none failed and there was one.
set -u

limit_s=${LIMIT_S:-300}     # many times what the slowest needs; what hangs must not hang everything

# One program or script: its output, time and counts go to files beside each other.
run_one() {
    program=$1 build=$2 results=$3
    name=$(printf '%s' "$program" | tr '/' '_')
    TMPDIR=$(mktemp -d "$results/tmp.XXXXXX") || return 1
    # A sanitizer may speak in a program that a script starts and whose words nobody reads: it writes here as well.
    found=$results/$name.sanitizer
    export TMPDIR ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}log_path=$found" UBSAN_OPTIONS="log_path=$found:print_stacktrace=1"
    started=$(date +%s%N)
    case $program in
    *.sh) timeout -k 5 $limit_s "$program" "$build" ;;
    *) timeout -k 5 $limit_s "$program" ;;
    esac >"$results/$name.out" 2>&1 </dev/null
    status=$?
    took_ms=$((($(date +%s%N) - started) / 1000000))
    chmod -R u+rwX "$TMPDIR" 2>/dev/null
    rm -rf "$TMPDIR"
    case $program in
    *.sh)
        passed=$(grep -ac '^ok' "$results/$name.out")
        failed=$(grep -ac '^not ok' "$results/$name.out")
        ;;
    *)
        passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$results/$name.out" | tail -n 1)
        failed=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$results/$name.out" | tail -n 1)
        ;;
    esac
    passed=${passed:-0} failed=${failed:-0}
    # One that crashed, was stopped or tested nothing has failed, whatever it said before.
    if [ "$failed" -eq 0 ] && { [ $status -ne 0 ] || [ "$passed" -eq 0 ]; }; then
        failed=1
    fi
    for file in "$found".*; do
        [ -e "$file" ] || continue
        failed=$((failed + 1))
        cat "$file" >>"$results/$name.out"
    done
    [ $status -eq 124 ] && echo "stopped after $limit_s s" >>"$results/$name.out"
    echo "$passed $failed" >"$results/$name.count"
    {
        printf '%-44s %4d passed' "${program#"$build"/}" "$passed"
        [ "$failed" -eq 0 ] || printf ', %d FAILED (status %d)' "$failed" $status
        printf ' %7d.%02d s\n' $((took_ms / 1000)) $((took_ms % 1000 / 10))
        [ "$failed" -eq 0 ] || sed 's/^/    /' "$results/$name.out"
    } >"$results/$name.told"
    cat "$results/$name.told"       # at once, so that lines of two programs do not mix
}

if [ "${1:-}" = --one ]; then
    shift
    run_one "$@"
    exit 0
fi

wanted=check
if [ "${1:-}" = --long ]; then
    shift
    wanted=long
    export LIMIT_S=7200
fi
build=${1:?usage: tests/run.sh [--long] BUILD_DIR [FILTER]}
filter=${2:-}
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM HUP

{
    find "$build"/tests/*/ -maxdepth 1 -type f -perm -u+x 2>/dev/null
    find tests/*/ -maxdepth 1 -name '*.*.sh' -perm -u+x 2>/dev/null
} | sed 's|//|/|g' | sort | while IFS= read -r program; do
    case $program in
    *.long | *.long.sh) kind=long ;;
    *) kind=check ;;
    esac
    [ $kind = $wanted ] || continue
    # The filter does not look at BUILD_DIR: "san" would be all of build/san.
    case ${program#"$build"/} in
    *"$filter"*) printf '%s\0' "$program" ;;
    esac
done | xargs -0 -r -n 1 -P 2 sh -c 'exec "$0" --one "$3" "$1" "$2"' "$0" "$build" "$results"

passed=0 failed=0
for count in "$results"/*.count; do
    [ -e "$count" ] || continue
    read -r good bad <"$count"
    passed=$((passed + good)) failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
