/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small stand-ins for the kernel's macros: sections, entry sizes and relocations are those of Linux
 * 6.1 on x86-64 (the file that each one follows is named); everything else is left out. What the
 * kernel's own objtool adds to an object is written by hand here.
 */
#ifndef FIXTURE_KERNEL_H
#define FIXTURE_KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef int s32;
typedef _Bool bool;

#define NULL ((void *)0)
#define __section(name) __attribute__((__section__(name)))
#define __always_inline inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define __used __attribute__((__used__))
#define __unused __attribute__((__unused__))
#define __cold __attribute__((__cold__))
#define __packed __attribute__((__packed__))
#define __aligned(n) __attribute__((__aligned__(n)))
#define __weak __attribute__((__weak__))
#define notrace __attribute__((__no_instrument_function__))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define str_1(x...) #x
#define str(x...) str_1(x)
#define paste_1(a, b) a##b
#define paste(a, b) paste_1(a, b)
#define unique(prefix) paste(paste(__UNIQUE_ID_, prefix), __COUNTER__) /* linux/compiler-gcc.h */
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define OPTIMIZER_HIDE_VAR(var) asm("" : "+r"(var))
#define barrier() asm volatile("" ::: "memory")

/* linux/init.h, linux/cache.h, linux/compiler_types.h */
#define __init __section(".init.text") __cold
#define __exit __section(".exit.text") __used __cold notrace
#define __initdata __section(".init.data")
#define __read_mostly __section(".data..read_mostly")
#define __ro_after_init __section(".data..ro_after_init")
#define __sched __section(".sched.text")
#define noinstr noinline notrace __section(".noinstr.text")

int printk(const char *format, ...);
void *kmalloc(u64 size);
void kfree(void *memory);
void consume(void *anything, ...);
int external(int argument);
void panic(const char *format, ...) __attribute__((__noreturn__, __cold__));
void __might_sleep(const char *file, int line);

#define might_sleep() __might_sleep(__FILE__, __LINE__)

/* asm/bug.h: 12 bytes, struct bug_entry with relative pointers */
#define BUGFLAG_WARNING (1 << 0)
#define BUGFLAG_ONCE (1 << 1)
#define BUGFLAG_TAINT(taint) ((taint) << 8)
#define bug_entry(flags, extra)                                                                    \
	asm volatile("1:\t.byte 0x0f, 0x0b\n\t.pushsection __bug_table, \"aw\"\n"                  \
		     "2:\t.long 1b - .\n\t.long %c0 - .\n\t.word %c1\n\t.word %c2\n"               \
		     "\t.org 2b + 12\n\t.popsection\n" extra                                       \
		     :                                                                             \
		     : "i"(__FILE__), "i"(__LINE__), "i"(flags))
#define reachable_mark "998:\n\t.pushsection .discard.reachable\n\t.long 998b - .\n\t.popsection\n"
#define BUG()                                                                                      \
	do {                                                                                       \
		bug_entry(0, "");                                                                  \
		__builtin_unreachable();                                                           \
	} while (0)
#define __WARN_FLAGS(flags) bug_entry(BUGFLAG_WARNING | (flags), reachable_mark)
#define BUG_ON(condition)                                                                          \
	do {                                                                                       \
		if (unlikely(condition))                                                           \
			BUG();                                                                     \
	} while (0)
#define WARN_ON_TAINT(condition, taint)                                                            \
	({                                                                                         \
		int warn_ = !!(condition);                                                         \
		if (unlikely(warn_))                                                               \
			__WARN_FLAGS(BUGFLAG_TAINT(taint));                                        \
		unlikely(warn_);                                                                   \
	})
#define WARN_ON(condition) WARN_ON_TAINT(condition, 9)
#define WARN_ON_ONCE(condition)                                                                    \
	({                                                                                         \
		int warn_ = !!(condition);                                                         \
		if (unlikely(warn_))                                                               \
			__WARN_FLAGS(BUGFLAG_ONCE | BUGFLAG_TAINT(9));                             \
		unlikely(warn_);                                                                   \
	})

/* linux/once_lite.h */
#define printk_once(format...)                                                                     \
	do {                                                                                       \
		static bool __section(".data.once") __already_done;                                \
		if (unlikely(!__already_done)) {                                                   \
			__already_done = 1;                                                        \
			printk(format);                                                            \
		}                                                                                  \
	} while (0)

/* linux/ratelimit.h */
struct ratelimit_state {
	long lock[3];
	int interval, burst, printed, missed;
	u64 begin, flags;
};
int ___ratelimit(struct ratelimit_state *rs, const char *func);
#define printk_ratelimited(format...)                                                              \
	do {                                                                                       \
		static struct ratelimit_state _rs = {.interval = 5 * 250, .burst = 10};            \
		if (___ratelimit(&_rs, __func__))                                                  \
			printk(format);                                                            \
	} while (0)

