#!/bin/sh
# The switches of commerce-sandbox, each with what it is for.
#   switches.test.sh BUILD_DIR
BUILD=$1
here=$(dirname "$0")
. "$here/../support/sandbox.sh"
asked=commerce-sandbox status=0
: >"$work/body"

check "--help tells every switch" sh -c "'$BUILD/commerce-sandbox' --help | grep -q -e --activation-seconds"
check "--version tells a version" sh -c "'$BUILD/commerce-sandbox' --version | grep -qx 'commerce-sandbox [0-9.]*'"
wrong() {
    "$BUILD/commerce-sandbox" "$@" >"$work/body" 2>&1 </dev/null
    status=$?
}
for option in --nothing --port=x --port=65536 --seed-categories=1000001 --refuse=sometimes --collection=A/B extra; do
    wrong $option
    check "$option is a usage error" is 64
done

fill() {    # all that an activation needs
    put /v1/account '{"organization":"Contoso","legal_entity":"USMF","contact_name":"Ada","email":"ada@contoso.example",
        "phone":"425-555-0100","address":{"street":"1 Main St","city":"Redmond","state":"WA","zip":"98052","country":"US"},
        "time_zone":"America/Los_Angeles","currency":"USD","environment":"test"}'
    put /v1/chosen-payment-providers/givex '{"credentials":{"user_id":"1","password":"2"}}'
    put /v1/payment-method-assignments '{"assignments":{"gift-card":"givex"}}'
    put /v1/shipping-methods/G '{"carrier":"UPS","service":"Ground","name":"Ground","charge":"0","regions":["US"],"enabled":true}'
    put /v1/sales-tax '{"computed_by":"provider","rates":[]}'
}
activate() { post /v1/activation '{"change_tracking":true}'; }

start --db "$work/data" --tls "$work/tls" --refuse setting-up:once --refuse running:once --activation-seconds 1000 \
    --ready-file "$work/ready.txt"
check "--ready-file holds the READY lines" grep -qx "READY $base" "$work/ready.txt"
check "--tls keeps the CA in its folder" test "$ca" = "$work/tls/ca.pem"
check "the key of the certificate is for its owner only" equal "$(stat -c %a "$work/tls/server-key.pem")" 600
check "only the loopback interface is listened on" sh -c \
    "grep -qE \" 0100007F:$(printf %04X "${base##*:}") 00000000:0000 0A \" /proc/net/tcp"
fill
activate
check "--refuse setting-up answers 503" answer 503 '/setting-up"'
check "with Retry-After" head_has '^Retry-After: '
activate
check "--refuse running answers 409" answer 409 '/already-running"'
activate
check ":once refuses once" is 202
activate
check "while one activation runs, another is refused" answer 409 '/already-running"'
ask GET /v1/activation
check "--activation-seconds makes it take its time" answer 200 '"status":"pending"'
cp "$ca" "$work/first-ca"
stop
start --db "$work/data" --tls "$work/tls" --refuse change-tracking
ask GET /v1/activation
check "--db keeps the data, and the activation goes on" answer 200 '"status":"pending"'
check "the certificate is used again" cmp -s "$ca" "$work/first-ca"
activate
check "--refuse change-tracking answers 409" answer 409 '/change-tracking-off"'
activate
check "for ever" answer 409 '/change-tracking-off"'
stop

start --plain --activation-seconds 0 --activation-fail 'No merchant agreement.' --seed-categories 7 --seed 5 \
    --seed-attributes 11
check "--plain speaks http" equal "${base%%:*}" http
fill
activate
ask GET "$(header Location)"
check "--activation-fail fails with its reason" answer 200 '"status":"failed"' '"detail":"No merchant agreement."'
ask GET /v1/activation
check "and the activation stays failed" answer 200 '"status":"failed"' '"detail":"No merchant agreement."'
activate
check "it may be tried again" is 202
ask GET /v1/category-hierarchies/retail-products/categories
check "--seed-categories sets the size of the largest hierarchy" answer 200 '"total":7'
ask GET /v1/marketplaces/etsy/attributes
check "--seed-attributes says how many attributes a marketplace has at most" answer 200 '"total":11'
stop

start --plain --activation-seconds 0 --activation-percent 40
fill
activate
where=$(header Location)
ask GET "$where"
check "--activation-percent keeps an activation under way, at that" answer 200 '"status":"running"' '"percent":40'
post /v1/deactivation '{}'
ask GET "$where"
check "until it is taken back" answer 200 '"status":"failed"' 'deactivated meanwhile'
stop

start --token-seconds 0 --code-seconds 0 --interval 0
plain_ask POST /oauth/device_authorization -d client_id=commerce-setup
device=$(member device_code)
check "--code-seconds and --interval are told to the device" answer 200 '"expires_in":0' '"interval":0'
plain_ask POST /oauth/token -d client_id=commerce-setup -d "device_code=$device" \
    -d grant_type=urn:ietf:params:oauth:grant-type:device_code
check "a code that is too old has expired" answer 400 '"error":"expired_token"'
ask GET /v1/me
check "--token-seconds does not shorten the token that was issued" is 200
folder=${ca%/ca.pem}
stop
check "the folder of the certificate is gone with the program" test ! -e "$folder"

mkfifo "$work/life"
"$BUILD/commerce-sandbox" --parent-exits <"$work/life" >"$work/body" &
pid=$!
exec 3>"$work/life"
exec 3>&-
wait "$pid"
check "--parent-exits ends with its standard input" equal $? 0
pid=
finish
