/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs each removed chunk with the inserted chunk that replaces it; a pair makes one atom. */
#ifndef SUTURE_COVER_PAIRING_H
#define SUTURE_COVER_PAIRING_H

#include "cover/atom_file.h"

/*
 * Returns whether the file can be divided into atoms: between two unchanged chunks, every
 * conditional that is added or removed must be complete, from #if to #endif.
 */
bool pairing_can_cut(const struct atom_file *file);

/*
 * Sets file->atom_of, which must have an entry for each step, to numbers from first on. Reorders
 * the steps so that the two chunks of an atom are neighbours. Returns how many atoms there are.
 */
size_t pairing_assign(struct atom_file *file, size_t first);

#endif
