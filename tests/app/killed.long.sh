#!/bin/sh
# The same as killed.test.sh, at 200 moments.
set -u
BUILD=$1 here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/killed-run.sh"
undisturbed || { echo "not ok - the run ends with 0 when nobody disturbs it"; cat "$work/told"; exit 1; }
spread renameat 40
spread fsync 40
spread sendto 50
spread recvfrom 50
spread write 20
exit $failed
