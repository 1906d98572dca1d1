#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A user without rights fetches and builds: from a cache that only root can write, and in folders of its own.
. tests/vm/lib.sh

need_kernel
export SUTURE_CACHE=${SUTURE_CACHE:-/var/cache/suture}
as_user=()
if [ "$(id -u)" = 0 ]; then
	as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
mkdir "$dir/own"
chmod 755 "$dir"
cp "$suture" "$dir/suture"
cp demo/demo.patch "$dir/demo.patch"
chmod 644 "$dir/demo.patch"
[ "$(id -u)" != 0 ] || chown 65534 "$dir/own"

# user ARG...: runs suture ARG... without rights
user() {
	(cd "$dir/own" && HOME="$dir/own" TMPDIR="$dir/own" "${as_user[@]}" "$dir/suture" "$@") >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}

user --json fetch --kernel "$release"
check "fetch: what root's cache has is used" json ".kernel == \"$release\""
user --json build --kernel "$release" -o out "$dir/demo.patch"
check "build: a module is made" json '.verdict == "livepatchable" and ([.functions[].proof] | all(. == "exact"))'
check "build: it is the user's" [ "$(stat -c %u "$dir/own/out/livepatch_demo.ko")" = "$(stat -c %u "$dir/own")" ]
user show out/livepatch_demo.ko
check "show: it is for that kernel" contains "$out" "$release"
if [ "$(id -u)" = 0 ]; then
	mkdir -m 555 "$dir/locked"
	cache=$SUTURE_CACHE
	export SUTURE_CACHE=$dir/locked/cache
	user fetch --kernel "$release"
	check "fetch: a cache that the user cannot make is an error with a remedy" fails 1 SUTURE_CACHE
	export SUTURE_CACHE=$cache
fi
finish
