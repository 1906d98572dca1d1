#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests the newest kernel of the archives: WARN() passes its own entry of a list, there are no CRCs of
# symbols, and objtool needs its own /proc.
. tests/support/tap.sh
KERNEL=${NEWEST_KERNEL:-$("$suture" -q --json fetch --list | jq -r 'first(.releases[] |
	select(.served and (.release | test("^[0-9.]+\\+deb[0-9]+-amd64$"))) | .release)')}
. tests/vm/lib.sh
need_kernel

cp demo/demo.patch "$dir/demo.patch"
# A warning with arguments uses a static call; each of the two warnings has its own entry.
change fs/proc/version.c version_proc_show 'WARN(1, "second warning: %d\n", 42);'
change fs/proc/version.c version_proc_show 'WARN_ON(m->size);'
patch_of warns
change fs/proc/version.c version_proc_show \
	'might_sleep(); pr_warn_once("said once\n"); seq_printf(m, "key %d ", want_init_on_alloc(0));'
patch_of once
for name in demo warns once; do
	start "$name" --json build --kernel "$release" -o "$dir/out" --name "$name" "$dir/$name.patch"
done

# Some change in a driver that is written in Rust.
rust=$(cd "$source" && grep -l '^// SPDX' drivers/*/*/*.rs drivers/*/*.rs 2>/dev/null | head -n 1)
append "$rust" 'const SUTURE: u32 = 1;'
patch_of rust
run --json build --dry-run --kernel "$release" "$dir/rust.patch"
check "a change of Rust code is refused by name" json '.verdict == "refused" and any(.findings[];
	.rule == "change-lost" and .file == "'"$rust"'" and (.message | contains("Rust")))'

built() { # NAME NUMBER: with so many functions replaced, all proven
	finished "$1"
	[ "$status" = 0 ] && json ".verdict == \"livepatchable\" and
		([.functions[] | select(.change == \"changed\")] | length == $2 and all(.proof == \"exact\"))"
}

# lands NAME: succeeds if indirect calls arrive where IBT allows it
lands() {
	out=$("$support/landings" "$vmlinux" "$dir/out/$1.ko")
	status=$?
	[ "$status" = 0 ] && contains "$out" " 0 problems"
}

check "a patch of vmlinux and a module is built" built demo 2
check "a patch with warnings is built" built warns 1
check "a patch with a message, a static call and a static key is built" built once 1
for name in demo warns once; do
	check "$name has correct landing places, seals, sites and padding" lands "$name"
done

run --json test --kernel "$release" --trial load --show /proc/version "$dir/out/demo.ko" "$dir/out/once.ko"
check "the modules load, complete and unload" all_pass
check "the static key is the kernel's own" json '.modules[] | select(.name == "once") |
	any(.shows[]; .phase == "patched" and (.text | test("^key 1 Linux version")))'
check "the message appears once in each load" json '.modules[] | select(.name == "once") |
	([.kernel_log[] | select(endswith("said once"))] | length) as $said | $said == 1'

# Computes a line's number from the hunk's first line and the lines of the patched file before it.
line_of() {
	awk -v text="$1" '/^@@/ { split($3, at, /[+,]/); line = at[2] - 1; next }
		/^[+ ]/ && line != "" { line++; if (index($0, text)) print line }' "$dir/warns.patch"
}

run --json test --kernel "$release" --trial load "$dir/out/warns.ko"
warned() { # LINE: in the log of the guest
	json "any(.modules[].kernel_log[]; test(\"WARNING: (CPU: [0-9]+ PID: [0-9]+ at )?fs/proc/version\\\\.c:$1 \"))"
}

check "a module that warns fails" json '.result == "fail"'
check "the warning says file and line" warned "$(line_of 'WARN_ON(m->size)')"
check "the warning with arguments says file and line" warned "$(line_of 'second warning')"
check "the warning with arguments says its arguments" json 'any(.modules[].kernel_log[]; contains("second warning: 42"))'
finish
