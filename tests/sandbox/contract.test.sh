#!/bin/sh
# The resources of the account service, asked over HTTPS, and whether the contract says what the service does.
#   contract.test.sh BUILD_DIR
BUILD=$1
here=$(dirname "$0")
. "$here/../support/sandbox.sh"
json="Content-Type: application/json"

# --- the contract -------------------------------------------------------------------------------------------------

# The operations of the OpenAPI file with their statuses, as --routes prints them.
documented() {
    awk '
        /^components:/ { exit }
        /^  \/[^ ]*:$/ { path = substr($1, 1, length($1) - 1) }
        /^    (get|put|post|delete|patch):$/ { if (line) print line; line = toupper(substr($1, 1, length($1) - 1)) " " path }
        /^        "[0-9][0-9][0-9]":/ { line = line " " substr($1, 2, 3) }
        END { print line }' "$here/../../assets/openapi/account-service.yaml"
}
documented | sort >"$work/documented"
"$BUILD/commerce-sandbox" --routes | sort >"$work/served"
asked=--routes status=0
diff "$work/documented" "$work/served" >"$work/body"
check "every address and status that is served is in the contract, and the other way round" \
    cmp -s "$work/documented" "$work/served"

start --activation-seconds 0 --seed-categories 1000000 --collection users

# --- what holds everywhere ----------------------------------------------------------------------------------------

plain_ask GET /v1
check "the service tells its name and versions without a token" \
    answer 200 '"service":"commerce-services"' '"version":"1.0"' '"versions":["1"]'
check "answers carry a Date" head_has '^Date: '
plain_ask GET /v1 -H 'X-Request-Id: abc-123'
check "X-Request-Id is echoed" equal "$(header X-Request-Id)" abc-123
plain_ask GET /v1/me
check "without a token the answer is 401 with WWW-Authenticate and a problem" is 401
check "the problem is application/problem+json" head_has '^Content-Type: application/problem+json'
check "WWW-Authenticate says Bearer" head_has '^WWW-Authenticate: Bearer'
plain_ask GET /v1/me -H 'Authorization: Bearer 0000'
check "a wrong token is called invalid_token" head_has 'invalid_token'
ask GET /v1/me
check "a token tells user and account" answer 200 '"user":"admin@contoso.example"' '"account":"acc_' '"name":"'
etag=$(header ETag)
check "everything that is read has a strong ETag" equal "$(echo "$etag" | cut -c1)" '"'
ask GET /v1/me -H "If-None-Match: $etag"
check "who has it already gets 304" is 304
ask HEAD /v1/me
check "HEAD is answered where GET is" is 200
ask GET /v1/nothing
check "an unknown address is 404" is 404
ask DELETE /v1/me
check "a wrong method is 405" is 405
check "405 names the right ones" head_has '^Allow: GET, HEAD'
ask GET /v1/me -H 'Host: evil.example'
check "a foreign Host is refused with 421" is 421
head -c 70000 /dev/zero | tr '\0' ' ' >"$work/large"
ask PUT /v1/account -H "$json" -H 'If-Match: "v0"' --data-binary "@$work/large"
check "a body over 64 KiB is 413" is 413
ask PUT /v1/account -H "$json" -H 'If-Match: "v0"' -H 'Transfer-Encoding: chunked' --data-binary "@$work/large"
check "so is one whose length was not told" is 413
ask PUT /v1/account -H "$json" -H 'If-Match: "v0"' -H 'Expect: 100-continue' --data-binary "@$work/large"
check "who asks first is told before sending it" is 413
ask GET /v1/me -H "X-Long: $(head -c 17000 "$work/large" | tr ' ' x)"
check "headers over 16 KiB are 431" is 431

# --- changes ------------------------------------------------------------------------------------------------------

address='{"street":"1 Main St","city":"Redmond","state":"WA","zip":"98052","country":"US"}'
account='{"organization":"Contoso","legal_entity":"USMF","contact_name":"Ada","email":"ada@contoso.example",
"phone":"(425) 555-0100","address":'$address',"time_zone":"America/Los_Angeles","currency":"USD","environment":"test"}'
ask GET /v1/account
check "an account is there from the start, with nothing in it but the country" \
    answer 200 '"organization":null' '"zip":null,"country":"US"'
