#!/bin/sh
# The port that misbehaves when it is told to: every fault does what its name says, and no more often than told.
#   faults.test.sh BUILD_DIR
BUILD=$1
here=$(dirname "$0")
. "$here/../support/sandbox.sh"
asked=curl status=0
start --faults 0 --collection users --activation-seconds 0
base=$faults authority=$ca ca=

# The exit codes of curl: 1 HTTP/0.9, 8 strange headers, 18 partial, 28 too slow, 52 nothing, 56 broken.
fails_with() {  # fault, exit codes of curl that are right
    curl -sS --noproxy '*' -X PUT -d "fault=$1&times=1" "$base/faults" >"$work/body"
    shift
    curl -sS --noproxy '*' --max-time 2 -H "Authorization: Bearer $token" -o "$work/body" "$base/v1/me" 2>>"$work/body"
    status=$?
    for code in "$@"; do [ "$status" = "$code" ] && return; done
    return 1
}

ask GET /v1/me
check "told nothing, it answers like the service" answer 200 '"user":"admin@contoso.example"'
plain_ask GET /.well-known/oauth-authorization-server
check "under its own address" has "\"issuer\":\"$base\""
check "close: nothing comes" fails_with close 52
check "stall: nothing comes, for ever" fails_with stall 28
check "reset-headers: the connection breaks within the headers" fails_with reset-headers 56
check "reset-body: it breaks within the body" fails_with reset-body 56
check "short: less comes than was promised" fails_with short 18
check "cut: half of it comes and it looks whole" fails_with cut 0
check "and is not" lacks '"name":"Contoso administrator"}'
check "bytes: all of it comes, byte by byte" fails_with bytes 0
check "and is whole" has '"name":"Contoso administrator"}'
check "drip: it comes too slowly" fails_with drip 28
check "endless: it never ends" fails_with endless 28
check "gzip: what was not asked for" fails_with gzip 0
check "starts as gzip does" equal "$(head -c 2 "$work/body" | od -An -tx1 | tr -d ' ')" 1f8b
check "http09: no headers at all" fails_with http09 1
check "bad-chunk: a size that is no number" fails_with bad-chunk 56
check "two-lengths: which is it?" fails_with two-lengths 0 8 18
check "large-headers: 80 KiB of them" fails_with large-headers 0 56
check "kept-closed: a promise not kept" fails_with kept-closed 0
bent() {    # name, texts that are in the answer, which is sent whole
    fails_with "$1" 0 || return 1
    shift
    for text in "$@"; do has "$text" || return 1; done
}
check "truncated: half the JSON, as if that were all" fails_with truncated 0
check "and it is cut" lacks '"name":"Contoso administrator"}'
check "empty: nothing at all" fails_with empty 0
check "and no body" sh -c "[ ! -s '$work/body' ]"
check "null: no object" bent null null
check "array: a list instead" bent array '[{"user"'
check "html: a page instead" bent html '<!DOCTYPE html>'
check "deep: 33 levels" bent deep "$(printf '[%.0s' $(seq 32))]"
check "abyss: 100 000 levels" fails_with abyss 0
check "all of them" sh -c "[ \$(wc -c <'$work/body') -gt 200000 ]"
check "bad-utf8: a name that is no text" bent bad-utf8 "$(printf '{"\377\376":1,')"
check "nul: a name with a zero byte" bent nul '":1,"user"'
check "twice: one name twice" bent twice '"same":1,"same":2'
check "missing: the first member is gone" fails_with missing 0
check "and the others are there" has '{"account"'
check "texts-as-numbers: each text is a number" bent texts-as-numbers '"name":7'
check "texts-as-null: each text is null" bent texts-as-null '"name":null'
check "escapes: each text clears the screen" bent escapes 'administrator\u001B[2J'
check "clipboard: each text sets the clipboard" bent clipboard 'administrator\u001B]52;'
check "override: each text turns the direction round" bent override 'administrator\u202E'
check "long-texts: each text is a megabyte longer" bent long-texts xxxxxxxxxxxxxxxx
check "and the answer as a whole is longer than three" sh -c "[ \$(wc -c <'$work/body') -gt 3000000 ]"
ask GET /v1/me
check "a fault that was to happen once happens once" is 200

plain_ask PUT /faults -d 'fault=big-numbers&times=1'
ask GET /v1/states
check "big-numbers: each number is 2^63" has '"total":9223372036854775808'
plain_ask PUT /faults -d 'fault=huge-numbers&times=1'
ask GET /v1/states
check "huge-numbers: each number is beyond all" has '"total":1e400'
plain_ask PUT /faults -d 'fault=numbers-as-texts&times=1'
ask GET /v1/states
check "numbers-as-texts: each number is a text" has '"total":"51"'

by_tls() { curl -sS --noproxy '*' --max-time 2 --cacert "$authority" -o "$work/body" "https${base#http}/v1" 2>>"$work/body"; status=$?; }
by_tls
check "who begins with TLS is answered over TLS" equal "$status" 0
plain_ask PUT /faults -d 'fault=tls-plain&times=1'
by_tls
check "tls-plain: the handshake is answered in plain http" equal "$status" 35
plain_ask PUT /faults -d 'fault=tls-reset&times=1'
by_tls
check "tls-reset: it is torn down" equal "$status" 35
plain_ask PUT /faults -d 'fault=tls-stall&times=1'
by_tls
check "tls-stall: it is never answered" equal "$status" 28
untrusted() { plain_ask PUT /faults -d "fault=$1&times=1"; by_tls; [ "$status" = 60 ] && has "$2"; }
check "tls-self-signed: a certificate that vouches for itself" untrusted tls-self-signed 'self-signed certificate'
check "tls-expired: one that has expired" untrusted tls-expired 'certificate has expired'
check "tls-early: one that is not valid yet" untrusted tls-early 'certificate is not yet valid'
check "tls-other-host: one of another host" untrusted tls-other-host 'subject name'
by_tls
check "then all is well again" equal "$status" 0

plain_ask PUT /faults -d 'fault=answer&times=1&status=503&header=Retry-After:+-1&body=later&match=PUT+/v1/users&skip=1'
ask GET /v1/users
check "a fault waits for the request that it was meant for" is 200
put /v1/users/a '{"n":1}'
check "and lets as many through as it was told" is 201
put /v1/users/a '{"n":2}'
check "then it answers as told" answer 503 later
check "with the header as told" head_has '^Retry-After: -1'
plain_ask PUT /faults -d 'fault=lost&times=1'
ask PUT /v1/users/b -H 'Content-Type: application/json' -H 'If-None-Match: *' -d '{"n":1}' 2>/dev/null
check "lost: the answer does not come" is 000
ask GET /v1/users/b
check "but it was done" is 200
check "as the log knows" grep -qx 'PUT /v1/users/b 201' "$work/log"
plain_ask PUT /faults -d 'fault=answer&status=500'
ask GET /v1/me
check "without a number a fault happens" is 500
ask GET /v1/me
check "again and again" is 500
plain_ask DELETE /faults
ask GET /v1/me
check "until it is told to end" is 200
plain_ask PUT /faults -d 'fault=answer&status=500&every=2'
found=
for n in 1 2 3 4; do ask GET /v1/me; found="$found $status"; done
check "every=2: each second request fails, beginning with the first" equal "$found" " 500 200 500 200"
plain_ask DELETE /faults
plain_ask PUT /faults -d 'fault=unheard'
check "an unknown fault is refused, and those that there are are told" answer 400 reset-body
finish
