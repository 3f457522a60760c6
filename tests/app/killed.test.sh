#!/bin/sh
# An unattended run that dies at any moment: run again, it ends as if nothing had been, and the account is activated once.
set -u
BUILD=$1 here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/killed-run.sh"
undisturbed || { echo "not ok - the run ends with 0 when nobody disturbs it"; cat "$work/told"; exit 1; }
killed renameat $(($(calls renameat) / 2))
killed sendto $(($(calls sendto) / 3))
killed sendto $(($(calls sendto) * 2 / 3))
killed fsync $(($(calls fsync) * 9 / 10))
killed recvfrom $(($(calls recvfrom) * 9 / 10))
exit $failed
