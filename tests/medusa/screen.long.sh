#!/bin/sh
# A Medusa store set up from nothing in full screen, in a terminal of 80 by 24, key by key as an administrator types.
set -u
. "$(dirname "$0")/common.sh"
state=$work/state
configure
terminal() { tmux -L "medusa-$$" "$@"; }
trap 'terminal kill-server 2>/dev/null; medusa_end; rm -rf "$work"' EXIT
terminal new-session -d -x 80 -y 24 "env -u TMUX TERM=tmux-256color '$BUILD/commerce-setup' --config '$work/config.yaml' --state-dir '$state'; sleep 60"

shown() { terminal capture-pane -p; }
# wait_for TEXT: until the screen shows it; the test ends when it does not come.
wait_for() {
    n=0
    until shown | grep -qF -- "$1"; do
        n=$((n + 1))
        [ $n -lt 600 ] || { echo "not ok - the screen shows: $1"; shown | sed 's/^/# /'; exit 1; }
        sleep 0.1
    done
}
# As a hand types: what comes faster than this is taken for a paste.
keys() { sleep 0.06; terminal send-keys "$@"; }
# type TEXT: into the field at hand, and on to the next
type() { keys -l -- "$1"; wait_for "$1"; keys Enter; }
secret() { keys -l -- "$1"; wait_for "${#1} characters"; keys Enter; }
# one FIELD FILTER LABEL: the one choice that the filter leaves
one() { wait_for "> $1"; keys Enter; wait_for "Filter:"; keys -l -- "$2"; wait_for "> $3"; keys Enter; }
# many FIELD FILTER LABEL: the same of several
many() { wait_for "> $1"; keys Enter; wait_for "Filter:"; keys -l -- "$2"; wait_for "> [ ] $3"; keys Space; wait_for "> [x] $3"; keys Enter; }
# row: opens a new one; accept: ends it, from the field before the button
row() { keys Enter; wait_for "a new row"; }

wait_for "0 of 12 steps sent"
keys Enter; wait_for "> [ Run the checks ]"
keys Enter; wait_for "> [ Go on: Sign in ]"
keys Enter; wait_for "> E-mail"
type admin@example.test
wait_for "> Password"; secret wrong; wait_for "> [ Sign in ]"; keys Enter
wait_for "Invalid email or password"
check "a wrong password is told in the words of the server" true
wait_for "> Password"; secret supersecret; wait_for "> [ Sign in ]"
check "a password is not shown" sh -c "! tmux -L medusa-$$ capture-pane -p | grep -q supersecret"
keys Enter

wait_for "step 3 of 13"; wait_for "> Name *              Medusa Store"
keys C-u; type "Contoso Outdoor"
one "Default currency" usd "US Dollar"
many "Further currencies" euro Euro
keys F10; wait_for "step 4 of 13"
check "the store is sent" true
type "North America"
one Currency usd "US Dollar"
many Countries canada Canada
keys F10; wait_for "step 5 of 13"
check "the region is sent" true
for answer in "Main warehouse" "1 Road" Fargo ND 58102; do type "$answer"; done
one Country canada Canada
keys Down
many "Delivers to" canada Canada
keys F10; wait_for "step 6 of 13"
check "the stock location is sent, with all that hangs on it" true
row; type ground; type "Ground, 5 days"; type 7.50; wait_for "> [ Accept"; keys Enter; wait_for "> ground"
keys F10; wait_for "step 7 of 13"
check "a shipping option is sent" true
one Country canada Canada
wait_for "> + add a row"; row; type STD; type "Sales tax"; type 5.125; wait_for "> Default   No"; keys Enter; wait_for "Default   Yes"
keys Down; wait_for "> [ Accept"; keys Enter; wait_for "> STD"
keys F10; wait_for "step 8 of 13"
check "the tax is sent" true
row; type camping; type Camping; wait_for "> Below"; keys Down Down Down; wait_for "> [ Accept"; keys Enter; wait_for "> camping"
keys Down; row; type tents; type Tents; one Below camp Camping; keys Down Down; wait_for "> [ Accept"; keys Enter; wait_for "2 rows"
keys F10; wait_for "step 9 of 13"
check "categories are sent, one below the other" true
row; type "Online shop"; wait_for "> Description"; keys Down; wait_for "> [ Accept"; keys Enter; wait_for "> Online shop"
keys Down Down; one "Default channel" online "Online shop"
keys F10; wait_for "step 10 of 13"
check "a sales channel is sent" true
row; type Size; type size_name; wait_for "> [ Accept"; keys Enter; wait_for "> Size"
keys F10; wait_for "step 11 of 13"
keys F10; wait_for "step 12 of 13"
check "the publishable key is there" true
keys Enter; wait_for "12 of 12 steps sent"
check "the store is activated" true
wait_for "Activate the store: done"
keys F7; wait_for "What would change"; wait_for "Nothing"
check "the plan finds nothing to do" true
keys Escape; wait_for "12 of 12 steps sent"

key=$(admin GET '/admin/api-keys?title=Online%20shop' | jq -r '.api_keys[0].token')
shop() { curl -sg -H "x-publishable-api-key: $key" -H 'Content-Type: application/json' "$@"; }
shop "$base/store/regions" >"$work/regions"
check "a front end is told the region" is '.regions[] | [.name, .currency_code, (.countries | map(.iso_2))]' '["North America","usd",["ca"]]' <"$work/regions"
check "and the categories" is '[.product_categories[] | [.handle, .parent_category.handle // ""]] | sort' '[["camping",""],["tents","camping"]]' <<END
$(shop "$base/store/product-categories?fields=handle,parent_category.handle")
END
cart=$(shop "$base/store/carts" -d "{\"region_id\":$(jq '.regions[0].id' "$work/regions")}" | jq -r .cart.id)
check "and for a cart the way of shipping" is '[.shipping_options[] | [.name, .amount]]' '[["Ground, 5 days",7.5]]' <<END
$(shop "$base/store/shipping-options?cart_id=$cart")
END
check "the password is written down nowhere" sh -c "! grep -rq supersecret '$state'"
exit $failed
