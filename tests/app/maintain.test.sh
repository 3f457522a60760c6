#!/bin/sh
# Maintaining an account with one command each, against the real sandbox over TLS: what is asked before, what is told, what the
# service holds afterwards.
set -u
BUILD=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
case $BUILD in /*) ;; *) BUILD=$here/$BUILD ;; esac
. "$here/tests/support/sandbox.sh"
start --activation-seconds 0 --interval 0
printf 'service:\n  address: %s\n  ca_file: %s\nerp:\n  version: ax2012-r2\n  change_tracking_check: [echo, "1"]\n' "$base" "$ca" >"$work/config.yaml"
answers=$here/assets/examples/answers.yaml
setup() { timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state" >"$work/told" 2>"$work/err"; }
ends() { wanted=$1; shift; setup "$@"; [ $? = "$wanted" ]; }
told() { grep -qF -- "$1" "$work/told"; }
warned() { grep -qF -- "$1" "$work/err"; }
requests() { grep -c "^$1 " "$work/log"; }
status_is() { ask GET /v1/activation; has "\"status\":\"$1\""; }
sign_in() {
    "$BUILD/commerce-setup" sign-in --config "$work/config.yaml" --state-dir "$work/state" >"$work/told" 2>"$work/err" &
    signing=$!
    code=
    while kill -0 $signing 2>/dev/null && [ -z "$code" ]; do
        code=$(grep -oxE '[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}' "$work/told")
    done
    sh "$here/tests/support/approve.sh" "$base" "$ca" "$code"
    wait $signing
}
check "the sign-in is approved in a browser" sign_in
check "the account is set up and activated" ends 0 apply "$answers" --wait

check "without a name the actions are listed that are possible now" ends 0 do
check "each with what it does" told 'deactivate       Deactivate: The service stops'
check "but none that is not possible" sh -c "! grep -q reactivate '$work/told'"
check "as JSON too" ends 0 do --json
check "with their names" told '"action": "renew-token"'
check "an unknown action ends with 64" ends 64 do renew-tokne
check "and the nearest is named" warned 'Did you mean "renew-token"?'
check "what is not possible now ends with 64" ends 64 do reactivate

before=$(requests 'POST /v1/deactivation')
check "what stops the shop asks first, and ends with 64 when nobody says yes" ends 64 do deactivate
check "the question is told, and how to answer" warned '--confirm yes'
check "nothing was sent" equal "$(requests 'POST /v1/deactivation')" "$before"
check "with yes the account is deactivated" ends 0 do deactivate --confirm yes
check "and the service says so" status_is inactive
check "a second time there is nothing to deactivate" ends 64 do deactivate --confirm yes
check "it is activated again" ends 0 do reactivate --wait
check "and the service says so too" status_is active

check "the address of the web site is told" ends 0 do manage-online
check "alone in its line" grep -qxF "$base/account" "$work/told"
check "and in JSON" ends 0 do manage-online --json
check "as a member" told "\"address\": \"$base/account\""
check "when nothing was changed there that is told" ends 0 do compare
check "in a sentence" told 'no changes were found'
change_online() {
    ask GET /v1/account
    etag=$(header ETag)
    sed "s/\"organization\":\"[^\"]*\"/\"organization\":\"$1\"/" "$work/body" >"$work/changed"
    ask PUT /v1/account -H "If-Match: $etag" -H 'Content-Type: application/json' --data-binary "@$work/changed"
}
change_online Northwind
check "what was changed there is reported field by field, and ends with 4" ends 4 do compare
check "by its label" told 'Account information, Organization'
check "your answer" told '  Your answer: Contoso Outdoor'
check "and the value on the service" told '  On the service: Northwind'
check "and how to decide" told '--keep theirs'
check "as JSON too" ends 4 do compare --json
check "with both values" told '"mine": "Contoso Outdoor"'
check "theirs can be taken" ends 0 do compare --keep theirs
check "and nothing is announced to be sent" told 'Every value is chosen. Your answers now match the service.'
check "then nothing differs" ends 0 do compare
change_online Fabrikam
check "mine can be kept" ends 0 do compare --keep mine
check "then it is saved, and not sent yet" ends 2 plan
check "it is sent with everything that is saved" ends 0 do send-all
ask GET /v1/account
check "and the service has it" has '"organization":"Northwind"'

change_online Adatum
check "a conflict that is not decided keeps send-all from success" ends 4 do compare
check "and its status is that of the conflict" ends 4 do send-all
check "with both values" told '  On the service: Adatum'
check "as JSON too" ends 4 do send-all --json
check "with the field" told '"field": "account.organization"'
check "send-all decides with --keep mine" ends 0 do send-all --keep mine
ask GET /v1/account
check "and the service has your answer" has '"organization":"Northwind"'

check "the token is renewed" ends 0 do renew-token
check "after it was proven" told 'renewed, and proven'
check "it works" ends 0 do compare

name=$(grep -o 'organization: .*' "$work/state/state.yaml" | head -n 1 | cut -d' ' -f2- | tr -d '"')
before=$(requests 'POST /v1/disconnection')
check "what cannot be undone wants a name typed" ends 64 do disconnect
check "yes is not that name" ends 65 do disconnect --confirm yes
check "nor is it in small letters" ends 65 do disconnect --confirm "$(echo "$name" | tr 'A-Z' 'a-z')"
check "nothing was sent" equal "$(requests 'POST /v1/disconnection')" "$before"
check "with the name the account is disconnected" ends 0 do disconnect --confirm "$name"
check "and the sign-in is over" told 'Signed out'
check "every token of it is refused" sh -c "! grep -q access '$work/state/tokens.yaml'"
check "then nothing can be done without signing in" ends 77 do compare
check "the answers stay" ends 0 export
check "all of them" told "$name"
finish
