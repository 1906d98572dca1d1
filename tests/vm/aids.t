#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Authors of patches can use callbacks, states, system calls, shadow variables, kpatch's
# names and new files.  All modules are tried in one boot.
. tests/vm/lib.sh
need_kernel

for patch in callbacks callbacks-alone kpatch newfile shadow; do
	run --json build -k "$release" -o "$dir" tests/vm/patches/$patch.patch
	check "$patch is built" [ "$status" = 0 ]
	check "$patch is livepatchable" json '.verdict == "livepatchable" and .module'
done

tried --trial load --check tests/vm/exercise --show /proc/version --show /proc/cmdline \
	"$dir"/livepatch_{callbacks,callbacks_alone,kpatch,newfile,shadow}.ko
check "all modules load, complete and unload" all_pass
printf '%s' "$out" >"$dir/result"

# logs MODULE TEXT: counts how often the kernel's log has the text while that module is tried.
logs() {
	jq -r --arg name "livepatch_$1" '.modules[] | select(.name == $name) | .kernel_log[]' \
		"$dir/result" | grep -cF -- "$2"
}

# shows MODULE PHASE FILE: prints what the file held in that phase
shows() {
	jq -r --arg name "livepatch_$1" --arg phase "$2" --arg file "$3" '.modules[] |
		select(.name == $name) | .shows[] | select(.phase == $phase and .file == $file) |
		.text' "$dir/result"
}

for text in "pre-patch vmlinux" "post-patch, state 3" "pre-unpatch" "post-unpatch" "umask"; do
	check "the callbacks module logs '$text' once" [ "$(logs callbacks "suture-test: $text")" = 1 ]
done
for text in "alone, pre-patch vmlinux" "alone, post-unpatch"; do
	check "the module with nothing but callbacks logs '$text' once" [ "$(logs callbacks_alone "suture-test: $text")" = 1 ]
done
for text in "kpatch's pre-patch" "kpatch's post-unpatch" "kpatch's umask"; do
	check "the kpatch module logs '$text' once" [ "$(logs kpatch "suture-test: $text")" = 1 ]
done
check "the kpatch module patches a function" contains "$(shows kpatch patched /proc/cmdline)" " patched"
check "the kpatch module leaves the original function" [ "$(shows kpatch after /proc/cmdline)" = \
	"$(shows kpatch before /proc/cmdline)" ]
check "a changed function calls one in a new file" \
	contains "$(shows newfile patched /proc/version)" "from a new file, call "
check "the module with a new file leaves the original function" [ "$(shows newfile after /proc/version)" = "$(shows newfile before /proc/version)" ]
check "shadow variables count the calls" [ "$(logs shadow "suture-test: pipe read 7 times")" -ge 1 ]
finish
