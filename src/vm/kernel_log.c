/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges lines of the kernel's log by one table, and its taint flags by another.
 *
 * A machine in use has users who are not trusted, and the names of their programs, files and
 * control groups get into the log: "BUG: x[123]: segfault at 0 ... in FILE[...]" begins with a name
 * of at most 15 bytes (TASK_COMM_LEN).  So each row for a finding begins with longer text, or
 * continues with text that the kernel never puts behind a name, and no row searches further behind.
 * Users cannot write whole lines: lines that come through /dev/kmsg are marked there, and bytes
 * that would end a line are escaped.
 */
#include "vm/kernel_log.h"

#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/vec.h"

#define COMM_MAX 15

/*
 * These are the pr_fmt() of the files that the lines come from, in 6.1 and 6.12.  Since 6.11, die()
 * puts "Oops: " before its other names.
 */
static const char *const prefixes[] = {
	"watchdog: ", "NMI watchdog: ", "rcu: ", "traps: ", "Oops: ", "softirq: ", "ftrace: "};

static const struct kernel_log_row rows[] = {
	/* These lines report a signal for a fault in user mode; the kernel names its own alike. */
	{KERNEL_LOG_USER, "%c[%d]: segfault at %w ip %w sp %w error ",
	 "arch/x86/mm/fault.c show_signal_msg() 6.1"},
	{KERNEL_LOG_USER, "%c[%d] bad frame in %w frame:%w ip:%w sp:",
	 "arch/x86/kernel/signal.c signal_fault() 6.1"},
	{KERNEL_LOG_USER,
	 "traps: %c[%d] *ip:%w sp:%w error:", "arch/x86/kernel/traps.c show_signal() 6.1"},

	/* Loading any live patch that is not signed writes these lines. */
	{KERNEL_LOG_PLAIN, "*: loading out-of-tree module taints kernel",
	 "kernel/module/main.c check_modinfo() 6.1"},
	{KERNEL_LOG_PLAIN, "*: tainting kernel with TAINT_LIVEPATCH",
	 "kernel/module/main.c check_modinfo_livepatch() 6.1"},
	{KERNEL_LOG_PLAIN, "*: module verification failed: signature and/or required key missing",
	 "kernel/module/main.c load_module() 6.1"},
	{KERNEL_LOG_PLAIN, "livepatch: enabling patch ",
	 "kernel/livepatch/core.c __klp_enable_patch() 6.1"},
	{KERNEL_LOG_PLAIN, "livepatch: *starting patching transition",
	 "kernel/livepatch/transition.c klp_start_transition() 6.1"},
	{KERNEL_LOG_PLAIN, "livepatch: *starting unpatching transition",
	 "kernel/livepatch/transition.c klp_start_transition() 6.1"},
	{KERNEL_LOG_PLAIN, "livepatch: *patching complete",
	 "kernel/livepatch/transition.c klp_complete_transition() 6.1"},

	/* These lines report warnings and bugs. */
	{KERNEL_LOG_FINDING, "WARNING: CPU: %d PID: %d at ", "kernel/panic.c __warn() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: %w at %w CPU#", "kernel/panic.c __warn() 6.18"},
	{KERNEL_LOG_FINDING, "kernel BUG at %w$", "lib/bug.c __report_bug() 6.1"},
	{KERNEL_LOG_FINDING, "Kernel panic - not syncing", "kernel/panic.c panic() 6.1"},
	{KERNEL_LOG_FINDING, "Fixing recursive fault but reboot is needed",
	 "kernel/exit.c make_task_dead() 6.1"},

	/* These lines, the first of a die(), report faults of the processor in the kernel. */
	{KERNEL_LOG_FINDING, "Oops: %h [#%d]%r", "arch/x86/kernel/dumpstack.c __die_header() 6.1"},
	{KERNEL_LOG_FINDING, "invalid opcode: %h [#%d]%r",
	 "arch/x86/kernel/traps.c exc_invalid_op() 5.10"},
	{KERNEL_LOG_FINDING, "divide error: %h [#%d]%r",
	 "arch/x86/kernel/traps.c exc_divide_error() 6.1"},
	{KERNEL_LOG_FINDING, "stack segment: %h [#%d]%r",
	 "arch/x86/kernel/traps.c exc_stack_segment() 6.1"},
	{KERNEL_LOG_FINDING, "stack guard page: %h [#%d]%r",
	 "arch/x86/kernel/traps.c handle_stack_overflow() 6.1"},
	{KERNEL_LOG_FINDING, "double fault: %h [#%d]%r",
	 "arch/x86/kernel/traps.c exc_double_fault() 6.1"},
	{KERNEL_LOG_FINDING, "int3: %h [#%d]%r", "arch/x86/kernel/traps.c exc_int3() 6.1"},
	{KERNEL_LOG_FINDING, "bounds: %h [#%d]%r", "arch/x86/kernel/traps.c exc_bounds() 6.1"},
	{KERNEL_LOG_FINDING, "invalid TSS: %h [#%d]%r",
	 "arch/x86/kernel/traps.c exc_invalid_tss() 6.1"},
	{KERNEL_LOG_FINDING, "segment not present: %h [#%d]%r",
	 "arch/x86/kernel/traps.c exc_segment_not_present() 6.1"},
	{KERNEL_LOG_FINDING, "Split lock detected",
	 "arch/x86/kernel/traps.c exc_alignment_check() 6.1"},
	{KERNEL_LOG_FINDING, "unexpected #NM exception: %h [#%d]%r",
	 "arch/x86/kernel/traps.c exc_device_not_available() 6.1"},
	{KERNEL_LOG_FINDING, "general protection fault",
	 "arch/x86/kernel/traps.c exc_general_protection() 6.1"},
	{KERNEL_LOG_FINDING, "PANIC: double fault",
	 "arch/x86/kernel/traps.c exc_double_fault() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: %w stack guard page was hit at ",
	 "arch/x86/kernel/traps.c handle_stack_overflow() 6.1"},
	{KERNEL_LOG_FINDING, "Missing ENDBR: %i+0x",
	 "arch/x86/kernel/traps.c exc_control_protection() 6.1"},
	{KERNEL_LOG_FINDING, "Missing ENDBR: 0x",
	 "arch/x86/kernel/cet.c do_kernel_cp_fault() 6.12"},
	{KERNEL_LOG_FINDING, "Unexpected #CP$",
	 "arch/x86/kernel/traps.c exc_control_protection() 6.1"},
	{KERNEL_LOG_FINDING, "CFI failure at %i+0x", "kernel/cfi.c report_cfi_failure() 6.1"},
	{KERNEL_LOG_FINDING, "CFI failure at 0x", "kernel/cfi.c report_cfi_failure() 6.1"},
	{KERNEL_LOG_FINDING, "Unpatched return thunk",
	 "arch/x86/kernel/cpu/bugs.c __warn_thunk() 6.9"},
	{KERNEL_LOG_FINDING, "unchecked MSR access error",
	 "arch/x86/mm/extable.c ex_handler_msr() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: kernel NULL pointer dereference",
	 "arch/x86/mm/fault.c show_fault_oops() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: unable to handle ", "arch/x86/mm/fault.c show_fault_oops() 6.1"},
	{KERNEL_LOG_FINDING, "kernel tried to execute NX-protected page",
	 "arch/x86/mm/fault.c show_fault_oops() 6.1"},
	{KERNEL_LOG_FINDING, "unable to execute userspace code",
	 "arch/x86/mm/fault.c show_fault_oops() 6.1"},
	{KERNEL_LOG_FINDING, "Thread overran stack, or stack corrupted",
	 "arch/x86/mm/fault.c page_fault_oops() 6.1"},
	{KERNEL_LOG_FINDING, "corrupted stack end detected inside scheduler",
	 "kernel/sched/core.c schedule_debug() 6.1"},
	{KERNEL_LOG_FINDING, "stack-protector: Kernel stack is corrupted in",
	 "kernel/panic.c __stack_chk_fail() 6.1"},

	/* These lines report tasks and processors that make no progress. */
	{KERNEL_LOG_FINDING, "BUG: soft lockup - CPU#",
	 "kernel/watchdog.c watchdog_timer_fn() 6.1"},
	{KERNEL_LOG_FINDING, "Watchdog detected hard LOCKUP",
	 "kernel/watchdog_hld.c watchdog_overflow_callback() 6.1"},
	{KERNEL_LOG_FINDING, "INFO: task %c:%d blocked for more than ",
	 "kernel/hung_task.c check_hung_task() 6.1"},
	{KERNEL_LOG_FINDING, "INFO: task %c:%d blocked in I/O wait for more than ",
	 "kernel/hung_task.c check_hung_task() 6.18"},
	{KERNEL_LOG_FINDING, "INFO: %w self-detected stall on CPU",
	 "kernel/rcu/tree_stall.h print_cpu_stall() 6.1"},
	{KERNEL_LOG_FINDING, "INFO: %w detected stall",
	 "kernel/rcu/tree_stall.h print_other_cpu_stall() 6.1"},
	{KERNEL_LOG_FINDING, "INFO: %w detected expedited stalls",
	 "kernel/rcu/tree_exp.h synchronize_rcu_expedited_wait() 6.1"},
	{KERNEL_LOG_FINDING, "%w kthread starved for ",
	 "kernel/rcu/tree_stall.h rcu_check_gp_kthread_starvation() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: workqueue lockup",
	 "kernel/workqueue.c wq_watchdog_timer_fn() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: workqueue leaked", "kernel/workqueue.c process_one_work() 6.1"},

	/* These lines report misuse of the scheduler and of locks. */
	{KERNEL_LOG_FINDING, "BUG: scheduling while atomic",
	 "kernel/sched/core.c __schedule_bug() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: scheduling in a non-blocking section",
	 "kernel/sched/core.c schedule_debug() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: sleeping function called",
	 "kernel/sched/core.c __might_resched() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: assuming atomic context at ",
	 "kernel/sched/core.c __cant_sleep() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: assuming non migratable context at ",
	 "kernel/sched/core.c __cant_migrate() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: using %w in preemptible [",
	 "lib/smp_processor_id.c check_preemption_disabled() 6.1"},
	{KERNEL_LOG_FINDING, "huh, entered softirq ", "kernel/softirq.c handle_softirqs() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: spinlock bad magic",
	 "kernel/locking/spinlock_debug.c debug_spin_lock_before() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: spinlock already",
	 "kernel/locking/spinlock_debug.c debug_spin_unlock() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: spinlock wrong",
	 "kernel/locking/spinlock_debug.c debug_spin_unlock() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: spinlock recursion",
	 "kernel/locking/spinlock_debug.c debug_spin_lock_before() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: spinlock cpu recursion",
	 "kernel/locking/spinlock_debug.c debug_spin_lock_before() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: spinlock lockup",
	 "kernel/locking/spinlock_debug.c __spin_lock_debug() 4.9"},
	{KERNEL_LOG_FINDING, "BUG: rwlock bad magic",
	 "kernel/locking/spinlock_debug.c do_raw_read_lock() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: rwlock wrong",
	 "kernel/locking/spinlock_debug.c debug_write_unlock() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: rwlock recursion",
	 "kernel/locking/spinlock_debug.c debug_write_lock_before() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: rwlock cpu recursion",
	 "kernel/locking/spinlock_debug.c debug_write_lock_before() 6.1"},
	{KERNEL_LOG_FINDING, "DEBUG_LOCKS_WARN_ON(",
	 "include/linux/debug_locks.h DEBUG_LOCKS_WARN_ON() 6.1"},
	{KERNEL_LOG_FINDING, "INFO: trying to register non-static key",
	 "kernel/locking/lockdep.c assign_lock_key() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: looking up invalid subclass",
	 "kernel/locking/lockdep.c look_up_lock_class() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: key %w has not been registered",
	 "kernel/locking/lockdep.c lockdep_init_map_type() 6.1"},
	{KERNEL_LOG_FINDING, "[ BUG: Invalid wait context ]",
	 "kernel/locking/lockdep.c print_lock_invalid_wait_context() 6.1"},
	{KERNEL_LOG_FINDING, "[ BUG: bad unlock",
	 "kernel/locking/lockdep.c print_unlock_imbalance_bug() 4.9"},
	{KERNEL_LOG_FINDING, "WARNING: possible circular locking",
	 "kernel/locking/lockdep.c print_circular_bug_header() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: possible recursive locking",
	 "kernel/locking/lockdep.c print_deadlock_bug() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: possible irq lock inversion",
	 "kernel/locking/lockdep.c print_irq_inversion_bug() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: %w -> %w lock order detected",
	 "kernel/locking/lockdep.c print_bad_irq_dependency() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: inconsistent lock state",
	 "kernel/locking/lockdep.c print_usage_bug() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: bad unlock balance",
	 "kernel/locking/lockdep.c print_unlock_imbalance_bug() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: bad contention detected",
	 "kernel/locking/lockdep.c print_lock_contention_bug() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: suspicious RCU usage",
	 "kernel/locking/lockdep.c lockdep_rcu_suspicious() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: lock held when returning",
	 "kernel/locking/lockdep.c lockdep_sys_exit() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: %c/%d still has locks held",
	 "kernel/locking/lockdep.c print_held_locks_bug() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: held lock freed",
	 "kernel/locking/lockdep.c print_freed_lock_bug() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: Nested lock was not taken",
	 "kernel/locking/lockdep.c print_lock_nested_lock_not_held() 6.1"},

	/* These lines report stacks that cannot be unwound, which makes transitions stall. */
	{KERNEL_LOG_FINDING, "WARNING: kernel stack ",
	 "arch/x86/kernel/unwind_frame.c unwind_next_frame() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: stack recursion on stack type ",
	 "arch/x86/kernel/dumpstack_64.c get_stack_info() 6.1"},
	{KERNEL_LOG_FINDING, "WARNING: WARNING: bad lookup ",
	 "arch/x86/kernel/unwind_orc.c __orc_find() 6.1"},

	/* These lines report damaged, leaked or exhausted memory, and lists that are damaged. */
	{KERNEL_LOG_FINDING, "BUG: Bad page state in process", "mm/page_alloc.c bad_page() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: Bad page map in process", "mm/memory.c print_bad_pte() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: Bad page cache in process",
	 "mm/filemap.c filemap_unaccount_folio() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: Bad rss-counter state", "kernel/fork.c check_mm() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: non-zero pgtables_bytes", "kernel/fork.c check_mm() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: mempool element poison mismatch",
	 "mm/mempool.c poison_error() 6.1"},
	{KERNEL_LOG_FINDING, "BUG %w (Tainted: ", "mm/slub.c slab_bug() 6.1"},
	{KERNEL_LOG_FINDING, "BUG %w (Not tainted): ", "mm/slub.c slab_bug() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: Dentry %x{i=", "fs/dcache.c umount_check() 6.1"},
	{KERNEL_LOG_FINDING, "VFS: Busy inodes after unmount of ",
	 "fs/super.c generic_shutdown_super() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KASAN: %w in ",
	 "mm/kasan/report.c print_error_description() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KASAN: invalid-access$",
	 "mm/kasan/report.c kasan_report_async() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KFENCE: out-of-bounds",
	 "mm/kfence/report.c kfence_report_error() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KFENCE: use-after-free",
	 "mm/kfence/report.c kfence_report_error() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KFENCE: memory corruption",
	 "mm/kfence/report.c kfence_report_error() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KFENCE: invalid ",
	 "mm/kfence/report.c kfence_report_error() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KMSAN: %w in ", "mm/kmsan/report.c kmsan_report() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KCSAN: data-race", "kernel/kcsan/report.c print_report() 6.1"},
	{KERNEL_LOG_FINDING, "BUG: KCSAN: assert: race",
	 "kernel/kcsan/report.c print_report() 6.1"},
	{KERNEL_LOG_FINDING, "UBSAN: %w in %w$", "lib/ubsan.c ubsan_prologue() 6.1"},
	{KERNEL_LOG_FINDING, "list_add corruption", "lib/list_debug.c __list_add_valid() 6.1"},
	{KERNEL_LOG_FINDING, "list_add double add: ", "lib/list_debug.c __list_add_valid() 6.1"},
	{KERNEL_LOG_FINDING, "list_del corruption",
	 "lib/list_debug.c __list_del_entry_valid() 6.1"},
	{KERNEL_LOG_FINDING, "refcount_t: underflow",
	 "lib/refcount.c refcount_warn_saturate() 6.1"},
	{KERNEL_LOG_FINDING, "refcount_t: saturated",
	 "lib/refcount.c refcount_warn_saturate() 6.1"},
	{KERNEL_LOG_FINDING, "refcount_t: addition on 0",
	 "lib/refcount.c refcount_warn_saturate() 6.1"},
	{KERNEL_LOG_FINDING, "refcount_t: decrement hit 0",
	 "lib/refcount.c refcount_warn_saturate() 6.1"},
	{KERNEL_LOG_FINDING, "usercopy: Kernel memory ", "mm/usercopy.c usercopy_abort() 6.1"},
	{KERNEL_LOG_FINDING, "Bad or missing usercopy whitelist",
	 "mm/usercopy.c usercopy_warn() 5.15"},
	{KERNEL_LOG_MEMORY, "%c: page allocation failure", "mm/page_alloc.c warn_alloc() 6.1"},
	{KERNEL_LOG_MEMORY, "%c invoked oom-killer", "mm/oom_kill.c dump_header() 6.1"},
	{KERNEL_LOG_MEMORY, "Out of memory", "mm/oom_kill.c out_of_memory() 6.1"},

	/* These lines come from live patching and ftrace. */
	{KERNEL_LOG_FINDING, "livepatch: forcing ",
	 "kernel/livepatch/transition.c klp_force_transition() 6.1"},
	{KERNEL_LOG_FINDING, "------------[ ftrace bug ]",
	 "kernel/trace/ftrace.c ftrace_bug() 6.1"},

	{KERNEL_LOG_TRACE, "Call Trace:", "arch/x86/kernel/dumpstack.c show_trace_log_lvl() 6.1"},
	/* 0010 is __KERNEL_CS; a program of a user has another selector. */
	{KERNEL_LOG_TRACE, "RIP: 0010:", "arch/x86/kernel/dumpstack.c show_ip() 6.1"},

	/* These lines say why a module is not loaded. */
	{KERNEL_LOG_REASON, "livepatch: *not found in symbol table",
	 "kernel/livepatch/core.c klp_find_object_symbol() 6.1",
	 "the patch replaces a function that this kernel does not have"},
	{KERNEL_LOG_REASON, "livepatch: unresolvable ambiguity",
	 "kernel/livepatch/core.c klp_find_object_symbol() 6.1",
	 "several functions of this kernel have the name of a replaced one, and the patch does not say which of them it replaces"},
	{KERNEL_LOG_REASON, "livepatch: *not compatible with the already installed",
	 "kernel/livepatch/core.c klp_enable_patch() 6.1",
	 "it takes over less system state (klp_state) than the loaded patches have", true},
	{KERNEL_LOG_REASON, "livepatch: pre-patch callback failed",
	 "kernel/livepatch/core.c __klp_enable_patch() 6.1",
	 "a callback of the patch refused the load"},
	{KERNEL_LOG_REASON, "livepatch: failed to register ftrace handler",
	 "kernel/livepatch/patch.c klp_patch_func() 6.1",
	 "a kprobe or another tracer diverts a function that the patch replaces"},
	{KERNEL_LOG_REASON, "livepatch: ", "kernel/livepatch/core.c pr_fmt() 6.1"},
	{KERNEL_LOG_REASON, "*made for another build of this kernel",
	 "src/klp/glue/glue.c check_build() 6.1",
	 "the module was built for another build of this kernel release, whose code may differ"},
	{KERNEL_LOG_REASON, "*version magic", "kernel/module/main.c check_modinfo() 6.1",
	 "the module was built for another kernel"},
	{KERNEL_LOG_REASON, "*Unknown symbol", "kernel/module/main.c simplify_symbols() 6.1",
	 "the patch refers to a symbol that this kernel does not have"},
	{KERNEL_LOG_REASON, "*disagrees about version of symbol",
	 "kernel/module/version.c check_version() 6.1",
	 "the module was built for a kernel with other interfaces"},
	{KERNEL_LOG_REASON, "*no symbol version for",
	 "kernel/module/version.c check_version() 6.1"},
	{KERNEL_LOG_REASON, "*uses symbol",
	 "kernel/module/main.c verify_namespace_is_imported() 6.1"},
	{KERNEL_LOG_REASON, "*Invalid relocation",
	 "arch/x86/kernel/module.c __write_relocate_add() 6.12"},
	{KERNEL_LOG_REASON, "*Unknown rela relocation",
	 "arch/x86/kernel/module.c __apply_relocate_add() 6.1"},
	{KERNEL_LOG_REASON, "*invalid relocation target",
	 "arch/x86/kernel/module.c __apply_relocate_add() 6.1"},
	{KERNEL_LOG_REASON, "*overflow in relocation type",
	 "arch/x86/kernel/module.c __apply_relocate_add() 6.1"},
	{KERNEL_LOG_REASON, "*module is already loaded",
	 "kernel/module/sysfs.c mod_sysfs_init() 6.1"},
	{KERNEL_LOG_REASON, "*exports duplicate symbol",
	 "kernel/module/main.c verify_exported_symbols() 6.1"},
	{KERNEL_LOG_REASON, "*has an invalid section index",
	 "kernel/module/main.c simplify_symbols() 6.1"},
	{KERNEL_LOG_REASON, "*Invalid ELF", "kernel/module/main.c elf_validity_check() 6.1"},
	{KERNEL_LOG_REASON, "*ELF Spec violation", "kernel/module/main.c elf_validity_check() 6.1"},
	{KERNEL_LOG_REASON, "*section*invalid", "kernel/module/main.c elf_validity_check() 6.1"},
	{KERNEL_LOG_REASON, "*module license", "kernel/module/main.c set_license() 6.1"},
	{KERNEL_LOG_REASON, "*GPL", "kernel/module/main.c inherit_taint() 6.1"},
	{KERNEL_LOG_REASON, "*not compiled with",
	 "kernel/module/main.c check_modinfo_retpoline() 6.1"},
	{KERNEL_LOG_REASON, "*is blacklisted", "kernel/module/main.c load_module() 6.1"},
	{KERNEL_LOG_REASON, "Loading of ", "kernel/module/signing.c module_sig_check() 6.1"},
	{KERNEL_LOG_REASON, "*allocate", "kernel/module/main.c percpu_modalloc() 6.1"},
	{KERNEL_LOG_REASON, "*failed", "kernel/module/main.c do_init_module() 6.1"},
};

