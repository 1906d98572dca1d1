/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types before and after, as the compiler's debug data tells them. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "safety/listing.h"
#include "types_unit.h"

#define USE "\nint f(struct s *p) { return p->b + sizeof(*p); }"
#define NEW_USE "\nint f(struct t *p) { return p->b + sizeof(*p); }"

START_TEST(a_member_in_the_middle_moves_others)
{
	one("struct s { int a; int b; };" USE, "struct s { int a; long n; int b; };" USE,
	    "layout-changed", SEVERITY_REFUSE, "a.c: struct s", "b moves from 4 to 16");
}
END_TEST

START_TEST(a_member_at_the_end_grows_it)
{
	one("struct s { int a; int b; };" USE, "struct s { int a; int b; int n; };" USE,
	    "layout-changed", SEVERITY_REFUSE, "a.c: struct s",
	    "n is new, at 8, after the old end; size 12, was 8 (used by f)");
}
END_TEST

START_TEST(a_member_in_padding_is_told_apart)
{
	const char *use = "int f(struct s *p) { return p->b; }";
	scope_free char *before = xasprintf("struct s { char a; int b; }; %s", use);
	scope_free char *after = xasprintf(
		"struct s { char a; char n; int b; }; %s int g(struct s *p) { return p->n; }", use);

	one(before, after, "layout-extended", SEVERITY_WARN, "a.c: struct s",
	    "n is new, at 1, in former padding");
}
END_TEST

START_TEST(a_type_of_the_same_size_is_a_change)
{
	one("struct s { int b; };\nint f(struct s *p) { return p->b / 2; }",
	    "struct s { unsigned b; };\nint f(struct s *p) { return p->b / 2; }", "member-retyped",
	    SEVERITY_WARN, "a.c: struct s", "b, at 0, is unsigned int, was int");
}
END_TEST

START_TEST(a_member_in_the_place_of_another_is_no_rename)
{
	one("struct s { short x; int b; };\nint f(struct s *p) { return p->x; }",
	    "struct s { _Bool n; int b; };\nint f(struct s *p) { return p->n; }", "layout-changed",
	    SEVERITY_REFUSE, "a.c: struct s", "x is gone; n is new, at 0, in the place of x");
	one("struct s { int x; int b; };\nint f(struct s *p) { return p->x; }",
	    "struct s { int n; int b; };\nint f(struct s *p) { return p->n / 3; }",
	    "member-retyped", SEVERITY_WARN, "a.c: struct s", "n, at 0, was named x");
	{
		scope_findings findings = {};

		check("struct s { int x; int b; };\nint f(struct s *p) { return p->x; }",
		      "struct s { int n; int b; };\nint f(struct s *p) { return p->n / 3; }",
		      &findings);
		ck_assert(!strstr(findings.data[0].message,
				  "is gone")); /* one change is not reported twice */
	}
}
END_TEST

START_TEST(an_enumeration_is_renumbered_or_grows)
{
	const char *use = "enum e v; int f(void) { return v == B; }";
	scope_free char *before = xasprintf("enum e { A, B, NR_E }; %s", use);
	scope_free char *middle = xasprintf("enum e { A, N, B, NR_E }; %s", use);
	scope_free char *end =
		xasprintf("enum e { A, B, N, NR_E }; %s int g(void) { return N; }", use);

	one(before, middle, "enum-renumbered", SEVERITY_REFUSE, "a.c: enum e", "B is 2, was 1");
	one(before, end, "enum-extended", SEVERITY_NOTE, "a.c: enum e", "N is new, 2");
}
END_TEST

START_TEST(an_unnamed_enumeration_is_known_by_its_constants)
{
	scope_findings findings = {};

	check("enum { A, B, C }; int v; int f(void) { return v == B; }",
	      "enum { A, N, B, C }; int v; int f(void) { return v == B; }", &findings);
	ck_assert_uint_eq(findings.len, 1);
	ck_assert_str_eq(findings.data[0].rule, "enum-renumbered");
	ck_assert_str_eq(findings.data[0].declarer, "B");
}
END_TEST

