#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The running kernel: everything happens in guests of the stock kernel.
. tests/vm/lib.sh
. tests/vm/guest.sh
need_kernel

# A line at the end of /proc/version.
says() { change fs/proc/version.c version_proc_show "seq_puts(m, \"$1 was here\\\\n\");"; }

# built NAME ARG...: live_NAME.ko from what was edited
built() {
	local name=$1

	shift
	patch_of "$name"
	start "$name" build -k "$release" -o "$dir/built" --name "live_$name" "$@" "$dir/$name.patch"
}

says first
built first
says newer
built newer
says stacked
built stacked --no-replace
change fs/pipe.c pipe_read "if (unlikely(!to)) return -EINVAL;"
built pipe --no-replace
fixtures good stalled not_a_patch unknown_function
wait
check "the live patches build" [ "$(ls "$dir"/built/*.ko | wc -l)" = 4 ]

guest_new
cp "$dir"/built/*.ko "$dir"/fixtures/*.ko "$guest/modules"
xz -c "$dir/built/live_first.ko" >"$guest/modules/packed.ko.xz"
sed "s/vermagic=${release:0:3}/vermagic=9.9/" "$dir/built/live_first.ko" >"$guest/modules/other_release.ko"
sed "s/suture_build_id=......../suture_build_id=00000000/" "$dir/built/live_first.ko" \
	>"$guest/modules/other_build.ko"
guest_pack
guest_run basic 240
guest_run stall 240
finish
