/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables and members of another type, and types of another name. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "safety/dwarf.h"
#include "types_unit.h"

START_TEST(a_type_of_the_same_size_is_another_thing)
{
	static const struct {
		const char *before, *after;
		enum severity severity;
	} members[] = {
		{"int *b", "long *b", SEVERITY_REFUSE},
		{"int b[2]", "long b[1]", SEVERITY_REFUSE},
		{"int a; short b[]", "int a; char b[]", SEVERITY_REFUSE},
		{"int a; short b[]", "int a; int b[]", SEVERITY_REFUSE},
		{"void *b", "long *b", SEVERITY_WARN},
		{"int b", "struct { int counter; } b", SEVERITY_REFUSE},
		{"int b", "count b", SEVERITY_WARN},
		{"_Bool b", "char b", SEVERITY_WARN},
		{"char b", "enum __attribute__((packed)) { B } b", SEVERITY_WARN},
		{"int b", "float b", SEVERITY_REFUSE},
	};
	const char *text = "typedef struct { int counter; } count; count c; struct s { %s; };"
			   "void *f(struct s *p) { return (char *)&p->b + %d; }";

	for (size_t i = 0; i < array_size(members); i++) {
		scope_free char *before = xasprintf(text, members[i].before, 1);
		scope_free char *after = xasprintf(text, members[i].after, 2);

		one(before, after, "member-retyped", members[i].severity, "a.c: struct s",
		    "b, at ");
	}
	/* Only the object that the pointer points to must not be written. */
	none("struct s { char *b; }; int f(struct s *p) { return *p->b; }",
	     "struct s { const char *b; }; int f(struct s *p) { return *p->b / 3; }");
}
END_TEST

/* Only the members of the type connect the old name with the new one. */
START_TEST(a_type_is_renamed_with_all_its_members)
{
	const char *const uses[] = {
		"static struct %s *head; long f(void) { return head ? head->%s : 0; }"
		"void set(void *p) { head = p; }",
		"struct list { struct %s first; } *lists; long f(void) { return lists->first.%s; }",
		"long f(void *x) { struct %s *p = x; return p->%s; }",
		"static struct %s own[2]; long f(int i) { own[i].%s++; return own[i].%2$s; }",
	};

	for (size_t i = 0; i < array_size(uses); i++) {
		scope_free char *u = xasprintf(uses[i], "u", "b");
		scope_free char *v = xasprintf(uses[i], "v", "z");
		scope_free char *w = xasprintf(uses[i], "v", "b");
		scope_free char *before = xasprintf("struct u { int a, b; };%s", u);
		scope_free char *same = xasprintf("struct v { int a, b; };%s int g = 1;", w);
		scope_free char *names = xasprintf("struct v { int y, z; };%s int g = 1;", v);
		scope_free char *moved = xasprintf("struct v { int z; long y; };%s", v);

		none(before, same);
		one(before, names, "member-retyped", SEVERITY_WARN, "a.c: struct v",
		    "was named struct u; y, at 0, was named a; z, at 4, was named b");
		one(before, moved, "layout-changed", SEVERITY_REFUSE, "a.c: struct v",
		    "was named struct u");
	}
	/* A type that existed before is not a new name. */
	none("struct u { int a; }; struct v { long z; }; long g(struct v *p) { return p->z; }"
	     "long f(void *x) { struct u *p = x; return p->a; }",
	     "struct u { int a; }; struct v { long z; }; long g(struct v *p) { return p->z; }"
	     "long f(void *x) { struct v *p = x; return p->z; }");
}
END_TEST

/* A variable's unnamed structure that gets a name is the same structure. */
START_TEST(an_unnamed_type_gets_a_name)
{
	none("static struct { int a, b; } x; int f(void) { x.a++; return x.b; }",
	     "struct n { int a, b; }; static struct n x; int f(void) { x.a++; return x.b / 3; }");
	one("static struct { int a, b; } x; int f(void) { x.a++; return x.b; }",
	    "struct n { int b, a; }; static struct n x; int f(void) { x.a++; return x.b; }",
	    "layout-changed", SEVERITY_REFUSE, "a.c: struct n", "b moves from 4 to 0");
}
END_TEST

