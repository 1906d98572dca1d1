#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The VM gate: live patches made by Suture itself, good ones and bad ones.  Each bad one has to
# be caught, and by the finding that names what is wrong with it.
. tests/vm/lib.sh
need_kernel

version=fs/proc/version.c

# patched NAME FILE FUNCTION TEXT: builds NAME.ko, beside others, in which TEXT begins FUNCTION
patched() {
	change "$2" "$3" "$4"
	patch_of "$1"
	start "build-$1" --json build -k "$release" -o "$dir" --name "$1" "$patch"
}

# with_code NAME TEXT: builds NAME.ko from a changed version_proc_show() and a file with TEXT
with_code() {
	change $version version_proc_show 'seq_puts(m, "patched\n");'
	append $version "#include <linux/livepatch_helpers.h>"
	append $version "$2"
	patch_of "$1"
	start "build-$1" --json build -k "$release" -o "$dir" --name "$1" "$patch"
}

patched good $version version_proc_show 'seq_puts(m, "patched\n");'
patched null $version version_proc_show 'seq_printf(m, "%d\n", *(int *volatile)NULL);'
patched warn $version version_proc_show 'WARN_ON(m);'
patched atomic $version version_proc_show \
	'extern void msleep(unsigned int); preempt_disable(); msleep(1); preempt_enable();'
patched lock $version version_proc_show \
	'static DEFINE_MUTEX(lock); mutex_lock(&lock);'
patched leak $version version_proc_show \
	'extern void *vzalloc(unsigned long); static void *volatile lost; lost = vzalloc(8192);'
patched loop $version version_proc_show \
	'static volatile int forever = 1; while (forever) ;'
patched stalls kernel/kthread.c kthreadd 'asm volatile("nop");'
with_code stays 'static void stay(struct klp_object *obj) { __module_get(klp_this_patch->mod); }
KLP_POST_PATCH_CALLBACK(stay);'
with_code refuses 'static int refuse(struct klp_object *obj) { return -EBUSY; }
KLP_PRE_PATCH_CALLBACK(refuse);'
wait
for name in good null warn atomic lock leak loop stalls stays refuses; do
	check "$name: builds" [ -e "$dir/$name.ko" ]
	[ -e "$dir/$name.ko" ] || sed 's/^/# /' "$dir/build-$name.out" "$dir/build-$name.err"
done

# ---- a good one ----

run --json test --require-coverage --junit "$dir/good.xml" "$dir/good.ko"
check "good: passes" json '.result == "pass" and .boots == 1'
check "good: what was tried" json '[.trials[] | select(.result == "pass") | .name] |
	. == ["load", "coverage", "hammer", "cycles", "trace"] or
	. == ["load", "coverage", "hammer", "cycles", "sleeper", "trace"]'
check "good: its function was run, and by what" json '.coverage[0] |
	.name == "version_proc_show" and .calls > 0 and .by == "/proc/version"'
check "good: the cost of a call" json '.costs[0] |
	.by == "/proc/version" and .patched_ns > 0 and .without_ns > 0'
check "good: JUnit" python3 - "$dir/good.xml" <<'EOF'
import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
cases = [case.get('name') for case in suites.iter('testcase')]
assert suites.tag == 'testsuites' and 'hammer' in cases, cases
assert not list(suites.iter('failure'))
EOF
check "good: attested" [ "$(jq -r '.schema + " " + .result + " " + .covered[0]' \
	"$dir/good.attest.json")" = "suture.attest/1 pass vmlinux:version_proc_show" ]
check "good: by its hash" [ "$(jq -r .sha256 "$dir/good.attest.json")" = \
	"$(sha256sum "$dir/good.ko" | cut -d ' ' -f 1)" ]
run --json show "$dir/good.ko"
check "good: show says so" json '.tested.result == "pass" and .tested.current'
check "good: build id of the kernel that ran" json '.tested.build_id == .build_id'
cp "$dir/good.ko" "$dir/changed.ko"
cp "$dir/good.attest.json" "$dir/changed.attest.json"
printf x >>"$dir/changed.ko"
run show "$dir/changed.ko"
check "a changed module is told from the one that was tested" contains "$out" "HAS CHANGED SINCE"

# ---- bad ones ----

# caught NAME TRIAL STAGE PATTERN: by a finding that matches
caught() {
	local got

	got=$(jq -r --arg name "$1" '.modules[] | select(.name == $name) |
		.result + " " + .failed_trial + " " + .failed_at + ": " + .why' <<<"$out")
	check "$1: caught" contains "$got" "fail $2 $3: $4"
}

# What does no damage shares a boot.
run --json test --timeout 4 --trial coverage,hammer "$dir"/{refuses,stays,leak,stalls,good}.ko
caught refuses load load "*EBUSY*pre-patch callback failed"
caught stays load unload "cannot be unloaded*"
caught leak hammer after "memory leak: *KB were lost in *calls of /proc/version"
caught stalls load transition "*did not complete in 4000 ms*kthreadd"
check "stalls: with the stack" json '.modules[] | select(.name == "stalls") | .blockers |
	any(test("kthreadd \\([0-9]+\\): .*kthreadd\\+0x"))'
check "a good one after them passes" json '[.modules[] | select(.name == "good") | .result] ==
	["pass"]'
check "failures are attested, too" [ "$(jq -r .result "$dir/leak.attest.json")" = fail ]

run --json test --trial coverage "$dir"/{null,warn,atomic,lock,good}.ko
caught null load patched "kernel log: BUG: kernel NULL pointer dereference"
caught warn load patched "kernel log: WARNING: *version_proc_show"
caught atomic load patched "kernel log: BUG: scheduling while atomic"
caught lock load patched "hangs in the kernel and cannot be killed: /proc/version*"
check "lock: where it hangs" json '.modules[] | select(.name == "lock") | .blockers |
	any(test("mutex_lock|__mutex") and test("version_proc_show"))'
check "each in a fresh guest" json '.boots == 5'

run --json test --trial coverage "$dir/loop.ko"
caught loop load patched "*"
check "loop: by name" json '(.why | test("soft lockup|stall|hangs in the kernel|guest hangs")) and
	([.kernel_log[], .blockers[]] | any(test("version_proc_show")))'
check "nothing is left behind" is_empty "$dir/tmp"
finish
