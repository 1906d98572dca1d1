#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The second generation of kernels: 6.12 with indirect branch tracking, whose units are
# finished by objtool only when the kernel is linked.  The first one has the other tests.
KERNEL=${SECOND_KERNEL:-6.12}
. tests/vm/lib.sh
need_kernel

# ---- patches

cp demo/demo.patch "$dir/demo.patch"

# Constants that the kernel wrote into its code at boot; the root of the guest is a tmpfs,
# whose files are nowhere but in this cache.
change fs/dcache.c __d_lookup 'if (!parent) return NULL;'
change fs/dcache.c __d_lookup_rcu 'if (!parent) return NULL;'
patch_of constants

# A static branch on a key that the module itself owns.
change arch/x86/kvm/hyperv.c kvm_hv_process_stimers 'if (!vcpu) return;'
patch_of key

# Pointers to new code, to what the kernel points at, and to what it does not.
change fs/proc/version.c version_proc_show \
	'static void (*volatile fresh)(void) = proc_pointed; fresh();'
change fs/proc/version.c version_proc_show 'static void *volatile known; known = single_release;'
replace fs/proc/version.c 's/^static int version_proc_show/static void proc_pointed(void)\n{\n\tpr_info_once("pointed at\\n");\n}\n\n&/'
patch_of pointers
change fs/proc/version.c version_proc_show 'static void (*volatile entry)(void); entry = ksys_sync;'
replace fs/proc/version.c 's/^#include <linux\/fs.h>/#include <linux\/fs.h>\n#include <linux\/syscalls.h>/'
patch_of sealed

# A constant in code that cannot be spelled in plain C: it wants the architecture's own header.
change fs/dcache.c __d_lookup 'if (!parent) { __runtime_fixup_ptr(NULL, 0); return NULL; }'
patch_of stuck

# A unit that its makefile knows by a name that climbs: amdgpu/../display/…
change drivers/gpu/drm/amd/display/dmub/src/dmub_dcn32.c dmub_dcn32_setup_mailbox 'if (!dmub) return;'
patch_of climbs

for name in demo constants key pointers sealed stuck climbs; do
	start "$name" --json build --kernel "$release" -o "$dir/out" --name "$name" "$dir/$name.patch"
done

# built NAME NUMBER: with so many functions replaced, all proven
built() {
	finished "$1"
	[ "$status" = 0 ] && json ".verdict == \"livepatchable\" and
		([.functions[] | select(.change == \"changed\")] | length == $2 and all(.proof == \"exact\"))"
}

check "vmlinux and a module" built demo 2
check "constants filled in at boot" built constants 2
patch=$dir/constants.patch
one plain note fs/dcache.c
none runtime-constant "fs/dcache.c: __d_lookup"
none not-plain fs/dcache.c
check "a module's static key" built key 1
one plain note arch/x86/kvm/hyperv.c

check "pointers to what may be pointed at" built pointers 1
patch=$dir/pointers.patch
none sealed-function "fs/proc/version.c: single_release"
none plain fs/proc/version.c
check "a unit beside its makefile's folder" built climbs 1
finished sealed
check "none to what the kernel has sealed" [ "$status" = 3 ]
one sealed-function refuse "fs/proc/version.c: ksys_sync"
finished stuck
check "none of them where it cannot be spelled otherwise" [ "$status" = 3 ]
one runtime-constant refuse "fs/dcache.c: __d_lookup"
one not-plain note fs/dcache.c __runtime_fixup_ptr

# relocated_by KO SECTION SYMBOL: a relocation section, and a symbol that it names
relocated_by() {
	readelf -rW "$1" | awk -v section="'$2'" -v symbol="$3" '
		/^Relocation section/ { inside = $3 == section }
		inside && $5 == symbol { found = 1 }
		END { exit !found }'
}

check "its value is looked up in the module" relocated_by "$dir/out/key.ko" \
	.klp.rela.kvm..text.kvm_hv_process_stimers .klp.sym.kvm.kvm_has_noapic_vcpu,0
check "the constants are looked up in vmlinux" relocated_by "$dir/out/constants.ko" \
	.klp.rela.vmlinux..text.__d_lookup .klp.sym.vmlinux.d_hash_shift,0

# ---- what an emulated processor does not check

# lands KO: its indirect calls arrive where IBT allows it
lands() {
	out=$("$support/landings" "$vmlinux" "$dir/out/$1.ko")
	status=$?
	[ "$status" = 0 ] && contains "$out" " 0 problems"
}

for name in demo constants key pointers; do
	check "landing places, seals, sites and padding: $name" lands "$name"
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

# shown MODULE PHASE FILE
shown() {
	jq -r --arg m "$1" --arg phase "$2" --arg file "$3" '.modules[] | select(.name == $m) |
		.shows[] | select(.phase == $phase and .file == $file) | .text' "$dir/test.json"
}

check "all of them load, work and unload with a clean log" all_pass
check "vmlinux is patched" contains "$(shown demo patched /proc/version)" "Patched while it runs"
check "the module, too" contains "$(shown demo patched /proc/net/pktgen/pgctrl)" "Patched while it runs"
check "and not afterwards" [ "$(shown demo after /proc/version)" = "$(shown demo before /proc/version)" ]
finish
