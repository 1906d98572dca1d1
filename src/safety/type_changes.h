/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the types that a patch changes, over all units. */
#ifndef SUTURE_SAFETY_TYPE_CHANGES_H
#define SUTURE_SAFETY_TYPE_CHANGES_H

#include <stdbool.h>

#include "base/vec.h"
#include "safety/context.h"
#include "safety/layout.h"
#include "safety/safety.h"

struct changed_type {
	char *name;
	char *declarer; /* as in struct type */
	char *where;	/* "include/linux/foo.h" */
	unsigned line;
	enum type_kind kind;
	struct type_change change;
	char *old_name;		      /* NULL if it is the same */
	struct str_vec before, after; /* a line for each member */
	struct str_vec users;	      /* changed functions with a variable of it */
	struct str_vec
		embeds; /* types that it contains, to find out whether it only grew with them */
	struct str_vec derived;	  /* types that changed only because they contain this one */
	struct type_fit_vec fits; /* see padding_fit() */
	bool reached;		  /* from the variables of changed functions */
	bool beside_changes;	  /* another function of its file changes */
	bool stack_only;
	enum {
		SHIPPED_UNKNOWN,
		SHIPPED_SAME,
		SHIPPED_OTHER
	} shipped; /* what BTF says about before */
};

struct changed_type_vec VEC(struct changed_type *);

void type_changes_free(struct changed_type_vec *types);

/* Returns the changed type of that name in that file, or NULL. */
struct changed_type *type_changes_find(const struct changed_type_vec *types, const char *name,
				       const char *where);

/* Adds the types of the unit that differ, and marks those that changed functions reach. */
void type_changes_add(struct changed_type_vec *types, const struct unit_context *context);

#endif
