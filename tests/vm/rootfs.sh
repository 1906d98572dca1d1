# SPDX-License-Identifier: GPL-2.0-or-later
# Makes Debian 12 roots for tests of "suture advise": debootstrap makes one, which is kept in the cache,
# laid below a tmpfs for each test, and booted as a container with its own systemd.  *.t source this.

. tests/support/tap.sh

roots=${SUTURE_CACHE:-/var/cache/suture}/roots
include=openssl,systemd-sysv,dbus,ca-certificates,kmod,linux-base
root='' nspawn='' leader=''

# The root has the versions of the point release; newer ones of the security archive are at hand.
newer="openssl libssl3 tzdata linux-image-cloud-amd64"

# need_root: skips the whole test if containers are not possible, else sets $base
need_root() {
	local tool

	for tool in debootstrap systemd-nspawn nsenter; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
	[ "$(id -u)" = 0 ] || skip_all "only root can start containers"
	base=$roots/bookworm-1
	if [ ! -f "$base/stamp" ]; then
		make_base >"$dir/base.log" 2>&1 || {
			echo "not ok 1 - a Debian 12 root"
			tail -n 20 "$dir/base.log" | sed 's/^/# /'
			echo 1..1
			exit 1
		}
	fi
}

skip_all() {
	echo "1..0 # skip $1"
	exit 0
}

