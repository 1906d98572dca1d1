#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Broken patches, kernels and modules, full or read-only disks, and missing tools lead to one clear
# line, a non-zero exit code, and no partial file.
. tests/vm/lib.sh
need_kernel

change fs/proc/loadavg.c loadavg_proc_show 'seq_puts(m, "patched ");'
patch_of good
good=$patch
change drivers/net/dummy.c dummy_setup 'dev->group = 0;'
patch_of dummy
dummy=$patch
outdir=$dir/out

# build PATCH...: builds for the release, into $outdir
build() { run -q build --kernel "$release" -o "$outdir" --name t "$@"; }

clean() { is_empty "$TMPDIR" && is_empty "$outdir"; }

# fails_clean STATUS PATTERN: the command has failed, and has left nothing behind
fails_clean() { fails "$@" && clean; }

# built: the module and its report were made, and no other files
built() {
	[ "$status" = 0 ] && [ "$(ls -A "$outdir")" = $'t.ko\nt.report.json' ] && is_empty "$TMPDIR" &&
		rm -r "$outdir"
}

# fails_somehow: no signal has killed the command, which has printed at most one line
fails_somehow() {
	[ "$status" -gt 0 ] && [ "$status" -lt 4 ] && [ "$(messages "$err")" = 1 ] && [ -z "$out" ] &&
		contains "$err" "suture: " && clean
}

build "$good"
check "the good patch is built" built

# ---- patches ----

bad=$dir/bad.patch

# bad_patch NAME STATUS PATTERN: builds the patch in $bad, which must fail
bad_patch() {
	build "$bad"
	check "a patch $1 is refused" fails_clean "$2" "$3"
}

sed '/^[ -]/s/$/ other/' "$good" >"$bad"
bad_patch "that does not apply" 1 "does not apply: fs/proc/loadavg.c: hunk 1 of 1 fails at line"
check "what the patch expects and what is there stand in lines of their own" \
	contains "$err" $'\n  file      fs/proc/loadavg.c\n  line      *\n  expected  * other\n  found     '
run --json build --kernel "$release" -o "$outdir" "$bad"
check "as JSON, they are members" json '.error.file == "fs/proc/loadavg.c" and (.error.line > 0) and
	.error.expected == .error.found + " other"'
sed 's,fs/proc/loadavg.c,fs/proc/no_such_file.c,' "$good" >"$bad"
bad_patch "of a file that is not there" 1 "fs/proc/no_such_file.c: the source has no such file"
sed 's,[ab]/fs/proc/loadavg.c,/etc/passwd,' "$good" >"$bad"
bad_patch "with an absolute path" 1 "outside the source tree"
sed 's,fs/proc/loadavg.c,../../../../etc/passwd,' "$good" >"$bad"
bad_patch "that climbs out" 1 "outside the source tree"
printf -- '--- /dev/null\n+++ b/%s/new.c\n@@ -0,0 +1 @@\n+int x;\n' \
	"$(sed 's,[^/]*/,../,g' <<<"$TMPDIR/")${TMPDIR#/}" >"$bad"
bad_patch "that makes a file elsewhere" 1 "outside the source tree"
printf 'diff --git a/a.png b/a.png\nnew file mode 100644\nGIT binary patch\nliteral 4\nLc${Nk\n' >"$bad"
bad_patch "of a binary file" 1 "binary file"
: >"$bad"
bad_patch "without a byte" 1 "contains no unified diff"
echo "Dear maintainers, please pull." >"$bad"
bad_patch "without a diff" 1 "contains no unified diff"
head -c 4000 "$vmlinux" >"$bad"
bad_patch "that is no text" 1 "this is a program or library, not a patch"
sed 's/seq_puts(m/no_such_function(m/' "$good" >"$bad"
bad_patch "that does not compile" 1 "does not compile: fs/proc/loadavg.c:*no_such_function"
sed 's/seq_puts.*/}/' "$good" >"$bad"
bad_patch "that breaks the syntax" 1 "does not compile: fs/proc/loadavg.c:"
printf 'diff --git a/fs/%s b/fs/%s\nsimilarity index 100%%\nrename from fs/%s\nrename to fs/%s\n' \
	pipe.c pipe2.c pipe.c pipe2.c >"$bad"
