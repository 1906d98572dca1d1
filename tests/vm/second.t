#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tries the second generation of kernels: 6.12 with indirect branch tracking, whose units are
# finished by objtool only when the kernel is linked.  The first one has the other tests.
KERNEL=${SECOND_KERNEL:-6.12}
. tests/vm/lib.sh
need_kernel

# ---- patches

cp demo/demo.patch "$dir/demo.patch"

# The kernel wrote constants into this code at boot; the root of the guest is a tmpfs,
# whose files are only in this cache.
change fs/dcache.c __d_lookup 'if (!parent) return NULL;'
change fs/dcache.c __d_lookup_rcu 'if (!parent) return NULL;'
patch_of constants

# This code has a static branch on a key that the module itself owns.
change arch/x86/kvm/hyperv.c kvm_hv_process_stimers 'if (!vcpu) return;'
patch_of key

# There are pointers to new code, to a function that the kernel points at, and to one that it does not.
change fs/proc/version.c version_proc_show \
	'static void (*volatile fresh)(void) = proc_pointed; fresh();'
change fs/proc/version.c version_proc_show 'static void *volatile known; known = single_release;'
replace fs/proc/version.c 's/^static int version_proc_show/static void proc_pointed(void)\n{\n\tpr_info_once("pointed at\\n");\n}\n\n&/'
patch_of pointers
change fs/proc/version.c version_proc_show 'static void (*volatile entry)(void); entry = ksys_sync;'
replace fs/proc/version.c 's/^#include <linux\/fs.h>/#include <linux\/fs.h>\n#include <linux\/syscalls.h>/'
patch_of sealed

# This code has a constant that plain C cannot express: it needs the architecture's own header.
change fs/dcache.c __d_lookup 'if (!parent) { __runtime_fixup_ptr(NULL, 0); return NULL; }'
patch_of stuck

# The makefile of this unit names it by a path with "..": amdgpu/../display/…
change drivers/gpu/drm/amd/display/dmub/src/dmub_dcn32.c dmub_dcn32_setup_mailbox 'if (!dmub) return;'
patch_of climbs

for name in demo constants key pointers sealed stuck climbs; do
	start "$name" --json build --kernel "$release" -o "$dir/out" --name "$name" "$dir/$name.patch"
done

# built NAME NUMBER: the module replaces so many functions, all proven
built() {
	finished "$1"
	[ "$status" = 0 ] && json ".verdict == \"livepatchable\" and
		([.functions[] | select(.change == \"changed\")] | length == $2 and all(.proof == \"exact\"))"
}

check "a patch of vmlinux and a module is built" built demo 2
check "a patch of code with constants of the boot is built" built constants 2
patch=$dir/constants.patch
one plain note fs/dcache.c
none runtime-constant "fs/dcache.c: __d_lookup"
none not-plain fs/dcache.c
check "a patch of code with a module's static key is built" built key 1
one plain note arch/x86/kvm/hyperv.c

check "a patch with pointers to unsealed functions is built" built pointers 1
patch=$dir/pointers.patch
none sealed-function "fs/proc/version.c: single_release"
none plain fs/proc/version.c
check "a patch of a unit beside its makefile's folder is built" built climbs 1
finished sealed
check "a pointer to a function that the kernel has sealed is refused" [ "$status" = 3 ]
one sealed-function refuse "fs/proc/version.c: ksys_sync"
finished stuck
check "code with a constant that plain C cannot express is refused" [ "$status" = 3 ]
one runtime-constant refuse "fs/dcache.c: __d_lookup"
one not-plain note fs/dcache.c __runtime_fixup_ptr

# relocated_by KO SECTION SYMBOL: succeeds if the relocation section names the symbol
relocated_by() {
	readelf -rW "$1" | awk -v section="'$2'" -v symbol="$3" '
		/^Relocation section/ { inside = $3 == section }
		inside && $5 == symbol { found = 1 }
		END { exit !found }'
}

check "the static key is looked up in the module" relocated_by "$dir/out/key.ko" \
	.klp.rela.kvm..text.kvm_hv_process_stimers .klp.sym.kvm.kvm_has_noapic_vcpu,0
check "the constants are looked up in vmlinux" relocated_by "$dir/out/constants.ko" \
	.klp.rela.vmlinux..text.__d_lookup .klp.sym.vmlinux.d_hash_shift,0

# ---- what an emulated processor does not check

# lands KO: succeeds if indirect calls arrive where IBT allows it
lands() {
	out=$("$support/landings" "$vmlinux" "$dir/out/$1.ko")
	status=$?
	[ "$status" = 0 ] && contains "$out" " 0 problems"
}

for name in demo constants key pointers; do
	check "$name has correct landing places, seals, sites and padding" lands "$name"
done

# ---- loaded

cat >"$dir/lookups" <<'END'
#!/bin/sh
i=0
while [ $i -lt 100 ]; do
	echo $i >/looked-up-$i || exit 1
	i=$((i + 1))
done
while [ $i -gt 0 ]; do
	i=$((i - 1))
	read n </looked-up-$i || exit 2
	[ "$n" = $i ] || exit 3
done
[ ! -e /looked-up-100 ] || exit 4
END
chmod +x "$dir/lookups"
run --json test --kernel "$release" --check "$dir/lookups" --show /proc/version \
	--show /proc/net/pktgen/pgctrl "$dir"/out/{demo,constants,key,pointers}.ko
printf '%s' "$out" >"$dir/test.json"

# shown MODULE PHASE FILE: prints what the file held in that phase
shown() {
	jq -r --arg m "$1" --arg phase "$2" --arg file "$3" '.modules[] | select(.name == $m) |
		.shows[] | select(.phase == $phase and .file == $file) | .text' "$dir/test.json"
}

check "all modules load, work and unload with a clean log" all_pass
check "vmlinux is patched" contains "$(shown demo patched /proc/version)" "Patched while it runs"
check "the module is patched" contains "$(shown demo patched /proc/net/pktgen/pgctrl)" "Patched while it runs"
check "vmlinux is not patched after unload" [ "$(shown demo after /proc/version)" = "$(shown demo before /proc/version)" ]
finish
