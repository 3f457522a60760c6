#!/bin/sh
# What the runner of the tests counts, and which it runs when.
set -u
run=$(cd "$(dirname "$0")/.." && pwd)/run.sh
. "$(dirname "$0")/../support/tell.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tests/room" "$work/build/tests/room"
cd "$work" || exit 1

# script NAME LINE...: a test that prints these lines.
script() {
    name=$1
    shift
    { echo '#!/bin/sh'; for line; do echo "echo '$line'"; done; } >"$name"
    chmod +x "$name"
}

# ends WHAT LINE STATUS ARGUMENTS: the runner's last line and its exit status.
ends() {
    what=$1 line=$2 status=$3
    shift 3
    "$run" "$@" >told 2>&1
    found=$?
    [ "$(tail -n 1 told)" = "$line" ] && [ $found -eq "$status" ]
    tell $? "$what"
}

ends "no test at all is a failure" "0 passed, 0 failed, 0 skipped" 1 build
script tests/room/quick.test.sh "ok - one" "ok - two"
script tests/room/slow.long.sh "ok - slow"
script tests/room/helper.sh "not ok - never run"
script build/tests/room/module '[  PASSED  ] 3 test(s).'
script build/tests/room/module.long '[  PASSED  ] 40 test(s).'
ends "the check leaves out what is long" "5 passed, 0 failed, 0 skipped" 0 build
ends "the long check runs only what is long" "41 passed, 0 failed, 0 skipped" 0 --long build
ends "a word chooses some of them" "2 passed, 0 failed, 0 skipped" 0 build quick
ends "a word chooses some of the long ones" "1 passed, 0 failed, 0 skipped" 0 --long build slow

script tests/room/wrong.test.sh "ok - one" "not ok - two"
ends "what fails is counted and told in the exit status" "6 passed, 1 failed, 0 skipped" 1 build
script tests/room/wrong.test.sh
ends "a test that tests nothing has failed" "5 passed, 1 failed, 0 skipped" 1 build
printf '#!/bin/sh\necho "ok - one"\nkill -9 $$\n' >tests/room/wrong.test.sh
ends "a test that dies has failed, whatever it said before" "6 passed, 1 failed, 0 skipped" 1 build

cat >faulty.c <<'EOF'
#include <stdlib.h>
int main(int argc, char **argv) { volatile char *here = malloc(2); (void)argv; return here[argc * 2] && 0; }
EOF
if ${CC:-cc} -g -fsanitize=address faulty.c -o faulty 2>told; then
    printf '#!/bin/sh\n./faulty 2>/dev/null\necho "ok - one"\n' >tests/room/wrong.test.sh
    ends "what a sanitizer finds in a program that a test starts is a failure" "6 passed, 1 failed, 0 skipped" 1 build
else
    echo "ok - what a sanitizer finds in a program that a test starts is a failure # SKIP the sanitizers are not installed"
fi
rm -f tests/room/wrong.test.sh
script tests/room/skips.test.sh "ok - three" "ok - four # SKIP no browser"
ends "test_a_skip_without_a_reason_fails_the_run" "6 passed, 0 failed, 1 skipped" 1 build
echo "room/skips.test.sh: four |" >tests/skipped.list
ends "test_a_skip_with_an_empty_reason_fails_the_run" "6 passed, 0 failed, 1 skipped" 1 build
echo "room/skips.test.sh: four | needs a browser" >tests/skipped.list
ends "test_a_skip_with_a_reason_is_counted_as_skipped" "6 passed, 0 failed, 1 skipped" 0 build
rm tests/room/skips.test.sh
script build/tests/room/module "[  PASSED  ] 3 test(s)." "[  SKIPPED ] 1 test(s), listed below:" "[  SKIPPED ] as_root"
ends "test_a_skip_of_cmocka_is_counted_as_skipped" "5 passed, 0 failed, 1 skipped" 1 build
echo "room/module: as_root | needs root" >tests/skipped.list
ends "test_a_skip_of_cmocka_with_a_reason_passes" "5 passed, 0 failed, 1 skipped" 0 build

printf "keys | 30 | 90 | keys typed\nlong | - | 5 | states loaded\n" >tests/goals.list
cat >tests/room/keys.test.sh <<'EOF'
#!/bin/sh
echo "ok - keys"
echo "count keys 20" >>"$COUNTS"
echo "count keys 10" >>"$COUNTS"
EOF
chmod +x tests/room/keys.test.sh
ends "test_a_goal_that_is_reached_passes" "6 passed, 0 failed, 1 skipped" 0 build
grep -qx "keys typed  *30  *30" told
tell $? "test_the_table_shows_what_is_required_and_reached"
ends "test_a_goal_of_the_long_tests_that_nobody_counts_fails_them" "41 passed, 0 failed, 0 skipped" 1 --long build
grep -qx "states loaded  *5  *0 MISSED" told
tell $? "test_the_table_shows_a_missed_goal"
sed -i "s/20/19/" tests/room/keys.test.sh
ends "test_a_goal_that_is_missed_fails_the_run" "6 passed, 0 failed, 1 skipped" 1 build
ends "test_a_run_with_a_filter_requires_no_goal" "1 passed, 0 failed, 0 skipped" 0 build keys
exit $failed
