#!/bin/sh
# Does on the pages of tests/support/issuer.mjs what a person does in a browser: signs in, and approves a device or refuses it.
#
#   approve-oidc.sh ADDRESS CA CODE [approve|refuse|leave]     leave: gives up at the sign-in
set -eu
address=$1 ca=$2 code=$3 decision=${4:-approve}
base=${address%/device*}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# page ADDRESS [FORM MEMBER...]: what comes back lies in $work/page, where it leads to in $next.
page() {
    url=$1
    shift
    case $url in /*) url=$base$url ;; esac
    next=$(curl -sS --noproxy '*' --cacert "$ca" -b "$work/jar" -c "$work/jar" -o "$work/page" -w '%{redirect_url}' "$@" "$url")
}
hidden() { sed -n 's/.*name="xsrf" value="\([^"]*\)".*/\1/p' "$work/page" | head -n 1; }

page "$address"
xsrf=$(hidden)
page "$address" -d "xsrf=$xsrf" --data-urlencode "user_code=$code"
if [ "$decision" = refuse ]; then
    page "$address" -d "xsrf=$xsrf" --data-urlencode "user_code=$code" -d confirm=yes -d abort=yes
    exit 0
fi
page "$address" -d "xsrf=$xsrf" --data-urlencode "user_code=$code" -d confirm=yes
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$next" ] || break
    here=$next
    page "$here"
    case $here in */interaction/*) ;; *) continue ;; esac
    if grep -q 'value="login"' "$work/page"; then
        if [ "$decision" = leave ]; then page "$here/abort"; else page "$here" -d prompt=login -d login=ada -d password=x; fi
    else
        page "$here" -d prompt=consent
    fi
done
[ "$decision" = leave ] || grep -q 'Sign-in Success' "$work/page"
