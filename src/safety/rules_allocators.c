/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares which allocators both versions of the code use. Patched code frees what old code has
 * allocated, and old code what patched code has allocated, so both must belong together.
 */
#include "safety/rules_allocators.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/alloc_sizes.h"

/*
 * Families of allocators: no function of another family may free their memory, except those of the
 * families in accepts.
 */
struct family {
	const char *name;
	const char *allocates[10], *frees[8];
	const char *accepts[8]; /* families whose memory its functions free, too */
	bool may_be_other;	/* memory that its functions free is mostly another family's */
};

static const struct family allocator_families[] = {
	/*
	 * kfree_rcu() in include/linux/rcupdate.h; kvfree_rcu_cb() in kernel/rcu/tree.c calls
	 * kvfree().
	 */
	{.name = "kfree_rcu",
	 .frees = {"kvfree_call_rcu"},
	 .accepts = {"kvmalloc", "kmalloc", "vmalloc", "kmem_cache"},
	 .may_be_other = true},
	/* kvfree() in mm/util.c */
	{.name = "kvmalloc",
	 .allocates = {"kvmalloc*", "__kvmalloc*", "kvrealloc*", "kvmemdup*", "vmemdup_user*"},
	 .frees = {"kvfree*"},
	 .accepts = {"kmalloc", "vmalloc", "kmem_cache"}},
	/* kfree_const() in mm/util.c leaves strings of the kernel's image alone. */
	{.name = "kstrdup_const",
	 .allocates = {"kstrdup_const", "kvasprintf_const"},
	 .frees = {"kfree_const"},
	 .accepts = {"kmalloc", "kmem_cache"}},
	{.name = "kmalloc",
	 .allocates = {"kmem_cache_alloc*_trace", "kmalloc*", "__kmalloc*", "krealloc*",
		       "__krealloc*", "kmemdup*", "kstrdup*", "kstrndup*", "memdup_*",
		       "k*asprintf"},
	 .frees = {"kfree", "kfree_sensitive", "kzfree", "kfree_bulk"},
	 .accepts = {"kmem_cache"}},
	{.name = "kmem_cache", .allocates = {"kmem_cache_alloc*"}, .frees = {"kmem_cache_free*"}},
	/* vfree() in mm/vmalloc.c frees the pages of vmap(VM_MAP_PUT_PAGES), too. */
	{.name = "vmalloc",
	 .allocates = {"vmalloc*", "vzalloc*", "__vmalloc*", "vcalloc*", "__vcalloc*"},
	 .frees = {"vfree*"},
	 .accepts = {"vmap"}},
	{.name = "vmap", .allocates = {"vmap*"}, .frees = {"vunmap"}},
	{.name = "percpu",
	 .allocates = {"__alloc_percpu*", "pcpu_alloc*"},
	 .frees = {"free_percpu"}},
	/* include/linux/gfp.h */
	{.name = "alloc_pages_exact",
	 .allocates = {"alloc_pages_exact*"},
	 .frees = {"free_pages_exact"}},
	{.name = "page_frag",
	 .allocates = {"page_frag_alloc*", "__page_frag_alloc*", "__napi_alloc_frag*",
		       "__netdev_alloc_frag*"},
	 .frees = {"page_frag_free"}},
	{.name = "alloc_pages",
	 .allocates = {"__alloc_pages*", "alloc_pages*", "__get_free_pages*", "get_zeroed_page*",
		       "__folio_alloc*", "folio_alloc*", "get_free_pages*"},
	 .frees = {"__free_pages*", "free_pages*", "free_unref_page*", "__folio_put",
		   "put_pages_list"}},
	/* include/linux/mempool.h */
	{.name = "mempool", .allocates = {"mempool_alloc*"}, .frees = {"mempool_free"}},
	/* include/net/sock.h: the size counts against the socket. */
	{.name = "sock_kmalloc",
	 .allocates = {"sock_kmalloc", "sock_kmemdup"},
	 .frees = {"sock_kfree_s", "sock_kzfree_s"}},
	/* include/linux/skbuff.h */
	{.name = "alloc_skb",
	 .allocates = {"__alloc_skb*", "__netdev_alloc_skb*", "__napi_alloc_skb*", "napi_alloc_skb",
		       "build_skb*", "napi_build_skb", "skb_clone", "skb_copy"},
	 .frees = {"kfree_skb*", "__kfree_skb*", "consume_skb", "*dev_kfree_skb_*",
		   "napi_consume_skb", "sk_skb_reason_drop"}},
	/* include/linux/io.h, arch/x86/include/asm/io.h, include/asm-generic/iomap.h */
	{.name = "devm_ioremap",
	 .allocates = {"devm_ioremap*", "devm_platform_ioremap*", "devm_of_iomap"},
	 .frees = {"devm_iounmap"}},
	{.name = "pci_iomap", .allocates = {"pci_iomap*"}, .frees = {"pci_iounmap"}},
	{.name = "ioremap", .allocates = {"ioremap*", "of_iomap"}, .frees = {"iounmap"}},
	{.name = "memremap", .allocates = {"memremap*"}, .frees = {"memunmap*"}},
	/* include/linux/device.h, device/devres.h */
	{.name = "devm_kmalloc",
	 .allocates = {"devm_k*alloc*", "devm_kmemdup*", "devm_kstrdup*", "devm_k*asprintf"},
	 .frees = {"devm_kfree"}},
	/* include/linux/dmapool.h, dma-mapping.h */
	{.name = "dma_pool", .allocates = {"dma_pool_alloc"}, .frees = {"dma_pool_free"}},
	{.name = "dma_alloc_pages", .allocates = {"dma_alloc_pages"}, .frees = {"dma_free_pages"}},
	{.name = "dma_alloc_noncontiguous",
	 .allocates = {"dma_alloc_noncontiguous"},
	 .frees = {"dma_free_noncontiguous"}},
	{.name = "dma_alloc", .allocates = {"dma_alloc_*"}, .frees = {"dma_free_*"}},
};

