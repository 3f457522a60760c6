# What tests need from npm (node/package.json beside this), installed once under BUILD; sourced.
#
#   node_prepare || skip "the pages in a browser" "npm is not available"
#   node some.js                    finds them by NODE_PATH

skip() {
    echo "ok - $1 # SKIP $2"
    exit 0
}

node_prepare() {
    command -v node >/dev/null && command -v npm >/dev/null || return 1
    case $BUILD in /*) node_home=$BUILD/node ;; *) node_home=$PWD/$BUILD/node ;; esac
    node_wanted=$(cd "$(dirname "$0")/../support/node" && pwd)
    mkdir -p "$node_home"
    export NODE_PATH="$node_home/node_modules"
    (
        flock 9     # two tests may want it at once
        cmp -s "$node_wanted/package-lock.json" "$node_home/installed" && exit 0
        cp "$node_wanted/package.json" "$node_wanted/package-lock.json" "$node_home" && cd "$node_home" &&
            timeout 120 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=20000 >install.log 2>&1 &&
            cp package-lock.json installed
    ) 9>"$node_home/lock"
}
