/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps what is collected from all units of a patch. */
#include "safety/collected.h"

#include <stdlib.h>

#include "base/alloc.h"

struct safety_types *safety_types_new(void)
{
	return xcalloc(1, sizeof(struct safety_types));
}

void safety_types_free(struct safety_types *types)
{
	if (!types)
		return;
	type_changes_free(&types->changed);
	vec_foreach(&types->functions, it) {
		str_vec_free(&it->inlined_new);
		str_vec_free(&it->inlined_gone);
		free(it->file);
		free(it->name);
	}
	vec_free(&types->functions);
	free(types);
}

void safety_types_freep(struct safety_types **typesp)
{
	safety_types_free(*typesp);
}

const struct type_fit_vec *safety_types_fits(const struct safety_types *types, const char *file,
					     const char *name)
{
	const struct changed_type *type = type_changes_find(&types->changed, name, file);

	return type ? &type->fits : NULL;
}
