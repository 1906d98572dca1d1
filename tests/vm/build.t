#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# suture build with a real kernel: what it writes and what it refuses; any failure is one clear
# line and leaves nothing behind.
. tests/vm/lib.sh
need_kernel
demo=$PWD/demo/demo.patch
# Of two units, the demo patch takes twice as long as its first half.
half=$dir/half.patch
sed '/^--- a\/net/,$d' "$demo" >"$half"

# A clean failure prints one line on stderr and nothing on stdout, and leaves no files.
fails_cleanly() {
	fails "$1" "$2" && is_empty "$dir/made" && is_empty "$TMPDIR"
}

# refused RULE: that rule refuses with a remedy, as JSON; there is a report, but no module.
refused() {
	[ "$status" = 3 ] && is_empty "$TMPDIR" && [ -z "$(echo "$dir"/made/*.ko)" ] &&
		json ".verdict == \"refused\" and .module == null and
			any(.findings[]; .rule == \"$1\" and .severity == \"refuse\" and .remedy)"
}

# ---- what it makes

run --json build -k "$release" -o "$dir/made" "$demo"
first=$out
check "the demo patch is built" [ "$status" = 0 ]
check "a function of vmlinux and one of a module are proven" json \
	'[.functions[] | .object + " " + .name + " " + .change + " " + .proof] | sort ==
	["pktgen pgctrl_show changed exact", "vmlinux version_proc_show changed exact"]'
check "build writes the module and the report, and nothing else" \
	[ "$(ls "$dir/made" | tr '\n' ' ')" = "livepatch_demo.ko livepatch_demo.report.json " ]
check "the report has the content of --json" \
	[ "$(jq -S . <"$dir/made/livepatch_demo.report.json")" = "$(printf '%s' "$first" | jq -S .)" ]
check "no temporary files are left" is_empty "$TMPDIR"
mv "$dir/made" "$dir/good"

run --json show "$dir/good/livepatch_demo.ko"
check "show lists the functions of the module" json \
	"[.functions[].name] | sort == [\"pgctrl_show\", \"version_proc_show\"]"
check "show says for which kernel the module is" json ".kernel == \"$release\" and .replace"
check "show says from which patch the module is" json '.patches | length == 1 and (.[0] | endswith(" demo.patch"))'

(cd / && TMPDIR=/tmp "$suture" -q build -j 1 -k "$release" -o "$dir/again" "$demo" >/dev/null)
check "a build elsewhere with one job gives the same bytes" \
	cmp "$dir/good/livepatch_demo.ko" "$dir/again/livepatch_demo.ko"
"$suture" -q build -k "$release" -o "$dir/one" "$half" >/dev/null &
"$suture" -q build -k "$release" -o "$dir/two" "$half" >/dev/null
wait $!
check "two builds at once give the same bytes" cmp "$dir/one/livepatch_half.ko" "$dir/two/livepatch_half.ko"

run build -k "$release" -o "$dir/made" --dry-run "$half"
check "a dry run writes nothing" [ "$status" = 0 -a ! -e "$dir/made" ]
check "a dry run says that it writes nothing" contains "$out" "nothing written"
[ "$release" = "$(uname -r)" ] || check "build says that another kernel runs here, and how to name it" contains "$err" \
	"this live patch is for kernel $release, not for $(uname -r), which runs here"
run build -k "$release" --dry-run -n loop "$half"
check "a module of the kernel keeps its name" fails 2 "name 'loop': a part of the kernel has that name"
run --json build -k "$release" --dry-run "$half"
check "JSON says whether the kernel runs here" json ".runs_here == $([ "$release" = "$(uname -r)" ] && echo true || echo false)"
{
	echo "Subject: [PATCH] version: fix CVE-2026-12345"
	echo
	sed 's/sysname,/nodename,/' "$demo"
} >"$dir/fuzz.patch"
run --json build -k "$release" -o "$dir/stack" -n other_name --no-replace --cve CVE-2025-4321 \
	"$dir/fuzz.patch"
check "the module has the name that --name gives" [ -e "$dir/stack/other_name.ko" ]
check "the report has the fixes that the mail and --cve name" json \
	'.cves == ["CVE-2025-4321", "CVE-2026-12345"]'
patch=$dir/fuzz.patch
one hunk-fuzz warn fs/proc/version.c "hunk 1 of fuzz.patch applies only with fuzz 1"
none hunk-fuzz net/core/pktgen.c
run --json show "$dir/stack/other_name.ko"
check "show says that it is to be stacked" json '.name == "other_name" and (.replace | not)'
check "show names the fixes" json '.cves == ["CVE-2025-4321", "CVE-2026-12345"]'
check "show names the hunk with fuzz" json '.fuzz | length == 1 and
	(.[0] | test("^fs/proc/version.c:[0-9]+ hunk 1 of fuzz.patch "))'

replace fs/proc/version.c 's,^\treturn 0;,& /* unchanged */,'
patch_of comment
run --json build -k "$release" -o "$dir/made" "$dir/comment.patch"
check "a comment changes no code" [ "$status" = 0 ]
check "a comment gives no module" json '.module == null'
one no-code-change note "$patch"
append fs/signalfd.c 'EXPORT_SYMBOL_GPL(signalfd_cleanup);'
patch_of export
run --json build -k "$release" -o "$dir/made" --dry-run "$patch"
one no-code-change note "$patch"
one export-new warn "fs/signalfd.c: signalfd_cleanup"
rm -rf "$dir/made"
run --json build -k "$release" -o "$dir/made" "$half" tests/vm/patches/second.patch
check "two patches are built, the second on top of the first" [ "$status" = 0 ]
patch=$half
none no-code-change "$half"
rm -rf "$dir/made"

# ---- what is refused

replace fs/pipe.c 's,^(static unsigned int pipe_max_size).*,\1 = 4711;,'
patch_of data
run --json build -k "$release" -o "$dir/made" "$dir/data.patch"
check "a change of existing data is refused" refused data-changed
replace fs/proc/version.c 's,^\tpde_make_permanent.pde.;,,'
patch_of init
run --json build -k "$release" -o "$dir/made" "$dir/init.patch"
check "a change of code that runs at boot is refused" refused init-function
replace kernel/livepatch/transition.c '0,/^\tklp_target_state = KLP_UNDEFINED;/s//& schedule();/'
patch_of own
run --json build -k "$release" -o "$dir/made" "$dir/own.patch"
check "a change of live patching's own code is refused" refused own-ground
rm -rf "$dir/made"

# ---- what is wrong with the input

run build -k "$release" -o "$dir/made" "$dir/none.patch"
check "a patch that does not exist is an error" fails_cleanly 1 "none.patch: No such file or directory"
: >"$dir/empty.patch"
run -q build -k "$release" -o "$dir/made" "$dir/empty.patch"
check "an empty patch is an error" fails_cleanly 1 "empty.patch"
run -q build -k "$release" -o "$dir/made" "$suture"
check "a program in place of a patch is an error" fails_cleanly 1 "suture: "
head -c 300 "$demo" >"$dir/cut.patch"
run -q build -k "$release" -o "$dir/made" "$dir/cut.patch"
check "a truncated patch is an error" fails_cleanly 1 "cut.patch"
sed 's/utsname/otsname/' "$demo" >"$dir/other.patch"
run -q build -k "$release" -o "$dir/made" "$dir/other.patch"
check "a patch for another source is an error" fails_cleanly 1 "other.patch: does not apply: fs/proc/version.c: hunk 1"
sed 's,fs/proc/version.c,../../etc/passwd,' "$demo" >"$dir/escape.patch"
run -q build -k "$release" -o "$dir/made" "$dir/escape.patch"
check "a patch that leaves the source is an error" fails_cleanly 1 "escape.patch"
sed 's/+	seq_puts(m, /+	no_such_function(/' "$half" >"$dir/implicit.patch"
run -q build -k "$release" -o "$dir/made" "$dir/implicit.patch"
check "a patch that does not compile is an error" fails_cleanly 1 "no_such_function"
run -q build -k "$release" -o "$dir/made" -n 'a b' "$demo"
check "a bad name is an error" fails_cleanly 2 "name"
run -q build -k "$release" -o "$dir/made" -j x "$demo"
check "a bad number of jobs is an error" fails_cleanly 2 "--jobs"
run -q --json build -k "$release" -o "$dir/made" "$dir/empty.patch"
check "errors are printed as JSON" json '.schema == "suture.build/1" and .error.code == 1'

# ---- what is wrong with the kernel

local_kernel() {
	run -q build --image "$1" --modules "$modules" --build-dir "$build_dir" --source "$source" \
		-o "$dir/made" "$half"
}
head -c 3000000 "$image" >"$dir/image"
local_kernel "$dir/image"
check "a truncated image is an error" fails_cleanly 1 "image"
head -c 3000000 /dev/urandom >"$dir/image"
local_kernel "$dir/image"
check "an image of noise is an error" fails_cleanly 1 "image"
: >"$dir/image"
local_kernel "$dir/image"
check "an empty image is an error" fails_cleanly 1 "image"
run -q build -k 6.1.0-0-amd64 -o "$dir/made" "$half"
check "an unknown release is an error" fails_cleanly 1 "6.1.0-0-amd64"

mkdir "$dir/bin"
ln -s /usr/bin/* "$dir/bin/"
rm "$dir"/bin/*gcc*
run_path=$dir/bin
run -q build --toolchain host -k "$release" -o "$dir/made" "$half"
check "a missing compiler is named" fails_cleanly 1 "apt-get install gcc"
printf '#!/bin/sh\necho "gcc-12 (Debian 12.1.0-1) 12.1.0"\n' >"$dir/bin/gcc-12"
chmod +x "$dir/bin/gcc-12"
run -q build --toolchain host -k "$release" -o "$dir/made" "$half"
check "a compiler of another version is refused" fails_cleanly 1 "12.1.0"
run_path=

# ---- where it cannot write

echo >"$dir/file"
run -q build -k "$release" -o "$dir/file/out" "$half"
check "an output folder below a file is an error" fails_cleanly 1 "$dir/file"
run -q build -k "$release" -o /proc/suture "$half"
check "an output folder that cannot be made is an error" fails_cleanly 1 "/proc/suture"
export TMPDIR="$dir/file"
run -q build -k "$release" -o "$dir/made" "$half"
check "a missing folder for temporary files is an error" fails 1 "$dir/file"
export TMPDIR="$dir/tmp"

# in_mounts COMMAND...: runs suture after private mounts; $status is 77 if mounting is forbidden
in_mounts() {
	local prepare=$1

	shift
	unshare -m sh -c "{ $prepare; } || exit 77; exec \"\$@\"" sh "$suture" "$@" \
		>"$dir/stdout" 2>"$dir/stderr"
	status=$?
	out=$(cat "$dir/stdout") err=$(cat "$dir/stderr")
}

can_mount=1
in_mounts "mkdir -p $dir/small && mount -t tmpfs -o size=16k tmpfs $dir/small" --version
[ "$status" = 0 ] || can_mount=
if [ -n "$can_mount" ]; then
	small="mount -t tmpfs -o size=4k,mode=755 tmpfs $dir/small"
	in_mounts "$small" -q build -k "$release" -o "$dir/small" "$half"
	check "a full disk for output is an error" fails 1 "No space left"
	in_mounts "$small && export TMPDIR=$dir/small" -q build -k "$release" -o "$dir/made" "$half"
	check "a full disk for temporary files is an error" fails 1 "No space left"
	in_mounts "mount --bind $cache $cache && mount -o remount,ro,bind $cache" \
		-q build -k "$release" -o "$dir/read-only" "$half"
	check "a read-only cache is enough" \
		cmp "$dir/one/livepatch_half.ko" "$dir/read-only/livepatch_half.ko"
else
	echo "# no mounts here: full disk and read-only cache not tried"
fi

# ---- interrupted

nobody_there() {
	! ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -q "$TMPDIR"
}

for seconds in 0.1 0.4 0.8 1.2 1.8 2.4; do
	timeout --foreground --preserve-status -s INT $seconds \
		"$suture" -q build -k "$release" -o "$dir/made" "$demo" >"$dir/stdout" 2>"$dir/stderr"
	status=$? out=$(cat "$dir/stdout") err=$(cat "$dir/stderr")
	if [ "$status" = 0 ]; then
		rm -rf "$dir/made"
		break
	fi
	check "a build that is interrupted after $seconds s fails" [ "$status" != 0 -a "$(lines "$err")" -le 1 ]
	check "a build that is interrupted after $seconds s leaves no temporary file" is_empty "$TMPDIR"
	check "a build that is interrupted after $seconds s writes nothing" is_empty "$dir/made"
	check "a build that is interrupted after $seconds s leaves no compiler running" nobody_there
done
finish