START_TEST(a_variable_is_of_another_type)
{
	static const struct {
		const char *before, *after, *text;
	} other[] = {
		{"static struct s *x", "static struct t *x", "is struct t *, was struct s *"},
		{"static unsigned int x[2]", "static unsigned long x[1]", "was unsigned int [2]"},
		{"struct s x", "struct t x", "is struct t, was struct s"},
		{"static unsigned long x", "static struct s *x", "was long unsigned int"},
		{"static int (*x)(struct s *)", "static int (*x)(struct t *)", "(struct t *)"},
		{"extern struct s *x", "extern struct t *x", "is struct t *, was struct s *"},
		{"static float x", "static int x", "is int, was float"},
	};
	static const struct {
		const char *before, *after;
	} like[] =
		{
			{"static unsigned long x", "static long x"},
			{"static int x", "static enum e { A, B } x"},
			{"static int x", "static struct w { int counter; } x"},
			{"static void *x", "static struct s *x"},
			{"static unsigned char x", "static _Bool x"},
		},
	  same[] = {
		  {"typedef int num; static int x", "typedef int num; static num x"},
		  {"static volatile int x", "static int x"},
		  {"static char *x", "static const char *x"},
		  {"static long x", "static long long x"},
	  };
	const char *text =
		"struct s { char a[8]; }; struct t { long b; }; struct s s1; struct t t1; %s;"
		"void take(void *); int f(int n) { take((void *)&x); return n %s; }";

	for (size_t i = 0; i < array_size(other); i++) {
		scope_free char *a = xasprintf(text, other[i].before, "+ 1");
		scope_free char *b = xasprintf(text, other[i].after, "+ 2");

		one(a, b, "data-retyped", SEVERITY_REFUSE, "a.c: x", other[i].text);
	}
	for (size_t i = 0; i < array_size(like); i++) {
		scope_free char *a = xasprintf(text, like[i].before, "+ 1");
		scope_free char *b = xasprintf(text, like[i].after, "+ 2");

		one(a, b, "data-retyped", SEVERITY_WARN, "a.c: x", "(used by f)");
	}
	for (size_t i = 0; i < array_size(same); i++) {
		scope_free char *a = xasprintf(text, same[i].before, "+ 1");
		scope_free char *b = xasprintf(text, same[i].after, "+ 2");

		none(a, b);
	}
}
END_TEST

START_TEST(a_static_local_is_of_another_type)
{
	const char *text = "int g(void) { static int last; return last++; }"
			   "%s int h(int n) { static %s last; last += n; return last ? 7 : 8; }"
			   "int f(int n) { return h(n) %s; }";
	const char *const kinds[] = {"static inline __attribute__((always_inline))", ""};

	for (size_t i = 0; i < array_size(kinds); i++) {
		scope_free char *a = xasprintf(text, kinds[i], "unsigned int", "");
		scope_free char *b = xasprintf(text, kinds[i], "float", "");
		scope_free char *c = xasprintf(text, kinds[i], "unsigned int", "+ 1");
		scope_findings findings = {};
		bool told = false;

		none(a, c);
		check(a, b, &findings);
		vec_foreach(&findings, it)
			told |= !strcmp(it->rule, "data-retyped") &&
				strstr(it->message, "is float, was unsigned int");
		ck_assert(told);
	}
}
END_TEST

/* Members that no changed code reads are read as before. */
START_TEST(a_sign_matters_to_changed_code_alone)
{
	none("static int x; int g(void) { return x++; } int f(int n) { return n; }",
	     "static unsigned x; int g(void) { return x++; } int f(int n) { return n + 1; }");
}
END_TEST

/*
 * The number is the same but means something else: nanoseconds instead of seconds, or another byte
 * order.
 */
