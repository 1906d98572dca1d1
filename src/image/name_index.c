/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds symbols by name with a hash table, which is built much faster than a sorted list. */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"
#include "image/name_index.h"

struct name_slot {
	uint32_t hash;
	uint32_t count;	 /* 0: the slot is free */
	uint32_t first;	 /* index in `order` of its first symbol */
	uint32_t symbol; /* one of its symbols */
};

static uint32_t hash_name(const char *name)
{
	return XXH3_64bits(name, strlen(name));
}

/* Finds the slot of that name, or the free slot where it belongs. */
static struct name_slot *find_name_slot(const struct name_index *index, const char *name,
					uint32_t hash)
{
	for (size_t i = hash & index->slot_mask;; i = (i + 1) & index->slot_mask) {
		struct name_slot *slot = &index->slots[i];

		if (!slot->count ||
		    (slot->hash == hash && !strcmp(index->symbols[slot->symbol].name, name)))
			return slot;
	}
}

/* The table is larger than the processor's caches, so prefetching its slots saves time. */
#define PREFETCH_AHEAD 8

/* Enters every symbol's name and counts it; slot_of gets the slot of each symbol. */
static void enter_names(struct name_index *index, const uint32_t *hashes, uint32_t *slot_of,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i + PREFETCH_AHEAD < count)
			__builtin_prefetch(
				&index->slots[hashes[i + PREFETCH_AHEAD] & index->slot_mask]);

		struct name_slot *slot = find_name_slot(index, index->symbols[i].name, hashes[i]);

		if (!slot->count++) {
			slot->hash = hashes[i];
			slot->symbol = i;
		}
		slot_of[i] = slot - index->slots;
	}
}

/* Gives each name a part of `order` and fills it. */
static void group_names(struct name_index *index, const uint32_t *slot_of, size_t count)
{
	uint32_t used = 0;

	for (size_t i = 0; i < count; i++) {
		if (i + PREFETCH_AHEAD < count)
			__builtin_prefetch(&index->slots[slot_of[i + PREFETCH_AHEAD]]);

		struct name_slot *slot = &index->slots[slot_of[i]];

		if (slot->symbol == i) {
			slot->first = used;
			used += slot->count;
			slot->count = 0; /* filling the part counts up to the same number again */
		}
		index->order[slot->first + slot->count++] = &index->symbols[i];
	}
}

void name_index_build(struct name_index *index, const struct image_symbol *symbols, size_t count)
{
	size_t slots = 16;

	while (slots < count + count / 2)
		slots *= 2;
	*index = (struct name_index){
		.symbols = symbols,
		.slots = xcalloc(slots, sizeof(*index->slots)),
		.slot_mask = slots - 1,
		.order = xreallocarray(NULL, count, sizeof(struct image_symbol *)),
	};

	scope_free uint32_t *hashes = xreallocarray(NULL, count, sizeof(*hashes));
	scope_free uint32_t *slot_of = xreallocarray(NULL, count, sizeof(*slot_of));

	for (size_t i = 0; i < count; i++)
		hashes[i] = hash_name(symbols[i].name);
	enter_names(index, hashes, slot_of, count);
	group_names(index, slot_of, count);
}

size_t name_index_find(const struct name_index *index, const char *name,
		       const struct image_symbol *const **matches)
{
	const struct name_slot *slot = find_name_slot(index, name, hash_name(name));

	*matches =
		slot->count ? (const struct image_symbol *const *)&index->order[slot->first] : NULL;
	return slot->count;
}

void name_index_free(struct name_index *index)
{
	free(index->slots);
	free(index->order);
}
