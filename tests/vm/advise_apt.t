#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# "suture advise" on a Debian 12 with its own systemd: real upgrades through apt and its hooks.
. tests/vm/rootfs.sh

need_root
open_root
kernel_deb=$(cd "$root/var/cache/apt/archives" && ls linux-image-6*-cloud-amd64_*.deb)
release=${kernel_deb#linux-image-} release=${release%%_*}
version=${kernel_deb#*_} version=${version%%_*}

# A daemon runs libssl, and a program makes code for itself.
cat >"$root/etc/systemd/system/tls.service" <<'UNIT'
[Service]
Restart=on-failure
ExecStart=/usr/bin/openssl s_server -nocert -unix /run/tls.sock -unlink
UNIT
mkdir -p "$root/debs" "$dir/tool/usr/bin" "$dir/doc/usr/share/doc/manual"
cp "$root/usr/bin/true" "$dir/tool/usr/bin/tool"
echo text >"$dir/doc/usr/share/doc/manual/README"
for number in 1 2; do
	package "$root/debs" tool "$number" "" "$dir/tool"
	package "$root/debs" manual "$number" "" "$dir/doc"
done
chroot "$root" dpkg -i /debs/tool_1.deb /debs/manual_1.deb >/dev/null

# These processes make it hard to read /proc; the name of the last one would turn a terminal red.
gcc -D_GNU_SOURCE -O1 -static -o "$root/usr/bin/hostile" tests/vm/hostile.c || exit 1
head -c 8192 /dev/zero | tee "$root/usr/lib/one.so" >"$root/usr/lib/two.so"
odd=$'/usr/bin/ho\n\033[31mstile'
cp "$root/usr/bin/hostile" "$root$odd"
printf '#!/bin/sh\nexec "%s" name\n' "$odd" >"$root/usr/bin/odd"
chmod 755 "$root/usr/bin/odd"
# hostile UNIT COMMAND: starts such a process as a unit
hostile() { printf '[Service]\nExecStart=%s\n' "$2" >"$root/etc/systemd/system/$1.service"; }
hostile many "/usr/bin/hostile maps /usr/lib/one.so /usr/lib/two.so"
hostile churn "/usr/bin/hostile churn"
hostile swap "/usr/bin/hostile swap /usr/lib/swapped.so"
hostile odd /usr/bin/odd

boot_root
runs_kernel 6.1.0-1-cloud-amd64 6.1.1-1
within systemctl start tls.service
eventually maps tls.service libssl

advise --now
check "a machine that was just booted needs nothing" [ "$status" = 0 ]
check "advise says that there is nothing to do" contains "$out" "Now: nothing to do."

within systemctl start many churn swap odd
many_lines() { [ "$(within sh -c 'wc -l <"/proc/$(systemctl show -p MainPID --value many)/maps"')" -ge 50000 ]; }
eventually many_lines
eventually maps odd.service stile
rm "$root/usr/lib/one.so" "$root$odd"
inside sh -c 'ulimit -v 400000 && exec suture --json advise --now'
check "of hostile processes only those with removed files are listed" \
	json '[.services[].unit] == ["many.service", "odd.service"]'
check "hostile processes are examined in bounded memory and time" json '.unknown == [] and .seconds < 20'
advise --now -v
check "names of hostile processes contain nothing that a terminal obeys" \
	not grep -q "[[:cntrl:]]" "$dir/run.out" "$dir/run.err"
check "a hostile process with an odd name is named" contains "$out" 'ho\\x0a\\x1b\[31mstile'
within systemctl kill -s KILL many churn swap odd
settled 0

inside suture --json advise --pending
check "advise asks apt for pending updates" json '[.updates[].package] | index("libssl3") != null'
check "a pending libssl3 asks to restart the daemon" \
	json '.updates[] | select(.package == "libssl3") | .action == "restart" and
		(.services | index("tls.service") != null)'
check "a pending update has both versions" json '.updates[] | select(.package == "libssl3") |
	(.from | length) > 3 and .from != .to'
check "a pending tzdata needs nothing" \
	json '.updates[] | select(.package == "tzdata") | .action == "nothing"'

# apt OPTION...: runs apt; $out has what the hook says
apt() { inside apt -o Binary::apt::APT::Get::Assume-Yes=true -o APT::Get::Assume-Yes=true "$@"; }

apt install /debs/tool_2.deb /debs/manual_2.deb
check "a tool and a text are upgraded" [ "$status" = 0 ]
check "the hook says before that a tool and a text need nothing" \
	contains "$out" "Suture: this upgrade requires no restart."
advise --now
check "nothing is needed after a tool and a text were upgraded" [ "$status" = 0 ]

apt install openssl libssl3
check "openssl is upgraded" [ "$status" = 0 ]
check "the hook says before that openssl needs restarts" contains "$out" "Suture: this upgrade requires restarting services"
check "the hook names before the daemon that openssl restarts" contains "$out" "tls.service"
advise --now --json
check "restarts are needed after openssl was upgraded" [ "$status" = 100 ]
check "the daemon that uses openssl must be restarted" \
	json '.services[] | select(.unit == "tls.service") | .files | any(test("libssl.so.3"))'
check "systemd's services that use libcrypto must be restarted" \
	json '[.services[].unit] | index("systemd-logind.service") != null and
		index("dbus.service") == null'
check "no reboot flag is set for a service" [ ! -e "$root/run/reboot-required" ]
inside suture advise --apply=services
check "a dry run says what it would do" contains "$out" "would run: systemctl restart tls.service"
advise --now --quiet
check "a dry run restarts nothing" [ "$status" = 100 ]
inside suture advise --apply=services --yes
check "advise restarts the daemon" contains "$out" "restarted tls.service"
eventually maps tls.service libssl
advise --now --json
check "the restarted daemon is no longer listed" json '[.services[].unit] == ["systemd-logind.service"]'
within systemctl restart systemd-logind.service
check "nothing is needed after all restarts" settled 0

# The packages get a higher version with the same content, as the archive has no newer one.
newer_deb() {
	local deb tree=$dir/repack

	deb=$(ls "$root/var/cache/apt/archives/$1"_*.deb)
	rm -rf "$tree"
	dpkg-deb -R "$deb" "$tree"
	sed -i -E "s/^(Version: .*)/\1+test1/; s/(libsystemd-shared \(= [^)]*)\)/\1+test1)/" \
		"$tree/DEBIAN/control"
	dpkg-deb --root-owner-group -Znone -b "$tree" "$root/debs/$1.deb" >/dev/null
}
newer_deb systemd
newer_deb libsystemd-shared
apt install /debs/systemd.deb /debs/libsystemd-shared.deb
check "systemd is upgraded" [ "$status" = 0 ]
check "the hook says before that systemd needs restarts" contains "$out" "Suture: this upgrade requires restarting services"
check "the hook names process 1 before systemd is upgraded" contains "$out" "init.scope"
advise --now --json
check "restarts are needed after systemd was upgraded" [ "$status" = 100 ]
check "process 1 has re-executed itself, and logind was not restarted" \
	json '[.services[].unit] == ["systemd-logind.service"] and .services[0].safe == false'
check "systemd 252 has no soft-reboot" json '.soft_reboot == false'
check "no reboot flag is set for systemd" not within test -e /run/reboot-required
within systemctl restart systemd-logind.service
check "nothing is needed after systemd's services were restarted" settled 0

# A message bus cannot be restarted while others use it.
apt install --reinstall libdbus-1-3 dbus-daemon
advise --now --json
check "a reboot is needed after dbus was upgraded" [ "$status" = 102 ]
check "dbus is named as the reason for a reboot" json '[.services[] | select(.action == "reboot") | .unit] == ["dbus.service"]'
check "apt's hook sets the reboot flag" within test -e /run/reboot-required
check "the reboot flag names dbus" [ "$(within cat /run/reboot-required.pkgs)" = dbus.service ]
within systemctl restart dbus.service
within systemctl restart systemd-logind.service
settled 0
advise --now --flag
check "the reboot flag is removed once dbus has been restarted" not within test -e /run/reboot-required

within sh -c 'echo libc6 >/run/reboot-required.pkgs; touch /run/reboot-required'
apt install "linux-image-$release"
check "a kernel is installed" [ "$status" = 0 ]
check "the hook says before that a kernel needs a reboot" contains "$out" "Suture: this upgrade requires a reboot."
advise --now --json
check "a reboot is needed after a kernel was installed" [ "$status" = 102 ]
check "the installed kernel is named" json ".kernel.installed == [{\"release\": \"$release\", \
	\"version\": \"$version\"}] and .kernel.state == \"old\""
check "the fixes of the installed kernel are known" json '.kernel.fixes | length > 10'
check "Suture's entry in the reboot flag is added to the entry of others" \
	[ "$(within cat /run/reboot-required.pkgs)" = "$(printf 'libc6\nlinux-image-%s' "$release")" ]
runs_kernel "$release" "$version"
within rm /run/reboot-required.pkgs /run/reboot-required
advise --now --flag
check "nothing is needed while the new kernel runs" [ "$status" = 0 ]
inside suture advise
check "the text fits on one screen" [ "$(lines "$out")" -lt 40 ]

# A kernel is pending in an archive of this test; its fixes are read only with --fetch.
next=linux-image-99.0.0-1-cloud-amd64
mkdir -p "$dir/kernel/usr/share/doc/$next"
cat >"$dir/kernel/usr/share/doc/$next/changelog.Debian" <<LOG
linux-signed-amd64 (99.0.0+1) bookworm-security; urgency=high

  * one (CVE-2026-10001), another (CVE-2026-10002)

 -- A <a@b>  Sun, 01 Nov 2026 00:00:00 +0000

linux ($version) bookworm-security; urgency=high

  * old (CVE-2020-10001)
LOG
package "$root/debs" "$next" 99.0.0-1 "" "$dir/kernel"
{
	dpkg-deb -f "$root/debs/${next}_99.0.0-1.deb"
	printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n' "${next}_99.0.0-1.deb" \
		"$(stat -c %s "$root/debs/${next}_99.0.0-1.deb")" \
		"$(sha256sum <"$root/debs/${next}_99.0.0-1.deb" | cut -d ' ' -f 1)"
} >"$root/debs/Packages"
echo 'deb [trusted=yes] file:/debs ./' >"$root/etc/apt/sources.list.d/local.list"
within apt-get -q update -o Dir::Etc::sourcelist=sources.list.d/local.list \
	-o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 >"$dir/update.log" 2>&1
printf 'VERSION 3\n\n%s - - none < 99.0.0-1 amd64 none x.deb\n' "$next" >"$root/transaction"
# transaction OPTION...: runs advise with what apt is about to do on stdin
transaction() { inside sh -c 'suture --json advise --transaction "$@" </transaction' sh "$@"; }
transaction
check "the fixes of a kernel that is not downloaded are unknown" json '.updates[0].cves == []'
transaction --fetch
check "--fetch finds the fixes of a pending kernel" json '.updates[0].cves == ["CVE-2026-10001", "CVE-2026-10002"] and
	.notes == [] and .updates[0].action != "nothing"'
check "--fetch leaves no file" \
	[ -z "$(find "$root/var/cache/apt/archives" -name "*99.0.0*"; find "$root/var/tmp" -name "suture-*")" ]
echo garbage >>"$root/debs/${next}_99.0.0-1.deb"
transaction --fetch
check "--fetch does not use a package whose checksum is wrong" json '.updates[0].cves == [] and (.notes[0] | test("are unknown"))'
rm "$root/etc/apt/sources.list.d/local.list"

mv "$root/opt/suture/suture" "$root/opt/suture/gone"
rm "$root/usr/local/bin/suture"
apt install --reinstall /debs/tool_2.deb
check "apt works after suture was removed" [ "$status" = 0 ]
check "apt says nothing about a removed suture" not contains "$out$err" suture
finish