etag=$(header ETag)
ask PUT /v1/account -H "$json" -d "$account"
check "a change without If-Match is 428" is 428
ask PUT /v1/account -H "$json" -H 'If-None-Match: *' -d "$account"
check "If-None-Match: * on what exists is 412" is 412
ask PUT /v1/account -H "$json" -H "If-Match: $etag" -d "$account"
check "a change with the right ETag is done" answer 200 '"organization":"Contoso"'
ask PUT /v1/account -H "$json" -H "If-Match: $etag" -d "$account"
check "a change with a stale ETag is 412" is 412
ask PUT /v1/account -H "$json" -H 'If-Match: *' -d '{"organization":'
check "what is not JSON is 400" is 400
ask PUT /v1/account -H 'Content-Type: text/plain' -H 'If-Match: *' -d "$account"
check "what does not call itself JSON is 415" is 415
put /v1/account '{"organization":"","x~/y":1,"email":3,"address":{"zip":"9805","state":"ZZ"},"environment":"live"}'
check "all faults of a body are told at once, each with a pointer" answer 422 '"/organization"' '"/x~0~1y"' '"/email"' \
    '"/address/zip"' '"/address/state"' '"/address/city"' '"/environment"' '"/phone"'
put /v1/account "$(echo "$account" | sed 's/America.Los_Angeles/Europe\/Paris/; s/ada@contoso.example/ada/; s/USD/usd/')"
check "time zone, e-mail and currency are looked at" answer 422 '"/time_zone"' '"/email"' '"/currency"'
check "and nothing else is found wrong" lacks '"/phone"'

# --- lists --------------------------------------------------------------------------------------------------------

ask GET /v1/states
check "there are 50 states and the District of Columbia" answer 200 '"total":51' '{"id":"WA","name":"Washington"}'
ask GET '/v1/states?page_size=2'
check "a list comes in pages" answer 200 '"total":51' '"AL"' '"AK"'
next=$(header Link | sed 's/^<\(.*\)>; rel="next"$/\1/')
ask GET "$next"
check "Link leads to the next page" answer 200 '"AZ"' '"AR"'
ask GET '/v1/states?q=nEw&page_size=3'
check "q searches names, whatever their case" answer 200 '"total":4' 'New Hampshire'
ask GET '/v1/states?page_size=0'
check "a page size that is none is 400" is 400
ask GET '/v1/states?cursor=zz'
check "a cursor that is none is 400" is 400
ask GET '/v1/category-hierarchies'
check "there are four hierarchies" answer 200 '"total":4' '"retail-products"'
big=/v1/category-hierarchies/retail-products/categories
ask GET "$big?page_size=1"
check "the largest has as many categories as was asked for" answer 200 '"total":1000000' '"parent":null'
ask GET "$big?q=quilted+cashmere+pillows"
check "a million categories are searched, each word counting" answer 200 '"total":1' '"name":"Quilted Cashmere Pillows"'
ask GET "$big?q=cat-0999999"
check "by id too" answer 200 '"total":1' '"id":"cat-0999999"'
ask GET /v1/category-hierarchies/none/categories
check "an unknown hierarchy is 404" is 404
ask GET /v1/attributes
check "there are 300 product attributes" answer 200 '"total":300'
ask GET /v1/marketplaces
check "marketplaces tell how many attributes they have" answer 200 '"id":"ebay"' '"attributes":300' '"attributes":20000' \
    '"attributes":2000}'
ask GET '/v1/marketplaces/amazon/attributes?page_size=1000'
check "Amazon has 20000" answer 200 '"total":20000'
ask GET /v1/charge-codes
check "there are 40 charge codes" answer 200 '"total":40'

# --- payment ------------------------------------------------------------------------------------------------------

ask GET /v1/payment-providers
check "eight providers tell which credentials they want" answer 200 '"total":8' '"label":"Client secret","required":true,"secret":true'
ask GET /v1/payment-methods
check "there are twelve payment methods" answer 200 '"total":12' '"id":"visa"' '"id":"gift-card"'
paypal=/v1/chosen-payment-providers/paypal
ask PUT $paypal -H "$json" -H 'If-None-Match: *' -d '{"credentials":{"client_id":"A1","colour":"red"}}'
check "a missing credential and an unknown one are told" answer 422 '"/credentials/client_secret"' '"/credentials/colour"'
ask PUT $paypal -H "$json" -H 'If-None-Match: *' -d '{"credentials":{"client_id":"A1","client_secret":"canary-7"}}'
check "a provider is chosen" answer 201 '"credentials":{"client_id":"A1"}' '"secrets_set":["client_secret"]'
check "its secret is not given back" lacks canary-7
put $paypal '{"credentials":{"client_id":"A2"}}'
check "a secret that is left out stays" answer 200 '"client_id":"A2"' '"secrets_set":["client_secret"]'
ask GET /v1/chosen-payment-providers
check "chosen providers are listed with their ETag" answer 200 '"provider":"paypal"' '"etag":"\"v'
check "without secrets" lacks canary-7
post /v1/payment-providers/paypal/test '{"credentials":{"client_id":"A2","client_secret":"right"}}'
check "credentials can be tested" answer 200 '"ok":true' '"message"'
post /v1/payment-providers/paypal/test '{"credentials":{"client_id":"A2","client_secret":"wrong one"}}'
check "wrong ones are refused at their field" answer 422 '"/credentials/client_secret"' 'The provider did not accept'
ask PUT /v1/chosen-payment-providers/none -H "$json" -H 'If-None-Match: *' -d '{"credentials":{}}'
check "an unknown provider is 404" is 404
put /v1/payment-method-assignments '{"assignments":{"visa":"paypal","jcb":"paypal","amex":"stripe","x":"paypal"}}'
check "a method goes only to a chosen provider that supports it" answer 422 '"/assignments/jcb"' '"/assignments/amex"' \
    '"/assignments/x"'