/* linux/lockdep.h without CONFIG_LOCKDEP: the key has no size */
struct lock_class_key {
};
struct mutex {
	long word[4];
};
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
#define mutex_init(mutex)                                                                          \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		__mutex_init((mutex), #mutex, &__key);                                             \
	} while (0)

/* linux/jump_label.h, asm/jump_label.h: 16 bytes; a key's lowest bit is the branch */
struct static_key {
	int enabled;
	u64 type;
};
#define jump_entry_asm                                                                             \
	".pushsection __jump_table, \"aw\"\n\t.balign 8\n\t.long 1b - .\n\t.long %l[yes] - .\n"    \
	"\t.quad %c0 + %c1 - .\n\t.popsection\n"
static __always_inline bool static_branch_nop(struct static_key *const key, const bool branch)
{
	asm goto("1:\t.byte 0x0f, 0x1f, 0x44, 0, 0\n\t" jump_entry_asm
		 :
		 : "i"(key), "i"(branch)
		 :
		 : yes);
	return 0;
yes:
	return 1;
}
static __always_inline bool static_branch_jump(struct static_key *const key, const bool branch)
{
	asm goto("1:\tjmp %l[yes]\n\t" jump_entry_asm : : "i"(key), "i"(branch) : : yes);
	return 0;
yes:
	return 1;
}
#define static_branch_unlikely(key) unlikely(static_branch_nop(key, 0)) /* off by default */
#define static_branch_likely(key) likely(!static_branch_jump(key, 1))	/* off by default */

/* asm/alternative.h: 12 bytes in 6.1; 14 since 6.3 with a wider feature (ALT_WIDE) */
#ifdef ALT_WIDE
#define alt_feature ".long"
#else
#define alt_feature ".word"
#endif
#define ALTERNATIVE(old, new, feature)                                                             \
	"661:\n\t" old "\n662:\n"                                                                  \
	".skip -(((6651f-6641f)-(662b-661b)) > 0) * ((6651f-6641f)-(662b-661b)), 0x90\n"           \
	"663:\n\t.pushsection .altinstructions, \"a\"\n\t.long 661b - .\n\t.long 6641f - "         \
	".\n\t" alt_feature                                                                        \
	" " str(feature) "\n\t.byte 663b - 661b\n\t.byte 6651f - 6641f\n"                          \
			 "\t.popsection\n\t.pushsection .altinstr_replacement, \"ax\"\n"           \
			 "6641:\n\t" new "\n6651:\n\t.popsection\n"
#define LOCK_PREFIX                                                                                \
	".pushsection .smp_locks, \"a\"\n\t.balign 4\n\t.long 671f - .\n\t.popsection\n671:\n\t"   \
	"lock; "

/* asm/asm.h: 12 bytes; asm/extable_fixup_types.h */
#define EX_TYPE_DEFAULT 1
#define EX_TYPE_UACCESS 3
#define EX_TYPE_EFAULT_REG 17
#define EX_IMM(value) ((value) << 16)
#define EXTABLE(from, to, type)                                                                    \
	".pushsection __ex_table, \"a\"\n\t.balign 4\n\t.long (" #from ") - .\n\t.long (" #to      \
	") - .\n\t.long " str(type) "\n\t.popsection\n"

/* asm/paravirt_types.h: 16 bytes with an absolute pointer */
#define PARAVIRT(insn, type)                                                                       \
	"771:\n\t" insn "\n772:\n\t.pushsection .parainstructions, \"a\"\n\t.balign 8\n"           \
	"\t.quad 771b\n\t.byte " str(type) "\n\t.byte 772b - 771b\n\t.short 1\n\t.balign 8\n"      \
					   "\t.popsection\n"

/* What objtool adds: lists of 32-bit relative addresses, and pairs. */
#define site(section) ".pushsection " section ", \"a\"\n\t.long 1b - .\n\t.popsection\n"
#define retpoline_call(target)                                                                     \
	asm volatile("1:\tcall __x86_indirect_thunk_rax\n\t" site(".retpoline_sites")              \
		     :                                                                             \
		     : "a"(target)                                                                 \
		     : "memory", "cc", "rdi", "rsi", "rdx", "rcx", "r8", "r9", "r10", "r11")
#define static_call(name)                                                                          \
	asm volatile("1:\tcall __SCT__" #name "\n\t.pushsection .static_call_sites, \"aw\"\n"      \
		     "\t.long 1b - .\n\t.long __SCK__" #name " - .\n\t.popsection\n"               \
		     :                                                                             \
		     :                                                                             \
		     : "memory", "cc", "rax", "rdi", "rsi", "rdx", "rcx", "r8", "r9", "r10",       \
		       "r11")
