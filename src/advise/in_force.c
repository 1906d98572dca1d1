/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix of a live patch that is enabled is not in force where a later patch, a BPF program or
 * another direct call has the function.
 */
#include "advise/in_force.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"

char *in_force_obstacle(const struct live_patch *patch, const struct live_attached *attached)
{
	vec_foreach(&patch->objects, object)
		vec_foreach(&object->functions, it) {
			struct live_users users =
				live_attached_users(attached, object->name, it->name);

			if (it->top && strcmp(it->top, patch->name))
				return xasprintf("the code of %s runs instead of its %s", it->top,
						 it->name);
			if (users.direct &&
			    (!users.keyed || bpf_links_decide(&attached->links, users.key)))
				return xasprintf(
					"a direct call or BPF program at %s may run instead of it",
					it->name);
		}
	return NULL;
}
