#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests what suture cache lists, and what it removes.
. tests/cli/lib.sh

now=$(date +%s)

# entry PATH DAYS [KILOBYTES]: makes an entry that was last used so many days ago
entry() {
	mkdir -p "$SUTURE_CACHE/$1"
	head -c "${3:-100}000" /dev/urandom >"$SUTURE_CACHE/$1/data"
	touch -d "@$((now - $2 * 86400))" "$SUTURE_CACHE/$1/.used"
}

there() { [ -d "$SUTURE_CACHE/$1" ]; }

run --json cache
check "no cache: nothing is listed" json '.schema == "suture.cache/1" and .entries == [] and .bytes == 0'
check "listing creates no cache" [ ! -e "$SUTURE_CACHE" ]

fill() {
	rm -rf "$SUTURE_CACHE"
	entry kernels/6.1.0-1-amd64_6.1.1-1 90
	entry kernels/6.1.0-1-amd64_6.1.1-1/kbuild-0123456789abcdef 95
	entry kernels/6.1.0-2-amd64_6.1.2-1 10
	entry kernels/6.1.0-2-amd64_6.1.2-1/kbuild-00000000000000aa 60
	entry kernels/6.1.0-2-amd64_6.1.2-1/kbuild-00000000000000bb 10
	entry kernels/6.1.0-3-amd64_6.1.3-1.partial.Abc 99
	entry sources/linux-source-6.1_6.1.1-1 90
	entry sources/linux-source-6.1_6.1.2-1 10
}
fill
run --json cache
check "entries are listed, the longest unused first" json '[.entries[].name] == [
	"6.1.0-1-amd64_6.1.1-1/kbuild-0123456789abcdef", "6.1.0-1-amd64_6.1.1-1",
	"linux-source-6.1_6.1.1-1", "6.1.0-2-amd64_6.1.2-1/kbuild-00000000000000aa",
	"6.1.0-2-amd64_6.1.2-1/kbuild-00000000000000bb", "6.1.0-2-amd64_6.1.2-1",
	"linux-source-6.1_6.1.2-1"]'
check "a partial entry is not listed" json 'all(.entries[].name; contains("partial") | not)'
check "a kernel's size is without its answers" json 'all(.entries[].bytes; . >= 100000 and . < 120000)'
check "the sum is that of the entries" json '.bytes == ([.entries[].bytes] | add)'
check "no entry is in use" json 'all(.entries[]; (.in_use or .removed) | not)'
run cache
check "the list is also text" contains "$out" "answers * 6.1.0-2-amd64_6.1.2-1/kbuild-00000000000000aa"

run cache --prune
check "--prune needs a criterion" fails 2 "--prune needs"
run cache --older-than 3
check "nothing is removed without --prune" fails 2 "need --prune"

run --json cache --prune --older-than 30
check "by age: older entries are removed" eval '! there kernels/6.1.0-1-amd64_6.1.1-1 &&
	! there sources/linux-source-6.1_6.1.1-1 &&
	! there kernels/6.1.0-2-amd64_6.1.2-1/kbuild-00000000000000aa'
check "other entries stay" eval 'there kernels/6.1.0-2-amd64_6.1.2-1/kbuild-00000000000000bb &&
	there sources/linux-source-6.1_6.1.2-1'
check "removed entries are shown as removed" json '[.entries[] | select(.removed)] | length == 4'
check "no partly removed entry remains" [ -z "$(ls "$SUTURE_CACHE"/*/ | grep "partial.[0-9]")" ]

# A command that uses an entry holds a lock on its folder.
fill
exec 7<"$SUTURE_CACHE/kernels/6.1.0-1-amd64_6.1.1-1"
flock -s 7
run --json cache --prune --older-than 30
check "an entry that a running command uses stays" there kernels/6.1.0-1-amd64_6.1.1-1/kbuild-0123456789abcdef
check "an entry that a running command uses is shown as in use" json '[.entries[] | select(.in_use) | .name] ==
	["6.1.0-1-amd64_6.1.1-1/kbuild-0123456789abcdef", "6.1.0-1-amd64_6.1.1-1"]'
check "unused entries are removed" eval '! there sources/linux-source-6.1_6.1.1-1'
exec 7<&-
run --json cache --prune --older-than 30
check "the entry is removed after the command has ended" eval '! there kernels/6.1.0-1-amd64_6.1.1-1'

fill
truncate -s 0 "$SUTURE_CACHE"/*/*/data
head -c 1500000000 /dev/zero >"$SUTURE_CACHE/sources/linux-source-6.1_6.1.1-1/data"
run --json cache --prune --max-size 1
check "by size: only as much as necessary is removed" json '[.entries[] | select(.removed) | .name] == [
	"6.1.0-1-amd64_6.1.1-1/kbuild-0123456789abcdef", "6.1.0-1-amd64_6.1.1-1",
	"linux-source-6.1_6.1.1-1"]'

# Toolchains, package lists and unfinished downloads are entries, too.
fill
entry toolchains/gcc-12_12.2.0-14 90
entry toolchains/gcc-14_14.2.0-19 90
entry apt 90
entry download/6.1.0-9-amd64_6.1.9-1 90
mkdir "$SUTURE_CACHE/kernels/6.1.0-2-amd64_6.1.2-1/build"
printf %s "$SUTURE_CACHE/toolchains/gcc-14_14.2.0-19/root" \
	>"$SUTURE_CACHE/kernels/6.1.0-2-amd64_6.1.2-1/build/.suture-toolchain"
run --json cache
check "toolchains, lists and downloads are listed" json '[.entries[] | select(.kind | IN("toolchain", "lists", "download")) |
	.kind + " " + .name] == ["download 6.1.0-9-amd64_6.1.9-1", "toolchain gcc-12_12.2.0-14",
	"toolchain gcc-14_14.2.0-19", "lists apt"]'
check "a toolchain of a kernel's tools is needed" json '[.entries[] | select(.needed).name] == ["gcc-14_14.2.0-19"]'
exec 7<"$SUTURE_CACHE/apt" 8<"$SUTURE_CACHE/download/6.1.0-9-amd64_6.1.9-1"
flock -s 7
flock -s 8
run --json cache --prune --older-than 30
check "a needed toolchain stays" there toolchains/gcc-14_14.2.0-19
check "another toolchain is removed" eval '! there toolchains/gcc-12_12.2.0-14'
check "lists and downloads in use stay" eval 'there apt && there download/6.1.0-9-amd64_6.1.9-1'
exec 7<&- 8<&-
run --json cache --prune --older-than 30
check "unused lists and downloads are removed" eval '! there apt && ! there download/6.1.0-9-amd64_6.1.9-1'
run --json cache --prune --older-than 5
check "a toolchain is removed after its kernel" eval '! there kernels/6.1.0-2-amd64_6.1.2-1'
run --json cache --prune --older-than 5
check "the toolchain is removed by the next prune at the latest" eval '! there toolchains/gcc-14_14.2.0-19'

# A link's target is neither removed nor counted.
fill
mkdir "$dir/elsewhere"
head -c 300000 /dev/urandom >"$dir/elsewhere/data"
ln -s "$dir/elsewhere" "$SUTURE_CACHE/sources/linux-source-6.1_6.1.1-1/link"
run --json cache --prune --older-than 30
check "links are not followed" [ -s "$dir/elsewhere/data" ]
finish
