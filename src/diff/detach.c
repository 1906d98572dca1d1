/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handles objects that were compiled differently from the kernel: decides which of their functions
 * the kernel also has, and what to do with the others.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "diff/compare.h"
#include "diff/items.h"

static bool is_clone(const struct atom *function)
{
	return strchr(function->canonical, '.');
}

const struct elf_symbol *diff_counterpart(const struct diff *diff, const struct elf_symbol *patched)
{
	const struct atom *atom = patched->index < diff->patched.nr_symbols
					  ? diff->patched.by_symbol[patched->index]
					  : NULL;

	if (!atom || atom->symbol != patched || !atom->twin)
		return NULL;
	/*
	 * The compiler chooses the arguments of a clone, so only a clone with the same code has the
	 * same ones.
	 */
	if (atom->changed && (atom->kind != ATOM_FUNCTION || is_clone(atom)))
		return NULL;
	return atom->twin->symbol;
}

static bool calls(const struct atom *atom, const struct atom *callee)
{
	for (size_t i = 0; i < atom->refs.len; i++)
		if (atom->refs.data[i].target == callee && atom->refs.data[i].branch)
			return true;
	return atom->cold && calls(atom->cold, callee);
}

static void change_callers(const struct side *side, const struct atom *callee, bool *again)
{
	vec_foreach(&side->atoms, it) {
		struct atom *caller = *it;

		if (caller->kind != ATOM_FUNCTION || caller->parent || !caller->twin ||
		    caller->changed || caller == callee || !calls(caller, callee))
			continue;
		atom_change(caller, "calls %s, which changes and is not a function of the kernel",
			    callee->symbol->name);
		*again = true;
	}
}

static void detach(struct atom *atom)
{
	struct atom *twin = atom->twin;

	if (!twin)
		return;
	atom->twin = twin->twin = NULL;
	atom->changed = twin->changed = false;
	atom->detached = true;
	if (atom->cold)
		detach(atom->cold);
	if (twin->cold && twin->cold->twin)
		detach(twin->cold->twin);
}

static bool is_foreign(const struct atom *atom,
		       bool (*known)(void *ctx, const struct elf_symbol *orig), void *ctx)
{
	return atom->kind == ATOM_FUNCTION && !atom->parent && atom->twin &&
	       !(atom->flags & DIFF_INIT) && !known(ctx, atom->symbol);
}

void diff_detach(struct diff *diff, bool (*known)(void *ctx, const struct elf_symbol *orig),
		 void *ctx)
{
	bool again = true;

	while (again) {
		again = false;
		vec_foreach(&diff->orig.atoms, it)
			if ((*it)->changed && is_foreign(*it, known, ctx))
				change_callers(&diff->orig, *it, &again);
	}
	vec_foreach(&diff->orig.atoms, it)
		if (is_foreign(*it, known, ctx))
			detach(*it);
	diff_make_items(diff);
}
