#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/cli/lib.sh
fake_apt

package() { # NAME VERSION [DEPENDS [SIZE [ARCHITECTURE]]]
	cat >>"$FAKE_APT/index" <<-END
	Package: $1
	Version: $2
	Architecture: ${5:-amd64}
	Depends: ${3:-x}
	Filename: pool/x.deb
	Size: ${4:-1000000}
	Installed-Size: 10

	END
}

# fact WHAT STATE PATTERN: finds a line of the text
fact() { contains "$(grep -E "^$2 +$1  " <<<"$out")" "$3"; }

run doctor --kernel 6.1.0-7-amd64
check "a kernel that no archive has: exit code 3" [ "$status" = 3 ]
check "the kernel and the reason are named" fact kernel missing "kernel 6.1.0-7-amd64: no package"
check "the existing packages are named" contains "$out" "ok       make"
check "the last line says that it is not supported" contains "$out" "kernel 6.1.0-7-amd64 is not supported"
check "nothing is created" [ ! -e "$SUTURE_CACHE" ]
run --json doctor --kernel 6.1.0-7-amd64
check "--json shows that the kernel is not supported" json '.schema == "suture.doctor/1" and (.ok | not) and .final'
check "--json has a state for each fact" json \
	'all(.facts[].state; . == "ok" or . == "note" or . == "missing")'
run doctor --kernel 5.10
check "a series that the archive lacks is missing" fact kernel missing "kernel 5.10: no package of that release or series"
check "a remedy is named" contains "$out" "a kernel from elsewhere needs --image"
run doctor --kernel '6.1;rm'
check "text that is no release is a usage error" fails 2 "is not a kernel release"
run doctor --kernel 6.1.0-7-arm64
check "a release of another architecture is recognised by its name" fact architecture missing "is for arm64"
for release in 5.14.0-570.el9_6.x86_64 4.18.0-553.el8_10.x86_64 6.8.0-45-generic; do
	run doctor --kernel $release
	check "$release is of another distribution" fact kernel missing "from elsewhere needs"
	check "$release cannot be had by its name" [ "$status" = 3 ]
done
for release in 6.12-rt-arm64 6.12.117+deb12-arm64-16k; do
	run doctor --kernel $release
	check "$release is of another architecture" fact architecture missing "is for arm64"
done
run doctor --kernel 5.14.0-570.el9_6.aarch64
check "other distributions' names of architectures are recognised" fact architecture missing "is for aarch64"

# The archive is still empty, so it cannot have the running kernel.
run doctor
check "the running kernel was not named: exit code 0" [ "$status" = 0 ]
check "the last line says that the running kernel is not supported" contains "$out" "is running but is not supported"
run --json doctor
check "--json shows the running kernel" json '.ok and (.served | not) and .final'

package linux-image-6.1.0-7-amd64 6.1.7-1
run doctor --kernel 6.1.0-7-amd64
check "all missing packages are named" fact kernel missing \
	"linux-headers-6.1.0-7-amd64 of version 6.1.7-1, linux-source-6.1 of version 6.1.7-1"
package linux-headers-6.1.0-7-amd64 6.1.7-1 "linux-kbuild-6.1 (>= 6.1.7-1), linux-compiler-gcc-12-x86"
package linux-source-6.1 6.1.7-1
run doctor --kernel 6.1.0-7-amd64
check "missing build tools are named" fact kernel missing "linux-kbuild-6.1 of at least version 6.1.7-1"
package linux-kbuild-6.1 6.1.7-1
run doctor --kernel 6.1.0-7-amd64
check "a kernel that an archive has: exit code 0" [ "$status" = 0 ]
check "the size of the download is shown" fact kernel ok "downloads 4 MB"
check "the needed disk space is shown" fact space ok "needs 0.0 GB"
check "its compiler is known from its headers" fact compiler ok /gcc-12
check "facts that will be known later are shown" fact configuration later CONFIG_LIVEPATCH
check "the result is called preliminary" contains "$out" "as far as is known before it is fetched"
check "nothing is fetched" [ ! -e "$FAKE_APT/log" ]
check "nothing is created" [ ! -e "$SUTURE_CACHE" ]
run --json doctor --kernel 6.1
check "--json shows a series" json '.kernel == "6.1.0-7-amd64" and .ok and .served and (.final | not)'

package linux-image-6.1.0-8-rt-amd64 6.1.7-1
package linux-headers-6.1.0-8-rt-amd64 6.1.7-1 \
	"linux-headers-6.1.0-8-common-rt (= 6.1.7-1), linux-kbuild-6.1, gcc-77"
package linux-headers-6.1.0-8-common-rt 6.1.7-1
run doctor --kernel 6.1.0-8-rt-amd64
check "a compiler that is not installed is named" fact compiler missing "apt-get install gcc-77"
check "a flavour with patches that the source lacks is noted" fact source note linux-headers-6.1.0-8-common-rt
package gcc-78 7.8
package linux-image-6.1.0-11-amd64 6.1.7-1
package linux-headers-6.1.0-11-amd64 6.1.7-1 "linux-kbuild-6.1, gcc-78"
run doctor --kernel 6.1.0-11-amd64
check "a compiler that the archive has will be fetched" fact compiler note "downloads it into the cache"
package linux-image-6.1.0-9-amd64 6.1.7-1 x 8000000000000000
package linux-headers-6.1.0-9-amd64 6.1.7-1 "linux-kbuild-6.1, gcc-12"
run doctor --kernel 6.1.0-9-amd64
check "a disk that is too small is named" fact space missing "GB are free"
package linux-image-6.1.0-10-other 6.1.7-1 x 1000 riscv64
package linux-headers-6.1.0-10-other 6.1.7-1 "linux-kbuild-6.1, gcc-12"
run doctor --kernel 6.1.0-10-other
check "a package of another architecture is recognised" fact architecture missing "is for riscv64"

