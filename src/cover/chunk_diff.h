/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shortest way from one list of chunks to another, by what is left out and what is put in. */
#ifndef SUTURE_COVER_CHUNK_DIFF_H
#define SUTURE_COVER_CHUNK_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "reach/cchunks.h"

enum chunk_op { CHUNK_SAME, CHUNK_OUT, CHUNK_IN };

struct chunk_step {
	enum chunk_op op;
	size_t before, after; /* the next chunk on either side, where the step is taken */
};

struct chunk_step_vec VEC(struct chunk_step);

/*
 * Steps in order, each of one chunk on a side.  False when the two have so little in common that
 * the way is not looked for.
 */
bool chunk_diff(const struct cchunk_vec *before, const struct cchunk_vec *after,
		struct chunk_step_vec *steps);

#endif
