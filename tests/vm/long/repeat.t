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

# state DIR...: every file with its size and time
state() { find "$@" -printf '%p %y %s %T@ %m %l\n' | sort | sha256sum; }
before=$(state "$source" "$build_dir")

# same NAME: as the reference
same() {
	finished "$1"
	[ "$status" = 0 ] && cmp "$dir/reference/fix.ko" "${2:-$dir/$1}/fix.ko" >&2 && is_empty "$TMPDIR"
}

run -q build --kernel "$release" --name fix -o "$dir/reference" "$dir/fix.patch"
check "reference is built" [ -s "$dir/reference/fix.ko" ]

# One after the other: each is meant to have the machine for itself.
args=(-q build --kernel "$release" --name fix)
start again "${args[@]}" -o "$dir/again" "$dir/fix.patch"
check "once more, into another folder" same again
start one "${args[@]}" -j1 -o "$dir/one" "$dir/fix.patch"
check "one compilation at a time" same one
start four "${args[@]}" -j4 -o "$dir/four" "$dir/fix.patch"
check "four at a time" same four
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
check "elsewhere, with another environment" \
	same elsewhere "$dir/a folder of quite another name/and length/out"

# Two at once, from a cache that knows nothing yet of the release.
own=$dir/own
mkdir -p "$own/kernels"
farm "$folder" "$own/kernels/$(basename "$folder")"
rm -f "$own"/kernels/*/kbuild-*
ln -s "$cache/sources" "$own/"
SUTURE_CACHE=$own start first "${args[@]}" -o "$dir/first" "$dir/fix.patch"
SUTURE_CACHE=$own start second "${args[@]}" -o "$dir/second" "$dir/fix.patch"
check "two at once with a fresh cache, the first" same first
check "the second" same second
SUTURE_CACHE=$own start third "${args[@]}" -o "$dir/third" "$dir/fix.patch"
check "one that finds what they left" same third

check "source and build folder are as they were" [ "$(state "$source" "$build_dir")" = "$before" ]
finish
