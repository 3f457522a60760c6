#!/bin/sh
# What is told of a description that is wrong: every fault at once, in the order of its lines, each with the line itself, a
# caret under the place, and the nearest right word. And of an answers file.
set -u
build=$1
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
cd "$work" || exit 1

# told "sentence" STATUS: what is on standard input was said, word for word.
told() {
    cat >wanted
    if [ "$found" = "$2" ] && diff wanted said >difference; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        sed 's/^/# /' difference
        failed=1
    fi
}
lint() {
    "$build/commerce-setup" lint "$1" 2>said >&2
    found=$?
}

sed -e 's/kind: email/kind: emial/' -e 's/choices: us-time-zones/choices: us-time-zone/' -e 's/load: \[get-account\]/load: [get-acount]/' \
    -e 's/erp.version: ax2012-r2/erp.verison: ax2012-r2/' -e 's/^  title: Sales tax/  titel: Sales tax/' \
    "$here/assets/checklists/commerce-services.yaml" >wrong.yaml
sed '/^- id: sales-tax/,/^$/s/titel/title/' wrong.yaml >without-title.yaml
line() { grep -n -- "$1" without-title.yaml | cut -d: -f1; }
lint without-title.yaml
told "unknown words and names that hang in the air are told together" 78 <<END
without-title.yaml:$(line 'get-acount'):10: "get-acount" is not an operation of the service. Did you mean "get-account"?
      load: [get-acount]
             ^
without-title.yaml:$(line 'emial'):11: "emial" is not a word for "kind". Did you mean "email"?
        kind: emial
              ^
without-title.yaml:$(line 'choices: us-time-zone$'):14: "us-time-zone" is not a set of choices that the checklist lists or the service offers. Did you mean "us-time-zones"?
        choices: us-time-zone
                 ^
without-title.yaml:$(line 'erp.verison'):10: "erp.verison" is not a field, a name of the configuration or something that is kept. Did you mean "erp.version"?
      when: {erp.verison: ax2012-r2}
             ^
END

sed -e 's/^idempotency: key/idempotency: yes/' -e 's/^match: etag/mach: etag/' -e 's|version: {request: GET /v1, at: /version|version: {request: GET /v1, at: version|' \
    "$here/assets/services/commerce-services.yaml" >service.yaml
line() { grep -n -- "$1" service.yaml | cut -d: -f1; }
lint service.yaml
told "so it is with a service" 78 <<END
service.yaml:$(line '^version'):33: "at" must be a JSON pointer. Write /member, /member/inner, or "" for the whole.
    version: {request: GET /v1, at: version, accept: ["1.0"]}
                                    ^
service.yaml:$(line '^mach'):1: "mach" is not a word of a service. Did you mean "match"?
    mach: etag
    ^
service.yaml:$(line '^idempotency'):14: "yes" is not a word for "idempotency". Did you mean "key"?
    idempotency: yes
                 ^
END

printf 'checklist: x\ntitle: [X\n' >broken.yaml
lint broken.yaml
told "what is no YAML is told with its place" 78 <<END
$(sed -n 1,3p said)
END
grep -q '^broken.yaml:[23]:[0-9]*: this is not valid YAML' said && echo "ok - as such" || { echo "not ok - as such"; failed=1; }

services=$here/assets/services
lint "$here/assets/checklists/commerce-services.yaml"
told "a good checklist has no errors and no warnings, and both files are named" 0 <<END
$here/assets/checklists/commerce-services.yaml: no errors
$services/commerce-services.yaml: no errors
END
lint "$here/assets/checklists/medusa.yaml"
told "so has the one for Medusa" 0 <<END
$here/assets/checklists/medusa.yaml: no errors
$services/medusa.yaml: no errors
END

cat >shop.yaml <<END
checklist: shop
title: A shop
service: ./shop-service.yaml
steps:
- id: store
  section: Shop
  title: Store
  load: [get]
  save: [put]
  fields:
  - {name: store.name, label: Name, kind: text}
END
cat >shop-service.yaml <<END
service: shop
operations:
  get: {request: GET /store, keep: {store.name: /name}}
  put:
    request: PUT /store
    headers: {Authorization: Basic \$store.name}
    send: {name: \$store.name}
  old: {request: GET /old}
END
cat >warnings <<END
./shop-service.yaml:6:30: warning: "Basic \$store.name" is sent as it is written: a \$name inside a text is not replaced. Write the \$name alone, or \$\$ for a text that starts with \$.
        headers: {Authorization: Basic \$store.name}
                                 ^
./shop-service.yaml:8:8: warning: the operation "old" is not used by the checklist. Remove it, or add it to "load", "save" or "run".
      old: {request: GET /old}
           ^
END
lint shop.yaml
told "warnings have file, line and column, and do not change the exit status" 0 <<END
$(cat warnings)
shop.yaml: no errors
./shop-service.yaml: no errors, 2 warnings
END
"$build/commerce-setup" lint shop.yaml --strict 2>said >/dev/null
found=$?
told "with --strict they do" 78 <warnings
"$build/commerce-setup" lint shop.yaml --json 2>&1 >/dev/null | head -n 1 >said
found=0
grep -q '"severity":"warning"' said && echo "ok - JSON gives the severity" || { echo "not ok - JSON gives the severity"; failed=1; }

sed -e 's/^  city:/  citty:/' -e 's/zip: .*/zip: "9805"/' -e 's/country: US/country: DE/' -e 's/charge: "7.95"/charge: a lot/' \
    "$here/assets/examples/answers.yaml" >answers.yaml
"$build/commerce-setup" plan answers.yaml --config "$here/assets/examples/config.yaml" --state-dir "$work/state" 2>said >&2
found=$?
line() { grep -n -- "$1" answers.yaml | cut -d: -f1; }
told "all faults of answers are told at once, before anybody is asked" 65 <<END
answers.yaml:10:3: account.city: City is missing. Give any text.
answers.yaml:$(line citty):3: there is no question "account.citty". Did you mean "account.city"?
answers.yaml:$(line 9805):8: account.zip: "9805" is not a ZIP code. Give 5 digits, or 5 digits, a dash and 4 digits.
answers.yaml:$(line 'country: DE'):12: account.country: "DE" is not one of the choices. Accounts exist for companies in the United States only.
answers.yaml:$(line 'a lot'):13: shipping.methods.charge, row GROUND: "a lot" is not an amount. Give an amount with up to two decimals, such as 7.95.
END
exit $failed