bad_patch "that renames a source, but not in the makefile" 1 "fs/pipe.c: *its makefile still builds"
sed 's/uptime\.o/up_time.o/' "$source/fs/proc/Makefile" >"$dir/Makefile.new"
{
	diff -u --label a/fs/proc/Makefile --label b/fs/proc/Makefile \
		"$source/fs/proc/Makefile" "$dir/Makefile.new"
	printf 'diff --git a/fs/proc/%s b/fs/proc/%s\nsimilarity index 100%%\nrename from fs/proc/%s\nrename to fs/proc/%s\n' \
		uptime.c up_time.c uptime.c up_time.c
} >"$bad"
run --json build -k "$release" --dry-run "$bad"
check "a patch that renames a source in the makefile, too, is refused for one reason" json \
	'[.findings[] | select(.severity == "refuse").rule] == ["change-lost"]'
check "the remedy for a renamed source is to leave it" json \
	'[.findings[] | select(.rule == "change-lost").remedy] == ["leave the file where it is"]'
build "$good" "$good"
check "a patch that is applied twice is refused" fails_clean 1 "applied already"
build "$dir/none.patch"
check "a patch that does not exist is refused" fails_clean 1 "none.patch: No such file or directory"
build "$dir"
check "a folder in place of a patch is refused" fails_clean 1 "this is a folder, not a file"

# Each file has one name: a file with another one must not be left out of the module.
change fs/proc/loadavg.c loadavg_proc_show 'seq_puts(m, "patched ");'
change fs/proc/version.c version_proc_show 'seq_puts(m, "patched ");'
patch_of two
for name in ./fs/proc/version.c fs//proc/version.c fs/proc/./version.c; do
	sed "s,\([ab]\)/fs/proc/version.c,\1/$name," "$patch" >"$bad"
	run --json build -k "$release" --dry-run "$bad"
	check "a patch that names a file $name covers it, too" json \
		'[.functions[].name] | sort == ["loadavg_proc_show", "version_proc_show"]'
done

truncated_patches() {
	local size=$1 step=$2

	for ((; size < $(stat -c %s "$good") - 40; size += step)); do
		head -c "$size" "$good" >"$bad"
		build "$bad"
		fails_somehow || return
	done
}
check "a patch that is cut short anywhere is refused" truncated_patches 10 37

# as_mail ENCODING COMMAND...: makes $bad, the good patch in a mail
as_mail() {
	{
		printf 'From 0123456789abcdef Mon Sep 17 00:00:00 2001\nSubject: [PATCH]\n'
		printf 'Content-Transfer-Encoding: %s\n\n' "$1"
		"${@:2}" <"$good"
	} >"$bad"
	build "$bad"
}
as_mail quoted-printable sed 's/=/=3D/g; s/_/=5F/g; s/$/=20/; s/=20$//'
check "a patch in a quoted-printable mail is built" built
as_mail base64 base64
check "a patch in a base64 mail is built" built
as_mail base64 sed 's/^/*/'
check "a patch in a mail with damaged base64 is refused" fails_clean 1 "the base64 text is damaged"
as_mail quoted-printable sed 's/^@@/=@@/'
check "a patch in a damaged quoted-printable mail is refused" fails_clean 1 "quoted-printable text is damaged"
sed 's,^--- .*,--- /home/user/old.c,' "$good" >"$bad"
build "$bad"
check "a patch with one bad name beside a good one is built" built

sed 's/$/\r/' "$good" >"$bad"
build "$bad"
check "a patch with DOS line ends is built" built

# ---- characters that change a terminal, or how other text reads ----

# visible FILE...: the files have text without such characters
visible() {
	[ -s "$1" ] && ! cat "$@" | LC_ALL=C tr -d '\n\t' |
		LC_ALL=C grep -qaP '[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80\xae'
}

