#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# "suture advise" on a Debian 12 with its own systemd: real upgrades through apt and its hooks.
. tests/vm/rootfs.sh

need_root
open_root
kernel_deb=$(cd "$root/var/cache/apt/archives" && ls linux-image-6*-cloud-amd64_*.deb)
release=${kernel_deb#linux-image-} release=${release%%_*}
version=${kernel_deb#*_} version=${version%%_*}

# A daemon that runs libssl, a program that makes code for itself, a tool and a text.
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

# Processes that make it hard to read /proc; the last one's name would turn a terminal red.
gcc -D_GNU_SOURCE -O1 -static -o "$root/usr/bin/hostile" tests/vm/hostile.c || exit 1
head -c 8192 /dev/zero | tee "$root/usr/lib/one.so" >"$root/usr/lib/two.so"
odd=$'/usr/bin/ho\n\033[31mstile'
cp "$root/usr/bin/hostile" "$root$odd"
printf '#!/bin/sh\nexec "%s" name\n' "$odd" >"$root/usr/bin/odd"
chmod 755 "$root/usr/bin/odd"
# hostile UNIT COMMAND
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
check "a machine that was just booted: nothing" [ "$status" = 0 ]
check "says so" contains "$out" "Now: nothing to do."

within systemctl start many churn swap odd
many_lines() { [ "$(within sh -c 'wc -l <"/proc/$(systemctl show -p MainPID --value many)/maps"')" -ge 50000 ]; }
eventually many_lines
eventually maps odd.service stile
rm "$root/usr/lib/one.so" "$root$odd"
inside sh -c 'ulimit -v 400000 && exec suture --json advise --now'
check "hostile processes: those with removed files, and no other" \
	json '[.services[].unit] == ["many.service", "odd.service"]'
check "hostile processes: in bounded memory and time" json '.unknown == [] and .seconds < 20'
advise --now -v
check "hostile processes: nothing for a terminal to obey" \
	not grep -q "[[:cntrl:]]" "$dir/run.out" "$dir/run.err"
check "hostile processes: the odd one is named" contains "$out" 'ho\\x0a\\x1b\[31mstile'
within systemctl kill -s KILL many churn swap odd
settled 0

inside suture --json advise --pending
check "before: asked of apt" json '[.updates[].package] | index("libssl3") != null'
check "before: libssl3 restarts the daemon" \
	json '.updates[] | select(.package == "libssl3") | .action == "restart" and
		(.services | index("tls.service") != null)'
check "before: versions" json '.updates[] | select(.package == "libssl3") |
	(.from | length) > 3 and .from != .to'
check "before: tzdata takes nothing" \
	json '.updates[] | select(.package == "tzdata") | .action == "nothing"'

# apt OPTION...: with the hook's words in $out
apt() { inside apt -o Binary::apt::APT::Get::Assume-Yes=true -o APT::Get::Assume-Yes=true "$@"; }

apt install /debs/tool_2.deb /debs/manual_2.deb
check "a tool and a text: installed" [ "$status" = 0 ]
check "a tool and a text: nothing, said before" \
	contains "$out" "Suture: this upgrade requires no restart."
advise --now
check "a tool and a text: nothing, after" [ "$status" = 0 ]

apt install openssl libssl3
check "openssl: upgraded" [ "$status" = 0 ]
check "openssl: restart, said before" contains "$out" "Suture: this upgrade requires restarting services"
check "openssl: who, said before" contains "$out" "tls.service"
advise --now --json
check "openssl: restart, after" [ "$status" = 100 ]
check "openssl: the daemon" \
	json '.services[] | select(.unit == "tls.service") | .files | any(test("libssl.so.3"))'
check "openssl: systemd's own services use its libcrypto" \
	json '[.services[].unit] | index("systemd-logind.service") != null and
		index("dbus.service") == null'
check "no flag for a service" [ ! -e "$root/run/reboot-required" ]
inside suture advise --apply=services
check "a dry run says what it would do" contains "$out" "would run: systemctl restart tls.service"
advise --now --quiet
check "and does nothing" [ "$status" = 100 ]
inside suture advise --apply=services --yes
check "restarted" contains "$out" "restarted tls.service"
eventually maps tls.service libssl
advise --now --json
check "its row is gone" json '[.services[].unit] == ["systemd-logind.service"]'
within systemctl restart systemd-logind.service
check "nothing is left" settled 0

# The same content under a higher version, since the archive has no newer one.
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
check "systemd: upgraded" [ "$status" = 0 ]
check "systemd: restarts, said before" contains "$out" "Suture: this upgrade requires restarting services"
check "systemd: process 1, said before" contains "$out" "init.scope"
advise --now --json
check "systemd: restart, after" [ "$status" = 100 ]
check "systemd: process 1 took over from itself, and logins were left alone" \
	json '[.services[].unit] == ["systemd-logind.service"] and .services[0].safe == false'
check "systemd 252 has no soft-reboot" json '.soft_reboot == false'
check "no flag for that" not within test -e /run/reboot-required
within systemctl restart systemd-logind.service
check "restarted all the same: nothing" settled 0

# A message bus cannot be restarted below those who use it.
apt install --reinstall libdbus-1-3 dbus-daemon
advise --now --json
check "dbus: reboot, after" [ "$status" = 102 ]
check "dbus: by whom" json '[.services[] | select(.action == "reboot") | .unit] == ["dbus.service"]'
check "the flag, set by apt's hook" within test -e /run/reboot-required
check "the flag says who" [ "$(within cat /run/reboot-required.pkgs)" = dbus.service ]
within systemctl restart dbus.service
within systemctl restart systemd-logind.service
settled 0
advise --now --flag
check "the flag is cleared" not within test -e /run/reboot-required

within sh -c 'echo libc6 >/run/reboot-required.pkgs; touch /run/reboot-required'
apt install "linux-image-$release"
check "kernel: installed" [ "$status" = 0 ]
check "kernel: reboot, said before" contains "$out" "Suture: this upgrade requires a reboot."
advise --now --json
check "kernel: reboot, after" [ "$status" = 102 ]
check "kernel: which" json ".kernel.installed == [{\"release\": \"$release\", \
	\"version\": \"$version\"}] and .kernel.state == \"old\""
check "kernel: its fixes are known" json '.kernel.fixes | length > 10'
check "the flag: added to another's" \
	[ "$(within cat /run/reboot-required.pkgs)" = "$(printf 'libc6\nlinux-image-%s' "$release")" ]
runs_kernel "$release" "$version"
within rm /run/reboot-required.pkgs /run/reboot-required
advise --now --flag
check "the new kernel runs: nothing" [ "$status" = 0 ]
inside suture advise
check "the text is one screen" [ "$(lines "$out")" -lt 40 ]

# A kernel that waits, in an archive of ours: what it fixes is only looked up when asked for.
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
# transaction OPTION...: what apt is about to do, told on stdin
transaction() { inside sh -c 'suture --json advise --transaction "$@" </transaction' sh "$@"; }
transaction
check "a kernel that is not downloaded: fixes are not known" json '.updates[0].cves == []'
transaction --fetch
check "--fetch: they are" json '.updates[0].cves == ["CVE-2026-10001", "CVE-2026-10002"] and
	.notes == [] and .updates[0].action != "nothing"'
check "--fetch: nothing is left of it" \
	[ -z "$(find "$root/var/cache/apt/archives" -name "*99.0.0*"; find "$root/var/tmp" -name "suture-*")" ]
echo garbage >>"$root/debs/${next}_99.0.0-1.deb"
transaction --fetch
check "--fetch: not what it should be" json '.updates[0].cves == [] and (.notes[0] | test("are unknown"))'
rm "$root/etc/apt/sources.list.d/local.list"

mv "$root/opt/suture/suture" "$root/opt/suture/gone"
rm "$root/usr/local/bin/suture"
apt install --reinstall /debs/tool_2.deb
check "suture is gone: apt does not mind" [ "$status" = 0 ]
check "nor does it say a word" not contains "$out$err" suture
finish
