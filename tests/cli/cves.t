#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which fixes a made-up machine has, for people and for scanners.
. tests/cli/lib.sh

tree=$dir/tree
doc=$tree/usr/share/doc
mkdir -p "$tree"/proc/{self,sys/kernel/random} "$tree"/sys/kernel/livepatch/fix/vmlinux/f,1 "$tree"/sys/module/fix \
	"$tree"/run/suture/loaded "$tree"/{boot,lib/modules/6.1.0-{8,9}-amd64} "$doc"/linux-image-6.1.0-{8,9}-amd64 \
	"$tree"/var/lib/dpkg
echo 6.1.0-8-amd64 >"$tree/proc/sys/kernel/osrelease"
echo "#1 SMP PREEMPT_DYNAMIC Debian 6.1.190-1 (2026-07-01)" >"$tree/proc/sys/kernel/version"
echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
echo "fix 16384 1 - Live 0x0 (OEK)" >"$tree/proc/modules"
echo 1 >"$tree/sys/kernel/livepatch/fix/enabled"
echo 0 >"$tree/sys/kernel/livepatch/fix/transition"
# image TEXT: the start of a bzImage of that version (Documentation/arch/x86/boot.rst)
image() {
	perl -e '$_ = "\0" x 4096; substr($_, 0x1f1, 1) = "\7"; substr($_, 0x1fe, 2) = "\x55\xaa"; substr($_, 0x202, 4) = "HdrS";
		substr($_, 0x206, 2) = pack "v", 0x20f; substr($_, 0x20e, 2) = pack "v", 0x400;
		substr($_, 0x600, length $ARGV[0]) = $ARGV[0]; print' "$1"
}
for number in 8:6.1.190-1 9:6.1.192-3; do
	at=6.1.0-${number%%:*}-amd64
	image "$at (x@y) (gcc) #1 SMP PREEMPT_DYNAMIC Debian ${number#*:} (2026-08-01)" >"$tree/boot/vmlinuz-$at"
	printf 'Package: linux-image-%s\nStatus: install ok installed\nArchitecture: amd64\nVersion: %s\n\n' "$at" "${number#*:}"
done >"$tree/var/lib/dpkg/status"
cat >"$dir/changelog" <<'END'
linux (6.1.192-3) bookworm-security; urgency=high

  * one (CVE-2026-3001)
  * two (CVE-2026-3002)

 -- x <x@y>  Sat, 01 Aug 2026 00:00:00 +0000

linux (6.1.190-1) bookworm-security; urgency=high

  * three (CVE-2026-1001)

 -- x <x@y>  Wed, 01 Jul 2026 00:00:00 +0000
END
for number in 8 9; do
	gzip -c "$dir/changelog" >"$doc/linux-image-6.1.0-$number-amd64/changelog.gz"
done

run --json cves --root "$tree" CVE-2026-1001 CVE-2026-3001 CVE-2026-9999
check "the answers are about the running kernel" json '.kernel == "6.1.0-8-amd64" and .version == "6.1.190-1" and .changelog'
check "what the kernel's changelog names is fixed by it" json '.cves[0].state == "fixed by kernel"'
check "what a newer kernel fixes is open" json '.cves[1].state == "open" and (.cves[1].why | contains("6.1.0-9-amd64 (6.1.192-3)"))'
check "anything else is unknown" json '.cves[2].state == "unknown"'
run --json cves --root "$tree"
check "without CVEs, those of the newer kernel are listed" json '[.cves[].cve] == ["CVE-2026-3001", "CVE-2026-3002"]'
run cves --vex --root "$tree" CVE-2026-1001 CVE-2026-3001 CVE-2026-9999
check "OpenVEX has the same" json '[.statements[].status] == ["fixed", "affected", "under_investigation"]'
check "what is affected has an action" json '.statements[1].action_statement | contains("Boot the newer kernel")'
check "its product is the kernel" json '.statements[0].products[0]["@id"] == "pkg:deb/debian/linux-image-6.1.0-8-amd64@6.1.190-1?arch=amd64"'
run --json cves --root "$tree" --kernel 6.1.0-9-amd64 CVE-2026-3001
check "another kernel has its own fixes" json '.kernel == "6.1.0-9-amd64" and .cves[0].state == "fixed by kernel"'

# A loaded live patch with the fix; its record is bound to the inode of the module's folder.
jq -n --argjson inode "$(stat -c %i "$tree/sys/module/fix")" '{name: "fix", inode: $inode, path: "/x/fix.ko",
	sha256: "0", digest: "0", time: "2026-08-01T00:00:00Z", report: null, installed: false, states: [],
	attested: "pass", covered: 1, uncovered: [], cves: ["CVE-2026-3001"], cover: null}' >"$tree/run/suture/loaded/fix.json"
run --json cves --root "$tree" CVE-2026-3001 CVE-2026-3002
check "a live patch with the fix counts" json '[.cves[].state] == ["fixed by live patch", "open"] and (.cves[0].why | contains("fix is enabled"))'
echo 1 >"$tree/sys/kernel/livepatch/fix/transition"
run --json cves --root "$tree" CVE-2026-3001
check "not before all tasks run its code" json '.cves[0].state == "open"'
run cves --root "$tree" CVE-26-1
check "a wrong id is told" fails 2 "'CVE-26-1' is not of the form CVE-2026-12345"
run --json cves --vex --root "$tree"
check "--vex is a form of its own" [ "$status" = 2 ]
finish
