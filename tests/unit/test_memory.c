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
	"void kmem_cache_free(void *, void *); void __free_pages(void *, int); extern void *cache;"
	"extern void *first_cache; static void *second_cache; void *own_cache = &second_cache;"
	"void *kstrdup_const(void *, int), *kstrdup(void *, int); void kfree_const(void *);"
	"void *sock_kmalloc(void *, int, int); void sock_kfree_s(void *, void *, int);"
	"void *mempool_alloc(void *, int); void mempool_free(void *, void *);"
	"void *page_frag_alloc_align(void *, int, int, int); void page_frag_free(void *);"
	"void *ioremap(long, long); void iounmap(void *); void *memremap(long, long, int);"
	"void memunmap(void *); void *kasprintf(int, char *, ...), *kvasprintf_const(int, char *, ...);"
	"void *memdup_user(void *, long), *vmemdup_user(void *, long); int is_vmalloc_addr(void *);"
	"void *dma_pool_alloc(void *, int, void *), *dma_alloc_attrs(void *, long, void *, int, long);"
	"void dma_pool_free(void *, void *, long), dma_free_attrs(void *, long, void *, long, long);"
	"void kvfree_call_rcu(void *, void *); void *__alloc_skb(int, int, int, int);"
	"void kfree_skb_reason(void *, int), *vmap(void *, int, long, long), vunmap(void *);"
	"void *alloc_pages_exact(long, int), free_pages_exact(void *, long);"
	"long __get_free_pages(int, int); void *devm_krealloc(void *, void *, long, int);"
	"void *kvrealloc(void *, long, long, int), *kvrealloc_noprof(void *, long, int);"
	"void *wiphy_new_nm(void *, int, char *), *ieee80211_alloc_hw_nm(long, void *, char *);"
	"void *scsi_host_alloc(void *, int), *alloc_etherdev_mqs(int, int, int);"
	"void *devm_kmemdup(void *, void *, long, int), *dma_pool_create(char *, void *, long, long, long);"
	"void *dma_alloc_pages(void *, long, void *, int, int), *krealloc(void *, long, int);"
	"int bioset_init(void *, int, int, int);";

/* Returns a unit in which one function allocates and another one frees. */
static char *user(const char *allocates, const char *frees)
{
	return xasprintf("%s void *kept; int make(long n) { kept = %s; return !kept; }"
			 "void drop(void) { %s; kept = 0; }",
			 declarations, allocates, frees);
}

