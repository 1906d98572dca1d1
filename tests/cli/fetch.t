#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh
fake_apt

package() { # NAME VERSION [DEPENDS]
	cat >>"$FAKE_APT/index" <<-END
	Package: $1
	Version: $2
	Architecture: amd64
	Depends: ${3:-x}
	Filename: pool/x.deb
	Size: 1000
	Installed-Size: 10

	END
}

kernel() { # RELEASE VERSION
	package "linux-image-$1" "$2"
	package "linux-headers-$1" "$2" "linux-kbuild-6.1 (>= $2)"
	package linux-source-6.1 "$2"
}

run fetch --kernel 6.1.0-7-amd64
check "without package lists, a remedy is named" fails 1 "apt-get update"
run fetch --list
check "without package lists, --list says so and what to do" fails 1 "apt has no package lists that name a kernel: run 'apt-get update'"
run --json fetch --list
check "the same as JSON" json '.error.message | contains("apt-get update")'

for n in 3 20 9 10 1; do
	kernel "6.1.0-$n-amd64" "6.1.$n-1"
done
package linux-image-6.1.0-30-amd64 6.1.30-1
run fetch --kernel 6.1.0-7-amd64
check "an unknown release: the newest complete releases are named" \
	fails 1 "6.1.0-20-amd64, 6.1.0-10-amd64, 6.1.0-9-amd64, 6.1.0-3-amd64 and older"
check "an unknown release: no folder is made for it" [ ! -e "$SUTURE_CACHE/kernels" ]

rm "$FAKE_APT/asked"
run fetch --kernel 6.7.0-1-amd64
check "an unknown series: another series is named" fails 1 "which has 6.1.0-20-amd64"
if [ -e /var/cache/apt/pkgcache.bin ]; then
	skip "what the host's apt has parsed is kept" "the host's apt keeps it"
else
	check "what the host's apt has parsed is kept" \
		grep -q "^index show $SUTURE_CACHE/apt/host/pkgcache.bin" "$FAKE_APT/asked"
fi
run fetch --kernel 6.1.0-20-amd64
check "missing build tools are named" fails 1 "linux-kbuild-6.1 of at least version 6.1.20-1"

package linux-kbuild-6.1 6.1.9-1
run fetch --kernel 6.1.0-20-amd64
check "build tools that are too old are named" fails 1 "linux-kbuild-6.1 of at least version 6.1.20-1"
run fetch --kernel 6.1.0-30-amd64
check "missing headers are named" fails 1 "linux-headers-6.1.0-30-amd64"
package linux-image-6.1.0-9-rt-amd64 6.1.9-1
package linux-headers-6.1.0-9-rt-amd64 6.1.9-1 \
	"linux-headers-6.1.0-9-common-rt (= 6.1.9-1), linux-kbuild-6.1"
run fetch --kernel 6.1-rt-amd64
check "a flavour's own headers are named if they are missing" fails 1 "linux-headers-6.1.0-9-common-rt"
run fetch --kernel '6.1;rm'
check "text that is no release is refused" fails 2 "is not a kernel release"

echo offline >"$FAKE_APT/mode"
run -q fetch --kernel 6.1.0-9-amd64
check "without a network, the error says so" fails 1 "no network"
check "it names the kernel" contains "$err" "kernel 6.1.0-9-amd64"
run -q --json fetch --kernel 6.1.0-9-amd64
check "without a network, the error is JSON with --json" json '.error.message | contains("no network")'
run fetch --kernel 6.1.0-9-amd64
check "no progress bar without a terminal" [ "$(lines "$err")" = 1 ]

# The following archives are not among the host's.
echo >"$FAKE_APT/mode"
mkdir "$SUTURE_ARCHIVES"
printf 'Types: deb\nURIs: host:Debian\nSuites: sid\n\nTypes: deb\nURIs: host:Ubuntu\n' \
	>"$SUTURE_ARCHIVES/x.sources"
cp "$FAKE_APT/index" "$dir/host-index"
kernel 7.9.1+deb99-amd64 7.9.1-1
sed -i 's/linux-source-6.1/linux-source-7.9/; s/linux-kbuild-6.1 (.*)/linux-kbuild-7.9/' "$FAKE_APT/index"
mv "$FAKE_APT/index" "$FAKE_APT/own-index"
cp "$dir/host-index" "$FAKE_APT/index"
run -q fetch --kernel 7.9.1+deb99-amd64
check "a release of other archives is found" fails 1 "linux-kbuild-7.9"
check "the sources of other archives name the host's mirror" \
	grep -qx "URIs: http://deb.example/debian/" "$SUTURE_CACHE/apt/sources/suture.sources"
check "an archive that the host does not know is not asked" \
	[ "$(grep -c URIs "$SUTURE_CACHE/apt/sources/suture.sources")" = 1 ]
run -q fetch --kernel 7.9
check "a series of other archives is found" fails 1 "kernel 7.9.1+deb99-amd64"
check "package lists are downloaded once a day" [ "$(grep -c update "$FAKE_APT/log")" = 1 ]
touch -d '2 days ago' "$SUTURE_CACHE/apt/updated"
echo offline >"$FAKE_APT/mode"
run fetch --kernel 7.9.1+deb99-amd64
check "without a network, old lists are used, with a note" \
	grep -q "package lists of other archives are old: update: no network" <<<"$err"
