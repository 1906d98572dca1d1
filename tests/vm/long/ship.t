#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# From a patch to machines: builds, tests, packages and publishes two levels of a live patch, and has a guest
# with a Debian root (systemd, apt) install, upgrade, reboot, go back and purge.
. tests/vm/lib.sh
. tests/vm/guest.sh
for tool in reprepro gpg debootstrap; do
	command -v "$tool" >/dev/null || {
		echo "1..0 # skip $tool is not installed"
		exit 0
	}
done
[ "$(id -u)" = 0 ] || {
	echo "1..0 # skip only root can make a Debian root"
	exit 0
}
need_kernel

# rooted COMMAND...: runs a function of rootfs.sh, which has its own temporary folder
rooted() (
	trap - EXIT
	. tests/vm/rootfs.sh
	"$@"
)
base_tree() { need_root >&2 && echo "$base/tree"; }

# ---- the build host ----
for word in first second; do
	change fs/proc/version.c version_proc_show "seq_puts(m, \"$word was here\\n\");"
	patch_of "$word"
	start "$word" build -k "$release" -o "$dir/built" --name "ship_$word" "$patch"
done
wait
check "the live patches are built" [ "$(ls "$dir"/built/*.ko | wc -l)" = 2 ]
tried --trial load --trial coverage "$dir"/built/*.ko
check "they pass their trial" all_pass
level=0
for word in first second; do
	level=$((level + 1))
	run package -o "$dir/packages" --level $level "$dir/built/ship_$word.ko"
	check "level $level is packaged" [ "$status" = 0 ]
done
export GNUPGHOME=$dir/gpg
mkdir -m 700 "$GNUPGHOME"
gpg -q --batch --passphrase '' --quick-gen-key "The admin <admin@example.org>" rsa2048 2>/dev/null
name=suture-livepatch-$release
publish() {
	run publish --repo "$dir/repo" --suite bookworm --key admin@example.org "$@"
	check "published: $*" [ "$status" = 0 ]
}
publish "$dir"/packages/*-1_amd64.deb
cp -a "$dir/repo" "$dir/one"
publish "$dir"/packages/*-2_amd64.deb
cp -a "$dir/repo" "$dir/two"
publish --withdraw "$name"
cp -a "$dir/repo" "$dir/three"
gpgconf --kill all

# ---- the machine ----
tree=$(rooted base_tree)
mkdir -p "$dir/debian"
cp -a "$tree/." "$dir/debian"
rooted install_suture "$dir/debian" >/dev/null
ln -s ../local/bin/suture "$dir/debian/usr/bin/suture"
rooted package "$dir" suture 9 # the program is there, in the way of rootfs.sh
cp "$dir/suture_9.deb" "$dir/debian/tmp"
chroot "$dir/debian" dpkg -i /tmp/suture_9.deb >/dev/null
mkdir -p "$dir/debian/srv/ship"
cp -a "$dir/one" "$dir/two" "$dir/three" "$dir/debian/srv/ship"
rm -f "$dir/debian"/etc/apt/sources.list.d/* "$dir/debian"/var/lib/apt/lists/*_* "$dir/debian"/var/cache/apt/archives/*.deb
echo "deb [signed-by=/srv/ship/one/key.asc] file:/srv/repo bookworm main" >"$dir/debian/etc/apt/sources.list"
cp tests/vm/ship/life.sh "$dir/debian/usr/local/bin/life"
sed 's,@bindir@,/usr/bin,' systemd/suture.service.in >"$dir/debian/lib/systemd/system/suture.service"
cat >"$dir/debian/etc/systemd/system/life.service" <<'UNIT'
[Unit]
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/bash /usr/local/bin/life
ExecStopPost=/bin/systemctl --no-block poweroff
StandardOutput=file:/dev/ttyS1
[Install]
WantedBy=multi-user.target
UNIT
chroot "$dir/debian" systemctl -q enable suture.service life.service
chroot "$dir/debian" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer \
	systemd-timesyncd.service getty@tty1.service serial-getty@ttyS0.service getty.target console-getty.service
rm -f "$dir/disk"
truncate -s 800M "$dir/disk"
/sbin/mke2fs -q -t ext4 -O ^has_journal -d "$dir/debian" "$dir/disk"
rm -rf "$dir/debian"
guest=$dir/guest
mkdir -p "$guest"/{bin,proc,dev,sysroot,drivers}
cp "$(command -v busybox)" "$guest/bin/busybox"
for applet in sh mount umount cat insmod switch_root; do
	ln -s busybox "$guest/bin/$applet"
done
guest_driver virtio_pci virtio_blk crc32c_generic ext4
cp tests/vm/ship/initramfs "$guest/init"
guest_pack

# boot SECONDS: boots the machine until it switches itself off
boot() {
	: >"$dir/guest.out"
	qemu-system-x86_64 -accel tcg,thread=single -smp 2 -cpu max -m 768 -nodefaults -no-user-config -display none \
		-no-reboot -net none -serial "file:$dir/guest.console" -serial "file:$dir/guest.out" \
		-drive "file=$dir/disk,if=virtio,format=raw,cache=unsafe" -kernel "$vmlinux" -initrd "$dir/initrd" \
		-append "console=ttyS0 panic=-1 quiet no_timer_check systemd.show_status=0" </dev/null >"$dir/qemu.log" 2>&1 &
	qemu_pid=$!
	guest_wait "$1"
	guest_report
	status=0 out= err=$(tail -n 30 "$dir/guest.console" "$dir/qemu.log")
	check "the machine reached its end" grep -q "^# guest: end" "$dir/guest.out"
}
boot 420
boot 360
finish
