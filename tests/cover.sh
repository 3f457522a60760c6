#!/bin/sh
# Print the lines and branches of each module that the tests reached, from the counters under BUILD_DIR, and compare them with
# tests/cover.list. The exit status is 1 if a module is below its targets or has none.
#   tests/cover.sh BUILD_DIR                print the table
#   tests/cover.sh --prepare BUILD_DIR      before the tests: reset the counters
set -eu

# A child that has changed its user can write to counters that exist, but not create any.
if [ "$1" = --prepare ]; then
    find "$2" -name '*.gcda' -delete
    find "$2/src" -name '*.gcno' | while IFS= read -r notes; do
        : >"${notes%.gcno}.gcda"
        chmod a+rw "${notes%.gcno}.gcda"
    done
    exit 0
fi

build=$1
list=$(dirname "$0")/cover.list
for notes in "$build"/src/*/*.gcno; do
    gcov -n -b -o "$(dirname "$notes")" "$notes" 2>/dev/null
done | awk '
    # percent OF COUNT as gcov prints it: "Lines executed:97.50% of 40"
    function reached(text, part) { split(text, part, /[:%]| of /); total = part[4]; return part[2] * total / 100 }
    function percent(some, all) { return all ? 100 * some / all : 100 }
    function row(name, l, ls, b, bs, targets) {
        return sprintf("%-10s %6d %7.1f %% %8d %7.1f %%   %s", name, ls, percent(l, ls), bs, percent(b, bs), targets)
    }
    NR == FNR {
        if (!/^#/ && split($0, part, / *\| */) == 3) {
            order[++count] = part[1]
            lines_target[part[1]] = part[2]
            branches_target[part[1]] = part[3]
        }
        next
    }
    /^File / {
        module = ""
        if (match($0, /src\/[a-z]+\/[a-z_0-9]+\.c/) && !($0 in known)) {
            known[$0] = 1
            split(substr($0, RSTART), path, "/")
            module = path[2]
            if (!(module in lines_target) && !(module in untold))
                untold[module] = order[++count] = module
        }
    }
    module == "" { next }
    /^Lines executed/ { lines[module] += reached($0); all_lines[module] += total }
    /^Taken at least once/ { branches[module] += reached($0); all_branches[module] += total }
    END {
        printf "%-10s %6s %9s %8s %9s   %s\n", "Module", "lines", "reached", "branches", "reached", "target"
        for (i = 1; i <= count; i++) {
            name = order[i]
            targets = "none"
            low = 1
            if (name in lines_target) {
                targets = lines_target[name] ", " branches_target[name] " %"
                low = !all_lines[name] || percent(lines[name], all_lines[name]) < lines_target[name] ||
                    percent(branches[name], all_branches[name]) < branches_target[name]
            }
            print row(name, lines[name], all_lines[name], branches[name], all_branches[name], targets (low ? "  MISSED" : ""))
            missed += low
            l += lines[name]; ls += all_lines[name]; b += branches[name]; bs += all_branches[name]
        }
        print row("all", l, ls, b, bs, "")
        exit missed > 0
    }' "$list" -
