/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes a file that differs: the chunks of both versions, and the atom that each belongs to. */
#ifndef SUTURE_COVER_ATOM_FILE_H
#define SUTURE_COVER_ATOM_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "cover/chunk_diff.h"
#include "cover/tree_diff.h"
#include "reach/cfile.h"

#define NO_ATOM SIZE_MAX

/* A file that differs. Its atoms have the numbers from first to end - 1. */
struct atom_file {
	const struct tree_change *change;
	size_t first, end;
	bool is_cut;
	struct cfile text[2];		  /* before and after; empty if the file is not cut */
	struct VEC(const char *) ends[2]; /* the end of each chunk in text[] */
	struct chunk_step_vec
		steps; /* in the order in which a mixture of both versions is written */
	struct VEC(size_t) atom_of; /* for each step: its atom, or NO_ATOM for an unchanged chunk */
};

struct atom_file_vec VEC(struct atom_file);

/* Returns the chunk that a step concerns, and sets *text to the version that contains it. */
const struct cchunk *atom_file_chunk(const struct atom_file *file, const struct chunk_step *step,
				     const struct cfile **text);

/*
 * Returns the text of a chunk with the white space and the comments before it, or of what follows
 * the last chunk, and sets *len to its length in bytes.
 */
const char *atom_file_piece(const struct atom_file *file, unsigned side, size_t chunk, size_t *len);

/* Frees all that the file holds; not the change that it refers to. */
void atom_file_free(struct atom_file *file);

#endif
