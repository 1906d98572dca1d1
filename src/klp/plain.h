/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiles units without constructs that a live patch cannot carry: constants that the kernel
 * writes into its code at boot, and static branches on a module's keys.  Both sides of such a unit
 * are compiled once more, with headers that express the same in plain C, and the part to be loaded
 * is taken from that pair.  The first pair still serves to prove that the source is the kernel's.
 */
#ifndef SUTURE_KLP_PLAIN_H
#define SUTURE_KLP_PLAIN_H

#include "klp/build.h"

/*
 * Looks at the parts that were selected.  Sets *changed if it has compiled a plain pair for a unit,
 * so that the parts have to be selected again.
 */
struct err *plain_make(struct build *build, bool *changed);
void plain_free(struct plain *plain);

/* Returns the comparison that parts come from. */
struct diff *unit_diff(const struct unit *unit);

/*
 * Returns the symbol of the unit's own original object for a symbol of the original object behind
 * unit_diff(); NULL if there is none.
 */
const struct elf_symbol *unit_shipped(const struct unit *unit, const struct elf_symbol *orig);

#endif