static const struct {
	const char *allocates, *frees, *then_allocates, *then_frees, *where;
	enum severity severity;
} switches[] = {
	{"__kmalloc(n, 1)", "kfree(kept)", "vmalloc(n)", "vfree(kept)", "a.c: drop",
	 SEVERITY_REFUSE},
	{"vmalloc(n)", "vfree(kept)", "__kmalloc(n, 1)", "kfree(kept)", "a.c: drop",
	 SEVERITY_REFUSE},
	{"kvmalloc_node(n, 1, 2)", "kvfree(kept)", "__kmalloc(n, 1)", "kfree(kept)", "a.c: drop",
	 SEVERITY_REFUSE},
	{"__kmalloc(n, 1)", "kfree(kept)", "kmem_cache_alloc(cache, 1)",
	 "kmem_cache_free(cache, kept)", "a.c: drop", SEVERITY_REFUSE},
	{"__alloc_percpu(n, 8)", "free_percpu(kept)", "__kmalloc(n, 1)", "kfree(kept)", "a.c: drop",
	 SEVERITY_REFUSE},
	{"__alloc_pages(n, 1)", "__free_pages(kept, 1)", "vmalloc(n)", "vfree(kept)", "a.c: drop",
	 SEVERITY_REFUSE},
	/*
	 * Old memory is freed correctly, but after unloading, old code frees the new
	 * memory.
	 */
	{"__kmalloc(n, 1)", "kfree(kept)", "kvmalloc_node(n, 1, 2)", "kvfree(kept)", "a.c: make",
	 SEVERITY_WARN},
	{"__kmalloc(n, 1)", "kfree(kept)", "vmalloc(n)", "kfree(kept)", "a.c: make", SEVERITY_WARN},
	{"__kmalloc(n, 1)", "kfree(kept)", "__kmalloc(n, 1)", "vfree(kept)", "a.c: drop",
	 SEVERITY_WARN},
	/* Another allocator serves where the first one fails. */
	{"__kmalloc(n, 1)", "kfree(kept)", "__kmalloc(n, 1) ?: vmalloc(n)", "kvfree(kept)",
	 "a.c: make", SEVERITY_WARN},
	{"kstrdup(cache, 1)", "kfree(kept)", "kstrdup(cache, 1) ?: kvmalloc_node(n, 1, 2)",
	 "kvfree(kept)", "a.c: make", SEVERITY_WARN},
	{"__kmalloc(n, 1)", "kfree(kept)", "__kmalloc(n, 1) ?: vmalloc(n)",
	 "if (is_vmalloc_addr(kept)) vfree(kept); else kfree(kept)", "a.c: make", SEVERITY_WARN},
	{"__kmalloc(n, 1)", "kfree(kept)", "n < 9 ? kstrdup_const(cache, 1) : __kmalloc(n, 1)",
	 "kfree_const(kept)", "a.c: make", SEVERITY_WARN},
	/* kfree() does not know constants. */
	{"kstrdup_const(cache, 1)", "kfree_const(kept)", "kstrdup_const(cache, 1)", "kfree(kept)",
	 "a.c: drop", SEVERITY_WARN},
	{"kvasprintf_const(1, cache)", "kfree_const(kept)", "kasprintf(1, cache)", "kfree(kept)",
	 "a.c: drop", SEVERITY_REFUSE},
	{"kstrdup(cache, 1)", "kfree(kept)", "kstrdup_const(cache, 1)", "kfree(kept)", "a.c: make",
	 SEVERITY_WARN},
	/* Two caches. */
	{"kmem_cache_alloc(cache, 1)", "kmem_cache_free(cache, kept)", "kmem_cache_alloc(cache, 1)",
	 "kmem_cache_free(first_cache, kept)", "a.c: drop", SEVERITY_WARN},
	{"kmem_cache_alloc(first_cache, 1)", "kmem_cache_free(cache, kept)",
	 "kmem_cache_alloc(second_cache, 1)", "kmem_cache_free(cache, kept)", "a.c: make",
	 SEVERITY_WARN},
	{"kmem_cache_alloc(second_cache, 1)", "kmem_cache_free(second_cache, kept)",
	 "kmem_cache_alloc(second_cache, 1)", "kmem_cache_free(cache, kept)", "a.c: drop",
	 SEVERITY_WARN},
	/* More families. */
	{"sock_kmalloc(cache, n, 1)", "sock_kfree_s(cache, kept, 8)", "__kmalloc(n, 1)",
	 "kfree(kept)", "a.c: drop", SEVERITY_REFUSE},
	{"mempool_alloc(cache, 1)", "mempool_free(kept, cache)", "__kmalloc(n, 1)", "kfree(kept)",
	 "a.c: drop", SEVERITY_REFUSE},
	{"page_frag_alloc_align(cache, n, 1, 1)", "page_frag_free(kept)", "__kmalloc(n, 1)",
	 "kfree(kept)", "a.c: drop", SEVERITY_REFUSE},
	{"ioremap(n, 8)", "iounmap(kept)", "memremap(n, 8, 1)", "memunmap(kept)", "a.c: drop",
	 SEVERITY_REFUSE},
	{"kasprintf(1, cache)", "kfree(kept)", "vmalloc(n)", "vfree(kept)", "a.c: drop",
	 SEVERITY_REFUSE},
	{"vmemdup_user(cache, n)", "kvfree(kept)", "memdup_user(cache, n)", "kfree(kept)",
	 "a.c: drop", SEVERITY_REFUSE},
	{"dma_pool_alloc(cache, 1, cache)", "dma_pool_free(cache, kept, 1)",
	 "dma_alloc_attrs(cache, n, cache, 1, 0)", "dma_free_attrs(cache, 8, kept, 1, 0)",
	 "a.c: drop", SEVERITY_REFUSE},
	{"vmap(cache, n, 1, 1)", "vunmap(kept)", "vmalloc(n)", "vunmap(kept)", "a.c: make",
	 SEVERITY_WARN},
	{"alloc_pages_exact(n, 1)", "free_pages_exact(kept, 8)", "__alloc_pages(n, 1)",
	 "__free_pages(kept, 1)", "a.c: drop", SEVERITY_REFUSE},
};

