/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers how a unit was compiled, so that pair_recompile() can compile it once more. */
#ifndef SUTURE_PAIR_RECOMPILE_H
#define SUTURE_PAIR_RECOMPILE_H

#include "pair/pairing.h"

/* unit was compiled; free with pair_recipe_free(). */
struct pair_recipe *pair_recipe_new(const struct pairing *pairing, const struct paired_unit *unit);
void pair_recipe_free(struct pair_recipe *recipe);

#endif
