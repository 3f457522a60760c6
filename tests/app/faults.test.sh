#!/bin/sh
# A service that fails in every way that its fault port knows, at every operation: the program ends by itself, with the right
# exit status and a sentence that says why, and nothing of what was sent reaches the terminal raw.
#
#       faults.test.sh BUILD_DIR
#
# With FAULTS=all each combination of failure and operation instead of every second one, the slow failures too; each failure
# once, every second time and always; by plan, status --refresh and apply, with a new state directory and with that of a
# finished run, as text and as JSON. ONLY=PATTERN runs the combinations that match: "KIND TAB OPERATION TAB NAME TAB ...".
# SHARE=N runs every N-th combination only. LANES is the number of sandboxes side by side.
BUILD=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
case $BUILD in /*) ;; *) BUILD=$here/$BUILD ;; esac
work=$(mktemp -d)
lanes=${LANES:-6}
trap 'kill $(cat "$work"/*/pid) 2>/dev/null; wait; rm -rf "$work"' EXIT

# What is asked for by `plan`, and what is changed by `apply`.
questions='GET /v1/account
GET /v1/payment-providers
GET /v1/chosen-payment-providers
GET /v1/payment-methods
GET /v1/payment-method-assignments
GET /v1/shipping-methods
GET /v1/sales-tax
GET /v1/marketplaces?
GET /v1/activation
GET /v1/category-hierarchies?
GET /v1/charge-codes
GET /v1/parameters'
changes='PUT /v1/account
PUT /v1/chosen-payment-providers/paypal
PUT /v1/shipping-methods/GROUND
PUT /v1/sales-tax
PUT /v1/parameters
POST /v1/activation'

