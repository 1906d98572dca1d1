#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is missing or mistaken has the same exit code and the same words in all commands.
. tests/cli/lib.sh
. tests/support/livepatch.sh

tree=$dir/tree
mkdir -p "$tree"/proc/{self,sys/kernel/random} "$tree/sys/kernel/livepatch/renamed" "$tree/sys/module" "$tree/run/suture"
echo 6.1.0-9-amd64 >"$tree/proc/sys/kernel/osrelease"
echo 1111-2222 >"$tree/proc/sys/kernel/random/boot_id"
printf 'Uid:\t0\t0\nCapEff:\t1ffffffffff\n' >"$tree/proc/self/status"
livepatch renamed 6.1.0-9-amd64 6.1.192-2
printf '#!/bin/sh\n' >"$dir/script.ko"
: >"$dir/empty.ko"
printf 'some words\n' >"$dir/text.patch"
cp tests/vm/patches/second.patch "$dir/a.patch"
cp "$dir/renamed.ko" "$dir/other_name.ko"
gzip -kc "$dir/renamed.ko" >"$dir/packed.ko.gz"

# ---- files

modules=("show" "test" "load" "install --root $tree" "package" "sign --key k --cert c")
all=("${modules[@]}" "build" "diff $dir/renamed.ko" "publish --repo $dir/repo --suite bookworm --key x")

# each WORDS... FILE STATUS PATTERN: all the commands say the same of a file
each() {
	local file=${*: -3:1} code=${*: -2:1} pattern=${*: -1} words

	for words in "${@:1:$#-3}"; do
		# shellcheck disable=SC2086 # a command with its options
		run $words "$file"
		check "${words%% *}: $pattern" fails "$code" "$pattern"
	done
}

each "${all[@]}" "$dir/none.deb" 1 "none.deb: No such file or directory"
each "${modules[@]}" build "diff $dir/renamed.ko" "$dir" 1 "$dir: this is a folder, not a file"
each "${modules[@]}" "$dir/script.ko" 1 "script.ko: this is a script, not a kernel module"
each "${modules[@]}" "$dir/empty.ko" 1 "empty.ko: this is an empty file, not a kernel module"
each "${modules[@]}" "$dir/text.patch" 1 "text.patch: this is text, not a kernel module"
each "${modules[@]}" "$(realpath /bin/true)" 1 "this is a program or library, not a kernel module"
printf 'MZ\352\007' >"$dir/vmlinuz"
each "${modules[@]}" "$dir/vmlinuz" 1 "vmlinuz: this is a kernel image or other EFI program, not a kernel module"
each "publish --repo $dir/repo --suite bookworm --key x" "$dir/a.patch" 1 "a.patch: this is a patch, not a package"
each "publish --repo $dir/repo --suite bookworm --key x" "$dir/renamed.ko" 1 "renamed.ko: this is an object file or kernel module, not a package: 'suture package' makes one"
each "${modules[@]}" "$dir/a.patch" 1 "a.patch: this is a patch, not a kernel module: 'suture build' makes a module from it"
run build "$(realpath /bin/true)"
check "build: a program is no patch, which is said before a kernel is looked for" fails 1 "this is a program or library, not a patch"
run build "$dir/renamed.ko"
check "build: a module is no patch" fails 1 "this is an object file or kernel module, not a patch"
run build "$dir/text.patch"
check "build: a text without a diff is no patch" fails 1 "text.patch: the file contains no unified diff"
printf 'From: a@b\nContent-transfer-encoding: base64\n\nZGlmZgo=\n' >"$dir/mail.patch"
run build "$dir/mail.patch"
check "build: an encoded mail may hold a diff" not contains "$err" "no unified diff"
run cover --to foo
check "cover: a version that is none is told before anything is fetched" fails 2 "'foo' is neither a source version such as 6.1.192-3 nor a folder"
run auto
check "auto: what is missing is an action" fails 2 "auto: no action was given; usage: suture auto"
run cover --to 6.1.2-1 --add "$dir/none.patch"
check "cover --add: none.patch: No such file or directory" fails 1 "none.patch: No such file or directory"
run diff "$dir/script.ko" "$dir/script.ko"
check "diff says what is no object" fails 1 "script.ko: this is a script, not an ELF file"
run show "$dir/packed.ko.gz"
check "a compressed module is a module" [ "$status" = 0 ]

# ---- programs and rights that are missing: 1 in all commands, since nothing was judged

mkdir "$dir/no-programs"
run_path=$dir/no-programs run test "$dir/renamed.ko"
check "test without QEMU" fails 1 "qemu-system-x86_64"
livepatch made 6.1.0-9-amd64 6.1.192-2
attest made 6.1.0-9-amd64
run_path=$dir/no-programs run package -o "$dir/packages" "$dir/made.ko"
check "package without dpkg-deb" fails 1 "dpkg-deb"
run_path=$dir/no-programs run doctor --for package
check "doctor judges: what is missing is its verdict" [ "$status" = 3 ]
check "doctor names what packages need" contains "$out" "missing  dpkg-deb*apt-get install dpkg*missing  reprepro*apt-get install reprepro"
check "doctor: what only dnf needs is a note" contains "$out" "note     rpmbuild*note     createrepo_c"

