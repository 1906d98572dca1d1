#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Repositories of live patches: what apt is offered from them, in phases, and what it refuses.
. tests/cli/lib.sh
. tests/support/livepatch.sh

for tool in reprepro gpg apt-get createrepo_c rpmbuild; do
	command -v "$tool" >/dev/null || {
		echo "1..0 # skip $tool is not installed"
		exit 0
	}
done

release=6.1.0-9-amd64
name=suture-livepatch-$release
repo=$dir/repo
export GNUPGHOME=$dir/gpg
mkdir -m 700 "$GNUPGHOME" "$GNUPGHOME/other"
gpg -q --batch --passphrase '' --quick-gen-key "The admin <admin@example.org>" rsa2048 2>/dev/null
GNUPGHOME=$GNUPGHOME/other gpg -q --batch --passphrase '' --quick-gen-key "A thief <thief@example.org>" rsa2048 2>/dev/null
trap 'gpgconf --kill all; GNUPGHOME=$GNUPGHOME/other gpgconf --kill all; rm -rf "$dir"' EXIT

# level N SOURCE [MODULE]: makes a package of that level
level() {
	livepatch "${3-fix$1}" $release "$2" "suture_cve=CVE-2026-1000$1"
	attest "${3-fix$1}" $release
	"$suture" -q package -o "$dir/packages" --level "$1" "${@:4}" "$dir/${3-fix$1}.ko" >/dev/null
	last=$dir/packages/${name}_$2-${1}_amd64.deb
}

publish() { run publish --repo "$repo" --suite bookworm "$@"; }

# ---- a machine's apt, in a folder ----
machine=$dir/machine
mkdir -p "$machine"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d},var/lib/{apt/lists/partial,dpkg},var/cache/apt/archives/partial,var/log/apt}
# Settings of this machine do not count.
mkdir "$dir/none.d"
echo "Dir::Etc::main \"$dir/none\"; Dir::Etc::parts \"$dir/none.d\";" >"$dir/apt.conf"
export APT_CONFIG=$dir/apt.conf
apt_() {
	"$1" -o Dir="$machine" -o Dir::State::status="$machine/var/lib/dpkg/status" -o APT::Architecture=amd64 \
		-o Dir::Etc::trusted=/dev/null -o APT::Sandbox::User=root -o Debug::NoLocking=true "${@:2}"
}
source_of() { echo "deb [signed-by=$repo/key.asc] file:$1 bookworm main" >"$machine/etc/apt/sources.list"; }
update() {
	apt_ apt-get -o APT::Update::Error-Mode=any update >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
}
has() { # has VERSION: the machine has that version installed, and suture
	printf 'Package: %s\nStatus: install ok installed\nMaintainer: x <x@y>\nArchitecture: %s\nVersion: %s\nDescription: x\n\n' \
		suture all 9 "$name" amd64 "$1" >"$machine/var/lib/dpkg/status"
}
candidate() { apt_ apt-cache policy "${1-$name}" | sed -n 's/ *Candidate: //p'; }
# offered ID: the machine of that id would upgrade
offered() { apt_ apt-get -s -o APT::Machine-ID="$1" upgrade 2>/dev/null | grep -q "^Inst $name "; }
: >"$machine/var/lib/dpkg/status"
source_of "$repo"

# ---- the first level ----
level 1 6.1.192-3
publish "$last"
check "a new repository needs a key" fails 2 "needs --key"
check "nothing is made without one" [ ! -e "$repo" ]
publish --key admin@example.org "$last"
check "a level is published" contains "$out" "$name 6.1.192-3-1: added, offered to 100 %"
update
check "apt accepts the lists" [ "$status" = 0 ]
check "apt sees the level" [ "$(candidate)" = 6.1.192-3-1 ]
check "a metapackage has the kernels of the flavour" contains "$(apt_ apt-cache show suture-livepatch-amd64)" "Depends: $name"
check "the lists have an end" contains "$(cat "$repo/dists/bookworm/InRelease")" "Valid-Until: "
publish "$last"
check "publishing it again changes nothing" contains "$out" "6.1.192-3-1: kept"
cp -a "$repo" "$dir/older"

