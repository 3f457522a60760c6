#!/bin/sh
# Every fault at every operation, those that take their time too: see faults.test.sh.
#   faults.long.sh BUILD_DIR
FAULTS=all exec "$(dirname "$0")/faults.test.sh" "$1"
