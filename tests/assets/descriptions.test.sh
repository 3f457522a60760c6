#!/bin/sh
# Every description that is shipped: read strictly, every question explained, and the examples of answers that go with them.
set -u
build=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
check() { what=$1; shift; if "$@"; then echo "ok - $what"; else echo "not ok - $what"; failed=1; return 1; fi; }
setup=$build/commerce-setup

for file in "$here"/assets/checklists/*.yaml "$here"/assets/services/*.yaml; do
    "$setup" lint "$file" >"$work/lint" 2>&1
    check "${file#"$here/assets/"} is good" [ $? = 0 ] || sed 's/^/# /' "$work/lint"
done
for checklist in "$here"/assets/checklists/*.yaml; do
    name=$(basename "$checklist" .yaml)
    printf 'checklist: %s\nservice:\n  address: http://127.0.0.1:1\nerp:\n  version: ax2012-r2\n' "$name" >"$work/config.yaml"
    "$setup" questions --config "$work/config.yaml" --json >"$work/questions"
    unexplained=$(jq -r '.[] | select(.help == null) | .name' "$work/questions")
    check "$name explains every question" [ -z "$unexplained" ] || echo "$unexplained" | sed 's/^/# /'
done
printf 'checklist: medusa\nservice:\n  address: http://127.0.0.1:1\n' >"$work/config.yaml"
MEDUSA_PASSWORD=x "$setup" plan "$here/assets/examples/medusa-answers.yaml" --config "$work/config.yaml" --state-dir "$work/state" >"$work/plan" 2>&1
check "the example of answers for Medusa answers every question that must be" [ $? != 65 ] || sed 's/^/# /' "$work/plan"
exit $failed
