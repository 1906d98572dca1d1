#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The VM gate tries live patches of Suture: good ones, and bad ones that leave the
# guest undamaged; those that do damage are in long/gate_damage.t.  Each bad one must be caught, and
# by the finding that names what is wrong with it.
. tests/vm/lib.sh
need_kernel

version=fs/proc/version.c

# with_code NAME TEXT: builds NAME.ko from a changed version_proc_show() and a file with TEXT
with_code() {
	append $version "#include <linux/livepatch_helpers.h>"
	append $version "$2"
	patched "$1" $version version_proc_show 'seq_puts(m, "patched\n");'
}

patched good $version version_proc_show 'seq_puts(m, "patched\n");'
patched older $version version_proc_show 'seq_puts(m, "older\n");'
patched pipes fs/pipe.c pipe_read 'if (unlikely(!to->count && !iocb)) return -EIO;'
patched dummies drivers/net/dummy.c dummy_setup 'barrier(); dev->mtu = 1400;'
patched holds drivers/net/dummy.c dummy_setup '__module_get(THIS_MODULE);'
patched leak $version version_proc_show \
	'extern void *vzalloc(unsigned long); static void *volatile lost; lost = vzalloc(8192);'
patched forks kernel/fork.c copy_process \
	'static void *volatile lost; lost = kmalloc(64, GFP_KERNEL);'
patched stalls kernel/kthread.c kthreadd 'asm volatile("nop");'
with_code stays 'static void stay(struct klp_object *obj) { __module_get(klp_this_patch->mod); }
KLP_POST_PATCH_CALLBACK(stay);'
with_code refuses 'static int refuse(struct klp_object *obj) { return -EBUSY; }
KLP_PRE_PATCH_CALLBACK(refuse);'
# These change where a waiting task is searched, and which waiting tasks a wakeup is for.
replace kernel/futex/core.c \
	'/^struct futex_hash_bucket \*futex_hash/,/^}/s/key->both.offset\)/key->both.offset ^ 0x9e3779b9)/'
patch_of hashes
start build-hashes --json build -k "$release" -o "$dir" --name hashes "$patch"
replace fs/eventfd.c '/^static ssize_t eventfd_write/,/^}/s/EPOLLIN\)/EPOLLPRI)/'
patch_of wakes
start build-wakes --json build -k "$release" -o "$dir" --name wakes "$patch"
# Only one of these two modules can be loaded at a time.
change arch/x86/kvm/svm/svm.c intr_interception 'asm volatile("nop");'
patched vendors arch/x86/kvm/vmx/vmx.c vmx_get_idt 'asm volatile("nop");'
built good older pipes dummies holds leak forks stalls stays refuses hashes wakes vendors

# ---- a good one ----

# All of this runs as an ordinary user, who has no cache.
as_user=()
mkdir "$dir/user"
cp "$dir/good.ko" "$dir/user/"
chmod 755 "$dir"
if [ "$(id -u)" = 0 ]; then
	chown -R 65534:65534 "$dir/user"
	as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
HOME=$dir/user TMPDIR=$dir/user "${as_user[@]}" "$suture" --json test --require-coverage \
	--image "$image" --modules "$modules" --junit "$dir/user/good.xml" "$dir/user/good.ko" \
	>"$dir/run.out" 2>"$dir/run.err"
status=$?
load_run run
mv "$dir"/user/good.{xml,attest.json} "$dir/"
check "a test by an ordinary user leaves nothing behind" [ "$(ls "$dir/user")" = good.ko ]
check "a good module passes" json '.result == "pass" and .boots == 1'
check "the trials that were made are listed" json '[.trials[] | select(.result == "pass") | .name] |
	. == ["load", "coverage", "hammer", "cycles", "waiters", "trace"] or
	. == ["load", "coverage", "hammer", "cycles", "sleeper", "waiters", "trace"]'
check "coverage says that a function was called, and by what" json '.coverage[0] |
	.name == "version_proc_show" and .calls > 0 and .by == "/proc/version"'
check "the cost of a call is measured" json '.costs[0] |
	.by == "/proc/version" and .patched_ns > 0 and .without_ns > 0'
check "the JUnit report is valid" python3 - "$dir/good.xml" <<'EOF'
import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
cases = [case.get('name') for case in suites.iter('testcase')]
assert suites.tag == 'testsuites' and 'hammer' in cases, cases
assert not list(suites.iter('failure'))
EOF
check "a passed test is attested" [ "$(jq -r '.schema + " " + .result + " " + .covered[0]' \
	"$dir/good.attest.json")" = "suture.attest/1 pass vmlinux:version_proc_show" ]
