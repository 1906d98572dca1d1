#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The VM gate tries live patches that damage the kernel: each is caught by a finding that names
# its fault, and no other module fails because of it.
. tests/vm/lib.sh
need_kernel

version=fs/proc/version.c

patched good $version version_proc_show 'seq_puts(m, "patched\n");'
patched null $version version_proc_show 'seq_printf(m, "%d\n", *(int *volatile)NULL);'
patched warn $version version_proc_show 'WARN_ON(m);'
patched atomic $version version_proc_show \
	'extern void msleep(unsigned int); preempt_disable(); msleep(1); preempt_enable();'
replace $version 's/^#include <linux\/fs.h>/&\n#include <linux\/slab.h>/'
patched overflow $version version_proc_show \
	'char *p = kmalloc(64, GFP_KERNEL); barrier(); p[m ? 64 : 0] = 1; kfree(p);'
replace $version 's/^#include <linux\/fs.h>/&\n#include <linux\/slab.h>/'
patched freed $version version_proc_show \
	'char *p = kmalloc(64, GFP_KERNEL); kfree(p); barrier(); p[8] = 1;'
patched lock $version version_proc_show 'static DEFINE_MUTEX(lock); mutex_lock(&lock);'
patched loop $version version_proc_show \
	'static volatile int forever = 1; while (forever) ;'
append $version '#include <linux/timer.h>
#include <linux/livepatch_helpers.h>
static void strike(struct timer_list *timer) { WARN_ON(1); }
static DEFINE_TIMER(late_timer, strike);
static void arm(struct klp_object *obj) { mod_timer(&late_timer, jiffies + HZ); }
KLP_POST_UNPATCH_CALLBACK(arm);'
patched late $version version_proc_show 'seq_puts(m, "late\n");'
built good null warn atomic overflow freed lock loop late

tried --trial coverage "$dir"/{null,warn,atomic,lock,good}.ko
caught null load patched "kernel log: BUG: kernel NULL pointer dereference"
caught warn load patched "kernel log: WARNING: *version_proc_show"
caught atomic load patched "kernel log: BUG: scheduling while atomic"
caught lock load patched "a process hangs in the kernel and cannot be killed: /proc/version*"
check "the stack of the task that hangs is listed" json '.modules[] | select(.name == "lock") | .blockers |
	any(test("^/proc/version: .*version_proc_show"))'
check "a good module passes after bad ones" json '[.modules[] | select(.name == "good") | .result] == ["pass"]'
check "each module that follows damage gets a fresh guest" json '.boots == 5'

# The damage shows while the next module is tried, which is not the cause.
tried --trial load "$dir"/{late,good}.ko
caught late load after "kernel log*" # at its end, or in what is done before that
check "the module after one that does damage later passes" json '[.modules[] | select(.name == "good") | .result] == ["pass"]'

tried --trial coverage --thorough --cycles 1 "$dir"/{overflow,freed}.ko
caught overflow load patched "kernel log: BUG kmalloc-64 *: Right Redzone overwritten"
caught freed load patched "kernel log: BUG kmalloc-64 *: Poison overwritten"

tried --trial coverage "$dir/loop.ko"
caught loop load patched "*"
check "the endless loop is named in the reason" json '(.why | test("soft lockup|stall|hangs in the kernel|guest hangs")) and
	([.kernel_log[], .blockers[]] | any(test("version_proc_show")))'
check "no temporary file is left behind" is_empty "$dir/tmp"
finish
