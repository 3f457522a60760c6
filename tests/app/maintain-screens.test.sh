#!/bin/sh
# Maintaining an account in the full screen of a terminal of 80x24, and in line mode, against the real sandbox.
set -u
BUILD=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
case $BUILD in /*) ;; *) BUILD=$here/$BUILD ;; esac
. "$here/tests/support/sandbox.sh"
. "$here/tests/support/tmux.sh"
trap 'no_more_panes; stop; rm -rf "$work"' EXIT
start --activation-seconds 0
printf 'service:\n  address: %s\n  ca_file: %s\nerp:\n  version: ax2012-r2\n  change_tracking_check: [echo, "1"]\n' "$base" "$ca" >"$work/config.yaml"
program="$BUILD/commerce-setup --config $work/config.yaml --state-dir $work/state --token-file $work/token"
check "the account is set up" $program apply "$here/assets/examples/answers.yaml" --wait
change_online() {   # organization, phone
    ask GET /v1/account
    etag=$(header ETag)
    sed "s/\"organization\":\"[^\"]*\"/\"organization\":\"$1\"/; s/\"phone\":\"[^\"]*\"/\"phone\":\"$2\"/" "$work/body" >"$work/changed"
    ask PUT /v1/account -H "If-Match: $etag" -H 'Content-Type: application/json' --data-binary "@$work/changed"
}
active() { ask GET /v1/activation; has "\"status\":\"$1\""; }

pane 80x24 $program
shows 'Maintain the account'
keys End Up Enter
check "the checklist has a section to maintain the account" shows '> [ Manage account online ]'
keys Enter
check "managing it online shows the address" shows "$base/account"
check "alone in its line from the first column" sh -c "tmux -L $socket capture-pane -p | grep -qE '^$base/account( |\$)'"
check "with a QR code" shows '█▀▀▀▀▀█'
change_online Northwind '425-555-0199'
keys Enter
check "coming back compares, and shows what was changed there" shows '2 values were changed on the service.'
check "field by field, your answer" shows 'Your answer:    Contoso Outdoor'
check "and the value on the service" shows 'On the service: Northwind'
check "no button has the focus" shows '> Organization'
keys Enter
check "Enter decides nothing" shows 'On the service: Northwind'
keys Down Down
shows '> [ Use the value on the service ]'
keys Enter
check "the value on the service is taken" hides 'On the service: Northwind'
check "and the focus is on no button of the next field" shows '> Phone'
keys Down Enter
check "the answer is kept, and with that every value is chosen" shows 'Every value is chosen.'
ask GET /v1/account
check "nothing was overwritten by that" has '"phone":"425-555-0199"'
keys F2
shows 'saved, not sent'
keys F10
check "what was kept is sent with everything that is saved" shows 'Sent: Account information.'
ask GET /v1/account
check "and the service holds it" has '"phone":"+1 425 555 0150"'

keys End Up Enter
shows '[ Disconnect ]'
keys End Up Enter
check "disconnecting wants the organization's name typed" shows 'Type Organization to go on: Northwind'
keys -l northwind
keys Down Down Enter
check "a slip does nothing" shows 'The text does not match. Nothing was done.'
check "and the service saw nothing of it" sh -c "! grep -q '^POST /v1/disconnection' '$work/log'"
keys Escape
check "Esc changes nothing" shows '[ Disconnect ]'
keys Home Down Down Down Enter
check "deactivating asks first" shows 'Deactivate it?'
keys n
shows '[ Disconnect ]'
check "no does nothing" active active
keys Home Down Down Down Enter
shows 'Deactivate it?'
keys y
check "yes deactivates" shows 'The account is deactivated.'
check "as the service says" active inactive
keys Home Down Down Down
shows '> [ Reactivate ]'
keys Enter
check "it is activated again" shows 'The account is active again.'
check "as the service says too" active active
gone

# --- line mode ----------------------------------------------------------------------------------------------------

says() { grep -qF -- "$1" "$work/said"; }
lines() {   # what is typed, once the token is proven
    : >"$work/said"     # what the run before said counts no more
    $program --line <"$work/typed" >>"$work/said" 2>&1 &
    line_pid=$!
    exec 3>"$work/typed"
    until says 'Signed in as'; do kill -0 $line_pid 2>/dev/null || return 1; sleep 0.05; done
    printf '%s\n' "$@" quit >&3
    exec 3>&-
    wait $line_pid
}
mkfifo "$work/typed"
line=$($program status | grep -n 'Maintain the account' | cut -d: -f1)
change_online Fabrikam '425-555-0150'
lines "$line" manage-online '' 'theirs 1' 'mine all'
check "in line mode too the address is shown" grep -qxF "$base/account" "$work/said"
check "what was changed there is told" says 'On the service: Fabrikam'
check "and settled by number" says 'Every value is chosen.'
lines "$line" disconnect fabrikam
check "a slip in the name does nothing" says 'The text does not match. Nothing was done.'
lines "$line" disconnect ''
check "Enter changes nothing" sh -c "! grep -q '^POST /v1/disconnection' '$work/log'"
lines "$line" deactivate n
check "no does nothing in line mode" active active
lines "$line" disconnect Fabrikam
check "the right name disconnects" says 'The account is disconnected.'
finish