check "the attestation has the hash of the module" [ "$(jq -r .sha256 "$dir/good.attest.json")" = \
	"$(sha256sum "$dir/good.ko" | cut -d ' ' -f 1)" ]
run --json show "$dir/good.ko"
check "show says that the module was tested" json '.tested.result == "pass" and .tested.current'
check "the attestation has the build id of the kernel" json '.tested.build_id == .build_id'
cp "$dir/good.ko" "$dir/changed.ko"
cp "$dir/good.attest.json" "$dir/changed.attest.json"
printf x >>"$dir/changed.ko"
run show "$dir/changed.ko"
check "show says that a module was changed after its test" contains "$out" "HAS CHANGED SINCE"

# ---- trials for some only ----

tried --trial late-target,reload-target,sleeper,callees,faults,replace --over "$dir/older.ko" \
	"$dir"/{pipes,dummies}.ko
# went NAME TRIAL: prints the result of that trial
went() {
	jq -r --arg name "$1" --arg trial "$2" '.modules[] | select(.name == $name) |
		.trials[] | select(.name == $trial) | .result' <<<"$out"
}
check "all modules pass" json '.result == "pass"'
check "a transition that a sleeping reader blocks is reversed" \
	[ "$(went pipes sleeper)" = pass ]
check "the stack of the reader that blocks the transition is listed" json '.modules[0].blockers |
	any(test("^sleeper.*pipe_read"))'
check "a transition that a task in a page fault blocks is reversed" [ "$(went pipes faults)" = pass ]
check "functions that the patched ones call are traced" [ "$(went pipes callees)" = pass ]
check "reload-target is skipped for a patch of vmlinux" [ "$(went pipes reload-target)" = skip ]
check "a patched module is loaded after the patch" [ "$(went dummies late-target)" = pass ]
check "sleeper is skipped if no task sleeps in the patched functions" [ "$(went dummies sleeper)" = skip ]
check "an older patch replaces the newer one" [ "$(went pipes replace) $(went dummies replace)" = "pass pass" ]

tried --trial load "$dir/vendors.ko"
check "a module that another one keeps out does not fail the patch" [ "$(went vendors load)" = pass ]
check "a module that could be loaded is patched, one that was kept out is not" json \
	'([.objects[] | .name + " " + (.patched | tostring)] | sort == ["kvm_amd true", "kvm_intel false"]) and
		any(.objects[]; .name == "kvm_intel" and (.why | test("exists")))'

# ---- bad ones ----

tried --trial waiters "$dir"/{hashes,wakes,good}.ko
caught hashes waiters patched "a waiting task is no longer woken: futex*"
caught wakes waiters patched "a waiting task is no longer woken: epoll of an eventfd*"
check "waiting tasks are woken with a good patch" [ "$(went good waiters)" = pass ]

# dummy_setup() is called only when its module is loaded.
tried --require-coverage --trial coverage,late-target,reload-target "$dir/holds.ko"
check "a function that is called when its module is loaded is counted" json '.coverage[0] | .calls > 0 and .by == "loading dummy"'
check "a module that the patch will hold can be unloaded in an earlier trial" [ "$(went holds late-target)" = pass ]
caught holds reload-target patched "dummy could be unloaded before*: 1 reference not released"

tried --timeout 12 --trial coverage,hammer,memory \
	"$dir"/{refuses,stays,stalls,leak,forks,good}.ko
caught refuses load load "*EBUSY*pre-patch callback failed"
caught stays load unload "the patch cannot be unloaded*"
caught stalls load transition "*did not complete within 12000 ms*kthreadd"
check "the stack of the task that blocks a transition is listed" json '.modules[] | select(.name == "stalls") | .blockers |
	any(test("kthreadd \\([0-9]+\\): .*kthreadd\\+0x"))'
caught leak hammer after "memory leak: *KB and *were lost in *calls of /proc/version"
caught forks hammer after "memory leak: *objects of kmalloc-64 were lost in *calls of *"
check "a leak fails the trial with hardly any memory, too" [ "$(went leak memory)" = fail ]
check "a good module passes after bad ones" json '[.modules[] | select(.name == "good") | .result] ==
	["pass"]'
check "a failed test is attested, too" [ "$(jq -r .result "$dir/leak.attest.json")" = fail ]
check "no temporary file is left behind" is_empty "$dir/tmp"
finish
