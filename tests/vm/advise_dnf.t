#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# "suture advise" where dnf 4 and rpm manage packages: real transactions, from a repository made
# here, through the plugin.
. tests/vm/rootfs.sh

need_root
need_layer dnf dnf rpm createrepo-c
open_root
plugins=$root/$(chroot "$root" python3 -c 'import dnf, os; print(os.path.dirname(os.path.dirname(dnf.__file__)))')
mkdir -p "$plugins/dnf-plugins"
cp "$root/usr/share/suture/dnf-plugins/suture.py" "$plugins/dnf-plugins/"
mv "$root/var/lib/dpkg" "$root/var/lib/dpkg.away" # Debian's own packages are not what this is about
mkdir -p "$root/repo" "$root/files" "$root/etc/yum.repos.d"
cp "$root"/usr/lib/x86_64-linux-gnu/libz.so.1 "$root/files/libdemo.so"
cp "$root/usr/bin/sleep" "$root/files/demod"
cp "$root/usr/bin/true" "$root/files/demo-tool"
cat >"$root/files/demod.service" <<'UNIT'
[Service]
Environment=LD_PRELOAD=/usr/lib/libdemo.so
ExecStart=/usr/bin/demod infinity
UNIT
# The first bytes of a bzImage that says which kernel it is.
python3 - "$root/files/vmlinuz" <<'PY'
import sys
image = bytearray(4096)
image[0x1f1] = 7
image[0x202:0x206] = b"HdrS"
image[0x20e:0x210] = (0x400).to_bytes(2, "little")
text = b"6.1.0-1.x86_64 (a@b) #1 SMP 2026-02-02\0"
image[0x600:0x600 + len(text)] = text
open(sys.argv[1], "wb").write(image)
PY

# rpm NAME VERSION FILE=TARGET...
rpm_package() {
	local name=$1 version=$2 file

	shift 2
	{
		printf 'Name: %s\nVersion: %s\nRelease: 1\nSummary: test\nLicense: MIT\n' "$name" "$version"
		printf '%%global _build_id_links none\n%%global __os_install_post %%{nil}\n%%global debug_package %%{nil}\n'
		printf 'AutoReqProv: no\n%%description\ntest\n%%install\n'
		for file; do
			printf 'install -D -m 755 /files/%s %%{buildroot}%s\n' "${file%=*}" "${file#*=}"
		done
		printf '%%files\n'
		for file; do
			printf '%s\n' "${file#*=}"
		done
	} >"$root/files/$name.spec"
	chroot "$root" rpmbuild -bb --target x86_64 --define '_rpmdir /repo' \
		--define '_build_name_fmt %{NAME}-%{VERSION}.rpm' "/files/$name.spec" \
		>"$dir/rpmbuild.log" 2>&1 || tail -n 5 "$dir/rpmbuild.log" | sed 's/^/# /'
}

index() {
	chroot "$root" createrepo_c -q /repo
	[ ! -f "$root/files/updateinfo.xml" ] ||
		chroot "$root" modifyrepo_c /files/updateinfo.xml /repo/repodata >/dev/null
	[ -z "$leader" ] || within dnf -q clean expire-cache
}

rpm_package demo-libs 1 libdemo.so=/usr/lib/libdemo.so
rpm_package demo-daemon 1 demod=/usr/bin/demod demod.service=/usr/lib/systemd/system/demod.service
rpm_package demo-tool 1 demo-tool=/usr/bin/demo-tool
rpm_package demo-doc 1 demod.service=/usr/share/doc/demo/README
rpm_package demo-fix 1 demo-tool=/usr/bin/demo-fix
index
printf '[test]\nname=test\nbaseurl=file:///repo\ngpgcheck=0\nmetadata_expire=0\n' \
	>"$root/etc/yum.repos.d/test.repo"
mkdir -p "$root/etc/dnf/vars"
echo 9 >"$root/etc/dnf/vars/releasever"

boot_root
runs_kernel 6.1.0-0.x86_64 6.1.0
dnf() { inside dnf -y "$@"; }

dnf install demo-daemon demo-libs demo-tool demo-doc demo-fix
check "dnf: installed" [ "$status" = 0 ]
within systemctl daemon-reload
within systemctl start demod.service
eventually maps demod.service libdemo
advise --now
check "nothing at first" [ "$status" = 0 ]

