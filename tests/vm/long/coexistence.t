#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tracers and live patches at one function: the tables of doc/coexistence.md are those of the kernel.
# An empty SECOND_KERNEL leaves out the other generation.
. tests/vm/lib.sh
. tests/vm/guest.sh

# returns NAME ERROR ARG...: builds live_NAME.ko, which makes the function return the error
returns() {
	change security/security.c security_task_getpgid "if (p) return -$2;"
	patch_of "$1"
	start "$1" build -k "$release" -o "$dir/built" --name "live_$1" --no-replace "$dir/$1.patch"
}

# table: the rows of the running kernel's generation in the page
table() {
	awk -v title="## Linux ${release%%.*}.$(cut -d. -f2 <<<"$release")" '
		/^## / { on = $0 == title } on && /^\| [a-z]/' doc/coexistence.md
}

for generation in ${KERNEL:-6.1} ${SECOND_KERNEL-6.12}; do
	KERNEL=$generation need_kernel
	rm -rf "$dir/built" "$dir/guest" "$dir/fixtures"
	returns first EDOM
	returns other ENODATA
	fixtures post_probe
	wait
	check "the live patches for $generation are built" [ "$(ls "$dir"/built/*.ko | wc -l)" = 2 ]
	guest_new
	guest_program "$support/tracers" /bin/tracers
	guest_program setpriv /bin/setpriv
	cp "$dir"/built/* "$dir/fixtures/post_probe.ko" "$guest/modules"
	guest_pack
	guest_run coexist 1200
	out=$(diff <(table) <(sed -n 's/\r$//; s/^row //p' "$at/guest.out"))
	check "the page has what Linux $generation does" [ -z "$out" ]
done
finish
