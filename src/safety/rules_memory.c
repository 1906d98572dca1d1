/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules on memory that lives longer than it takes to load a patch. Patched code uses and frees
 * objects that old code has allocated; after the patch is unloaded, old code does so with objects
 * of patched code.
 */
#include "safety/rules_memory.h"

#include <fnmatch.h>
#include <string.h>

#include "safety/alloc_sizes.h"
#include "safety/rules_embedding.h"

/* ---- which allocator memory comes from ---- */

/*
 * Families of allocators: no function of another family may free their memory, except those of the
 * families in accepts.
 */
struct family {
	const char *name;
	const char *allocates[8], *frees[6];
	const char *accepts; /* names of other families whose memory its functions free, too */
};

static const struct family allocator_families[] = {
	{"kvmalloc",
	 {"kvmalloc*", "__kvmalloc*", "kvrealloc*", "kvmemdup*", "vmemdup_user*"},
	 {"kvfree*"},
	 "kmalloc vmalloc kmem_cache"},
	{"kmem_cache", {"kmem_cache_alloc_trace", "kmem_cache_alloc*"}, {"kmem_cache_free*"}, ""},
	{"kmalloc",
	 {"kmalloc*", "__kmalloc*", "krealloc*", "__krealloc*", "kmemdup*", "kstrdup*", "kstrndup*",
	  "memdup_user*"},
	 {"kfree", "kfree_sensitive", "kfree_const"},
	 "kmem_cache"},
	{"vmalloc",
	 {"vmalloc*", "vzalloc*", "__vmalloc*", "vcalloc*", "vmap*"},
	 {"vfree*", "vunmap"},
	 ""},
	{"percpu", {"__alloc_percpu*", "pcpu_alloc*"}, {"free_percpu"}, ""},
	{"alloc_pages",
	 {"__alloc_pages*", "alloc_pages*", "__get_free_pages*", "get_zeroed_page*",
	  "__folio_alloc*", "folio_alloc*", "get_free_pages*"},
	 {"__free_pages*", "free_pages*", "free_unref_page*", "__folio_put", "put_pages_list"},
	 ""},
	{"devm_kmalloc", {"devm_k*alloc*", "devm_kmemdup*", "devm_kstrdup*"}, {"devm_kfree"}, ""},
	{"dma_alloc", {"dma_alloc_*", "dma_pool_alloc"}, {"dma_free_*", "dma_pool_free"}, ""},
};

#define NR_FAMILIES (sizeof(allocator_families) / sizeof(allocator_families[0]))

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
};

static void count_families(const struct call_vec *calls, int sign, struct family_counts *counts)
{
	vec_foreach(calls, it) {
		for (size_t i = 0; i < NR_FAMILIES; i++) {
			const struct family *family = &allocator_families[i];

			if (family_has(family->allocates, 8, it->name))
				counts->allocates[i] += sign * (int)it->count;
			else if (family_has(family->frees, 6, it->name))
				counts->frees[i] += sign * (int)it->count;
			else
				continue;
			break;
		}
	}
}

/* Returns whether functions of one family may free memory of the other. */
static bool family_accepts(const struct family *family, const struct family *other)
{
	return strstr(family->accepts, other->name) != NULL;
}

/* Finds a family with fewer calls than before, and one with more. */
static bool families_switched(const int *counts, size_t *from, size_t *to)
{
	*from = *to = NR_FAMILIES;
	for (size_t i = 0; i < NR_FAMILIES; i++) {
		if (counts[i] < 0 && *from == NR_FAMILIES)
			*from = i;
		if (counts[i] > 0 && *to == NR_FAMILIES)
			*to = i;
	}
	return *from < NR_FAMILIES && *to < NR_FAMILIES;
}

/* Returns the first function that has more calls of the family than before. */
static const char *who_switched(const struct function_calls_vec *all, size_t family, bool frees)
{
	vec_foreach(all, it) {
		struct family_counts counts = {};

		count_families(&it->before, -1, &counts);
		count_families(&it->after, 1, &counts);
		if ((frees ? counts.frees : counts.allocates)[family] > 0)
			return it->item->name;
	}
	return NULL;
}

