# The program in a terminal of tmux's, seen by what its screen shows; sourced after sandbox.sh.
#
#   pane 80x24 COMMAND...       starts it there, in a UTF-8 locale; one at a time
#   keys Down Enter             as tmux send-keys
#   shows "a text"              waits for it, up to 20 s; hides waits for its end
#   gone                        closes the terminal, as a broken connection does, and waits for the program's end
# What the program writes is in $work/bytes.

socket=screens-$$
pane_pid=

pane() {
    size=$1
    shift
    command=
    for word in "$@"; do command="$command '$word'"; done
    : >"$work/bytes"
    LC_ALL=C.UTF-8 tmux -L "$socket" -f /dev/null new-session -d -x "${size%x*}" -y "${size#*x}" "exec $command"
    tmux -L "$socket" pipe-pane "cat >>'$work/bytes'"
    pane_pid=$(tmux -L "$socket" display-message -p '#{pane_pid}')
}
keys() { tmux -L "$socket" send-keys "$@"; }
screen() { tmux -L "$socket" capture-pane -p 2>/dev/null; }
seen() { screen | grep -qF -- "$1"; }
unseen() { ! seen "$1"; }
shows() { in_time seen "$1"; }
hides() { in_time unseen "$1"; }
in_time() {
    turns=0
    until "$@"; do
        turns=$((turns + 1))
        if [ $turns -gt 400 ]; then
            asked="screen" status=
            screen >"$work/body"
            return 1
        fi
        sleep 0.05
    done
}
gone() {
    tmux -L "$socket" kill-session
    turns=0
    while kill -0 "$pane_pid" 2>/dev/null; do
        turns=$((turns + 1))
        [ $turns -gt 400 ] && return 1
        sleep 0.05
    done
}
no_more_panes() { tmux -L "$socket" kill-server 2>/dev/null; }
