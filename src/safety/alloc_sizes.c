/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the sizes, flags and caches that code gives to allocators of the kernel. */
#include "safety/alloc_sizes.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "safety/call_arguments.h"

/* ___GFP_DIRECT_RECLAIM in include/linux/gfp_types.h (5.10 to 7.3): the allocation may sleep. */
#define GFP_DIRECT_RECLAIM 0x400

#define PAGE_SHIFT 12
#define MAX_ORDER 20

/* Position of an argument, from 1; 0 where there is none. */
struct allocator {
	const char *pattern;
	unsigned char size, order, flags;
};

/* The first pattern that matches a function's name counts. */
static const struct allocator allocators[] = {
	/* include/linux/slab.h, mm.h, string.h */
	{"kmalloc_node_trace*", .size = 4, .flags = 2},
	{"__kmalloc_cache_node*", .size = 4, .flags = 2},
	{"kmalloc_trace*", .size = 3, .flags = 2},
	{"__kmalloc_cache*", .size = 3, .flags = 2},
	{"kmem_cache_alloc_node_trace", .size = 4, .flags = 2},
	{"kmem_cache_alloc_trace", .size = 3, .flags = 2},
	{"kmem_cache_alloc_lru*", .flags = 3},
	{"kmem_cache_alloc*", .flags = 2},
	{"__kmalloc*", .size = 1, .flags = 2},
	{"kmalloc_large*", .size = 1, .flags = 2},
	{"kmalloc_order*", .size = 1, .flags = 2},
	{"krealloc*", .size = 2, .flags = 3},
	{"kmemdup*", .size = 2, .flags = 3},
	{"kstrndup*", .flags = 3},
	{"kstrdup*", .flags = 2},
	{"kasprintf", .flags = 1},
	{"kvasprintf*", .flags = 1},
	{"kvrealloc_noprof", .size = 2, .flags = 3},
	{"kvrealloc", .size = 3, .flags = 4},
	{"vmalloc*", .size = 1},
	{"vzalloc*", .size = 1},
	{"__vmalloc*", .size = 1},
	{"kvmalloc_node*", .size = 1, .flags = 2},
	{"__kvmalloc_node*", .size = 1, .flags = 2},
	{"kmem_cache_create*", .size = 2},
	{"__kmem_cache_create*", .size = 2},
	/* include/linux/percpu.h */
	{"__alloc_percpu*", .size = 1},
	{"pcpu_alloc*", .size = 1},
	{"__devm_alloc_percpu", .size = 2},
	/* include/linux/gfp.h */
	{"*alloc_pages_bulk*", .flags = 1},
	{"alloc_pages_exact*", .size = 1, .flags = 2},
	{"__alloc_pages*", .order = 2, .flags = 1},
	{"alloc_pages*", .order = 2, .flags = 1},
	{"__get_free_pages*", .order = 2, .flags = 1},
	{"get_free_pages*", .order = 2, .flags = 1},
	{"get_zeroed_page*", .flags = 1},
	{"__folio_alloc*", .order = 2, .flags = 1},
	{"folio_alloc*", .order = 2, .flags = 1},
	/* include/linux/mempool.h */
	{"mempool_create_node*", .size = 4},
	{"mempool_create*", .size = 4},
	{"mempool_init_node*", .size = 5},
	{"mempool_init*", .size = 5},
	{"mempool_alloc*", .flags = 2},
	{"bioset_init", .size = 3}, /* include/linux/bio.h */
	/* include/linux/dma-mapping.h, dmapool.h */
	{"dma_pool_create*", .size = 3},
	{"dmam_pool_create*", .size = 3},
	{"dma_pool_alloc", .flags = 2},
	{"dma_alloc_noncontiguous", .size = 2, .flags = 4},
	{"dma_alloc_pages", .size = 2, .flags = 5},
	{"dma_alloc_*", .size = 2, .flags = 4},
	{"dmam_alloc_*", .size = 2, .flags = 4},
	/* include/linux/device.h, device/devres.h */
	{"devm_kmalloc*", .size = 2, .flags = 3},
	{"devm_kzalloc*", .size = 2, .flags = 3},
	{"devm_krealloc*", .size = 3, .flags = 4},
	{"devm_kmemdup*", .size = 3, .flags = 4},
	/* include/net/sock.h, linux/skbuff.h, gfp.h */
	{"sock_kmalloc", .size = 2, .flags = 3},
	{"sock_kmemdup", .size = 3, .flags = 4},
	{"__alloc_skb*", .flags = 2},
	{"page_frag_alloc*", .size = 2, .flags = 3},
	/* Objects of a subsystem with room for those of a driver. */
	{"alloc_netdev_mqs", .size = 1},	    /* include/linux/netdevice.h */
	{"alloc_etherdev_mqs", .size = 1},	    /* include/linux/etherdevice.h */
	{"devm_alloc_etherdev_mqs", .size = 2},	    /* the same */
	{"alloc_candev_mqs", .size = 1},	    /* include/linux/can/dev.h */
	{"wiphy_new_nm", .size = 2},		    /* include/net/cfg80211.h */
	{"ieee80211_alloc_hw_nm", .size = 1},	    /* include/net/mac80211.h */
	{"ieee802154_alloc_hw", .size = 1},	    /* include/net/mac802154.h */
	{"wpan_phy_new", .size = 2},		    /* include/net/cfg802154.h */
	{"scsi_host_alloc", .size = 2},		    /* include/scsi/scsi_host.h */
	{"mmc_alloc_host", .size = 1},		    /* include/linux/mmc/host.h */
	{"snd_card_new", .size = 5},		    /* include/sound/core.h */
	{"snd_devm_card_new", .size = 5},	    /* the same */
	{"iio_device_alloc", .size = 2},	    /* include/linux/iio/iio.h */
	{"devm_iio_device_alloc", .size = 2},	    /* the same */
	{"_ib_alloc_device*", .size = 1},	    /* include/rdma/ib_verbs.h */
	{"framebuffer_alloc", .size = 1},	    /* include/linux/fb.h */
	{"__spi_alloc_controller", .size = 2},	    /* include/linux/spi/spi.h */
	{"__devm_spi_alloc_controller", .size = 2}, /* the same */
	{"pci_alloc_host_bridge", .size = 1},	    /* include/linux/pci.h */
	{"devm_pci_alloc_host_bridge", .size = 2},  /* the same */
	{"mdiobus_alloc_size", .size = 1},	    /* include/linux/phy.h */
	{"devm_mdiobus_alloc_size", .size = 2},	    /* the same */
	{"rproc_alloc", .size = 5},		    /* include/linux/remoteproc.h */
	{"__devm_drm_dev_alloc", .size = 3},	    /* include/drm/drm_drv.h */
	{"drmm_kmalloc", .size = 2, .flags = 3},    /* include/drm/drm_managed.h */
};

