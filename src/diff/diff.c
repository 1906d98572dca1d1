/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two objects as a whole, step by step. */
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/interrupt.h"
#include "diff/compare.h"
#include "diff/correlate.h"
#include "diff/items.h"
#include "diff/side.h"
#include "diff/tables.h"

struct err *diff_new(const struct elf_object *orig, const struct elf_object *patched,
		     struct diff **diffp)
{
	scope_diff diff = xcalloc(1, sizeof(*diff));

	err_try(side_init(&diff->orig, orig));
	err_try(side_init(&diff->patched, patched));
	correlate(&diff->orig, &diff->patched);
	err_try(tables_release(&diff->orig, &diff->patched));
	compare_sides(&diff->orig);
	if (interrupt_pending())
		return interrupt_error();
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
