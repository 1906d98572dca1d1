/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds how two versions of a type differ, member by member. */
#ifndef SUTURE_SAFETY_LAYOUT_H
#define SUTURE_SAFETY_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "safety/types.h"
#include "safety/versions.h"

/* Describes how two versions of a type differ, the most dangerous differences first. */
struct type_change {
	unsigned moved, resized, replaced, recast, retyped, added_end, added_padding, shared,
		removed, renumbered, reused;
	unsigned not_set_up; /* added in padding, where objects must have initialised them */
	bool sentinel; /* only constants that mark the end of the enumeration were renumbered */
	bool derived;  /* only a type inside it changed */
	uint64_t size_before, size_after;
	bool differs;	/* the two versions are not the same */
	char *text;	/* for people: which members moved, from where to where */
	char *constant; /* the first one of an enumeration whose value changes, or NULL */
};

/*
 * Returns the member of the other version that has the member's name; the order tells unnamed ones
 * apart.  NULL if there is none.
 */
const struct type_member *type_counterpart(const struct type *type,
					   const struct type_member *member,
					   const struct type *other);

/* Compares two versions. */
void type_compare(const struct type_versions *versions, const struct type *before,
		  const struct type *after, struct type_change *change);
void type_change_free(struct type_change *change);

/* Adds a line for each member: place, size, type and name. */
void type_render(const struct type *type, struct str_vec *lines);

#endif
