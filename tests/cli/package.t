#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages of live patches: what dpkg and rpm see in them, and when there is none.
. tests/cli/lib.sh
. tests/support/livepatch.sh

release=6.1.0-9-amd64
out_dir=$dir/packages
deb=$out_dir/suture-livepatch-${release}_6.1.192-3-1_amd64.deb
rpm=$out_dir/suture-livepatch-$release-6.1.192-3^1.x86_64.rpm

field() { dpkg-deb -f "$deb" "$1"; }
unpack() { rm -rf "$dir/x" && dpkg-deb -R "$deb" "$dir/x"; }
package() { run package -o "$out_dir" "$@"; }

livepatch fix $release 6.1.192-3 suture_cve=CVE-2026-10001 suture_cve=CVE-2026-10002
package "$dir/fix.ko"
check "a module without a trial is refused" fails 3 "no attestation says that it was tested"
check "nothing is written then" is_empty "$out_dir"
attest fix $release fail
package "$dir/fix.ko"
check "a failed trial is refused" fails 3 "its trial failed"
package --untested=hurry "$dir/fix.ko"
check "no reason outweighs a failed trial" fails 3 "its trial failed"
attest fix $release
package --untested=hurry "$dir/fix.ko"
check "a tested module is not called untested" fails 2 "has passed its trial"

# ---- the package for apt ----
package "$dir/fix.ko"
check "a package is made" [ "$status" = 0 -a -f "$deb" ]
check "its name is that of the release" [ "$(field Package)" = suture-livepatch-$release ]
check "its version is that of the source, and the level" [ "$(field Version)" = 6.1.192-3-1 ]
check "it needs suture" contains "$(field Depends)" "suture (>= "
check "it names what it fixes" [ "$(field Suture-Fixes)" = "CVE-2026-10001 CVE-2026-10002" ]
check "a tested module is not marked" [ -z "$(field Suture-Untested)" ]
unpack
at=$dir/x/usr/lib/suture/livepatch/$release
check "it has the module" cmp -s "$at/fix.ko" "$dir/fix.ko"
check "it has the attestation" cmp -s "$at/fix.attest.json" "$dir/fix.attest.json"
check "its scripts are shell scripts" sh -n "$dir/x/DEBIAN/postinst" "$dir/x/DEBIAN/prerm"
check "nothing in it is of the builder" not contains "$(dpkg-deb -c "$deb" | grep -v root/root)" "?"
first=$(sha256sum <"$deb")
(umask 077 && touch "$dir/fix.ko" && "$suture" package -o "$out_dir" "$dir/fix.ko" >/dev/null)
check "the same inputs give the same package" [ "$(sha256sum <"$deb")" = "$first" ]
SOURCE_DATE_EPOCH=86400 package "$dir/fix.ko"
check "SOURCE_DATE_EPOCH sets the time" contains "$(TZ=UTC dpkg-deb -c "$deb")" "1970-01-02"
check "nothing else lies beside the package" [ "$(ls -A "$out_dir" | wc -l)" = 1 ]

