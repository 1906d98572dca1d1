/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the items that diff_items() hands out of what is known of the atoms. */
#ifndef SUTURE_DIFF_ITEMS_H
#define SUTURE_DIFF_ITEMS_H

#include "diff/atom.h"

struct diff {
	struct side orig, patched;
	struct diff_item *items;
	size_t nr_items;
};

/* Makes the items again; items that were returned before become invalid. */
void diff_make_items(struct diff *diff);

#endif
