/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which atoms belong together: they are carried together, or not at all. */
#ifndef SUTURE_COVER_LINKS_H
#define SUTURE_COVER_LINKS_H

#include "cover/atoms.h"

/* unit[i] becomes the number of the atom that stands for the unit of atom i. */
void links_find(const struct atoms *atoms, size_t *unit);

/* Joins the units of two atoms. */
void links_join(size_t *unit, size_t one, size_t two);

/* The atom that stands for the unit of an atom. */
size_t links_unit(size_t *unit, size_t atom);

#endif
