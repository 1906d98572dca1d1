#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels of other flavours are fetched, patched, and the patch is loaded.  make kernels
# has all of them.
. tests/vm/lib.sh

for KERNEL in 6.12-cloud-amd64 6.1-rt-amd64; do
	other=${release-}
	need_kernel
	run --json build -k "$release" -o "$dir" -n demo demo/demo.patch
	patch=demo/demo.patch
	check "the patch for $KERNEL is built" json '.verdict == "livepatchable" and
		([.functions[].proof] | length == 2 and all(. == "exact"))'
	none source-gap "$release"
	run --json test -k "$release" --trial coverage --show /proc/version "$dir/demo.ko"
	check "the patch for $KERNEL loads, completes and unloads" all_pass
	check "vmlinux and the module of $KERNEL are patched" json \
		'[.modules[0].objects[] | select(.patched) | .name] | sort == ["pktgen", "vmlinux"]'
	check "the patched functions of $KERNEL are called" json \
		'[.shows[] | select(.text | contains("was not in the kernel that was booted")) |
			.phase] == ["patched"]'
done

cp "$dir/demo.attest.json" "$dir/attested"
run test -k "$other" "$dir/demo.ko"
check "a test in another release's kernel is refused at once" fails 2 "is for kernel $release and cannot be tested in"
check "what was attested stays" cmp "$dir/attested" "$dir/demo.attest.json"

plain=$("$suture" -q --json fetch --kernel 6.1 | jq -r .source)

# The last kernel is a real-time one, which was built with patches that its source package lacks.
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
check "a file that the flavour's patches change is refused" [ "$status" = 3 ]
one not-as-shipped refuse "kernel/signal.c: ptrace_stop.part.0"
one source-gap note "$release" "the archive has no patched source of this kernel's flavour"
run build -k "$release" --dry-run --source "$plain" demo/demo.patch
check "a source without the flavour's patches is refused" [ "$status" = 3 ]
check "a source without the flavour's patches differs from what was shipped" contains "$out" "not-as-shipped"
finish