static const struct allocator *allocator_find(const char *callee)
{
	for (size_t i = 0; i < array_size(allocators); i++)
		if (!fnmatch(allocators[i].pattern, callee, 0))
			return &allocators[i];
	return NULL;
}

static void note_size(const char *callee, const struct call_argument *arguments, void *sizes)
{
	const struct allocator *allocator = allocator_find(callee);
	unsigned at = allocator ? allocator->size + allocator->order : 0;
	const struct call_argument *argument = at ? &arguments[at - 1] : NULL;
	struct alloc_size size = {.allocator = callee};

	if (!argument)
		return;
	size.size = argument->value;
	size.computed = argument->kind != ARGUMENT_CONSTANT;
	if (allocator->order) {
		if (argument->kind != ARGUMENT_CONSTANT || size.size > MAX_ORDER)
			return;
		size.size = 1ULL << (PAGE_SHIFT + size.size);
	}
	if (argument->kind != ARGUMENT_SUM && size.computed)
		size.size = 0;
	vec_push((struct alloc_size_vec *)sizes, size);
}

void alloc_sizes_read(const struct elf_symbol *function, struct alloc_size_vec *sizes)
{
	call_arguments_visit(function, note_size, sizes);
}

static void note_sleep(const char *callee, const struct call_argument *arguments, void *found)
{
	const struct allocator *allocator = allocator_find(callee);
	const struct call_argument *flags =
		allocator && allocator->flags ? &arguments[allocator->flags - 1] : NULL;

	if (flags && !*(const char **)found &&
	    (flags->kind != ARGUMENT_CONSTANT || flags->value & GFP_DIRECT_RECLAIM))
		*(const char **)found = callee;
}

const char *alloc_that_sleeps(const struct elf_symbol *function)
{
	const char *found = NULL;

	call_arguments_visit(function, note_sleep, &found);
	return found;
}

/* Reads caches for one function. */
struct cache_reader {
	const struct elf_object *object;
	struct alloc_cache_vec *caches;
};

/* Returns the variable that the argument is loaded from; NULL if it has no name. */
static const char *loaded_variable(const struct elf_object *object,
				   const struct call_argument *argument)
{
	const struct elf_rela *rela = argument->variable;
	uint64_t at = rela->addend + (elf_rela_is_relative(rela->type) ? argument->tail : 0);

	if (rela->symbol->type != STT_SECTION)
		return rela->symbol->name;
	vec_foreach(&object->symbols, it)
		if ((*it)->section == rela->symbol->section && (*it)->type == STT_OBJECT &&
		    (*it)->value == at)
			return (*it)->name;
	return NULL;
}

static void note_cache(const char *callee, const struct call_argument *arguments, void *arg)
{
	const struct cache_reader *reader = arg;
	bool frees = str_starts(callee, "kmem_cache_free");
	const char *name;

	if ((!frees && !str_starts(callee, "kmem_cache_alloc")) || strstr(callee, "_trace") ||
	    arguments[0].kind != ARGUMENT_LOADED)
		return;
	name = loaded_variable(reader->object, &arguments[0]);
	if (name)
		vec_push(reader->caches, (struct alloc_cache){xstrdup(name), frees});
}

void alloc_caches_read(const struct elf_object *object, const struct elf_symbol *function,
		       struct alloc_cache_vec *caches)
{
	struct cache_reader reader = {object, caches};

	call_arguments_visit(function, note_cache, &reader);
}

void alloc_caches_free(struct alloc_cache_vec *caches)
{
	vec_foreach(caches, it)
		free(it->name);
	vec_free(caches);
}
