#!/bin/sh
# Fuzz every parser of outside input: RUNS inputs for each target, from the seeds on.
#   RUNS=2000 SECONDS_EACH=40 parsers.sh
set -u
here=$(cd "$(dirname "$0")" && pwd) root=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/../support/tell.sh"
runs=${RUNS:-2000}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if ! printf '#include <stddef.h>\nint LLVMFuzzerTestOneInput(const char *d, size_t n) { return d && n > 9999; }\n' |
    clang -fsanitize=fuzzer,address -x c - -o "$work/probe" 2>/dev/null; then
    echo "ok - the parsers are fuzzed # SKIP clang with libFuzzer is not installed"
    count fuzz skipped
    exit 0
fi
env -u MAKEFLAGS make -s -C "$root" VARIANT=fuzz CC=clang CFLAGS=-Wno-error fuzz-programs >"$work/built" 2>&1 || { cat "$work/built"; exit 1; }

least=
for source in "$here"/*.c; do
    target=$(basename "$source" .c)
    mkdir "$work/$target"
    case $target in checklist | service)
        for file in "$root"/tests/cases/*/$target.yaml; do
            [ -e "$file" ] && cp "$file" "$work/$target/$(basename "$(dirname "$file")")"
        done ;;
    esac
    "$root/build/fuzz/$target" -runs="$runs" -seed=1 -max_len=4096 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$work/found-" "$work/$target" "$here/seeds/$target" >"$work/out" 2>&1
    status=$?
    done_runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/out")
    done_runs=${done_runs:-0}
    [ $status -eq 0 ] && [ "$done_runs" -ge "$runs" ]
    tell $? "test_fuzz_$target ($done_runs inputs)" || true
    [ $status -eq 0 ] || { tail -n 40 "$work/out"; for file in "$work"/found-*; do od -c "$file" | head -n 40; done; } | sed 's/^/# /'
    [ -n "$least" ] && [ "$least" -le "$done_runs" ] || least=$done_runs
done
count fuzz "$least"
exit $failed
