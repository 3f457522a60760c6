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

ends "no test at all is a failure" "0 passed, 0 failed" 1 build
script tests/room/quick.test.sh "ok - one" "ok - two"
script tests/room/slow.long.sh "ok - slow"
script tests/room/helper.sh "not ok - never run"
script build/tests/room/module '[  PASSED  ] 3 test(s).'
script build/tests/room/module.long '[  PASSED  ] 40 test(s).'
ends "the check leaves out what is long" "5 passed, 0 failed" 0 build
ends "the long check runs only what is long" "41 passed, 0 failed" 0 --long build
ends "a word chooses some of them" "2 passed, 0 failed" 0 build quick
ends "a word chooses some of the long ones" "1 passed, 0 failed" 0 --long build slow

script tests/room/wrong.test.sh "ok - one" "not ok - two"
ends "what fails is counted and told in the exit status" "6 passed, 1 failed" 1 build
script tests/room/wrong.test.sh
ends "a test that tests nothing has failed" "5 passed, 1 failed" 1 build
printf '#!/bin/sh\necho "ok - one"\nkill -9 $$\n' >tests/room/wrong.test.sh
ends "a test that dies has failed, whatever it said before" "6 passed, 1 failed" 1 build

cat >faulty.c <<'EOF'
#include <stdlib.h>
int main(int argc, char **argv) { volatile char *here = malloc(2); (void)argv; return here[argc * 2] && 0; }
EOF
if ${CC:-cc} -g -fsanitize=address faulty.c -o faulty 2>told; then
    printf '#!/bin/sh\n./faulty 2>/dev/null\necho "ok - one"\n' >tests/room/wrong.test.sh
    ends "what a sanitizer finds in a program that a test starts is a failure" "6 passed, 1 failed" 1 build
else
    echo "ok - SKIP the sanitizers are not installed"
fi
exit $failed
