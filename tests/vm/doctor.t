#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What doctor says of a real kernel: in the cache, in the archive, in folders.
. tests/vm/lib.sh
need_kernel

# state WHAT: of that fact
state() { jq -r --arg what "$1" '.facts[] | select(.what == $what) | .state' <<<"$out"; }

run --json doctor -k "$release"
check "a kernel in the cache can be served" [ "$status" = 0 ]
check "for certain" json '.ok and .final'
for what in kernel architecture livepatch fentry "stack traces" compiler image objtool modpost; do
	check "$what is looked at" [ "$(state "$what")" = ok ]
done

SUTURE_CACHE=$dir/empty run --json doctor -k "$release"
check "a kernel in the archive can be served" [ "$status" = 0 ]
check "as far as is known" json '.ok and (.final | not)'
check "of its configuration more is known later" [ "$(state configuration)" = later ]
check "nothing was fetched" is_empty "$dir/empty"

local=(--image "$image" --modules "$modules" --source "$source")
SUTURE_CACHE=$dir/empty run --json doctor "${local[@]}" --build-dir "$build_dir"
check "the same as a local kernel can be served" json '.ok and .final'
check "by its name" json ".kernel == \"$release\""
check "and nothing was copied" is_empty "$dir/empty"
farm "$build_dir" "$dir/build" .config
sed 's/^CONFIG_LIVEPATCH=y/# CONFIG_LIVEPATCH is not set/' "$build_dir/.config" >"$dir/build/.config"
run --json doctor "${local[@]}" --build-dir "$dir/build"
check "without CONFIG_LIVEPATCH it cannot" [ "$status" = 3 ]
check "which is told" [ "$(state livepatch)" = missing ]
sed -i 's/^CONFIG_CC_VERSION_TEXT.*/CONFIG_CC_VERSION_TEXT="gcc-9 (Debian 9.1.0-1) 9.1.0"/' \
	"$dir/build/.config"
run --json doctor "${local[@]}" --build-dir "$dir/build"
check "nor without its compiler" [ "$(state compiler)" = missing ]
check "whose package is named" contains "$out" "gcc-9=9.1.0-1"
finish
