#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A signal at any moment: one line, nothing half-written, no process left.  A kill at any
# moment: the next run does what this one would have done.
. tests/vm/lib.sh
need_kernel

change fs/proc/loadavg.c loadavg_proc_show 'seq_puts(m, "patched ");'
patch_of good
outdir=$dir/out

# signal_after SECONDS SIGNAL WHOM ARG...: suture ARG... in a session of its own gets the signal,
# alone or with its group
signal_after() {
	local seconds=$1 signal=$2 whom=$3

	shift 3
	setsid "$suture" -q "$@" >"$dir/run.out" 2>"$dir/run.err" &
	session=$!
	sleep "$seconds"
	[ "$whom" = alone ] || whom=-
	kill "-$signal" -- "${whom#alone}$session" 2>/dev/null
	wait "$session" 2>/dev/null
	status=$?
	load_run run
}

no_process() { ! pgrep -s "$session" >"$dir/left"; }

# stopped: as it should; a run that ended before the signal came is none
hits=0
stopped() {
	no_process && is_empty "$TMPDIR" || return
	[ "$status" != 0 ] || return 0
	hits=$((hits + 1))
	[ "$status" = 130 ] && [ "$err" = "suture: interrupted" ] && [ -z "$out" ] &&
		is_empty "$outdir"
}

# moments COUNT SECONDS: so many, evenly spread
moments() { awk -v n="$1" -v s="$2" 'BEGIN { for (i = 0; i < n; i++) print s * (i + 0.5) / n }'; }

# at_each COUNT SECONDS RUN: RUN SECONDS SIGNAL WHOM for moments, signals taking turns
at_each() {
	local moment turn=0

	hits=0
	for moment in $(moments "$1" "$2"); do
		if [ $((turn++ % 2)) = 0 ]; then
			"$3" "$moment" INT group
		else
			"$3" "$moment" TERM alone
		fi
		stopped || {
			err="$err (after $moment s; left: $(ls -A "$TMPDIR" "$outdir" 2>&1) $(cat "$dir/left"))"
			return 1
		}
		rm -rf "$outdir"
	done
	[ $((hits * 2)) -ge "$1" ]
}

# seconds COMMAND...: how long it takes
seconds() {
	local begin=$EPOCHREALTIME

	"$@" >/dev/null 2>&1
	awk "BEGIN { print $EPOCHREALTIME - $begin }"
}

# ---- build, with all that is learned about a release at hand ----

build() { "$suture" -q build --kernel "$release" -o "$outdir" --name t "$dir/good.patch"; }
build_stopped() { signal_after "$@" build --kernel "$release" -o "$outdir" --name t "$dir/good.patch"; }

build
check "reference is built" [ -s "$outdir/t.ko" ]
cp "$outdir/t.ko" "$dir/reference.ko"
short=$(seconds build)
rm -rf "$outdir"
check "build, interrupted" at_each 12 "$short" build_stopped

# ---- build, with nothing known ----