#define NR_FAMILIES array_size(allocator_families)

static bool family_has(const char *const *patterns, size_t count, const char *name)
{
	for (size_t i = 0; i < count && patterns[i]; i++)
		if (!fnmatch(patterns[i], name, 0))
			return true;
	return false;
}

/* Counts how many more calls of each family the new versions have than the old ones. */
struct family_counts {
	int allocates[NR_FAMILIES], frees[NR_FAMILIES];
	int chooses; /* asks where memory comes from */
};

static void count_families(const struct call_vec *calls, int sign, struct family_counts *counts)
{
	vec_foreach(calls, it) {
		if (!strcmp(it->name, "is_vmalloc_addr"))
			counts->chooses += sign * (int)it->count;
		for (size_t i = 0; i < NR_FAMILIES; i++) {
			const struct family *family = &allocator_families[i];

			if (family_has(family->allocates, array_size(family->allocates), it->name))
				counts->allocates[i] += sign * (int)it->count;
			else if (family_has(family->frees, array_size(family->frees), it->name))
				counts->frees[i] += sign * (int)it->count;
			else
				continue;
			break;
		}
	}
}

static void count_function(const struct function_calls *function, struct family_counts *counts)
{
	count_families(&function->before, -1, counts);
	count_families(&function->after, 1, counts);
}

/* Returns whether functions of one family may free memory of the other. */
static bool family_accepts(size_t family, size_t other)
{
	const struct family *it = &allocator_families[family];

	if (family == other)
		return true;
	for (size_t i = 0; i < array_size(it->accepts) && it->accepts[i]; i++)
		if (!strcmp(it->accepts[i], allocator_families[other].name))
			return true;
	return false;
}

/*
 * Finds a family with fewer calls than before, and one with more that does not go with it: with
 * frees, one whose functions may not free memory of the first, else one whose memory the first's
 * functions may not free. Starts with *from.
 */
