#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels of other flavours than the usual one: fetched, patched, and the patch loaded.  make kernels
# has all of them.
. tests/vm/lib.sh

for KERNEL in 6.12-cloud-amd64 6.1-rt-amd64; do
	other=${release-}
	need_kernel
	run --json build -k "$release" -o "$dir" -n demo demo/demo.patch
	patch=demo/demo.patch
	check "$KERNEL: the patch is built" json '.verdict == "livepatchable" and
		([.functions[].proof] | length == 2 and all(. == "exact"))'
	none source-gap "$release"
	run --json test -k "$release" --trial coverage --show /proc/version "$dir/demo.ko"
	check "$KERNEL: it loads, completes and unloads" all_pass
	check "$KERNEL: vmlinux and the module are patched" json \
		'[.modules[0].objects[] | select(.patched) | .name] | sort == ["pktgen", "vmlinux"]'
	check "$KERNEL: what it patches is run" json \
		'[.shows[] | select(.text | contains("was not in the kernel that was booted")) |
			.phase] == ["patched"]'
done

cp "$dir/demo.attest.json" "$dir/attested"
run test -k "$other" "$dir/demo.ko"
check "a test in another release's kernel is refused at once" fails 2 "is for kernel $release and cannot be tested in"
check "what was attested stays" cmp "$dir/attested" "$dir/demo.attest.json"

plain=$("$suture" -q --json fetch --kernel 6.1 | jq -r .source)

# The last one is a real-time kernel: the source is not all that it was built from.
run fetch -k "$release"
check "fetch says what the source lacks" contains "$out" "note: the archive has no patched source"
change kernel/printk/printk.c devkmsg_open 'barrier();'
patch_of printk
run -q build -k "$release" --dry-run "$patch"
check "a file that does not compile without the flavour's own patches is refused" fails 3 \
	"the archive has no patched source of this kernel's flavour"
change kernel/signal.c ptrace_notify 'if (exit_code == 77) return 0;'
patch_of signal
run --json build -k "$release" --dry-run "$patch"
check "so is one that they change" [ "$status" = 3 ]
one not-as-shipped refuse "kernel/signal.c: ptrace_stop.part.0"
one source-gap note "$release" "the archive has no patched source of this kernel's flavour"
run build -k "$release" --dry-run --source "$plain" demo/demo.patch
check "another source is compared with what was shipped" [ "$status" = 3 ]
check "and is not" contains "$out" "not-as-shipped"
finish
