#!/bin/sh
# The core decides and does nothing else: whatever its archive calls outside itself is in the rooms below that do no input or
# output either, or one of a few functions of the C library that only compute.
set -u
case $1 in /*) build=$1 ;; *) build=$PWD/$1 ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
status=0

computing='calloc|free|memchr|memcmp|memcpy|memmove|memset|strchr|strcmp|strcspn|strlen|strncmp|strrchr|strspn|strstr|strtol|strtoll'
computing="$computing|__isoc23_strtol|__isoc23_strtoll|gmtime_r|strftime|qsort|bsearch|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
computing="$computing|__mem(cpy|move|set)_chk|__(asan|ubsan|sanitizer|gcov)_.*|__afl.*"

defined() { nm --defined-only "$@" 2>/dev/null | sed -n 's/^[0-9a-f]* [A-Z] //p'; }

# What others must not do for it: base/file reads files, base/mem ends the program when memory is gone.
for archive in base model json; do
    (cd "$work" && ar x "$build/$archive.a" && for object in *.o; do mv "$object" "$archive-$object.kept"; done) || exit 1
done
rm -f "$work"/base-file.o.kept "$work"/json-file.o.kept
defined "$build/core.a" "$work"/*.kept | sort -u >"$work/ours"
nm --undefined-only "$build/core.a" | sed -n 's/^ *[UwV] //p' | sort -u | comm -23 - "$work/ours" | grep -vxE "$computing" >"$work/beyond"
if [ ! -s "$work/beyond" ] && grep -qx wizard_update "$work/ours"; then
    echo "ok - the core calls nothing that reads, writes, waits or asks the time"
else
    echo "not ok - the core calls nothing that reads, writes, waits or asks the time"
    sed 's/^/# it calls /' "$work/beyond"
    status=1
fi

# The test sees it when it is not so.
printf '#include <time.h>\nlong now(void);\nlong now(void) { return (long)time(0); }\n' >"$work/clock.c"
cc -c "$work/clock.c" -o "$work/clock.o" && nm --undefined-only "$work/clock.o" | sed -n 's/^ *[UwV] //p' | grep -vxE "$computing" | grep -qx time
if [ $? -eq 0 ]; then echo "ok - a clock would be seen"; else echo "not ok - a clock would be seen"; status=1; fi
exit $status
