/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which type of the one version of a unit is which of the other. */
#ifndef SUTURE_SAFETY_VERSIONS_H
#define SUTURE_SAFETY_VERSIONS_H

#include "base/vec.h"
#include "safety/types.h"

struct kernel_types;

/* A type of the one version and what it is called in the other. */
struct type_rename {
	const struct type *before, *after;
};

/* Two versions of a unit. */
struct type_versions {
	const struct unit_types *pre, *post;
	struct VEC(struct type_rename) renamed;
};

/*
 * Finds what got another name: of the types that are gone, and of those that are new, those of one
 * kind and file that the same variable, parameter or member is of, or that share most members.  A
 * type that the kernel has is not new; NULL: it is not known what it has.
 */
void type_versions_init(struct type_versions *versions, const struct unit_types *pre,
			const struct unit_types *post, const struct kernel_types *kernel);
void type_versions_free(struct type_versions *versions);
#define scope_type_versions __attribute__((cleanup(type_versions_free))) struct type_versions

/* What the type that is called so now was called before; NULL: it is new. */
const struct type *type_before(const struct type_versions *versions, const struct type *after);

enum type_likeness {
	TYPE_SAME,  /* but for const, volatile and the names of types that were renamed */
	TYPE_LIKE,  /* numbers of one size, pointers of which one is void *, what alone is in it */
	TYPE_OTHER, /* what was written as the one does not mean the same as the other */
};

/* How alike two types are by their spellings, of which an empty one is no type. */
enum type_likeness type_likeness(const struct type_versions *versions,
				 const struct spelling *before, const struct spelling *after);

#endif
