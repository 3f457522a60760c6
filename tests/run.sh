#!/bin/sh
# Run the test programs that were built under BUILD_DIR and the test scripts, and count the results.
#
#       tests/run.sh BUILD_DIR [FILTER]        only those with FILTER in their path
#       tests/run.sh --long BUILD_DIR [FILTER] the long ones instead: scripts NAME.long.sh, programs NAME.long (from NAME.long.c)
#
# Programs are BUILD_DIR/tests/MODULE/NAME (cmocka). Scripts are tests/MODULE/NAME.test.sh; they get BUILD_DIR and print
# "ok - WHAT", "not ok - WHAT" or "ok - WHAT # SKIP REASON". Two run at a time, each with a time limit and a directory for
# its files. The last line is "N passed, N failed, N skipped". The exit status is 0 only if no test failed, at least one
# passed, every skipped test is listed in tests/skipped.list, and every goal in tests/goals.list is reached.
#
# SAN_TESTS are further directories of programs to run, built with sanitizers under BUILD_DIR/san.
#
# A test appends "count NAME NUMBER" to the file $COUNTS for each goal that it contributes to; the table of goals is printed
# before the last line. With a filter the table has only the goals that were counted, and none is required.
set -u

limit_s=${LIMIT_S:-300}     # many times what the slowest needs; a hanging test must not hang the run

# Print the names of the skipped tests in the output of PROGRAM.
skips_of() {
    case $1 in
    *.sh) sed -n -e 's|^ok - \(.*\) # SKIP.*|\1|p' -e 's|^ok - SKIP|SKIP|p' "$2" ;;
    *) sed -n 's/^\[  SKIPPED \] \([A-Za-z_].*\)/\1/p' "$2" | sort -u ;;
    esac
}

# Print the number of tests in the summary LABEL of a cmocka program.
cmocka_count() { sed -n "s/^\[  $1 *\] \([0-9]*\) test.*/\1/p" "$2" | tail -n 1; }

# Run one program or script: its output, time and counts are written to files beside each other.
run_one() {
    program=$1 build=$2 results=$3
    name=$(printf '%s' "$program" | tr '/' '_')
    TMPDIR=$(mktemp -d "$results/tmp.XXXXXX") || return 1
    COUNTS=$results/$name.goals
    # A sanitizer may report in a program that a script starts and whose output nobody reads: it writes here as well.
    found=$results/$name.sanitizer
    export TMPDIR COUNTS ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}log_path=$found" UBSAN_OPTIONS="log_path=$found:print_stacktrace=1"
    started=$(date +%s%N)
    case $program in
    *.sh) timeout -k 5 $limit_s "$program" "$build" ;;
    *) timeout -k 5 $limit_s "$program" ;;
    esac >"$results/$name.out" 2>&1 </dev/null
    status=$?
    took_ms=$((($(date +%s%N) - started) / 1000000))
    chmod -R u+rwX "$TMPDIR" 2>/dev/null
    rm -rf "$TMPDIR"
    skips_of "$program" "$results/$name.out" >"$results/$name.skips"
    skipped=$(wc -l <"$results/$name.skips")
    case $program in
    *.sh)
        passed=$(($(grep -ac '^ok' "$results/$name.out") - skipped))
        failed=$(grep -ac '^not ok' "$results/$name.out")
        ;;
    *)
        passed=$(cmocka_count PASSED "$results/$name.out")
        failed=$(cmocka_count FAILED "$results/$name.out")
        ;;
    esac
    passed=${passed:-0} failed=${failed:-0}
    # A test that crashed, was stopped or tested nothing has failed, whatever it printed before.
    if [ "$failed" -eq 0 ] && { [ $status -ne 0 ] || [ $((passed + skipped)) -eq 0 ]; }; then
        failed=1
    fi
    for file in "$found".*; do
        [ -e "$file" ] || continue
        failed=$((failed + 1))
        cat "$file" >>"$results/$name.out"
    done
    case $program:$failed in
    "$build"/san/*:0) echo "count sanitized 1" >>"$COUNTS" ;;
    esac
    [ $status -eq 124 ] && echo "stopped after $limit_s s" >>"$results/$name.out"
    echo "$passed $failed $skipped" >"$results/$name.count"
    path=${program#"$build"/}
    variant=${path%%tests/*}
    path=${path#"$variant"tests/}
    sed "s|^|$path: |" "$results/$name.skips" >"$results/$name.skipped"
    {
        printf '%-44s %4d passed' "${variant}tests/$path" "$passed"
        [ "$failed" -eq 0 ] || printf ', %d FAILED (status %d)' "$failed" $status
        [ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
        printf ' %7d.%02d s\n' $((took_ms / 1000)) $((took_ms % 1000 / 10))
        [ "$failed" -eq 0 ] || sed 's/^/    /' "$results/$name.out"
    } >"$results/$name.report"
    cat "$results/$name.report"     # in one write, so that lines of two programs do not mix
}

# Report skipped tests that tests/skipped.list does not name; false if there are any.
check_skipped() {
    cat "$results"/*.skipped 2>/dev/null | sort -u >"$results/skipped"
    sed -n 's/^\([^#|][^|]*[^ |]\) *|.*[^ ].*/\1/p' tests/skipped.list 2>/dev/null | sort -u >"$results/listed"
    comm -23 "$results/skipped" "$results/listed" >"$results/unlisted"
    [ ! -s "$results/unlisted" ] && return 0
    echo
    echo "Skipped without a reason in tests/skipped.list:"
    sed 's/^/  /' "$results/unlisted"
    return 1
}

# Print the goals of tests/goals.list with what the tests counted; false if one is not reached in a run of all tests.
check_goals() {
    cat "$results"/*.goals >"$results/goals" 2>/dev/null
    [ -n "${SAN_TESTS:-}" ] || echo "count sanitized skipped" >>"$results/goals"
    [ -e tests/goals.list ] || return 0
    awk -v wanted="$wanted" -v filter="$filter" '
        FILENAME == ARGV[1] { if ($1 == "count") { if ($3 == "skipped") left[$2] = 1; else { got[$2] += $3; seen[$2] = 1 } } next }
        /^#/ || !NF { next }
        {
            split($0, part, / *\| */)
            need = wanted == "long" ? part[3] : part[2]
            if (need == "-" || (filter != "" && !(part[1] in seen)))
                next
            if (!lines++)
                printf "\n%-78s %10s %10s\n", "Goal", "required", "reached"
            short = got[part[1]] + 0 < need
            reached = got[part[1]] + 0
            if (part[1] in left && !(part[1] in seen))
                reached = "skipped"
            else if (short && filter == "") {
                reached = reached " MISSED"
                missed = 1
            }
            printf "%-78s %10d %10s\n", part[4], need, reached
        }
        END { if (lines) print ""; exit missed }' "$results/goals" tests/goals.list
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
    export LIMIT_S="${LIMIT_S:-7200}"   # of one program or script
fi
build=${1:?usage: tests/run.sh [--long] BUILD_DIR [FILTER]}
filter=${2:-}
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM HUP

{
    # Word splitting is intended: a list of directories.
    # shellcheck disable=SC2086
    find "$build"/tests/*/ ${SAN_TESTS:-} -maxdepth 1 -type f -perm -u+x 2>/dev/null
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

passed=0 failed=0 skipped=0
for count in "$results"/*.count; do
    [ -e "$count" ] || continue
    read -r good bad left <"$count"
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
done
complete=yes
check_skipped || complete=no
check_goals || complete=no
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ] && [ $complete = yes ]
