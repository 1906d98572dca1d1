/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The comparison as a whole, and its outcome as plain items. */
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "diff/diff_internal.h"

/* Where ftrace can take hold: behind an endbr64 at most (and behind call padding). */
#define MAX_FENTRY_OFFSET 8

bool atom_is_traceable(const struct atom *function)
{
	vec_foreach(&function->entries, entry) {
		if (!strcmp(entry->special->name, "__mcount_loc") &&
		    entry->refs.data[0].inside <= MAX_FENTRY_OFFSET)
			return true;
	}
	return function->refs.len && function->refs.data[0].offset <= MAX_FENTRY_OFFSET &&
	       !strcmp(function->refs.data[0].symbol->name, "__fentry__");
}

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
	} else {
		item.change = orig ? DIFF_REMOVED : DIFF_NEW;
		item.why = orig ? "no longer there" : "was not there before";
	}
	if (atom->kind == ATOM_FUNCTION && atom_is_traceable(atom))
		item.flags |= DIFF_TRACEABLE;
	return item;
}

/* Start-up code left memory long before any patch could remove it; the kernel lacks the detached.
 */
static bool is_gone(const struct atom *orig)
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

/* Lists without names through which the kernel finds code: the PCI quirks. */
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
		if ((*it)->symbol && !(*it)->copied && !(*it)->twin && !is_gone(*it))
			diff->items[diff->nr_items++] = make_item(*it, NULL);
	compare_registers(diff);
}

struct err *diff_new(const struct elf_object *orig, const struct elf_object *patched,
		     struct diff **diffp)
{
	scope_diff diff = xcalloc(1, sizeof(*diff));

	err_try(side_init(&diff->orig, orig));
	err_try(side_init(&diff->patched, patched));
	correlate(&diff->orig, &diff->patched);
	err_try(tables_release(&diff->orig, &diff->patched));
	compare_sides(&diff->orig);
	diff_make_items(diff);
	*diffp = take_ptr(diff);
	return NULL;
}

void diff_free(struct diff *diff)
{
	if (!diff)
		return;
	side_free(&diff->orig);
	side_free(&diff->patched);
	free(diff->items);
	free(diff);
}

void diff_freep(struct diff **diffp)
{
	diff_free(*diffp);
}

const struct diff_item *diff_items(const struct diff *diff, size_t *count)
{
	*count = diff->nr_items;
	return diff->items;
}

bool diff_is_empty(const struct diff *diff)
{
	for (size_t i = 0; i < diff->nr_items; i++)
		if (diff->items[i].change != DIFF_SAME)
			return false;
	return true;
}

const char *diff_change_name(enum diff_change change)
{
	static const char *const names[] = {
		[DIFF_SAME] = "unchanged",
		[DIFF_CHANGED] = "changed",
		[DIFF_NEW] = "new",
		[DIFF_REMOVED] = "removed",
	};

	return names[change];
}
