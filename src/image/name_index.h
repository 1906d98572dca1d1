/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbols grouped by name.  The symbols belong to the caller and have to outlive the index. */
#ifndef SUTURE_IMAGE_NAME_INDEX_H
#define SUTURE_IMAGE_NAME_INDEX_H

#include <stddef.h>

#include "image/image.h"

struct name_index {
	const struct image_symbol *symbols;
	struct name_slot *slots;
	size_t slot_mask;
	const struct image_symbol **order; /* by name, then as in kallsyms */
};

void name_index_build(struct name_index *index, const struct image_symbol *symbols, size_t count);

/*
 * Returns the number of symbols of that name; *matches is the array of them, or NULL if there are
 * none.
 */
size_t name_index_find(const struct name_index *index, const char *name,
		       const struct image_symbol *const **matches);
void name_index_free(struct name_index *index);

#endif
