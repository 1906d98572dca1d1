/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the watch after loading: which signs of trouble it recognises, and what ends it. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live/follow.h"
#include "live/health.h"
#include "live/klog.h"
#include "live/lock.h"
#include "live/outcome.h"
#include "live/paths.h"
#include "live/shutdown.h"
#include "live/unload.h"
#include "live_tree.h"
#include "vm/kernel_log.h"

static const char *complaint_in(const char *line)
{
	return kernel_log_judge(line, KERNEL_LOG_MACHINE) == KERNEL_LOG_FINDING ? line : NULL;
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
		"Oops: Oops: 0000 [#1] SMP NOPTI", /* this form exists since Linux 6.11 */
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

/* Users choose the names of tasks, files and groups. */
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
		"Oops: Oops: 000[77]: segfault at 0 ip 401136 sp 7ffd error 4 in 0 [#1] SMP[0+1]",
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

/* Opens a kernel log to which each write adds a record. */
static void log_open(struct live_klog *klog, int *end)
{
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	*klog = (struct live_klog){.fd = fds[0]};
	*end = fds[1];
}

static void log_say(int end, const char *record)
{
	ck_assert_int_eq(write(end, record, strlen(record)), strlen(record));
}

START_TEST(lines_that_were_lost)
{
	struct live_klog klog;
	scope_str_vec lines = {};
	int end;

	log_open(&klog, &end);
	log_say(end, "6,10,1,-;a\n");
	log_say(end, "12,11,1,-;WARNING: CPU: 1 PID: 1 at somebody's\n");
	log_say(end, "6,12,1,-;b\n KEY=value\n");
	live_klog_read(&klog, &lines);
	ck_assert_uint_eq(lines.len, 2);
	ck_assert_str_eq(lines.data[1], "b");
	ck_assert_ptr_null(live_klog_lost(&klog));
	log_say(end, "6,20,1,-;c\n");
	live_klog_read(&klog, &lines);

	scope_free char *lost = live_klog_lost(&klog);

	ck_assert_str_eq(lost, "7 lines");
	close(klog.fd);
	close(end);
}
END_TEST

/* Watches "a" and "b" for a moment; *gone is how many of them are not in force at the end. */
static char *watch(struct live_klog *klog, long taint, size_t *gone)
{
	scope_str_vec names = {}, left = {};
	char *why;

	vec_push(&names, xstrdup("a"));
	vec_push(&names, xstrdup("b"));
	ck_assert_ok(live_health_watch(&(struct live_health){.root = tree,
							     .watch_ms = 300,
							     .klog = klog,
							     .taint = taint,
							     .names = &names},
				       &left, &why));
	*gone = left.len;
	return why;
}

START_TEST(what_ends_a_watch)
{
	struct live_klog klog;
	size_t gone;
	int end;

	tree_open();
	log_open(&klog, &end);
	put("/proc/sys/kernel/tainted", "32768\n");
	put_patch("a", "1\n", "0\n", "f,1");
	put_patch("b", "1\n", "0\n", "g,1");
	ck_assert_ptr_null(watch(&klog, 32768, &gone));
	ck_assert_uint_eq(gone, 0);
	put("/proc/sys/kernel/tainted",
	    "37376\n"); /* 4096 is not a patch's fault, but 512 is a warning */

	scope_free char *taint = watch(&klog, 32768, &gone);

	ck_assert_str_eq(taint, "the kernel has set its taint flag W (warning)");
	log_say(end, "4,1,1,-;WARNING: CPU: 1 PID: 1 at fs/a.c:1 f+0x1/0x2\n");

	scope_free char *line = watch(&klog, 32768, &gone);

	ck_assert_str_eq(line, "the kernel says: WARNING: CPU: 1 PID: 1 at fs/a.c:1 f+0x1/0x2");
	ck_assert_ptr_null(watch(&klog, 37376, &gone)); /* the flag was set before */
	put(LIVE_SYSFS "/a/enabled", "0\n");
	ck_assert_ptr_null(watch(&klog, 37376, &gone));
	ck_assert_uint_eq(gone, 1);
	put(LIVE_SYSFS "/b/enabled", "0\n");
	put(LIVE_SYSFS "/b/transition", "1\n");
	ck_assert_ptr_null(watch(&klog, 37376, &gone));
	ck_assert_uint_eq(gone, 2);
	ck_assert_ok(root_remove(tree, LIVE_SYSFS "/b"));
	ck_assert_ptr_null(watch(&klog, 37376, &gone));
	ck_assert_uint_eq(gone, 2);
	close(klog.fd);
	close(end);
	tree_close();
}
END_TEST

/* Two open files of one process take turns like two commands. */
START_TEST(turns)
{
	int watcher, unloader, fd;

	tree_open();
	ck_assert_ok(live_lock(tree, LIVE_TURN_ALONE, NULL, &watcher));
	live_lock_pause(watcher);
	ck_assert_ok(live_lock(tree, LIVE_TURN_CHANGE, NULL, &unloader));
	close(unloader);
	ck_assert_ok(live_lock_again(watcher));

	pid_t child = fork();

	if (!child) {
		err_free(live_lock(tree, LIVE_TURN_CHANGE, NULL, &fd));
		_exit(0);
	}
	usleep(200000);
	ck_assert_int_eq(waitpid(child, NULL, WNOHANG), 0);
	live_lock_pause(watcher);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	child = fork();
	if (!child) {
		err_free(live_lock(tree, LIVE_TURN_ALONE, NULL, &fd));
		_exit(0);
	}
	usleep(200000);
	ck_assert_int_eq(waitpid(child, NULL, WNOHANG), 0);
	close(watcher);
	kill(child, SIGKILL); /* it has a copy of the descriptor that was just closed */
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	tree_close();
}
END_TEST

/* Counts messages. */
struct counter {
	struct progress progress;
	unsigned notes, details;
};

static void counter_begin(struct progress *progress, const char *label, uint64_t total,
			  enum progress_unit unit)
{
	(void)progress, (void)label, (void)total, (void)unit;
}

static void counter_update(struct progress *progress, uint64_t done)
{
	(void)progress, (void)done;
}

static void counter_end(struct progress *progress)
{
	(void)progress;
}

static void counter_note(struct progress *progress, const char *message)
{
	(void)message;
	((struct counter *)progress)->notes++;
}

static void counter_detail(struct progress *progress, const char *message)
{
	(void)message;
	((struct counter *)progress)->details++;
}

#define COUNTER_INIT                                                                               \
	{                                                                                          \
		{                                                                                  \
			counter_begin, counter_update, counter_end, counter_note, counter_detail   \
		}                                                                                  \
	}

/* Whom a command waits for is a detail: cron's mail about a command that succeeds stays empty. */
START_TEST(waiting_for_a_turn_is_a_detail)
{
	struct counter counter = COUNTER_INIT;
	int ready[2], fd = -1;
	char byte;

	tree_open();
	ck_assert_int_eq(pipe(ready), 0);

	pid_t child = fork();

	if (!child) {
		err_free(live_lock(tree, LIVE_TURN_CHANGE, NULL, &fd));
		_exit(write(ready[1], "", 1) != 1 || usleep(200000));
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_ok(live_lock(tree, LIVE_TURN_CHANGE, &counter.progress, &fd));
	ck_assert_uint_eq(counter.details, 1);
	ck_assert_uint_eq(counter.notes, 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close(fd);
	tree_close();
}
END_TEST

START_TEST(waiting_for_tasks_is_a_detail)
{
	struct counter counter = COUNTER_INIT;
	struct live_task_vec blocking = {};
	enum follow_end end;

	tree_open();
	put_patch("alpha", "1", "1\n", "f");
	put_task(2, 2, "kthreadd", "S", "0\n", "[<0>] kthreadd+0x1/0x2\n");
	put("/proc/stat", "cpu\n");

	const struct follow follow = {
		.root = tree,
		.name = "alpha",
		.target = 1,
		.limit_ms = 3700, /* the first message comes after 3 s */
		.progress = &counter.progress,
	};

	ck_assert_ok(live_follow(&follow, &end, &blocking));
	ck_assert_int_eq(end, FOLLOW_LATE);
	ck_assert_uint_eq(counter.details, 2);
	ck_assert_uint_eq(counter.notes, 0);
	ck_assert_uint_eq(blocking.len, 1);
	live_task_vec_free(&blocking);
	tree_close();
}
END_TEST

#define NO_MODULE "suture_no_such_module"

/* Returns how bringing a patch back ended, which is enabled or not once its transition is over. */
static enum live_end brought_back(bool enabled)
{
	struct live_outcome_vec outcomes = {};
	struct live_outcome outcome = {.end = LIVE_END_FAILED};

	tree_open();
	if (enabled)
		put_patch(NO_MODULE, "0\n", "0\n", "f,1");
	ck_assert_ok(
		live_bring_back(tree, NO_MODULE, 100, "1 task did not switch", NULL, &outcome));

	enum live_end end = outcome.end;

	ck_assert(enabled == (outcome.why && strstr(outcome.why, "it stays enabled")));
	vec_push(&outcomes, outcome);
	live_outcomes_free(&outcomes);
	tree_close();
	return end;
}

/* The kernel refuses to enable a patch whose transition has just ended. */
START_TEST(what_cannot_be_brought_back_is_disabled)
{
	ck_assert_int_eq(brought_back(true), LIVE_END_REVERSED);
	ck_assert_int_eq(brought_back(false), LIVE_END_DONE);
}
END_TEST

/* Makes a systemctl that ends so, and writes its arguments to the machine's /arguments. */
static void put_systemctl(int status)
{
	scope_free char *script =
		xasprintf("#!/bin/sh\necho \"$*\" >%s/arguments\nexit %d\n", tree_dir, status);
	scope_free char *file = xasprintf("%s/bin/systemctl", tree_dir);

	put("/bin/systemctl", script);
	ck_assert_int_eq(chmod(file, 0755), 0);
}

START_TEST(a_load_prepares_for_a_clean_shutdown)
{
	struct counter counter = COUNTER_INIT;
	scope_free char *path = NULL, *said = NULL;

	tree_open();
	path = xasprintf("%s/bin:%s", tree_dir, getenv("PATH"));
	setenv("PATH", path, 1);
	put_systemctl(1);
	live_shutdown_prepare(tree, &counter.progress); /* systemd does not run */
	ck_assert(!root_exists(tree, "/arguments"));
	ck_assert_ok(root_make_dir(tree, "/run/systemd/system"));
	live_shutdown_prepare(tree, &counter.progress);
	ck_assert_uint_eq(counter.notes, 1);
	put_systemctl(0);
	live_shutdown_prepare(tree, &counter.progress);
	ck_assert_uint_eq(counter.notes, 1);
	said = root_read_line(tree, "/arguments");
	ck_assert_ptr_nonnull(strstr(said, " start "));
	ck_assert_ptr_nonnull(strstr(said, " suture-shutdown.service"));
	tree_close();
}
END_TEST

UNIT_SUITE("live watch", lines_that_speak_against_a_patch, lines_that_others_shape,
	   lines_that_were_lost, what_ends_a_watch, turns, waiting_for_a_turn_is_a_detail,
	   waiting_for_tasks_is_a_detail, what_cannot_be_brought_back_is_disabled,
	   a_load_prepares_for_a_clean_shutdown)
