#!/bin/sh
# A Medusa store set up from nothing, unattended, on a real server: what is then there, what a second run does, and its traps.
set -u
. "$(dirname "$0")/common.sh"
state=$work/state
answers=$here/../../assets/examples/medusa-answers.yaml

setup apply "$answers" >"$work/apply"
check "the whole checklist ends with 0" [ $? = 0 ]
check "and every step is done" grep -q '^Complete: every step is done' "$work/apply"
key=$(admin GET '/admin/api-keys?title=Online%20shop' | jq -r '.api_keys[0].token')
shop() { curl -sg -H "x-publishable-api-key: $key" -H 'Content-Type: application/json' "$@"; }
shop "$base/store/regions" >"$work/regions"
check "a front end is told the region with its countries" \
    is '.regions[] | [.name, .currency_code, (.countries | map(.iso_2) | sort)]' '["North America","usd",["ca","us"]]' <"$work/regions"
check "and the categories as a tree" is '[.product_categories[] | [.handle, .parent_category.handle // ""]] | sort' \
    '[["camping",""],["stoves","camping"],["tents","camping"]]' <<END
$(shop "$base/store/product-categories?fields=handle,parent_category.handle")
END
cart=$(shop "$base/store/carts" -d "{\"region_id\":$(jq '.regions[0].id' "$work/regions")}" | jq -r .cart.id)
check "and for a cart the ways of shipping with their charges" is '[.shipping_options[] | [.name, .amount]] | sort' \
    '[["Air, 2 days",19],["Ground, 5 days",7.5]]' <<END
$(shop "$base/store/shipping-options?cart_id=$cart")
END
check "the store has its currencies, the default among them" is '.stores[0].supported_currencies | map([.currency_code, .is_default]) | sort' \
    '[["eur",false],["usd",true]]' <<END
$(admin GET /admin/stores)
END
check "the tax region has its rates" is '[.tax_rates[] | [.code, .rate, .is_default]] | sort' '[["RED",2.5,false],["STD",5.125,true]]' <<END
$(admin GET /admin/tax-rates)
END
check "what a marketplace calls an option is noted at it" is '[.product_options[] | [.title, .metadata.marketplace_attribute]] | sort' \
    '[["Color","colour_name"],["Size","size_name"]]' <<END
$(admin GET /admin/product-options)
END

before=$(changes)
setup apply "$answers" >"$work/again"
check "a second run ends with 0" [ $? = 0 ]
check "and changes nothing" [ "$(changes)" = "$before" ]
setup plan >"$work/plan"
check "a plan afterwards finds nothing to do, and ends with 0" [ $? = 0 ]
state=$work/other setup apply "$answers" >"$work/elsewhere"
check "a run on another server, that remembers nothing, finds what is there" [ $? = 0 ]
check "and changes nothing either" [ "$(changes)" = "$before" ]
check "the password is written down nowhere" sh -c "! grep -rq supersecret '$work/state'"
check "the token's file is nobody else's to read" [ "$(stat -c %a "$work/state/tokens.yaml")" = 600 ]

