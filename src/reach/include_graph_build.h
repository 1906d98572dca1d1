/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a source tree into a graph of includes. */
#ifndef SUTURE_REACH_INCLUDE_GRAPH_BUILD_H
#define SUTURE_REACH_INCLUDE_GRAPH_BUILD_H

#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"

struct include_graph_spec {
	const char *source, *build; /* the trees that are read */
	const char *arch;	    /* such as "x86"; other architectures are omitted */
	const char *const *roots;   /* units' sources, relative to source; NULL-terminated */
};

/* Returns the graph in the form that the cache holds; free(). */
struct err *include_graph_build(const struct include_graph_spec *spec, struct progress *progress,
				char **data, size_t *size);

#endif
