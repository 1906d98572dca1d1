/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps strings to numbers by a hash table with open addressing. */
#include "base/strmap.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"

struct strmap_slot {
	const char *key; /* NULL: free */
	uint64_t hash;
	uint32_t value;
};

void strmap_free(struct strmap *map)
{
	free(map->slots);
	*map = (struct strmap){};
}

/* Returns the slot of key, or the free slot where it belongs; the map is never full. */
static struct strmap_slot *strmap_find(const struct strmap *map, const char *key, uint64_t hash)
{
	for (size_t i = hash & (map->size - 1);; i = (i + 1) & (map->size - 1)) {
		struct strmap_slot *slot = &map->slots[i];

		if (!slot->key || (slot->hash == hash && !strcmp(slot->key, key)))
			return slot;
	}
}

static void strmap_grow(struct strmap *map)
{
	struct strmap larger = {.size = map->size ? map->size * 2 : 1024, .used = map->used};

	larger.slots = xcalloc(larger.size, sizeof(*larger.slots));
	for (size_t i = 0; i < map->size; i++) {
		if (map->slots[i].key)
			*strmap_find(&larger, map->slots[i].key, map->slots[i].hash) =
				map->slots[i];
	}
	free(map->slots);
	*map = larger;
}

uint32_t strmap_get(const struct strmap *map, const char *key)
{
	if (!map->size)
		return STRMAP_NONE;

	const struct strmap_slot *slot = strmap_find(map, key, XXH3_64bits(key, strlen(key)));

	return slot->key ? slot->value : STRMAP_NONE;
}

void strmap_set(struct strmap *map, const char *key, uint32_t value)
{
	uint64_t hash = XXH3_64bits(key, strlen(key));

	if (map->used * 2 >= map->size)
		strmap_grow(map);

	struct strmap_slot *slot = strmap_find(map, key, hash);

	map->used += !slot->key;
	*slot = (struct strmap_slot){key, hash, value};
}
