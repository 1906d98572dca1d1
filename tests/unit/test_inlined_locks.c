/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that locks and references are seen where the functions for them are inlined. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "types_unit.h"

/* These functions of the kernel are inlined, so that no call of them remains. */
static const char inlines[] =
	"#define inline inline __attribute__((always_inline))\n"
	"typedef struct { int counter; } atomic_t; struct mm { atomic_t count; }; int flags;"
	"static inline void atomic_inc(atomic_t *v) { asm volatile(\"incl %0\" : \"+m\"(v->counter)); }"
	"static inline void mmgrab(struct mm *mm) { atomic_inc(&mm->count); }"
	"static inline void get_page(struct mm *page) { atomic_inc(&page->count); }"
	"static inline void arch_local_irq_disable(void) { asm volatile(\"cli\"); }"
	"static inline void do_raw_write_seqcount_begin(int *s) { (*(volatile int *)s)++; }"
	"void refcount_warn_saturate(void *);"
	"static inline void refcount_inc(struct mm *mm)"
	"{ atomic_inc(&mm->count); if (mm->count.counter < 0) refcount_warn_saturate(mm); }"
	"static inline void refcount_dec(struct mm *mm)"
	"{ asm volatile(\"decl %0\" : \"+m\"(mm->count.counter)); if (mm->count.counter < 0) refcount_warn_saturate(mm); }"
	"static inline void kref_get(struct mm *mm) { refcount_inc(mm); }"
	"static inline int kref_get_unless_zero(struct mm *mm)"
	"{ if (!mm->count.counter) return 0; refcount_inc(mm); return 1; }"
	"static inline int refcount_read(struct mm *mm) { return mm->count.counter; }"
	"void lockref_get(void *);"
	"static inline void dget(struct mm *mm) { lockref_get(mm); }"
	"static inline void __dev_hold(struct mm *mm) { asm volatile(\"incl %0\" : \"+m\"(mm->count)); }"
	"static inline void netdev_hold(struct mm *mm) { __dev_hold(mm); }"
	"static inline void dev_hold(struct mm *mm) { netdev_hold(mm); }"
	"static inline void netdev_put(struct mm *mm) { asm volatile(\"decl %0\" : \"+m\"(mm->count)); }"
	"static inline void dev_put(struct mm *mm) { netdev_put(mm); }"
	"static inline void __raw_spin_unlock_irq(int *lock) { *(volatile char *)lock = 0; arch_local_irq_disable(); }"
	"static inline void spin_unlock_irq(int *lock) { __raw_spin_unlock_irq(lock); }"
	"static inline void __raw_read_unlock(int *lock) { *(volatile int *)lock -= 512; }"
	"static inline void __raw_write_unlock(int *lock) { *(volatile char *)lock = 0; }"
	"static inline int test_and_set_bit_lock(long nr, void *at)"
	"{ int was; asm volatile(\"btsl %2, %1\" : \"=@ccc\"(was), \"+m\"(*(int *)at) : \"Ir\"((int)nr)); return was; }"
	"static inline int folio_trylock(void *at) { return !test_and_set_bit_lock(0, at); }"
	"static inline void clear_bit_unlock(long nr, void *at) { *(volatile int *)at &= ~(1 << nr); }"
	"static inline int atomic_cmpxchg(atomic_t *v, int old, int new)"
	"{ asm volatile(\"cmpxchgl %2, %1\" : \"+a\"(old), \"+m\"(v->counter) : \"r\"(new)); return old; }"
	"static inline int atomic_xchg(atomic_t *v, int new)"
	"{ asm volatile(\"xchgl %0, %1\" : \"+r\"(new), \"+m\"(v->counter)); return new; }"
	"static inline int atomic_try_cmpxchg(atomic_t *v, int *old, int new)"
	"{ int r = atomic_cmpxchg(v, *old, new), same = r == *old; *old = r; return same; }"
	"static inline void percpu_up_read(int *sem) { (*(volatile int *)sem)--; }"
	"static inline unsigned read_seqbegin(int *s) { return *(volatile int *)s; }"
	"static inline int read_seqretry(int *s, unsigned n) { return *(volatile int *)s != n; }"
	"void disable_irq(int), enable_irq(int), napi_disable(void *), napi_enable(void *);"
	"static inline void own(struct mm *mm) { mmgrab(mm); }";

/* Adds a function f<number> that does this, and before it what it inlines if it is the first. */
static void inlines_add(struct strbuf *unit, size_t number, const char *code, char operator)
{
	strbuf_addf(unit, "%sint f%zu(struct mm *mm, int n) { %s return n %c 3; }",
		    number ? "" : inlines, number, code, operator);
}

/* Returns a unit with one such function; free(). */
static char *inlines_unit(const char *code, char operator)
{
	scope_strbuf unit = STRBUF_INIT;

	inlines_add(&unit, 0, code, operator);
	return strbuf_detach(&unit);
}

/* Checks that one of the findings, a warning, is on that function and contains the text. */
static void expect_finding(const struct finding_vec *findings, const char *where, const char *rule,
			   const char *text)
{
	const struct finding *found = NULL;

	vec_foreach(findings, it) {
		scope_free char *is = finding_where(it);

		if (!strcmp(is, where))
			found = it;
	}
	ck_assert_msg(found != NULL, "nothing was found at %s", where);
	ck_assert_str_eq(found->rule, rule);
	ck_assert_int_eq(found->severity, SEVERITY_WARN);
	ck_assert_msg(strstr(found->message, text) != NULL, "%s: %s", where, found->message);
}