/* A name that contains "END" as a part of a word is not the end of an enumeration. */
START_TEST(a_word_within_a_name_is_no_end)
{
	one("enum st { IDLE, RUN, PENDING } v; int f(void) { return v == PENDING; }",
	    "enum st { IDLE, RUN, WAIT, PENDING } v; int f(void) { return v == PENDING; }",
	    "enum-renumbered", SEVERITY_REFUSE, "a.c: enum st", "PENDING is 3, was 2");
}
END_TEST

/* A limit is the end of an enumeration only if constants before it were added or removed. */
START_TEST(a_word_alone_makes_no_end)
{
	const char *const cases[][2] = {
		{"enum { ORDER = 6, MAX_RATIO = 4, TIMEOUT = 300 };",
		 "enum { ORDER = 6, MAX_RATIO = 8, TIMEOUT = 300 };"},
		{"enum { ORDER = 6, MAX_RATIO = 4, TIMEOUT = 300 };",
		 "enum { ORDER = 6, MAX_RATIO = 4000, TIMEOUT = 300, ANOTHER = 7 };"},
		{"enum { ORDER = 6 }; enum { MAX_RATIO = 4 };",
		 "enum { ORDER = 6, ANOTHER }; enum { MAX_RATIO = 8 };"},
		{"enum { MAX_RATIO = 4 };", "enum { MAX_RATIO = 8 };"},
	};
	const char *use = "int f(int a) { return a * MAX_RATIO; }";
	const char *end = "int g(int a) { return a < NR; }";

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *before = xasprintf("%s %s", cases[i][0], use);
		scope_free char *after = xasprintf("%s %s", cases[i][1], use);
		scope_findings findings = {};

		check(before, after, &findings);
		ck_assert_msg(findings.len == 1, "case %zu", i);
		ck_assert_str_eq(findings.data[0].rule, "enum-renumbered");
	}

	scope_free char *before = xasprintf("enum { BIG = 300 }; enum { A, NR }; %s", end);
	scope_free char *after = xasprintf("enum { BIG = 300 }; enum { A, B, NR }; %s", end);
	scope_findings findings = {};

	check(before, after, &findings); /* types of headers are not new */
	vec_foreach(&findings, it)
		ck_assert_str_eq(it->rule, "enum-extended");
}
END_TEST

/* The number of a removed constant has a new name, or another meaning. */
START_TEST(a_number_is_used_again)
{
	one("enum st { IDLE, RUN, DEAD } v; int f(void) { return v == DEAD; }",
	    "enum st { IDLE, WAIT, DEAD } v; int f(void) { return v == DEAD || v == WAIT; }",
	    "enum-renumbered", SEVERITY_WARN, "a.c: enum st", "WAIT is 1, which was RUN");
	one("enum st { IDLE, RUN, DEAD } v; int f(void) { return v == IDLE; }",
	    "enum st { IDLE, RUN, WAIT = 7 } v; int f(void) { return v == IDLE || v == WAIT; }",
	    "enum-extended", SEVERITY_NOTE, "a.c: enum st", "DEAD is gone; WAIT is new, 7");
}
END_TEST

START_TEST(a_type_is_renamed_and_changed_at_once)
{
	const char *before = "struct s { int a; int b; };" USE;
	const char *other = "struct t { long x; long y; long b; };" NEW_USE;

	one(before, "struct t { int a; long n; int b; };" NEW_USE, "layout-changed",
	    SEVERITY_REFUSE, "a.c: struct t", "was named struct s; b moves from 4 to 16");
	none(before, "struct t { int a; int b; };" NEW_USE);
	/* All members change, too, so the parameter decides. */
	one(before, other, "layout-changed", SEVERITY_REFUSE, "a.c: struct t",
	    "was named struct s; a is gone; b moves from 4 to 16");
}
END_TEST

START_TEST(an_enumeration_that_grows_moves_members)
{
	const char *rest = "struct s { enum st e; char y; int b; };\n"
			   "int f(struct s *p) { return p->y + p->e == RUN; }";
	scope_free char *before =
		xasprintf("enum __attribute__((packed)) st { IDLE, RUN };\n%s", rest);
	scope_free char *after =
		xasprintf("enum __attribute__((packed)) st { IDLE, RUN, BIG = 300 };\n%s", rest);

	scope_findings findings = {};
	bool told = false;

	check(before, after, &findings);
	vec_foreach(&findings, it)
		told |= it->severity == SEVERITY_REFUSE &&
			strstr(it->message, "y moves from 1 to 2");
	ck_assert(told);
}
END_TEST

