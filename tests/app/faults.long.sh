#!/bin/sh
# Each failure once, every second time and always, at each operation, by plan, status --refresh and apply, with a new and a used
# state directory, as text and as JSON: see faults.test.sh. About 17 000 combinations, 4 to 6 a second on two cores; most of the
# time of the slow failures is waiting, so more sandboxes run side by side than there are cores.
FAULTS=all LANES=${LANES:-8} exec "$(dirname "$0")/faults.test.sh" "$1"
