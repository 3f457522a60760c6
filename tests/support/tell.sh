# How a test script tells what it found; sourced.
#
#   some_command; tell $? "a sentence that tells what holds"
#   ...
#   exit $failed
failed=0
tell() {
    if [ "$1" -eq 0 ]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        failed=1
    fi
}

# Count NUMBER towards the goal NAME of tests/goals.list.
#   count NAME NUMBER
count() { [ -z "${COUNTS:-}" ] || echo "count $1 $2" >>"$COUNTS"; }