make_base() (
	set -e
	mkdir -p "$roots"
	exec 9>"$roots/lock"
	flock 9
	[ ! -f "$base/stamp" ] || exit 0
	rm -rf "$base" "$base".new.*
	new=$(mktemp -d "$base.new.XXXXXX")
	mkdir "$new/tree"
	debootstrap --variant=minbase --include="$include" bookworm "$new/tree"
	cp /etc/resolv.conf "$new/tree/etc/resolv.conf"
	# The root uses the archives of this machine, so that there are newer versions.
	if [ -f /etc/apt/sources.list.d/debian.sources ]; then
		rm -f "$new/tree/etc/apt/sources.list"
		cp /etc/apt/sources.list.d/debian.sources "$new/tree/etc/apt/sources.list.d/"
	else
		cp /etc/apt/sources.list "$new/tree/etc/apt/sources.list"
	fi
	cat >"$new/tree/etc/apt/apt.conf.d/90test" <<-'CONF'
		Acquire::Check-Valid-Until "false";
		Acquire::Languages "none";
		APT::Install-Recommends "false";
	CONF
	chroot "$new/tree" apt-get -q update
	initramfs_package "$new/tree"
	rm -f "$new/tree/var/cache/apt/archives"/*.deb
	# shellcheck disable=SC2086 # a list
	chroot "$new/tree" apt-get -q -y -d install $newer
	chroot "$new/tree" apt-get -q -y -d install --reinstall systemd libsystemd-shared \
		dbus-daemon libdbus-1-3
	: >"$new/stamp"
	mv "$new" "$base"
)

# A kernel package needs a program that makes an initramfs, which these tests do not need.
initramfs_package() {
	package "$1/tmp" no-initramfs 1 "Provides: linux-initramfs-tool"
	chroot "$1" dpkg -i /tmp/no-initramfs_1.deb
}

# package DIR NAME VERSION [FIELD] [FOLDER]: makes DIR/NAME_VERSION.deb with the folder's files
package() {
	local tree

	tree=$(mktemp -d)
	mkdir "$tree/DEBIAN"
	[ -z "${5-}" ] || cp -a "$5/." "$tree/"
	{
		printf 'Package: %s\nVersion: %s\nArchitecture: amd64\n' "$2" "$3"
		[ -z "${4-}" ] || printf '%s\n' "$4"
		printf 'Maintainer: nobody <nobody@example.org>\nDescription: for a test\n'
	} >"$tree/DEBIAN/control"
	chmod 755 "$tree"
	dpkg-deb --root-owner-group -Znone -b "$tree" "$1/$2_$3.deb" >/dev/null
	rm -rf "$tree"
}

# need_layer NAME PACKAGE...: adds packages to the base; the result is kept in the cache, too
need_layer() {
	layer=$base/layer-$1
	[ -f "$layer/stamp" ] || make_layer "${@:2}" >"$dir/layer.log" 2>&1 || {
		echo "not ok 1 - a root with ${*:2}"
		tail -n 20 "$dir/layer.log" | sed 's/^/# /'
		echo 1..1
		exit 1
	}
}

make_layer() (
	set -e
	exec 9>"$roots/lock"
	flock 9
	[ ! -f "$layer/stamp" ] || exit 0
	rm -rf "$layer"
	mkdir -p "$layer/"{up,work,tree}
	trap 'umount "$layer/tree" || true' EXIT
	mount -t overlay overlay -o "lowerdir=$base/tree,upperdir=$layer/up,workdir=$layer/work" \
		"$layer/tree"
	chroot "$layer/tree" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install "$@"
	: >"$layer/stamp"
)

# open_root: makes $root of the base, the layer if there is one, a tmpfs above, and suture
open_root() {
	local lower=$base/tree

	[ -z "${layer-}" ] || lower=$layer/up:$lower
	mkdir "$dir/over"
	mount -t tmpfs -o size=2g,mode=755 none "$dir/over" || skip_all "nothing can be mounted"
	mkdir "$dir/over/"{up,work,root}
	root=$dir/over/root
	mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/over/up,workdir=$dir/over/work" \
		"$root" || skip_all "there is no overlayfs"
	install_suture "$root"
}

# The program comes with the libraries that it was built with, since those of the root differ.
install_suture() {
	local loader

	mkdir -p "$1/opt/suture/lib" "$1/usr/local/bin"
	cp "$suture" "$1/opt/suture/suture"
	libraries "$suture" | while read -r loader; do
		cp -L "$loader" "$1/opt/suture/lib/"
	done
	loader=$(basename "$(ldd "$suture" | grep -oE '/[^ ]*ld-linux[^ ]*')")
	cat >"$1/usr/local/bin/suture" <<-SCRIPT
		#!/bin/sh
		exec /opt/suture/lib/$loader --library-path /opt/suture/lib /opt/suture/suture "\$@"
	SCRIPT
	chmod 755 "$1/usr/local/bin/suture"
	scripts/install-hooks /usr/local/bin "$1"
}

# boot_root: boots $root; $leader is its process 1
boot_root() {
	systemd-nspawn -q -D "$root" --machine="suture-$$" --register=no --keep-unit --resolv-conf=off --console=pipe \
		--kill-signal=SIGRTMIN+3 -b </dev/null >"$dir/boot.log" 2>&1 &
	nspawn=$!
	for _ in $(seq 300); do
		leader=$(pgrep -P "$nspawn" | head -n 1)
		[ -z "$leader" ] ||
			! within systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' || break
		kill -0 "$nspawn" 2>/dev/null || break
		sleep 0.1
	done
	if ! kill -0 "$nspawn" 2>/dev/null; then
		tail -n 3 "$dir/boot.log" | sed 's/^/# /'
		skip_all "no container can be booted here"
	fi
	# The container must look like a machine with its own kernel.
	within rm -f /run/systemd/container
}

# within COMMAND...: runs a command in the container, but in none of its units
within() {
	nsenter -t "$leader" -m -u -i -p -r -w -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \
		HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# inside COMMAND...: does the same, and sets $status, $out and $err, like run
inside() {
	within "$@" >"$dir/run.out" 2>"$dir/run.err" </dev/null
	status=$?
	load_run run
}

advise() { inside suture advise "$@"; }

# eventually COMMAND...: repeats a command until it succeeds, for at most ten seconds
eventually() {
	for _ in $(seq 50); do
		! "$@" 2>/dev/null || return 0
		sleep 0.2
	done
	return 1
}

# settled STATUS: waits until "advise --now --json" has that exit code after restarts
settled() {
	for _ in $(seq 20); do
		advise --now --json
		[ "$status" != "$1" ] || return 0
		sleep 0.3
	done
	return 1
}

# maps UNIT FILE: succeeds if the unit's process has mapped the file
maps() {
	local pid

	pid=$(within systemctl show -p MainPID --value "$1")
	within grep -q "$2" "/proc/$pid/maps"
}

# runs_kernel RELEASE VERSION: makes the container see this as the running kernel
runs_kernel() {
	echo "$1" >"$root/run-osrelease"
	echo "#1 SMP PREEMPT_DYNAMIC Debian $2 (2026-01-01)" >"$root/run-version"
	within mount --bind /run-osrelease /proc/sys/kernel/osrelease
	within mount --bind /run-version /proc/sys/kernel/version
}

close_root() {
	[ -z "$nspawn" ] || {
		kill -TERM "$nspawn" 2>/dev/null
		for _ in $(seq 50); do
			kill -0 "$nspawn" 2>/dev/null || break
			sleep 0.1
		done
		[ -z "$leader" ] || kill -KILL "$leader" 2>/dev/null
		kill -KILL "$nspawn" 2>/dev/null
		wait "$nspawn" 2>/dev/null
	}
	[ -z "$root" ] || umount -l "$root" 2>/dev/null
	umount -l "$dir/over" 2>/dev/null
	rm -rf "$dir"
}
trap close_root EXIT
