# Several terminals of tmux's at once, each with a name; sourced, with work set. Whoever sources it ends them: mux kill-server.
#
#   mux new-session -d -s NAME COMMAND      as tmux
#   until_seen PATTERN screen NAME          a pattern, and what shows it, a screen or a file; 20 s at most
#   pull_away NAME STATE_DIR                the terminal goes, and the program with it
mux() { tmux -L "mux-$$" "$@"; }
screen() { mux capture-pane -p -t "$1"; }
until_seen() {
    pattern=$1 turns=0
    shift
    until "$@" 2>/dev/null | grep -qE -- "$pattern"; do
        turns=$((turns + 1))
        [ $turns -lt 200 ] || return 1
        sleep 0.1
    done
}
pull_away() {
    holder=$(sed -n 's/^pid: "*\([0-9]*\)"*$/\1/p' "$2/state.lock")
    mux kill-session -t "$1"
    while kill -0 "$holder" 2>/dev/null; do sleep 0.05; done
}
