#!/bin/sh
# Installs the Debian packages that are missing: deps.sh build, or deps.sh check (what the tests need too).
set -eu
build="gcc libc6-dev make libncurses-dev libcurl4-openssl-dev libcurl4 libjansson-dev libyaml-dev libunistring-dev libqrencode-dev \
libsodium-dev libmicrohttpd-dev libgnutls28-dev libsqlite3-dev ca-certificates"
check="libcmocka-dev libvterm-dev zbar-tools strace curl tmux procps git"
wanted=$build
[ "${1:-build}" = check ] && wanted="$build $check"

missing=
for package in $wanted; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "These packages are missing, and neither root nor sudo is at hand:$missing" >&2; exit 1; }
    as_root=sudo
fi
echo "Installing:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# Word splitting is meant: a list of packages.
# shellcheck disable=SC2086
install() { $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null; }
install 2>/dev/null || { $as_root apt-get update -qq && install; }
