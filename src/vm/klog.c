/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm/vm_internal.h"

#include <string.h>

/*
 * The first row whose texts are all in the line decides.  Rows for what is expected
 * come before those that would catch it.
 */
static const struct {
	enum klog_kind kind;
	const char *text, *also;
} patterns[] = {
	/* What loading any unsigned live patch says. */
	{KLOG_PLAIN, "loading out-of-tree module taints kernel"},
	{KLOG_PLAIN, "tainting kernel with TAINT_LIVEPATCH"},
	{KLOG_PLAIN, "module verification failed: signature and/or required key missing"},
	{KLOG_PLAIN, "livepatch: enabling patch"},
	{KLOG_PLAIN, "livepatch: ", "starting patching transition"},
	{KLOG_PLAIN, "livepatch: ", "starting unpatching transition"},
	{KLOG_PLAIN, "livepatch: ", "patching complete"}, /* "unpatching" too */

	/* lib/bug.c, kernel/panic.c */
	{KLOG_FINDING, "WARNING: "},
	{KLOG_FINDING, "BUG: "},
	{KLOG_FINDING, "kernel BUG at "},
	{KLOG_FINDING, "Kernel panic"},
	{KLOG_FINDING, "Oops: "},
	/* arch/x86: traps.c, mm/fault.c */
	{KLOG_FINDING, "general protection fault"},
	{KLOG_FINDING, "invalid opcode: "},
	{KLOG_FINDING, "divide error: "},
	{KLOG_FINDING, "stack segment: "},
	{KLOG_FINDING, "double fault: "},
	{KLOG_FINDING, "PANIC: double fault"},
	{KLOG_FINDING, "unable to handle"},
	{KLOG_FINDING, "stack guard page was hit"},
	{KLOG_FINDING, "corrupted stack end"},
	{KLOG_FINDING, "stack-protector: "},
	{KLOG_FINDING, "Missing ENDBR"},
	{KLOG_FINDING, "CFI failure"},
	{KLOG_FINDING, "Unpatched return thunk"},
	{KLOG_FINDING, "unchecked MSR access"},
	/* kernel/watchdog.c, kernel/hung_task.c, kernel/rcu/tree_stall.h */
	{KLOG_FINDING, "soft lockup"},
	{KLOG_FINDING, "LOCKUP on cpu"},
	{KLOG_FINDING, "blocked for more than"},
	{KLOG_FINDING, "rcu", "self-detected stall"},
	{KLOG_FINDING, "rcu", "detected stalls"},
	{KLOG_FINDING, "rcu", "detected expedited stalls"},
	{KLOG_FINDING, "rcu", "kthread starved"},
	/* locks, scheduler */
	{KLOG_FINDING, "sleeping function called from invalid context"},
	{KLOG_FINDING, "scheduling while atomic"},
	{KLOG_FINDING, "possible circular locking dependency"},
	{KLOG_FINDING, "possible recursive locking"},
	{KLOG_FINDING, "inconsistent lock state"},
	{KLOG_FINDING, "bad unlock balance"},
	{KLOG_FINDING, "DEBUG_LOCKS_WARN_ON"},
	{KLOG_FINDING, "suspicious RCU usage"},
	{KLOG_FINDING, "lock held when returning to user space"},
	{KLOG_FINDING, "preempt_count ", "returned with"},
	/* memory */
	{KLOG_FINDING, "list_add corruption"},
	{KLOG_FINDING, "list_del corruption"},
	{KLOG_FINDING, "refcount_t: "},
	{KLOG_FINDING, "Bad page state"},
	{KLOG_FINDING, "BUG ", "overwritten"}, /* mm/slub.c, with slub_debug */
	{KLOG_FINDING, "BUG ", "Invalid"},
	{KLOG_FINDING, "BUG ", "Objects remaining"},
	{KLOG_FINDING, "bad usercopy"},
	{KLOG_FINDING, "usercopy: Kernel memory"},
	{KLOG_FINDING, "UBSAN: "},
	{KLOG_MEMORY, "page allocation failure"},
	{KLOG_MEMORY, "invoked oom-killer"},
	{KLOG_MEMORY, "Out of memory"},
	/* kernel/livepatch, kernel/trace/ftrace.c */
	{KLOG_FINDING, "livepatch: ", "failed to unregister"},
	{KLOG_FINDING, "livepatch: ", "failed to remove"},
	{KLOG_FINDING, "livepatch: forcing"},

	{KLOG_TRACE, "Call Trace:"},
	/* Of the kernel's own code, __KERNEL_CS; its "Code: " is like that of a user's program. */
	{KLOG_TRACE, "RIP: 0010:"},

	/* kernel/module: why a module is not loaded */
	{KLOG_REASON, "livepatch: "},
	{KLOG_REASON, "version magic"},
	{KLOG_REASON, "Unknown symbol"},
	{KLOG_REASON, "disagrees about version of symbol"},
	{KLOG_REASON, "no symbol version for"},
	{KLOG_REASON, "uses symbol"},
	{KLOG_REASON, "Invalid relocation"},
	{KLOG_REASON, "Unknown rela relocation"},
	{KLOG_REASON, "unsupported relocation"},
	{KLOG_REASON, "relocation target"},
	{KLOG_REASON, "overflow in relocation type"},
	{KLOG_REASON, "module is not properly"},
	{KLOG_REASON, "module is already loaded"},
	{KLOG_REASON, "exports duplicate symbol"},
	{KLOG_REASON, "has invalid"},
	{KLOG_REASON, "Invalid ELF"},
	{KLOG_REASON, "Invalid module"},
	{KLOG_REASON, "section", "invalid"},
	{KLOG_REASON, "module license"},
	{KLOG_REASON, "GPL"},
	{KLOG_REASON, "not compiled with"},
	{KLOG_REASON, "Loading of"},
	{KLOG_REASON, "allocate"},
	{KLOG_REASON, "failed"},
};