# The scripts never fail, whatever becomes of the live patch.
mkdir "$dir/bin"
printf '#!/bin/sh\necho "$@" >>"%s/calls"\nexit 3\n' "$dir" >"$dir/bin/suture"
chmod +x "$dir/bin/suture"
script() { PATH=$dir/bin:$PATH "$dir/x/DEBIAN/$1" "${@:2}" 2>/dev/null; }
check "postinst does not fail" script postinst configure
check "prerm does not fail" script prerm remove
check "an upgrade does not unload" script prerm upgrade 6.1.192-3-2
check "they call suture" [ "$(cat "$dir/calls")" = "install --packaged /usr/lib/suture/livepatch/$release/fix.ko
uninstall --packaged --kernel $release" ]

# ---- documents for scanners ----
unpack
doc=$dir/x/usr/share/doc/suture-livepatch-$release
out=$(cat "$doc/openvex.json")
check "OpenVEX says what is fixed" json '.["@context"] == "https://openvex.dev/ns/v0.2.0" and
	[.statements[] | [.vulnerability.name, .status]] == [["CVE-2026-10001", "fixed"], ["CVE-2026-10002", "fixed"]]'
out=$(cat "$doc/csaf/suture-livepatch-6_1_0-9-amd64_6_1_192-3-1.json")
check "so does CSAF" json '.document.category == "csaf_vex" and
	[.vulnerabilities[] | .product_status.fixed] == [["livepatch-on-kernel"], ["livepatch-on-kernel"]]'

# ---- what is carried in part is not fixed ----
livepatch livepatch_6_1_192_4 $release 6.1.192-3 "suture_cover=6.1.192-3 6.1.192-4 partial"
attest livepatch_6_1_192_4 $release
jq -n '{schema: "suture.cover/1", from: "6.1.192-3", to: "6.1.192-4", verdict: "partial", units: [
	{name: "fs/pipe.c: pipe_read", state: "patched", reasons: [], cves: ["CVE-2026-1001", "CVE-2026-1002"]},
	{name: "fs/exec.c: exec", state: "refused", reasons: ["a structure grows"], cves: ["CVE-2026-1002", "CVE-2026-1003"]}]}' \
	>"$dir/livepatch_6_1_192_4.cover.json"
run --json package -o "$out_dir" --level 7 "$dir/livepatch_6_1_192_4.ko"
check "a cumulative patch has the version that it leads to" json '.version == "6.1.192-4-7"'
check "a fix of which a unit is left out is open" json '.fixed == ["CVE-2026-1001"] and
	[.open[].cve] == ["CVE-2026-1002", "CVE-2026-1003"] and (.open[0].why | contains("fs/exec.c: exec is not carried: a structure grows"))'
deb=$out_dir/suture-livepatch-${release}_6.1.192-4-7_amd64.deb
unpack
out=$(cat "$doc/openvex.json")
check "OpenVEX says so, and the remedy" json '[.statements[] | select(.status == "affected") |
	[.vulnerability.name, .action_statement]] == [["CVE-2026-1002", "Install a kernel of version 6.1.192-4 or later, and boot it."],
	["CVE-2026-1003", "Install a kernel of version 6.1.192-4 or later, and boot it."]]'

# ---- without a trial ----
rm "$dir/fix.attest.json" "$dir/fix.ko"
livepatch fix $release 6.1.192-3
deb=$out_dir/suture-livepatch-${release}_6.1.192-3-2_amd64.deb
package --level 2 --untested="the guest has no such device" "$dir/fix.ko"
check "the reason stays in the package" [ "$status $(field Suture-Untested)" = "0 the guest has no such device" ]
check "people see it" contains "$(field Description)" "(not tested)*has not passed a test: the guest has no such device"
check "the package has no documents without a CVE" not contains "$(dpkg-deb -c "$deb")" vex
package --untested=$'one\nField: two' "$dir/fix.ko"
check "a reason is one line" fails 2 "one line of text"
attest fix $release
printf x >>"$dir/fix.ko"
package "$dir/fix.ko"
check "a changed module is refused, by its name" fails 3 "fix.ko: *was changed after its trial"

# ---- order of versions ----
older() {
	dpkg --compare-versions "$1" lt "$2" || return 1
	! command -v rpm >/dev/null || [ "$(rpm --eval "%{lua:print(rpm.vercmp('$3', '$4'))}")" = -1 ]
}
check "levels of one source sort by number" older 6.1.192-3-9 6.1.192-3-10 "3^9" "3^10"
check "a later source is later than any level" older 6.1.192-3-99 6.1.192-4-1 "3^99" "4^1"
check "a security update of a source is later" older 6.1.192-3-99 6.1.192-3+deb12u1-1 "3^99" "3+deb12u1^1"
check "a backport is earlier" older 6.1.192-3~bpo11+1-1 6.1.192-3-1 "3~bpo11+1^1" "3^1"

