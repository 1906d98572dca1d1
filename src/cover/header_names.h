/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the names through which a header's carried changes affect the files that include it. */
#ifndef SUTURE_COVER_HEADER_NAMES_H
#define SUTURE_COVER_HEADER_NAMES_H

#include <stdbool.h>

#include "cover/atoms.h"

/*
 * Adds the names that unchanged text may use to see a carried change. Except for macros, only names
 * that both versions declare count, since unchanged text cannot use a new name, and changed text
 * that uses one is in the same unit. For a structure these are the members that change, and for an
 * enumeration the constants that get other values. The file must be cut.
 */
void header_names_find(const struct atoms *atoms, size_t file, const bool *carried,
		       struct str_vec *names);

/*
 * Adds the names of the types that carried changes of a header define. The debug data of a file
 * that uses such a type describe it, even where no code of the file depends on the change.
 */
void header_types_find(const struct atoms *atoms, size_t file, const bool *carried,
		       struct str_vec *names);

/* Returns whether this atom's change can affect any file that includes the header. */
bool header_atom_reaches(const struct source_atom *atom);

#endif
