#!/bin/sh
# Whether the contract, assets/openapi/account-service.yaml, says all that the service does: what other tests asked and were
# answered, and what each operation answers to what is wrong with any request. How it is held stands in conformance.js.
#   conformance.test.sh BUILD_DIR
BUILD=$1
here=$(dirname "$0")
. "$here/../support/sandbox.sh"
. "$here/../support/node.sh"
node_prepare || skip "the contract held by an independent validator" "npm is not available"

mkdir "$work/recorded"
for script in contract sign-in switches; do
    RECORD=$work/recorded "$here/$script.test.sh" "$BUILD" >"$work/said" 2>&1 || sed 's/^/# /' "$work/said"
done
asked=conformance.js status=0
start --interval 0 --collection users
limited=$(sign_in openid) manager=$(sign_in commerce.manage)
NODE_EXTRA_CA_CERTS=$ca node "$here/conformance.js" "$here/../../assets/openapi/account-service.yaml" "$work/recorded" "$base" \
    "$token" "$limited" "$manager" 2>&1 || failed=1
finish