# ---- the package for dnf ----
if command -v rpmbuild >/dev/null; then
	livepatch fix $release 6.1.192-3 suture_cve=CVE-2026-10001
	attest fix $release
	package --format rpm "$dir/fix.ko"
	check "an rpm is made" [ "$status" = 0 -a -f "$rpm" ]
	first=$(sha256sum <"$rpm")
	package --format rpm "$dir/fix.ko"
	check "the same inputs give the same rpm" [ "$(sha256sum <"$rpm")" = "$first" ]
	check "rpm sees what it fixes" contains "$(rpm -qp --provides "$rpm")" "suture-fixes(CVE-2026-10001)"
	check "it needs suture" contains "$(rpm -qp --requires "$rpm")" "suture"
	check "it has the module" contains "$(rpm -qpl "$rpm")" "/usr/lib/suture/livepatch/$release/fix.ko"
	check "its scripts call suture" contains "$(rpm -qp --scripts "$rpm")" "suture install --packaged*suture uninstall --packaged"
else
	skip "packages for dnf" "rpmbuild is not installed"
fi

# ---- what the scripts ask for, below another root ----
root=$dir/root
mkdir -p "$root/etc/suture"
packaged() { run --json install --packaged --root "$root" "$dir/fix.ko"; }
installed() { [ -e "$root/var/lib/suture/$release/installed.json" ]; }
echo "load-packages = no" >"$root/etc/suture/suture.conf"
packaged
check "load-packages = no does nothing" json '.result == "kept"'
check "nothing is installed" not installed
echo "load-packages = now" >"$root/etc/suture/suture.conf"
packaged
check "a module for another kernel waits for its boot" json '.result == "at boot" and .kernel == "6.1.0-9-amd64"'
check "it is installed" installed
echo "load-packages = later" >"$root/etc/suture/suture.conf"
packaged
check "a wrong setting is told" json ".result == \"not loaded\" and (.why | contains(\"load-packages: 'later' is not no, boot or now\"))"
mkdir -p "$root/proc/sys/kernel"
echo 6.1.0-8-amd64 >"$root/proc/sys/kernel/osrelease"
run status --root "$root"
check "status tells what became of the package" contains "$out" "package: fix for kernel 6.1.0-9-amd64*not loaded: *load-packages: 'later' is not no, boot or now"
rm "$root/etc/suture/suture.conf"
cp "$dir/fix.ko" "$dir/sound.ko"
printf '\1' | dd of="$dir/fix.ko" bs=1 seek=70 conv=notrunc status=none
packaged
check "a flipped byte is refused, by the file's name" json '.result == "not loaded" and (.why | contains("fix.attest.json is about another file"))'
cp "$dir/sound.ko" "$dir/fix.ko"
packaged
check "installing it again mends that" json '.result == "at boot" and .why == null'
run --json uninstall --packaged --kernel $release --root "$root"
check "removal uninstalls it" json '.removed == ["fix"]'
check "nothing of it stays" is_empty "$root/var/lib/suture/packages"
run --json uninstall --packaged --kernel $release --root "$root"
check "removing it twice is no error" json '.changed == false'

# ---- killed ----
rm -rf "$out_dir"
for ((i = 0; i < 30; i++)); do
	"$suture" -q package -o "$out_dir" "$dir/fix.ko" >/dev/null 2>&1 &
	sleep "0.$((RANDOM % 12))$((RANDOM % 10))"
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	for file in "$out_dir"/*.deb; do
		[ ! -e "$file" ] || dpkg-deb -I "$file" >/dev/null || echo "$file" >>"$dir/broken"
	done
done
check "a killed run leaves no half of a package" [ ! -e "$dir/broken" ]
sleep 0.3 # the children die with it
package "$dir/fix.ko"
check "the next one mends what it left" [ "$status$(ls -A "$out_dir")" = "0suture-livepatch-${release}_6.1.192-3-1_amd64.deb" ]

package --format dep "$dir/fix.ko"
check "a format is deb or rpm" fails 2 "--format: 'dep' is not deb or rpm; did you mean 'deb'?"
package --maintainer nobody "$dir/fix.ko"
check "a maintainer has an address" fails 2 "Name <mail@host>"
finish