# ---- phases ----
level 2 6.1.192-3
publish --phase 10 "$last"
check "a level is published for some machines" contains "$out" "6.1.192-3-2: added, offered to 10 %"
has 6.1.192-3-1
update
check "apt sees the level, whoever is offered it" [ "$(candidate)" = 6.1.192-3-2 ]
count_offered() {
	local i

	for ((i = 0; i < 200; i++)); do
		offered "$(printf '%032x' $((i * 7919 + 1)))" && echo
	done | wc -l
}
many=$(count_offered)
echo "# of 200 machines, $many were offered the level at 10 %"
check "about a tenth of the machines is offered it" [ "$many" -ge 10 -a "$many" -le 30 ]
publish --phase 0 "$name"
check "a phase can be lowered" contains "$out" "6.1.192-3-2: phase, offered to 0 %"
update
check "at 0, no machine is offered it: apt sees the level before" [ "$(candidate)" = 6.1.192-3-1 ]
publish --phase 100
check "a phase can be raised for all" contains "$out" "6.1.192-3-2: phase, offered to 100 %"
update
few=0
for id in 1 2 3 4 5 6 7 8 9 a; do
	offered "$(printf '%032x' "0x$id")" && few=$((few + 1))
done
check "at 100, all machines are offered it" [ "$few" = 10 ]

# ---- withdrawn ----
publish --withdraw "$name"
check "a level is withdrawn" contains "$out" "6.1.192-3-2+withdrawn1: withdrawn, offered to 100 %*with the content of 6.1.192-3-1"
has 6.1.192-3-2
update
check "machines get a later version" [ "$(candidate)" = 6.1.192-3-2+withdrawn1 ]
dpkg-deb -R "$repo"/pool/main/*/*/"${name}_6.1.192-3-2+withdrawn1_amd64.deb" "$dir/x"
check "it has the module of the level before" cmp -s "$dir/x/usr/lib/suture/livepatch/$release/fix1.ko" "$dir/fix1.ko"
check "it says what it withdraws" grep -qx "Suture-Withdraws: 6.1.192-3-2" "$dir/x/DEBIAN/control"
publish --withdraw "$name"
check "without a good level before, there is nothing to go back to" fails 1 "no good level before it"
level 1 6.1.192-3 fix1
publish "$last"
check "an older level is refused" fails 3 "6.1.192-3-1 is not later than 6.1.192-3-2+withdrawn1"
level 3 6.1.192-3
publish "$last"
update
check "the next level is later than the withdrawn one" [ "$(candidate)" = 6.1.192-3-3 ]

# ---- dnf ----
"$suture" -q package -o "$dir/packages" --level 3 --format rpm "$dir/fix3.ko" >/dev/null
publish "$dir/packages/$name-6.1.192-3^3.x86_64.rpm"
check "an rpm is published" contains "$out" "6.1.192-3^3: added"
check "the list of rpms is signed" gpg -q --verify "$repo/rpm/bookworm/repodata/repomd.xml.asc" "$repo/rpm/bookworm/repodata/repomd.xml" 2>/dev/null
advisories=$(gzip -dc "$repo"/rpm/bookworm/repodata/*updateinfo.xml.gz)
check "an advisory names the fix" contains "$advisories" '<reference type="cve" id="CVE-2026-10003"'
check "the rpm is signed" contains "$(rpm -qp --qf '%{SIGPGP:pgpsig}%{RSAHEADER:pgpsig}' "$repo"/rpm/bookworm/*.rpm 2>/dev/null)" "Key ID"
publish --phase 10 "$dir/packages/$name-6.1.192-3^3.x86_64.rpm"
check "dnf has no phases" fails 2 "dnf has no phases"

# ---- what is refused ----
cp "$last" "$dir/flipped.deb"
flip() { # flip FILE OFFSET
	printf '%b' "\\x$(printf %02x $((0x$(dd if="$1" bs=1 skip="$2" count=1 status=none | od -An -tx1 | tr -d ' ') ^ 1)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
flip "$dir/flipped.deb" 1500
before=$(sha256sum "$repo/dists/bookworm/InRelease")
publish "$dir/flipped.deb"
check "a damaged package is not published, by its name" fails 1 "flipped.deb"
check "the repository stays as it was" [ "$(sha256sum "$repo/dists/bookworm/InRelease")" = "$before" ]
# tampered FILE OFFSET WORDS: a byte of the repository is flipped; apt names the file
tampered() {
	rm -rf "$dir/tampered" "$machine"/var/lib/apt/lists/* "$machine"/var/cache/apt/archives/*.deb
	mkdir -p "$machine/var/lib/apt/lists/partial"
	cp -a "$repo" "$dir/tampered"
	cp --remove-destination "$repo/$1" "$dir/tampered/$1"
	flip "$dir/tampered/$1" "$2"
	[ "$1" != dists/bookworm/Release ] || rm "$dir/tampered/dists/bookworm/InRelease"
	source_of "$dir/tampered"
	update
}
tampered dists/bookworm/InRelease 200
check "a flipped byte of InRelease is refused" contains "$status $err" "100 *InRelease*"
tampered dists/bookworm/Release 100
check "a flipped byte of Release is refused" contains "$status $err" "100 *Release*"
tampered dists/bookworm/main/binary-amd64/Packages.gz 100
packages_refused=$status
[ "$status" != 0 ] || packages_refused=$(candidate) # the other form of the list may serve
check "a flipped byte of Packages is refused or not used" contains "100 6.1.192-3-3" "$packages_refused"
pool=$(cd "$repo" && ls pool/main/*/*/"${name}_6.1.192-3-3_amd64.deb")
tampered "$pool" 1500
has 6.1.192-3-1
: >"$machine/var/lib/dpkg/status"
printf 'Package: suture\nStatus: install ok installed\nMaintainer: x <x@y>\nArchitecture: all\nVersion: 9\nDescription: x\n' >"$machine/var/lib/dpkg/status"
apt_ apt-get -y -d install "$name" >"$dir/run.out" 2>"$dir/run.err"
status=$?
load_run run
check "a flipped byte of a package is refused" contains "$status $err" "100 *${name}_6.1.192-3-3_amd64.deb*"