START_TEST(a_bit_field_moves)
{
	one("struct s { int a : 3; int b : 2; };\nint f(struct s *p) { return p->b; }",
	    "struct s { int a : 4; int b : 2; };\nint f(struct s *p) { return p->b; }",
	    "layout-changed", SEVERITY_REFUSE, "a.c: struct s", "b moves from 0 bit 3 to 0 bit 4");
}
END_TEST

START_TEST(a_union_grows)
{
	one("union u { int a; };\nint f(union u *p) { return sizeof(*p) + p->a; }",
	    "union u { int a; long n; };\nint f(union u *p) { return sizeof(*p) + p->a; }",
	    "layout-changed", SEVERITY_REFUSE, "a.c: union u", "size 8, was 4");
}
END_TEST

START_TEST(another_configuration_is_another_kernel)
{
	none("struct s { int a, b;\n#ifdef OTHER\nint c;\n#endif\n};" USE,
	     "struct s { int a, b;\n#ifdef OTHER\nlong c, d;\n#endif\n};" USE "\nint g = 1;");
}
END_TEST

START_TEST(members_may_get_company_in_a_union)
{
	one("struct s { int a; long r[2]; };\nint f(struct s *p) { return p->a; }",
	    "struct s { int a; union { long r[2]; char n[9]; }; };\n"
	    "int f(struct s *p) { return p->a + p->n[1]; }",
	    "layout-extended", SEVERITY_WARN, "a.c: struct s",
	    "n is new, at 8, where other members were");
}
END_TEST

START_TEST(what_only_holds_it_is_told_with_it)
{
	const char *use = "struct o { int x; struct s in; int y; };\n"
			  "int f(struct o *p) { return p->y + p->in.b; }";
	scope_free char *before = xasprintf("struct s { int b; }; %s", use);
	scope_free char *after = xasprintf("struct s { int b; int n; }; %s", use);

	one(before, after, "layout-changed", SEVERITY_REFUSE, "a.c: struct s",
	    "this also changes the types that contain it: struct o");
}
END_TEST

#define WALK                                                                                       \
	"\nvoid each(int (*)(void *), void *);"                                                    \
	"\nstatic int step(void *v) { struct s *w = v; return w->b++; }"                           \
	"\nint f(void) { struct s w = {}; each(step, &w); return w.b + sizeof(w); }"

/* Others can find an object on the stack of a sleeping task, through a link or a pointer. */
START_TEST(the_stack_of_a_sleeper_is_a_danger)
{
	const char *text = "%s struct s { %s int a; int b; }; void look(void *s);\n"
			   "int f(int n) { struct s s = {.b = n%s}; look(&s); %s; return s.b; }";
	const char *list = "struct list_head { struct list_head *next, *prev; };";
	const char *held = "struct list_head { struct list_head *next, *prev; };"
			   "struct held { struct list_head one; };";
	const struct {
		const char *types, *member, *call;
	} cases[] = {{list, "struct list_head list;", ""},
		     {held, "struct held held;", ""},
		     {"struct task_struct;", "struct task_struct *task;", ""},
		     {"void schedule(void);", "", "schedule()"}};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *more = xasprintf("long stamp; %s", cases[i].member);
		scope_free char *before =
			xasprintf(text, cases[i].types, cases[i].member, "", cases[i].call);
		scope_free char *after = xasprintf(text, cases[i].types, more, "+1", cases[i].call);
		scope_findings findings = {};
		bool refused = false;

		check(before, after, &findings);
		vec_foreach(&findings, it)
			refused |= !strcmp(it->rule, "layout-changed") &&
				   it->severity == SEVERITY_REFUSE;
		ck_assert_msg(refused, "case %zu", i);
	}
}
END_TEST

