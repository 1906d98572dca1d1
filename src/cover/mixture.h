/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a file's text with the new version of some atoms and the old version of all others. */
#ifndef SUTURE_COVER_MIXTURE_H
#define SUTURE_COVER_MIXTURE_H

#include "base/strbuf.h"
#include "cover/atom_file.h"

/* The lines of an atom in a mixture, counted from 1. */
struct atom_lines {
	size_t atom;
	unsigned first, last;
};

struct atom_lines_vec VEC(struct atom_lines);

/*
 * Appends the text, and the lines of each new version in it. The file must be cut. carried[] has an
 * entry for each atom of all files: true selects the new version, or the text in refitted[] where
 * that is not NULL.
 */
void mixture_write(const struct atom_file *file, const bool *carried, char *const *refitted,
		   struct strbuf *text, struct atom_lines_vec *lines);

#endif