# shown NAME TEXT: what is said of a function with that line, which does not compile, is visible
shown() {
	change fs/proc/version.c version_proc_show "$(printf %b "$2")"
	patch_of shown
	build "$patch"
	printf '%s\n' "$err" >"$dir/shown"
	check "$1 is printed as text" visible "$dir/shown"
	run -q --json build -k "$release" --dry-run "$patch"
	printf '%s\n' "$out" >"$dir/shown"
	check "$1 is text in JSON" visible "$dir/shown"
}
shown "an escape in #error" '#error \033]0;owned\007\033[31m'
shown "an escape in #line" '#line 7 "\033[31mred\033]0;x\007.c"\nsyntax error'
shown "an escape in the compiler's message" 'if (0) { \033]0;owned\007 }'
shown "a mark of direction in #error" '#error \xe2\x80\xae \xd8\x9c \xc2\x9b31m'
{
	cat "$good"
	printf -- '--- /dev/null\n+++ b/fs/proc/a\xe2\x80\xaec.b\xd8\x9c.c\n@@ -0,0 +1 @@\n+int x;\n'
} >"$bad"
run -v build --kernel "$release" -o "$outdir" --name t --html "$dir/page" "$bad"
printf '%s\n' "$out$err" >"$dir/shown"
check "marks of direction in a file's name are printed as text" visible "$dir/shown"
check "a file's name with marks of direction is printed" grep -qF 'a\xe2\x80\xaec.b\xd8\x9c.c' "$dir/shown"
check "marks of direction in a file's name are text in the report and on the page" \
	visible "$dir/page" "$outdir/t.report.json"
rm -rf "$outdir"

# ---- kernels ----

# kernel IMAGE: fetches a kernel that is given by its files
kernel() {
	SUTURE_CACHE=$dir/cache run -q fetch --image "$1" --modules "$modules" \
		--build-dir "${2:-$build_dir}" --source "${3:-$source}"
}

# cut_images FILE: cuts an image at many places, but not in the last 2 %, where relocations and a
# signature follow the kernel proper, which do not matter
cut_images() {
	local file=$1 size all

	all=$(stat -c %s "$1")
	for size in 0 1 500 4096 100000 $((all / 2)) $((all - all / 50)); do
		head -c "$size" "$file" >"$dir/image"
		kernel "$dir/image"
		fails_somehow || return
	done
}
check "a vmlinuz that is cut short is refused" cut_images "$folder/boot/vmlinuz"
check "a vmlinux that is cut short is refused" cut_images "$vmlinux"

# garbage FILE OFFSET: overwrites 64 bytes
garbage() {
	head -c 64 "$folder/boot/vmlinuz" | tr '\0-\377' '\101-\377\0-\100' |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

broken_vmlinuz() {
	local size at

	size=$(stat -c %s "$folder/boot/vmlinuz")
	for at in 500 $((size / 3)) $((size / 2)) $((size / 10 * 9)); do
		cp "$folder/boot/vmlinuz" "$dir/image"
		garbage "$dir/image" "$at"
		kernel "$dir/image"
		fails_somehow || return
	done
}
check "a vmlinuz with other bytes in it is refused" broken_vmlinuz

broken_vmlinux() {
	local at

	for at in 0 20 40; do
		cp "$vmlinux" "$dir/image"
		garbage "$dir/image" "$at"
		kernel "$dir/image"
		fails_somehow || return
	done
}
check "a vmlinux with broken headers is refused" broken_vmlinux
kernel /dev/null
check "an image that is a device is refused" fails 1 "/dev/null"
kernel "$dir"
check "an image that is a folder is refused" fails 1 "$dir"
kernel "$good"
check "an image that is not a kernel is refused" fails 1 "good.patch"

cp -r "$build_dir" "$dir/build"
rm "$dir/build/include/config/auto.conf"
kernel "$vmlinux" "$dir/build"
check "a build folder without a configuration is refused" fails 1 "include/config/auto.conf"
cp "$build_dir/include/config/auto.conf" "$dir/build/include/config/"
head -c 5000 "$build_dir/Module.symvers" >"$dir/build/Module.symvers"
kernel "$vmlinux" "$dir/build"
check "a list of exports that is cut short is refused" fails 1 "Module.symvers"
kernel "$vmlinux" "$build_dir" "$build_dir"
check "a folder that is not a kernel source is refused" fails 1 "not a kernel source tree"
check "no kernel was entered in the cache from bad files" is_empty "$dir/cache/kernels"

# The cache has a release with a broken module.
ko=lib/modules/$release/kernel/drivers/net/dummy.ko
own=$dir/own/kernels/$(basename "$folder")
mkdir -p "$dir/own/kernels"
farm "$folder" "$own" "$ko"
ln -s "$cache/sources" "$dir/own/"

module_cut_short() {
	local size

	for size in 0 63 3000 $(($(stat -c %s "$folder/$ko") / 2)); do
		head -c "$size" "$folder/$ko" >"$own/$ko"
		SUTURE_CACHE=$dir/own build "$dummy"
		fails_somehow && contains "$err" dummy.ko || return
	done
}
check "a module that is cut short is refused" module_cut_short

# ---- objects and modules on the command line ----

cut_objects() {
	local command=$1 file=$2 size

	for size in 0 1 63 64 1000 $(($(stat -c %s "$file") / 2)) $(($(stat -c %s "$file") - 1)); do
		head -c "$size" "$file" >"$dir/cut"
		case $command in
		diff) run -q diff "$file" "$dir/cut" ;;
		*) run -q "$command" "$dir/cut" ;;
		esac
		fails_somehow || return
	done
}
object=("$folder"/kbuild-*/objects/fs/proc/loadavg.o)
build "$good"
cp "$outdir/t.ko" "$dir/t.ko"
rm -r "$outdir"
check "diff refuses an object that is cut short" cut_objects diff "${object[0]}"
check "show refuses a module that is cut short" cut_objects show "$dir/t.ko"
run -q show "$folder/$ko"
check "show refuses a module that is not a live patch" fails 1 "live patch"
run -q test "$dir/none.ko"
check "test refuses a module that does not exist" fails 1 "none.ko"

