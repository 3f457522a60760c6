# A renewal is killed at a random system call, as often as is wanted: the sign-in lives on; sourced, with BUILD set.
#
#   killed_renewals ROUNDS          SEED in the environment repeats a run
. "$(dirname "$0")/../support/sandbox.sh"
ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"     # the search for leaks traces, too: only one can
export ASAN_OPTIONS
asked=renewal status=0
: >"$work/body"

renewal_config() {
    cat >"$work/service.yaml" <<EOF
service: account
sign_in:
  kind: device
  client_id: commerce-setup
  scope: openid offline_access commerce.manage
  who: {request: GET /v1/me, user: /user, account: /account}
operations:
  get-account:
    request: GET /v1/account
    keep: {account.organization: /organization}
EOF
    cat >"$work/checklist.yaml" <<EOF
checklist: account
title: Account
service: ./service.yaml
steps:
- {id: sign-in, section: Set up, title: Sign in, does: sign-in}
- id: account
  section: Set up
  title: Account
  needs: [sign-in]
  load: [get-account]
  fields:
  - {name: account.organization, label: Organization, kind: text}
EOF
    printf 'checklist: %s\nservice:\n  address: %s\n  ca_file: %s\n' "$work/checklist.yaml" "$base" "$ca" >"$work/config.yaml"
}

setup() { "$BUILD/commerce-setup" "$@" --config "$work/config.yaml" --state-dir "$work/state" >"$work/out" 2>"$work/err"; }
make_due() { sed -i '1d;s/^renew: .*/renew: 1/' "$work/state/tokens.yaml"; }
accounts() { grep -c '^GET /v1/account 200' "$work/log"; }
renewals() { grep -c '^POST /oauth/token 200' "$work/log"; }
refused() { grep -c '^POST /oauth/token 4' "$work/log"; }

# The system calls of one renewal, from its lock on: "name nth" for each, where nth counts from the start of the program.
learn_points() {
    make_due
    strace -qq -o "$work/trace" "$BUILD/commerce-setup" status --refresh --config "$work/config.yaml" --state-dir "$work/state" >/dev/null
    sed -n 's/^\([a-z_0-9]*\)(\(.*\)/\1 \2/p' "$work/trace" |
        awk '/tokens\.lock/ { on = 1 } { nth[$1]++ } on && $1 != "exit_group" { print $1, nth[$1] }' >"$work/points"
    points=$(wc -l <"$work/points")
}

# One renewal that dies at a point; false when it came to its end before (other runs poll more or less often).
kill_one() {
    point=$(sed -n "$1p" "$work/points")
    make_due
    strace -qq -o "$work/trace" -e trace="${point% *}" -e inject="${point% *}:signal=KILL:when=${point#* }" \
        "$BUILD/commerce-setup" status --refresh --config "$work/config.yaml" --state-dir "$work/state" >/dev/null 2>&1
    [ $? = 137 ]
}

# Two programs find the same token due: one renews it, the other takes what that one got.
renewals_side_by_side() {
    twice=0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        make_due
        before=$(renewals)
        "$BUILD/commerce-setup" status --refresh --config "$work/config.yaml" --state-dir "$work/state" >"$work/other" 2>&1 &
        other=$!
        setup status --refresh
        wait $other
        [ "$(renewals)" = $((before + 1)) ] && grep -q 'as admin@' "$work/out" && grep -q 'as admin@' "$work/other" || twice=$((twice + 1))
    done
    check "two programs at once renew once, and both go on" equal $twice 0
}

killed_renewals() {
    rounds=$1 killed=0 tried=0 out=0
    seed=${SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
    echo "# seed $seed"
    start --interval 1
    renewal_config
    setup sign-in --begin
    "$(dirname "$0")/../support/approve.sh" "$base" "$ca" "$(grep '^[B-Z]*-[B-Z]*$' "$work/out")"
    setup sign-in --complete
    check "signed in" grep -q 'Signed in as' "$work/out"
    renewals_side_by_side
    learn_points
    check "a renewal has system calls to die at" test "$points" -gt 50
    awk -v seed="$seed" -v points="$points" -v count=$((rounds * 3)) \
        'BEGIN { srand(seed); for (i = 0; i < count; i++) print 1 + int(rand() * points) }' >"$work/random"
    while [ $killed -lt "$rounds" ] && read -r number; do
        tried=$((tried + 1))
        kill_one "$number" && killed=$((killed + 1))
        before=$(accounts)
        setup status --refresh      # the next start: nobody has to sign in, and the service answers
        if ! grep -q 'Sign in  *as admin@contoso.example' "$work/out" || [ "$(accounts)" = "$before" ]; then
            out=$((out + 1))
            echo "# signed out after a kill at $point"
        fi
    done <"$work/random"
    echo "# $killed renewals killed of $tried, at $points places; $(renewals) renewed, $(refused) refused, $out signed out"
    check "renewals were killed at random places: $rounds" equal $killed "$rounds"
    check "never signed out" equal $out 0
    check "never a refresh token that was spent before" equal "$(refused)" 0
    check "nothing is left of a save that was killed" test ! -e "$work/state/tokens.yaml.tmp"
    finish
}