check "what is right is not called wrong" lacks '"/assignments/visa"'
put /v1/payment-method-assignments '{"assignments":{"visa":"paypal"}}'
check "assignments are kept" answer 200 '"visa":"paypal"'

# --- activation is refused ----------------------------------------------------------------------------------------

post /v1/activation '{"change_tracking":false}'
check "without change tracking an activation is refused" answer 409 '/change-tracking-off"'
post /v1/activation '{"change_tracking":true}'
check "with information missing too, and the places are named" answer 422 '/information-missing"' '"/shipping-methods"' '"/sales-tax"'
check "but not those that are filled in" lacks '"/account/organization"'

# --- shipping, tax, attributes, parameters ------------------------------------------------------------------------

method='{"carrier":"UPS","service":"Ground","name":"Ground","charge":"4.95","regions":["WA","OR"],"enabled":true}'
ask PUT /v1/shipping-methods/GROUND -H "$json" -H 'If-None-Match: *' -d "$method"
check "a shipping method is made" answer 201 '"charge":"4.95"'
etag=$(header ETag)
ask PUT /v1/shipping-methods/GROUND -H "$json" -H 'If-None-Match: *' -d "$method"
check "but only once" is 412
ask PUT '/v1/shipping-methods/TWO%20WORDS' -H "$json" -H 'If-None-Match: *' \
    -d '{"carrier":"","service":"s","name":"n","charge":4.5,"regions":["US","XX","US"],"enabled":"yes"}'
check "its faults are told at once" answer 422 '"/code"' '"/carrier"' '"/charge"' '"/regions/1"' '"/regions/2"' '"/enabled"'
ask GET /v1/shipping-methods
check "the list tells code and ETag of each" answer 200 '"code":"GROUND"' '"etag":"\"v'
ask DELETE /v1/shipping-methods/GROUND -H 'If-Match: "v0"'
check "with a stale ETag nothing is taken away" is 412
ask DELETE /v1/shipping-methods/GROUND -H "If-Match: $etag"
check "with the right one it is" is 204
ask GET /v1/shipping-methods/GROUND
check "and gone" is 404
ask PUT /v1/shipping-methods/GROUND -H "$json" -H "If-Match: $etag" -d "$method"
check "what is gone cannot be changed" is 412
put /v1/shipping-methods/GROUND "$method"
check "but made again" is 201

put /v1/sales-tax '{"computed_by":"table","rates":[{"state":"WA","rate":"6.5","shipping_taxed":true},
    {"state":"OR","rate":"100.0001","shipping_taxed":true},{"state":"WA","rate":"1.12345","shipping_taxed":1}]}'
check "rates are 0 to 100 with up to four decimals, each state once" answer 422 '"/rates/1/rate"' '"/rates/2/rate"' \
    '"/rates/2/state"' '"/rates/2/shipping_taxed"'
put /v1/sales-tax '{"computed_by":"table","rates":[{"state":"WA","rate":"6.5","shipping_taxed":true}]}'
check "the sales tax is kept as it was written" answer 200 '"rate":"6.5"'

ask GET '/v1/marketplaces/ebay/attributes?page_size=1'
theirs=$(member id)
put /v1/marketplaces/ebay/attribute-map '{"map":{"color":"'$theirs'","nothing":"'$theirs'","size":"ebay-99999"}}'
check "only what exists can be mapped" answer 422 '"/map/nothing"' '"/map/size"'
put /v1/marketplaces/ebay/attribute-map '{"map":{"color":"'$theirs'"}}'
check "a map is kept" answer 200 '"color":"ebay-'
ask PUT /v1/marketplaces/ebay/attribute-map -H "$json" -H 'If-Match: *' --data-binary "@$work/large"
check "a map may be larger than other bodies" is 400

