#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian 13 as a host: a root of it, made by debootstrap and kept in the cache, in which the project
# installs what it needs, runs its fast tests and its demo, and makes the same module as here.
. tests/support/tap.sh
suite=trixie
cache=$(realpath -m "${SUTURE_CACHE:-/var/cache/suture}")
base=$cache/roots/host-$suite
mirror=$(awk '$1 == "URIs:" { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null)

skip_all() {
	echo "1..0 # skip $1"
	exit 0
}
[ "$(id -u)" = 0 ] || skip_all "only root can make a root of another release"
command -v debootstrap >/dev/null || skip_all "debootstrap is not installed"

make_root() (
	set -e
	rm -rf "$base" "$base.new"
	mkdir -p "$base.new"
	debootstrap --variant=minbase --include=ca-certificates "$suite" "$base.new/tree" \
		"${mirror:-http://deb.debian.org/debian}"
	: >"$base.new/stamp"
	mv "$base.new" "$base"
)

if [ ! -f "$base/stamp" ]; then
	make_root >"$dir/base.log" 2>&1
	check "a root of Debian's $suite is made" [ -f "$base/stamp" ]
	[ -f "$base/stamp" ] || {
		tail -n 20 "$dir/base.log" | sed 's/^/# /'
		finish
		exit 1
	}
fi

# A root that lasts holds the installed packages; the source tree and the build are thrown away.
root=$base/tree
mounts=()
clean_up() {
	local at

	for at in "${mounts[@]}"; do
		umount -l "$root$at" 2>/dev/null
	done
	rm -rf "$root/src" "$dir"
}
trap clean_up EXIT
attach() { # FOLDER: that of this machine, at the same place
	mkdir -p "$root$1"
	mount --rbind "$1" "$root$1" && mounts=("$1" "${mounts[@]}")
}
for folder in /proc /dev /sys "$cache"; do
	attach "$folder" || skip_all "nothing can be mounted"
done
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
rm -rf "$root/src"
mkdir "$root/src"
git ls-files -z | xargs -0 cp --parents -t "$root/src"

# within COMMAND...: in the root and its source tree; the output goes to a file that is told of
within() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 SUTURE_CACHE="$cache" \
		sh -c 'cd /src && exec "$@"' sh "$@" >"$dir/within.out" 2>&1
	status=$?
	out=$(tail -n 40 "$dir/within.out")
	err=
	return $status
}

check "the project installs what it needs" within scripts/install-deps build run check demo
check "it is built without a warning" within make -j"$(nproc)"
check "no warning is among the output" not grep -q 'warning:' "$dir/within.out"
check "the fast tests pass" within make check-unit
check "the demo patches the release's own kernel" within make demo
check "which is that of the release" grep -q "6\.12\..*+deb13" "$dir/within.out"
release=$(grep -oE '6\.12\.[0-9]+\+deb13-amd64' "$dir/within.out" | head -n 1)
within build/suture -q build -k "$release" -o /src/out -n same demo/demo.patch
check "the module is made there" [ -s "$root/src/out/same.ko" ]
run -q build -k "$release" -o "$dir/out" -n same demo/demo.patch
check "and here" [ -s "$dir/out/same.ko" ]
check "the two have the same bytes" cmp "$root/src/out/same.ko" "$dir/out/same.ko"
finish