# name | what the fault port is told | times (0: for ever) | exit status of plan | of apply | what is said, unless all went well
json='{"detail":"Say\u0020this\u001b[31m\u202e.","errors":[]}'
# A valid response with other contents: the service stores something else, offers other choices, or has something twice.
contents="is not one of the choices|is not one of the names on the left|no value|changed on the service|changed elsewhere|The service stored|did not store it\
|It exists already|There is no category hierarchy|There is no such marketplace"
html='<html><title>Say</title><b>%1b[31mthis</b>'
faults="close | fault=close | 1 | 2 | 0 |
reset-headers | fault=reset-headers | 1 | 2 | 0 |
reset-body | fault=reset-body | 1 | 2 | 0 |
short | fault=short | 1 | 2 | 0 |
bad-chunk | fault=bad-chunk | 1 | 2 | 0 |
two-lengths | fault=two-lengths | 1 | 2 | 0 |
lost | fault=lost | 1 | 2 | 0 |
bytes | fault=bytes | 0 | 2 | 0 |
large-headers | fault=large-headers | 0 | 76 | 76 | too large
kept-closed | fault=kept-closed | 0 | 2 | 0 |
408 once | fault=answer&status=408&body=$json | 1 | 2 | 0 |
425 once | fault=answer&status=425&type=text/html&body=$html | 1 | 2 | 0 |
429 once | fault=answer&status=429&header=Retry-After:+0&body=$json | 1 | 2 | 0 |
500 once | fault=answer&status=500&type=text/html&body=$html | 1 | 2 | 0 |
502 once | fault=answer&status=502&type=text/html&body=$html | 1 | 2 | 0 |
503 once | fault=answer&status=503&header=Retry-After:+-1&body=$json | 1 | 2 | 0 |
503 nonsense | fault=answer&status=503&header=Retry-After:+soon&body=$json | 1 | 2 | 0 |
504 once | fault=answer&status=504&type=text/html&body=$html | 1 | 2 | 0 |
429 long | fault=answer&status=429&header=Retry-After:+3600&body=$json | 0 | 75 | 75 | until
503 long | fault=answer&status=503&header=Retry-After:+3600&type=text/html&body=$html | 0 | 75 | 75 | until
endless | fault=endless | 0 | 76 | 76 | too large
http09 | fault=http09 | 0 | 76 | 76 | is not valid: Received HTTP/0.9
cut | fault=cut | 0 | 76 | 76 | not understood
gzip | fault=gzip | 0 | 76 | 76 | not understood
truncated | fault=truncated | 0 | 76 | 76 | not understood
empty | fault=empty | 0 | 76 | 0 | not understood
null | fault=null | 0 | 76 | 0 | not understood
array | fault=array | 0 | 76 | 0 | not understood
html | fault=html | 0 | 76 | 76 | not understood
deep | fault=deep | 0 | 76 | 76 | not understood: lists and objects lie more than 32 deep in each other
abyss | fault=abyss | 0 | 76 | 76 | not understood: lists and objects lie more than 32 deep in each other
bad-utf8 | fault=bad-utf8 | 0 | 76 | 76 | not understood
nul | fault=nul | 0 | 76 | 76 | not understood
twice | fault=twice | 0 | 2 | 0 |
missing | fault=missing | 0 | 2 76 | 0 75 76 | not understood|$contents
big-numbers | fault=big-numbers | 0 | 2 76 | 0 76 | not understood|$contents
huge-numbers | fault=huge-numbers | 0 | 2 76 | 0 76 | not understood|$contents
numbers-as-texts | fault=numbers-as-texts | 0 | 2 | 0 | $contents
texts-as-numbers | fault=texts-as-numbers | 0 | 2 4 65 76 | 0 3 75 76 | not understood: |Not complete|$contents
texts-as-null | fault=texts-as-null | 0 | 2 4 65 76 | 0 75 76 | not understood|$contents
escapes | fault=escapes | 0 | 2 4 65 76 | 0 65 75 76 | $contents
clipboard | fault=clipboard | 0 | 2 4 65 76 | 0 65 75 76 | $contents
override | fault=override | 0 | 2 4 65 76 | 0 65 75 76 | $contents
long-texts | fault=long-texts | 0 | 2 65 76 | 0 65 75 76 | is too large: the limit is 4 MiB|was not sent: its address has|$contents
301 | fault=answer&status=301&header=Location:+https://evil.example/v1&type=text/html&body=$html | 0 | 76 | 76 | redirects to evil.example
307 | fault=answer&status=307&header=Location:+http://127.0.0.1/%1b[2J&body=$json | 0 | 76 | 76 | redirects to
400 | fault=answer&status=400&body=$json | 0 | 76 | 65 | Say this
401 | fault=answer&status=401&body=$json | 0 | 77 | 77 | The service does not accept the token that was given. Provide a valid token in its place.
403 | fault=answer&status=403&type=text/html&body=$html | 0 | 77 | 77 | does not allow
404 | fault=answer&status=404&type=text/html&body=$html | 0 | 76 | 76 | does not know
405 | fault=answer&status=405&body=$json | 0 | 76 | 65 | Say this
409 | fault=answer&status=409&body=$json | 0 | 76 | 65 | Say this
410 | fault=answer&status=410&body=$json | 0 | 76 | 76 | Say this
412 | fault=answer&status=412&type=text/html&body=$html | 0 | 76 | 76 | changed on the service
413 | fault=answer&status=413&body=$json | 0 | 76 | 65 | Say this
415 | fault=answer&status=415&body=$json | 0 | 76 | 65 | Say this
422 | fault=answer&status=422&body=$json | 0 | 76 | 65 | Say this
428 | fault=answer&status=428&body=$json | 0 | 76 | 76 | Say this
501 | fault=answer&status=501&body=$json | 0 | 69 | 69 | Say this"
# Those that take their time: waited for, or tried again until it is enough.
slow="close for ever | fault=close | 0 | 69 | 69 | broke
reset for ever | fault=reset-body | 0 | 69 | 69 | broke
500 for ever | fault=answer&status=500&type=text/html&body=$html | 0 | 69 | 69 | has failed
429 for ever | fault=answer&status=429&header=Retry-After:+1&body=$json | 0 | 75 | 75 | Say this
503 for ever | fault=answer&status=503&header=Retry-After:+0&body=$json | 0 | 75 | 75 | Say this
504 for ever | fault=answer&status=504&type=text/html&body=$html | 0 | 69 | 69 | has failed
bad-chunk for ever | fault=bad-chunk | 0 | 76 | 76 | is not valid
two-lengths for ever | fault=two-lengths | 0 | 76 | 76 | two different lengths
stall | fault=stall | 1 | 2 | 0 |
drip | fault=drip | 1 | 2 | 0 |"
# Each combination as one line: kind, operation, name, form, statuses, words. The kinds are in one() below.
{
    printf '%s\n' "$questions" | sed 's/^/question|/'
    printf '%s\n' "$changes" | sed 's/^/change|/'
    printf '%s\n' "$faults" | sed 's/ *| */|/g; s/^/fault|/'
    [ "${FAULTS:-}" != all ] || printf '%s\n' "$slow" | sed 's/ *| */|/g; s/^/slow|/'
} | awk -F'|' -v all="${FAULTS:-}" '
    function add(kind, operation, name, form, statuses, further) {
        print kind "\t" operation "\t" name "\t" form "\t" statuses "\t" words further
    }
    # Without a change to send, plan ends with 0 instead of 2, as status does; apply, which reads before and after it sends, too.
    function without_changes(statuses) {
        sub(/^2/, "0", statuses)
        return statuses
    }
    # A failure that ends: nothing is lost where the next request succeeds.
    function or_good(statuses, good, passes) {
        return passes ? good " " statuses : statuses
    }
    function each_kind(name, form, passes,    i, plan, status, apply, other) {
        plan = or_good($5, 2, passes)
        status = without_changes(plan)
        apply = or_good($6, 0, passes)
        other = index(words, "It exists already") > 0     # contents
        if (other) {
            status = status " 2 3 4"
            apply = apply " 4 65"
        }
        for (i = 1; i <= operations; i++)
            if (kind[i] == "question") {
                add("plan", operation[i], name, form, plan)
                add("plan-json", operation[i], name, form, plan)
                add("plan-again", operation[i], name, form, status)
                add("plan-again-json", operation[i], name, form, status)
                add("status", operation[i], name, form, status, other ? "|in progress|to do" : "")
                add("status-json", operation[i], name, form, status, other ? "|in progress|to do" : "")
                add("apply-read", operation[i], name, form, status " " apply)
                add("apply-read-again", operation[i], name, form, status " " apply)
            } else {
                add("apply", operation[i], name, form, apply)
                add("apply-again", operation[i], name, form, apply)
            }
    }
    $1 == "question" || $1 == "change" { kind[++operations] = $1; operation[operations] = $2; next }
    {
        faults++
        words = $7
        for (i = 8; i <= NF; i++)
            words = words "|" $i
        if (all != "all" || $1 == "slow") {
            for (i = 1; i <= operations; i++)
                if ($1 == "slow" || (i + faults) % 2 == 0)
                    add(kind[i] == "change" ? "apply" : "plan", operation[i], $2, $3 "&times=" $4, kind[i] == "change" ? $6 : $5)
            next
        }
        each_kind($2 ", once", $3 "&times=1", 1)
        each_kind($2 ", every second time", $3 "&times=0&every=2", 1)
        if ($4 == 0)
            each_kind($2 ", always", $3 "&times=0", 0)
    }' | grep -E -- "${ONLY:-}" | awk -v share="${SHARE:-1}" 'NR % share == 0' | sort -s -t "$(printf '\t')" -k 1,1r >"$work/combinations"

