/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the rules on allocators, sizes of objects, and structures around objects that exist. */
#include <stdlib.h>

#include "base/alloc.h"
#include "types_unit.h"

static const char declarations[] =
	"void *__kmalloc(long, int); void *kmalloc_trace(void *, int, long); void *vmalloc(long);"
	"void *kvmalloc_node(long, int, int); void *kmem_cache_alloc(void *, int);"
	"void *__alloc_percpu(long, long); void *__alloc_pages(int, int);"
	"void kfree(void *); void vfree(void *); void kvfree(void *); void free_percpu(void *);"
	"void kmem_cache_free(void *, void *); void __free_pages(void *, int); extern void *cache;";

/* Returns a unit in which one function allocates and another one frees. */
static char *user(const char *allocates, const char *frees)
{
	return xasprintf("%s void *kept; int make(long n) { kept = %s; return !kept; }"
			 "void drop(void) { %s; kept = 0; }",
			 declarations, allocates, frees);
}

START_TEST(memory_is_freed_by_another_allocator)
{
	static const struct {
		const char *allocates, *frees, *then_allocates, *then_frees, *where;
		enum severity severity;
	} cases[] = {
		{"__kmalloc(n, 1)", "kfree(kept)", "vmalloc(n)", "vfree(kept)", "a.c: drop",
		 SEVERITY_REFUSE},
		{"vmalloc(n)", "vfree(kept)", "__kmalloc(n, 1)", "kfree(kept)", "a.c: drop",
		 SEVERITY_REFUSE},
		{"kvmalloc_node(n, 1, 2)", "kvfree(kept)", "__kmalloc(n, 1)", "kfree(kept)",
		 "a.c: drop", SEVERITY_REFUSE},
		{"__kmalloc(n, 1)", "kfree(kept)", "kmem_cache_alloc(cache, 1)",
		 "kmem_cache_free(cache, kept)", "a.c: drop", SEVERITY_REFUSE},
		{"__alloc_percpu(n, 8)", "free_percpu(kept)", "__kmalloc(n, 1)", "kfree(kept)",
		 "a.c: drop", SEVERITY_REFUSE},
		{"__alloc_pages(n, 1)", "__free_pages(kept, 1)", "vmalloc(n)", "vfree(kept)",
		 "a.c: drop", SEVERITY_REFUSE},
		/*
		 * Old memory is freed correctly, but after unloading, old code frees the new
		 * memory.
		 */
		{"__kmalloc(n, 1)", "kfree(kept)", "kvmalloc_node(n, 1, 2)", "kvfree(kept)",
		 "a.c: make", SEVERITY_WARN},
		{"__kmalloc(n, 1)", "kfree(kept)", "vmalloc(n)", "kfree(kept)", "a.c: make",
		 SEVERITY_WARN},
		{"__kmalloc(n, 1)", "kfree(kept)", "__kmalloc(n, 1)", "vfree(kept)", "a.c: drop",
		 SEVERITY_WARN},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *before = user(cases[i].allocates, cases[i].frees);
		scope_free char *after = user(cases[i].then_allocates, cases[i].then_frees);

		one(before, after, "allocator-changed", cases[i].severity, cases[i].where,
		    "memory");
	}
}
END_TEST

START_TEST(memory_is_freed_as_before)
{
	static const char *const pairs[][4] = {
		/* The new function accepts it, and nothing else is allocated. */
		{"__kmalloc(n, 1)", "kfree(kept)", "__kmalloc(n, 1)", "kvfree(kept)"},
		{"vmalloc(n)", "vfree(kept)", "vmalloc(n)", "kvfree(kept)"},
		/* The old function also frees what is allocated now. */
		{"kvmalloc_node(n, 1, 2)", "kvfree(kept)", "vmalloc(n)", "kvfree(kept)"},
		{"__kmalloc(n, 1)", "kfree(kept)", "kmem_cache_alloc(cache, 1)", "kfree(kept)"},
		{"__kmalloc(n, 1)", "kfree(kept)", "__kmalloc(n, 2)", "if (kept) kfree(kept)"},
	};

	for (size_t i = 0; i < array_size(pairs); i++) {
		scope_free char *before = user(pairs[i][0], pairs[i][1]);
		scope_free char *after = user(pairs[i][2], pairs[i][3]);

		none(before, after);
	}
}
END_TEST

START_TEST(objects_are_allocated_larger)
{
	static const char *const pairs[][2] = {
		{"__kmalloc(96, 1)", "__kmalloc(608, 1)"},
		{"kmalloc_trace(cache, 1, 168)", "kmalloc_trace(cache, 1, 176)"},
		{"vmalloc(4096)", "vmalloc(8192)"},
		{"__alloc_percpu(8, 8)", "__alloc_percpu(16, 8)"},
	};
	const char *text = "%s void *kept; int make(int n) { if (n < 3) return 1; kept = %s;"
			   "return !kept; } int get(int i) { return ((char *)kept)[i]%s; }";

	for (size_t i = 0; i < array_size(pairs); i++) {
		scope_free char *before = xasprintf(text, declarations, pairs[i][0], "");
		scope_free char *after = xasprintf(text, declarations, pairs[i][1], " + 3");
		scope_free char *alone = xasprintf(text, declarations, pairs[i][1], "");
		scope_free char *smaller = xasprintf(text, declarations, pairs[i][0], " + 3");

		one(before, after, "object-grown", SEVERITY_REFUSE, "a.c: make", "allocates");
		one(before, alone, "object-grown", SEVERITY_WARN, "a.c: make", "allocates");
		none(alone, smaller);
	}
}
END_TEST

/* These functions of the kernel are inlined, so that no call of them remains. */
static const char inlines[] =
	"#define inline inline __attribute__((always_inline))\n"
	"typedef struct { int counter; } atomic_t; struct mm { atomic_t count; }; int flags;"
	"static inline void atomic_inc(atomic_t *v) { asm volatile(\"incl %%0\" : \"+m\"(v->counter)); }"
	"static inline void mmgrab(struct mm *mm) { atomic_inc(&mm->count); }"
	"static inline void get_page(struct mm *page) { atomic_inc(&page->count); }"
	"static inline void arch_local_irq_disable(void) { asm volatile(\"cli\"); }"
	"static inline void do_raw_write_seqcount_begin(int *s) { (*(volatile int *)s)++; }"
	"void refcount_warn_saturate(void *);"
	"static inline void refcount_inc(struct mm *mm)"
	"{ atomic_inc(&mm->count); if (mm->count.counter < 0) refcount_warn_saturate(mm); }"
	"static inline void own(struct mm *mm) { mmgrab(mm); }"
	"int f(struct mm *mm, int n) { %s return n %s 3; }";

START_TEST(locks_and_references_are_inlined)
{
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
	};
	scope_free char *before = xasprintf(inlines, "", "+");

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *after = xasprintf(inlines, cases[i].text, "+");
		scope_free char *same = xasprintf(inlines, cases[i].text, "-");

		one(before, after, cases[i].rule, SEVERITY_WARN, "a.c: f", cases[i].says);
		one(after, before, cases[i].rule, SEVERITY_WARN, "a.c: f", "→ 0");
		none(after, same);
	}

	/* Another function makes the call here. */
	scope_free char *directly = xasprintf(inlines, "mmgrab(mm);", "+");
	scope_free char *through = xasprintf(inlines, "own(mm);", "*");

	none(directly, through);
}
END_TEST

UNIT_SUITE("memory", memory_is_freed_by_another_allocator, memory_is_freed_as_before,
	   objects_are_allocated_larger, locks_and_references_are_inlined)