# ---- releases and tools ----

run -q build --kernel "${release%%-*}-9999-amd64" -o "$outdir" "$good"
check "an unknown release is refused" fails_clean 1 "${release%%-*}-9999-amd64"
run -q build --kernel 'x/../y' -o "$outdir" "$good"
check "a release that is not a valid name is refused" fails_clean 2 "is not a kernel release"

# without TOOL [ARG...]: builds with a PATH that lacks the tool
without() {
	rm -rf "$dir/path"
	mkdir "$dir/path"
	find -L ${PATH//:/ } -maxdepth 1 -type f -perm -u+x -print0 2>/dev/null |
		xargs -0 ln -st "$dir/path" 2>/dev/null
	rm "$dir/path/$1"
	PATH=$dir/path build "${@:2}" "$good"
}
without "$compiler" --toolchain host
check "a missing compiler is named" fails_clean 1 "which is not installed: apt-get install gcc-"
without patch
check "a missing patch program is named" fails_clean 1 "patch: cannot be run"
without ld
check "a missing linker ends the build" fails_somehow

# ---- full and read-only disks ----

# on_tmpfs OPTIONS: mounts a tmpfs at $small
small=$dir/small
mkdir "$small"
on_tmpfs() {
	if mountpoint -q "$small"; then
		umount "$small"
	fi
	mount -t tmpfs -o "$1,mode=755" suture-test "$small" && mounts=("$small")
}

full_temp() {
	local size

	for size in size=4k size=16k size=20k size=28k nr_inodes=20 nr_inodes=100 nr_inodes=250; do
		on_tmpfs $size
		TMPDIR=$small build "$good"
		fails_somehow && contains "$err" "No space left" && is_empty "$small" || return
	done
}

full_out() {
	local size

	for size in nr_inodes=1 nr_inodes=2 nr_inodes=3 size=4k size=8k; do
		on_tmpfs $size
		run -q build --kernel "$release" -o "$small/out" --name t "$good"
		fails_somehow && contains "$err" "No space left" && is_empty "$small/out" || return
	done
}

if [ "$(id -u)" = 0 ] && on_tmpfs size=1m; then
	check "a full disk for temporary files ends the build" full_temp
	check "a full disk for the module ends the build" full_out
	on_tmpfs size=1m
	SUTURE_CACHE=$small run -q fetch --kernel "$release"
	check "a full disk for the cache is refused before" fails 1 "but only"
	check "nothing partial is left in a full cache" [ -z "$(find "$small" -name '*partial*' -o -name 'stamp*')" ]
	on_tmpfs size=1m,ro
	run -q build --kernel "$release" -o "$small" --name t "$good"
	check "a read-only folder for the module ends the build" fails_clean 1 "Read-only file system"
	TMPDIR=$small build "$good"
	check "a read-only folder for temporary files ends the build" fails_clean 1 "Read-only file system"
	SUTURE_CACHE=$small run -q fetch --kernel "$release"
	check "a read-only cache without the release is an error" fails 1 "Read-only file system"
	umount "$small"
	mount --bind "$cache" "$small" && mounts=("$small") && mount -o remount,ro,bind "$small"
	SUTURE_CACHE=$small build "$good"
	check "a read-only cache with the release is enough" built
	umount "$small"
else
	skip "full and read-only disks" "only root can mount"
fi
finish
