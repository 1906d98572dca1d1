/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists two versions of a function's instructions side by side. */
#ifndef SUTURE_SAFETY_LISTING_H
#define SUTURE_SAFETY_LISTING_H

#include <stdbool.h>

#include "base/vec.h"
#include "elf/elf.h"

/* An instruction of either version; before or after may be NULL. */
struct code_pair {
	char *before, *after;
	bool same;
};

struct code_pair_vec VEC(struct code_pair);

/* Aligns two versions; a symbol may be NULL. */
void safety_compare_code(const struct elf_symbol *before, const struct elf_symbol *after,
			 struct code_pair_vec *pairs);
void code_pair_vec_free(struct code_pair_vec *pairs);

#endif
