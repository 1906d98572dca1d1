#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The same inputs give the same module, byte for byte, and neither the source nor the build
# folder of the cache is touched.
. tests/vm/lib.sh
need_kernel

change fs/proc/loadavg.c loadavg_proc_show 'static int calls; seq_printf(m, "%d ", ++calls);'
change fs/proc/version.c version_proc_show 'pr_info_once("version\n"); WARN_ON_ONCE(!m);'
change drivers/net/dummy.c dummy_setup 'netdev_dbg(dev, "dummy\n");'
patch_of fix

# state DIR...: lists every file with its size and time
state() { find "$@" -printf '%p %y %s %T@ %m %l\n' | sort | sha256sum; }
before=$(state "$source" "$build_dir")

# same NAME: builds, and compares the module with the reference
same() {
	finished "$1"
	[ "$status" = 0 ] && cmp "$dir/reference/fix.ko" "${2:-$dir/$1}/fix.ko" >&2 && is_empty "$TMPDIR"
}

run -q build --kernel "$release" --name fix -o "$dir/reference" "$dir/fix.patch"
check "the reference is built" [ -s "$dir/reference/fix.ko" ]

# These builds run one after the other, so that each has the machine for itself.
args=(-q build --kernel "$release" --name fix)
start again "${args[@]}" -o "$dir/again" "$dir/fix.patch"
check "a second build into another folder gives the same module" same again
start one "${args[@]}" -j1 -o "$dir/one" "$dir/fix.patch"
check "a build with one job gives the same module" same one
start four "${args[@]}" -j4 -o "$dir/four" "$dir/fix.patch"
check "a build with four jobs gives the same module" same four
mkdir -p "$dir/a folder of quite another name/and length"
(
	cd "$dir/a folder of quite another name/and length" || exit
	cp "$dir/fix.patch" .
	export TMPDIR="$PWD" LC_ALL=C.UTF-8 LANGUAGE=de TZ=Pacific/Auckland HOME=/nonexistent
	export CFLAGS=-O0 KCFLAGS=-O0 MAKEFLAGS=-k SOURCE_DATE_EPOCH=1 C_INCLUDE_PATH=/none
	umask 077
	start elsewhere "${args[@]}" -o out fix.patch
	wait
)
check "a build elsewhere with another environment gives the same module" \
	same elsewhere "$dir/a folder of quite another name/and length/out"

# Two builds run at once, with a cache that has nothing kept of the release.
own=$dir/own
mkdir -p "$own/kernels"
farm "$folder" "$own/kernels/$(basename "$folder")"
rm -f "$own"/kernels/*/kbuild-*
ln -s "$cache/sources" "$own/"
SUTURE_CACHE=$own start first "${args[@]}" -o "$dir/first" "$dir/fix.patch"
SUTURE_CACHE=$own start second "${args[@]}" -o "$dir/second" "$dir/fix.patch"
check "the first of two builds with a fresh cache gives the same module" same first
check "the second of two builds with a fresh cache gives the same module" same second
SUTURE_CACHE=$own start third "${args[@]}" -o "$dir/third" "$dir/fix.patch"
check "a build with the files that these kept gives the same module" same third

check "the source and the build folder are unchanged" [ "$(state "$source" "$build_dir")" = "$before" ]
finish
