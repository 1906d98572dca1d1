/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps strings to small numbers. Keys are not copied and must outlive the map. */
#ifndef SUTURE_BASE_STRMAP_H
#define SUTURE_BASE_STRMAP_H

#include <stddef.h>
#include <stdint.h>

#define STRMAP_NONE UINT32_MAX

struct strmap {
	struct strmap_slot *slots;
	size_t size, used;
};

void strmap_free(struct strmap *map);
#define scope_strmap __attribute__((cleanup(strmap_free))) struct strmap

/* Returns the value of key, or STRMAP_NONE. */
uint32_t strmap_get(const struct strmap *map, const char *key);

/* Sets the value of key, of which the map keeps no copy: it must outlive the map. */
void strmap_set(struct strmap *map, const char *key, uint32_t value);

#endif
