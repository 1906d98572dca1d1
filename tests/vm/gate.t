#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The VM gate: live patches made by Suture itself, good ones, and bad ones that leave the
# guest as it was: those that do damage are in long/gate_damage.t.  Each bad one has to be caught, and
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
# Where a task that waits is looked for, and which waiting tasks a wakeup is for.
replace kernel/futex/core.c \
	'/^struct futex_hash_bucket \*futex_hash/,/^}/s/key->both.offset\)/key->both.offset ^ 0x9e3779b9)/'
patch_of hashes
start build-hashes --json build -k "$release" -o "$dir" --name hashes "$patch"
replace fs/eventfd.c '/^static ssize_t eventfd_write/,/^}/s/EPOLLIN\)/EPOLLPRI)/'
patch_of wakes
start build-wakes --json build -k "$release" -o "$dir" --name wakes "$patch"
built good older pipes dummies holds leak forks stalls stays refuses hashes wakes

# ---- a good one ----

# All of it as an ordinary user, who has no cache.
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
check "good: nothing is left behind by an ordinary user" [ "$(ls "$dir/user")" = good.ko ]
check "good: passes" json '.result == "pass" and .boots == 1'
check "good: what was tried" json '[.trials[] | select(.result == "pass") | .name] |
	. == ["load", "coverage", "hammer", "cycles", "waiters", "trace"] or
	. == ["load", "coverage", "hammer", "cycles", "sleeper", "waiters", "trace"]'
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

# ---- trials for some only ----

tried --trial late-target,reload-target,sleeper,callees,faults,replace --over "$dir/older.ko" \
	"$dir"/{pipes,dummies}.ko
# went NAME TRIAL: how it went
went() {
	jq -r --arg name "$1" --arg trial "$2" '.modules[] | select(.name == $name) |
		.trials[] | select(.name == $trial) | .result' <<<"$out"
}
check "all pass" json '.result == "pass"'
check "pipes: a reader in it stalls the transition, which is reversed" \
	[ "$(went pipes sleeper)" = pass ]
check "pipes: the reader's stack" json '.modules[0].blockers |
	any(test("^sleeper.*pipe_read"))'
check "pipes: so does one in a page fault" [ "$(went pipes faults)" = pass ]
check "pipes: what it calls is traced" [ "$(went pipes callees)" = pass ]
check "pipes: nothing to reload" [ "$(went pipes reload-target)" = skip ]
check "dummies: the module comes after the patch" [ "$(went dummies late-target)" = pass ]
check "dummies: no task sleeps in it" [ "$(went dummies sleeper)" = skip ]
check "replaced by the older one" [ "$(went pipes replace) $(went dummies replace)" = "pass pass" ]

# ---- bad ones ----

tried --trial waiters "$dir"/{hashes,wakes,good}.ko
caught hashes waiters patched "a task that waits is not woken any more: futex*"
caught wakes waiters patched "a task that waits is not woken any more: epoll of an eventfd*"
check "good: who waits is woken" [ "$(went good waiters)" = pass ]

# Only the start of its module calls dummy_setup().
tried --require-coverage --trial coverage,late-target,reload-target "$dir/holds.ko"
check "holds: its function was run" json '.coverage[0] | .calls > 0 and .by == "loading dummy"'
check "holds: could be unloaded" [ "$(went holds late-target)" = pass ]
caught holds reload-target patched "dummy could be unloaded before*: 1 reference not released"

tried --timeout 12 --trial coverage,hammer,memory \
	"$dir"/{refuses,stays,stalls,leak,forks,good}.ko
caught refuses load load "*EBUSY*pre-patch callback failed"
caught stays load unload "the patch cannot be unloaded*"
caught stalls load transition "*did not complete within 12000 ms*kthreadd"
check "stalls: with the stack" json '.modules[] | select(.name == "stalls") | .blockers |
	any(test("kthreadd \\([0-9]+\\): .*kthreadd\\+0x"))'
caught leak hammer after "memory leak: *KB and *were lost in *calls of /proc/version"
caught forks hammer after "memory leak: *objects of kmalloc-64 were lost in *calls of *"
check "leak: also with hardly any memory" [ "$(went leak memory)" = fail ]
check "a good one after them passes" json '[.modules[] | select(.name == "good") | .result] ==
	["pass"]'
check "failures are attested, too" [ "$(jq -r .result "$dir/leak.attest.json")" = fail ]
check "nothing is left behind" is_empty "$dir/tmp"
finish
