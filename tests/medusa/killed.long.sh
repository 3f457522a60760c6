#!/bin/sh
# Runs that are killed at a random request, before or after the server heard of it, and completed by the next: nothing is there twice.
set -u
. "$(dirname "$0")/common.sh"
RUNS=${RUNS:-60}
# How many changes a whole run asks for; one more is a run that is not killed.
CHANGES=25
state=
mkfifo "$work/breaker"
node "$here/breaker.js" "$port" "$work/control" >"$work/breaker" &
breaker=$!
trap 'kill $breaker 2>/dev/null; medusa_end; rm -rf "$work"' EXIT
read -r between <"$work/breaker"
base=http://127.0.0.1:$between
configure
sql 'select iso_2 from region_country order by iso_2' >"$work/countries"

# Of each kind how many there are of this run, as "region 1 location 1 ...".
there() {
    sql "select concat_ws(' ',
        'region', (select count(*) from region where name = 'Region $1' and deleted_at is null),
        'location', (select count(*) from stock_location where name = 'Location $1' and deleted_at is null),
        'set', (select count(*) from fulfillment_set where name = 'Location $1' and deleted_at is null),
        'zone', (select count(*) from service_zone where name = 'Location $1' and deleted_at is null),
        'options', (select count(*) from shipping_option o join service_zone z on z.id = o.service_zone_id
                    where z.name = 'Location $1' and o.deleted_at is null),
        'providers', (select count(*) from location_fulfillment_provider l join stock_location s on s.id = l.stock_location_id
                      where s.name = 'Location $1' and l.deleted_at is null),
        'tax', (select count(*) from tax_region where country_code = '$2' and deleted_at is null),
        'rates', (select count(*) from tax_rate r join tax_region t on t.id = r.tax_region_id where t.country_code = '$2' and r.deleted_at is null),
        'categories', (select count(*) from product_category where handle like '%-$1' and deleted_at is null),
        'channels', (select count(*) from sales_channel where name like '% $1' and deleted_at is null),
        'attributes', (select count(*) from product_option where title like '% $1' and deleted_at is null),
        'keys', (select count(*) from api_key where title = 'Key $1' and deleted_at is null))"
}
wanted="region 1 location 1 set 1 zone 1 options 2 providers 1 tax 1 rates 2 categories 3 channels 2 attributes 2 keys 1"

killed=0 good=0 twins=0 plans=0
for run in $(seq "$RUNS"); do
    state=$work/state-$run country=$(sed -n "${run}p" "$work/countries")
    sed "s/Contoso Outdoor/Store $run/; s/North America/Region $run/; s/Main warehouse/Location $run/; s/\[us, ca\]/[$country]/
         s/^  country: us/  country: $country/; s/\(tents\|camping\|stoves\)\([,}]\)/\1-$run\2/g; s/\(Online shop\|Marketplace\)\([,}]\|\$\)/\1 $run\2/
         s/title: \(Size\|Color\)/title: \1 $run/; s/^  title: Online shop.*/  title: Key $run/" \
        "$here/../../assets/examples/medusa-answers.yaml" >"$work/answers.yaml"
    at=$(shuf -i 1-$CHANGES -n 1) when=$(shuf -e before after -n 1)
    echo "$at $when $work/pid" >"$work/control"
    # Not by setup(): what is killed must be the program itself.
    MEDUSA_PASSWORD=supersecret "$BUILD/commerce-setup" apply "$work/answers.yaml" --config "$work/config.yaml" --state-dir "$state" \
        >"$work/apply" 2>&1 &
    echo $! >"$work/pid"
    wait $! && status=0 || status=$?
    echo "0 never" >"$work/control"
    [ $status = 137 ] && killed=$((killed + 1))
    setup apply "$work/answers.yaml" >"$work/apply" 2>&1 && good=$((good + 1)) || sed "s/^/# run $run, killed $when $at: /" "$work/apply"
    found=$(there "$run" "$country")
    [ "$found" = "$wanted" ] || { twins=$((twins + 1)); echo "# run $run, killed $when $at: $found"; }
    setup plan >"$work/plan" 2>&1 && plans=$((plans + 1)) || sed "s/^/# run $run, killed $when $at: /" "$work/plan"
done
echo "# $RUNS runs, $killed killed on the way, $good completed by the next, $((RUNS - twins)) with exactly one of everything, $plans with nothing left to do"
check "runs were killed on the way" [ $killed -gt $((RUNS / 2)) ]
check "each was completed by the next" [ $good = "$RUNS" ]
check "there is exactly one of everything" [ $twins = 0 ]
check "and a plan finds nothing to do" [ $plans = "$RUNS" ]
exit $failed