own=$dir/own
fresh_cache() {
	rm -rf "$own"
	mkdir -p "$own/kernels"
	farm "$folder" "$own/kernels/$(basename "$folder")"
	rm -f "$own"/kernels/*/kbuild-*
	ln -s "$cache/sources" "$own/"
}

fresh_build() { SUTURE_CACHE=$own build; }
fresh_build_stopped() {
	fresh_cache
	SUTURE_CACHE=$own build_stopped "$@"
}

fresh_cache
long=$(seconds fresh_build)
check "the same from a fresh cache" cmp "$outdir/t.ko" "$dir/reference.ko"
rm -rf "$outdir"
check "build with a fresh cache, interrupted" at_each 6 "$long" fresh_build_stopped

# ---- build, killed ----

# Each run goes on with what the one before left.
kill_builds() {
	local moment

	fresh_cache
	for moment in $(moments 5 "$long"); do
		SUTURE_CACHE=$own signal_after "$moment" KILL alone build --kernel "$release" \
			-o "$outdir" --name t "$dir/good.patch"
		rm -rf "$outdir"
	done
	rm -rf "${TMPDIR:?}"/*
	fresh_build && cmp "$outdir/t.ko" "$dir/reference.ko" && is_empty "$TMPDIR"
}
check "build after some that were killed" kill_builds
rm -rf "$outdir"

# ---- test ----

test_stopped() { signal_after "$@" test "$dir/reference.ko"; }
check "test, interrupted" at_each 5 "$(seconds "$suture" -q test "$dir/reference.ko")" test_stopped

# ---- fetch, from an archive with the release's files, and a part of its source ----

apt=$dir/apt
series=${release%%-*}
series=${series%.*}
mkdir -p "$apt/pool"

# package NAME FROM TO...: with these files, and an entry in the index
package() {
	local name=$1 root=$dir/deb

	shift
	mkdir -p "$root/DEBIAN"
	while [ $# -gt 0 ]; do
		mkdir -p "$root/$(dirname "$2")"
		cp -rL "$1" "$root/$2"
		shift 2
	done
	printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: x <x@example.org>\nDescription: x\n' \
		"$name" "$version" >"$root/DEBIAN/control"
	dpkg-deb --build --root-owner-group -Zxz -z0 "$root" "$apt/pool/${name}_${version}_amd64.deb" >/dev/null
	rm -r "$root"
	printf 'Package: %s\nVersion: %s\nArchitecture: amd64\nDepends: %s\nFilename: pool/x.deb\nSize: 1000\nInstalled-Size: 10\n\n' \
		"$name" "$version" "linux-kbuild-$series (>= $version)" >>"$apt/index"
}

mkdir -p "$dir/tar/linux-source-$series/arch/x86"
cp -r "$source"/{Makefile,Kbuild,init,scripts,kernel,mm} "$dir/tar/linux-source-$series/"
cp "$source/arch/x86/Makefile" "$dir/tar/linux-source-$series/arch/x86/"
tar -C "$dir/tar" -c "linux-source-$series" | xz -0 -T0 >"$dir/source.tar.xz"
mkdir "$dir/modules"
cp -r "$modules/modules.order" "$modules/kernel/drivers/net/dummy.ko" "$dir/modules/"
package "linux-image-$release" "$folder/boot/vmlinuz" "boot/vmlinuz-$release" \
	"$dir/modules" "lib/modules/$release"
package "linux-headers-$release" "$build_dir" "usr/src/linux-headers-$release"
package "linux-kbuild-$series" "$build_dir/scripts" "usr/lib/linux-kbuild-$series/scripts" \
	"$build_dir/tools" "usr/lib/linux-kbuild-$series/tools"
package "linux-source-$series" "$dir/source.tar.xz" "usr/src/linux-source-$series.tar.xz"

fetch_path=$PWD/tests/support/fake-apt:$PATH
fetch() {
	FAKE_APT=$apt PATH=$fetch_path SUTURE_CACHE=$1 "$suture" -q fetch --kernel "$release"
}
fetch_stopped() {
	FAKE_APT=$apt PATH=$fetch_path SUTURE_CACHE=$dir/fetch signal_after "$@" fetch --kernel "$release"
	[ "$status" = 0 ] && rm -rf "$dir/fetch"
}

# entries DIR: what a cache holds of kernels, whole or not
entries() { (cd "$1" && find kernels sources -mindepth 1 -maxdepth 1 | sort) 2>/dev/null; }

# same_cache DIR: as the reference
same_cache() {
	err=$(diff -rq --no-dereference "$1" "$dir/fetched" 2>&1)
	[ "$(entries "$1")" = "$(entries "$dir/fetched")" ] &&
		diff -r "$1/kernels" "$dir/fetched/kernels" >/dev/null &&
		diff -r --no-dereference "$1/sources" "$dir/fetched/sources" >/dev/null
}

short=$(seconds fetch "$dir/fetched")
check "reference is fetched" [ "$(entries "$dir/fetched" | wc -l)" = 2 ]
check "fetch, interrupted" at_each 8 "$short" fetch_stopped
no_partial() { ! entries "$1" | grep -q partial; }
check "nothing half unpacked" no_partial "$dir/fetch"
echo half >"$apt/mode"
fetch_stopped 1 INT group
check "download, interrupted by ^C" stopped
fetch_stopped 1 TERM alone
check "download, terminated" stopped
rm "$apt/mode"
fetch "$dir/fetch"
check "the next fetch is whole" same_cache "$dir/fetch"

kill_fetches() {
	local moment

	rm -rf "$dir/fetch"
	for moment in $(moments 4 "$short"); do
		SUTURE_CACHE=$dir/fetch FAKE_APT=$apt PATH=$fetch_path \
			signal_after "$moment" KILL alone fetch --kernel "$release"
	done
	# Leftovers of the last minute may belong to somebody who is about to lock them.
	find "$dir/fetch" -maxdepth 2 -name '*.partial.*' -exec touch -d '2 minutes ago' {} +
	fetch "$dir/fetch" && same_cache "$dir/fetch"
}
check "fetch after some that were killed" kill_fetches
finish
