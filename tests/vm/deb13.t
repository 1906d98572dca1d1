#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel is of another Debian release than the host: its packages are found in other archives, its
# compiler is run from the cache, and gcc 14 aligns loops so that code depends on its place.
. tests/support/tap.sh
suture_list=$("$suture" -q --json fetch --list)
KERNEL=$(jq -r 'first(.releases[] | select(.served and (.release | test("^6\\.12\\..*\\+deb13[.0-9]*-amd64$"))) |
	.release)' <<<"$suture_list")
. tests/vm/lib.sh
need_kernel

# listed JQ: succeeds if a listed release matches
listed() { jq -e "any(.releases[]; $1)" <<<"$suture_list" >/dev/null; }

check "releases of other archives are listed" listed '.release | test("deb14-amd64$")'
check "listed releases have suite and compiler" \
	listed '.release == "'"$release"'" and .compiler == "gcc-14" and (.suite | startswith("trixie"))'
check "a release without source is not served, and the reason is given" \
	listed '(.served | not) and (.why | contains("linux-source"))'

cp demo/demo.patch "$dir/demo.patch"
# These units have loops that are aligned by more than their functions.
change kernel/events/core.c perf_sigtrap 'if (!event) return;'
change block/blk-iocost.c ioc_rqos_done 'if (!rqos) return;'
patch_of aligned
for name in demo aligned; do
	start "$name" --json build --kernel "$release" -o "$dir/out" --name "$name" "$dir/$name.patch"
done

built() { # NAME NUMBER: with so many functions replaced, all proven
	finished "$1"
	[ "$status" = 0 ] && json ".verdict == \"livepatchable\" and
		([.functions[] | select(.change == \"changed\")] | length == $2 and all(.proof == \"exact\"))"
}

check "a patch of vmlinux and a module is built" built demo 2
check "functions whose padding depends on their place are proven" built aligned 2
run --json test --kernel "$release" "$dir/out/demo.ko" "$dir/out/aligned.ko"
check "both modules load, complete and unload" all_pass
finish
