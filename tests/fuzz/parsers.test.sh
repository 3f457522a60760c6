#!/bin/sh
# A few thousand inputs for each parser; parsers.long.sh has more.
RUNS=2000 exec "$(dirname "$0")/parsers.sh"
