#!/bin/sh
# Signing in a server over HTTPS as its administrator does it: with a code, in a browser. What needs time to pass is in
# oauth.c beside this.
#   sign-in.test.sh BUILD_DIR
BUILD=$1
here=$(dirname "$0")
. "$here/../support/sandbox.sh"
approve="$here/../support/approve.sh"
start --interval 0

form() { plain_ask POST "$@"; }
tokens() { plain_ask POST /oauth/token -d client_id=commerce-setup "$@"; }
by_device() { tokens -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d "device_code=$1"; }
by_refresh() { tokens -d grant_type=refresh_token -d "refresh_token=$1"; }
begin() {
    plain_ask POST /oauth/device_authorization -d client_id=commerce-setup -d 'host=<erp01>.contoso.example' "$@"
    device=$(member device_code) code=$(member user_code)
}

plain_ask GET /.well-known/oauth-authorization-server
check "the metadata names the issuer as the asker knows it" answer 200 "\"issuer\":\"$base\""
check "and where to begin" has "\"device_authorization_endpoint\":\"$base/oauth/device_authorization\""

begin
check "a server gets a code to show and a page to name" answer 200 "\"verification_uri\":\"$base/device\"" \
    "\"verification_uri_complete\":\"$base/device?user_code=$code\"" '"expires_in":900' '"interval":0'
check "the code has eight consonants" sh -c "echo '$code' | grep -qxE '[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}'"
by_device "$device"
check "until somebody approves, it is told to wait" answer 400 '"error":"authorization_pending"'
asked=approve.sh
check "somebody approves in a browser" sh "$approve" "$base" "$ca" "$code"
by_device "$device"
check "then it gets its tokens" answer 200 '"token_type":"Bearer"' '"expires_in":900' '"access_token":"' '"refresh_token":"' \
    '"scope":"openid offline_access commerce.manage"'
access=$(member access_token) refresh=$(member refresh_token)
by_device "$device"
check "but only once" answer 400 '"error":"invalid_grant"'
check "the code cannot be approved again" sh -c "! sh '$approve' '$base' '$ca' '$code'"

plain_ask GET /oauth/userinfo -H "Authorization: Bearer $access"
check "the token tells who signed in" answer 200 '"email":"admin@contoso.example"' '"account":"acc_'
plain_ask GET /v1/account -H "Authorization: bearer $access"
check "and opens the account" is 200
by_refresh "$refresh"
check "a refresh token gives new tokens" is 200
second=$(member refresh_token)
by_refresh "$refresh"
check "and the same successor when the answer was lost" equal "$(member refresh_token)" "$second"
plain_ask POST /oauth/revoke -d "token=$second" -d client_id=commerce-setup
check "a token can be revoked" is 200
plain_ask GET /v1/account -H "Authorization: Bearer $access"
check "then nothing of that sign-in is left" is 401
by_refresh "$refresh"
check "not even its older refresh tokens" answer 400 '"error":"invalid_grant"'
plain_ask POST /oauth/revoke -d token=unknown
check "an unknown token counts as revoked" is 200

begin
asked=approve.sh
check "somebody refuses" sh "$approve" "$base" "$ca" "$code" refuse
by_device "$device"
check "and the server is told so" answer 400 '"error":"access_denied"'
begin -d scope=openid
sh "$approve" "$base" "$ca" "$code"
by_device "$device"
check "without offline_access there is no refresh token" lacks refresh_token
access=$(member access_token)
plain_ask GET /v1/account -H "Authorization: Bearer $access"
check "without commerce.manage the account stays shut" is 403

plain_ask POST /oauth/device_authorization -d client_id=somebody
check "an unknown client is refused" answer 401 '"error":"invalid_client"'
begin -d scope=everything
check "so is an unknown scope" answer 400 '"error":"invalid_scope"'
tokens -d grant_type=password
check "and an unknown grant" answer 400 '"error":"unsupported_grant_type"'
plain_ask POST /oauth/token -H 'Content-Type: application/json' -d '{}'
check "and what is not a form" answer 400 '"error":"invalid_request"'

# --- the pages ----------------------------------------------------------------------------------------------------

jar=$work/jar
page() {    # method, path, more; with the browser's cookies
    verb=$1 path=$2
    shift 2
    plain_ask "$verb" "$path" -b "$jar" -c "$jar" "$@"
}
send() {    # path, more: the form that was shown last
    path=$1
    shift
    page POST "$path" -H "Origin: $base" -d "form=$(hidden)" "$@"
}
hidden() { sed -n 's/.*name="form" value="\([0-9a-f]*\)".*/\1/p' "$work/body" | head -n 1; }

begin
page GET "/device?user_code=$code"
check "who is not signed in is asked to do so first" is 303
check "the cookie is for this host, over TLS and not for scripts" \
    head_has '^Set-Cookie: __Host-commerce=[0-9a-f]*; Path=/; HttpOnly; SameSite=Lax; Max-Age=[0-9]*; Secure'
check "and comes back afterwards" head_has "^Location: /sign-in?next=%2Fdevice%3Fuser_code%3D$code"
page GET "$(header Location)"
check "the sign-in is a page without scripts, in nobody's frame" \
    sh -c "grep -qi \"^Content-Security-Policy: default-src 'none'.*frame-ancestors 'none'\" '$work/head' && ! grep -qi '<script' '$work/body'"
