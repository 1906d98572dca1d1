/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By which names the carried changes of a header reach those who include it. */
#ifndef SUTURE_COVER_HEADER_NAMES_H
#define SUTURE_COVER_HEADER_NAMES_H

#include <stdbool.h>

#include "cover/atoms.h"

/*
 * What is new cannot be named by text that does not change, and changes that name it are carried
 * with it; so only names that both versions have count: of a structure, those of members that
 * change, of an enumeration, those of constants that get other values.  The file must be cut.
 */
void header_names_find(const struct atoms *atoms, size_t file, const bool *carried,
		       struct str_vec *names);

/* Whether those who include the header may notice a change of this atom at all. */
bool header_atom_reaches(const struct source_atom *atom);

#endif