START_TEST(a_number_counts_something_else)
{
	const char *const cases[][3] = {
		{"time64_t", "ktime_t", "t, at 8, is ktime_t, was time64_t"},
		{"const ktime_t", "time64_t", "t, at 8, is time64_t, was ktime_t"},
		{"__le64", "__be64", "t, at 8, is __be64, was __le64"},
		{"u64", "__be64", "t, at 8, is __be64, was u64"},
		{"__le64", "unsigned long", "t, at 8, is long unsigned int, was __le64"},
	};
	const char *const same[][2] = {{"u64", "__u64"},
				       {"s64", "ktime_t"},
				       {"long", "time64_t"},
				       {"my_time_t", "ktime_t"}};
	const char *text =
		"typedef unsigned long u64; typedef u64 __u64; typedef long s64;"
		"typedef u64 __le64; typedef u64 __be64; typedef s64 time64_t;"
		"typedef s64 ktime_t; typedef ktime_t my_time_t; struct s { long a; %s t; };"
		"long f(struct s *s) { return s->t; }";

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *before = xasprintf(text, cases[i][0]);
		scope_free char *after = xasprintf(text, cases[i][1]);

		one(before, after, "member-retyped", SEVERITY_WARN, "a.c: struct s", cases[i][2]);
	}
	for (size_t i = 0; i < array_size(same); i++) {
		scope_free char *before = xasprintf(text, same[i][0]);
		scope_free char *after = xasprintf(text, same[i][1]);

		none(before, after);
	}
}
END_TEST

/* All have the same size, so that a module's argument would be misunderstood. */
START_TEST(an_export_takes_other_things_of_one_size)
{
	const char *text = "struct a; struct b; extern int __ksymtab_h; int __ksymtab_h = 1;"
			   "int h(%s) { return p && q; }";
	const char *const cases[][2] = {
		{"struct a *p, struct b *q", "struct b *q, struct a *p"},
		{"const char *p, int n, char *q", "char *q, int n, const char *p"},
		{"long p, struct a *q", "struct a *q, long p"},
		{"int (*p)(int, int), long q", "long q, int (*p)(int, int)"},
	};
	scope_free char *number = xasprintf(text, "int p, char *q");
	scope_free char *sign = xasprintf(text, "unsigned p, const char *q");

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *before = xasprintf(text, cases[i][0]);
		scope_free char *after = xasprintf(text, cases[i][1]);
		scope_findings findings = {};

		check(before, after, &findings);
		ck_assert_msg(findings.len == 1, "case %zu", i);
		ck_assert_str_eq(findings.data[0].rule, "export-changed");
		ck_assert_msg(findings.data[0].severity == SEVERITY_REFUSE, "case %zu", i);
	}
	one(number, sign, "export-changed", SEVERITY_WARN, "a.c: h", "becomes int (unsigned int");
}
END_TEST

/*
 * Some of these are a single instruction; and a second fput() on the way out is not the first one.
 */
START_TEST(what_is_counted_is_not_only_calls)
{
	const char *text = "extern int __preempt_count; int n; void fput(void *);"
			   "int f(int x) { %s n += x; %s return n; }";
	const char *disable = "asm volatile(\"incl %gs:__preempt_count\");";
	const char *read =
		"int v; asm volatile(\"movl %%gs:__preempt_count, %0\" : \"=r\"(v)); n = v;";
	scope_free char *plain = xasprintf(text, "", "");
	scope_free char *counts = xasprintf(text, disable, "");
	scope_free char *reads = xasprintf(text, read, "");
	scope_free char *two = xasprintf(text, "fput(&n);", "fput(&x);");
	scope_free char *single = xasprintf(text, "fput(&n);", "");

	one(plain, counts, "locks-changed", SEVERITY_WARN, "a.c: f", "preempt_disable 0 → 1");
	none(plain, reads);
	one(two, single, "references-changed", SEVERITY_WARN, "a.c: f", "fput 2 → 1");
}
END_TEST

