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
fixtures good stalled warn_patched not_a_patch unknown_function
wait
check "the live patches build" [ "$(ls "$dir"/built/*.ko | wc -l)" = 4 ]

guest_new
cp "$dir"/built/* "$dir"/fixtures/*.ko "$guest/modules"
xz -c "$dir/built/live_first.ko" >"$guest/modules/packed.ko.xz"
sed "s/vermagic=${release:0:3}/vermagic=9.9/" "$dir/built/live_first.ko" >"$guest/modules/other_release.ko"
sed "s/suture_build_id=......../suture_build_id=00000000/" "$dir/built/live_first.ko" \
	>"$guest/modules/other_build.ko"

# Signed by nobody that the kernel knows; and with the end of one of Debian's own modules.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key" -out "$dir/cert" -days 30 \
	-subj "/CN=The admin" 2>/dev/null
cp "$dir/built/live_first.ko" "$guest/modules/signed.ko"
run sign --key "$dir/key" --cert "$dir/cert" "$guest/modules/signed.ko"
check "sign" [ "$status" = 0 ]
signature=$(($((16#$(tail -c 32 "$guest/drivers/ext4.ko" | head -c 4 | od -An -tx1 | tr -d ' '))) + 40))
{
	cat "$dir/built/live_first.ko"
	tail -c "$signature" "$guest/drivers/ext4.ko"
} >"$guest/modules/debian.ko"
guest_program setpriv /bin/setpriv
guest_pack
guest_run basic 240
guest_run stall 240
guest_run health 240
guest_run signed 120 module.sig_enforce=1
guest_run kill 300 suture_cycles=50

# Five boots of one machine.
guest_disk
for boot in install automatic; do
	guest_run boot 120
done
guest_run boot 120 suture=off
guest_start boot
guest_wait 120 "# kill me"
guest_kill
guest_report
guest_run boot 120
finish
