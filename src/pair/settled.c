/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the units that need not be compiled again. */
#include "pair/settled.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void settled_units_free(struct settled_unit_vec *units)
{
	vec_foreach(units, it) {
		free(it->source);
		free(it->post);
	}
	vec_free(units);
}

static int settled_unit_compare(const void *a, const void *b)
{
	return strcmp(((const struct settled_unit *)a)->source,
		      ((const struct settled_unit *)b)->source);
}

void settled_units_sort(struct settled_unit_vec *units)
{
	if (units->len)
		qsort(units->data, units->len, sizeof(*units->data), settled_unit_compare);
}

const struct settled_unit *settled_unit_find(const struct settled_unit_vec *units,
					     const char *source)
{
	const struct settled_unit key = {.source = (char *)source};

	if (!units || !units->len)
		return NULL;
	return bsearch(&key, units->data, units->len, sizeof(*units->data), settled_unit_compare);
}

void settled_units_add(struct settled_unit_vec *units, const struct settled_unit *unit)
{
	vec_push(units, (struct settled_unit){.source = xstrdup(unit->source),
					      .post = unit->post ? xstrdup(unit->post) : NULL,
					      .hash = unit->hash,
					      .needed = unit->needed});
}
