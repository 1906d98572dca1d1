/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds locks that are variables, and the functions that name them. */
#ifndef SUTURE_SAFETY_LOCK_VARIABLES_H
#define SUTURE_SAFETY_LOCK_VARIABLES_H

#include "base/vec.h"
#include "safety/call_changes.h"

struct lock_use {
	const char *name;	      /* of the variable; belongs to the unit's types */
	struct str_vec before, after; /* functions that name it in each version */
};

struct lock_use_vec VEC(struct lock_use);

/* Lists the locks that all functions of the unit can name. */
void lock_uses_read(const struct unit_context *context, struct lock_use_vec *locks);
void lock_uses_free(struct lock_use_vec *locks);
#define scope_lock_uses __attribute__((cleanup(lock_uses_free))) struct lock_use_vec

/*
 * Returns the first lock that the function takes or passes on and that its old version did not; or
 * NULL.
 */
const char *lock_uses_new(const struct unit_context *context, const struct function_calls_vec *all,
			  const struct function_calls *function, const struct lock_use_vec *locks);

#endif