/*
 * The kernel finds a task that sleeps in the old function, but not one that sleeps in its cold
 * part.
 */
START_TEST(a_sleep_in_the_old_cold_part_is_told)
{
	const char *text = "void msleep(int), hurry(int) __attribute__((cold)); int n;"
			   "void panic(int) __attribute__((cold));"
			   "__attribute__((optimize(\"O2\"))) int f(int x) {"
			   "if (x < 0) { panic(x); %s(x); } n += x; return n %s; }";
	scope_free char *sleeps = xasprintf(text, "msleep", "+ 1");
	scope_free char *slept = xasprintf(text, "msleep", "");
	scope_free char *hurries = xasprintf(text, "hurry", "+ 1");
	scope_free char *hurried = xasprintf(text, "hurry", "");

	one(slept, sleeps, "long-sleep", SEVERITY_WARN, "a.c: f", ".cold part may sleep (msleep)");
	none(hurried, hurries);
}
END_TEST

START_TEST(many_things_sleep_in_a_cold_part)
{
	static const struct {
		const char *code, *says;
	} cases[] = {
		/* A function of the unit sleeps. */
		{"hides(x);", "(msleep)"},
		{"deep(x);", "(msleep)"},
		{"keeps(x);", "(__kmalloc)"},
		/* These sleep for a short time. */
		{"rtnl_lock();", "(rtnl_lock)"},
		{"cpus_read_lock();", "(cpus_read_lock)"},
		{"fput(x);", "(fput)"},
		{"device_unregister(x);", "(device_unregister)"},
		{"down_timeout(x, 5);", "(down_timeout)"},
		{"_cond_resched();", "(_cond_resched)"},
		{"__SCT__cond_resched();", "(__SCT__cond_resched)"},
		{"synchronize_net();", "(synchronize_net)"},
		/* 0xcc0 is GFP_KERNEL, 0xa20 is GFP_ATOMIC. */
		{"__kmalloc(64, 0xcc0);", "(__kmalloc)"},
		{"kmalloc_trace(x, 0xdc0, 64);", "(kmalloc_trace)"},
		{"kmem_cache_alloc(x, 0xcc0);", "(kmem_cache_alloc)"},
		{"__kmalloc(64, 0xa20);", NULL},
		{"kmalloc_trace(x, 0x920, 64);", NULL},
		{"down_read_trylock(x);", NULL},
		{"calm(x);", NULL},
	};
	const char *text =
		"typedef long anything; void msleep(int), panic(int) __attribute__((cold));"
		"void *__kmalloc(long, int), *kmalloc_trace(int, int, long), *kmem_cache_alloc(int, int);"
		"static __attribute__((noinline)) void hides(int x) { msleep(x); n0(x); }"
		"static __attribute__((noinline)) void deep(int x) { hides(x); n0(x); }"
		"static __attribute__((noinline)) void keeps(int x) { n0(__kmalloc(x, 0xcc0)); }"
		"static __attribute__((noinline)) void calm(int x) { n0(x); }"
		"int n; __attribute__((optimize(\"O2\"))) int f(int x) {"
		"if (x < 0) { panic(x); %s } n += x; return n %s; }";

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *before = xasprintf(text, cases[i].code, "");
		scope_free char *after = xasprintf(text, cases[i].code, "+ 1");

		if (cases[i].says)
			one(before, after, "long-sleep", SEVERITY_WARN, "a.c: f", cases[i].says);
		else
			none(before, after);
	}
}
END_TEST

/*
 * Assembler in the source can put this in front of the compiler's own debug data, which comes last.
 */
static const char *const debug_damages[] = {
	".long 0",
	".byte 1, 2, 3",
	".quad 0, 0, 0, 0",
	".long 7\\n.value 5\\n.byte 1, 8\\n.long 0", /* an empty unit of DWARF 5 */
	".long 8\\n.value 4\\n.long 0\\n.byte 8, 0", /* an empty unit of DWARF 4 */
	".long 0xffffffff\\n.quad 11\\n.value 5\\n.byte 1, 8\\n.quad 0", /* an empty unit of 64-bit
									    DWARF */
	".long 0x7fffffff",
	".long 4\\n.value 99\\n.byte 0, 0",
	".incbin \\\"/proc/self/exe\\\", 0, 64",
};

