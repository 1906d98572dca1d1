/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which chunk that goes and which chunk that comes are one thing that changes. */
#ifndef SUTURE_COVER_PAIRING_H
#define SUTURE_COVER_PAIRING_H

#include "cover/atoms.h"

/*
 * Whether all conditionals that come or go stand with what they enclose between unchanged chunks.
 * A file in which others change cannot be cut.
 */
bool pairing_can_cut(const struct atom_file *file);

/*
 * Numbers the atoms of a file from first on, by file->atom_of, which has an entry for each step.
 * Reorders the steps so that both chunks of an atom stand together.  The number of atoms.
 */
size_t pairing_assign(struct atom_file *file, size_t first);

#endif
