#!/bin/sh
# The web site in a real browser, as people use it; what is done there stands in browser.js. Skipped where Chromium or
# npm is not to be had.
#   browser.test.sh BUILD_DIR
BUILD=$1
here=$(dirname "$0")
. "$here/../support/sandbox.sh"
. "$here/../support/node.sh"
for program in chromium certutil; do
    command -v $program >/dev/null || skip "the web site in a browser" "$program is not installed"
done
node_prepare || skip "the web site in a browser" "npm is not available"
asked=browser.js status=0
start --interval 0

# A home in which the browser trusts the CA of the try-out service, and nothing else is kept.
home=$work/home
mkdir -p "$home/.pki/nssdb" "$work/profile"
certutil -d "sql:$home/.pki/nssdb" -N --empty-password
certutil -d "sql:$home/.pki/nssdb" -A -t C,, -n commerce-sandbox -i "$ca"
sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$here/../../assets/examples/config.yaml" >"$work/config.yaml"

NODE_EXTRA_CA_CERTS=$ca timeout -k 5 200 node "$here/browser.js" "$base" "$BUILD/commerce-setup" "$work" 2>&1 || failed=1
finish