START_TEST(no_debug_data_hides_types)
{
	static const char text[] = "struct s { int a, b; } x; int f(void) { return x.b; }\n";
	scope_dir_temp dir = NULL;

	ck_assert_ok(dir_temp(dir_for_temp(), "suture-types", &dir));

	scope_free char *whole = compile(dir, text);
	scope_unit_types types = NULL;

	ck_assert_ok(unit_types_read(whole, &types));
	ck_assert_uint_ne(types->types.len, 0);
	for (size_t i = 0; i < array_size(debug_damages); i++) {
		scope_free char *damaged = xasprintf(
			"asm(\".pushsection .debug_info,\\\"\\\",@progbits\\n%s\\n.popsection\");\n%s",
			debug_damages[i], text);
		scope_free char *object = compile(dir, damaged);
		scope_unit_types none = NULL;
		struct err *err = unit_types_read(object, &none);

		ck_assert_msg(err != NULL, "%s: types are read", debug_damages[i]);
		ck_assert_uint_eq(err_code(err), ERR_REFUSED);
		ck_assert_fails(err, "its debug data is damaged");
	}
}
END_TEST

/* Checks the name that the single finding's type is declared by. */
static void declared_by(const char *format, const char *declarer)
{
	scope_free char *before = xasprintf(format, "a, b");
	scope_free char *after = xasprintf(format, "a, n, b");
	scope_findings findings = {};

	check(before, after, &findings);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_ptr_nonnull(findings.data[0].declarer);
	ck_assert_str_eq(findings.data[0].declarer, declarer);
}

START_TEST(a_finding_says_what_declares_its_type)
{
	declared_by("struct s { int %s; }; int f(void *x) { struct s *p = x; if (!p->a) p->a = 7; "
		    "return p->b; }",
		    "s");
	declared_by("int f(void *x) { struct s { int %s; } *p = x; if (!p->a) p->a = 7; "
		    "return p->b; }",
		    "f");
	declared_by("static struct { int %s; } state[4];"
		    "int f(int x) { state[1].a += x; return state[x].b; }",
		    "state");
	declared_by(
		"int f(int x) { static struct { int %s; } state; state.a += x; return state.b; }",
		"f");
}
END_TEST

/* Checks where the members that the structure gains fit: "n behind a, o behind b", or "". */
static void expect_fits(const char *before, const char *after, const char *wanted)
{
	const char *use = "\nint f(struct s *p) { return p->a + sizeof(*p); }";
	scope_free char *old = xasprintf("%s%s", before, use);
	scope_free char *new = xasprintf("%s%s", after, use);
	scope_findings findings = {};
	scope_safety_types types = safety_types_new();
	scope_strbuf found = STRBUF_INIT;
	const struct type_fit_vec *fits;
	scope_pair pair = {};

	pair_open(&pair, old, new);
	ck_assert_ok(safety_types_add(types, &pair.unit, &findings));
	fits = safety_types_fits(types, "a.c", "struct s");
	ck_assert_ptr_nonnull(fits);
	vec_foreach(fits, it)
		strbuf_addf(&found, "%s%s behind %s", found.len ? ", " : "", it->member,
			    it->behind);
	ck_assert_msg(!strcmp(found.buf, wanted), "%s: %s", after, found.buf);
}

