#!/bin/sh
# Print the lines and branches of each module that the tests reached, from the counters under BUILD_DIR, and compare them with
# the target. The exit status is 1 if a module is below the target.
#   tests/cover.sh BUILD_DIR LINES_PERCENT BRANCHES_PERCENT
set -eu
build=$1
for notes in "$build"/src/*/*.gcno; do
    gcov -n -b -o "$(dirname "$notes")" "$notes" 2>/dev/null
done | awk -v lines_target="$2" -v branches_target="$3" '
    # percent OF COUNT as gcov prints it: "Lines executed:97.50% of 40"
    function reached(text, part) { split(text, part, /[:%]| of /); total = part[4]; return part[2] * total / 100 }
    function percent(some, all) { return all ? 100 * some / all : 100 }
    function print_module(name, l, ls, b, bs) {
        low = percent(l, ls) < lines_target || percent(b, bs) < branches_target
        printf "%-10s %6d %7.1f %% %8d %7.1f %%%s\n", name, ls, percent(l, ls), bs, percent(b, bs), low ? "  below the target" : ""
        return low
    }
    /^File / {
        module = ""
        if (match($0, /src\/[a-z]+\/[a-z_0-9]+\.c/) && !($0 in known)) {
            known[$0] = 1
            split(substr($0, RSTART), path, "/")
            module = path[2]
            modules[module] = 1
        }
    }
    module == "" { next }
    /^Lines executed/ { lines[module] += reached($0); all_lines[module] += total }
    /^Taken at least once/ { branches[module] += reached($0); all_branches[module] += total }
    END {
        printf "%-10s %6s %9s %8s %9s\n", "Module", "lines", "reached", "branches", "reached"
        count = split("base yaml json loop model core tui line batch store service app sandbox", order, " ")
        for (i = 1; i <= count; i++) {
            name = order[i]
            if (!(name in modules))
                continue
            below += print_module(name, lines[name], all_lines[name], branches[name], all_branches[name])
            l += lines[name]; ls += all_lines[name]; b += branches[name]; bs += all_branches[name]
        }
        print_module("all", l, ls, b, bs)
        printf "%-10s %6s %7.1f %% %8s %7.1f %%\n", "target", "", lines_target, "", branches_target
        exit below > 0
    }'