before=$(awk '$6 == "__Host-commerce" { print $7 }' "$jar")
page POST /sign-in -H 'Origin: https://evil.example' -d "form=$(hidden)" -d email=admin@contoso.example -d password=sandbox
check "a form from elsewhere is refused" is 403
page GET "/sign-in?next=https%3A%2F%2Fevil.example"
check "the sign-in leads to our own pages only" has 'name="next" value="/account"'
page POST /sign-in -H "Origin: $base" -d email=admin@contoso.example -d password=sandbox
check "a form without its token is refused" is 403
page GET "/sign-in?next=%2Fdevice%3Fuser_code%3D$code"
send /sign-in -d email=admin@contoso.example -d password=Sandbox
check "a wrong password is told, but not what is wrong" answer 422 'The e-mail address or the password is wrong.'
send /sign-in -d email=admin@contoso.example -d password=sandbox -d "next=/device?user_code=$code"
check "with the right one it goes on" is 303
check "signing in makes a new session" test "$before" != "$(awk '$6 == "__Host-commerce" { print $7 }' "$jar")"
page GET "$(header Location)"
check "the code of the address is filled in" answer 200 "value=\"$code\""
send /device -d "user_code=$(echo "$code" | tr -d - | tr 'A-Z' 'a-z')"
check "typed in small letters without the dash it is the same" answer 200 "$code"
check "the page shows who asks for what" answer 200 '&lt;erp01&gt;.contoso.example' 'Only approve if you started this yourself' \
    '<dt>Asked at</dt>' 'see and change the set-up'
check "what the server called itself is text, never HTML" lacks '<erp01>'
send /device/decision -d "user_code=$code" -d decision=perhaps
check "what is no decision is asked again" answer 200 'Approve this server?'
send /device/decision -d "user_code=$code" -d decision=approve
check "approving is told" answer 200 '<h1>Approved</h1>'
page GET /device
send /device/decision -d "user_code=$code" -d decision=refuse
check "what was decided is not decided again" is 422
begin
for try in 3 4 5; do     # the first was the code that was given twice at the start, the second that which was decided
    page GET /device
    send /device -d user_code=BBBBBBBB
done
check "a wrong code is told" answer 422 'This code is not right'
page GET /device
send /device -d "user_code=$code"
check "after five wrong codes even the right one has to wait" is 429
check "and is told how long" head_has '^Retry-After: '
page GET /device
send /device/decision -d "user_code=$code" -d decision=approve
check "nor can it be approved without being shown" is 429

page GET /account
check "the account is shown" answer 200 'name="organization"' 'Sign out'
check "and not kept by the browser" head_has '^Cache-Control: no-store'
send /account -d version=0 -d 'organization=<b>Contoso</b>' -d zip=1
check "what is wrong stands beside its field" answer 422 'id="zip-fault"' 'value="&lt;b&gt;Contoso&lt;/b&gt;"'
page GET /account
send /account -d version=0 -d organization=Contoso -d legal_entity=USMF -d contact_name=Ada -d email=ada@contoso.example \
    -d phone=425-555-0100 -d 'street=1 Main St' -d city=Redmond -d state=WA -d zip=98052 -d country=US \
    -d time_zone=America/Los_Angeles -d currency=USD -d environment=test
check "the account can be changed on the web site" is 303
page GET "$(header Location)"
check "and that is told by a page that can be loaded again" answer 200 'Saved.' 'value="Contoso"'
ask GET /v1/account
check "and the servers see it" answer 200 '"organization":"Contoso"'
page GET /servers
check "servers that are signed in are listed, those that are signed out are not" answer 200 '<h2>&lt;erp01&gt;.contoso.example</h2>'
check "once each" equal "$(grep -c '<li>' "$work/body")" 2
server=$(sed -n 's/.*name="server" value="\([0-9a-f]*\)".*/\1/p' "$work/body" | head -n 1)
send /servers -d "server=$server"
check "each can be signed out there" head_has '^Location: /servers?done=yes'
plain_ask GET /oauth/userinfo -H "Authorization: Bearer $access"
check "then its token is refused" is 401
page GET /servers
check "and it is listed no more" lacks "$server"
send /servers -d "server=$server"
check "and cannot be signed out twice" answer 404 'not signed in'
page GET /account
send /account -d version=0
check "a change from an old page is not saved" answer 409 'changed by somebody else'
page GET /account
send /sign-out
for path in /account /servers /device; do
    page GET $path
    check "after signing out $path is not shown" is 303
done
page GET /sign-in
cp "$work/body" "$work/form"
for path in /account /servers /device /device/decision; do
    cp "$work/form" "$work/body"
    send $path -d "user_code=$code" -d decision=approve
    check "nor is anything done at $path" head_has '^Location: /sign-in'
done
for try in 1 2 3 4; do
    cp "$work/form" "$work/body"
    send /sign-in -d email=mallory@fabrikam.example -d password=guess
done
check "after three wrong passwords the next has to wait" answer 429 'Try again in 1 seconds'
check "and is told how long, too" head_has '^Retry-After: 1'

rm -f "$jar"
page GET /sign-up
send /sign-up -d name=Eve -d email=admin@contoso.example -d password=short
check "an address is taken once, and a password has ten characters" answer 422 'id="email-fault"' 'id="password-fault"'
page GET /sign-up
send /sign-up -d name=Eve -d email=eve@fabrikam.example -d 'password=correct horse battery'
check "anybody can make an account of their own" is 303
page GET /account
check "and sees nothing of others" lacks Contoso
check "no code, token or password is in the log" sh -c \
    "! grep -qE 'user_code|[0-9a-f]{64}|sandbox|battery' '$work/log'"
finish
