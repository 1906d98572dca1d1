#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Inputs that differ from what was shipped are refused: another configuration, compiler or source, one
# changed byte of the image or of a module.
. tests/vm/lib.sh
. tests/vm/proof.sh
# Sources and caches are farms of links here; the sandbox would not let their targets be read.
need_kernel

# ---- inputs ----

change kernel/workqueue.c workqueue_congested 'if (cpu == 4711) return true;'
patch_of workqueue
change fs/proc/loadavg.c loadavg_proc_show 'seq_puts(m, "patched ");'
change drivers/net/dummy.c dummy_setup 'dev->group = 0;'
patch_of loadavg

# ---- another configuration: long/configs.t has more ----

build_with control
build_with hz HZ_250=n HZ_300=y HZ=300
build_with layout DEBUG_MUTEXES=y

# ---- another source, another image ----

farm "$source" "$dir/source" kernel/workqueue.c
change kernel/workqueue.c work_busy 'if (!work) return 0;'
mv "$dir/edit/b/kernel/workqueue.c" "$dir/source/kernel/"
rm -r "$dir/edit"
mapfile -t options < <(local_kernel --source "$dir/source")
build source workqueue "${options[@]}"

farm "$source" "$dir/sublevel" Makefile
sed 's/^SUBLEVEL = .*/SUBLEVEL = 1/' "$source/Makefile" >"$dir/sublevel/Makefile"
mapfile -t options < <(local_kernel --source "$dir/sublevel")
SUTURE_CACHE=$dir/cache start sublevel -q build --no-sandbox "${options[@]}" -o "$dir/out/sublevel" \
	"$dir/workqueue.patch"

# This is a release as the cache has it, with a vmlinux and module of this test.  Its objects are kept
# between builds, so that each change costs one compilation.
ko=lib/modules/$release/kernel/drivers/net/dummy.ko
own=$dir/own/kernels/$(basename "$folder")
mkdir -p "$dir/own/kernels"
farm "$folder" "$own" vmlinux "$ko" build/Module.symvers
rm -rf "$own"/kbuild-* "$own/seals"
ln -s "$cache/sources" "$dir/own/"
rm -f "$own/vmlinux.seal"
cp "$vmlinux" "$own/vmlinux"
cp "$folder/$ko" "$own/$ko"
cp "$folder/build/Module.symvers" "$own/build/Module.symvers"
own_cache=$dir/own
build own loadavg --kernel "$release"

check "a module is built if nothing was changed" built control
check "another timer frequency is refused" refused hz 'kernel/workqueue.c: [a-z]'
check "another layout of a structure is refused" refused layout 'kernel/workqueue.c: [a-z]'
check "a source in which another function differs is refused" refused source \
	'kernel/workqueue.c: work_busy$'
patch=$dir/workqueue.patch
one not-as-shipped refuse "kernel/workqueue.c: work_busy"
none not-as-shipped "kernel/workqueue.c: workqueue_congested"
finished sublevel
check "the source of another point release is refused" fails 1 "is Linux 6.1.1, but"
check "no module is made from the source of another point release" no_module "$dir/out/sublevel"
check "a module is built if nothing in the cache was changed" built own
check "both functions are in the module" json '[.functions[].name] == ["dummy_setup", "loadavg_proc_show"]'

# ---- an export for named modules only, as Linux has them since 6.16 ----

sed -i 's/\tseq_puts\tvmlinux\t.*$/\tseq_puts\tvmlinux\tEXPORT_SYMBOL_GPL\tmodule:kvm,kvm-*/' \
	"$own/build/Module.symvers"
rm -rf "$own/seals"
build namespace loadavg --kernel "$release"
check "a module is built that uses an export for named modules only" built namespace
check "an export for named modules only is bound as a livepatch symbol" \
	contains "$(readelf -sW "$dir/out/namespace/namespace.ko")" ".klp.sym.vmlinux.seq_puts,0"
check "a namespace that nobody may import is not requested" \
	[ "$(grep -c import_ns "$dir/out/namespace/namespace.ko")" = 0 ]
cp "$folder/build/Module.symvers" "$own/build/Module.symvers"
rm -rf "$own/seals"

# ---- one bit of the image ----

object=$(echo "$own"/kbuild-*/objects/fs/proc/loadavg.o)
read -r code size field string < <("$support/flips" -w "$own/vmlinux" "$object" loadavg_proc_show)

# The unpacked image is marked as current, so that it is not unpacked again.
seal_image() {
	"$support/seal" "$own/vmlinux.seal" "$own/vmlinux" "$(basename "$own")/vmlinux"
}

# flipped NAME FILE OFFSET WHERE [BUILD-OPTION...]: a build must be refused after a bit was changed
flipped() {
	local name=$1 file=$2 offset=$3 where=$4

	flip "$file" "$offset"
	seal_image
	build "$name" loadavg --kernel "$release"
	refused "$name" "$where"
	local result=$?
	flip "$file" "$offset"
	seal_image
	return $result
}