rpm_package demo-libs 2 libdemo.so=/usr/lib/libdemo.so
rpm_package demo-tool 2 demo-tool=/usr/bin/demo-tool
rpm_package demo-doc 2 demod.service=/usr/share/doc/demo/README
rpm_package demo-fix 2 demo-tool=/usr/bin/demo-fix
rpm_package kernel-core 6.1.0 vmlinuz=/boot/vmlinuz-6.1.0-1.x86_64
cat >"$root/files/updateinfo.xml" <<'XML'
<?xml version="1.0"?>
<updates><update from="a@example.org" status="stable" type="security" version="1">
<id>TEST-2026:1</id><title>fix</title><issued date="2026-01-01 00:00:00"/>
<references><reference href="" id="CVE-2026-1234" type="cve" title="CVE-2026-1234"/></references>
<pkglist><collection short="t"><name>t</name>
<package name="demo-fix" version="2" release="1" epoch="0" arch="x86_64" src="">
<filename>demo-fix-2.rpm</filename><reboot_suggested>True</reboot_suggested></package>
</collection></pkglist></update></updates>
XML
# What dnf has is from the future, if the clock was set back: that must not matter here.
rm -f "$root/var/cache/dnf/expired_repos.json"
find "$root/var/cache/dnf" -name '*primary*' -exec touch -d '+1 hour' {} +
index

inside suture --json advise --pending
check "before: what waits" json '[.updates[].package] | sort ==
	["demo-doc", "demo-fix", "demo-libs", "demo-tool"]'
check "before: from and to" \
	json '.updates[] | select(.package == "demo-libs") | .from == "1-1" and .to == "2-1"'
check "before: a library restarts its daemon" \
	json '.updates[] | select(.package == "demo-libs") | .action == "restart" and
		.services == ["demod.service"]'
check "before: a tool and a text take nothing" \
	json '[.updates[] | select(.package == "demo-tool" or .package == "demo-doc") | .action] ==
		["nothing", "nothing"]'
check "before: the advisory asks for a reboot" \
	json '.updates[] | select(.package == "demo-fix") | .action == "reboot" and
		.cves == ["CVE-2026-1234"]'

dnf upgrade demo-tool demo-doc
check "a tool and a text: nothing, said before" contains "$out" "With the 2 updates: nothing to do."
advise --now
check "a tool and a text: nothing, after" [ "$status" = 0 ]
dnf upgrade demo-libs
check "a library: restart, said before" contains "$out" "demo-libs 1-1 -> 2-1"
advise --now --json
check "a library: restart, after" [ "$status" = 100 ]
check "a library: its daemon" json '[.services[].unit] == ["demod.service"]'
within systemctl restart demod.service
check "restarted: the row is gone" settled 0
check "no flag so far" not within test -e /run/reboot-required
dnf install kernel-core
check "a kernel: reboot, said before" contains "$out" "With the update: reboot."
advise --now --json
check "a kernel: reboot, after" [ "$status" = 102 ]
check "a kernel: which" json '.kernel.newest // .kernel.installed[0].release == "6.1.0-1.x86_64"'
check "the flag, set by the plugin" \
	[ "$(within cat /run/reboot-required.pkgs)" = linux-image-6.1.0-1.x86_64 ]

# There is no dnf 5 for this root: its actions file is read here as libdnf5-actions(8) says.
actions=$root/etc/dnf/libdnf5-plugins/actions.d/suture.actions
action() {
	local callback filter direction options command words

	IFS=: read -r callback filter direction options command < <(grep -v '^#' "$actions")
	[ "$callback/$filter/$direction/$options" = "post_transaction///" ] || return 1
	# shellcheck disable=SC2162 # a backslash makes a blank part of the word
	read -a words <<<"$command"
	inside "${words[@]}"
}
check "dnf 5: one action" [ "$(grep -vc '^#' "$actions")" = 1 ]
within rm -f /run/reboot-required /run/reboot-required.pkgs
action
check "dnf 5: its action sets the flag" within test -e /run/reboot-required
check "dnf 5: and says nothing" [ "$status/$out/$err" = 0// ]

rm "$root/usr/local/bin/suture"
action
check "dnf 5: nor when suture is gone" [ "$status/$out/$err" = 0// ]
dnf reinstall demo-tool
check "suture is gone: dnf does not mind" [ "$status" = 0 ]
check "nor does it say a word" not contains "$out$err" uture
finish
