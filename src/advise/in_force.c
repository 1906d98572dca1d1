/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix of a live patch that is enabled is not in force where a later patch, a BPF program or
 * another direct call has the function.
 */
#include "advise/in_force.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

char *in_force_obstacle(const struct live_patch *patch, struct live_attached *attached)
{
	vec_foreach(&patch->objects, object)
		vec_foreach(&object->functions, it) {
			const struct live_place place = {object->name, it->name, it->sympos};
			scope_free char *over = NULL;

			if (it->top && strcmp(it->top, patch->name))
				return xasprintf("the code of %s runs instead of its %s", it->top,
						 it->name);
			over = live_attached_over(attached, &place);
			if (over)
				return xasprintf("%s at %s may run instead of it", over, it->name);
		}
	return NULL;
}