check "the places to be changed are known" [ "$((code > 0 && size > 20 && field > code && string > 0))" = 1 ]
vmlinux_function='loadavg.c: loadavg_proc_show$'
check "a changed first byte of a function is refused" flipped first "$own/vmlinux" "$code" "$vmlinux_function"
patch=$dir/loadavg.patch
one not-proven refuse "fs/proc/loadavg.c: loadavg_proc_show"
none not-proven "drivers/net/dummy.c: dummy_setup"
check "a changed byte in the middle of a function is refused" flipped middle "$own/vmlinux" $((code + size / 2)) "$vmlinux_function"
check "a changed last byte of a function is refused" flipped last "$own/vmlinux" $((code + size - 1)) "$vmlinux_function"
check "a changed lowest byte of a relocated field is refused" flipped field "$own/vmlinux" "$field" "$vmlinux_function"
check "a changed byte of a string is refused" flipped string "$own/vmlinux" "$string" "$vmlinux_function"

cp "$vmlinux" "$dir/vmlinux"
flip "$dir/vmlinux" $((code + size / 3))
mapfile -t options < <(local_kernel --image "$dir/vmlinux")
own_cache=$dir/cache build image loadavg "${options[@]}"
check "a changed byte in a file given by --image is refused" refused image "$vmlinux_function"

# ---- one bit of a module ----

module_object=$(echo "$own"/kbuild-*/objects/drivers/net/dummy.o)
text=$(readelf -SW "$own/$ko" | awk '$2 == ".text" || $3 == ".text" {
	print $($2 == ".text" ? 5 : 6); exit }')
read -r value size < <(readelf -sW "$own/$ko" | awk '$8 == "dummy_setup" { print $2, $3 }')
code=$((16#$text + 16#$value))
module_function='dummy.c: dummy_setup$'
check "a changed first byte of a module's function is refused" flipped ko_first "$own/$ko" "$code" "$module_function"
check "a changed byte in the middle of a module's function is refused" flipped ko_middle "$own/$ko" $((code + size / 2)) "$module_function"
check "a changed last byte of a module's function is refused" flipped ko_last "$own/$ko" $((code + size - 1)) "$module_function"

mv "$own/$ko" "$dir/away.ko" # ours, not the cache's
build gone loadavg --kernel "$release"
finished gone
mv "$dir/away.ko" "$own/$ko"
check "a patch of a module that the kernel lacks is refused" [ "$status" = 3 ]
check "no module is made for a module that the kernel lacks" no_module "$dir/out/gone"
one no-such-module refuse drivers/net/dummy.c "belongs to module dummy"
none no-such-module fs/proc/loadavg.c

# ---- every byte of every function, without building ----

noticed() {
	out=$("$support/flips" "$@" 2>&1)
	status=$?
	err=
	[ "$status" = 0 ] && ! contains "$out" unnoticed
}

check "a change of any byte of fs/proc/loadavg.c is noticed" noticed "$vmlinux" "$object"
check "a change of any byte of drivers/net/dummy.c is noticed" noticed "$vmlinux" "$module_object" "$folder/$ko" dummy

# ---- another compiler ----

mkdir "$dir/bin"
real=$(command -v "$compiler")

# fake_compiler SCRIPT: makes the script the kernel's compiler in $dir/bin
fake_compiler() {
	printf '#!/bin/sh\n%s\n' "$1" >"$dir/bin/$compiler"
	chmod +x "$dir/bin/$compiler"
}

build_with_path() {
	PATH=$dir/bin:$PATH SUTURE_CACHE=$dir/own run -q build --no-sandbox --toolchain host \
		--kernel "$release" -o "$dir/out/compiler" "$dir/loadavg.patch"
}

fake_compiler "[ \"\$1\" = --version ] && { echo '$compiler (Debian 12.3.0-17) 12.3.0'; exit; }
exec $real \"\$@\""
build_with_path
check "a compiler of another version is refused" fails 1 "$compiler is $compiler (Debian 12.3.0-17) 12.3.0"
check "no module is made by a compiler of another version" no_module "$dir/out/compiler"

conf=$dir/conf-text
cp -r "$build_dir" "$conf"
sed -i '/^CONFIG_CC_VERSION_TEXT=/s/12\.[0-9]/12.9/g' "$conf/.config"
mapfile -t options < <(local_kernel --build-dir "$conf")
SUTURE_CACHE=$dir/cache run -q build --no-sandbox "${options[@]}" -o "$dir/out/text" "$dir/loadavg.patch"
check "a kernel of another compiler version is refused" fails 1 "apt-get install gcc-12=12.9"

# This compiler says that it is the right one, and is not.
fake_compiler "[ \"\$1\" = --version ] && exec $real --version
exec $real \"\$@\" -fno-optimize-sibling-calls -fno-tree-vrp -fno-inline"
PATH=$dir/bin:$PATH build liar loadavg --kernel "$release"
check "a compiler that lies about its version is refused" refused liar 'loadavg.c: [a-z]'

other=$(command -v gcc-11 || command -v gcc-13 || command -v gcc-10)
if [ -n "$other" ]; then
	fake_compiler "[ \"\$1\" = --version ] && exec $real --version; exec $other \"\$@\""
	PATH=$dir/bin:$PATH build other loadavg --kernel "$release"
	check "another compiler under the right name is refused" refused other 'c: [a-z]'
else
	skip "another compiler under the right name" "no other gcc is installed"
fi
finish
