#!/bin/sh
# The prerequisites as an administrator sees them, and what they have to do with the activation: real commands, real TLS.
set -u
BUILD=$1
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
here=$(cd "$(dirname "$0")/../.." && pwd)
. "$here/tests/support/sandbox.sh"
asked= status=
start --activation-seconds 0
cp -r "$here/assets/examples/secrets" "$here/assets/examples/answers.yaml" "$work/"

# config NAME [SED EXPRESSION]: a configuration that is good but for what the expression spoils.
config() {
    sed "s|^  address:.*|  address: $base\n  ca_file: $ca|" "$here/assets/examples/config.yaml" | sed "${2:-}" >"$work/$1.yaml"
}
ends() { wanted=$1 name=$2; shift 2; timeout 60 "$BUILD/commerce-setup" "$@" --config "$work/$name.yaml" --state-dir "$work/$name" >"$work/out" 2>"$work/err"; [ $? = "$wanted" ]; }
said() { grep -qE -- "$1" "$work/out"; }
never_said() { ! said "$1"; }

config good
check "checks that pass or warn end with 0" ends 0 good check
for part in Name TCP Proxy TLS Clock 'API version'; do
    check "reachability tells $part on a line of its own, with the time it took" said "^ +pass $part: .* \([0-9]+ ms\)"
done
check "what is not configured is a warning that says how to configure it" said '^warn The application server.s user reaches the Internet: Not tested: erp.service_user'

config tracking 's/"1"/"0"/'
check "a check that fails is told by the exit status" ends 69 tracking check
check "what the command said is told" said '^FAIL Change tracking.*echo said "0", not "1"'
check "and the remedy as T-SQL" said '^ALTER DATABASE \[AX2012\] SET CHANGE_TRACKING = ON'
check "with a failed check nothing is activated" ends 69 tracking apply "$work/answers.yaml" --token-file "$work/token"
check "and the reason is told" said 'To be done first: Check prerequisites'
check "the service was not asked to activate" sh -c "! grep -q 'POST /v1/activation' '$work/log'"

config untested '/change_tracking_check/d'
check "what is not tested does not stop the activation" ends 0 untested apply "$work/answers.yaml" --token-file "$work/token" --wait
check "it stays a warning" said 'Check prerequisites: passed, 2 warnings'

config distrusted '/ca_file/d'
check "an untrusted certificate fails the check" ends 69 distrusted check
check "at TLS" said '^ +FAIL TLS: .*has no certificate that this server trusts'
check "and nothing after it is claimed" never_said 'Clock|API version'

config closed "s|address: .*|address: https://127.0.0.1:1|"
check "where nobody listens the check fails" ends 69 closed check
check "at TCP" said '^ +FAIL TCP: .*Connection refused'

# The other example of config.example.yaml, word for word, with a program in isql's place that wants the query as its input.
mkdir "$work/bin"
cat >"$work/bin/isql" <<'END'
#!/bin/sh
[ "$*" = "-b -d, ERP" ] && grep -q 'FROM sys.change_tracking_databases WHERE database_id' && echo 1
END
chmod +x "$work/bin/isql"
sed -n '/^  # change_tracking_check:/,/^$/s/^  # /  /p' "$here/config.example.yaml" >"$work/example"
config isql "/change_tracking_check/{r $work/example
d}"
PATH=$work/bin:$PATH
check "the example for isql runs it with the query as its input" ends 0 isql check
check "and passes" said '^pass Change tracking'

stop
start --plain
config plain "s|address: .*|address: https${base#http}|; /ca_file/d"
check "who speaks no TLS fails the check" ends 69 plain check
check "at TLS too" said '^ +FAIL TLS: '
finish
