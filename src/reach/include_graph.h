/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A graph of possible includes over a whole source tree. It may contain too many edges: conditions
 * around #include lines are not evaluated, and where a name is found through a folder's own -I,
 * every file that the name could mean counts.
 */
#ifndef SUTURE_REACH_INCLUDE_GRAPH_H
#define SUTURE_REACH_INCLUDE_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct include_graph;

void include_graph_free(struct include_graph *graph);
void include_graph_freep(struct include_graph **graphp);
#define scope_include_graph __attribute__((cleanup(include_graph_freep))) struct include_graph *

/*
 * Lists the .c and .S files that may include path, directly or not, without path itself. Returns
 * false if nothing includes it.
 */
bool include_graph_users(const struct include_graph *graph, const char *path,
			 struct str_vec *users);

/* Lists the given files and everything that they may include, directly or not. */
void include_graph_closure(const struct include_graph *graph, const struct str_vec *files,
			   struct str_vec *closure);

/* ---- the form that the cache holds ---- */

struct graph_edge {
	uint32_t includer, included; /* indexes in paths */
};

struct graph_edge_vec VEC(struct graph_edge);

/*
 * Encodes a graph; free() the result. paths[] may contain NULLs, which no edge may name. The edges
 * are sorted.
 */
char *include_graph_encode(const char *const *paths, size_t count, struct graph_edge_vec *edges,
			   size_t *size);

/* Both fail if the graph is damaged. The first one copies data, the second one maps the file. */
struct err *include_graph_open(const void *data, size_t size, struct include_graph **graph);
struct err *include_graph_open_file(const char *path, struct include_graph **graph);

#endif
