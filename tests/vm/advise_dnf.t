#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# "suture advise" on a machine with dnf 4 and rpm: real transactions from a repository that this test
# makes, through the plugin.
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
# This makes the first bytes of a bzImage, with the text of its version.
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

# rpm NAME VERSION FILE=TARGET...: makes a package
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
check "packages are installed by dnf" [ "$status" = 0 ]
within systemctl daemon-reload
within systemctl start demod.service
eventually maps demod.service libdemo
advise --now
check "nothing is needed at first" [ "$status" = 0 ]

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
# If the clock was set back, dnf's files are from the future, which must not matter here.
rm -f "$root/var/cache/dnf/expired_repos.json"
find "$root/var/cache/dnf" -name '*primary*' -exec touch -d '+1 hour' {} +
index

inside suture --json advise --pending
check "pending updates are listed" json '[.updates[].package] | sort ==
	["demo-doc", "demo-fix", "demo-libs", "demo-tool"]'
check "a pending update has both versions" \
	json '.updates[] | select(.package == "demo-libs") | .from == "1-1" and .to == "2-1"'
check "a pending library asks to restart its daemon" \
	json '.updates[] | select(.package == "demo-libs") | .action == "restart" and
		.services == ["demod.service"]'
check "a pending tool and a pending text need nothing" \
	json '[.updates[] | select(.package == "demo-tool" or .package == "demo-doc") | .action] ==
		["nothing", "nothing"]'
check "a pending advisory asks for a reboot" \
	json '.updates[] | select(.package == "demo-fix") | .action == "reboot" and
		.cves == ["CVE-2026-1234"]'

dnf upgrade demo-tool demo-doc
check "the plugin says before that a tool and a text need nothing" contains "$out" "With the 2 updates: nothing to do."
advise --now
check "nothing is needed after a tool and a text were upgraded" [ "$status" = 0 ]
dnf upgrade demo-libs
check "the plugin says before which versions of a library change" contains "$out" "demo-libs 1-1 -> 2-1"
advise --now --json
check "restarts are needed after a library was upgraded" [ "$status" = 100 ]
check "the daemon of the library must be restarted" json '[.services[].unit] == ["demod.service"]'
within systemctl restart demod.service
check "nothing is needed after the daemon was restarted" settled 0
check "no reboot flag is set for a service" not within test -e /run/reboot-required
dnf install kernel-core
check "the plugin says before that a kernel needs a reboot" contains "$out" "With the update: reboot."
advise --now --json
check "a reboot is needed after a kernel was installed" [ "$status" = 102 ]
check "the installed kernel is named" json '.kernel.newest // .kernel.installed[0].release == "6.1.0-1.x86_64"'
check "the plugin sets the reboot flag" \
	[ "$(within cat /run/reboot-required.pkgs)" = linux-image-6.1.0-1.x86_64 ]

# This root has no dnf 5, so the test reads its actions file as libdnf5-actions(8) says.
actions=$root/etc/dnf/libdnf5-plugins/actions.d/suture.actions
action() {
	local callback filter direction options command words

	IFS=: read -r callback filter direction options command < <(grep -v '^#' "$actions")
	[ "$callback/$filter/$direction/$options" = "post_transaction///" ] || return 1
	# shellcheck disable=SC2162 # a backslash makes a blank part of the word
	read -a words <<<"$command"
	inside "${words[@]}"
}
check "the actions file for dnf 5 has an action for the flag, and one for suture auto" \
	[ "$(grep -v '^#' "$actions" | grep -o 'advise\|start\\ suture-auto.service')" = $'advise\nstart\\ suture-auto.service' ]
within rm -f /run/reboot-required /run/reboot-required.pkgs
action
check "the action for dnf 5 sets the reboot flag" within test -e /run/reboot-required
check "the action for dnf 5 says nothing" [ "$status/$out/$err" = 0// ]

rm "$root/usr/local/bin/suture"
action
check "the action for dnf 5 says nothing after suture was removed" [ "$status/$out/$err" = 0// ]
dnf reinstall demo-tool
check "dnf works after suture was removed" [ "$status" = 0 ]
check "dnf says nothing about a removed suture" not contains "$out$err" uture
finish
