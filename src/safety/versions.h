/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches the types of one version of a unit to those of the other. */
#ifndef SUTURE_SAFETY_VERSIONS_H
#define SUTURE_SAFETY_VERSIONS_H

#include "base/vec.h"
#include "safety/types.h"

struct kernel_types;

/* A type and the name that it has in the other version. */
struct type_rename {
	const struct type *before, *after;
};

/* Two versions of a unit. */
struct type_versions {
	const struct unit_types *pre, *post;
	struct VEC(struct type_rename) renamed;
};

/*
 * Finds renamed types. A removed type and a new one of the same kind and file match if the same
 * variable, parameter or member is of them, or if they share most members. A type that the kernel
 * has is not new; kernel is NULL if its types are not known.
 */
void type_versions_init(struct type_versions *versions, const struct unit_types *pre,
			const struct unit_types *post, const struct kernel_types *kernel);
void type_versions_free(struct type_versions *versions);
#define scope_type_versions __attribute__((cleanup(type_versions_free))) struct type_versions

/* Returns the earlier version of a type under its old name; NULL if it is new. */
const struct type *type_before(const struct type_versions *versions, const struct type *after);

enum type_likeness {
	TYPE_SAME,  /* except for qualifiers and the names of renamed types */
	TYPE_LIKE,  /* numbers of one size, a pointer and void *, a type and its only member */
	TYPE_OTHER, /* values written as one do not mean the same as the other */
};

/* Judges how alike two types are by their spellings; an empty spelling is no type. */
enum type_likeness type_likeness(const struct type_versions *versions,
				 const struct spelling *before, const struct spelling *after);

#endif