static const struct {
	const char *text, *rule, *says;
} cases[] = {
	{"mmgrab(mm);", "references-changed", "mmgrab 0 → 1"},
	{"get_page(mm); get_page(mm);", "references-changed", "get_page 0 → 2"},
	{"atomic_inc(&mm->count);", "references-changed", "atomic_inc 0 → 1"},
	{"own(mm);", "references-changed", "mmgrab 0 → 1"},
	{"refcount_inc(mm);", "references-changed", "refcount_warn_saturate 0 → 1"},
	{"arch_local_irq_disable();", "locks-changed", "arch_local_irq_disable 0 → 1"},
	{"do_raw_write_seqcount_begin(&flags);", "locks-changed",
	 "do_raw_write_seqcount_begin 0 → 1"},
	{"refcount_dec(mm);", "references-changed", "refcount_dec 0 → 1"},
	{"kref_get(mm);", "references-changed", "kref_get 0 → 1"},
	{"dget(mm);", "references-changed", "lockref_get 0 → 1"},
	{"dev_hold(mm);", "references-changed", "dev_hold 0 → 1"},
	{"dev_put(mm);", "references-changed", "dev_put 0 → 1"},
	{"netdev_hold(mm);", "references-changed", "netdev_hold 0 → 1"},
	{"netdev_put(mm);", "references-changed", "netdev_put 0 → 1"},
	{"spin_unlock_irq(&flags);", "locks-changed", "__raw_spin_unlock_irq 0 → 1"},
	{"__raw_read_unlock(&flags);", "locks-changed", "__raw_read_unlock 0 → 1"},
	{"__raw_write_unlock(&flags);", "locks-changed", "__raw_write_unlock 0 → 1"},
	{"if (!folio_trylock(mm)) return 0;", "locks-changed", "folio_trylock 0 → 1"},
	{"if (test_and_set_bit_lock(3, &flags)) return 0;", "locks-changed",
	 "test_and_set_bit_lock 0 → 1"},
	{"clear_bit_unlock(3, &flags);", "locks-changed", "clear_bit_unlock 0 → 1"},
	{"if (atomic_cmpxchg(&mm->count, 0, 1)) return 0;", "locks-changed",
	 "atomic_cmpxchg 0 → 1"},
	{"if (atomic_xchg(&mm->count, 1)) return 0;", "locks-changed", "atomic_xchg 0 → 1"},
	{"int old = 0; if (!atomic_try_cmpxchg(&mm->count, &old, 1)) return 0;", "locks-changed",
	 "atomic_try_cmpxchg 0 → 1"},
	{"percpu_up_read(&flags);", "locks-changed", "percpu_up_read 0 → 1"},
	{"if (read_seqbegin(&flags) & 1) return 0;", "locks-changed", "read_seqbegin 0 → 1"},
	{"if (read_seqretry(&flags, n)) return 0;", "locks-changed", "read_seqretry 0 → 1"},
	{"disable_irq(n);", "locks-changed", "disable_irq 0 → 1"},
	{"enable_irq(n);", "locks-changed", "enable_irq 0 → 1"},
	{"napi_disable(mm);", "locks-changed", "napi_disable 0 → 1"},
	{"napi_enable(mm);", "locks-changed", "napi_enable 0 → 1"},
};

START_TEST(locks_and_references_are_inlined)
{
	scope_strbuf without = STRBUF_INIT, with = STRBUF_INIT, other = STRBUF_INIT;

	/* All are in one unit, since the compiler takes most of the test's time. */
	for (size_t i = 0; i < array_size(cases); i++) {
		inlines_add(&without, i, "", '+');
		inlines_add(&with, i, cases[i].text, '+');
		inlines_add(&other, i, cases[i].text, '-');
	}

	scope_findings new = {}, gone = {};

	check(without.buf, with.buf, &new);
	check(with.buf, without.buf, &gone);
	none(with.buf, other.buf);
	ck_assert_uint_eq(new.len, array_size(cases));
	ck_assert_uint_eq(gone.len, array_size(cases));
	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *where = xasprintf("a.c: f%zu", i);

		expect_finding(&new, where, cases[i].rule, cases[i].says);
		expect_finding(&gone, where, cases[i].rule, "→ 0");
	}

	scope_free char *before = inlines_unit("", '+');

	/* Both have the same call inside, and only their names differ. */
	static const char *const others[][3] = {
		{"refcount_inc(mm);", "refcount_dec(mm);", "refcount_dec 0 → 1"},
		{"refcount_dec(mm);", "refcount_inc(mm);", "refcount_inc 0 → 1"},
		{"kref_get(mm);", "if (!kref_get_unless_zero(mm)) return 0;",
		 "kref_get_unless_zero 0 → 1"},
	};

	for (size_t i = 0; i < array_size(others); i++) {
		scope_free char *one_way = inlines_unit(others[i][0], '+');
		scope_free char *other_way = inlines_unit(others[i][1], '+');

		one(one_way, other_way, "references-changed", SEVERITY_WARN, "a.c: f0",
		    others[i][2]);
	}

	/* Looking at a count changes nothing. */
	scope_free char *looks = inlines_unit("if (refcount_read(mm)) return 0;", '+');

	none(before, looks);

	/* Another function makes the call here. */
	scope_free char *directly = inlines_unit("mmgrab(mm);", '+');
	scope_free char *through = inlines_unit("own(mm);", '*');

	none(directly, through);
}
END_TEST

UNIT_SUITE("inlined_locks", locks_and_references_are_inlined)