START_TEST(new_members_fit_in_padding_elsewhere)
{
	const char *old = "struct s { long a; char b; long c; short d; };";

	expect_fits(old, "struct s { long a; char b; long c; _Bool n; short d; };", "n behind b");
	expect_fits(old, "struct s { int n; long a; char b; long c; short d; };", "n behind b");
	expect_fits(old, "struct s { int n, o; short q; long a; char b; long c; short d; };",
		    "n behind b, o behind d, q behind b");
	expect_fits("struct s { long a; char b; void *c; };",
		    "struct s { char *n; long a; char b; void *c; };", "");
	expect_fits("struct s { long a; struct { int x; } b; void *c; };",
		    "struct s { short n; long a; struct { int x; } b; void *c; };", "n behind b");
	expect_fits("struct s { long a; char b; long c, d, e, f, g, h; };",
		    "struct s { long a; char b; long c, d, e, f, g, h; short n; };", "n behind b");
	expect_fits("struct s { char a; char b; int c; };",
		    "struct s { short n; char a; char b; int c; };", "n behind b");
	/* What is removed stays, unless the new member may be the same one under another name. */
	expect_fits("struct s { long gone; char a; long c; };",
		    "struct s { char a; short n; long c; };", "n behind a");
	expect_fits("struct s { char gone; long a; char b; };",
		    "struct s { long a; char b; char n; };", "");
	/* A member that is declared in another way, a bit, an array or a type of more parts. */
	expect_fits(old, "struct s { long a; short b; long c; _Bool n; short d; };", "");
	expect_fits(old, "struct s { long a; char b; long c; unsigned n : 3; short d; };", "");
	expect_fits(old, "struct s { long a; char b; long c; char n[2]; short d; };", "");
	expect_fits("struct t { int x; }; struct s { long a; char b; long c; };",
		    "struct t { int x; }; struct s { struct t n; long a; char b; long c; };", "");
	/* No declaration can stand behind an array without elements, or behind no name. */
	expect_fits("struct s { long a; char b[]; };", "struct s { short n; long a; char b[]; };",
		    "");
	expect_fits("struct s { long a; struct { char b; }; long c; };",
		    "struct s { short n; long a; struct { char b; }; long c; };", "n behind b");
	expect_fits("struct s { long a; char b; } __attribute__((packed));",
		    "struct s { short n; long a; char b; } __attribute__((packed));", "");
	expect_fits("struct s { int a; };", "struct s { int a; int n; };", "");
}
END_TEST

START_TEST(zero_is_no_value_for_a_count_or_a_list)
{
	const char *format =
		"struct kref { int n; }; struct list_head { void *next, *prev; };"
		"typedef struct { int counter; } atomic_t; typedef struct refcount_struct "
		"{ int refs; } refcount_t; struct s { long a; char b; %s long c; };"
		"\nint f(struct s *p) { return p->c; } %s";
	static const char *const set_up[] = {"struct kref n;", "refcount_t n;"};
	scope_free char *before = xasprintf(format, "", "");
	scope_free char *counter =
		xasprintf(format, "atomic_t n;", "int g(struct s *p) { return p->n.counter; }");

	for (size_t i = 0; i < array_size(set_up); i++) {
		scope_free char *after = xasprintf(format, set_up[i],
						   "int g(struct s *p) { return *(int *)&p->n; }");

		one(before, after, "layout-changed", SEVERITY_REFUSE, "a.c: struct s",
		    "no existing object has it initialised");
	}
	one(before, counter, "layout-extended", SEVERITY_WARN, "a.c: struct s",
	    "n is new, at 12, in former padding");
}
END_TEST

UNIT_SUITE("types of things", new_members_fit_in_padding_elsewhere,
	   zero_is_no_value_for_a_count_or_a_list, a_type_of_the_same_size_is_another_thing,
	   a_type_is_renamed_with_all_its_members, an_unnamed_type_gets_a_name,
	   a_variable_is_of_another_type, a_static_local_is_of_another_type,
	   a_sign_matters_to_changed_code_alone, a_number_counts_something_else,
	   an_export_takes_other_things_of_one_size, what_is_counted_is_not_only_calls,
	   a_sleep_in_the_old_cold_part_is_told, many_things_sleep_in_a_cold_part,
	   no_debug_data_hides_types, a_finding_says_what_declares_its_type)
