#!/bin/sh
# The proofs of tests/store/faults.c and power.c with greater numbers.
set -u
. tests/support/tell.sh
"$1/tests/store/faults" all
tell $? "20000 storage faults: every call of a save, every error; no acknowledged answer is lost"
"$1/tests/store/power" 50000
tell $? "50000 states of the disk after a power cut load, and no acknowledged answer is missing"
exit $failed