START_TEST(the_stack_of_replaced_functions_is_no_danger)
{
	one("struct s { int a, b; };" WALK, "struct s { int a, n, b; };" WALK, "layout-changed",
	    SEVERITY_WARN, "a.c: struct s", "is only on the stack");
	/* This does not hold if one is kept or allocated. */
	one("struct s { int a, b; }; struct s *kept;" WALK,
	    "struct s { int a, n, b; }; struct s *kept;" WALK, "layout-changed", SEVERITY_REFUSE,
	    "a.c: struct s", "b moves");
	one("struct s { int a, b; }; void *kmalloc(int); " WALK
	    "\nint g(void) { struct s *p = kmalloc(sizeof(*p)); return p->b; }",
	    "struct s { int a, n, b; }; void *kmalloc(int); " WALK
	    "\nint g(void) { struct s *p = kmalloc(sizeof(*p)); return p->b; }",
	    "layout-changed", SEVERITY_REFUSE, "a.c: struct s", "b moves");
}
END_TEST

/* Code can access an object without a local variable. */
START_TEST(code_gets_at_a_type_without_a_variable)
{
	const char *state = "static struct s state; int f(int x) { state.a += x; return state.b; }";
	const char *cast = "int f(char *p) { return ((struct s *)(p + 8))->b; }";
	const char *call = "struct s *get(void); int f(void) { return get()->b; }";
	const char *const uses[] = {state, cast, call};

	for (size_t i = 0; i < array_size(uses); i++) {
		scope_free char *before = xasprintf("struct s { int a, b; }; %s", uses[i]);
		scope_free char *after = xasprintf("struct s { int b, a; }; %s", uses[i]);

		one(before, after, "layout-changed", SEVERITY_REFUSE, "a.c: struct s", "b moves");
	}
}
END_TEST

#define KEPT                                                                                       \
	" *p = x; if (!p->a) p->a = 7; return p->b; }" /* the caller's object is older than the    \
							  patch */

START_TEST(a_type_within_a_function_is_compared)
{
	const char *other = "int g(void *x) { struct s { int q; }; struct s *p = x; return p->q; }";
	const char *inlined = "static inline int f(void *x) { struct s { int %s; }" KEPT
			      "int g(void *x) { return f(x); } int h(void *x) { return f(x) + 1; }";
	scope_free char *before =
		xasprintf("%s int f(void *x) { { struct s { int a, b; }" KEPT "}", other);
	scope_free char *after =
		xasprintf("%s int f(void *x) { { struct s { int a, n, b; }" KEPT "}", other);
	scope_free char *two = xasprintf(inlined, "a, b");
	scope_free char *three = xasprintf(inlined, "a, n, b");

	one(before, after, "layout-changed", SEVERITY_REFUSE, "a.c: struct s in f",
	    "b moves from 4 to 8");
	one(two, three, "layout-changed", SEVERITY_REFUSE, "a.c: struct s in f", "b moves");
	none(before, before);
	/* Types of the same name are different types here. */
	one("int f(void *x) { { struct s { int c; }; struct s *p = x; if (p->c) return 1; }"
	    "{ struct s { int a, b; }" KEPT "}",
	    "int f(void *x) { { struct s { int c; }; struct s *p = x; if (p->c) return 1; }"
	    "{ struct s { int a, n, b; }" KEPT "}",
	    "layout-changed", SEVERITY_REFUSE, "a.c: struct s in f (2)", "b moves from 4 to 8");
}
END_TEST

START_TEST(a_variables_own_type_is_compared)
{
	const char *file = "static struct { int %s; } state[4];"
			   "int f(int x) { state[1].a += x; return state[x].b; }";
	const char *local = "int f(int x) { static struct { int %s; } state;"
			    "state.a += x; return state.b; }";
	const char *const uses[] = {file, local};
	const char *const names[] = {"a.c: struct of state", "a.c: struct of state in f"};

	for (size_t i = 0; i < array_size(uses); i++) {
		scope_free char *before = xasprintf(uses[i], "a, b");
		scope_free char *after = xasprintf(uses[i], "b, a");

		one(before, after, "layout-changed", SEVERITY_REFUSE, names[i], "b moves");
		none(before, before);
	}
	/* A constant table is compared itself. */
	none("static const struct { int a, b; } t[] = {{1, 2}}; int f(int x) { return t[x].b; }",
	     "static const struct { int b, a; } t[] = {{2, 1}}; int f(int x) { return t[x].b; }");
}
END_TEST

#define CALL(type) "\nint g(int x) { " type " h(x); return 0; }"

