# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a guest with the built program in it: the stock kernel, busybox, bash, jq, and a disk that
# keeps /var/lib/suture and /etc/suture from one boot to the next.  Tests are bash scripts with
# TAP that run inside, as init's only child; their output is continued here.
#
# Sourced after lib.sh, by tests that need $release, $image and $modules of need_kernel.

qemu_pid=
at=$dir # where a guest's disk and output are

# guest_new: makes the guest's files in $dir/guest, and an empty disk
guest_new() {
	guest=$dir/guest
	mkdir -p "$guest"/{bin,sbin,usr/bin,dev,proc,sys,run,tmp,etc/suture,var/lib/suture,state} \
		"$guest/drivers" "$guest/modules" "$guest/tests/support" "$guest/etc/systemd"
	cp "$(command -v busybox)" "$guest/bin/busybox"
	local applet
	for applet in $("$guest/bin/busybox" --list); do
		[ -e "$guest/bin/$applet" ] || ln -s busybox "$guest/bin/$applet"
	done
	guest_program bash /bin/bash
	guest_program jq /bin/jq
	guest_program "$suture" /usr/bin/suture
	cp tests/support/tap.sh "$guest/tests/support/"
	cp tests/vm/live/*.sh "$guest/tests/"
	guest_driver virtio_pci virtio_blk crc32c_generic ext4
	cp tests/vm/live/init "$guest/init"
	cp systemd/suture.service.in systemd/suture-shutdown.service "$guest/etc/systemd"
	guest_disk
}

# guest_disk: makes an empty disk
guest_disk() {
	rm -f "$at/disk"
	truncate -s 32M "$at/disk"
	/sbin/mke2fs -q -t ext4 "$at/disk"
}

# guest_program PROGRAM PATH: copies a program with its shared libraries
guest_program() {
	local program library

	program=$(command -v "$1")
	rm -f "$guest$2" # it may be a link to busybox
	cp "$program" "$guest$2"
	for library in $(libraries "$program"); do
		[ -e "$guest$library" ] && continue
		mkdir -p "$guest$(dirname "$library")"
		cp -L "$library" "$guest$library"
	done
}

# guest_driver NAME...: copies modules of the kernel and those that they need, in the order of loading
guest_driver() {
	local name file

	for name; do
		name=${name//-/_}
		grep -sqx "$name" "$guest/drivers/order" && continue
		file=$(find "$modules" -name "${name//_/[-_]}.ko*" | head -n 1)
		[ -n "$file" ] || continue # built in
		# shellcheck disable=SC2046 # several names
		guest_driver $(modinfo -F depends "$file" | tr , ' ')
		case $file in
		*.xz) xz -dc "$file" >"$guest/drivers/$name.ko" ;;
		*) cp "$file" "$guest/drivers/$name.ko" ;;
		esac
		echo "$name" >>"$guest/drivers/order"
	done
}

guest_pack() {
	(cd "$guest" && find . | busybox cpio -o -H newc 2>/dev/null) >"$dir/initrd"
}

# guest_start SCRIPT [APPEND]: boots; the script's output grows in $at/guest.out.  One thread
# for both processors, as src/vm/qemu.c has it and says why.  The kernel is the one inside the
# image: to unpack itself takes it half of a boot (suture test does that, for the addresses at
# random).  What the guest has written to its disk is in our memory when it is killed, which is
# enough: our own machine does not go down.
guest_start() {
	: >"$at/guest.out"
	qemu-system-x86_64 -accel tcg,thread=single -smp 2 -cpu max -m 512 -nodefaults \
		-no-user-config -display none -no-reboot -net none \
		-serial "file:$at/guest.console" -serial "file:$at/guest.out" \
		-drive "file=$at/disk,if=virtio,format=raw,cache=unsafe" -kernel "$vmlinux" -initrd "$dir/initrd" \
		-append "console=ttyS0 panic=-1 quiet no_timer_check cryptomgr.notests=1 suture_test=$1 ${2-}" </dev/null >"$at/qemu.log" 2>&1 &
	qemu_pid=$!
}

# guest_wait SECONDS [TEXT]: waits until the guest has ended, or has printed the text
guest_wait() {
	local end=$((SECONDS + $1))

	while kill -0 "$qemu_pid" 2>/dev/null; do
		[ -n "${2-}" ] && grep -q "$2" "$at/guest.out" && return 0
		if [ $SECONDS -ge $end ]; then
			guest_kill
			return 1
		fi
		sleep 0.1
	done
	wait "$qemu_pid" 2>/dev/null
	[ -z "${2-}" ] || grep -q "$2" "$at/guest.out"
}

# guest_kill: ends the guest like a power failure
guest_kill() {
	kill -9 "$qemu_pid" 2>/dev/null
	wait "$qemu_pid" 2>/dev/null
}

# guest_report [FILE]: prints the guest's tests as tests of this script
guest_report() {
	local line

	while IFS= read -r line; do
		line=${line%$'\r'}
		case $line in
		"ok "*) count=$((count + 1)) && echo "ok $count ${line#ok * }" ;;
		"not ok "*) count=$((count + 1)) && echo "not ok $count ${line#not ok * }" ;;
		1..*) ;;
		"#"*) echo "$line" ;;
		*) echo "# $line" ;;
		esac
	done <"${1-$at/guest.out}"
}

# lane NAME COMMAND...: runs guests beside those of other lanes, as the tests wait most of
# the time; each lane has its own disk.  lanes_end prints their output.
lanes=()
lane() {
	mkdir "$dir/lane.$1"
	(
		trap guest_kill EXIT
		trap 'exit 1' TERM
		at=$dir/lane.$1
		guest_disk
		"${@:2}"
		echo "# lane: end"
	) >"$dir/lane.$1.tap" &
	lanes+=("$1")
}

lanes_end() {
	local name

	wait
	for name in "${lanes[@]}"; do
		guest_report "$dir/lane.$name.tap"
		status=0 out= err=
		check "the lane '$name' reached its end" grep -qx "# lane: end" "$dir/lane.$name.tap"
	done
}

# guest_run SCRIPT SECONDS [APPEND]: boots, waits and reports; another test is that the guest ended
guest_run() {
	guest_start "$1" "${3-}"
	guest_wait "$2"
	guest_report
	status=0 out= err=$(tail -n 30 "$at/guest.console" "$at/qemu.log")
	check "the guest of $1 reached its end" grep -q "^# guest: end" "$at/guest.out"
}

# ---- modules that are written by hand ----

# fixtures NAME...: tests/vm/fixtures/NAME.c or tests/vm/live/NAME.c become $dir/fixtures/NAME.ko
fixtures() {
	local name

	mkdir -p "$dir/fixtures"
	cp tests/vm/fixtures/{Kbuild,fixture.h} "$dir/fixtures"
	for name; do
		cp tests/vm/{fixtures,live}/"$name.c" "$dir/fixtures" 2>/dev/null
		[ -e "$dir/fixtures/$name.c" ] || echo "Bail out! no $name.c to build"
	done
	cp -rs "$build_dir" "$dir/fixtures/build"
	ln -s "$source" "$dir/fixtures/build/source"
	make -rR -f source/Makefile -C "$dir/fixtures/build" M="$dir/fixtures" CC="$compiler" \
		KERNELRELEASE="$release" CONFIG_DEBUG_INFO_BTF_MODULES= modules \
		>"$dir/fixtures.log" 2>&1 || {
		sed 's/^/# /' "$dir/fixtures.log" | tail -n 20
		echo "Bail out! the hand-written modules cannot be built"
		exit 1
	}
}

# ---- the guest of tests/vm/live*.t ----

# Adds a line at the end of /proc/version.
says() { change fs/proc/version.c version_proc_show "seq_puts(m, \"$1 was here\\n\");"; }

# built NAME ARG...: builds live_NAME.ko from the edits; with $fixes, the patch names a CVE
built() {
	local name=$1 named=$dir/${fixes:+$fixes-}$1.patch

	shift
	patch_of "$name"
	[ -z "${fixes-}" ] || mv "$dir/$name.patch" "$named"
	start "$name" build -k "$release" -o "$dir/built" --name "live_$name" "$@" "$named"
}

# live_guest: makes a guest that is ready to boot, with the modules that tests/vm/live/*.sh load
live_guest() {
	says first
	built first
	says newer
	built newer
	says stacked
	built stacked --no-replace
	change fs/pipe.c pipe_read "if (unlikely(!to)) return -EINVAL;"
	fixes=CVE-2026-10001 built pipe --no-replace
	fixtures good stalled warn_patched not_a_patch unknown_function
	wait
	check "the live patches are built" [ "$(ls "$dir"/built/*.ko | wc -l)" = 4 ]

	guest_new
	cp "$dir"/built/* "$dir"/fixtures/*.ko "$guest/modules"
	xz -c "$dir/built/live_first.ko" >"$guest/modules/packed.ko.xz"
	sed "s/vermagic=${release:0:3}/vermagic=9.9/" "$dir/built/live_first.ko" >"$guest/modules/other_release.ko"
	sed "s/suture_build_id=......../suture_build_id=00000000/" "$dir/built/live_first.ko" \
		>"$guest/modules/other_build.ko"

	# One module is signed by a key that the kernel lacks, one has the signature of a module of Debian.
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key" -out "$dir/cert" -days 30 \
		-subj "/CN=The admin" 2>/dev/null
	cp "$dir/built/live_first.ko" "$guest/modules/signed.ko"
	run sign --key "$dir/key" --cert "$dir/cert" "$guest/modules/signed.ko"
	check "a module is signed" [ "$status" = 0 ]
	local signature=$(($((16#$(tail -c 32 "$guest/drivers/ext4.ko" | head -c 4 | od -An -tx1 | tr -d ' '))) + 40))
	{
		cat "$dir/built/live_first.ko"
		tail -c "$signature" "$guest/drivers/ext4.ko"
	} >"$guest/modules/debian.ko"
	guest_program setpriv /bin/setpriv
	guest_pack
}