as_nobody=()
[ "$(id -u)" = 0 ] && as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
chmod 755 "$dir"
cp "$suture" "$dir/suture"
for words in "load $dir/made.ko" "unload made" "install $dir/made.ko" "uninstall made" "unlock made"; do
	# shellcheck disable=SC2086 # a command with its options
	"${as_nobody[@]}" "$dir/suture" $words >"$dir/run.out" 2>"$dir/run.err"
	status=$?
	load_run run
	check "${words%% *} without the right" fails 1 "run this command as root"
done

# ---- a kernel without livepatch support

if [ "$(id -u)" = 0 ] && [ ! -e /sys/kernel/livepatch ]; then
	for words in "unload nope" "unload --all"; do
		# shellcheck disable=SC2086 # a command with its arguments
		run $words
		check "$words, where nothing can be loaded" fails 1 "cannot be live-patched: it was built without CONFIG_LIVEPATCH"
	done
	run --json unload nope
	check "the same as JSON" json '.error.code == 1 and (.error.message | contains("CONFIG_LIVEPATCH"))'
else
	skip "unload, where nothing can be loaded" "this kernel can be live-patched, or this is not root"
fi

# ---- a kernel that the module is not for

attest made 6.1.0-9-amd64
cp "$dir/made.attest.json" "$dir/before.json"
mkdir "$dir/bin"
printf '#!/bin/sh\ntouch "%s/booted"\n' "$dir" >"$dir/bin/qemu-system-x86_64"
chmod 755 "$dir/bin/qemu-system-x86_64"
run_path=$dir/bin:$PATH run test --kernel 6.12.1-1-amd64 "$dir/made.ko"
check "test in another kernel is refused before that is fetched" fails 2 "made.ko is for kernel 6.1.0-9-amd64 and cannot be tested in 6.12.1-1-amd64"
check "nothing was booted" [ ! -e "$dir/booted" ]
check "what was attested stays" cmp -s "$dir/made.attest.json" "$dir/before.json"

# ---- files in place of names

run status --root "$tree" "$dir/other_name.ko"
check "status: a file means the live patch in it, whatever its name" contains "$out" "renamed: "
run install --root "$tree" "$dir/renamed.ko"
run --json uninstall --root "$tree" "$dir/other_name.ko"
check "uninstall: a file means the live patch in it" json '.changed == true and .removed == ["renamed"]'
run --json uninstall --root "$tree" "$dir/other_name.ko"
check "uninstall: what is not installed is no failure" json '.changed == false and .removed == []'
run --json install --root "$tree" "$dir/renamed.ko"
check "install: what changed is said" json '.changed == true'
run --json install --root "$tree" "$dir/renamed.ko"
check "install: what is installed is no failure, and no change" json '.changed == false and .result == "installed"'
check "install: and the exit code is 0" [ "$status" = 0 ]
run --json unlock --root "$tree" "$dir/other_name.ko"
check "unlock: what is not blocked is no failure" json '.changed == false'

# ---- at a terminal

# terminal ARG...: runs suture ARG... at a terminal; sets $out to all that it shows
terminal() { out=$(NO_COLOR='' TERM=xterm script -qec "$(printf '%q ' "$suture" "$@")" /dev/null | tr -d '\r'); }
terminal
check "without a command, the help is shown" contains "$out" "usage: suture*make a live patch:*try it and look into it:*run it:*ask:*no command was given"
terminal -q
check "without a command, an option does not matter" contains "$out" "usage: suture*no command was given"
attest renamed 6.1.0-9-amd64
terminal show "$dir/renamed.ko"
check "a pass is green" contains "$out" $'\e[32mpassed\e[0m in'
attest renamed 6.1.0-9-amd64 fail
terminal show "$dir/renamed.ko"
check "a failure is red" contains "$out" $'\e[31mFAILED\e[0m in'
run show "$dir/renamed.ko"
check "off a terminal, nothing is coloured" contains "$out" "FAILED in"
terminal uninstall --root "$tree" renamed
check "at a terminal, one line says what comes next" [ "$(grep -c '^next: .*suture unload renamed' <<<"$out")" = 1 ]
run install --root "$tree" "$dir/renamed.ko"
run uninstall --root "$tree" renamed
check "off a terminal, none does" [ -z "$err" ]
terminal -q install --root "$tree" "$dir/renamed.ko"
terminal -q uninstall --root "$tree" renamed
check "nor with -q" not contains "$out" "next:"

# ---- the table of exit codes

run help
codes=$(sed -n 's/.*Exit codes: \(.*\)\./\1/p' <<<"$out" | grep -oE '[0-9]+' | sort -n)
page=$(sed -n '/^.Sh EXIT STATUS/,/^.Sh EXAMPLES/s/^.It //p' man/suture.1 | grep -vE '^1[03]|to' | sort -n)
check "help and man page have the same exit codes" [ "$codes" = "$page" ]
header=$(sed -n '/^enum err_code/,/^}/s/.*= \([0-9]*\).*/\1/p' src/base/err.h | grep -vx 130)
for code in $header; do
	check "exit code $code is in the man page" grep -qx ".It $code" man/suture.1
done
finish
