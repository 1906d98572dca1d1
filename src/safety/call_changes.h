/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds how the calls of changed functions differ between the two versions of a unit. */
#ifndef SUTURE_SAFETY_CALL_CHANGES_H
#define SUTURE_SAFETY_CALL_CHANGES_H

#include "base/text.h"
#include "base/vec.h"
#include "safety/context.h"

/* A function of the unit, in one version or both, and what each version calls. */
struct function_calls {
	const struct diff_item *item;
	struct call_vec before, after;
};

struct function_calls_vec VEC(struct function_calls);

/* Lists the functions that are changed, new or gone, except boot code and cold parts. */
void function_calls_read(const struct unit_context *context, struct function_calls_vec *all);
void function_calls_free(struct function_calls_vec *all);
#define scope_function_calls __attribute__((cleanup(function_calls_free))) struct function_calls_vec

/* Returns whether "foo" and "foo.part.0" come from the same function of the source. */
bool call_changes_same_root(const char *a, const char *b);

/*
 * Returns whether one of the two calls the other in either version, so that code can move between
 * them.
 */
bool call_changes_are_related(const struct unit_context *context, const struct diff_item *a,
			      const struct diff_item *b);

/*
 * Adds "name 1 → 2" for each callee of that kind that the two versions call a different number of
 * times. With only_ends, it adds only callees that one of the versions does not call at all.
 */
void function_calls_compare(const struct unit_context *context,
			    const struct function_calls_vec *all,
			    const struct function_calls *function, enum known_kind kind,
			    bool only_ends, struct names *names);

#endif
