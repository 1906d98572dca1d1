#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that nobody packaged: configured and built here, given by its folders, patched, booted.
#
#	make check-selfbuilt [SELFBUILT_CC=clang-14]
#
# Some five minutes of processor time for the kernel, which stays in build/selfbuilt.  gcc builds
# in a folder of its own (make O=), another compiler in the source tree itself.
. tests/vm/lib.sh
need_kernel
cc=${SELFBUILT_CC:-gcc-12}
top=$PWD/build/selfbuilt/$cc

if [ "${cc#gcc}" != "$cc" ]; then
	tree=$source
	built=$top
	mkdir -p "$built"
	where=(-C "$tree" "O=$built")
else
	tree=$top
	built=$top
	# Links will do: make writes none of the source's files.
	[ -e "$tree" ] || cp -al "$source" "$tree" || cp -a "$source" "$tree"
	where=(-C "$tree")
fi

# build_kernel TARGET...: what make says is told if it fails
build_kernel() {
	make "${where[@]}" "CC=$cc" HOSTCC=gcc-12 "KCONFIG_ALLCONFIG=$PWD/tests/selfbuilt/config" \
		-j"$(nproc)" "$@" >"$dir/make.log" 2>&1 && return
	tail -n 20 "$dir/make.log" | sed 's/^/# /'
	return 1
}

check "$cc: the kernel can be configured" build_kernel allnoconfig
check "$cc: and built" build_kernel
check "$cc: live patching is configured" grep -qx CONFIG_LIVEPATCH=y "$built/.config"

image=$built/arch/x86/boot/bzImage
local=(--image "$image" --build-dir "$built" --source "$tree")
run --json doctor "${local[@]}"
check "doctor: it is supported" json '.ok and .final'
own=$(jq -r .kernel <<<"$out")

source=$tree
change fs/proc/version.c version_proc_show 'seq_puts(m, "patched\n");'
replace fs/binfmt_misc.c 's/"enabled\\n"/"enabled, patched\\n"/'
patch_of both
run --json build "${local[@]}" -o "$dir" -n both "$patch"
check "a patch of vmlinux and a module, which is not installed" json \
	'.verdict == "livepatchable" and ([.functions[].object] == ["binfmt_misc", "vmlinux"])'
check "all is proven" json 'all(.functions[].proof; . == "exact")'
run --json test --image "$image" --modules "$built" --show /proc/version "$dir/both.ko"
check "it loads, completes and unloads" json '.result == "pass"'
check "in this kernel" json ".kernel == \"$own\""
check "and does what it should" json \
	'[.shows[] | select(.text | contains("patched")) | .phase] == ["patched"]'

build_kernel "INSTALL_MOD_PATH=$dir/installed" INSTALL_MOD_STRIP=1 modules_install
installed=$dir/installed/lib/modules/$own
xz --check=crc32 "$installed/kernel/fs/binfmt_misc.ko"
mkdir "$dir/again"
run build --image "$built/vmlinux" --modules "$installed" --build-dir "$built" --source "$tree" \
	-o "$dir/again" -n both "$patch"
check "vmlinux with debug data, modules stripped and packed: the same module" \
	cmp "$dir/both.ko" "$dir/again/both.ko"

farm "$tree" "$dir/tree" kernel/fork.c
sed "s/nr_threads++;/nr_threads += 2;/" "$tree/kernel/fork.c" >"$dir/tree/kernel/fork.c"
source=$dir/tree
change kernel/fork.c mm_release 'barrier_nospec();'
patch_of fork
run --json build --image "$image" --build-dir "$built" --source "$dir/tree" --dry-run "$patch"
check "a source that it was not built from is refused" [ "$status" = 3 ]
check "for what it is" json 'any(.findings[]; .rule == "not-as-shipped")'
finish
