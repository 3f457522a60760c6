#!/bin/sh
# What is written is true: the README's commands, statuses and example, the map's rooms, the words of the descriptions.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
asked= status=
readme=$here/README.md

# Every word of a list is found by a command that is given it; those that are not are told.
each() {
    for word in $1; do
        eval "$2" || { missing=$word; return 1; }
    done
}

commands=$("$BUILD/commerce-setup" --help | sed -n '/^  apply/,/^$/p' | sed -n 's/^  \([a-z-]*\).*/\1/p')
check "every command of --help is in the README" each "$commands" 'grep -qE "^\| .commerce-setup.*$word" "$readme"'
documented=$(sed -n 's/^| `commerce-setup \([a-z-]*\).*/\1/p' "$readme")
check "every command of the README is in --help" each "$documented" 'echo "$commands" | grep -qx -- "$word"'
options=$(sed -n 's/^    {"\([a-z-]*\)", SETTING_.*/\1/p' "$here/src/app/options.c")
check "every option is told by --help" each "$options" '"$BUILD/commerce-setup" --help | grep -q -- "--$word"'
statuses=$(sed -n 's/^ends \([0-9]*\) .*/\1/p; s/^    ends \([0-9]*\) .*/\1/p' "$here/tests/app/statuses.test.sh" | sort -u)
check "every exit status that is frozen is in the README" each "$statuses" 'grep -qE "^\| ([0-9]+, )*$word(,| \|)" "$readme"'
rooms=$(cd "$here/src" && ls -d */ | tr -d /)
check "every room is on the map" each "$rooms" 'grep -qE "^\|.*\`$word\`" "$here/src/README.md"'
named=$(grep -oE '`[a-z]+/[a-z_]+\.[ch]`' "$here/src/README.md" | tr -d '\`' | sort -u)
check "every file that the map names is there" each "$named" 'test -e "$here/src/$word" || test -e "$here/include/$word"'
# The words are those that the program reads: the arrays of words of src/model that descriptions are held against.
words=$(sed -n '/_words\[\] = {/,/}/p' "$here"/src/model/checklist.c "$here"/src/model/checklist_step.c "$here"/src/model/checklist_field.c \
    "$here"/src/model/service.c "$here"/src/model/operation_read.c | grep -oE '"[a-z_-]+"' | tr -d '"' | sort -u)
check "every word that a description may have is explained" each "$words" 'grep -qE "\`$word(\`|:)|[{ ]$word:" "$here/assets/README.md"'
[ $failed = 0 ] || echo "# ${missing:-}"

# The example of the README, as it stands.
blocks() { awk -v wanted="$1" '/^```yaml/ { n++; on = n == wanted; next } /^```/ { on = 0 } on' "$readme"; }
blocks 1 >"$work/newsletter.yaml"
blocks 2 >"$work/newsletter-service.yaml"
start --collection newsletter
check "the README's checklist passes lint" "$BUILD/commerce-setup" lint "$work/newsletter.yaml"
check "and its service" "$BUILD/commerce-setup" lint "$work/newsletter-service.yaml"
printf 'checklist: %s/newsletter.yaml\nservice:\n  address: %s\n  ca_file: %s\n' "$work" "$base" "$ca" >"$work/config.yaml"
printf 'newsletter: {on: yes, day: Thursday}\n' >"$work/answers.yaml"
check "and works" timeout 60 "$BUILD/commerce-setup" apply "$work/answers.yaml" --config "$work/config.yaml" --state-dir "$work/state" --token-file "$work/token"
ask GET /v1/settings/newsletter
check "as it says" answer 200 '"on":true,"day":"thu"'
finish