static bool families_switched(const int *counts, bool frees, size_t *from, size_t *to)
{
	for (; *from < NR_FAMILIES; ++*from) {
		bool fits = false;

		*to = NR_FAMILIES;
		if (counts[*from] >= 0 || allocator_families[*from].may_be_other)
			continue;
		for (size_t i = 0; i < NR_FAMILIES; i++) {
			if (counts[i] <= 0)
				continue;
			if (frees ? family_accepts(i, *from) : family_accepts(*from, i))
				fits = true;
			else if (*to == NR_FAMILIES)
				*to = i;
		}
		if (*to < NR_FAMILIES && !fits)
			return true;
	}
	return false;
}

static const char *or_unit(const struct function_calls *function)
{
	return function ? function->item->name : NULL;
}

static void tell_frees(const struct unit_context *context, const char *who, const char *from,
		       const char *to, bool certain, struct finding_vec *findings)
{
	finding_add(
		findings, "allocator-changed", context->unit->file, who,
		"keep the allocator, or free each object by where it comes from, as kvfree() and is_vmalloc_addr() do",
		"frees memory with a function of %s instead of %s; objects that were allocated before the patch is loaded still come from %s",
		to, from, from);
	/* Nothing shows that the allocation changes too: the old code may have been wrong. */
	if (!certain)
		finding_soften(findings, SEVERITY_WARN);
}

static void tell_allocates(const struct unit_context *context, const char *who, const char *from,
			   const char *to, bool besides, struct finding_vec *findings)
{
	finding_add(
		findings, "allocator-changed", context->unit->file, who,
		"keep the allocator, or make sure that all these objects are gone before the patch is unloaded",
		besides ? "allocates memory with %s besides %s; unpatched code, and all code after the patch is unloaded, frees it as memory of %s"
			: "allocates memory with %s instead of %s; unpatched code, and all code after the patch is unloaded, frees it as memory of %s",
		to, from, from);
	finding_soften(findings, SEVERITY_WARN);
}

/* Returns the first function that has more calls of the family than before. */
static const struct function_calls *who_switched(const struct function_calls_vec *all,
						 size_t family, bool frees)
{
	vec_foreach(all, it) {
		struct family_counts counts = {};

		count_function(it, &counts);
		if ((frees ? counts.frees : counts.allocates)[family] > 0)
			return it;
	}
	return NULL;
}

/*
 * Finds memory of one more allocator that patched code frees correctly, since it asks or uses a
 * function for both, but that the old function does not free.
 */
static bool family_was_added(const struct function_calls_vec *all,
			     const struct family_counts *counts, size_t *from, size_t *to)
{
	for (*to = 0; *to < NR_FAMILIES; ++*to) {
		if (counts->allocates[*to] <= 0)
			continue;
		vec_foreach(all, it) {
			struct family_counts own = {};

			count_function(it, &own);
			for (*from = 0; *from < NR_FAMILIES; ++*from) {
				bool asks = own.chooses > 0 && own.frees[*to] > 0 &&
					    calls_of(&it->before, "kfree");

				if (family_accepts(*from, *to) ||
				    allocator_families[*from].may_be_other ||
				    counts->allocates[*from] < 0)
					continue;
				if (asks && !strcmp(allocator_families[*from].name, "kmalloc"))
					return true;
				for (size_t i = 0; own.frees[*from] < 0 && i < NR_FAMILIES; i++)
					if (own.frees[i] > 0 && family_accepts(i, *to) &&
					    family_accepts(i, *from))
						return true;
			}
		}
	}
	return false;
}

/* What was found in a unit so far. */
struct allocator_check {
	const struct unit_context *context;
	const struct function_calls_vec *all;
	struct finding_vec *findings;
	bool told[NR_FAMILIES]; /* families whose memory is freed by others */
	bool any_frees, any_allocates;
};

/*
 * Returns whether the call of the first family only moved to a function that this one calls, or
 * from one that calls it. If the other family moved the other way, they were exchanged.
 */
static bool family_moved(const struct allocator_check *check, const struct function_calls *function,
			 bool frees, size_t from, size_t to)
{
	vec_foreach(check->all, it) {
		struct family_counts counts = {};
		const int *own = frees ? counts.frees : counts.allocates;

		if (it == function ||
		    !call_changes_are_related(check->context, function->item, it->item))
			continue;
		count_function(it, &counts);
		if (own[from] > 0 && own[to] >= 0)
			return true;
	}
	return false;
}

