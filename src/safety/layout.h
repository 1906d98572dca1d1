/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How two versions of a type differ, member by member. */
#ifndef SUTURE_SAFETY_LAYOUT_H
#define SUTURE_SAFETY_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "safety/types.h"
#include "safety/versions.h"

/* How two versions of a type differ, the worst first in weight. */
struct type_change {
	unsigned moved, resized, replaced, recast, retyped, added_end, added_padding, shared,
		removed, renumbered, reused;
	bool sentinel; /* renumbered: nothing but the names behind the last one */
	bool derived;  /* only because of a type inside it that changed */
	uint64_t size_before, size_after;
	char *text; /* for people: what moved, from where to where */
};

/* text NULL: they are the same. */
void type_compare(const struct type_versions *versions, const struct type *before,
		  const struct type *after, struct type_change *change);
void type_change_free(struct type_change *change);

#endif