START_TEST(memory_is_freed_by_another_allocator)
{
	for (size_t i = 0; i < array_size(switches); i++) {
		scope_free char *before = user(switches[i].allocates, switches[i].frees);
		scope_free char *after = user(switches[i].then_allocates, switches[i].then_frees);

		one(before, after, "allocator-changed", switches[i].severity, switches[i].where,
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
		/* A grace period is waited for first. */
		{"__kmalloc(n, 1)", "kfree(kept)", "__kmalloc(n, 1)", "kvfree_call_rcu(0, kept)"},
		{"__kmalloc(n, 1)", "kvfree_call_rcu(0, kept)", "__kmalloc(n, 1)", "kfree(kept)"},
		{"vmalloc(n)", "vfree(kept)", "vmalloc(n)", "kvfree_call_rcu(0, kept)"},
		/* The old code was wrong. */
		{"kstrdup_const(cache, 1)", "kfree(kept)", "kstrdup_const(cache, 1)",
		 "kfree_const(kept)"},
		/* One cache. */
		{"kmem_cache_alloc(cache, 1)", "kmem_cache_free(cache, kept)",
		 "kmem_cache_alloc(cache, 2)", "if (kept) kmem_cache_free(cache, kept)"},
	};

	for (size_t i = 0; i < array_size(pairs); i++) {
		scope_free char *before = user(pairs[i][0], pairs[i][1]);
		scope_free char *after = user(pairs[i][2], pairs[i][3]);

		none(before, after);
	}
}
END_TEST

/* In one unit, memory of two kinds is freed the other way round. */
START_TEST(two_families_are_exchanged)
{
	static const char *const pairs[][2] = {
		{"kfree(a)", "vfree(b)"},
		{"kfree(a)", "kmem_cache_free(cache, b)"},
		{"kvfree(a)", "free_percpu(b)"},
	};
	const char *text = "%s %s void one(void *a) { %s; } void two(void *b) { %s; }"
			   "void both(void *a, void *b) { one(a); two(b); }";

	for (size_t i = 0; i < array_size(pairs); i++) {
		scope_free char *a = xstrdup(pairs[i][1]), *b = xstrdup(pairs[i][0]);
		scope_free char *before = NULL, *after = NULL;
		scope_findings findings = {};
		unsigned found = 0;

		*(strchr(a, ')') - 1) = 'a';
		*(strchr(b, ')') - 1) = 'b';
		before = xasprintf(text, declarations, "", pairs[i][0], pairs[i][1]);
		after = xasprintf(text, declarations, "", a, b);
		check(before, after, &findings);
		vec_foreach(&findings, it)
			found += !strcmp(it->rule, "allocator-changed");
		ck_assert_uint_ge(found, 1);
	}
}
END_TEST

/* The calls go to a helper, or come from one. */
START_TEST(calls_of_allocators_move)
{
	const char *text = "%s __attribute__((noinline)) static void in(void *a) { %s }"
			   "void out(void *a, void *b) { in(b); %s }";
	scope_free char *before =
		xasprintf(text, declarations, "asm(\"\");", "kfree(a); kfree(b);");
	scope_free char *after = xasprintf(text, declarations, "kfree(a);", "kfree(a); vfree(a);");

	none(before, after);
}
END_TEST

START_TEST(objects_are_allocated_larger)
{
	static const char *const pairs[][2] = {
		{"__kmalloc(96, 1)", "__kmalloc(608, 1)"},
		{"kmalloc_trace(cache, 1, 168)", "kmalloc_trace(cache, 1, 176)"},
		{"vmalloc(4096)", "vmalloc(8192)"},
		{"__alloc_percpu(8, 8)", "__alloc_percpu(16, 8)"},
		{"sock_kmalloc(cache, 96, 1)", "sock_kmalloc(cache, 104, 1)"},
		{"__alloc_pages(1, 0)", "__alloc_pages(1, 1)"},
		{"(void *)__get_free_pages(1, 1)", "(void *)__get_free_pages(1, 2)"},
		{"alloc_pages_exact(4096, 1)", "alloc_pages_exact(5000, 1)"},
		{"dma_alloc_attrs(cache, 64, cache, 1, 0)",
		 "dma_alloc_attrs(cache, 128, cache, 1, 0)"},
		{"dma_alloc_pages(cache, 64, cache, 1, 0)",
		 "dma_alloc_pages(cache, 128, cache, 1, 0)"},
		{"dma_pool_create(cache, cache, 32, 8, 0)",
		 "dma_pool_create(cache, cache, 40, 8, 0)"},
		{"devm_krealloc(cache, kept, 64, 1)", "devm_krealloc(cache, kept, 72, 1)"},
		{"devm_kmemdup(cache, cache, 64, 1)", "devm_kmemdup(cache, cache, 72, 1)"},
		{"krealloc(kept, 64, 1)", "krealloc(kept, 72, 1)"},
		{"kvrealloc(kept, 64, 96, 1)", "kvrealloc(kept, 64, 104, 1)"},
		{"kvrealloc_noprof(kept, 96, 1)", "kvrealloc_noprof(kept, 104, 1)"},
		{"wiphy_new_nm(cache, 512, 0)", "wiphy_new_nm(cache, 520, 0)"},
		{"ieee80211_alloc_hw_nm(512, cache, 0)", "ieee80211_alloc_hw_nm(520, cache, 0)"},
		{"scsi_host_alloc(cache, 512)", "scsi_host_alloc(cache, 520)"},
		{"alloc_etherdev_mqs(512, 1, 1)", "alloc_etherdev_mqs(520, 1, 1)"},
		{"bioset_init(cache, 4, 64, 0) ? 0 : cache",
		 "bioset_init(cache, 4, 72, 0) ? 0 : cache"},
		/* One object is larger, and another one smaller. */
		{"__kmalloc(96, 1) ?: __kmalloc(200, 1)", "__kmalloc(80, 1) ?: __kmalloc(400, 1)"},
		{"__kmalloc(200, 1) ?: __kmalloc(96, 1)", "__kmalloc(400, 1) ?: __kmalloc(80, 1)"},
		{"__kmalloc(96, 1) ?: vmalloc(200)", "__kmalloc(200, 1) ?: vmalloc(104)"},
		{"__kmalloc(96, 1)", "__kmalloc(64, 1) ?: __kmalloc(104, 1)"},
	};
	const char *text = "%s void *kept; int make(int n) { if (n < 3) return 1; kept = %s;"
			   "return !kept; } int get(int i) { return ((char *)kept)[i]%s; }";

	for (size_t i = 0; i < array_size(pairs); i++) {
		scope_free char *before = xasprintf(text, declarations, pairs[i][0], "");
		scope_free char *after = xasprintf(text, declarations, pairs[i][1], " + 3");
		scope_free char *alone = xasprintf(text, declarations, pairs[i][1], "");
		scope_free char *smaller = xasprintf(text, declarations, pairs[i][0], " + 3");

		one(before, after, "object-grown", SEVERITY_REFUSE, "a.c: make", "allocates");
		if (i >= 4)
			continue; /* the rest is the same for all allocators */
		one(before, alone, "object-grown", SEVERITY_WARN, "a.c: make", "allocates");
		none(alone, smaller);
	}
}
END_TEST

/* The allocation is elsewhere than before. */
START_TEST(larger_objects_are_allocated_elsewhere)
{
	static const char *const pairs[][2] = {
		/* A helper that is not inlined. */
		{"int make(int n) { kept = __kmalloc(96, 1); return n; }",
		 "static __attribute__((noinline)) void *get(void) { return __kmalloc(104, 1); }"
		 "int make(int n) { kept = get(); return n; }"},
		/* A function that was there before. */
		{"int other(int n) { return n; } int make(int n) { kept = __kmalloc(96, 1); return n; }",
		 "int other(int n) { kept = __kmalloc(104, 1); return n; } int make(int n) { return n; }"},
		/* What the compiler thinks unlikely. */
		{"__attribute__((noinline)) static void *part(void) __asm__(\"make.cold\");"
		 "static void *part(void) { return __kmalloc(96, 1); }"
		 "int make(int n) { if (n) kept = part(); return n; }",
		 "__attribute__((noinline)) static void *part(void) __asm__(\"make.cold\");"
		 "static void *part(void) { return __kmalloc(104, 1); }"
		 "int make(int n) { if (n) kept = part(); return n + 1; }"},
		/* Part of the size is computed. */
		{"int make(int n) { kept = __kmalloc(96 + n, 1); return n; }",
		 "int make(int n) { kept = __kmalloc(96 + 64 + n, 1); return n; }"},
		{"int make(long n) { kept = __kmalloc(n, 1); return 1; }",
		 "int make(long n) { kept = __kmalloc(n + 64, 1); return 1; }"},
		{"int make(long n) { kept = __kmalloc(32 + n * 8, 1); return 1; }",
		 "int make(long n) { kept = __kmalloc(40 + n * 8, 1); return 1; }"},
	};

	for (size_t i = 0; i < array_size(pairs); i++) {
		scope_free char *before = xasprintf("%s void *kept; %s", declarations, pairs[i][0]);
		scope_free char *after = xasprintf("%s void *kept; %s", declarations, pairs[i][1]);
		scope_findings findings = {};
		unsigned found = 0;

		check(before, after, &findings);
		vec_foreach(&findings, it)
			found += !strcmp(it->rule, "object-grown");
		ck_assert_msg(found == 1, "%zu: %u of %zu", i, found, findings.len);
		findings_free(&findings);
		check(after, before, &findings);
		vec_foreach(&findings, it)
			ck_assert_str_ne(it->rule, "object-grown");
	}
}
END_TEST

/*
 * A new type around an existing one: of the type before only a pointer is given, and the patched
 * function goes from it to the new type.
 */
static const char around[] =
	"#define offsetof(t, m) __builtin_offsetof(t, m)\n"
	"#define container_of(p, t, m) ({ void *__mptr = (void *)(p); (t *)(__mptr - offsetof(t, m)); })\n"
	"struct list_head { void *next, *prev; }; struct mutex { long owner, wait[5]; };"
	"typedef struct { long owner, wait[5]; } rwlock_t;"
	"%1$s { int id, mode, owner; char room[%2$d]; }; %3$s"
	"long f(%1$s *p, int n) { %4$s return p->id + n; }";

static char *unit_around(const char *part, int room, const char *outer, const char *code)
{
	return xasprintf(around, part, room, outer, code);
}

#define OUTER(part) "struct outer { long count; " part " part; };"
#define FIND "struct outer *o = container_of(p, struct outer, part); n += o->count;"

START_TEST(old_objects_are_not_inside_new_ones)
{
	static const struct {
		const char *part, *outer, *code;
		int room;
	} cases[] = {
		{"struct widget", OUTER("struct widget"), FIND, 100},
		/* These contain "lock" by chance. */
		{"struct block_device", OUTER("struct block_device"), FIND, 100},
		{"struct super_block", OUTER("struct super_block"), FIND, 100},
		{"struct clocksource", OUTER("struct clocksource"), FIND, 100},
		{"struct clock_event_device", OUTER("struct clock_event_device"), FIND, 100},
		{"struct nlm_block", OUTER("struct nlm_block"), FIND, 100},
		{"struct mutex_owner", OUTER("struct mutex_owner"), FIND, 100},
		/* One instance of the outer type is new; others are not. */
		{"struct widget", OUTER("struct widget") "struct outer first;", FIND, 100},
		{"struct widget", OUTER("struct widget") "static struct outer *last;",
		 "last = container_of(p, struct outer, part); n += last->count;", 100},
		{"struct widget", OUTER("struct widget") "void use(void *);",
		 "struct outer own = {n}; use(&own);" FIND, 100},
		{"struct widget", OUTER("struct widget") "void use(void *);",
		 "struct outer own = {n}; use(&own); n += container_of(p, struct outer, part)->count;",
		 100},
		{"struct widget",
		 OUTER("struct widget") "static inline struct outer *to(struct widget *p)"
					"{ return container_of(p, struct outer, part); }"
					"void use(void *);",
		 "struct outer own = {n}; use(&own); n += to(p)->count;", 100},
		/* The outer type is a union, or the part is in one, or in an array. */
		{"struct widget", "union outer { struct widget part; long count[40]; };",
		 "union outer *o = container_of(p, union outer, part); n += o->count[39];", 100},
		{"struct widget",
		 "struct outer { long count; union { struct widget part; long z; }; };", FIND, 100},
		{"struct widget", "struct outer { long count; struct widget part[2]; };",
		 "struct outer *o = container_of(p, struct outer, part[0]); n += o->count;", 100},
		{"union widget", OUTER("union widget"), FIND, 100},
		/* The part is small. */
		{"struct pair", OUTER("struct pair"), FIND, 1},
		{"struct qname", OUTER("struct qname"),
		 "n += container_of(p, struct outer, part)->count;", 4},
		{"union small", OUTER("union small"), FIND, 8},
		/* The first member needs no container_of(). */
		{"struct widget", "struct outer { struct widget part; long count; };",
		 "struct outer *o = (void *)p; n += o->count;", 100},
		/* The members are repeated. */
		{"struct widget",
		 "struct outer { int id, mode, owner; char room[100]; long count; };",
		 "struct outer *o = (void *)p; n += o->count;", 100},
		{"struct pair", "struct outer { int id, mode, owner; char room[1]; long count; };",
		 "struct outer *o = (void *)p; n += o->count;", 1},
		{"struct widget",
		 "struct outer { long count; int id, mode, owner; char room[100]; };",
		 "struct outer *o = (void *)p - 8; n += o->count;", 100},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *before = unit_around(cases[i].part, cases[i].room, "", "");
		scope_free char *after =
			unit_around(cases[i].part, cases[i].room, cases[i].outer, cases[i].code);
		scope_findings findings = {};

		check(before, after, &findings);

		const struct finding *found = NULL;

		vec_foreach(&findings, it)
			if (!strcmp(it->rule, "object-grown"))
				found = it;
		ck_assert_msg(found != NULL, "%zu: %s { %s }", i, cases[i].outer, cases[i].code);
		ck_assert_int_eq(found->severity, SEVERITY_WARN);
		ck_assert_msg(strstr(found->symbol, " outer") != NULL, "%s", found->symbol);
		ck_assert_msg(strstr(found->message, cases[i].part) != NULL, "%s", found->message);
	}
}
END_TEST

START_TEST(new_types_that_are_around_nothing_old)
{
	static const struct {
		const char *part, *outer, *code;
		int room;
	} cases[] = {
		/* The object inside is new, too. */
		{"struct widget", OUTER("struct widget") "void use(void *);",
		 "struct outer own = {n}; use(&own.part);", 100},
		/* A value is copied. */
		{"struct pair", OUTER("struct pair") "void use(struct outer *);", "use(0);", 1},
		/* A lock, a link. */
		{"struct widget", OUTER("struct mutex") "void use(struct outer *);", "use(0);",
		 100},
		{"struct widget", OUTER("rwlock_t") "void use(struct outer *);", "use(0);", 100},
		{"struct widget", OUTER("struct list_head") "void use(struct outer *);", "use(0);",
		 100},
		/* Only a pointer. */
		{"struct widget", OUTER("struct widget *") "void use(struct outer *);", "use(0);",
		 100},
		/* Some members are alike. */
		{"struct widget",
		 "struct outer { int id, owner, mode; char room[100]; long count; };"
		 "void use(struct outer *);",
		 "use(0);", 100},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		scope_free char *before = unit_around(cases[i].part, cases[i].room, "", "");
		scope_free char *after =
			unit_around(cases[i].part, cases[i].room, cases[i].outer, cases[i].code);

		none(before, after);
	}
}
END_TEST

UNIT_SUITE("memory", two_families_are_exchanged, calls_of_allocators_move,
	   memory_is_freed_by_another_allocator, memory_is_freed_as_before,
	   objects_are_allocated_larger, larger_objects_are_allocated_elsewhere,
	   old_objects_are_not_inside_new_ones, new_types_that_are_around_nothing_old)
