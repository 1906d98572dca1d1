#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests the output of diff and show, and what they say about bad files.
. tests/cli/lib.sh

compile()
{
	gcc -O2 -ffunction-sections -fdata-sections -c -x c -o "$dir/$1.o" - || exit 1
}

compile one <<-END
	int number = 1;
	int same(int a) { return a * 3; }
	int changes(int a) { return a + 1; }
	int goes(void) { return number; }
END
compile two <<-END
	int number = 1;
	int same(int a) { return a * 3; }
	int changes(int a) { return a + 2; }
	int comes(void) { return number; }
END

run diff "$dir/one.o" "$dir/two.o"
check "diff: it succeeds" [ "$status" = 0 ]
check "diff: a changed function is shown" contains "$out" "changed   function changes"
check "diff: a new function is shown" contains "$out" "new       function comes"
check "diff: a removed function is shown" contains "$out" "removed   function goes"
check "diff: unchanged functions are not listed" not contains "$out" "function same"
run diff -v "$dir/one.o" "$dir/two.o"
check "diff -v: unchanged functions are listed" contains "$out" "unchanged function same"
run --json diff "$dir/one.o" "$dir/two.o"
check "diff --json: it has names and changes" json \
	'[.functions[] | .name + " " + .change] | sort == ["changes changed", "comes new", "goes removed"]'
check "diff --json: it has reasons" json 'all(.functions[] | select(.change == "changed"); .why)'
check "diff --json: it has its schema" json '.schema == "suture.diff/1" and .data == []'
run diff "$dir/one.o" "$dir/one.o"
check "diff: a file has no difference from itself" contains "$out" "0 changed, 0 new, 0 removed"

# bad NAME: diff and show fail with one line that names the file, in either place
bad()
{
	run diff "$dir/one.o" "$dir/$1"
	check "diff: $1 is an error" fails 1 "$dir/$1"
	run diff "$dir/$1" "$dir/one.o"
	check "diff: $1 as the first file is an error" fails 1 "$dir/$1"
	run show "$dir/$1"
	check "show: $1 is an error" fails 1 "$dir/$1"
	run --json show "$dir/$1"
	check "show --json: $1 is an error" json '.schema == "suture.show/1" and .error.code == 1'
}

bad missing
: >"$dir/empty"
bad empty
mkdir "$dir/folder"
bad folder
head -c 40 "$dir/one.o" >"$dir/header-only"
bad header-only
size=$(stat -c %s "$dir/one.o")
head -c $((size / 2)) "$dir/one.o" >"$dir/half"
bad half
head -c $((size - 1)) "$dir/one.o" >"$dir/one-byte-short"
bad one-byte-short
yes | head -c 5000 >"$dir/text"
bad text
# These change bytes 4, 5 and 18 of the header: 32 bits, big endian, another processor.
for byte in 4:1 5:2 18:40; do
	cp "$dir/one.o" "$dir/other-${byte%:*}"
	printf "\\x$(printf %02x "${byte#*:}")" |
		dd of="$dir/other-${byte%:*}" bs=1 seek="${byte%:*}" conv=notrunc 2>/dev/null
	bad "other-${byte%:*}"
done

run show "$dir/one.o"
check "show: an object that is not a module is an error" fails 1 "not a kernel module"
printf 'start: nop\n.section .modinfo,"a"\n.asciz "name=x"\n' | gcc -c -x assembler -o "$dir/plain.ko" -
run show "$dir/plain.ko"
check "show: a module that is not a live patch is an error" fails 1 "not a live patch"
printf 'start: nop\n.section .modinfo,"a"\n.asciz "name=x"\n.asciz "livepatch=Y"\n' |
	gcc -c -x assembler -o "$dir/other.ko" -
run show "$dir/other.ko"
check "show: a live patch of another tool is shown" contains "$out" "another tool"
check "show: a live patch of another tool is not said to stack or replace" not contains "$out" "loading"
xz -k "$dir/other.ko"
run show "$dir/other.ko.xz"
check "show: a compressed module is shown" contains "$out" "another tool"
printf 'start: nop\n.section .modinfo,"a"\n.ascii "livepatch=Y"\n' |
	gcc -c -x assembler -o "$dir/cut.ko" -
run show "$dir/cut.ko"
check "show: .modinfo without an end is an error" fails 1 "cut off"
head -c 100 "$dir/other.ko.xz" >"$dir/cut.ko.xz"
run show "$dir/cut.ko.xz"
check "show: a truncated compressed module is an error" fails 1 "cut.ko.xz"

run test "$dir/missing.ko"
check "test: a missing module is an error" fails 1 "missing.ko"
run test --cycles 0 "$dir/other.ko"
check "test: an invalid number is wrong use" fails 2 "--cycles"
run test --expect before=maybe "$dir/other.ko"
check "test: an invalid expectation is wrong use" fails 2 "before=maybe"
run test --expect before=pass,patched=pas "$dir/other.ko"
check "test: the nearest expectation is named" fails 2 "'patched=pas' is not before=pass, *did you mean 'patched=pass'?"
run test --trial coverage,lod "$dir/other.ko"
check "test: all trials and the nearest are named" fails 2 "--trial: 'lod' is not load, *did you mean 'load'?"
run test --modules "$dir" "$dir/other.ko"
check "test: --modules without --image is wrong use" fails 2 "--image"

# Each of very many functions has its own section and a cold part; the time must be about linear.
many()
{
	awk -v n=30000 -v k="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			printf ".section .text.f%d,\"ax\",@progbits\n.globl f%d\n.type f%d,@function\n", i, i, i
			printf "f%d: mov $%d,%%eax\n call f%d.cold\n ret\n.size f%d,.-f%d\n", i, i + k, i, i, i
			printf ".section .text.unlikely.f%d,\"ax\",@progbits\n.type f%d.cold,@function\n", i, i
			printf "f%d.cold: ud2\n.size f%d.cold,.-f%d.cold\n", i, i, i
		}
	}' | as -o "$dir/many$1.o" -
}
many 1
many 2
(ulimit -t 25; exec "$suture" diff "$dir/many1.o" "$dir/many2.o") >"$dir/many.out" 2>&1
status=$?
check "diff: 30,000 functions take less than the limit" [ "$status" = 0 ]
check "diff: all 30,000 functions have changed" grep -q "^30000 changed, 0 new" "$dir/many.out"
"$suture" diff "$dir/many1.o" "$dir/many2.o" >/dev/null 2>&1 &
sleep 0.7
kill -TERM $!
began=$SECONDS
wait $!
status=$?
check "diff: SIGTERM ends it" [ "$status" = 130 ]
check "diff: it ends within seconds of SIGTERM" [ $((SECONDS - began)) -le 8 ]
finish
