/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUTURE_REACH_INCLUDE_GRAPH_ENCODE_H
#define SUTURE_REACH_INCLUDE_GRAPH_ENCODE_H

#include <stdint.h>

#include "base/vec.h"

struct graph_edge {
	uint32_t includer, included; /* indexes of paths */
};

struct graph_edge_vec VEC(struct graph_edge);

/* paths[] may have NULLs, which no edge names; edges are sorted.  free() the result. */
char *graph_encode(const char *const *paths, size_t count, struct graph_edge_vec *edges,
		   size_t *size);

#endif
