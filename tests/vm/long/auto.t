#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An update of the kernel, from the archive to running code, with nobody at the machine: a build host makes
# the live patch of the next version and a bad level after it; a guest with a Debian root (systemd, apt) sees
# them in its repository.  The power is cut while the good one is watched, and after the bad one.
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
KERNEL=6.1.0-56-amd64 # 6.1.192-2: the next version is another revision of the same source
next=6.1.192-3
need_kernel

# rooted COMMAND...: runs a function of rootfs.sh, which has its own temporary folder
rooted() (
	trap - EXIT
	. tests/vm/rootfs.sh
	"$@"
)
base_tree() { need_root >&2 && echo "$base/tree"; }

# ---- the build host ----
# What both levels say shows which one runs.  The second warns once the machine's probe runs, which no trial has.
change fs/proc/version.c version_proc_show 'seq_puts(m, "first was here\n");'
patch_of first
first=$patch
change fs/proc/version.c version_proc_show 'seq_puts(m, "second was here\n");'
change fs/proc/version.c version_proc_show 'WARN_ON(!strcmp(current->comm, "look-at-version"));'
patch_of second
second=$patch
start first --json cover -k "$release" --to $next -o "$dir/built" -n auto_first --add "$first"
start second --json cover -k "$release" --to $next -o "$dir/built" -n auto_second --add "$second"
finished first
check "the update is carried" [ "$(jq -r .verdict <<<"$out")" = equivalent ]
tried --trial load --trial coverage "$dir"/built/*.ko
check "both levels pass their trial" all_pass
export GNUPGHOME=$dir/gpg
mkdir -m 700 "$GNUPGHOME"
gpg -q --batch --passphrase '' --quick-gen-key "The admin <admin@example.org>" rsa2048 2>/dev/null
level=0
for word in first second; do
	level=$((level + 1))
	run package -o "$dir/packages" --level $level "$dir/built/auto_$word.ko"
	check "level $level is packaged" [ "$status" = 0 ]
	run publish --repo "$dir/repo" --suite bookworm --key admin@example.org "$dir/packages"/*-${level}_amd64.deb
	check "and published" [ "$status" = 0 ]
	cp -a "$dir/repo" "$dir/$level"
done
gpgconf --kill all

# ---- the machine ----
tree=$(rooted base_tree)
mkdir -p "$dir/debian"
cp -a "$tree/." "$dir/debian"
rooted install_suture "$dir/debian" >/dev/null
rooted package "$dir" suture 9 # the program is there, in the way of rootfs.sh
ln -s ../local/bin/suture "$dir/debian/usr/bin/suture"
cp "$dir/suture_9.deb" "$dir/debian/tmp"
chroot "$dir/debian" dpkg -i /tmp/suture_9.deb >/dev/null
mkdir -p "$dir/debian/srv/ship" "$dir/debian/etc/suture"
mv "$dir/1" "$dir/debian/srv/ship/one"
mv "$dir/2" "$dir/debian/srv/ship/two"
rm -f "$dir/debian"/etc/apt/sources.list.d/* "$dir/debian"/var/lib/apt/lists/*_* "$dir/debian"/var/cache/apt/archives/*.deb
echo "deb [signed-by=/srv/ship/one/key.asc] file:/srv/repo bookworm main" >"$dir/debian/etc/apt/sources.list"
cat >"$dir/debian/usr/local/bin/look-at-version" <<'PROBE'
#!/bin/bash
read -r line </proc/version && [ -n "$line" ]
PROBE
chmod 755 "$dir/debian/usr/local/bin/look-at-version"
cat >"$dir/debian/etc/suture/auto.conf" <<'POLICY'
mode = apply
source = repository
watch = 25s
probe = /usr/local/bin/look-at-version
reboot = never
POLICY
units=$dir/debian/etc/systemd/system
for unit in suture suture-auto; do
	sed 's,@bindir@,/usr/local/bin,' systemd/$unit.service.in >"$units/$unit.service"
done
cp systemd/suture-auto.timer systemd/suture-shutdown.service "$units"
mkdir -p "$units/suture-auto.timer.d"
printf '[Timer]\nOnBootSec=\nOnUnitActiveSec=\nOnBootSec=2s\nOnUnitInactiveSec=4s\nAccuracySec=1s\nRandomizedDelaySec=0\n' \
	>"$units/suture-auto.timer.d/often.conf"
cp tests/vm/auto/life.sh "$dir/debian/usr/local/bin/life"
cat >"$units/life.service" <<'UNIT'
[Unit]
After=basic.target
[Service]
ExecStart=/bin/bash /usr/local/bin/life
StandardOutput=file:/dev/ttyS1
[Install]
WantedBy=multi-user.target
UNIT
chroot "$dir/debian" systemctl -q enable suture.service life.service suture-auto.timer
chroot "$dir/debian" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer \
	systemd-timesyncd.service getty@tty1.service serial-getty@ttyS0.service getty.target console-getty.service
truncate -s 900M "$dir/disk"
/sbin/mke2fs -q -t ext4 -d "$dir/debian" "$dir/disk"
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

# boot SECONDS TEXT: boots the machine, and cuts its power once it has printed the text
boot() {
	: >"$dir/guest.out"
	qemu-system-x86_64 -accel tcg,thread=single -smp 2 -cpu max -m 768 -nodefaults -no-user-config -display none \
		-no-reboot -net none -serial "file:$dir/guest.console" -serial "file:$dir/guest.out" \
		-drive "file=$dir/disk,if=virtio,format=raw,cache=unsafe" -kernel "$vmlinux" -initrd "$dir/initrd" \
		-append "console=ttyS0 panic=-1 quiet no_timer_check systemd.show_status=0" </dev/null >"$dir/qemu.log" 2>&1 &
	qemu_pid=$!
	guest_wait "$1" "$2"
	guest_kill
	guest_report
	status=0 out= err=$(tail -n 30 "$dir/guest.console" "$dir/qemu.log")
	check "the machine came to: $2" grep -q "^$2" "$dir/guest.out"
	grep -q "^$2" "$dir/guest.out"
}
boot 1000 "# guest: cut" && boot 3000 "# guest: cut" && boot 1000 "# guest: end"
finish
