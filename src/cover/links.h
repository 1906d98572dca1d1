/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups atoms that depend on each other into units, which are carried as a whole or not at all. */
#ifndef SUTURE_COVER_LINKS_H
#define SUTURE_COVER_LINKS_H

#include "cover/atoms.h"

/*
 * Sets unit[i] for each atom i so that links_unit() finds the unit. The caller allocates an entry
 * for each atom.
 */
void links_find(const struct atoms *atoms, size_t *unit);

/* Merges the units of two atoms. */
void links_join(size_t *unit, size_t one, size_t two);

/* Returns the atom that represents an atom's unit: the first of its members. */
size_t links_unit(size_t *unit, size_t atom);

#endif
