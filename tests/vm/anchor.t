#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# References to vmlinux by their distance from an exported symbol, and that a module recognises the
# build of the kernel that it was made for.
. tests/vm/lib.sh
need_kernel

for function in pipe_read pipe_write pipe_poll pipe_release pipe_fcntl create_pipe_files; do
	change fs/pipe.c $function 'asm volatile("nopl 0x11223344(%rax)");'
done
patched many fs/file.c do_dup2 'asm volatile("nopl 0x11223344(%rax)");'
built many

# Where livepatch bisects for a name (since 6.2), there is nothing to gain.
run --json show "$dir/many.ko"
case $release in
5.* | 6.[01].*)
	check "code reaches vmlinux by distance" json \
		'.anchored_references > 5 and .livepatch_relocations < .anchored_references'
	;;
*) check "no references by distance" json '.anchored_references == 0' ;;
esac
check "each has its name in the file" [ "$(readelf -rW "$dir/many.ko" |
	sed -n '/suture.anchors/,/^$/p' | grep -c klp.sym.vmlinux)" = \
	"$(jq .anchored_references <<<"$out")" ]

# The packaged image, which unpacks itself to an address of its choice.
run --json test --image "$image" --modules "$modules" "$dir/many.ko"
check "it loads wherever the kernel lies, works, and unloads" all_pass

# The same release, built on another day; all that it is made of lies at the same addresses.
cp "$vmlinux" "$dir/rebuilt"
day=$(strings "$vmlinux" | sed -n 's/^Linux version.* #[0-9].*(\([0-9-]*\))$/\1/p' | head -n 1)
sed -i "s/($day)/(1999-12-31)/" "$dir/rebuilt"
run --json test --image "$dir/rebuilt" --modules "$modules" "$dir/many.ko"
check "another build of the release refuses it" json \
	'.result == "fail" and any(.modules[].why; contains("another build"))'
finish
