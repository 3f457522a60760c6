#!/bin/sh
# Whom the program trusts: a CA file is the only one, and keys of connections are never written to a file.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
asked= status=
export SSLKEYLOGFILE="$work/sandbox-keys"
start
unset SSLKEYLOGFILE
mkdir "$work/other" "$work/closed"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/other/key.pem" -out "$work/other/ca.pem" -days 2 \
    -subj /CN=other.test 2>/dev/null

# config NAME CA_FILE [SED EXPRESSION]
config() { sed "s|^  address:.*|  address: $base\n  ca_file: $2|; ${3:-}" "$here/assets/examples/config.yaml" >"$work/$1.yaml"; }
run() { name=$1; shift; timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/$name.yaml" --state-dir "$work/state-$name" >"$work/out" 2>&1; ended=$?; }
# The same, with the files that it and its children look for in $work/trace.
traced() {
    name=$1
    shift
    timeout 60 strace -f -qq -e trace=%file -o "$work/trace" "$BUILD/commerce-setup" "$@" --config "$work/$name.yaml" \
        --state-dir "$work/state-$name" >"$work/out" 2>&1
    ended=$?
}
ended_with() { [ "$ended" = "$1" ]; }
said() { tr '\n' ' ' <"$work/out" | grep -qE -- "$1"; }
looked_for() { grep -qE -- "$1" "$work/trace"; }
never_looked_for() { ! looked_for "$1"; }

config other "$work/other/ca.pem"
traced other check
check "another CA file than the service's fails the check" ended_with 69
check "the check read the CA file" looked_for "$work/other/ca.pem"
check "the check looks for no certificate in the system's directory" never_looked_for '/ssl/certs/'
traced other plan "$here/assets/examples/answers.yaml" --token-file "$work/token"
check "a request with another CA file fails" ended_with 69
check "a request read the CA file" looked_for "$work/other/ca.pem"
check "a request looks for no certificate in the system's directory" never_looked_for '/ssl/certs/'

config good "$ca"
SSLKEYLOGFILE=$work/keys run good check
check "the check passes with the service's own CA file" said 'pass TLS'
SSLKEYLOGFILE=$work/keys run good sign-in --token-file "$work/token"
check "a token is accepted over TLS" ended_with 0
check "no keys of the connections are written to SSLKEYLOGFILE" test ! -e "$work/keys"

check "nor are those of the sandbox" test ! -e "$work/sandbox-keys"

head -c 20000 /dev/zero | tr '\0' a >"$work/large"
run good sign-in --token-fd 3 3<"$work/large"
check "a token that is too large is an error of the command line" ended_with 64
check "it is not cut and sent" said 'The token on descriptor 3 is larger than 16 KiB'

config missing "$work/none.pem"
run missing check
check "a missing CA file fails the check" ended_with 69
check "it is named" said "cannot read the CA file $work/none.pem: No such file"
check "it is not taken for a fault of the service" sh -c "! grep -q 'prove' '$work/out'"
run missing sign-in --token-file "$work/token"
check "a missing CA file is an error of the configuration" ended_with 78
check "it is named to who signs in" said "cannot read the CA file $work/none.pem: No such file"

echo text >"$work/text.pem"
config text "$work/text.pem"
run text check
check "a CA file without a certificate is named" said "The CA file $work/text.pem contains no valid certificate"

if [ "$(id -u)" = 0 ]; then
    chmod 755 "$work"
    cp "$ca" "$work/closed/ca.pem"
    chmod 700 "$work/closed"
    config closed "$work/closed/ca.pem" 's|^erp:|erp:\n  service_user: nobody|'
    run closed check
    check "a CA file that the service user cannot read is named with the user" said "The user nobody cannot read the CA file $work/closed/ca.pem: Permission denied"
fi
finish
