#!/bin/sh
# As parsers.test.sh with 100 000 inputs for each parser.
RUNS=100000 exec "$(dirname "$0")/parsers.sh"
