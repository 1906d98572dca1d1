/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups atoms that depend on each other into units, which are carried as a whole or not at all. */
#ifndef SUTURE_COVER_LINKS_H
#define SUTURE_COVER_LINKS_H

#include "cover/atoms.h"

/* An atom that needs the change of another one, which does not need it. */
struct atom_need {
	size_t atom, needed;
};

struct atom_need_vec VEC(struct atom_need);

/*
 * Sets unit[i] for each atom i so that links_unit() finds the unit. The caller allocates an entry
 * for each atom. Appends what atoms need outside their unit.
 */
void links_find(const struct atoms *atoms, size_t *unit, struct atom_need_vec *needs);

/* Merges the units of two atoms. */
void links_join(size_t *unit, size_t one, size_t two);

/* Returns the atom that represents an atom's unit: the first of its members. */
size_t links_unit(size_t *unit, size_t atom);

#endif
