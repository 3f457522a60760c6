#!/bin/sh
# The program is killed in the middle of renewing its sign-in: the next start is signed in. Some times; renewal.long.sh does it often.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
. "$(dirname "$0")/../support/killed.sh"
killed_renewals 40