/* asm/orc_types.h: 6 bytes, with the instruction's address in .orc_unwind_ip */
#define orc(sp_offset, flags)                                                                      \
	asm volatile("1:\n\t.pushsection .orc_unwind_ip, \"a\"\n\t.long 1b - .\n\t.popsection\n"   \
		     "\t.pushsection .orc_unwind, \"a\"\n\t.word " #sp_offset ", 0, " #flags       \
		     "\n\t.popsection\n")

/* linux/percpu-defs.h, asm/percpu.h */
#define DEFINE_PER_CPU(type, name) __section(".data..percpu") type name
#define this_cpu_inc(var) asm volatile("incl %%gs:%0" : "+m"(var))
#define this_cpu_read(var)                                                                         \
	({                                                                                         \
		typeof(var) value_;                                                                \
		asm("movl %%gs:%1, %0" : "=r"(value_) : "m"(var));                                 \
		value_;                                                                            \
	})

/* linux/export.h */
#define EXPORT_SYMBOL(name)                                                                        \
	static void *paste(__UNIQUE_ID___addressable_##name, __COUNTER__)                          \
	__used __section(".discard.addressable") = (void *)&name;                                  \
	asm(".section \"__ksymtab_strings\", \"aMS\", %progbits, 1\n"                              \
	    "__kstrtab_" #name ":\t.asciz \"" #name "\"\n__kstrtabns_" #name ":\t.asciz \"\"\n"    \
	    "\t.previous\n\t.section \"___ksymtab+" #name "\", \"a\"\n\t.balign 4\n"               \
	    "__ksymtab_" #name ":\n\t.long " #name " - .\n\t.long __kstrtab_" #name " - .\n"       \
	    "\t.long __kstrtabns_" #name " - .\n\t.previous\n")

/* linux/moduleparam.h */
#define MODULE_INFO(tag, info)                                                                     \
	static const char unique(tag)[] __used __section(".modinfo") __aligned(1) = #tag "=" info

/* linux/init.h, with relative pointers */
#define initcall(fn)                                                                               \
	static void *unique(__addressable_##fn) __used __section(".discard.addressable") =         \
		(void *)&fn;                                                                       \
	asm(".section \".initcall6.init\", \"a\"\n__initcall_" #fn ":\t.long " #fn                 \
	    " - .\n\t.previous\n")

/* linux/dynamic_debug.h */
struct _ddebug {
	const char *modname, *function, *filename, *format;
	unsigned lineno : 18, class_id : 6, flags : 8;
	struct static_key key;
} __aligned(8);
void __dynamic_pr_debug(struct _ddebug *descriptor, const char *format, ...);
#define pr_debug(fmt, args...)                                                                     \
	do {                                                                                       \
		static struct _ddebug __aligned(8) __section("__dyndbg") descriptor = {            \
			.modname = "fixture",                                                      \
			.function = __func__,                                                      \
			.filename = __FILE__,                                                      \
			.format = fmt,                                                             \
			.lineno = __LINE__,                                                        \
		};                                                                                 \
		if (static_branch_unlikely(&descriptor.key))                                       \
			__dynamic_pr_debug(&descriptor, fmt, ##args);                              \
	} while (0)

/* linux/printk.h with CONFIG_PRINTK_INDEX */
struct pi_entry {
	const char *fmt, *func, *file;
	unsigned line;
	const char *level, *subsys_fmt_prefix;
} __packed;
#define printk_indexed(format, args...)                                                            \
	do {                                                                                       \
		static const struct pi_entry _entry __used = {                                     \
			.fmt = format,                                                             \
			.func = __func__,                                                          \
			.file = __FILE__,                                                          \
			.line = __LINE__,                                                          \
		};                                                                                 \
		static const struct pi_entry *_entry_ptr __used __section(".printk_index") =       \
			&_entry;                                                                   \
		printk(format, ##args);                                                            \
	} while (0)

/* linux/tracepoint.h */
struct tracepoint {
	const char *name;
	struct static_key key;
	void *funcs;
};
void __traceiter(struct tracepoint *tracepoint, int argument);
#define DEFINE_TRACE(_name)                                                                        \
	static const char __tpstrtab_##_name[] __section("__tracepoints_strings") = #_name;        \
	struct tracepoint __tracepoint_##_name __used __section("__tracepoints") = {               \
		.name = __tpstrtab_##_name};                                                       \
	asm(".section \"__tracepoints_ptrs\", \"a\"\n\t.balign 4\n\t.long __tracepoint_" #_name    \
	    " - .\n\t.previous\n")
#define trace(_name, argument)                                                                     \
	do {                                                                                       \
		if (static_branch_unlikely(&__tracepoint_##_name.key))                             \
			__traceiter(&__tracepoint_##_name, argument);                              \
	} while (0)

#endif
