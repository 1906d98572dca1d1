#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# doctor judges a real kernel: in the cache, in the archive, in folders.
. tests/vm/lib.sh
need_kernel

# state WHAT: prints the state of that fact
state() { jq -r --arg what "$1" '.facts[] | select(.what == $what) | .state' <<<"$out"; }

run --json doctor -k "$release"
check "a kernel in the cache is supported" [ "$status" = 0 ]
check "doctor is certain about a kernel in the cache" json '.ok and .final'
for what in kernel architecture livepatch fentry "stack traces" compiler image objtool modpost; do
	check "doctor finds $what in order" [ "$(state "$what")" = ok ]
done

SUTURE_CACHE=$dir/empty run --json doctor -k "$release"
check "a kernel in the archive is supported" [ "$status" = 0 ]
check "doctor is not certain about a kernel in the archive" json '.ok and (.final | not)'
check "doctor cannot know the configuration of a kernel in the archive yet" [ "$(state configuration)" = later ]
check "doctor fetches nothing" is_empty "$dir/empty"

local=(--image "$image" --modules "$modules" --source "$source")
SUTURE_CACHE=$dir/empty run --json doctor "${local[@]}" --build-dir "$build_dir"
check "a kernel that is given by its files is supported" json '.ok and .final'
check "a kernel that is given by its files is named by its release" json ".kernel == \"$release\""
check "doctor copies nothing" is_empty "$dir/empty"
farm "$build_dir" "$dir/build" .config
sed 's/^CONFIG_LIVEPATCH=y/# CONFIG_LIVEPATCH is not set/' "$build_dir/.config" >"$dir/build/.config"
run --json doctor "${local[@]}" --build-dir "$dir/build"
check "a kernel without CONFIG_LIVEPATCH is not supported" [ "$status" = 3 ]
check "doctor says that CONFIG_LIVEPATCH is missing" [ "$(state livepatch)" = missing ]
sed -i 's/^CONFIG_CC_VERSION_TEXT.*/CONFIG_CC_VERSION_TEXT="gcc-9 (Debian 9.1.0-1) 9.1.0"/' \
	"$dir/build/.config"
run --json doctor "${local[@]}" --build-dir "$dir/build"
check "doctor says that the compiler is missing" [ "$(state compiler)" = missing ]
check "doctor names the package of the compiler" contains "$out" "gcc-9=9.1.0-1"
finish