/* Returns whether a function, or all together, allocate from the one instead of the other. */
static bool allocates_instead(const struct function_calls_vec *all, size_t from, size_t to)
{
	struct family_counts sum = {};

	vec_foreach(all, it) {
		struct family_counts counts = {};

		count_function(it, &counts);
		count_function(it, &sum);
		if (counts.allocates[from] < 0 && counts.allocates[to] > 0)
			return true;
	}
	return sum.allocates[from] < 0 && sum.allocates[to] > 0;
}

/* Checks one function, or all together with function NULL. */
static void check_families(struct allocator_check *check, const struct function_calls *function,
			   bool frees)
{
	struct family_counts counts = {};
	const int *own = frees ? counts.frees : counts.allocates;
	size_t to;

	if (function)
		count_function(function, &counts);
	else
		vec_foreach(check->all, it)
			count_function(it, &counts);
	for (size_t from = 0; families_switched(own, frees, &from, &to); from++) {
		const char *was = allocator_families[from].name, *is = allocator_families[to].name;
		const struct function_calls *who =
			function ? function : who_switched(check->all, to, frees);

		if (function && family_moved(check, function, frees, from, to))
			continue;
		if (frees) {
			tell_frees(check->context, or_unit(who), was, is,
				   allocates_instead(check->all, from, to), check->findings);
			check->told[from] = check->any_frees = true;
		} else if (!check->told[from]) {
			tell_allocates(check->context, or_unit(who), was, is, false,
				       check->findings);
			check->any_allocates = true;
		}
	}
}

/* ---- caches ---- */

/* Returns a cache that the first list has more often than the other. */
static const char *cache_beyond(const struct alloc_cache_vec *a, const struct alloc_cache_vec *b,
				bool frees)
{
	vec_foreach(a, it) {
		int more = 0;

		if (it->frees != frees)
			continue;
		vec_foreach(a, own)
			more += own->frees == frees && !strcmp(own->name, it->name);
		vec_foreach(b, other)
			more -= other->frees == frees && !strcmp(other->name, it->name);
		if (more > 0)
			return it->name;
	}
	return NULL;
}

static void check_caches(const struct unit_context *context, const struct function_calls *function,
			 struct finding_vec *findings)
{
	scope_alloc_caches before = {};
	scope_alloc_caches after = {};
	const char *from, *to;

	alloc_caches_read(context->unit->orig, function->item->orig, &before);
	alloc_caches_read(context->unit->patched, function->item->patched, &after);
	from = cache_beyond(&before, &after, true);
	to = cache_beyond(&after, &before, true);
	if (from && to) {
		tell_frees(context, function->item->name, from, to, false, findings);
		return;
	}
	from = cache_beyond(&before, &after, false);
	to = cache_beyond(&after, &before, false);
	if (from && to)
		tell_allocates(context, function->item->name, from, to, false, findings);
}

void safety_check_allocators(const struct unit_context *context,
			     const struct function_calls_vec *all, struct finding_vec *findings)
{
	struct allocator_check check = {context, all, findings, {}, false, false};
	struct family_counts counts = {};
	size_t from, to;

	vec_foreach(all, it) {
		check_families(&check, it, true);
		count_function(it, &counts);
	}
	if (!check.any_frees)
		check_families(&check, NULL, true);
	vec_foreach(all, it)
		check_families(&check, it, false);
	if (!check.any_frees && !check.any_allocates)
		check_families(&check, NULL, false);
	if (!check.any_frees && !check.any_allocates && family_was_added(all, &counts, &from, &to))
		tell_allocates(context, or_unit(who_switched(all, to, false)),
			       allocator_families[from].name, allocator_families[to].name, true,
			       findings);
	vec_foreach(all, it)
		if (it->item->change == DIFF_CHANGED)
			check_caches(context, it, findings);
}
