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
check "no lists" fails 1 "apt-get update"

for n in 3 20 9 10 1; do
	kernel "6.1.0-$n-amd64" "6.1.$n-1"
done
package linux-image-6.1.0-30-amd64 6.1.30-1
run fetch --kernel 6.1.0-7-amd64
check "unknown release: the newest come first, without those that lack a part" \
	fails 1 "6.1.0-20-amd64, 6.1.0-10-amd64, 6.1.0-9-amd64, 6.1.0-3-amd64 and older"
check "nothing is made for it" [ ! -e "$SUTURE_CACHE/kernels" ]

run fetch --kernel 6.7.0-1-amd64
check "unknown series: another one" fails 1 "which has 6.1.0-20-amd64"
run fetch --kernel 6.1.0-20-amd64
check "build tools that are gone" fails 1 "linux-kbuild-6.1 of at least version 6.1.20-1"

package linux-kbuild-6.1 6.1.9-1
run fetch --kernel 6.1.0-20-amd64
check "build tools that are too old" fails 1 "linux-kbuild-6.1 of at least version 6.1.20-1"
run fetch --kernel 6.1.0-30-amd64
check "headers that are gone" fails 1 "linux-headers-6.1.0-30-amd64"
package linux-image-6.1.0-9-rt-amd64 6.1.9-1
package linux-headers-6.1.0-9-rt-amd64 6.1.9-1 \
	"linux-headers-6.1.0-9-common-rt (= 6.1.9-1), linux-kbuild-6.1"
run fetch --kernel 6.1-rt-amd64
check "a flavour's own headers that are gone" fails 1 "linux-headers-6.1.0-9-common-rt"
run fetch --kernel '6.1;rm'
check "a release is not any text" fails 2 "is not a kernel release"

echo offline >"$FAKE_APT/mode"
run -q fetch --kernel 6.1.0-9-amd64
check "no network" fails 1 "no network"
run -q --json fetch --kernel 6.1.0-9-amd64
check "no network, as JSON" json '.error.message | contains("no network")'
run fetch --kernel 6.1.0-9-amd64
check "no bar where there is no terminal" [ "$(lines "$err")" = 1 ]

run fetch --image "$dir/none"
check "a local kernel needs all of it" fails 2 "--build-dir and --source"
run fetch --image "$dir/none" --build-dir "$dir" --source "$dir"
check "a file that is not there" fails 1 "--image $dir/none"

run_path=/nonexistent
run fetch --kernel 6.1.0-9-amd64
check "no apt" fails 1 "apt-cache is not installed"
run_path=

: >"$dir/file"
SUTURE_CACHE=$dir/file
run fetch --kernel 6.1.0-9-amd64
check "a cache that cannot be" fails 1 "SUTURE_CACHE"
finish