put /v1/parameters '{"hierarchy":"services","category":"cat-0000001","charge_code":"NONE"}'
check "a category must be in its hierarchy, a charge code must exist" answer 422 '"/category"' '"/charge_code"'
put /v1/parameters '{"hierarchy":"retail-products","category":"cat-0000001","charge_code":"FREIGHT"}'
check "parameters are kept" answer 200 '"charge_code":"FREIGHT"'
put /v1/parameters '{"hierarchy":null,"category":null,"charge_code":null}'
check "each may be null" is 200

# --- activation ---------------------------------------------------------------------------------------------------

ask POST /v1/activation -H "$json" -d '{"change_tracking":true}'
check "a POST without Idempotency-Key is 400" is 400
ask POST /v1/activation -H "$json" -H 'Idempotency-Key: once' -d '{"change_tracking":true}'
check "an activation begins with 202 and an operation to watch" answer 202 '"operation":"op_' '"status":"queued"'
where=$(header Location)
cp "$work/body" "$work/first"
ask POST /v1/activation -H "$json" -H 'Idempotency-Key: once' -d '{"change_tracking":true}'
check "sent again it gives the same answer" cmp -s "$work/body" "$work/first"
check "and is not done again" equal "$(grep -c '^POST /v1/activation 202$' "$work/log")" 1
ask POST /v1/activation -H "$json" -H 'Idempotency-Key: once' -d '{"change_tracking":false}'
check "the same key with another body is 422" answer 422 '/idempotency-key-reused"'
ask GET "$where"
check "the operation tells how far it is" answer 200 '"status":"succeeded"' '"percent":100' '"problem":null'
ask GET "$where" -H "If-None-Match: $(header ETag)"
check "who has seen the operation as it is gets 304" is 304
ask GET /v1/operations/op_none
check "an unknown operation is 404" is 404
ask GET /v1/activation
check "the service is active" answer 200 '"status":"active"' '"operation":"op_' '"since":"20'
post /v1/activation '{"change_tracking":true}'
check "it is not activated twice" answer 409 '/already-active"'
post /v1/deactivation '{"now":true}'
check "to deactivate, nothing is to be said" answer 422 '"/now"'
post /v1/deactivation '{}'
check "then the service is inactive" answer 200 '"status":"inactive"' '"operation":null'
post /v1/deactivation '{}'
check "what is inactive is not deactivated" answer 409 '/not-active"'
post /v1/activation '{"change_tracking":true}'
check "what was deactivated can be activated again" is 202
ask GET /v1/activation
check "and is active again" answer 200 '"status":"active"'

# --- collections --------------------------------------------------------------------------------------------------

ask PUT /v1/users/ada%40contoso.example -H "$json" -H 'If-None-Match: *' -d '{"name":"Ada","roles":["buyer"],"n":1,"on":true}'
check "a collection takes rows of any flat members" answer 201 '"roles":["buyer"],"n":1,"on":true'
put /v1/users/ada%40contoso.example '{"name":{"first":"Ada"},"etag":"x"}'
check "but no others" answer 422 '"/name"' '"/etag"'
ask GET /v1/users
check "and lists them by key" answer 200 '"key":"ada@contoso.example","name":"Ada"' '"etag":"\"v'
ask GET /v1/settings/users
check "its settings are empty at first" answer 200 '{}'
put /v1/settings/users '{"invite":true}'
check "and can be put" answer 200 '{"invite":true}'
ask GET /v1/settings/others
check "what was not asked for is not there" is 404

post /v1/disconnection '{"organization":"Fabrikam"}'
check "to disconnect, the organization must be typed" answer 422 '"/organization"'
post /v1/disconnection '{"organization":"Contoso"}'
check "an account can be disconnected, active or not" answer 200 '"status":"inactive"'
ask GET /v1/account
check "then the token is refused" is 401
ask POST /v1/disconnection -H "$json" -H "Idempotency-Key: key-$keys" -d '{"organization":"Contoso"}'
check "and the answer is not given again" is 401
token=$(sign_in)
ask GET /v1/account
check "who signs in again finds it as it was at the start" answer 200 '"organization":null'
ask GET /v1/users
check "in all its parts" answer 200 '"total":0'

check "the log has one line for each request, without its query" grep -qx "GET $big 200" "$work/log"
check "no secret is in the log" sh -c "! grep -qF -e canary-7 -e '$token' '$work/log'"
check "the token's file is for its owner only" equal "$(stat -c %a "$work/token")" 600
finish