for pair in "expired:the archive's lists have expired: its mirror is stale, or this machine's clock is wrong" \
	"early:the archive's lists are not valid yet: this machine's clock is behind" \
	"mute:no network: the archive does not answer"; do
	echo "${pair%%:*}" >"$FAKE_APT/mode"
	run fetch --kernel 7.9.1+deb99-amd64
	check "lists that are ${pair%%:*}: what is wrong is said" contains "$err" "${pair#*:}"
done
echo offline >"$FAKE_APT/mode"
run fetch --kernel 6.1.0-9-amd64
check "other archives are not asked for releases of the host's archives" [ "$(lines "$err")" = 1 ]
rm "$FAKE_APT/asked"
run fetch --kernel 6.7.0-1-amd64
check "only the archives whose releases a message names are asked for all of them" \
	[ "$(sed -n 's/ pkgnames.*//p' "$FAKE_APT/asked" | sort -u)" = index ]
rm -r "$SUTURE_ARCHIVES"

run fetch --image "$dir/none"
check "a local kernel needs image, build folder and source" fails 2 "--build-dir and --source"
run fetch --image "$dir/none" --build-dir "$dir" --source "$dir"
check "a missing file is an error" fails 1 "--image $dir/none"

run_path=/nonexistent
run fetch --kernel 6.1.0-9-amd64
check "without apt, the error says so" fails 1 "apt-cache is not installed"
run_path=

# At a terminal, what takes longer than a moment says what it does.
out=$(TERM=xterm script -qec "$(printf '%q ' "$suture" fetch --list)" /dev/null | tr -d '\r')
check "--list: at a terminal, what it waits for is shown" contains "$out" "asking apt for kernels"

# cached RELEASE VERSION: the cache has a kernel of which nothing is fetched again
cached() {
	mkdir -p "$SUTURE_CACHE/kernels/$1_$2" "$SUTURE_CACHE/sources/linux-source-6.1_$2/tree"
	echo "{\"format\": 1, \"source\": \"linux-source-6.1_$2\"}" >"$SUTURE_CACHE/kernels/$1_$2/stamp.json"
	echo '{"format": 1}' >"$SUTURE_CACHE/sources/linux-source-6.1_$2/stamp.json"
}
cached 6.1.0-9-amd64 6.1.9-1
cached 6.1.0-10-amd64 6.1.10-1
cached 6.1.0-11-rt-amd64 6.1.11-1
mkdir -p "$SUTURE_CACHE/kernels/6.1.0-12-amd64_6.1.12-1"
# uses RELEASE: the last run took this kernel of the cache for the series, and said so
uses() { contains "$err" "using $1, the newest kernel of 6.1* in the cache, since no archive could be asked: "; }
echo offline >"$FAKE_APT/mode"
run fetch --kernel 6.1
check "without a network, a series is what the cache has of it" uses 6.1.0-10-amd64
package linux-kbuild-6.1 6.1.20-1
SUTURE_CACHE=$dir/empty run fetch --kernel 6.1
check "with nothing in the cache, the kernel that was wanted is named" fails 1 "kernel 6.1.0-20-amd64: *no network"
run fetch --kernel 6.1
check "a kernel that cannot be fetched: a series is what the cache has of it" uses 6.1.0-10-amd64
check "the one that was wanted is named" contains "$err" "kernel 6.1.0-20-amd64: *no network"
run doctor --kernel 6.1
check "doctor names both" contains "$out" "for kernel 6.1.0-20-amd64:"
check "doctor tells what happens without a network" contains "$out" "note     network*without one, 'suture build' takes 6.1.0-10-amd64, which is in the cache"
sed -i '/^Package: linux-source-6.1/,/^$/d' "$FAKE_APT/index"
run fetch --kernel 6.1
check "without a source in the archive, a series is what the cache has of it" uses 6.1.0-10-amd64
run doctor --kernel 6.1
check "doctor names what a build would take" contains "$out" "for kernel 6.1.0-10-amd64:*in the cache"
cp "$dir/host-index" "$FAKE_APT/index"
run fetch --kernel 6.1-rt-amd64
check "the same with a flavour" uses 6.1.0-11-rt-amd64
: >"$FAKE_APT/index"
run build --kernel 6.1 tests/vm/patches/second.patch
check "without package lists, a series is what the cache has of it" uses 6.1.0-10-amd64
run doctor --kernel 6.1
check "doctor takes it, too" contains "$out" "for kernel 6.1.0-10-amd64"
run fetch --kernel 6.7
check "a series that the cache does not have is an error" fails 1 "kernel 6.7"
cp "$dir/host-index" "$FAKE_APT/index"
: >"$dir/file"
SUTURE_CACHE=$dir/file
run fetch --kernel 6.1.0-9-amd64
check "a cache that cannot be created is an error" fails 1 "SUTURE_CACHE"
finish