# Another key signs the same content.
cp -a "$repo" "$dir/thief"
GNUPGHOME=$GNUPGHOME/other gpg -q --batch --yes --clearsign -o "$dir/thief/dists/bookworm/InRelease" "$dir/thief/dists/bookworm/Release" 2>/dev/null
rm "$dir/thief/dists/bookworm/Release.gpg"
rm -rf "$machine"/var/lib/apt/lists/*bookworm*
source_of "$dir/thief"
update
check "another key is refused" contains "$status $err" "100 *NO_PUBKEY*"

# An older state of the repository is served again.
source_of "$repo"
update
newest=$(candidate)
mv "$repo" "$dir/real" && cp -a "$dir/older" "$repo"
update
check "an older Release does not take the newer level away" [ "$(candidate)" = "$newest" ]
rm -rf "$repo" && mv "$dir/real" "$repo"
sed "s/^Valid-Until: .*/Valid-Until: Sat, 01 Aug 2026 00:00:00 UTC/; s/^Date: .*/Date: Fri, 31 Jul 2026 00:00:00 UTC/" "$repo/dists/bookworm/Release" >"$dir/expired"
cp -a "$repo" "$dir/frozen"
gpg -q --batch --yes --clearsign -o "$dir/frozen/dists/bookworm/InRelease" "$dir/expired" 2>/dev/null
rm -rf "$machine"/var/lib/apt/lists/*bookworm*
source_of "$dir/frozen"
update
check "a repository that stands still is refused" contains "$status $err" "100 *Release*expired*"

mkdir "$dir/mine"
echo x >"$dir/mine/file"
run publish --repo "$dir/mine" --suite bookworm --key admin@example.org
check "a folder of others is refused" fails 1 "not a repository of Suture"
publish --key nobody@example.org
check "a key that gpg does not have is an error" fails 1 "nobody@example.org"

# ---- killed ----
level 4 6.1.192-3
source_of "$repo"
rm -rf "$machine"/var/lib/apt/lists/*bookworm*
bad=
gpg -q --dearmor <"$repo/key.asc" >"$dir/key.gpg"
for ((i = 0; i < 30; i++)); do
	[ -e "$dir/saved" ] || cp -a "$repo" "$dir/saved"
	"$suture" -q publish --repo "$repo" --suite bookworm "$last" >/dev/null 2>&1 &
	sleep "0.$((RANDOM % 9))$((RANDOM % 10))"
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	gpgv -q --keyring "$dir/key.gpg" "$repo/dists/bookworm/InRelease" >/dev/null 2>&1 || bad="$bad signature"
	for file in $(sed -n '/^SHA256:/,/^[A-Z-]/s/^ [0-9a-f]* *[0-9]* //p' "$repo/dists/bookworm/Release"); do
		[ "$(sha256sum <"$repo/dists/bookworm/$file" | cut -d' ' -f1)" = \
			"$(sed -n "/^SHA256:/,\$s,^ \([0-9a-f]*\) *[0-9]* $file\$,\1,p" "$repo/dists/bookworm/Release" | head -n 1)" ] || bad="$bad $file"
	done
	# A run that was not killed in time has published the level: the next one starts before that.
	! jq -e '.levels[] | select(.version == "6.1.192-3-4")' "$repo/suture.json" >/dev/null || {
		rm -rf "$repo"
		cp -a "$dir/saved" "$repo"
	}
done
check "a killed publisher leaves a whole repository${bad:+: $bad}" [ -z "$bad" ]
sleep 0.3
publish "$last"
check "the next one publishes" [ "$status" = 0 ]
check "and removes what the killed ones left" [ -z "$(find "$dir" -maxdepth 1 -name 'suture-publish*')" ]
update
check "apt sees the level" [ "$status $(candidate)" = "0 6.1.192-3-4" ]
finish