escape=$(printf '\033') override=$(printf '\342\200\256') bell=$(printf '\007')

# says TEXTS: whether one of these fixed texts, separated by |, is in what was printed. Without a text nothing may be printed.
says() {
    printf '%s\n' "$1" | tr '|' '\n' | sed '/^$/d' >texts
    [ -s texts ] && printf '%s\n' "$said" | grep -qF -f texts
}

# Store other values on the service than those of answers.yaml, and those that differ from both in changed.yaml.
differ() {
    four=$(printf %04d $((count % 900 + 1)))      # there are 999 categories
    sed "s/Contoso Outdoor/Contoso $count/; s/payments@/payments$count@/; s/charge: \"7.95\"/charge: \"$count.95\"/
        s/rate: \"6.5\"/rate: \"6.$four\"/; s/cat-0000000/cat-000$four/" answers.yaml >changed.yaml
    curl -s --noproxy '*' -o /dev/null --cacert "$ca" -H "Authorization: Bearer $token" -H "Idempotency-Key: $count" \
        -H 'Content-Type: application/json' -d '{}' "$address/v1/deactivation"
}

one() {     # kind, operation, name, form, statuses, words; in the folder of a lane
    count=$((count + 1))
    kind=$1 operation=$2 name=$3 wanted=$5 words=$6
    case $kind in apply*) differ ;; esac
    case $kind in status* | *-again*) cp -r finished "state$count" ;; esac
    curl -s --noproxy '*' -o /dev/null -X PUT -d "$4" --data-urlencode "match=$2" "$faults_at/faults"
    case $kind in
    plan*) set -- plan answers.yaml ;;
    status*) set -- status --refresh ;;
    *) set -- apply changed.yaml --keep mine ;;
    esac
    case $kind in *-json) set -- "$@" --json ;; esac
    timeout -k 5 $((60 * ${SLOWER:-1})) "$BUILD/commerce-setup" "$@" --config config.yaml --state-dir "state$count" --token-file token >said 2>&1 </dev/null
    status=$?
    rm -rf "state$count"
    said=$(tr -d '\000' <said)
    why=
    case " $wanted " in *" $status "*) ;; *) why="status $status, not $wanted" ;; esac
    case $said in
    *"$escape"* | *"$bell"* | *"$override"*) why="$why; something raw reached the terminal" ;;
    *'<html'* | *'<!DOCTYPE'* | *'<title'*) why="$why; HTML is shown" ;;
    esac
    case $status in
    0 | 2) ;;
    *) says "$words" || why="$why; not said: $words" ;;
    esac
    if [ -z "$why" ]; then
        echo "ok - $kind: $operation: $name"
    else
        echo "not ok - $kind: $operation: $name"
        echo "# $why"
        printf '%s\n' "$said" | cat -v | head -c 1000 | awk '{ print "# " $0 }'    # awk ends the last line, which head may have cut
    fi
}

