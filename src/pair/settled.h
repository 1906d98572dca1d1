/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Units in which an earlier build found nothing to refuse, for a caller that builds a large change
 * repeatedly and leaves out more of it each time.
 */
#ifndef SUTURE_PAIR_SETTLED_H
#define SUTURE_PAIR_SETTLED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

struct settled_unit {
	char *source;  /* "fs/pipe.c" */
	char *post;    /* its patched object, in the cache; NULL: it is as the unpatched one */
	uint64_t hash; /* file_hash() of post */
	bool needed;   /* other units may depend on its symbols, so that it is never skipped */
};

struct settled_unit_vec VEC(struct settled_unit);

void settled_units_free(struct settled_unit_vec *units);
void settled_units_sort(struct settled_unit_vec *units);

/* Returns the unit of that source, or NULL if the sorted list, which may be NULL, has none. */
const struct settled_unit *settled_unit_find(const struct settled_unit_vec *units,
					     const char *source);

/* Adds a copy. */
void settled_units_add(struct settled_unit_vec *units, const struct settled_unit *unit);

#endif