# The following kernels are local, and judged by their configuration.
build=$dir/build
mkdir -p "$build"/{include/{config,generated},arch/x86/include/generated/asm,scripts/{basic,mod}} \
	"$build/tools/objtool" "$dir/source"
run doctor --image "$dir/image" --build-dir "$build" --source "$dir/source"
check "a missing image is named" fact kernel missing "--image $dir/image"
: >"$dir/image"
run doctor --image "$dir/image" --build-dir "$build" --source "$dir/source"
check "a folder without a build is named" fact kernel missing "not the folder of a built kernel"
echo '#define UTS_RELEASE "6.1.7-own"' >"$build/include/generated/utsrelease.h"
run doctor --image "$dir/image" --build-dir "$build" --source "$dir/source"
check "a folder without a source tree is named" fact kernel missing "not a kernel source tree"
: >"$dir/source/Makefile"
run doctor --image "$dir/image" --build-dir "$build" --source "$dir/source"
check "an incomplete build is named" fact kernel missing "$build/.config: missing"
touch "$build"/{Module.symvers,include/config/{auto.conf,kernel.release}} \
	"$build"/include/generated/{autoconf,asm-offsets}.h \
	"$build/arch/x86/include/generated/asm/syscalls_64.h"
for tool in scripts/basic/fixdep scripts/mod/modpost tools/objtool/objtool; do
	ln -s /bin/true "$build/$tool"
done
echo CONFIG_LTO=y >"$build/.config"
run doctor --image "$dir/image" --build-dir "$build" --source "$dir/source"
check "the release of the local kernel is shown" contains "$out" "for kernel 6.1.7-own:"
check "a kernel that is not x86-64 is not served" fact architecture missing x86-64
check "a kernel without live patching is not served" fact livepatch missing CONFIG_LIVEPATCH
check "a kernel without calls at the start of functions is not served" fact fentry missing CONFIG_HAVE_FENTRY
check "a kernel without reliable stack traces is not served" fact "stack traces" missing CONFIG_UNWINDER_ORC
check "a kernel with link-time optimisation is not served" fact "link time" missing CONFIG_LTO
check "an unknown compiler is named" fact compiler missing CONFIG_CC_VERSION_TEXT
check "the missing image is named" fact image missing "$dir/image"
check "missing modules are a note" fact modules note "only vmlinux"
check "missing facts make the exit code 3" [ "$status" = 3 ]
check "nothing is left behind" [ ! -e "$SUTURE_CACHE" ]
cat >"$build/.config" <<'END'
CONFIG_X86_64=y
CONFIG_LIVEPATCH=y
CONFIG_HAVE_FENTRY=y
CONFIG_HAVE_RELIABLE_STACKTRACE=y
CONFIG_MODULE_SIG_FORCE=y
CONFIG_CC_VERSION_TEXT="gcc-12 (Elsewhere 12.9.9) 12.9.9"
END
run doctor --image "$dir/image" --build-dir "$build" --source "$dir/source"
check "facts that are as they should be are ok" contains "$(grep -cE '^ok +(architecture|livepatch|fentry|stack|objtool|modpost)' \
	<<<"$out")" 6
check "a kernel for one processor is noted" fact processors note CONFIG_SMP
check "signatures that the kernel requires are noted" fact signatures note CONFIG_MODULE_SIG_FORCE
check "another compiler of the same name is named" fact compiler missing "code would differ"

mkdir -p "$dir/other/sys/kernel/security" "$dir/other/sys/kernel/livepatch"
mkdir -p "$dir/other/proc/sys/kernel" && echo 6.1.0-9-amd64 >"$dir/other/proc/sys/kernel/osrelease"
echo 'none [integrity] confidentiality' >"$dir/other/sys/kernel/security/lockdown"
run doctor --root "$dir/other"
check "a running kernel that is locked down is noted" fact lockdown note "(integrity)"
echo '[none] integrity confidentiality' >"$dir/other/sys/kernel/security/lockdown"
run doctor --root "$dir/other"
check "a running kernel that is not locked down gets no note" not contains "$out" lockdown

# A machine that only loads patches lacks nothing because it has no compiler and no QEMU.
run_path=/nonexistent
echo 1 >"$dir/other/proc/sys/kernel/ftrace_enabled"
run doctor --for load --root "$dir/other"
check "for loading: nothing is missing" [ "$status" = 0 ]
check "for loading: the conclusion says so" contains "$out" "this machine can load live patches"
check "for loading: no compiler, no QEMU, no cache is mentioned" not contains "$out" install
rmdir "$dir/other/sys/kernel/livepatch"
run doctor --for load --root "$dir/other"
check "for loading: a kernel without live patching makes the exit code 3" [ "$status" = 3 ]
check "for loading: it is missing" fact "running kernel" missing "cannot be live-patched"
check "for loading: the conclusion says so, too" contains "$out" "this machine cannot load live patches: see"
run --json doctor --for test
check "for testing: QEMU is missing" json '(.ok | not) and .for == "test" and .kernel == null and
	any(.facts[]; .what == "qemu-system-x86_64" and .state == "missing")'
check "for testing: nothing that only builds need" json 'all(.facts[]; .what != "make")'
run --json doctor --for build
check "for building: QEMU is not mentioned" json '(.ok | not) and .for == "build" and
	all(.facts[]; .what != "qemu-system-x86_64") and any(.facts[]; .what == "make")'
run doctor --for everything
check "a purpose that there is not is a usage error" fails 2 "is not load, build, test or package"
run doctor
check "missing programs are named" contains "$out" "apt-get install make"
check "the purpose of missing programs is named" contains "$out" "'suture test' needs it"
finish
