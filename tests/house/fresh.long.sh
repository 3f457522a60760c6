#!/bin/sh
# The two commands of README.md on a fresh Debian 12: systems of their own, made by debootstrap, into which the committed tree
# is cloned. Each is thrown away; mounts live in a namespace that ends with the command.
set -u
. tests/support/tell.sh

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null || ! unshare --mount --pid --fork true 2>/dev/null; then
    echo "ok - a fresh Debian 12 # SKIP root, debootstrap and namespaces are needed"
    exit 0
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf --one-file-system "$work"' EXIT

debootstrap --variant=minbase bookworm "$work/bare" >"$work/told" 2>&1 || { cat "$work/told"; exit 1; }
git clone -q . "$work/bare/src" && cp /etc/resolv.conf "$work/bare/etc/resolv.conf" || exit 1
cp -a "$work/bare" "$work/made"
cat >"$work/enter" <<'EOF'
mount -t proc proc "$1/proc" && mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts" || exit 1
cd / && exec chroot "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh -c "cd /src && $2"
EOF

# inside SYSTEM COMMAND: its exit status; what it printed is in $work/told.
inside() { unshare --mount --pid --fork sh "$work/enter" "$work/$1" "$2" >"$work/told" 2>&1 </dev/null; }

# holds STATUS TEXT: tells, with the end of what was printed when it does not hold.
holds() {
    tell "$1" "$2"
    [ "$1" -eq 0 ] || tail -n 40 "$work/told" | sed 's/^/# /'
}

! inside bare "command -v make || command -v cc || command -v curl || command -v git"
holds $? "the fresh system has no make, no compiler, no curl and no git"
inside made "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends make"
holds $? "make can be installed"

inside made "make try"
holds $? "make try without a terminal ends with 0"
grep -q '^Complete: every step is done' "$work/told"
holds $? "and with every step of the checklist done"
grep -q 'No changes' "$work/told"
holds $? "and finds nothing to do the second time"
inside made "make check"
holds $? "make check ends with 0"
tail -n 1 "$work/told" | grep -q '^[1-9][0-9]* passed, 0 failed, [0-9]* skipped$'
holds $? "and with the line that counts"
inside bare ".ci/run"
holds $? ".ci/run ends with 0 where not even make is installed"
tail -n 1 "$work/told" | grep -q '^[1-9][0-9]* passed, 0 failed, [0-9]* skipped$'
holds $? "and with the line that counts"
exit $failed
