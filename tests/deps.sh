#!/bin/sh
# Installs the Debian packages that are missing: deps.sh build, check (what the tests need too), bench (what is measured beside us), fuzz
# or medusa (what a commerce server needs that is set up by tests).
set -eu
build="gcc libc6-dev make libncurses-dev libcurl4-openssl-dev libcurl4 libjansson-dev libyaml-dev libunistring-dev libqrencode-dev \
libsodium-dev libmicrohttpd-dev libgnutls28-dev libsqlite3-dev ca-certificates"
check="libcmocka-dev libvterm-dev zbar-tools strace curl tmux procps git jq"
# Tests that need these are skipped where they are not available. libFuzzer is part of libclang-rt.
fuzz="clang libclang-rt-14-dev"

missing() {
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s ' "$package"
    done
}

export DEBIAN_FRONTEND=noninteractive
as_root=
install() {     # packages...: those that are missing
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            { echo "These packages are missing, and neither root nor sudo is at hand: $wanted" >&2; return 1; }
        as_root=sudo
    fi
    echo "Installing: $wanted" >&2
    # Word splitting is meant: a list of packages.
    # shellcheck disable=SC2086
    get() { $as_root apt-get install -y -qq --no-install-recommends $wanted >/dev/null; }
    get 2>/dev/null || { $as_root apt-get update -qq && get; }
}

optional() {    # packages...: the same, but that they are not available is no error
    install "$@" || echo "Not available, so some tests are skipped: $(missing "$@")" >&2
}

# shellcheck disable=SC2086
case ${1:-build} in
check)
    install $build $check
    optional chromium libnss3-tools
    command -v npm >/dev/null 2>&1 || optional npm
    optional $fuzz
    optional valgrind
    ;;
fuzz) install $build libcmocka-dev $fuzz ;;
bench) install $build libvterm-dev libcmocka-dev dialog whiptail fzf ;;
medusa)     # a commerce server to be set up: tests/medusa
    command -v npm >/dev/null 2>&1 || install npm
    install postgresql
    ;;
*) install $build ;;
esac
