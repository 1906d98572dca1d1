/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the fewest removals and insertions that turn one list of chunks into another. */
#ifndef SUTURE_COVER_CHUNK_DIFF_H
#define SUTURE_COVER_CHUNK_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "reach/cchunks.h"

enum chunk_op { CHUNK_SAME, CHUNK_OUT, CHUNK_IN };

struct chunk_step {
	enum chunk_op op;
	size_t before, after; /* index of the next chunk in each version when the step begins */
};

struct chunk_step_vec VEC(struct chunk_step);

/*
 * Appends the steps in order; each concerns one chunk of one version, or one chunk that both
 * versions contain. Returns false, without steps, if the versions differ too much.
 */
bool chunk_diff(const struct cchunk_vec *before, const struct cchunk_vec *after,
		struct chunk_step_vec *steps);

#endif