/* Whether all parts are in the text, in this order. */
static bool has_parts(const char *text, const char *const parts[4])
{
	for (size_t i = 0; i < 4 && text; i++) {
		text = strstr(text, parts[i]);
		if (text)
			text += strlen(parts[i]);
	}
	return text;
}

/* A signal for a fault in user mode.  What it is called is what the kernel calls its own faults. */
static bool is_user_fault(const char *text)
{
	/* arch/x86: show_signal_msg() in mm/fault.c, signal_fault() in kernel/signal.c */
	static const char *const segfault[] = {"]: segfault at ", " ip ", " sp ", " error "};
	static const char *const bad_frame[] = {"] bad frame in ", " frame:", " ip:", " sp:"};
	/* show_signal() in kernel/traps.c: "traps: prog[9] trap divide error ip:1 sp:2 error:0" */
	static const char *const trap[] = {"] ", " ip:", " sp:", " error:"};

	return has_parts(text, segfault) || has_parts(text, bad_frame) ||
	       (str_starts(text, "traps: ") && has_parts(text, trap));
}

enum klog_kind klog_classify(const char *text)
{
	if (is_user_fault(text))
		return KLOG_USER;
	for (size_t i = 0; i < array_size(patterns); i++) {
		if (strstr(text, patterns[i].text) &&
		    (!patterns[i].also || strstr(text, patterns[i].also)))
			return patterns[i].kind;
	}
	return KLOG_PLAIN;
}

bool vm_log_is_finding(const char *text)
{
	return klog_classify(text) == KLOG_FINDING;
}

bool vm_log_is_reason(const char *text)
{
	return klog_classify(text) == KLOG_REASON;
}

/* Documentation/admin-guide/tainted-kernels.rst: by bit number. */
static const struct {
	const char *meaning;
	bool expected;
} taints[] = {
	{"P (proprietary module)", false},
	{"F (module forced)", false},
	{"S (processor out of specification)", false},
	{"R (module unloaded by force)", false},
	{"M (machine check)", false},
	{"B (bad page)", false},
	{"U (asked for by user space)", false},
	{"D (kernel died: Oops or BUG)", false},
	{"A (ACPI table overridden)", false},
	{"W (warning)", false},
	{"C (staging driver)", true}, /* a target module can be one */
	{"I (firmware bug worked around)", true},
	{"O (out-of-tree module)", true},
	{"E (unsigned module)", true},
	{"L (soft lockup)", false},
	{"K (live patched)", true},
	{"X (auxiliary)", true},
	{"T (randomised structures)", true},
	{"N (test)", true},
};

char *klog_taint(long before, long after)
{
	scope_strbuf names = STRBUF_INIT;
	long gained = after & ~before;

	for (unsigned bit = 0; bit < 8 * sizeof(gained) - 1; bit++) {
		bool known = bit < array_size(taints);

		if (!(gained >> bit & 1) || (known && taints[bit].expected))
			continue;
		strbuf_addf(&names, "%s%s", names.len ? ", " : "",
			    known ? taints[bit].meaning : "unknown flag");
	}
	return names.len ? strbuf_detach(&names) : NULL;
}