START_TEST(a_function_is_called_in_another_way)
{
	one("int h(int a) { return a; }", "int h(int a, int b) { return a + b; }",
	    "prototype-changed", SEVERITY_WARN, "a.c: h",
	    "was int (int), becomes int (int, int), and other files may call it");
	/* The static function changes with all its callers. */
	none("static __attribute__((noinline)) int h(int a) { return a; } int g(int x) { return "
	     "h(x); }",
	     "static __attribute__((noinline)) int h(int a, int b) { return a * b; }"
	     "int g(int x) { return h(x, x); }");
	/* The way in which it is called stays the same. */
	none("int h(int a) { return a / 2; }", "int h(unsigned a) { return a / 2; }");
}
END_TEST

START_TEST(an_exported_function_keeps_its_prototype)
{
	const char *export = "extern int __ksymtab_h; int __ksymtab_h = 1;";
	scope_free char *before = xasprintf("%s int h(int a) { return a / 2; }", export);
	scope_free char *more = xasprintf("%s int h(int a, int b) { return a / b; }", export);
	scope_free char *unlike = xasprintf("%s int h(unsigned a) { return a / 2; }", export);
	scope_free char *code = xasprintf("%s int h(int b) { return b / 3; }", export);

	one(before, more, "export-changed", SEVERITY_REFUSE, "a.c: h", "becomes int (int, int)");
	one(before, unlike, "export-changed", SEVERITY_WARN, "a.c: h",
	    "becomes int (unsigned int)");
	none(before, code);
}
END_TEST

START_TEST(same_types_are_not_told)
{
	none("typedef struct { int x; } t; struct s { int a; t b; int (*f)(struct s *); };\n"
	     "int f(struct s *p) { return p->a; }",
	     "\n\ntypedef struct { int x; } t; struct s { int a; t b; int (*f)(struct s *); };\n"
	     "struct n { int y; };\nint f(struct s *p) { struct n v = {p->a}; return v.y * 3; }");
}
END_TEST

START_TEST(locks_are_counted)
{
	const char *head = "void mutex_lock(int *), mutex_unlock(int *); int m, n;"
			   "static __attribute__((noinline)) void in(void) { mutex_lock(&m); n++;"
			   "mutex_unlock(&m); }";
	scope_free char *none_taken = xasprintf("%s int f(void) { return n; }", head);
	scope_free char *taken = xasprintf("%s int f(void) { mutex_lock(&m); n++; mutex_unlock(&m);"
					   "return n; }",
					   head);
	scope_free char *behind = xasprintf("%s int f(void) { in(); return n; }", head);

	one(none_taken, taken, "locks-changed", SEVERITY_WARN, "a.c: f",
	    "mutex_lock 0 → 1, mutex_unlock 0 → 1");
	scope_free char *order = xasprintf("%s void down_read(int *); int f(void) {"
					   "mutex_lock(&m); n++; down_read(&n); return n; }",
					   head);
	scope_free char *other = xasprintf("%s void down_read(int *); int f(void) {"
					   "down_read(&n); n++; mutex_lock(&m); return n; }",
					   head);

	one(order, other, "locks-changed", SEVERITY_WARN, "a.c: f",
	    "changes the order in which it takes locks: down_read, mutex_lock; was mutex_lock, down_read");
	none(behind, taken); /* the function is inlined */
	none(taken, behind);
}
END_TEST

/* If the compiler makes functions of code that was inlined before, the code is not new. */
START_TEST(what_is_split_off_is_no_new_lock)
{
	const char *head =
		"void mutex_lock(int *), mutex_unlock(int *); int m, n, k;"
		"static __attribute__((noinline)) void other(void) __asm__(\"o.isra.0\");"
		"static void other(void) { mutex_lock(&k); k++; mutex_unlock(&k); }"
		"static %s void in(int x) __asm__(\"in.part.0\");"
		"static %s void in(int x) { mutex_lock(&m); n += x; mutex_unlock(&m); }"
		"int f(int x) { other(); %s n *= %d; return n; }"
		"int g(int x) { if (x) in(x); return 3; }";
	const char *apart = "__attribute__((noinline))";
	const char *inlined = "__attribute__((always_inline)) inline";
	scope_free char *a = xasprintf(head, inlined, inlined, "in(x);", 3);
	scope_free char *b = xasprintf(head, apart, apart, "in(x);", 5);
	scope_free char *c = xasprintf(head, inlined, inlined, "", 3);

	none(a, b);
	none(b, a);
	one(c, b, "locks-changed", SEVERITY_WARN, "a.c: f", "mutex_lock 0 → 1");
}
END_TEST

