/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types that a patch changes, over all units. */
#ifndef SUTURE_SAFETY_TYPE_CHANGES_H
#define SUTURE_SAFETY_TYPE_CHANGES_H

#include <stdbool.h>

#include "base/vec.h"
#include "safety/context.h"
#include "safety/layout.h"

struct changed_type {
	char *name;
	char *where; /* "include/linux/foo.h" */
	unsigned line;
	enum type_kind kind;
	struct type_change change;
	char *old_name;		      /* NULL: the same */
	struct str_vec before, after; /* a line for each member */
	struct str_vec users;	      /* changed functions that have it among their variables */
	struct str_vec embeds;	/* what it holds, for finding out whether it only grew with that */
	struct str_vec derived; /* types that changed only because they hold this one */
	bool reached;		/* from the variables of changed functions */
	bool beside_changes;	/* in a file of which any function changes */
	bool stack_only;
	enum { SHIPPED_UNKNOWN, SHIPPED_SAME, SHIPPED_OTHER } shipped; /* what BTF says of before */
};

struct changed_type_vec VEC(struct changed_type *);

void type_changes_free(struct changed_type_vec *types);

/* Adds the types of the unit that differ; marks in its types those that changed functions reach. */
void type_changes_add(struct changed_type_vec *types, const struct unit_context *context);

#endif
