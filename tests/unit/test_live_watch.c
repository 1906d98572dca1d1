/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the watch after loading takes for a sign of a machine that is not well. */
#include "live_tree.h"

static const char *complaint_in(const char *line)
{
	scope_str_vec lines = {};

	vec_push(&lines, xstrdup(line));
	return live_health_line(&lines) ? line : NULL;
}

START_TEST(lines_that_speak_against_a_patch)
{
	static const char *const lines[] = {
		"WARNING: CPU: 1 PID: 1 at fs/a.c:1 f+0x1/0x2",
		"WARNING: fs/a.c:1 at f+0x1/0x2, CPU#1: cat/77",
		"kernel BUG at fs/proc/version.c:12!",
		"BUG: kernel NULL pointer dereference, address: 0000000000000000",
		"BUG: unable to handle page fault for address: ffffc90000000000",
		"Oops: 0000 [#1] PREEMPT SMP NOPTI",
		"Oops: 0002 [#12]",
		"Oops: invalid opcode: 0000 [#1] SMP",
		"invalid opcode: 0000 [#1] PREEMPT SMP PTI",
		"general protection fault, probably for non-canonical address 0x1: 0000 [#1] SMP",
		"Oops: general protection fault, probably for non-canonical address 0x1: 0000 [#1]",
		"divide error: 0000 [#1] SMP",
		"traps: PANIC: double fault, error_code: 0x0",
		"BUG: TASK stack guard page was hit at 0000 (stack is 0..1)",
		"BUG: scheduling while atomic: init/89/0x00000002",
		"BUG: sleeping function called from invalid context at kernel/a.c:1",
		"watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [init:89]",
		"watchdog: Watchdog detected hard LOCKUP on cpu 1",
		"rcu: INFO: rcu_preempt self-detected stall on CPU",
		"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
		"rcu: rcu_preempt kthread starved for 5000 jiffies! g1 f0x0",
		"INFO: task my long: name:89 blocked for more than 120 seconds.",
		"BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 30s!",
		"BUG: workqueue leaked lock or atomic: kworker/0:1/0x1/12",
		"BUG kmalloc-64 (Tainted: G  OEK): Right Redzone overwritten",
		"BUG ext4_inode_cache (Not tainted): Poison overwritten",
		"BUG: KASAN: slab-out-of-bounds in f+0x1/0x2",
		"BUG: KFENCE: use-after-free read in f+0x1/0x2",
		"UBSAN: array-index-out-of-bounds in fs/a.c:1:2",
		"BUG: Bad page state in process cat  pfn:12345",
		"BUG: Bad rss-counter state mm:0000 type:MM_ANONPAGES val:1",
		"WARNING: possible circular locking dependency detected",
		"[ BUG: Invalid wait context ]",
		"list_del corruption. prev->next should be 0, but was 1",
		"refcount_t: underflow; use-after-free.",
		"Kernel panic - not syncing: Fatal exception",
		"livepatch: forcing remaining tasks to the patched state",
	};

	for (size_t i = 0; i < array_size(lines); i++)
		ck_assert_msg(complaint_in(lines[i]) != NULL, "%s", lines[i]);
}
END_TEST

/* Names of tasks, files and groups are whatever somebody likes. */
START_TEST(lines_that_others_shape)
{
	static const char *const lines[] = {
		"livepatch: enabling patch 'a'",
		"cat invoked oom-killer: gfp_mask=0",
		"Out of memory: Killed process 77 (WARNING: CPU: 1)",
		"capability: warning: `BUG: x' uses 32-bit capabilities (legacy support in use)",
		"traps: a.out[123] general protection fault ip:401136 sp:7ffd error:0 in a[0+1]",
		"traps: Oops: x[123] trap divide error ip:401136 sp:7ffd error:0 in a[0+1]",
		"traps: BUG: x[123] trap invalid opcode ip:401136 sp:7ffd error:0 in BUG: [0+1]",
		"WARNING: x[77]: segfault at 0 ip 401136 sp 7ffd error 4",
		"BUG: x[123]: segfault at[77]: segfault at 0 ip 401136 sp 7ffd error 4",
		"BUG: y[77]: segfault at 0 ip 401136 sp 7ffd error 4 in a (Tainted: b[0+1]",
		"BUG a[77]: segfault at 0 ip 401136 sp 7ffd error 4 in a (Tainted: b[0+1]",
		"WARNING: CPU: 1[77]: segfault at 0 ip 0 sp 0 error 4 in  PID: 1 at [0+1]",
		"WARNING: a at b[77]: segfault at 0 ip 0 sp 0 error 4 in , CPU#1: a[0+1]",
		"Oops: 0000 [#1][77]: segfault at 0 ip 0 sp 0 error 4 in : 0000 [#1] SMP[0+1]",
		"Oops: 0000 [#1][77] bad frame in rt_sigreturn frame:0 ip:0 sp:0 orax:f in a[0+1]",
		"kernel BUG at x[77]: segfault at 0 ip 401136 sp 7ffd error 4 in a!",
		"BUG: KASAN: x[77] bad frame in rt_sigreturn frame:0 ip:0 sp:0 orax:f in a[0+1]",
		"BUG: KFENCE: ou[77] bad frame in rt_sigreturn frame:0 ip:0 sp:0 orax:f in a[0+1]",
		"UBSAN: x in y[77]: segfault at 0 ip 401136 sp 7ffd error 4 in a.c:1:2[0+1]",
		"INFO: task x[77]: segfault at 0 ip 0 in :1 blocked for more than 120 seconds[0+1]",
		"BUG: Bad page s: page allocation failure: order:0, nodemask=(null),cpuset=a "
		"(Tainted: ",
		"Kernel panic - : page allocation failure: order:0, mode:0x0",
		"list_add corrup invoked oom-killer: gfp_mask=0",
		"rcu[77]: segfault at 0 ip 0 in x kthread starved for [0+1]",
		"[ BUG: Invalid [77]: segfault at 0 ip 401136 sp 7ffd error 4 ]",
		"process 'WARNING: CPU: 0 PID: 1 at a' started with executable stack",
		"audit: type=1400 audit(1.0:1): BUG: unable to handle ",
		"",
		"BUG",
		"BUG: ",
		"WARNING: ",
		"Oops: ",
	};

	for (size_t i = 0; i < array_size(lines); i++)
		ck_assert_msg(!complaint_in(lines[i]), "%s", lines[i]);
}
END_TEST

UNIT_SUITE("live watch", lines_that_speak_against_a_patch, lines_that_others_shape)