/* A lock does not move between functions that do not call each other. */
START_TEST(a_lock_moves_only_along_calls)
{
	const char *text = "void mutex_lock(int *), fput(int *); int m, n;"
			   "static %s void in(void) { mutex_lock(&m); n++; }"
			   "__attribute__((noinline)) int f(int x) { %s n += %s; return n; }"
			   "__attribute__((noinline)) int g(int x) { %s n -= %s; return n; }";
	const char *apart = "__attribute__((noinline))";
	scope_free char *in_f = xasprintf(text, apart, "mutex_lock(&m);", "x", "", "x");
	scope_free char *in_g = xasprintf(text, apart, "", "x", "mutex_lock(&m);", "x");
	scope_free char *put_f = xasprintf(text, apart, "fput(&m);", "x", "", "x");
	scope_free char *put_g = xasprintf(text, apart, "", "x", "fput(&m);", "x");
	scope_free char *above = xasprintf(text, apart, "mutex_lock(&m);", "x", "", "f(x)");
	scope_free char *below = xasprintf(text, apart, "", "x", "mutex_lock(&m);", "f(x)");
	/* Another user keeps in() in both versions. */
	scope_free char *through = xasprintf(text, apart, "in();", "x", "in();", "x");
	scope_free char *direct = xasprintf(text, apart, "mutex_lock(&m); n++;", "x", "in();", "x");
	scope_findings locks = {};
	scope_findings references = {};

	check(in_f, in_g, &locks);
	ck_assert_uint_eq(locks.len, 2);
	ck_assert_str_eq(locks.data[0].rule, "locks-changed");
	check(put_f, put_g, &references);
	ck_assert_uint_eq(references.len, 2);
	ck_assert_str_eq(references.data[0].rule, "references-changed");
	none(above, below);
	none(through, direct);
	none(direct, through);
}
END_TEST

/* f() calls y(), which calls x(). If all of that is inlined into f(), it takes no other lock. */
START_TEST(a_lock_comes_with_what_is_inlined)
{
	const char *text = "struct mutex { int x; }; void mutex_lock(void *); int n;"
			   "struct mutex b; static %s void x(void) { mutex_lock(&b); n++; }"
			   "static %s void y(void) { x(); n *= 3; }"
			   "int f(void) { y(); return n; }";
	const char *apart = "__attribute__((noinline))";
	const char *inlined = "__attribute__((always_inline)) inline";
	scope_free char *a = xasprintf(text, apart, apart);
	scope_free char *b = xasprintf(text, inlined, inlined);
	scope_free char *swap = xasprintf("%s", "struct mutex { int x; }; void mutex_lock(void *);"
						"struct mutex a, b; int n;"
						"int f(void) { mutex_lock(&a); return n; }"
						"int g(void) { mutex_lock(&b); return n + 1; }");
	scope_free char *swapped = xasprintf(
		"%s", "struct mutex { int x; }; void mutex_lock(void *); struct mutex a, b; int n;"
		      "int f(void) { mutex_lock(&b); return n; }"
		      "int g(void) { mutex_lock(&a); return n + 1; }");
	scope_findings findings = {};

	none(a, b);
	check(swap, swapped, &findings); /* each takes the other's lock */
	ck_assert_uint_eq(findings.len, 2);
}
END_TEST

START_TEST(another_lock_is_taken)
{
	const char *text =
		"struct mutex { int x; }; void mutex_lock(void *); int n, c;"
		"struct mutex a; %s struct mutex b;"
		"static __attribute__((noinline)) void in(void) { mutex_lock(&b); n++; }"
		"int f(void) { mutex_lock(&%s); %s; return n; }"
		"int g(void) { in(); return c; } int h(void) { mutex_lock(&b); return n; }";
	scope_free char *old = xasprintf(text, "", "a", "n++");
	scope_free char *other = xasprintf(text, "", "b", "n++");
	scope_free char *new = xasprintf(text, "static", "b", "n++");
	scope_free char *same = xasprintf(text, "", "a", "n--");
	scope_free char *no_lock = xasprintf(text, "", "c", "n++");

	one(old, other, "locks-changed", SEVERITY_WARN, "a.c: f",
	    "takes or passes on b, which the old code does not");
	one(old, new, "locks-changed", SEVERITY_WARN, "a.c: f", "passes on b");
	none(old, same);
	none(old, no_lock);
}
END_TEST

