#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What authors of patches can use: callbacks, states, system calls, shadow variables, kpatch's
# names, new files.  All modules are tried in one boot.
. tests/vm/lib.sh
need_kernel

for patch in callbacks callbacks-alone kpatch newfile shadow; do
	run --json build -k "$release" -o "$dir" tests/vm/patches/$patch.patch
	check "$patch: builds" [ "$status" = 0 ]
	check "$patch: is livepatchable" json '.verdict == "livepatchable" and .module'
done

tried --trial load --check tests/vm/exercise --show /proc/version --show /proc/cmdline \
	"$dir"/livepatch_{callbacks,callbacks_alone,kpatch,newfile,shadow}.ko
check "all load, complete and unload" all_pass
printf '%s' "$out" >"$dir/result"

# logs MODULE TEXT: how often the kernel's log has the text while that module is tried.
logs() {
	jq -r --arg name "livepatch_$1" '.modules[] | select(.name == $name) | .kernel_log[]' \
		"$dir/result" | grep -cF -- "$2"
}

# shows MODULE PHASE FILE
shows() {
	jq -r --arg name "livepatch_$1" --arg phase "$2" --arg file "$3" '.modules[] |
		select(.name == $name) | .shows[] | select(.phase == $phase and .file == $file) |
		.text' "$dir/result"
}

for text in "pre-patch vmlinux" "post-patch, state 3" "pre-unpatch" "post-unpatch" "umask"; do
	check "callbacks: $text, once" [ "$(logs callbacks "suture-test: $text")" = 1 ]
done
for text in "alone, pre-patch vmlinux" "alone, post-unpatch"; do
	check "callbacks alone: $text, once" [ "$(logs callbacks_alone "suture-test: $text")" = 1 ]
done
for text in "kpatch's pre-patch" "kpatch's post-unpatch" "kpatch's umask"; do
	check "$text, once" [ "$(logs kpatch "suture-test: $text")" = 1 ]
done
check "kpatch: patched" contains "$(shows kpatch patched /proc/cmdline)" " patched"
check "kpatch: and back" [ "$(shows kpatch after /proc/cmdline)" = \
	"$(shows kpatch before /proc/cmdline)" ]
check "a new file's function, called by a changed one" \
	contains "$(shows newfile patched /proc/version)" "from a new file, call "
check "and back" [ "$(shows newfile after /proc/version)" = "$(shows newfile before /proc/version)" ]
check "shadow variables" [ "$(logs shadow "suture-test: pipe read 7 times")" -ge 1 ]
finish
