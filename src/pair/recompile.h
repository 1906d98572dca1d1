/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping what pair_recompile() needs. */
#ifndef SUTURE_PAIR_RECOMPILE_H
#define SUTURE_PAIR_RECOMPILE_H

#include "pair/build.h"

/* Of a unit that was compiled; owned by the caller. */
struct pair_recompile *pair_recipe_new(const struct build *build, const struct reached *unit);
void pair_recipe_free(struct pair_recompile *again);

#endif
