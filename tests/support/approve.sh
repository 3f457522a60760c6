#!/bin/sh
# Does in a browser's place what a person does: signs in to the try-out service and approves (or refuses) a device.
#
#   approve.sh BASE CA CODE [approve|refuse]      CA is "-" for plain http
#
# Ends with 0 when the last page says so, 1 otherwise.
set -eu
base=$1 ca=$2 code=$3 decision=${4:-approve}
jar=$(mktemp)
trap 'rm -f "$jar"' EXIT

page() {    # path, form members...: the page that comes back
    path=$1
    shift
    if [ "$ca" != - ]; then set -- --cacert "$ca" "$@"; fi
    curl -sS --noproxy '*' -b "$jar" -c "$jar" -H "Origin: $base" "$@" "$base$path"
}
hidden() {  # the value of the form's hidden member "form"
    sed -n 's/.*name="form" value="\([0-9a-f]*\)".*/\1/p' | head -n 1
}

form=$(page /sign-in | hidden)
page /sign-in --data-urlencode "form=$form" -d email=admin@contoso.example -d password=sandbox >/dev/null
form=$(page /device | hidden)
asked=$(page /device --data-urlencode "form=$form" --data-urlencode "user_code=$code")
case $asked in
*'name="decision"'*) ;;
*) exit 1 ;;    # a wrong code: there is nothing to decide
esac
form=$(echo "$asked" | hidden)
if [ "$decision" = approve ]; then said=Approved; else said=Refused; fi
page /device/decision --data-urlencode "form=$form" --data-urlencode "user_code=$code" -d "decision=$decision" |
    grep -q "<h1>$said</h1>"
