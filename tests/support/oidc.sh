# Starts an authorization server that others wrote (issuer.mjs), and what signing in to it needs; sourced.
#
#   . tests/support/oidc.sh         with BUILD set, after tell.sh and node.sh
#   issuer_start [CODE_SECONDS=2]   base, ca and events (its log) are set; ends with the script
#   configure NAME CLIENT [LINE]    $work/NAME.yaml: a configuration for that client; LINE goes into its service section
#   setup NAME WORD...              commerce-setup with that configuration and a state of its own: $work/NAME.out, .err; its status
#   shown NAME                      the code that was shown there last
#   kept NAME MEMBER                what is on disk of its tokens

work=$(mktemp -d) || exit 1
issuers=
oidc_end() {
    for issuer in $issuers; do kill "$issuer" 2>/dev/null; done
    rm -rf "$work"
}
trap oidc_end EXIT
support=$(cd "$(dirname "$0")/../support" && pwd)
ca=$work/ca.pem

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key.pem" -out "$ca" -days 2 \
    -subj /CN=issuer.test -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null || skip "$what" "openssl is not installed"

issuer_start() {
    events=$work/events.$(echo "$issuers" | wc -w)
    mkfifo "$work/ready"
    env "$@" node "$support/issuer.mjs" "$ca" "$work/key.pem" >"$work/ready" 2>"$work/complaints" &
    issuers="$issuers $!"
    exec 9<"$work/ready"
    rm "$work/ready"
    base=
    read -r word base <&9
    [ "$word" = READY ] || skip "$what" "oidc-provider does not run on this node"
    cat <&9 >"$events" &
    exec 9<&-
}

cat >"$work/service.yaml" <<EOF
service: issuer
sign_in:
  kind: device
  client_id: public
  scope: openid offline_access profile commerce.manage
  who: {from: userinfo, user: /name, account: /sub}
operations:
  get-name:
    request: GET /me
    keep: {person.name: /name}
EOF
cat >"$work/checklist.yaml" <<EOF
checklist: issuer
title: Signing in
service: ./service.yaml
steps:
- {id: sign-in, section: Set up, title: Sign in, does: sign-in}
- id: person
  section: Set up
  title: Person
  needs: [sign-in]
  load: [get-name]
  fields:
  - {name: person.name, label: Name, kind: text}
- {id: sign-out, section: Set up, title: Sign out, does: sign-out}
EOF

configure() {
    cat >"$work/$1.yaml" <<EOF
checklist: $work/checklist.yaml
service:
  address: $base
  ca_file: $ca
  client_id: $2
${3:+  $3}
EOF
}

setup() {
    name=$1
    shift
    timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/$name.yaml" --state-dir "$work/$name.state" >"$work/$name.out" 2>"$work/$name.err"
}

shown() { sed -n 's/.*\([B-Z]\{4\}-[B-Z]\{4\}\).*/\1/p' "$work/$1.out" | tail -n 1; }
kept() { sed -n "s/^ *$2: *\"*\([^\"]*\)\"*\$/\1/p" "$work/$1.state/tokens.yaml" 2>/dev/null | head -n 1; }