/* In a guest, where only the kernel writes to the log, these count without a row for the rest. */
static const char *const warnings[] = {
	"*WARNING: ", "*BUG: ", "*BUG %w (", "*kernel BUG at ", "*Kernel panic", "*Oops: ",
};

static bool log_matches(const char *line, const char *pattern);

/* Returns whether the pattern matches at the line's beginning or behind up to `max` bytes of it. */
static bool log_matches_behind(const char *line, size_t max, const char *pattern)
{
	for (size_t len = 0; len <= max; len++) {
		if (log_matches(line + len, pattern))
			return true;
		if (!line[len])
			break;
	}
	return false;
}

/* Returns whether the text is what __die_header() may put behind the count of an Oops. */
static bool is_die_rest(const char *line)
{
	static const char *const rests[] = {"$",      " PREEMPT", " SMP",  " DEBUG_PAGEALLOC",
					    " KASAN", " PTI",	  " NOPTI"};

	for (size_t i = 0; i < array_size(rests); i++)
		if (log_matches(line, rests[i]))
			return true;
	return false;
}

/* Returns how many bytes of the line an atom stands for; 0 if the atom does not match. */
static size_t atom_length(const char *line, char atom)
{
	static const char hex[] = "0123456789abcdef";
	size_t len;

	switch (atom) {
	case 'd':
		return strspn(line, "0123456789");
	case 'x':
		return strspn(line, hex);
	case 'h':
		len = strspn(line, hex);
		return len == 4 ? len : 0;
	case 'i':
		return strspn(line,
			      "0123456789_.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	default: /* 'w' */
		return strcspn(line, " ");
	}
}

static bool log_matches(const char *line, const char *pattern)
{
	for (; *pattern; pattern++) {
		if (*pattern == '$')
			return !*line;
		if (*pattern == '*')
			return log_matches_behind(line, strlen(line), pattern + 1);
		if (*pattern != '%') {
			if (*line++ != *pattern)
				return false;
			continue;
		}
		pattern++;
		if (*pattern == 'c')
			return log_matches_behind(line, COMM_MAX, pattern + 1);
		if (*pattern == 'r')
			return is_die_rest(line);

		size_t len = atom_length(line, *pattern);

		if (!len)
			return false;
		line += len;
	}
	return true;
}

static bool row_matches(const struct kernel_log_row *row, const char *line,
			enum kernel_log_place place)
{
	const char *behind = str_behind(line, prefixes, array_size(prefixes));

	if (log_matches(line, row->pattern) || (behind && log_matches(behind, row->pattern)))
		return true;
	if (place != KERNEL_LOG_GUEST || row->kind != KERNEL_LOG_FINDING)
		return false;
	for (behind = strstr(line, ": "); behind; behind = strstr(behind, ": ")) {
		behind += 2;
		if (log_matches(behind, row->pattern))
			return true;
	}
	return false;
}

static bool is_unknown_warning(const char *line)
{
	for (size_t i = 0; i < array_size(warnings); i++)
		if (log_matches(line, warnings[i]))
			return true;
	return false;
}

/* Returns the first row that matches, or NULL. */
static const struct kernel_log_row *kernel_log_find_row(const char *text,
							enum kernel_log_place place)
{
	for (size_t i = 0; i < array_size(rows); i++)
		if (row_matches(&rows[i], text, place))
			return &rows[i];
	return NULL;
}

enum kernel_log_kind kernel_log_judge(const char *text, enum kernel_log_place place)
{
	const struct kernel_log_row *row = kernel_log_find_row(text, place);
	enum kernel_log_kind kind = row ? row->kind : KERNEL_LOG_PLAIN;

	if (place == KERNEL_LOG_GUEST && (kind == KERNEL_LOG_REASON || !row) &&
	    is_unknown_warning(text))
		kind = KERNEL_LOG_FINDING;
	return kind;
}

const char *kernel_log_meaning(const char *text, enum kernel_log_place place)
{
	const struct kernel_log_row *row = kernel_log_find_row(text, place);

	return row ? row->meaning : NULL;
}

bool kernel_log_is_older_state(const char *text, enum kernel_log_place place)
{
	const struct kernel_log_row *row = kernel_log_find_row(text, place);

	return row && row->older_state;
}

const struct kernel_log_row *kernel_log_row(size_t index)
{
	return index < array_size(rows) ? &rows[index] : NULL;
}

enum taint_blame {
	TAINT_EXPECTED, /* live patches and the modules that they patch set it */
	TAINT_OTHERS,	/* other causes than the patch may set it on a machine in use */
	TAINT_DAMAGE,	/* only the kernel's own code sets it */
};

/*
 * The taint flags by bit number: include/linux/panic.h,
 * Documentation/admin-guide/tainted-kernels.rst (6.12).
 */
static const struct {
	const char *name;
	enum taint_blame blame;
} taints[] = {
	{"P (proprietary module)", TAINT_OTHERS},
	{"F (module forced)", TAINT_OTHERS},
	{"S (processor out of specification)", TAINT_OTHERS},
	{"R (module unloaded by force)", TAINT_OTHERS},
	{"M (machine check)", TAINT_OTHERS},
	{"B (bad page)", TAINT_DAMAGE},
	{"U (set by user space)", TAINT_OTHERS},
	{"D (kernel died: Oops or BUG)", TAINT_DAMAGE},
	{"A (ACPI table overridden)", TAINT_OTHERS},
	{"W (warning)", TAINT_DAMAGE},
	{"C (staging driver)", TAINT_EXPECTED},
	{"I (firmware bug worked around)", TAINT_EXPECTED},
	{"O (out-of-tree module)", TAINT_EXPECTED},
	{"E (unsigned module)", TAINT_EXPECTED},
	{"L (soft lockup)", TAINT_DAMAGE},
	{"K (live-patched)", TAINT_EXPECTED},
	{"X (auxiliary)", TAINT_EXPECTED},
	{"T (randomised structures)", TAINT_EXPECTED},
	{"N (test)", TAINT_EXPECTED},
};

#define TAINT_DIE 7 /* the bit of flag D */

char *kernel_taint_gained(long before, long after, enum kernel_log_place place)
{
	scope_names names = NAMES_INIT(SIZE_MAX);
	enum taint_blame least = place == KERNEL_LOG_GUEST ? TAINT_OTHERS : TAINT_DAMAGE;
	long gained = after & ~before;

	for (unsigned bit = 0; bit < 8 * sizeof(gained) - 1; bit++) {
		bool known = bit < array_size(taints);

		if (!(gained >> bit & 1) || (known ? taints[bit].blame : TAINT_OTHERS) < least)
			continue;
		names_add(&names, "%s", known ? taints[bit].name : "unknown flag");
	}
	return names.count ? names_end(&names) : NULL;
}

bool kernel_taint_has_died(long flags)
{
	return flags >> TAINT_DIE & 1;
}
