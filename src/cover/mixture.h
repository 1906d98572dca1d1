/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a file that has some of its atoms as they become, and the others as they are. */
#ifndef SUTURE_COVER_MIXTURE_H
#define SUTURE_COVER_MIXTURE_H

#include "base/strbuf.h"
#include "cover/atoms.h"

/* Where an atom is in a mixture. */
struct atom_lines {
	size_t atom;
	unsigned first, last;
};

struct atom_lines_vec VEC(struct atom_lines);

/* The file must be cut; carried[] says of each atom of all whether it is as it becomes. */
void mixture_write(const struct atom_file *file, const bool *carried, struct strbuf *text,
		   struct atom_lines_vec *lines);

#endif