lane() {    # which: takes its share of the combinations, with a service of its own
    mkdir "$work/$1" && cd "$work/$1" || exit 1
    "$BUILD/commerce-sandbox" --fast --issue-token token --faults 0 --seed-categories 999 --seed-attributes 20 --activation-seconds 0 \
        --ready-file ready >/dev/null 2>complaints </dev/null &
    echo $! >pid
    until [ -e ready ]; do kill -0 "$(cat pid)" || exit 1; sleep 0.05; done
    address=$(sed -n 's/^READY //p' ready) ca=$(sed -n 's/^CA //p' ready) faults_at=$(sed -n 's/^FAULTS //p' ready) token=$(cat token)
    sed "s|^  address:.*|  address: https${faults_at#http}\n  ca_file: $ca|" "$here/assets/examples/config.yaml" >config.yaml
    cp -r "$here/assets/examples/answers.yaml" "$here/assets/examples/secrets" .
    if cut -f 1 "$work/combinations" | grep -qE '^status|-again'; then
        timeout -k 5 60 "$BUILD/commerce-setup" apply answers.yaml --wait --config config.yaml --state-dir finished --token-file token \
            >said 2>&1 </dev/null || { echo "not ok - the account is set up"; sed 's/^/# /' said; exit 1; }
    fi
    count=0
    awk -v lane="$1" -v lanes=$lanes 'NR % lanes == lane' "$work/combinations" >mine
    tab=$(printf '\t')
    while IFS="$tab" read -r kind operation name form statuses words; do
        one "$kind" "$operation" "$name" "$form" "$statuses" "$words"
    done <mine
    [ ! -s complaints ] || { echo "not ok - the service complains about nothing"; sed 's/^/# /' complaints; }
    kill "$(cat pid)"
}

n=0
while [ $n -lt $lanes ]; do
    lane $n >"$work/lane$n.said" 2>&1 &
    n=$((n + 1))
done
wait
cat "$work"/lane*.said
total=$(wc -l <"$work/combinations")
echo "# $total combinations"
[ -z "${COUNTS:-}" ] || echo "count http $(cat "$work"/lane*.said | grep -c '^ok')" >>"$COUNTS"
[ "$(cat "$work"/lane*.said | grep -c '^ok')" -eq "$total" ]
