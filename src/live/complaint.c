/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What in the kernel's log speaks against a patch that was just loaded.
 *
 * Other than in a trial's guest, there are users here whom nobody has to trust, and what they
 * call their programs, files and control groups is in the log: "BUG: x[123]: segfault at 0 ... in
 * FILE[...]" begins with a name of at most 15 bytes (TASK_COMM_LEN).  So each row begins with
 * longer text, or goes on with what the kernel never puts behind a name, and no row looks for text
 * further behind.  Whole lines are nobody's but the kernel's: those that come through /dev/kmsg are
 * marked there, and bytes that end a line are escaped.
 * What is not in the list shows by the kernel's taint flags where it matters.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "live/complaint.h"

#define COMM_MAX 15

/* pr_fmt() of the files that the lines come from; "Oops: " is before other names since 6.11. */
static const char *const prefixes[] = {
	"watchdog: ", "NMI watchdog: ", "rcu: ", "traps: ", "Oops: "};

/* %d: digits; %w: what has no space; %c: the name of a task; $: the end.  More may follow. */
static const char *const complaints[] = {
	/* lib/bug.c, kernel/panic.c; the second since Linux 6.18 */
	"WARNING: CPU: %d PID: %d at ",
	"WARNING: %w at %w CPU#",
	"kernel BUG at %w$",
	"Kernel panic - not syncing",
	"Fixing recursive fault but reboot is needed",
	/* arch/x86: traps.c, mm/fault.c, mm/extable.c */
	"BUG: kernel NULL pointer dereference",
	"BUG: unable to handle ",
	"BUG: %w stack guard page was hit at ",
	"PANIC: double fault",
	"general protection fault",
	"unchecked MSR access error",
	"Unpatched return thunk",
	/* kernel/watchdog.c, kernel/hung_task.c, kernel/rcu/tree_stall.h, kernel/workqueue.c */
	"BUG: soft lockup - CPU#",
	"Watchdog detected hard LOCKUP",
	"INFO: task %c:%d blocked for more than ",
	"INFO: %w self-detected stall on CPU",
	"INFO: %w detected stalls on CPUs",
	"INFO: %w detected expedited stalls",
	"%w kthread starved for ",
	"BUG: workqueue lockup",
	"BUG: workqueue leaked",
	/* scheduler, locks, kernel/softirq.c */
	"BUG: scheduling while atomic",
	"BUG: sleeping function called",
	"BUG: using %w in preemptible [",
	"BUG: spinlock bad magic",
	"BUG: spinlock already",
	"BUG: spinlock wrong",
	"BUG: spinlock recursion",
	"BUG: spinlock cpu recursion",
	"BUG: spinlock lockup",
	"BUG: rwlock bad magic",
	"BUG: rwlock wrong",
	"BUG: rwlock recursion",
	"BUG: rwlock cpu recursion",
	"BUG: rwlock lockup",
	"softirq: huh, entered softirq ",
	"huh, entered softirq ",
	"DEBUG_LOCKS_WARN_ON(",
	"INFO: trying to register non-static key",
	"[ BUG: Invalid wait context ]",
	"[ BUG: bad unlock",
	"WARNING: possible circular locking",
	"WARNING: possible recursive locking",
	"WARNING: possible irq lock inversion",
	"WARNING: inconsistent lock state",
	"WARNING: bad unlock balance",
	"WARNING: suspicious RCU usage",
	"WARNING: lock held when returning",
	"WARNING: held lock freed",
	"WARNING: nested lock was not taken",
	"WARNING: kernel stack ", /* arch/x86/kernel/unwind_*.c */
	/* memory */
	"BUG: Bad page state in process",
	"BUG: Bad page map in process",
	"BUG: Bad page cache in process",
	"BUG: Bad rss-counter state",
	"BUG: non-zero pgtables_bytes",
	"BUG %w (Tainted: ", /* mm/slub.c: the name of a cache */
	"BUG %w (Not tainted): ",
	"BUG: KASAN: %w in ",
	"UBSAN: %w in %w$",
	"BUG: KFENCE: out-of-bounds",
	"BUG: KFENCE: use-after-free",
	"BUG: KFENCE: memory corruption",
	"BUG: KFENCE: invalid ",
	"BUG: KMSAN: uninit-value",
	"BUG: KCSAN: data-race",
	"list_add corruption",
	"list_del corruption",
	"refcount_t: underflow",
	"refcount_t: saturated",
	"refcount_t: addition on 0",
	"refcount_t: decrement hit 0",
	"usercopy: Kernel memory ",
	/* kernel/livepatch, kernel/trace/ftrace.c */
	"livepatch: failed to unregister",
	"livepatch: failed to remove",
	"livepatch: forcing ",
	"------------[ ftrace bug ]",
};

static bool matches(const char *line, const char *pattern);

static bool matches_behind_name(const char *line, const char *pattern)
{
	for (size_t len = 0; len <= COMM_MAX && line[len]; len++)
		if (matches(line + len, pattern))
			return true;
	return false;
}

static bool matches(const char *line, const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '$')
			return !*line;
		if (*pattern != '%') {
			if (*line++ != *pattern)
				return false;
			continue;
		}
		if (*++pattern == 'c')
			return matches_behind_name(line, pattern + 1);

		size_t len = *pattern == 'd' ? strspn(line, "0123456789") : strcspn(line, " ");

		if (!len)
			return false;
		line += len;
	}
	return true;
}

/* "Oops: 0000 [#1] PREEMPT SMP NOPTI", "invalid opcode: 0000 [#2] SMP": __die_header() */
static bool is_oops(const char *line)
{
	static const char *const names[] = {"Oops: ",	       "invalid opcode: ", "divide error: ",
					    "stack segment: ", "double fault: ",   "int3: "};
	static const char *const rests[] = {"$",      " PREEMPT", " SMP",  " DEBUG_PAGEALLOC",
					    " KASAN", " PTI",	  " NOPTI"};

	for (size_t i = 0; i < array_size(names); i++)
		if (str_starts(line, names[i])) {
			line += strlen(names[i]);
			break;
		}
	if (strspn(line, "0123456789abcdef") != 4 || !matches(line + 4, " [#%d]"))
		return false;
	line = strchr(line, ']') + 1;
	for (size_t i = 0; i < array_size(rests); i++)
		if (matches(line, rests[i]))
			return true;
	return false;
}

static bool is_complaint(const char *line)
{
	for (size_t i = 0; i < array_size(prefixes); i++)
		if (str_starts(line, prefixes[i])) {
			line += strlen(prefixes[i]);
			break;
		}
	for (size_t i = 0; i < array_size(complaints); i++)
		if (matches(line, complaints[i]))
			return true;
	return is_oops(line);
}

const char *live_health_line(const struct str_vec *lines)
{
	vec_foreach(lines, it)
		if (is_complaint(*it))
			return *it;
	return NULL;
}