START_TEST(what_is_armed_is_told_from_what_is_called)
{
	const char *head = "void call_rcu(void *, void *); int n;";
	const char *later = "static __attribute__((noinline)) void later(void *p) { n += %s; }";
	scope_free char *l1 = xasprintf(later, "1");
	scope_free char *l2 = xasprintf(later, "2");
	const char *arms = "void f(void *p) { n++; call_rcu(p, later); }";
	const char *calls = "void f(void *p) { n++; later(p); call_rcu(p, 0); }";
	const char *end = "int g(void) { return n; } void *kept = later;";
	scope_free char *a = xasprintf("%s%s%s%s", head, l1, arms, end);
	scope_free char *b = xasprintf("%s%s%s int h;%s", head, l2,
				       "void f(void *p) { n += 5; call_rcu(p, later); }", end);
	scope_free char *c = xasprintf("%s%s%s%s", head, l1, calls, end);
	scope_free char *d = xasprintf(
		"%s%s%s%s", head, l2, "void f(void *p) { n += 5; later(p); call_rcu(p, 0); }", end);

	one(a, b, "callback-changed", SEVERITY_WARN, "a.c: later", "changes together with f");
	none(c, d);
}
END_TEST

START_TEST(code_stands_side_by_side)
{
	scope_pair pair = {};
	struct code_pair_vec code = {};
	size_t same = 0, changed = 0;

	pair_open(&pair, "int h(int); int f(int x) { h(x); h(1); return h(x + 1); }",
		  "int h(int); int f(int x) { h(x); h(2); return h(x + 1); }");
	safety_compare_code(elf_find_symbol(pair.orig, "f"), elf_find_symbol(pair.patched, "f"),
			    &code);
	vec_foreach(&code, it) {
		same += it->same;
		changed += !it->same;
		ck_assert(it->before && it->after);
		ck_assert(it->same || strstr(it->before, "$1, %edi"));
		ck_assert(it->same || strstr(it->after, "$2, %edi"));
	}
	ck_assert_uint_eq(changed, 1);
	ck_assert_uint_gt(same, 5);
	code_pair_vec_free(&code);
	safety_compare_code(NULL, elf_find_symbol(pair.patched, "f"), &code);
	ck_assert_uint_gt(code.len, 5);
	ck_assert_ptr_null(code.data[0].before);
	code_pair_vec_free(&code);
}
END_TEST

UNIT_SUITE("types", what_is_split_off_is_no_new_lock, another_lock_is_taken,
	   a_member_in_the_place_of_another_is_no_rename, what_is_armed_is_told_from_what_is_called,
	   locks_are_counted, code_stands_side_by_side, a_member_in_the_middle_moves_others,
	   a_member_at_the_end_grows_it, a_member_in_padding_is_told_apart,
	   a_type_of_the_same_size_is_a_change, an_enumeration_is_renumbered_or_grows,
	   an_unnamed_enumeration_is_known_by_its_constants, a_word_within_a_name_is_no_end,
	   a_number_is_used_again, a_type_is_renamed_and_changed_at_once,
	   an_enumeration_that_grows_moves_members, a_bit_field_moves, a_union_grows,
	   another_configuration_is_another_kernel, members_may_get_company_in_a_union,
	   what_only_holds_it_is_told_with_it, the_stack_of_replaced_functions_is_no_danger,
	   the_stack_of_a_sleeper_is_a_danger, a_word_alone_makes_no_end,
	   a_lock_moves_only_along_calls, a_lock_comes_with_what_is_inlined,
	   code_gets_at_a_type_without_a_variable, a_type_within_a_function_is_compared,
	   a_variables_own_type_is_compared, a_function_is_called_in_another_way,
	   an_exported_function_keeps_its_prototype, same_types_are_not_told)