static void check_allocators(const struct unit_context *context,
			     const struct function_calls_vec *all, struct finding_vec *findings)
{
	const char *file = context->unit->file;
	struct family_counts counts = {};
	size_t from, to, freed_from, freed_to;

	vec_foreach(all, it) {
		count_families(&it->before, -1, &counts);
		count_families(&it->after, 1, &counts);
	}

	bool allocates = families_switched(counts.allocates, &from, &to);
	bool frees = families_switched(counts.frees, &freed_from, &freed_to);

	if (frees &&
	    !family_accepts(&allocator_families[freed_to], &allocator_families[freed_from])) {
		finding_add(
			findings, "allocator-changed", file, who_switched(all, freed_to, true),
			"keep the allocator, or free each object by where it comes from, as kvfree() and is_vmalloc_addr() do",
			"frees memory with a function of %s instead of %s; objects that were allocated before the patch is loaded still come from %s",
			allocator_families[freed_to].name, allocator_families[freed_from].name,
			allocator_families[freed_from].name);
		/*
		 * Nothing shows that the allocation changes too: the old code may have been wrong.
		 */
		if (!allocates)
			finding_soften(findings, SEVERITY_WARN);
		return;
	}
	if (!allocates || family_accepts(&allocator_families[from], &allocator_families[to]))
		return;
	finding_add(
		findings, "allocator-changed", file, who_switched(all, to, false),
		"keep the allocator, or make sure that all these objects are gone before the patch is unloaded",
		"allocates memory with %s instead of %s; unpatched code, and all code after the patch is unloaded, frees it as memory of %s",
		allocator_families[to].name, allocator_families[from].name,
		allocator_families[from].name);
	finding_soften(findings, SEVERITY_WARN);
}

/* ---- sizes of objects ---- */

/* Removes the sizes that both lists have. */
static void drop_common_sizes(struct alloc_size_vec *a, struct alloc_size_vec *b)
{
	for (size_t i = 0; i < a->len;) {
		size_t k = 0;

		while (k < b->len && a->data[i].size != b->data[k].size)
			k++;
		if (k == b->len) {
			i++;
			continue;
		}
		a->data[i] = a->data[--a->len];
		b->data[k] = b->data[--b->len];
	}
}

static bool others_change(const struct function_calls_vec *all, const struct function_calls *but)
{
	vec_foreach(all, it)
		if (it != but && it->item->change == DIFF_CHANGED)
			return true;
	return false;
}

static void check_sizes(const struct unit_context *context, const struct function_calls_vec *all,
			const struct function_calls *function, struct finding_vec *findings)
{
	struct alloc_size_vec before = {}, after = {};

	alloc_sizes_read(function->item->orig, &before);
	alloc_sizes_read(function->item->patched, &after);
	drop_common_sizes(&before, &after);
	if (before.len && after.len && after.data[0].size > before.data[0].size) {
		finding_add(
			findings, "object-grown", context->unit->file, function->item->name,
			"keep the new members in a shadow variable (klp_shadow_alloc()), or allow it if patched code uses the new bytes only of objects that it has allocated itself",
			"allocates %llu bytes (%s), was %llu; objects that were allocated before the patch is loaded are shorter, and code that uses the new bytes overwrites what follows them",
			(unsigned long long)after.data[0].size, after.data[0].allocator,
			(unsigned long long)before.data[0].size);
		if (!others_change(all, function))
			finding_soften(findings, SEVERITY_WARN);
	}
	vec_free(&before);
	vec_free(&after);
}

void safety_check_memory(const struct unit_context *context, const struct function_calls_vec *all,
			 struct finding_vec *findings)
{
	check_allocators(context, all, findings);
	vec_foreach(all, it)
		if (it->item->change == DIFF_CHANGED)
			check_sizes(context, all, it, findings);
	safety_check_embedding(context, findings);
}