# Somebody else at it, in Medusa's own pages.
one() { admin GET "$1" | jq -r "$2"; }
region=$(one '/admin/regions' '.regions[0].id') option=$(one '/admin/shipping-options' '.shipping_options[] | select(.name | startswith("Air")).id')
category=$(one '/admin/product-categories?handle=stoves' '.product_categories[0].id') rate=$(one /admin/tax-rates '.tax_rates[] | select(.code == "RED").id')
admin POST "/admin/stores/$(one /admin/stores '.stores[0].id')" '{"name":"Northwind"}' >/dev/null
admin POST "/admin/regions/$region" '{"countries":["us"]}' >/dev/null
admin POST "/admin/shipping-options/$option" '{"prices":[{"currency_code":"usd","amount":21}]}' >/dev/null
admin POST "/admin/product-categories/$category" "$(jq -nc '{name: "St\u001b[31moves \u202e \u0007"}')" >/dev/null
admin POST "/admin/tax-rates/$rate" '{"rate":3}' >/dev/null
setup plan >"$work/plan"
check "a plan reports what was changed on the service and ends with 4" [ $? = 4 ]
check "the name of the store in its field" grep -q '! Name: Northwind -> Contoso Outdoor' "$work/plan"
check "the countries in theirs" grep -q '! Countries: .*United States.* -> .*Canada' "$work/plan"
check "the charge in its table" grep -q '! Shipping options, air: .*21' "$work/plan"
check "the rate in its table" grep -q '! Rates, RED: .*3' "$work/plan"
check "a name with escapes in its table, and no escape reaches the terminal" \
    sh -c "grep -q '! Categories, stoves: ' '$work/plan' && ! grep -q '$(printf '\033')' '$work/plan'"
before=$(changes)
setup apply "$answers" >"$work/apply"
check "a run does not overwrite it, and tells so by its end" [ $? = 4 ]
check "nothing is sent for it" [ "$(changes)" = "$before" ]
setup apply "$answers" --keep mine >"$work/apply"
check "with --keep mine it is sent" [ $? = 0 ]
check "and the store is as it was wanted" is '.stores[0].name' '"Contoso Outdoor"' <<END
$(admin GET /admin/stores)
END
admin POST "/admin/product-options/$(one '/admin/product-options?title=Size' '.product_options[0].id')" \
    '{"metadata":{"marketplace_attribute":"size_name","theirs":"kept"}}' >/dev/null
sed 's/size_name/size_code/' "$answers" >"$work/size.yaml"
setup apply "$work/size.yaml" >"$work/apply"
check "an attribute is changed, and what others noted beside it is kept" \
    is '[.product_options[] | select(.title == "Size").metadata] | .[0] | [.marketplace_attribute, .theirs]' '["size_code","kept"]' <<END
$(admin GET '/admin/product-options?fields=title,metadata')
END

# What a server may hold that has been in use: many channels, long and empty names, a circle of categories.
for i in $(seq 250); do echo "{\"name\":\"Channel $i\"}"; done | xargs -d '\n' -P 4 -I '{}' \
    curl -s -o "$work/nothing" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{}' "$base/admin/sales-channels"
admin POST /admin/product-categories "$(jq -nc '{name: ("L" * 5000), handle: "long"}')" >/dev/null
admin POST /admin/product-categories '{"name":"","handle":"empty"}' >/dev/null
a=$(admin POST /admin/product-categories '{"name":"A","handle":"a"}' | jq -r .product_category.id)
b=$(admin POST /admin/product-categories "{\"name\":\"B\",\"handle\":\"b\",\"parent_category_id\":\"$a\"}" | jq -r .product_category.id)
admin POST "/admin/product-categories/$a" "{\"parent_category_id\":\"$b\"}" >/dev/null
before=$(changes)
setup apply "$work/size.yaml" >"$work/apply"
check "beside 250 channels, names of 5000 characters and of none, and a circle of categories nothing is to do" [ $? = 0 ]
check "and nothing is done" [ "$(changes)" = "$before" ]
sed 's/{name: Marketplace}/{name: Channel 249}/' "$work/size.yaml" >"$work/many.yaml"
setup apply "$work/many.yaml" >"$work/apply"
check "one of 250 is taken over by its name, and one taken away is deleted" [ $? = 0 ]
check "there is one of that name and none of the other" [ "$(sql "select count(*) filter (where name = 'Channel 249') || ' ' ||
    count(*) filter (where name = 'Marketplace') from sales_channel where deleted_at is null")" = "1 0" ]
sed 's/handle: camping, name: Camping}/handle: camping, name: Camping, parent: tents}/' "$answers" >"$work/circle.yaml"
before=$(changes)
setup apply "$work/circle.yaml" >"$work/apply" 2>"$work/err"
check "a circle of categories is refused before anything is sent" [ $? = 65 ]
check "where it closes is told" grep -q 'categories.list.parent.*would be above itself' "$work/err"
printf '%s\n' "$(sed 's/name: Stoves/name: "St\\0oves"/' "$answers")" >"$work/nul.yaml"
setup apply "$work/nul.yaml" >"$work/apply" 2>"$work/err"
check "U+0000 is refused before anything is sent" [ $? = 65 ]
check "and nothing is sent for either" [ "$(changes)" = "$before" ]
sed 's/countries: \[us, ca\]/countries: [us, ca, mx]/; s/  name: North America/  name: Other/' "$answers" >"$work/taken.yaml"
admin POST /admin/regions '{"name":"Mexico","currency_code":"usd","countries":["mx"]}' >/dev/null
state=$work/state setup apply "$work/taken.yaml" >"$work/apply"
check "what the server refuses ends with 65" [ $? = 65 ]
check "and is told at its field, in the server's words" grep -q 'Countries: Countries with codes: "mx" are already assigned' "$work/apply"

printf 'wrong\n' >"$work/password"
sed "s|{env: MEDUSA_PASSWORD}|{file: $work/password}|" "$answers" >"$work/wrong.yaml"
state=$work/wrong setup apply "$work/wrong.yaml" >"$work/apply"
check "a wrong password ends with 77" [ $? = 77 ]
check "in the words of the server" grep -q 'Invalid email or password' "$work/apply"

# Tokens that live shorter than a run.
medusa_stop
medusa_start 3s
before=$(changes)
state=$work/short setup apply "$answers" --keep mine >"$work/apply"
check "tokens that expire while it runs are had anew" [ $? = 0 ] || sed 's/^/# /' "$work/apply"
check "signing in more than once" [ "$(grep -ac 'POST /auth/' "$work/server.log")" -gt 2 ]
exit $failed
