/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes plain items of what the comparison found, for those who report it. */
#include "diff/items.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "diff/compare.h"
#include "diff/special.h"

static struct diff_item make_item(const struct atom *orig, const struct atom *patched)
{
	const struct atom *atom = orig ? orig : patched;
	struct diff_item item = {
		.kind = atom->kind == ATOM_FUNCTION ? DIFF_FUNCTION : DIFF_DATA,
		.flags = atom->flags | (patched ? patched->flags & DIFF_AMBIGUOUS : 0),
		.name = atom->symbol->name,
		.section = atom->section->name,
		.orig = orig ? orig->symbol : NULL,
		.patched = patched ? patched->symbol : NULL,
	};

	if (orig && patched) {
		item.change = orig->changed ? DIFF_CHANGED : DIFF_SAME;
		item.why = orig->why;
		item.was = orig->was;
		item.is = orig->is;
	} else {
		item.change = orig ? DIFF_REMOVED : DIFF_NEW;
		item.why = orig ? "the patch removes it" : "the patch adds it";
	}
	if (atom->kind == ATOM_FUNCTION && atom_is_traceable(atom))
		item.flags |= DIFF_TRACEABLE;
	return item;
}

/*
 * Returns whether the kernel does not have it any more: boot code was freed, and detached code
 * never existed.
 */
static bool is_gone_anyway(const struct atom *orig)
{
	return orig->detached || (orig->kind == ATOM_FUNCTION && orig->flags & DIFF_INIT);
}

static bool is_register(const struct atom *atom)
{
	return atom->kind == ATOM_UNNAMED && atom->flags & DIFF_REGISTERED;
}

static const struct atom *same_register(const struct side *side, const struct atom *like)
{
	vec_foreach(&side->atoms, it)
		if (is_register(*it) && !strcmp((*it)->section->name, like->section->name))
			return *it;
	return NULL;
}

static void add_register(struct diff *diff, const struct atom *atom)
{
	diff->items[diff->nr_items++] = (struct diff_item){
		.kind = DIFF_DATA,
		.change = DIFF_CHANGED,
		.flags = atom->flags,
		.name = atom->section->name,
		.section = atom->section->name,
		.why = "its entries differ",
	};
}

/* Compares lists without names through which the kernel finds code, such as the PCI quirks. */
static void compare_registers(struct diff *diff)
{
	vec_foreach(&diff->patched.atoms, it) {
		const struct atom *orig = is_register(*it) ? same_register(&diff->orig, *it) : NULL;

		if (is_register(*it) && !(orig && atom_content_equal(orig, *it)))
			add_register(diff, *it);
	}
	vec_foreach(&diff->orig.atoms, it)
		if (is_register(*it) && !same_register(&diff->patched, *it))
			add_register(diff, *it);
}

void diff_make_items(struct diff *diff)
{
	size_t max = diff->orig.atoms.len + diff->patched.atoms.len;

	free(diff->items);
	diff->nr_items = 0;
	diff->items = xcalloc(max, sizeof(*diff->items));
	vec_foreach(&diff->patched.atoms, it)
		if ((*it)->symbol && !(*it)->copied)
			diff->items[diff->nr_items++] = make_item((*it)->twin, *it);
	vec_foreach(&diff->orig.atoms, it)
		if ((*it)->symbol && !(*it)->copied && !(*it)->twin && !is_gone_anyway(*it))
			diff->items[diff->nr_items++] = make_item(*it, NULL);
	compare_registers(diff);
}
