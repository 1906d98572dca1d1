/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the calls of changed functions differ between the two versions of a unit. */
#ifndef SUTURE_SAFETY_CALL_CHANGES_H
#define SUTURE_SAFETY_CALL_CHANGES_H

#include "base/text.h"
#include "base/vec.h"
#include "safety/context.h"

/* A function of the unit, in one version or both, with what each calls. */
struct function_calls {
	const struct diff_item *item;
	struct call_vec before, after;
};

struct function_calls_vec VEC(struct function_calls);

/* Those that are changed, new or gone, start-up code and cold parts aside. */
void function_calls_read(const struct unit_context *context, struct function_calls_vec *all);
void function_calls_free(struct function_calls_vec *all);
#define scope_function_calls __attribute__((cleanup(function_calls_free))) struct function_calls_vec

/* Whether "foo" and "foo.part.0" come from one function of the source. */
bool same_root(const char *a, const char *b);

/* Whether one of the two calls the other in either version, so that code can move between them. */
bool are_related(const struct unit_context *context, const struct diff_item *a,
		 const struct diff_item *b);

/*
 * Adds "name 1 → 2" for each callee of that kind which both versions call a different number of
 * times; only_ends: those alone that one version does not call at all.
 */
void function_calls_compare(const struct unit_context *context,
			    const struct function_calls_vec *all,
			    const struct function_calls *function, enum known_kind kind,
			    bool only_ends, struct names *names);

#endif
